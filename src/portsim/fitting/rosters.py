"""The rosters of a stage: its hours and servers by weekday and by date, and how surely.

One stage at a time; work times come out on the way. Nothing is written here.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np

from portsim.arrays import Reals
from portsim.calendars import to_utc, zone
from portsim.fitting.dates import exceptions, moved_by
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
from portsim.fitting.roster import Roster, alike, how_surely
from portsim.fitting.weeks import Clock, Pattern, Week, of_row, row_of, tidy

__all__ = ["filled_in", "rosters"]

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


def rosters(
    evidence: Evidence,
    timezone: str,
    servers: int | None = None,
    lost: Collection[dt.date] = (),
    moved: Mapping[dt.date, int] | None = None,
) -> list[Roster]:
    """The rosters of a stage, one after the other.

    Args:
        evidence: visits of the stage; at least one.
        timezone: IANA zone of its clock.
        servers: how many there are while it is open, if somebody knows; else they are told.
        lost: local dates whose records are lost.
        moved: local dates on which its hours may have been so many seconds later, or its clock
            fast; below zero earlier, or slow. They do not tell its week.

    Returns:
        One roster, or several where something changed at a date; none where the log cannot tell.
    """
    moved = moved or {}
    usual = evidence.without(_runs(moved, timezone))
    if not len(usual.known.queue):
        usual, moved = evidence, {}
    whole = _roster(usual, timezone, servers)
    if whole is None:
        return []
    parts = _split(whole, timezone, _SPLITS, servers, moved)
    told = []
    for part in parts:
        own = part.evidence
        if moved:
            begin = _begin(part.first, timezone) if part is not parts[0] else -np.inf
            end = _begin(part.last + _DAY, timezone) if part is not parts[-1] else np.inf
            own = evidence.between(begin, end)
        told.append(_with_dates(part, own, timezone, lost, moved))
    return told


def _begin(date: dt.date, timezone: str) -> int:
    return to_utc(date, 0, zone(timezone), later=False)


def _runs(dates: Iterable[dt.date], timezone: str) -> list[tuple[int, int]]:
    """First second of each of some days and the second after it, days that follow each other
    together."""
    runs: list[tuple[int, int]] = []
    for date in sorted(dates):
        begin, end = _begin(date, timezone), _begin(date + _DAY, timezone)
        if runs and runs[-1][1] == begin:
            begin = runs.pop()[0]
        runs.append((begin, end))
    return runs


def _with_dates(
    roster: Roster,
    evidence: Evidence,
    timezone: str,
    lost: Collection[dt.date],
    moved: Mapping[dt.date, int],
) -> Roster:
    """With the dates that are not as their weekday is, if works are likelier so."""
    week, pauses = roster.week, roster.pauses
    first, last = float(evidence.queue[0]), float(np.nanmax(evidence.end))
    works = roster.works[np.isfinite(roster.works)]
    longest = float(np.quantile(works, _NEARLY_ALL)) if len(works) else 0.0
    other = exceptions(evidence, Clock(timezone, first, last), week, longest, lost)
    later = {
        date: moved_by(week[date.weekday()], seconds)
        for date, seconds in moved.items()
        if roster.first <= date <= roster.last and week[date.weekday()]
    }
    if not other and not later:
        return roster
    tried: list[tuple[float, Likelihood]] = []
    for dates in ({}, other, {**other, **later}):
        likelihood = Likelihood(evidence, Clock(timezone, first, last, dates), roster.handing)
        likelihood = filled_in(likelihood, week, pauses)
        score = likelihood.of(week, pauses=pauses) - _EXCEPTION * len(dates)
        tried.append((score, likelihood))
    score, likelihood = max(tried, key=lambda each: each[0])
    if not likelihood.clock.exceptions and not later:
        return roster
    score -= sum(price(week[days[0]]) for days in alike(week))
    densities = likelihood.densities(week, pauses=pauses)
    told = how_surely(likelihood, week, densities, pauses, score)
    return replace(told, first=roster.first, last=roster.last)


def _split(
    whole: Roster, timezone: str, most: int, servers: int | None, unseen: Collection[dt.date]
) -> list[Roster]:
    """Cut where the likelihood of the visits changes most, if both sides then fit better.

    Days of which no visits are among those of the roster are none of the days that a side needs.
    """
    date = _suspected(whole, timezone, unseen) if most else None
    if date is None:
        return [whole]
    for _ in range(_LOOKS):
        # A day of the other side would be told as hours of its own: the days around are left out.
        clear = _sides(whole, date, timezone, servers, _AROUND)
        if clear is None:
            return [whole]
        before, date = date, _likelier(whole, clear, timezone, unseen)
        if abs(date - before) <= _AROUND:
            break
    sides = _sides(whole, date, timezone, servers)
    if sides is None or sides[0].score + sides[1].score < whole.score + _DATE:
        return [whole]
    return [part for side in sides for part in _split(side, timezone, most - 1, servers, unseen)]


def _by_day(roster: Roster, evidence: Evidence, timezone: str) -> tuple[Clock, Reals]:
    """Log likelihood of the visits of each local day, and those days: float64[d]."""
    clock = Clock(timezone, float(evidence.queue[0]), float(np.nanmax(evidence.end)))
    likelihood = Likelihood(evidence, clock, roster.handing)
    of_each = likelihood.of_each(roster.week, roster.densities, pauses=roster.pauses)
    # In a queue of days it is the end that tells of the servers of its day.
    day, _ = clock.slots(evidence.out)
    by_day = np.bincount(day, weights=of_each, minlength=len(clock.dates))
    return clock, by_day.astype(np.float64)


def _inside(clock: Clock, whole: Roster, unseen: Collection[dt.date]) -> np.ndarray:
    """bool[d], days after which a cut leaves enough of them on both sides."""
    seen = np.cumsum(
        [whole.first <= date <= whole.last and date not in unseen for date in clock.dates]
    )
    return np.asarray((seen >= _LEAST_DAYS) & (seen[-1] - seen >= _LEAST_DAYS))


def _suspected(whole: Roster, timezone: str, unseen: Collection[dt.date]) -> dt.date | None:
    """The day on which something seems to have begun to be different; None if none does."""
    if (whole.last - whole.first).days < 2 * _LEAST_DAYS:
        return None
    clock, likely = _by_day(whole, whole.evidence, timezone)
    inside = _inside(clock, whole, unseen)
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


def _likelier(
    whole: Roster, sides: tuple[Roster, Roster], timezone: str, unseen: Collection[dt.date]
) -> dt.date:
    """The date at which all visits are likeliest if one roster changed to the other."""
    clock, before = _by_day(sides[0], whole.evidence, timezone)
    after = _by_day(sides[1], whole.evidence, timezone)[1]
    total = np.cumsum(before - after)
    total[~_inside(clock, whole, unseen)] = -np.inf
    return clock.dates[int(total.argmax())] + _DAY


def _roster(evidence: Evidence, timezone: str, servers: int | None) -> Roster | None:
    known = evidence.known
    if not len(known.queue):
        return None
    some = _sample(known)
    clock = Clock(timezone, float(some.queue[0]), float(np.nanmax(some.end)))
    likelihood = Likelihood(some, clock)
    weekdays = weekdays_of(some, clock)

    def on_all(pattern: Pattern) -> Week:
        return tuple(pattern if day in weekdays else () for day in range(7))

    both = searched(likelihood, on_all, first_guess(some, clock, weekdays), servers)
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
    score -= sum(price(week[days[0]]) for days in alike(week))
    return how_surely(likelihood, week, densities, best.pauses, score)


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
