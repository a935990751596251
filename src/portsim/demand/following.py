"""Drivers who know the hours: trucks laid over the open hours of a calendar, in their order.

How many trucks come and when they would come by themselves is not decided here.
"""

import datetime as dt
from collections.abc import Iterator

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import Intervals, local_seconds, offsets, zone
from portsim.demand.arrivals import Base, day_bounds, of_the_day, quarters
from portsim.scenario.traffic import Arrivals

__all__ = ["followed"]

_DAY_S, _HOUR_S = 86_400, 3600
_EPOCH_DATE = dt.date(1970, 1, 1)
_NEVER = np.iinfo(np.int64).max
"""Arrival of a truck that finds no open day any more."""


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
    if not len(open_):
        return Base(np.full(len(base.arrival), _NEVER), base.scale)
    day, part = _parts(base.arrival, arrivals, port_zone)
    open_ = _cut_at_midnight(open_, port_zone)
    lengths = open_[:, 1] - open_[:, 0]
    open_days, first = np.unique(
        local_seconds(open_[:, 0], zone(port_zone)) // _DAY_S, return_index=True
    )
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
    return Base(np.where(comes, arrival, _NEVER), base.scale)


def _parts(seconds: Ints, arrivals: Arrivals, port_zone: str) -> tuple[Ints, Reals]:
    """Local day of each second, int64[n], and which part of the profile's hours had passed then,
    float64[n] in [0, 1).
    """
    place = zone(port_zone)
    used = np.flatnonzero(arrivals.hours)
    opens, closes = int(used[0]) * _HOUR_S, int(used[-1] + 1) * _HOUR_S
    local = local_seconds(seconds, place)
    day = local // _DAY_S
    part = (local % _DAY_S - opens) / (closes - opens)
    # Where clocks change, what the clock shows is not what has passed.
    for date in _changed_days(seconds, port_zone):
        number = (date - _EPOCH_DATE).days
        steps = quarters(port_zone, *day_bounds(date, port_zone))
        hours = np.flatnonzero(of_the_day(arrivals, steps))
        begins, ends = steps.edges[hours[0]], steps.edges[hours[-1] + 1]
        mine = day == number
        part[mine] = (seconds[mine] - begins) / (ends - begins)
    return day, np.clip(part, 0.0, np.nextafter(1.0, 0.0))


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


def _cut_at_midnight(open_: Intervals, port_zone: str) -> Intervals:
    """Cut what is open round the clock into days."""
    rows: list[tuple[int, int]] = []
    local = local_seconds(open_.ravel(), zone(port_zone)).reshape(-1, 2)
    for (start, stop), (shown, until) in zip(open_.tolist(), local.tolist(), strict=True):
        a, clock = start, shown
        while until - clock > _DAY_S:
            date = _EPOCH_DATE + dt.timedelta(days=clock // _DAY_S)
            midnight = day_bounds(date, port_zone)[1]
            rows.append((a, midnight))
            a, clock = midnight, (clock // _DAY_S + 1) * _DAY_S
        rows.append((a, stop))
    return np.array(rows, dtype=np.int64).reshape(-1, 2)
