"""What is asked of a study's statistics, in words: precision, selection, antithetic pairs.

The words are read here and refused if they mean nothing; nothing is run or estimated.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from typing import Any

from portsim.errors import InputError
from portsim.scenario.assumptions import MARKS, check_marks
from portsim.scenario.measure_catalogue import CAPACITY, MEASURES, measure_of, named
from portsim.statistics.precision import FEWEST

__all__ = [
    "BEST",
    "DRAWN_WORDS",
    "MOST",
    "WORDS",
    "Drawn",
    "Goals",
    "Target",
    "check_months",
    "drawn_inputs",
    "known",
    "parse_goals",
]

DRAWN_WORDS = ("uncertain", "marks", "only", "but")
"""Options that say what is drawn."""
WORDS = ("precision", "max_replications", "best", "select", "antithetic", *DRAWN_WORDS)
"""Options of a study that are read here."""

BEST = "completed_within_limit"
"""Measure by which scenarios are held to be better."""
MOST = 200
"""Replications that a study with a stated precision has at most."""
_DIFFERENCE = "difference:"
_EXAMPLE = "completed_within_limit=0.005,throughput_per_day=1%"


@dataclass(frozen=True, slots=True)
class Target:
    """A stated precision.

    Attributes:
        measure: of the whole port, all classes.
        half_width: largest half-width, in the measure's unit or, if relative, as a share.
        relative: to the mean; of a difference, to the baseline's mean.
        difference: of the paired differences to the baseline, not of each scenario's value.
    """

    measure: str
    half_width: float
    relative: bool
    difference: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """Which inputs are drawn, where they have a range.

    Attributes:
        marks: that they bear.
        estimates: those whose shape is stated too, whatever their mark.
        only: patterns of dotted paths, of which one must match if there are any.
        but: patterns of which none may match.
    """

    marks: str
    estimates: bool = False
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def inputs(self) -> Any:
        """What of it changes the outcome: JSON types."""
        if not (self.only or self.but):
            return self.marks
        return {"marks": self.marks, "only": list(self.only), "except": list(self.but)}


@dataclass(frozen=True, slots=True)
class Goals:
    """What is asked of the statistics of a study.

    Attributes:
        targets: stated precision, one a named measure.
        most: replications at most; None if not said.
        best: measure by which the best scenario is told.
        delta: smallest difference in it worth detecting; None if no replications are to be added
            for the selection.
        antithetic: replications come in pairs.
        drawn: which inputs are drawn; None if none is.
    """

    targets: tuple[Target, ...] = ()
    most: int | None = None
    best: str = BEST
    delta: float | None = None
    antithetic: bool = False
    drawn: Drawn | None = None

    @property
    def adds(self) -> bool:
        """Whether replications are added until something is reached."""
        return bool(self.targets) or self.delta is not None

    def inputs(self) -> dict[str, Any]:
        """What of it changes the outcome: JSON types, nothing for what is left as it is."""
        given: dict[str, Any] = {}
        if self.targets:
            given["precision"] = [
                [target.measure, target.half_width, target.relative, target.difference]
                for target in self.targets
            ]
        if self.adds:
            given["max_replications"] = self.most
        if self.best != BEST:
            given["best"] = self.best
        if self.delta is not None:
            given["delta"] = self.delta
        if self.antithetic:
            given["antithetic"] = True
        if self.drawn is not None:
            given["uncertain"] = self.drawn.inputs()
        return given


def parse_goals(
    *,
    compared: bool,
    precision: str | None = None,
    max_replications: int | None = None,
    best: str | None = None,
    select: str | float | None = None,
    antithetic: bool = False,
    uncertain: bool = False,
    marks: str | None = None,
    only: Sequence[str] = (),
    but: Sequence[str] = (),
) -> Goals:
    """Read what is asked.

    Args:
        compared: whether there are scenarios to compare.
        precision: goals with commas between, such as ``completed_within_limit=0.005``: the largest
            half-width in the measure's unit; ``throughput_per_day=1%``: relative to the mean;
            ``difference:…=…``: of the paired differences to the baseline, with % relative to the
            baseline's mean.
        max_replications: at most so many.
        best: measure by which the best scenario is told.
        select: ``delta=0.01``, or that number: add replications until the best is selected.
        antithetic: replications come in pairs.
        uncertain: inputs are drawn within their ranges too.
        marks: of these inputs, such as ``DE``. None: ``DE``, and those whose shape is stated.
        only: patterns of dotted paths, of which one must match if there are any.
        but: patterns of which none may match.

    Raises:
        InputError: the words mean nothing, or there is nothing to compare.
    """
    targets = () if precision is None else _targets(precision, compared)
    for name, words in (("best", best), ("select", select)):
        if words is not None and not compared:
            raise InputError(f"--{name}: there is only one scenario; use it with compare")
    best = BEST if best is None else best
    best = known(best, "--best")
    if not measure_of(best).better:
        good = ", ".join(name for name, measure in MEASURES.items() if measure.better)
        raise InputError(
            f"--best {best}: neither more nor less of it is better; choose one of {good}"
        )
    drawn = drawn_inputs(uncertain=uncertain, marks=marks, only=only, but=but)
    goals = Goals(targets, max_replications, best, _delta(select), antithetic, drawn)
    if goals.delta is not None:
        _repeated(best, "--best")
    fewest = FEWEST * (2 if antithetic else 1)
    if goals.adds and max_replications is not None and max_replications < fewest:
        raise InputError(
            f"--max-replications {max_replications}: too few to judge a precision; {fewest} or more"
        )
    if not goals.adds and max_replications is not None:
        raise InputError(
            "--max-replications says when to stop adding replications; say what for with "
            "--precision or --select, or give their number with --replications"
        )
    return goals


def check_months(goals: Goals, first: dt.date, last: dt.date) -> None:
    """Refuse months in brackets, as in ``throughput_per_day[2024-09]``, that a period has not.

    In: what is asked; the period's first and last date.

    Raises:
        InputError: the period has no such month.
    """
    there = [
        f"{ordinal // 12}-{ordinal % 12 + 1:02}"
        for ordinal in range(_ordinal(first), _ordinal(last) + 1)
    ]
    for where, measure in (
        *(("--precision", target.measure) for target in goals.targets),
        ("--best", goals.best),
    ):
        month = named(measure).inside
        if month and month not in there:
            raise InputError(
                f"{where} {measure}: the period has no such month; it goes from {there[0]} to "
                f"{there[-1]}"
            )


def _ordinal(date: dt.date) -> int:
    return 12 * date.year + date.month - 1


def _targets(words: str, compared: bool) -> tuple[Target, ...]:
    targets: dict[tuple[str, bool], Target] = {}
    for part in words.split(","):
        name, equals, value = part.strip().partition("=")
        difference = name.startswith(_DIFFERENCE)
        measure = name.removeprefix(_DIFFERENCE).strip()
        if not equals or not measure:
            raise InputError(
                f"--precision: {part.strip()!r} is not MEASURE=HALF_WIDTH; for example {_EXAMPLE}"
            )
        measure = known(measure, "--precision")
        _repeated(measure, "--precision")
        if difference and not compared:
            raise InputError(f"--precision {name}: there is only one scenario; use it with compare")
        if (measure, difference) in targets:
            raise InputError(f"--precision: {name} stands twice; give it once")
        relative = value.strip().endswith("%")
        number = _positive(value.strip().removesuffix("%"), f"--precision {name}")
        if relative and number >= 100:
            raise InputError(f"--precision {name}: {value.strip()} must be below 100 %")
        targets[measure, difference] = Target(
            measure, number / 100 if relative else number, relative, difference
        )
    return tuple(targets.values())


def _delta(words: str | float | None) -> float | None:
    if words is None:
        return None
    if not isinstance(words, str):
        return _positive(str(words), "select")
    name, equals, value = words.partition("=")
    if name.strip() != "delta" or not equals:
        raise InputError(
            f"--select: {words!r} is not delta=NUMBER, the smallest difference worth detecting in "
            "the measure of --best; for example delta=0.01"
        )
    return _positive(value.strip(), "--select delta")


def drawn_inputs(
    *, uncertain: bool, marks: str | None, only: Sequence[str] = (), but: Sequence[str] = ()
) -> Drawn | None:
    """Read which inputs are drawn; see `parse_goals`.

    Raises:
        InputError: the words mean nothing, or something is said of draws and nothing is drawn.
    """
    if not uncertain:
        given = {"--marks": marks is not None, "--only": bool(only), "--except": bool(but)}
        if any(given.values()):
            name = next(name for name, there in given.items() if there)
            raise InputError(
                f"{name} says which inputs are drawn within their ranges; use it with --uncertain"
            )
        return None
    chosen = MARKS if marks is None else "".join(dict.fromkeys(marks.upper()))
    check_marks(chosen)
    return Drawn("".join(sorted(chosen)), marks is None, tuple(only), tuple(but))


def _positive(text: str, where: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not (isfinite(number) and number > 0):
        raise InputError(f"{where}: {text!r} is not a number above 0")
    return number


def _repeated(measure: str, where: str) -> None:
    """Refuse to add replications for what is found once a study."""
    if measure_of(measure).found_by == CAPACITY:
        raise InputError(
            f"{where} {measure}: a capacity is found once, by runs of its own; more replications "
            "tell no more of it"
        )


def known(measure: str, where: str) -> str:
    """The name of a measure of the whole port as tables have it.

    Args:
        measure: as somebody wrote it.
        where: said in messages.

    Raises:
        InputError: there is none of this name; it says which there are.
    """
    written = named(measure)
    there = written.measure
    port = [name for name, entry in MEASURES.items() if "port" in entry.places]
    if there is None:
        near = get_close_matches(written.base, port, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(port)}"
        raise InputError(f"{where}: no measure is called {measure}; {hint}")
    if "port" not in there.places:
        raise InputError(
            f"{where} {measure}: a measure of stages or resources, not of the whole port; choose "
            f"one of {', '.join(port)}"
        )
    if there.by_cause:
        raise InputError(f"{where} {measure}: it is given by cause; portsim.run gives it")
    if written.inside and not there.monthly:
        monthly = [name for name, entry in MEASURES.items() if entry.monthly]
        raise InputError(
            f"{where} {measure}: by month there are {' and '.join(monthly)}, written as in "
            f"{monthly[0]}[2024-09]"
        )
    return str(written)
