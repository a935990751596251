"""The rosters of a stage: its hours and servers by weekday and by date, and how surely.

One stage at a time; work times come out on the way. Nothing is written here.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import to_utc, zone
from portsim.fitting.likelihood import Evidence, Likelihood
from portsim.fitting.openings import first_guess, weekdays_of
from portsim.fitting.search import Found, searched, trimmed
from portsim.fitting.weeks import Clock, Pattern, Span, Week, row_of
from portsim.fitting.work import Densities

__all__ = ["Counted", "Roster", "rosters"]

_NOTABLE = 6
"""Slots in which a weekday must seem to differ to be looked at by itself."""
_WEEKDAY, _DATE = 15.0, 30.0
"""Log likelihood that hours of its own must bring for a weekday, and for what follows a date."""
_LEAST_DAYS = 14
_SPLITS = 3
_ALIKE = 3.0
"""Log likelihood by which numbers of servers may differ and still fit alike."""
_FURTHER = 8


@dataclass(frozen=True, slots=True)
class Counted:
    """How surely the servers of a span are told."""

    low: int
    """Fewest servers that fit alike."""
    high: int
    """Most of them; where the log ends telling, it may be more."""
    open_end: bool
    """Whether more fit alike than were tried."""

    @property
    def sure(self) -> bool:
        """Whether there is one number that fits."""
        return self.low == self.high and not self.open_end


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
    densities: Densities
    """Of the work times, by class."""
    works: Reals
    """float64[n], work times, seconds; NaN where none can be told."""
    classes: Ints
    """int64[n], number of the class of each."""
    counted: dict[tuple[int, Span], Counted]
    """By weekday and span."""
    limits: dict[tuple[int, int], tuple[int, int]]
    """By weekday and edge, in slots: between which slots it may lie."""
    evidence: Evidence
    score: float


def rosters(evidence: Evidence, timezone: str) -> list[Roster]:
    """The rosters of a stage, one after the other.

    Args:
        evidence: visits of the stage; at least one.
        timezone: IANA zone of its clock.

    Returns:
        One roster, or several where something changed at a date; none where the log cannot tell.
    """
    whole = _roster(evidence, timezone)
    if whole is None:
        return []
    return _split(whole, timezone, _SPLITS)


def _split(whole: Roster, timezone: str, most: int) -> list[Roster]:
    """Cut where the likelihood of the visits changes most, if both sides then fit better."""
    if most == 0 or (whole.last - whole.first).days < 2 * _LEAST_DAYS:
        return [whole]
    evidence = whole.evidence
    clock = Clock(timezone, float(evidence.queue[0]), float(evidence.end.max()))
    likelihood = Likelihood(evidence, clock)
    of_each = likelihood.of_each(whole.week, whole.densities, pauses=whole.pauses)
    day, _ = clock.slots(evidence.queue)
    by_day = np.bincount(day, weights=of_each - of_each.mean(), minlength=len(clock.dates))
    drift = np.abs(np.cumsum(by_day))
    drift[
        [clock.dates[n] < whole.first + dt.timedelta(days=_LEAST_DAYS) for n in range(len(drift))]
    ] = 0
    drift[
        [clock.dates[n] > whole.last - dt.timedelta(days=_LEAST_DAYS) for n in range(len(drift))]
    ] = 0
    if not drift.any():
        return [whole]
    date = clock.dates[int(drift.argmax())] + dt.timedelta(days=1)
    cut = to_utc(date, 0, zone(timezone), later=False)
    sides = [
        _roster(evidence.between(first, last), timezone)
        for first, last in ((-np.inf, cut), (cut, np.inf))
    ]
    if sides[0] is None or sides[1] is None:
        return [whole]
    if sides[0].score + sides[1].score < whole.score + _DATE:
        return [whole]
    before = replace(sides[0], first=whole.first, last=date - dt.timedelta(days=1))
    after = replace(sides[1], first=date, last=whole.last)
    return [part for side in (before, after) for part in _split(side, timezone, most - 1)]


def _roster(evidence: Evidence, timezone: str) -> Roster | None:
    if not len(evidence.queue):
        return None
    clock = Clock(timezone, float(evidence.queue[0]), float(np.nanmax(evidence.end)))
    likelihood = Likelihood(evidence, clock)
    weekdays = weekdays_of(evidence, clock)

    def alike(pattern: Pattern) -> Week:
        return tuple(pattern if day in weekdays else () for day in range(7))

    both = searched(likelihood, alike, first_guess(evidence, clock, weekdays))
    if not both:
        return None
    found = both[0]
    week, score = _by_weekday(likelihood, found, weekdays)
    densities = likelihood.densities(week, pauses=found.pauses)
    return _told(likelihood, week, densities, found, score)


def _by_weekday(likelihood: Likelihood, found: Found, weekdays: list[int]) -> tuple[Week, float]:
    """Hours of their own for weekdays that have some."""
    evidence, clock = likelihood.evidence, likelihood.clock
    week = tuple(found.pattern if day in weekdays else () for day in range(7))
    score, open_ = found.score, row_of(found.pattern) > 0
    for day in weekdays if len(weekdays) > 1 else []:
        own = first_guess(evidence, clock, [day])
        if int(np.sum((own > 0) != open_)) <= _NOTABLE:
            continue

        def with_own(pattern: Pattern, day: int = day, week: Week = week) -> Week:
            return (*week[:day], pattern, *week[day + 1 :])

        for tried in searched(likelihood, with_own, own):
            if tried.pauses == found.pauses and tried.score > score + _WEEKDAY:
                week, score = with_own(tried.pattern), tried.score
    return week, score


def _told(
    likelihood: Likelihood, week: Week, densities: Densities, found: Found, score: float
) -> Roster:
    """Draw edges in to what trucks tell, and ask how surely servers are counted."""
    evidence, clock, pauses = likelihood.evidence, likelihood.clock, found.pauses
    limits: dict[tuple[int, int], tuple[int, int]] = {}
    for days in _alike(week):

        def of(pattern: Pattern, days: list[int] = days, week: Week = week) -> Week:
            return tuple(pattern if day in days else week[day] for day in range(7))

        def told(pattern: Pattern, of: Callable[[Pattern], Week] = of) -> float:
            return likelihood.of(of(pattern), densities, pauses=pauses)

        pattern, edges = trimmed(week[days[0]], told)
        week = of(pattern)
        limits |= {(day, edge): span for day in days for edge, span in edges.items()}
    counted: dict[tuple[int, Span], Counted] = {}
    best = likelihood.of(week, pauses=pauses)
    for days in _alike(week):
        pattern = week[days[0]]
        for number, span in enumerate(pattern):

            def fits(servers: int, days: list[int] = days, number: int = number) -> bool:
                pattern = week[days[0]]
                changed = pattern[number]._replace(servers=servers)
                tried = (*pattern[:number], changed, *pattern[number + 1 :])
                there = tuple(tried if day in days else week[day] for day in range(7))
                return likelihood.of(there, pauses=pauses) > best - _ALIKE

            low = high = span.servers
            while low > 1 and fits(low - 1):
                low -= 1
            while high < span.servers + _FURTHER and fits(high + 1):
                high += 1
            sure = Counted(low, high, high == span.servers + _FURTHER)
            counted |= {(day, span): sure for day in days}
    start = likelihood.begun(week)
    if evidence.has_starts:
        start = evidence.start
    works = likelihood.works(week, start, pauses=pauses)
    first, last = clock.slots(np.array([evidence.queue[0], np.nanmax(evidence.end)]))[0]
    return Roster(
        first=clock.dates[first],
        last=clock.dates[last],
        week=week,
        pauses=pauses,
        densities=densities,
        works=np.where(works > -2 * evidence.step, works, np.nan),
        classes=evidence.classes,
        counted=counted,
        limits=limits,
        evidence=evidence,
        score=score,
    )


def _alike(week: Week) -> Sequence[list[int]]:
    """Weekdays that have the same pattern, together."""
    groups: dict[Pattern, list[int]] = {}
    for day, pattern in enumerate(week):
        if pattern:
            groups.setdefault(pattern, []).append(day)
    return list(groups.values())
