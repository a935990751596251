"""The rosters of a stage: its hours and servers by weekday and by date, and how surely.

One stage at a time; work times come out on the way. Nothing is written here.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.calendars import to_utc, zone
from portsim.fitting.census import Counted, alternatives, census
from portsim.fitting.dates import exceptions
from portsim.fitting.edges import trimmed
from portsim.fitting.hours_and_servers import (
    Found,
    cheapest_way,
    price,
    searched,
    uphill,
    without_short_breaks,
)
from portsim.fitting.likelihood import Evidence, Likelihood
from portsim.fitting.openings import first_guess, weekdays_of
from portsim.fitting.weeks import Clock, Pattern, Span, Week, of_row, row_of, tidy
from portsim.fitting.work import Densities

__all__ = ["Roster", "filled_in", "rosters"]

_NOTABLE = 6
"""Slots in which a weekday must seem to differ to be looked at by itself."""
_WEEKDAY, _DATE = 15.0, 30.0
"""Log likelihood that hours of its own must bring for a weekday, and for what follows a date."""
_LEAST_DAYS = 14
_SPLITS, _LOOKS, _MORE = 3, 2, 3
_BRIDGE = 1.63
"""What the largest of a Brownian bridge exceeds once in a hundred times."""
_EASY = 10_000
"""Visits from which hours and servers are told with ease."""
_DAY, _WEEK_S = dt.timedelta(days=1), 7 * 86_400
_AROUND = 3 * _DAY
_NEARLY_ALL, _EXCEPTION = 0.98, 5.0
_ALIKE = 3.0
"""Log likelihood by which numbers of servers may differ and still fit alike."""


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
    filled: bool
    """Whether servers are taken to be busy where a stamp is missing; else such visits are left
    out."""
    evidence: Evidence
    score: float
    follows: float
    """Share of the visits that are as first come first served tells."""

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


def rosters(
    evidence: Evidence,
    timezone: str,
    servers: int | None = None,
    lost: Collection[dt.date] = (),
) -> list[Roster]:
    """The rosters of a stage, one after the other.

    Args:
        evidence: visits of the stage; at least one.
        timezone: IANA zone of its clock.
        servers: how many there are while it is open, if somebody knows; else they are told.
        lost: local dates whose records are lost.

    Returns:
        One roster, or several where something changed at a date; none where the log cannot tell.
    """
    whole = _roster(evidence, timezone, servers)
    if whole is None:
        return []
    return [_with_dates(each, timezone, lost) for each in _split(whole, timezone, _SPLITS, servers)]


def _with_dates(roster: Roster, timezone: str, lost: Collection[dt.date]) -> Roster:
    """With the dates that are not as their weekday is, if works are likelier so."""
    evidence, pauses = roster.evidence, roster.pauses
    first, last = float(evidence.queue[0]), float(np.nanmax(evidence.end))
    clock = Clock(timezone, first, last)
    works = roster.works[np.isfinite(roster.works)]
    longest = float(np.quantile(works, _NEARLY_ALL)) if len(works) else 0.0
    other = exceptions(evidence, clock, roster.week, longest, lost)
    if not other:
        return roster
    likelihood = Likelihood(evidence, Clock(timezone, first, last, other), roster.handing)
    likelihood = filled_in(likelihood, roster.week, pauses)
    densities = likelihood.densities(roster.week, pauses=pauses)
    score = likelihood.of(roster.week, densities, pauses=pauses)
    score -= sum(price(roster.week[days[0]]) for days in _alike(roster.week))
    if score < roster.score + _EXCEPTION * len(other):
        return roster
    told = _told(likelihood, roster.week, densities, pauses, score)
    return replace(told, first=roster.first, last=roster.last)


def _split(whole: Roster, timezone: str, most: int, servers: int | None) -> list[Roster]:
    """Cut where the likelihood of the visits changes most, if both sides then fit better."""
    date = _suspected(whole, timezone) if most else None
    if date is None:
        return [whole]
    for _ in range(_LOOKS):
        # A day of the other side would be told as hours of its own: the days around are left out.
        clear = _sides(whole, date, timezone, servers, _AROUND)
        if clear is None:
            return [whole]
        before, date = date, _likelier(whole, clear, timezone)
        if abs(date - before) <= _AROUND:
            break
    sides = _sides(whole, date, timezone, servers)
    if sides is None or sides[0].score + sides[1].score < whole.score + _DATE:
        return [whole]
    return [part for side in sides for part in _split(side, timezone, most - 1, servers)]


def _by_day(roster: Roster, evidence: Evidence, timezone: str) -> tuple[Clock, Reals]:
    """Log likelihood of the visits of each local day, and those days: float64[d]."""
    clock = Clock(timezone, float(evidence.queue[0]), float(np.nanmax(evidence.end)))
    likelihood = Likelihood(evidence, clock, roster.handing)
    of_each = likelihood.of_each(roster.week, roster.densities, pauses=roster.pauses)
    # In a queue of days it is the end that tells of the servers of its day.
    day, _ = clock.slots(evidence.out)
    by_day = np.bincount(day, weights=of_each, minlength=len(clock.dates))
    return clock, by_day.astype(np.float64)


def _inside(clock: Clock, whole: Roster) -> np.ndarray:
    """bool[d], days after which a cut leaves enough of them on both sides."""
    enough = dt.timedelta(days=_LEAST_DAYS)
    low, high = whole.first + enough - _DAY, whole.last - enough
    return np.array([low <= date <= high for date in clock.dates])


def _suspected(whole: Roster, timezone: str) -> dt.date | None:
    """The day on which something seems to have begun to be different; None if none does."""
    if (whole.last - whole.first).days < 2 * _LEAST_DAYS:
        return None
    clock, likely = _by_day(whole, whole.evidence, timezone)
    inside = _inside(clock, whole)
    # A compromise of two rosters is no worse before than after: so other numbers of servers are
    # tried for each day beside it.
    most = max(span.servers for pattern in whole.week for span in pattern)
    steady = [
        _by_day(replace(whole, week=_steady(whole.week, servers)), whole.evidence, timezone)[1]
        for servers in range(1, most + 1 + _MORE)
    ]
    way = cheapest_way(np.array([likely, *steady]))
    changes = np.flatnonzero((np.diff(way) != 0) & inside[:-1])
    if len(changes):
        return clock.dates[int(changes[0])] + _DAY
    # What the days are likelier or less likely than the mean is, cumulated, a Brownian bridge
    # where nothing changes (Ploberger & Kraemer 1992).
    visits = np.bincount(clock.slots(whole.evidence.out)[0], minlength=len(clock.dates))
    away = likely - visits * (likely.sum() / visits.sum())
    drift = np.abs(np.cumsum(away)) / np.sqrt(max(float(away @ away), 1e-9))
    drift[~inside] = 0.0
    if drift.max(initial=0.0) < _BRIDGE:
        return None
    return clock.dates[int(drift.argmax())] + _DAY


def _steady(week: Week, servers: int) -> Week:
    """The same hours with so many servers all day."""
    return tuple(tidy([span._replace(servers=servers) for span in pattern]) for pattern in week)


def _sides(
    whole: Roster,
    date: dt.date,
    timezone: str,
    servers: int | None,
    around: dt.timedelta = dt.timedelta(),
) -> tuple[Roster, Roster] | None:
    """The rosters before a date and from it on, without so many days around it."""
    end, begin = (
        to_utc(day, 0, zone(timezone), later=False) for day in (date - around, date + around)
    )
    before, after = (
        _roster(whole.evidence.between(first, last), timezone, servers)
        for first, last in ((-np.inf, end), (begin, np.inf))
    )
    if before is None or after is None:
        return None
    return (
        replace(before, first=whole.first, last=date - _DAY),
        replace(after, first=date, last=whole.last),
    )


def _likelier(whole: Roster, sides: tuple[Roster, Roster], timezone: str) -> dt.date:
    """The date at which all visits are likeliest if one roster changed to the other."""
    clock, before = _by_day(sides[0], whole.evidence, timezone)
    after = _by_day(sides[1], whole.evidence, timezone)[1]
    total = np.cumsum(before - after)
    total[~_inside(clock, whole)] = -np.inf
    return clock.dates[int(total.argmax())] + _DAY


def _roster(evidence: Evidence, timezone: str, servers: int | None) -> Roster | None:
    known = evidence.known
    if not len(known.queue):
        return None
    some = _sample(known)
    clock = Clock(timezone, float(some.queue[0]), float(np.nanmax(some.end)))
    likelihood = Likelihood(some, clock)
    weekdays = weekdays_of(some, clock)

    def alike(pattern: Pattern) -> Week:
        return tuple(pattern if day in weekdays else () for day in range(7))

    both = searched(likelihood, alike, first_guess(some, clock, weekdays), servers)
    if not both:
        return None
    best = both[0]
    likelihood = likelihood.handed(best.handing)
    week = _by_weekday(likelihood, best, weekdays)
    if some is not evidence:
        clock = Clock(timezone, float(evidence.queue[0]), float(np.nanmax(evidence.end)))
        likelihood = filled_in(Likelihood(evidence, clock, best.handing), week, best.pauses)
    densities = likelihood.densities(week, pauses=best.pauses)
    score = likelihood.of(week, densities, pauses=best.pauses)
    score -= sum(price(week[days[0]]) for days in _alike(week))
    return _told(likelihood, week, densities, best.pauses, score)


def filled_in(left_out: Likelihood, week: Week, pauses: bool) -> Likelihood:
    """With servers busy for a usual work where no stamp says how long, if works are likelier so."""
    evidence = left_out.evidence
    if evidence.blank is None:
        return left_out
    laws = left_out.densities(week, pauses=pauses).laws
    if not laws:
        return left_out
    some = float(np.mean([law.mean for law in laws.values()]))
    usual = np.array([laws[n].mean if n in laws else some for n in evidence.classes.tolist()])
    filled = Likelihood(evidence, left_out.clock, left_out.handing, usual)
    return max(left_out, filled, key=lambda each: each.of(week, pauses=pauses))


def _sample(evidence: Evidence) -> Evidence:
    """Whole weeks of a long log, evenly spread: as many as tell hours and servers with ease."""
    every = len(evidence.queue) // _EASY
    if every < 2:
        return evidence
    week = ((evidence.queue - evidence.queue[0]) // _WEEK_S).astype(np.int64)
    some = week % every == every // 2
    return evidence.where(some) if some.any() else evidence


def _by_weekday(likelihood: Likelihood, common: Found, weekdays: list[int]) -> Week:
    """Hours of their own for weekdays that have some."""
    evidence, clock, pauses = likelihood.evidence, likelihood.clock, common.pauses
    week = tuple(common.pattern if day in weekdays else () for day in range(7))
    densities = likelihood.densities(week, pauses=pauses)
    servers = max(span.servers for span in common.pattern)
    for day in weekdays if len(weekdays) > 1 else []:
        own = first_guess(evidence, clock, [day])
        if int(np.sum((own > 0) != (row_of(common.pattern) > 0))) <= _NOTABLE:
            continue

        def with_own(pattern: Pattern, day: int = day, week: Week = week) -> Week:
            return (*week[:day], pattern, *week[day + 1 :])

        def told(pattern: Pattern, of: Callable[[Pattern], Week] = with_own) -> float:
            return likelihood.of(of(pattern), densities, pauses=pauses) - price(pattern)

        here = told(common.pattern)
        # As at other days where it is open, with other edges; or as many servers all day.
        shapes = {of_row(row_of(common.pattern) * own), of_row(own * servers)} - {()}
        for shape in shapes:
            tried = without_short_breaks(uphill(shape, told))
            if told(tried) > here + _WEEKDAY:
                week, here = with_own(tried), told(tried)
    return week


def _told(
    likelihood: Likelihood, week: Week, densities: Densities, pauses: bool, score: float
) -> Roster:
    """Draw edges in to what trucks tell, and ask how surely servers are counted."""
    evidence, clock = likelihood.evidence, likelihood.clock
    limits: dict[tuple[int, int], tuple[int, int]] = {}
    for days in _alike(week):

        def of(pattern: Pattern, days: list[int] = days, week: Week = week) -> Week:
            return tuple(pattern if day in days else week[day] for day in range(7))

        def told(pattern: Pattern, of: Callable[[Pattern], Week] = of) -> float:
            return likelihood.of(of(pattern), densities, pauses=pauses)

        pattern, edges = trimmed(week[days[0]], told)
        week = of(pattern)
        limits |= {(day, edge): span for day in days for edge, span in edges.items()}
    best = likelihood.of(week, pauses=pauses)
    counted: dict[tuple[int, Span], Counted] = {}
    for days in _alike(week):

        def fits(spans: Sequence[Span], days: list[int] = days, week: Week = week) -> bool:
            there = tuple(tidy(spans) if day in days else week[day] for day in range(7))
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
        filled=likelihood.fills,
        evidence=evidence,
        score=score,
        follows=likelihood.follows(week, densities, pauses=pauses),
    )


def _alike(week: Week) -> Sequence[list[int]]:
    """Weekdays that have the same pattern, together."""
    groups: dict[Pattern, list[int]] = {}
    for day, pattern in enumerate(week):
        if pattern:
            groups.setdefault(pattern, []).append(day)
    return list(groups.values())
