"""The room of calendars, its front door: from the words of a calendar to its open seconds.

No words are read or judged here (that is the scenario's business) and no truck enters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from math import acos, cos, degrees, floor, radians, sin
from typing import TYPE_CHECKING

import numpy as np
from astral.julian import julianday_to_juliancentury
from astral.sun import eq_of_time, sun_declination

from portsim.calendars.holiday_days import closed_days, swapped_days
from portsim.calendars.intervals import Intervals, clip, intersect, merge
from portsim.calendars.zones import to_utc, zone

if TYPE_CHECKING:
    from portsim.scenario.calendar import Calendar, Daylight, Span

__all__ = ["MARGIN_S", "holiday_dates", "open_intervals"]

MARGIN_S = 8 * 86_400
"""So much beyond a run are its calendars read, that its end may not look like closing time; by all
who look at the same run alike, for what was read once is kept."""

_DAY_S = 86_400
_DAY = dt.timedelta(days=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SECOND = dt.timedelta(seconds=1)
_EPOCH_JULIAN = 2_440_587.5
_ZENITH = 90 + 50 / 60
"""Degrees from the zenith at sunrise, as in almanacs: 16' of solar radius, 34' of refraction."""


def open_intervals(
    calendar: Calendar,
    *,
    port_zone: str,
    position: tuple[float, float] | None,
    start: int,
    stop: int,
) -> Intervals:
    """The seconds of [start, stop) in which a calendar is open.

    In: the calendar's words; the port's IANA zone, for a calendar without its own; the port's
    (latitude, longitude) in degrees, north and east positive; epoch seconds UTC.
    Out: int64[n, 2] epoch seconds UTC, [a, b), sorted, disjoint, touching ones united.
    An opening belongs to the local date on which it starts: a holiday, a closed date, `valid_from`
    and `valid_to` cancel the openings that start on such dates, never the tail of yesterday's.
    A make-up day opens with the hours of the weekday it pays for, if this calendar takes that day
    off. Sunrise and sunset are those of the almanacs (upper limb on a sea-level horizon, 34' of
    refraction) by the solar equations of Meeus, Astronomical Algorithms (1998), from the astral
    package; in polar summer it is always light, in polar winter never.
    Raises UnknownZone for a zone that does not exist; ValueError for daylight without a position
    or a holiday name that does not exist.
    """
    if calendar.daylight is not None and position is None:
        msg = "a calendar with daylight needs the position of the port (latitude, longitude)"
        raise ValueError(msg)
    return _read(calendar, port_zone, position, start, stop)


# Checks, plans and whoever asks again and again with other hours read the same calendars anew.
@lru_cache(maxsize=128)
def _read(
    calendar: Calendar,
    port_zone: str,
    position: tuple[float, float] | None,
    start: int,
    stop: int,
) -> Intervals:
    place = zone(calendar.timezone or port_zone)
    if stop <= start:
        return merge([])
    # An opening may run into the day after the next midnight.
    first = (_EPOCH + start * _SECOND).astimezone(place).date() - 2 * _DAY
    last = (_EPOCH + stop * _SECOND).astimezone(place).date()
    off, stands_for = holiday_dates(calendar, range(first.year, last.year + 1))
    rows = [
        (to_utc(date, opens, place, later=False), to_utc(date, closes, place, later=True))
        for date in _dates(first, last)
        if date not in off and _in_force(calendar, date)
        for opens, closes in _spans(calendar, date, stands_for.get(date, date.weekday()))
    ]
    open_ = clip(merge(rows), start, stop)
    if calendar.daylight is not None and position is not None and len(open_):
        open_ = intersect(open_, _light(calendar.daylight, position, start, stop))
    open_.flags.writeable = False
    return open_


def _dates(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + n * _DAY for n in range((last - first).days + 1))


def holiday_dates(calendar: Calendar, years: range) -> tuple[set[dt.date], dict[dt.date, int]]:
    """Dates off, and make-up days with the weekday whose hours hold."""
    off: set[dt.date] = set()
    stands_for: dict[dt.date, int] = {}
    for holidays in calendar.holidays:
        # A make-up day of December may pay for a day off in January.
        closed = closed_days(holidays, range(years.start, years.stop + 1))
        off.update(closed)
        if not holidays.make_up:
            continue
        for worked, paid in swapped_days(holidays.country, years, holidays.subdivision).items():
            if paid is None:
                stands_for[worked] = 0
            elif paid in closed:
                # Who does not take the bridge day off owes no work for it.
                stands_for[worked] = paid.weekday()
    return off, stands_for


def _between(date: dt.date, first: dt.date | None, last: dt.date | None) -> bool:
    return (first is None or first <= date) and (last is None or date <= last)


def _in_force(calendar: Calendar, date: dt.date) -> bool:
    return _between(date, calendar.valid_from, calendar.valid_to) and not any(
        first <= date <= last for first, last in calendar.closed
    )


def _spans(calendar: Calendar, date: dt.date, weekday: int) -> list[Span]:
    """Openings of a date, lunch taken out, in wall-clock seconds after its midnight."""
    hours, lunch = calendar.hours, calendar.lunch
    for period in calendar.periods:
        if _between(date, period.valid_from, period.valid_to):
            hours, lunch = period.hours, period.lunch
    spans = list(hours[weekday])
    for begins, ends in lunch:
        # Hours across midnight meet the lunch of the next day, a lunch across midnight the
        # hours of both.
        for shift in (-_DAY_S, 0, _DAY_S):
            spans = [
                part
                for opens, closes in spans
                for part in (
                    (opens, min(closes, begins + shift)),
                    (max(opens, ends + shift), closes),
                )
                if part[0] < part[1]
            ]
    return spans


@lru_cache(maxsize=32)
def _light(daylight: Daylight, position: tuple[float, float], start: int, stop: int) -> Intervals:
    """Seconds of daylight around [start, stop), shortened at both ends as the words say."""
    after, before = round(daylight.after_sunrise), round(daylight.before_sunset)
    # Counted on a clock of the port's own meridian, where every day has its noon at its middle,
    # whatever the clocks of people say: Beijing time at 83 degrees east is 2.5 hours off the sun.
    meridian = round(240 * position[1])
    first = (start + meridian - after) // _DAY_S - 1
    last = (stop + meridian + before) // _DAY_S + 1
    rows = [_light_of(day, position) for day in range(first, last + 1)]
    light = merge(rows)
    return merge(np.column_stack((light[:, 0] + after, light[:, 1] - before)))


def _light_of(day: int, position: tuple[float, float]) -> tuple[int, int]:
    """Sunrise and sunset, epoch seconds UTC, of the n-th day since 1970 on the meridian's clock."""
    rise, bright = _crossing(day, position, -1)
    fall, bright_too = _crossing(day, position, 1)
    if bright and bright_too:
        midnight = day * _DAY_S - round(240 * position[1])
        return midnight, midnight + _DAY_S
    return rise, fall


def _crossing(day: int, position: tuple[float, float], side: int) -> tuple[int, bool]:
    """The crossing of the horizon before (side -1) or after (1) noon; True if it never sets."""
    latitude, longitude = radians(position[0]), position[1]
    minutes = 720.0
    cosine = 0.0
    # The sun moves on while one computes where it stands; three rounds settle it to the second.
    for _ in range(3):
        days = day - longitude / 360 + minutes / 1440
        century = julianday_to_juliancentury(_EPOCH_JULIAN + days)
        declination = radians(sun_declination(century))
        cosine = (cos(radians(_ZENITH)) - sin(latitude) * sin(declination)) / (
            cos(latitude) * cos(declination)
        )
        angle = degrees(acos(min(1.0, max(-1.0, cosine))))
        minutes = 720.0 - eq_of_time(century) + side * 4 * angle
    return floor(day * _DAY_S - 240 * longitude + 60 * minutes), cosine <= -1.0
