"""The capacity of a scenario: the largest throughput it sustains, found by runs of its own.

Real runs are neither read nor touched here. Whatever goes wrong is said in the outcome.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, isfinite, log2, nan
from typing import Any, NamedTuple

import numpy as np

from portsim.demand import (
    Recurring,
    draw_recurring,
    multipliable,
    recurring,
    steady,
)
from portsim.engines import Log, check_stuck, engine
from portsim.errors import PortsimError, StuckError
from portsim.experiment.climb import Climb, Throughput, climb
from portsim.experiment.counterfactuals import not_measured
from portsim.measures import Cause, Measurement, released_rows, waits
from portsim.plan import STORE, Plan, Site, Timetable, draft, more, timetable
from portsim.scenario.model import Scenario

__all__ = ["Capacity", "CapacityTask", "find", "replications_of"]

_REPLICATIONS, _PAIRS = 4, 3
"""So many replications, or antithetic pairs, tell it: at saturation they hardly differ."""
_HALVINGS = 12
"""So often the demand is halved at most where trucks wait for each other in a circle."""
_BEYOND = 2
"""So many of them also tell what passes at twice the demand."""


class _Span(NamedTuple):
    """Days that a run has: before what is measured, and of this at least and at most."""

    warm_up: int
    least: int
    most: int


_SEARCH, _FINAL = _Span(14, 56, 56), _Span(14, 56, 91)
"""While the multiple is searched, and what is measured there."""
_LOOK, _TRY = _Span(7, 14, 14), _Span(14, 28, 28)
"""A look at what trucks wait for, and what one more of that gives."""
_ENOUGH = 500
"""Trucks from which on the search begins: of fewer, luck decides what rises."""
_REACH, _STEPS = 1_000_000, 8.0
"""Trucks that are drawn at most, but at least this multiple of what the search begins with."""
_FALLS = 0.02
"""Share by which throughput at twice the demand must be smaller to be called fallen."""
_PRESSED = 1.3
"""Multiple of the capacity's demand at which is asked what one more of a resource would give."""
_CANDIDATES = 4
_STEP, _GAINS, _SHARE = 0.05, 0.004, 0.1
"""More of a resource than one where it has many, as a share; the share of the throughput from which
on a gain is none of luck; and the share of the largest gain below which one is not worth a name."""

NoteRow = tuple[int, str, str, str, float, int, str]
"""replication, class, place, measure, value, count, note."""


@dataclass(frozen=True, eq=False, slots=True)
class CapacityTask:
    """Whose capacity is to be found."""

    scenario: Scenario
    seed: int
    engine: str
    replications: int
    antithetic: bool = False
    replication: int = 0
    """None: the task is one of the study."""


@dataclass(frozen=True, eq=False, slots=True)
class Capacity:
    """What was found.

    Attributes:
        scenario: its name.
        rows: replication, class, place, measure, value, count, note of each figure.
        said: the same in JSON types for the manifest: ``per_day``, ``multiple``, ``at_least``,
            ``days``, ``replications``, ``limits`` (``places``, ``gain_per_day``), ``waits_for``,
            ``beyond`` (``multiple``, ``per_day``, ``group``, ``before``, ``after``,
            ``waits_for``; empty where throughput does not fall) and ``why`` there is none.
    """

    scenario: str
    rows: list[NoteRow] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def missing(cls, scenario: str, error: Exception) -> "Capacity":
        """None could be found, and why."""
        note = not_measured(error)
        rows: list[NoteRow] = [(1, "all", "", "capacity_per_day", nan, 0, note)]
        return cls(scenario, rows, {"why": note.partition(": ")[2]})


def replications_of(many: int, antithetic: bool) -> int:
    """How many of a study's replications tell the capacity."""
    return min(many, 2 * _PAIRS if antithetic else _REPLICATIONS)


def find(task: CapacityTask) -> Capacity:
    """Find the capacity of a scenario.

    The demand is raised, always by the same trucks, until throughput stops rising; the multiple is
    then narrowed, and a few replications are run there.

    Returns:
        What was found; if it cannot be found, why. Nothing is raised but for faults of portsim.
    """
    try:
        return _Port(task).found()
    except (PortsimError, MemoryError) as error:
        return Capacity.missing(task.scenario.name, error)


class _Port:
    """A scenario under demands of many sizes."""

    def __init__(self, task: CapacityTask) -> None:
        self._task, self._scenario = task, task.scenario
        self._timetables: dict[_Span, tuple[Recurring, Timetable]] = {}
        self._run = engine(task.engine)
        classes = task.scenario.traffic.classes.values()
        scale = task.scenario.traffic.scale
        self._arrivals = [cls.arrivals for cls in classes if cls.scale * scale > 0]
        self._steady = steady(task.scenario)

    # ---- runs ----------------------------------------------------------------------------------

    def _days(self, span: _Span) -> tuple[Recurring, Timetable]:
        if span not in self._timetables:
            days = recurring(self._scenario, **span._asdict())
            self._timetables[span] = days, timetable(self._scenario, days)
        return self._timetables[span]

    def _site(self, times: float, span: _Span, replication: int = 1) -> Site:
        days, hours = self._days(span)
        task = self._task
        trucks = draw_recurring(
            self._scenario, days, self._steady, task.seed, replication, times, task.antithetic
        )
        return Site(hours, draft(self._scenario, trucks))

    def _log(self, plan: Plan) -> Log:
        log = self._run(plan)
        check_stuck(plan, log)
        return log

    def _a_day(self, plan: Plan) -> float:
        """Trucks released a day; NaN if some wait for each other for ever."""
        try:
            return _all(plan, self._log(plan))
        except StuckError:
            return nan

    def _through(self, times: float) -> Throughput:
        site = self._site(times, _SEARCH)
        return lambda multiple: self._a_day(site.at(multiple))

    # ---- the search ----------------------------------------------------------------------------

    def found(self) -> Capacity:
        first, reach = self._span()
        if not first:
            raise PortsimError("no truck comes")
        top = climb(self._through, first, reach)
        if not isfinite(top.at):
            raise StuckError("at any demand some trucks wait for each other in a circle")
        at_least = not top.ended or not all(map(multipliable, self._arrivals))
        falls = self._falls(top, reach)
        at, rows = self._measured(top.at, at_least, falls)
        if at < top.at:
            at_least, falls = True, False
        if falls and not _fell(rows):
            # The look at one replication was luck: the figures of several decide.
            falls, rows = False, _without_fall(rows)
        said: dict[str, Any] = {
            "multiple": _number(at),
            "per_day": _number(_mean(rows, "capacity_per_day")),
            "at_least": at_least,
            "days": self._days(_FINAL)[0].days,
            "replications": len({row[0] for row in rows}),
            "limits": [],
            "waits_for": "",
            "beyond": {},
            "why": "",
        }
        if top.ended:
            said["waits_for"], gains = self._limits(top)
            said["limits"] = [{"places": of, "gain_per_day": _number(gain)} for of, gain in gains]
            rows += [
                (1, "all", of[0], "capacity_gain_per_day", gain, 1, "")
                for of, gain in gains
                if len(of) == 1
            ]
        if falls:
            said["beyond"] = self._beyond(at, rows)
        return Capacity(self._scenario.name, rows, said)

    def _span(self) -> tuple[float, float]:
        """The multiple to begin with, 0 if no truck comes, and the largest to be tried."""
        if not any(map(multipliable, self._arrivals)):
            return float(bool(self._came(1.0))), 1.0
        days = self._days(_SEARCH)[0].days + _SEARCH.warm_up
        scale = self._scenario.traffic.scale
        hint = days * sum(
            scale * self._scenario.traffic.classes[name].scale * (arrivals.rate or 0.0)
            for name, arrivals in self._steady.items()
        )
        first = 2.0 ** ceil(log2(max(1.0, _ENOUGH / hint))) if hint > 0 else 1.0
        first = min(first, 2.0**40)
        trucks = self._came(first)
        return (first if trucks else 0.0), max(_STEPS, _REACH / max(trucks, 1)) * first

    def _came(self, times: float) -> int:
        days, seed = self._days(_SEARCH)[0], self._task.seed
        return len(draw_recurring(self._scenario, days, self._steady, seed, 1, times).arrival)

    def _falls(self, top: Climb, reach: float) -> bool:
        """Whether throughput falls at twice the demand."""
        twice = 2.0 * top.at
        if not top.ended or twice > reach:
            return False
        there = top.tried.get(twice, nan)
        if twice not in top.tried:
            through = top.through if twice <= top.drawn else self._through(twice)
            there = through(twice)
        return not there >= (1.0 - _FALLS) * top.tried[top.at]

    def _measured(self, at: float, at_least: bool, falls: bool) -> tuple[float, list[NoteRow]]:
        """The figures of each replication at the multiple that was found, and this.

        A port sustains no demand at which some replication ends in a circular wait: then it is
        halved, and nobody knows how much more would have gone well.
        """
        for _ in range(_HALVINGS):
            try:
                return at, self._figures(at, at_least, falls)
            except StuckError:
                at, at_least, falls = at / 2.0, True, False
        raise StuckError("at any demand some trucks wait for each other in a circle")

    def _figures(self, at: float, at_least: bool, falls: bool) -> list[NoteRow]:
        rows: list[NoteRow] = []
        note = "; ".join(["at least"] * at_least + ["falls beyond"] * falls)
        for replication in range(1, self._task.replications + 1):
            beyond = falls and replication <= _BEYOND
            site = self._site(at * (2.0 if beyond else 1.0), _FINAL, replication)
            plan = site.at(at)
            rows += [
                (replication, *key, "capacity_per_day", a_day, n, note)
                for key, a_day, n in released_rows(plan, self._log(plan))
            ]
            rows.append((replication, "all", "", "capacity_multiple", at, 1, note))
            if beyond:
                plan = site.at(2.0 * at)
                # Here a circular wait is no reason to ask no further: it, too, lets fewer pass.
                rows += [
                    (replication, *key, "beyond_capacity_per_day", a_day, n, "")
                    for key, a_day, n in released_rows(plan, self._run(plan))
                ]
        return rows

    # ---- why -----------------------------------------------------------------------------------

    def _limits(self, top: Climb) -> tuple[str, list[tuple[list[str], float]]]:
        """What trucks wait for where more come than pass, and what one more of it would give.

        Returns:
            The root of most of the waiting, and the resources of which more lets more pass, each
            with the trucks a day that one more adds, the most first; where no resource by itself
            does, those that do together.
        """
        pressed = _PRESSED * top.at
        plan = self._site(pressed, _LOOK).at(pressed)
        found = waits(Measurement(plan, self._run(plan)))
        main = found.main_root()
        names = plan.context.resource_names if plan.context is not None else ()
        candidates = [
            names.index(cause.name)
            for cause, _ in found.by_root(("servers", "budget"))[:_CANDIDATES]
        ]
        plan = self._site(pressed, _TRY).at(pressed)
        before = self._a_day(plan)
        steps = {
            what: max(1, round(_STEP * _largest(plan, what)))
            for what in np.flatnonzero(plan.resource_kind != STORE).tolist()
        }

        def gain(*these: int) -> float:
            changed = plan
            for what in these:
                changed = more(changed, what, steps[what])
            added = self._a_day(changed) - before
            return added if added > _GAINS * before else 0.0

        alone = [([names[what]], gain(what) / steps[what]) for what in candidates]
        gains = sorted((one for one in alone if one[1] > 0), key=lambda one: -one[1])
        if not gains and gain(*steps) > 0:
            # Those for which nobody waits, though they are as busy, are the first to be spared.
            together = [*candidates, *(what for what in steps if what not in candidates)]
            for what in reversed(list(together)):
                without = [one for one in together if one != what]
                if gain(*without) > 0:
                    together = without
            each = max(steps[what] for what in together)
            gains = [([names[what] for what in together], gain(*together) / each)]
        least = _SHARE * gains[0][1] if gains else 0.0
        return "" if main is None else main.text, [one for one in gains if one[1] >= least]

    def _beyond(self, at: float, rows: Sequence[NoteRow]) -> dict[str, Any]:
        """How many pass at twice the demand, who of them fewest, and what these wait for."""
        plan = self._site(2.0 * at, _LOOK).at(2.0 * at)
        found = waits(Measurement(plan, self._run(plan)))
        groups = list(dict.fromkeys(row[1] for row in rows if row[3] == "capacity_per_day"))
        before = {name: _mean(rows, "capacity_per_day", name) for name in groups}
        after = {name: _mean(rows, "beyond_capacity_per_day", name) for name in groups}
        context = plan.context
        assert context is not None
        directions = [name for name in groups if name in context.directions]
        fall = {name: before[name] - after[name] for name in groups}
        losers = [name for name in directions if fall[name] > 0]
        if not 0 < len(losers) < len(directions):
            losers = [name for name in groups if name in context.class_names]
        loser = max(losers, key=lambda name: fall[name])
        mine = [loser in pair for pair in zip(context.class_names, context.directions, strict=True)]
        seconds = found.seconds[:, np.array(mine)].sum(axis=1)
        sums = np.bincount(found.root, weights=seconds, minlength=len(found.causes))
        things = [cause.kind in Cause.RESOURCES for cause in found.causes]
        cause = found.causes[int(np.where(things, sums, -1.0).argmax())]
        return {
            "multiple": _number(2.0 * at),
            "per_day": _number(after["all"]),
            "group": loser,
            "before": _number(before[loser]),
            "after": _number(after[loser]),
            "waits_for": cause.text if sums.max(initial=0.0) > 0 else "",
        }


def _all(plan: Plan, log: Log) -> float:
    return float(released_rows(plan, log)[0][1])


def _largest(plan: Plan, what: int) -> int:
    mine = plan.change_value[plan.change_resource == what]
    return max(1, int(plan.resource_initial[what]), int(mine.max(initial=0)))


def _mean(rows: Sequence[NoteRow], measure: str, group: str = "all") -> float:
    values = [row[4] for row in rows if row[3] == measure and row[1] == group and not row[2]]
    return float(np.mean(values)) if values else nan


def _fell(rows: Sequence[NoteRow]) -> bool:
    """Whether fewer pass at twice the demand, in the replications in which both were run."""
    both = {row[0] for row in rows if row[3] == "beyond_capacity_per_day"}
    mine = [row for row in rows if row[0] in both]
    after, before = (_mean(mine, f"{name}capacity_per_day") for name in ("beyond_", ""))
    return after < (1.0 - _FALLS) * before and after < _mean(rows, "capacity_per_day")


def _without_fall(rows: Sequence[NoteRow]) -> list[NoteRow]:
    return [
        (*row[:6], "; ".join(note for note in row[6].split("; ") if note != "falls beyond"))
        for row in rows
        if row[3] != "beyond_capacity_per_day"
    ]


def _number(value: float) -> float | None:
    return float(f"{value:.10g}") if isfinite(value) else None
