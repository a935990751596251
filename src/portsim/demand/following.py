"""Drivers who know the hours: trucks laid over the open hours of a calendar, in their order.

How many trucks come and when they would come by themselves is not decided here.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import Intervals, local_seconds, offsets, zone
from portsim.demand.arrivals import Base, day_bounds, of_the_day, quarters
from portsim.scenario.traffic import Arrivals

__all__ = ["cut_at_midnight", "followed", "laid_over"]

_DAY_S, _HOUR_S = 86_400, 3600
_EPOCH_DATE = dt.date(1970, 1, 1)
_NEVER = np.iinfo(np.int64).max
"""Arrival of a truck that finds no open day any more."""

Clock = Callable[[Ints], Ints]
"""Gives the local seconds of instants, days counted through."""


def followed(base: Base, arrivals: Arrivals, port_zone: str, open_: Intervals) -> Base:
    """Lay trucks over the open hours of a calendar, in the same order.

    A truck that came after some part of the hours of the profile arrives after the same part of
    the open hours of its local day; trucks of closed days come on the next open day, first those
    of the earliest.

    Args:
        base: the trucks as they would come.
        arrivals: their profile; its first and last hour bound the day.
        port_zone: IANA zone of the days.
        open_: int64[k, 2] epoch seconds, open intervals; one belongs to the day it starts on.
    """
    clock = partial(local_seconds, zone=zone(port_zone))
    day, part = _shown(base.arrival, arrivals, clock)
    # Where clocks change, what the clock shows is not what has passed.
    for date in _changed_days(base.arrival, port_zone):
        steps = quarters(port_zone, *day_bounds(date, port_zone))
        hours = np.flatnonzero(of_the_day(arrivals, steps))
        begins, ends = steps.edges[hours[0]], steps.edges[hours[-1] + 1]
        of_date = day == (date - _EPOCH_DATE).days
        part[of_date] = (base.arrival[of_date] - begins) / (ends - begins)
    return _laid(base, day, part, clock, open_)


def laid_over(base: Base, arrivals: Arrivals, clock: Clock, open_: Intervals) -> Base:
    """The same with any clock; what it shows is taken for what has passed."""
    return _laid(base, *_shown(base.arrival, arrivals, clock), clock, open_)


def _shown(seconds: Ints, arrivals: Arrivals, clock: Clock) -> tuple[Ints, Reals]:
    """Local day of each second, int64[n], and which part of the profile's hours the clock shows to
    have passed, float64[n].
    """
    used = np.flatnonzero(arrivals.hours)
    opens, closes = int(used[0]) * _HOUR_S, int(used[-1] + 1) * _HOUR_S
    local = clock(seconds)
    return local // _DAY_S, (local % _DAY_S - opens) / (closes - opens)


def _laid(base: Base, day: Ints, part: Reals, clock: Clock, open_: Intervals) -> Base:
    if not len(open_):
        return replace(base, arrival=np.full(len(base.arrival), _NEVER))
    part = np.clip(part, 0.0, np.nextafter(1.0, 0.0))
    open_ = cut_at_midnight(open_, clock)
    lengths = open_[:, 1] - open_[:, 0]
    open_days, first = np.unique(clock(open_[:, 0]) // _DAY_S, return_index=True)
    passed = np.concatenate([[0], np.cumsum(lengths)])
    day_start = passed[first]
    day_length = np.append(day_start[1:], passed[-1]) - day_start
    target = np.searchsorted(open_days, day)
    comes = target < len(open_days)
    target = np.where(comes, target, 0)
    # The open day takes its own trucks and those of the closed days right before it.
    days_shared = np.diff(open_days, prepend=open_days[:1] - 1)
    position = (day - open_days[target] + days_shared[target] - 1 + part) / days_shared[target]
    open_second = day_start[target] + np.floor(
        np.clip(position, 0.0, np.nextafter(1.0, 0.0)) * day_length[target]
    ).astype(np.int64)
    row = np.searchsorted(passed, open_second, side="right") - 1
    arrival = open_[row, 0] + open_second - passed[row]
    return replace(base, arrival=np.where(comes, arrival, _NEVER))


def _changed_days(seconds: Ints, port_zone: str) -> Iterator[dt.date]:
    """The local dates around these seconds on which a day has not 24 hours."""
    if not len(seconds):
        return
    place = zone(port_zone)
    times, _ = offsets(place, int(seconds.min()) - _DAY_S, int(seconds.max()) + _DAY_S)
    near = local_seconds(np.concatenate([times[1:] - 1, times[1:]]), place) // _DAY_S
    for number in np.unique(near).tolist():
        date = _EPOCH_DATE + dt.timedelta(days=number)
        start, stop = day_bounds(date, port_zone)
        if stop - start != _DAY_S:
            yield date


def cut_at_midnight(open_: Intervals, clock: Clock) -> Intervals:
    """Cut what is open round the clock into days."""
    rows: list[tuple[int, int]] = []
    local = clock(open_.ravel()).reshape(-1, 2)
    for (start, stop), (shown, until) in zip(open_.tolist(), local.tolist(), strict=True):
        a, now = start, shown
        while until - now > _DAY_S:
            after = (now // _DAY_S + 1) * _DAY_S
            midnight = _instant(after, a + after - now, clock)
            rows.append((a, midnight))
            a, now = midnight, after
        rows.append((a, stop))
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def _instant(shown: int, near: int, clock: Clock) -> int:
    """When a clock shows a midnight, near some second; the first second of the day if never."""
    there = near + shown - int(clock(np.array([near]))[0])
    late = int(clock(np.array([there]))[0]) - shown
    return there if late >= 0 else near
