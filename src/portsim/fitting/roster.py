"""A roster of a stage: hours and servers by weekday between two dates, and how surely each is told.

Hours and servers come in as they were found; what is searched here are their limits only.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.fitting.census import Counted, alternatives, census
from portsim.fitting.edges import Limits, limits_of, trimmed
from portsim.fitting.likelihood import Evidence, Likelihood
from portsim.fitting.weeks import Clock, Pattern, Span, Week, tidy
from portsim.fitting.work import Densities

__all__ = ["Roster", "alike", "how_surely"]

_ALIKE = 3.0
"""Log likelihood by which numbers of servers may differ and still fit alike."""
_LACKING = 24
"""Slots of a day, two hours, in which its own trucks must say nothing for it to be told apart from
other weekdays that keep the same hours, as far as anybody knows."""
_FEW = 2
"""So many trucks may be strays."""


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """Hours and servers of a stage between two dates."""

    first: dt.date
    """First local date."""
    last: dt.date
    """Last local date."""
    week: Week
    """Seven patterns, Monday first; a day without spans is closed."""
    pauses: bool
    """Whether work rests while the stage is closed."""
    handing: int
    """What becomes of works in hand where the servers change: see `starts`."""
    exceptions: Mapping[dt.date, Pattern]
    """Hours of the dates that are not as their weekday is; none where it was shut."""
    opened: NDArray[np.bool_]
    """bool[n], which works began in the second in which servers came."""
    densities: Densities
    """Of the work times, by class."""
    works: Reals
    """float64[n], work times, seconds; NaN where none can be told."""
    doubted: NDArray[np.bool_]
    """bool[n], which of them a visit without an end puts in doubt: their mean says nothing."""
    others: Mapping[int, Reals]
    """The same with so many servers more or fewer where they fit alike."""
    classes: Ints
    """int64[n], number of the class of each."""
    counted: dict[tuple[int, Span], Counted]
    """By weekday and span; where part of a span is told less surely, by its parts."""
    limits: dict[tuple[int, int], tuple[int, int]]
    """By weekday and edge, in slots: between which slots it may lie."""
    visited: frozenset[int]
    """Weekdays on which trucks stood before it; of others nobody knows whether they are open."""
    filled: bool
    """Whether servers are taken to be busy where a stamp is missing; else such visits are left
    out."""
    evidence: Evidence
    score: float
    follows: float
    """Share of the visits that are as first come first served tells."""

    def groups(self) -> list[list[int]]:
        """Open weekdays that have the same hours and servers, told as surely, together."""
        told: dict[object, list[int]] = {}
        for day, pattern in enumerate(self.week):
            if pattern:
                edges = {edge for span in pattern for edge in span[:2]}
                limits = tuple(self.limits.get((day, edge)) for edge in sorted(edges))
                counted = tuple((part, self.counted[day, part]) for part in self.parts(day))
                told.setdefault((pattern, limits, counted), []).append(day)
        return list(told.values())

    def parts(self, day: int) -> list[Span]:
        """Parts of a weekday in which servers are told alike surely, ascending."""
        return sorted(span for weekday, span in self.counted if weekday == day)

    def surely(self, day: int, span: Span) -> bool:
        """Whether the servers are surely told in all of a span of the week."""
        return all(self.counted[day, part].sure for part in self._of(day, span))

    def unsure(self) -> "list[tuple[Span, Counted]]":
        """Parts of those spans of the week in no part of which the servers are surely told."""
        return [
            (part, self.counted[day, part])
            for day, pattern in enumerate(self.week)
            for span in pattern
            if not any(self.counted[day, part].sure for part in self._of(day, span))
            for part in self._of(day, span)
        ]

    def _of(self, day: int, span: Span) -> list[Span]:
        return [part for part in self.parts(day) if span.begin <= part.begin < span.end]


def how_surely(
    likelihood: Likelihood, week: Week, densities: Densities, pauses: bool, score: float
) -> Roster:
    """Draw edges in to what trucks tell, and ask how surely servers are counted."""
    evidence, clock = likelihood.evidence, likelihood.clock
    limits: dict[tuple[int, int], tuple[int, int]] = {}
    told_by: list[list[int]] = []
    for days in alike(week):

        def told(pattern: Pattern, some: Sequence[int] = days, week: Week = week) -> float:
            there = _with(week, some, pattern)
            return likelihood.of(there, densities, pauses=pauses)

        pattern, edges = trimmed(week[days[0]], told)
        week = _with(week, days, pattern)
        limits |= {(day, edge): span for day in days for edge, span in edges.items()}
        own = {
            day: limits_of(pattern, partial(told, some=[day], week=week))
            for day in (days if len(days) > 1 else ())
        }
        apart = [day for day, each in own.items() if _lacks(pattern, each, edges)]
        if 2 * len(apart) > len(days):
            # Of a stage with few trucks all weekdays together tell what none of them does.
            apart = []
        limits |= {(day, edge): span for day in apart for edge, span in own[day].items()}
        told_by += [[day] for day in apart]
        told_by.append([day for day in days if day not in apart])
    best = likelihood.of(week, pauses=pauses)
    counted: dict[tuple[int, Span], Counted] = {}
    for days in told_by:

        def fits(spans: Sequence[Span], days: list[int] = days, week: Week = week) -> bool:
            there = _with(week, days, tidy(spans))
            return likelihood.of(there, pauses=pauses) > best - _ALIKE

        for span, sure in census(week[days[0]], fits).items():
            counted |= {(day, span): sure for day in days}
    start = evidence.start if evidence.has_starts else likelihood.begun(week, pauses=pauses)
    others = {}
    if not evidence.has_starts:
        for more, changed in alternatives(week, counted).items():
            others[more] = likelihood.possible(changed, pauses=pauses)
    times, count = clock.timeline(week)
    first, last = clock.slots(np.array([evidence.queue[0], np.nanmax(evidence.end)]))[0]
    return Roster(
        first=clock.dates[first],
        last=clock.dates[last],
        week=week,
        pauses=pauses,
        handing=likelihood.handing,
        exceptions=clock.exceptions,
        opened=np.isin(start, times[np.diff(count, prepend=0) > 0]),
        densities=densities,
        works=likelihood.possible(week, pauses=pauses),
        doubted=likelihood.doubted(week, densities, pauses=pauses),
        others=others,
        classes=evidence.classes,
        counted=counted,
        limits=limits,
        visited=_visited(evidence, clock),
        filled=likelihood.fills,
        evidence=evidence,
        score=score,
        follows=likelihood.follows(week, densities, pauses=pauses),
    )


def _with(week: Week, days: Sequence[int], pattern: Pattern) -> Week:
    return tuple(pattern if day in days else each for day, each in enumerate(week))


def _lacks(pattern: Pattern, own: Limits, of_all: Limits) -> bool:
    """Whether a day's own trucks say nothing of hours of which all days of its pattern do."""
    return any(
        own[span.begin][1] > of_all.get(span.begin, own[span.begin])[1] + _LACKING
        or own[span.end][0] < of_all.get(span.end, own[span.end])[0] - _LACKING
        for span in pattern
    )


def _visited(evidence: Evidence, clock: Clock) -> frozenset[int]:
    """Weekdays on which more than a few trucks stood before the stage."""
    came, left = (clock.slots(seconds)[0] for seconds in (evidence.queue, evidence.out))
    change = np.bincount(came, minlength=len(clock.dates) + 1)
    change -= np.bincount(left + 1, minlength=len(change))[: len(change)]
    trucks = np.bincount(clock.weekdays, np.cumsum(change)[:-1], 7)
    return frozenset(np.flatnonzero(trucks > _FEW).tolist())


def alike(week: Week) -> Sequence[list[int]]:
    """Weekdays that have the same pattern, together."""
    groups: dict[Pattern, list[int]] = {}
    for day, pattern in enumerate(week):
        if pattern:
            groups.setdefault(pattern, []).append(day)
    return list(groups.values())
