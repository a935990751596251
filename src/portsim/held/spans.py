"""The days over which a log and a scenario are held against each other.

No visit enters; of the trucks only when they came.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.calendars import local_seconds, to_utc, zone
from portsim.errors import InputError

__all__ = ["DAY_S", "HOUR_S", "WEEK_H", "Window", "whole_days", "window_of"]

DAY_S, HOUR_S, WEEK_H = 86_400, 3600, 168
_LONG_DAYS, _WARM_UP_DAYS = 21, 7
_FEW_INSIDE = 0.5
"""Trucks inside at midnight, in those of a day, that a week of warm-up makes up for."""
_WHOLE = 0.5
"""A day at an end of the log with less than this part of the trucks of its like was cut."""
_AFTER_DAYS = 3
_EPOCH = dt.date(1970, 1, 1)
_MONDAY = 3


@dataclass(frozen=True, eq=False, slots=True)
class Window:
    """The days that are looked at; seconds are UTC epoch."""

    timezone: str
    """In which days and hours are told: that of the scenario."""
    first: dt.date
    last: dt.date
    """Inclusive."""
    warm_up_days: int
    """Days before the first whose trucks come too and are not looked at."""
    start: int
    stop: int
    """The period is [start, stop)."""
    limit: float
    """Seconds of the promise of the scenario."""
    day_edges: Ints
    """int64[days + 1], local midnights from start to stop."""
    blind: NDArray[np.bool_]
    """bool[days], days without records that were lost, and those after them: trucks of which
    nothing is known take servers. None where all would be."""
    lost: Reals
    """float64[k, 2], from when to when the days last whose records are lost, of the whole log."""
    hour_of_week: Ints
    """int64[hours], local hour of the week (Monday 00:00 = 0) of each hour from start on; the last
    may reach beyond stop."""

    @property
    def days(self) -> int:
        """How many days there are."""
        return len(self.day_edges) - 1

    @property
    def hour_edges(self) -> Reals:
        """float64[hours + 1], the last cut at stop."""
        edges = self.start + HOUR_S * np.arange(len(self.hour_of_week) + 1, dtype=np.float64)
        return np.minimum(edges, self.stop)

    def weekdays(self) -> Ints:
        """int64[days], Monday = 0."""
        return (np.arange(self.days) + self.first.weekday()) % 7

    def local(self, seconds: Reals) -> Ints:
        """What the clock shows, seconds since 1970-01-01 00:00, int64[n]."""
        return local_seconds(np.floor(seconds).astype(np.int64), zone(self.timezone))

    def seeing(self) -> NDArray[np.bool_]:
        """bool[hours], hours of days that are not blind."""
        day = np.searchsorted(self.day_edges, self.hour_edges[:-1], side="right") - 1
        return ~self.blind[np.clip(day, 0, self.days - 1)]

    def date(self, day: int) -> dt.date:
        """Date of a day by its number in the period."""
        return self.first + dt.timedelta(days=int(day))


def window_of(
    arrival: Reals,
    timezone: str,
    limit: float,
    period: tuple[dt.date, dt.date] | None,
    lost: Collection[dt.date] = (),
    *,
    left: Reals | None = None,
) -> Window:
    """The days to look at.

    Args:
        arrival: float64[n], UTC epoch seconds at which trucks of the log came, none NaN.
        timezone: IANA zone of the scenario.
        limit: seconds of its promise.
        period: first and last date, inclusive; None takes the whole days of the log, without the
            first week of a log of three weeks or more, in which the port fills.

        lost: dates whose records were lost.
        left: float64[n], when they were last stamped; None if nobody knows.

    Raises:
        InputError: the log has no truck, or none in the period.
    """
    if not len(arrival):
        raise InputError("the log has no truck whose arrival is known: there is nothing to hold")
    place = zone(timezone)
    day = local_seconds(np.floor(arrival).astype(np.int64), place) // DAY_S
    begin, end = int(day.min()), int(day.max())
    if period is None:
        begin, end = _whole(day, begin, end)
        first = begin + (_WARM_UP_DAYS if end - begin + 1 >= _LONG_DAYS else 0)
        last = end
    else:
        first, last = ((date - _EPOCH).days for date in period)
        if last < first or not np.any((day >= first) & (day <= last)):
            raise InputError(
                f"no truck of the log came from {period[0]} to {period[1]}; it goes from "
                f"{_date(begin)} to {_date(end)}"
            )
    start_date, last_date = _date(first), _date(last)
    start = to_utc(start_date, 0, place, later=False)
    stop = to_utc(last_date + dt.timedelta(days=1), 0, place, later=False)
    dates = [start_date + dt.timedelta(days=n) for n in range(last - first + 2)]
    away = [[(date - day).days for day in lost] for date in dates[:-1]]
    blind = np.array([any(0 <= n <= _AFTER_DAYS for n in each) for each in away], dtype=bool)
    spans = [
        [to_utc(day + dt.timedelta(days=n), 0, place, later=False) for n in (0, 1)]
        for day in sorted(lost)
    ]
    hours = start + HOUR_S * np.arange(-(-(stop - start) // HOUR_S))
    return Window(
        timezone=timezone,
        first=start_date,
        last=last_date,
        warm_up_days=_warm_up(arrival, left, timezone, begin, first),
        start=start,
        stop=stop,
        limit=limit,
        day_edges=np.array([to_utc(d, 0, place, later=False) for d in dates], dtype=np.int64),
        blind=blind & ~blind.all(),
        lost=np.array(spans, dtype=np.float64).reshape(-1, 2),
        hour_of_week=(local_seconds(hours, place) // HOUR_S + _MONDAY * 24) % WEEK_H,
    )


def _warm_up(arrival: Reals, left: Reals | None, timezone: str, begin: int, first: int) -> int:
    """So many days before the first fill a port that is empty: a week, and where more were inside
    than a week forgets, as many as there are since hardly anybody was, or since the log began."""
    most = first - begin
    if most < _WARM_UP_DAYS or left is None:
        return _WARM_UP_DAYS if most >= _WARM_UP_DAYS else 0
    days = np.arange(_WARM_UP_DAYS, most + 1)
    place = zone(timezone)
    midnights = np.array([to_utc(_date(first - int(n)), 0, place, later=False) for n in days])
    came = np.searchsorted(np.sort(arrival), midnights)
    inside = came - np.searchsorted(np.sort(left), midnights)
    a_day = len(arrival) / max(1.0, (float(np.max(arrival)) - float(np.min(arrival))) / DAY_S)
    few = np.flatnonzero(inside <= _FEW_INSIDE * a_day)
    return int(days[few[0]]) if len(few) else int(most)


def whole_days(arrival: Reals, timezone: str) -> tuple[dt.date, dt.date]:
    """First and last whole day of a log, without those that its beginning or its end cut.

    Args:
        arrival: float64[n], n ≥ 1, UTC epoch seconds at which trucks came, none NaN.
        timezone: IANA zone in which days are told.
    """
    day = local_seconds(np.floor(arrival).astype(np.int64), zone(timezone)) // DAY_S
    first, last = _whole(day, int(day.min()), int(day.max()))
    return _date(first), _date(last)


def _date(number: int) -> dt.date:
    return _EPOCH + dt.timedelta(days=number)


def _whole(day: Ints, begin: int, end: int) -> tuple[int, int]:
    """First and last day of a log without those that its beginning or its end cut."""
    counts = np.bincount(day - begin, minlength=end - begin + 1)

    def cut(number: int) -> bool:
        alike = counts[number % 7 :: 7]
        others = np.delete(alike, number // 7)
        return bool(len(others) >= 1 and counts[number] < _WHOLE * np.median(others))

    first = begin + int(cut(0))
    return first, end - int(end > first and cut(end - begin))
