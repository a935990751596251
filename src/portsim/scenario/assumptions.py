"""The assumptions of some policies: which inputs bear a mark and a range, and what can be tried.

Their written form is looked at here, and nothing is tried.
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from statistics import NormalDist
from typing import Any

import numpy as np

from portsim.errors import InputError, ScenarioError
from portsim.reading.annotations import Path as TreePath
from portsim.reading.nodes import Place
from portsim.reading.text import dotted, short
from portsim.scenario.model import Scenario
from portsim.scenario.provenance import Input, inputs
from portsim.scenario.units import read_in_unit, written_unit
from portsim.scenario.validation_messages import ValueFault
from portsim.wording.amounts import four_digits

__all__ = ["MARKS", "Assumption", "NotVaried", "assumptions", "check_marks", "refusal"]

MARKS = "DE"
"""Marks of the inputs that are varied if nobody says otherwise: what no source states."""


_EDGE = 1e-9
"""Draws beyond such a quantile stand at it: a normal distribution has no end."""


@dataclass(frozen=True, eq=False, slots=True)
class Assumption:
    """A number that somebody marked, and how far it may lie from what was written.

    Attributes:
        places: by name of the policy, the dotted paths at which it stands; several where an anchor
            puts it there. They are varied together.
        confidence: its mark.
        source: who says so; may be empty.
        place: file and line of its note.
        unit: in which its numbers are, as written; empty for plain numbers.
        whole: whether only whole numbers can be tried.
        base: as written.
        low: lowest plausible value.
        high: highest plausible value.
        shape: one of `portsim.reading.annotations.SHAPES`: ``uniform`` within the range unless it
            says otherwise.
        stated: whether its shape stands beside its range, as that of an estimate does.
    """

    places: dict[str, list[str]]
    confidence: str
    source: str
    place: Place
    unit: str
    whole: bool
    base: float
    low: float
    high: float
    shape: str = "uniform"
    stated: bool = False

    @property
    def path(self) -> str:
        """The first of its paths, by which it is known."""
        return next(iter(self.places.values()))[0]

    @property
    def paths(self) -> list[str]:
        """All its paths, of any policy, each once."""
        return list(dict.fromkeys(path for paths in self.places.values() for path in paths))

    @property
    def ends(self) -> list[float]:
        """What lies at the ends of its range, where that is not what was written."""
        return [end for end in (self.low, self.high) if end != self.base]

    def at(self, quantile: float) -> float:
        """The value below which such a part of the draws lies, in its unit.

        Evenly within the range, whole numbers evenly among those in it; or of the normal or
        lognormal distribution of which the range holds 95 %: whole numbers are the nearest.
        """
        low, high = self.low, self.high
        if self.shape == "uniform":
            if self.whole:
                return min(float(np.floor(low + quantile * (high - low + 1.0))), high)
            return low + quantile * (high - low)
        normal = NormalDist()
        away = normal.inv_cdf(min(max(quantile, _EDGE), 1.0 - _EDGE)) / normal.inv_cdf(0.975)
        if self.shape == "normal":
            value = (low + high) / 2.0 + away * (high - low) / 2.0
        else:
            value = math.sqrt(low * high) * math.sqrt(high / low) ** away
        return float(round(value)) if self.whole else value

    def written(self, value: float) -> int | float | str:
        """A number of its units as it stands in a file."""
        if self.unit:
            return f"{np.format_float_positional(value, trim='-')} {self.unit}"
        return round(value) if self.whole else float(value)


@dataclass(frozen=True, eq=False, slots=True)
class NotVaried:
    """An input with a mark that cannot be varied, and why."""

    path: str
    confidence: str
    place: Place
    why: str
    paths: list[str] = field(default_factory=list)


def assumptions(
    policies: Sequence[Scenario],
    marks: str = MARKS,
    only: Sequence[str] = (),
    but: Sequence[str] = (),
    *,
    estimates: bool = False,
) -> tuple[list[Assumption], list[NotVaried]]:
    """The inputs of some policies that bear certain marks.

    A note that stands at several places, by an anchor or because policies share a base file, is
    one assumption: it is the same line of the same file. Two notes of the same words are two.
    The range of a note on a whole distribution is that of the one parameter that it fits: of the
    same unit, and the written value within the range.

    Args:
        policies: with different names; one that was made in code has no marks.
        marks: confidences, e.g. ``DE``.
        only: patterns such as ``resources.*``; of a dotted path one must match if there are any.
        but: patterns of which none may match.
        estimates: inputs whose shape is stated beside their range too, whatever their mark.

    Returns:
        What can be varied, and what cannot, each in the order of the files.
    """
    varied: dict[tuple[Any, ...], Assumption] = {}
    others: dict[tuple[Any, ...], NotVaried] = {}
    for policy in policies:
        tree = policy.origin.tree
        if tree is None:
            continue
        noted: dict[TreePath, list[Input]] = {}
        for entry in inputs(tree):
            if entry.path[0] == "shifts":
                # No run depends on who may work when: to vary it would change nothing.
                continue
            asked = (entry.confidence or "-") in marks or (estimates and entry.shape is not None)
            if asked and _wanted(entry.dotted, only, but):
                noted.setdefault(entry.noted or entry.path, []).append(entry)
        for noted_path, members in noted.items():
            place = tree.notes[noted_path].place
            line = (os.path.realpath(place.file), place.line, place.column)
            try:
                chosen = _chosen(noted_path, members)
            except ValueFault as wrong:
                other = others.setdefault(
                    (*line, wrong.expected),
                    NotVaried(
                        dotted(noted_path), members[0].confidence or "", place, wrong.expected
                    ),
                )
                if dotted(noted_path) not in other.paths:
                    other.paths.append(dotted(noted_path))
                continue
            entry, numbers = chosen
            unit = written_unit(entry.value)
            known = varied.setdefault(
                (*line, entry.path[len(noted_path) :], numbers),
                Assumption(
                    {},
                    entry.confidence or "",
                    entry.source or "",
                    place,
                    unit,
                    entry.whole,
                    *numbers,
                    entry.shape or "uniform",
                    entry.shape is not None,
                ),
            )
            known.places.setdefault(policy.name, []).append(entry.dotted)
    return list(varied.values()), list(others.values())


def check_marks(marks: str) -> None:
    """Refuse what are no marks.

    Raises:
        InputError: something else than letters of A to E, or nothing.
    """
    if not marks or not set(marks) <= set("ABCDE"):
        raise InputError(f"--marks {short(marks)}: write letters of A, B, C, D, E, e.g. DE")


def refusal(assumption: Assumption, value: float, error: ScenarioError) -> str:
    """Why a port refuses a value of an assumption, in words."""
    fault = error.faults[0]
    reason = ", expected ".join(filter(None, (fault.found, fault.expected)))
    return f"refused at {four_digits(value, assumption.unit)}: {reason}"


def _wanted(path: str, only: Sequence[str], but: Sequence[str]) -> bool:
    # A path holds brackets, which a pattern would take for a choice of letters.
    def matches(pattern: str) -> bool:
        return path == pattern or fnmatchcase(path, pattern.replace("[", "[[]"))

    return (not only or any(map(matches, only))) and not any(map(matches, but))


def _chosen(
    noted_path: TreePath, members: Sequence[Input]
) -> tuple[Input, tuple[float, float, float]]:
    """The one value inside a note that its range belongs to, and base, low and high.

    Raises:
        Wrong: there is none; ``expected`` says why.
    """
    if members[0].range is None:
        raise ValueFault(expected="it states no range")
    if members[0].path == noted_path:
        return members[0], _numbers(members[0])
    fits = []
    for entry in members:
        try:
            fits.append((entry, _numbers(entry)))
        except ValueFault:
            continue
    if len(fits) == 1:
        return fits[0]
    names = ", ".join(dotted(entry.path[len(noted_path) :]) for entry, _ in fits)
    raise ValueFault(
        expected=f"its range fits several of its values ({names})"
        if fits
        else "its range fits none of its values"
    )


def _numbers(entry: Input) -> tuple[float, float, float]:
    assert entry.range is not None
    range_text = f"{entry.range[0]}..{entry.range[1]}"
    try:
        unit = written_unit(entry.value)
        base, low, high = (read_in_unit(text, unit) for text in (entry.value, *entry.range))
    except ValueFault:
        raise ValueFault(
            expected=f"its range {range_text} cannot be read beside its value"
        ) from None
    if entry.whole and not (low.is_integer() and high.is_integer()):
        raise ValueFault(expected=f"its range {range_text} has ends that are no whole numbers")
    if not low <= base <= high:
        raise ValueFault(expected=f"its value lies outside its range {range_text}")
    if entry.shape == "lognormal" and low <= 0:
        raise ValueFault(expected=f"its range {range_text} is lognormal and does not lie above 0")
    if low == high:
        raise ValueFault(expected=f"its range {range_text} is a single value")
    return base, low, high
