"""Daylight: almanac values, the sun's day against people's clocks, polar places."""

import datetime as dt
from typing import Any

import astral
import astral.sun
import numpy as np
import pytest

from portsim.calendars import Intervals, clip, open_intervals, total
from portsim.scenario.calendar import Calendar

BAKHTU = (46.68, 82.73)
GREENWICH = (51.48, 0.0)
TROMSO = (69.65, 18.96)
MINUTE = 60
HOUR = 3600
DAY = 86_400


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC).timestamp())


def light(
    position: tuple[float, float] | None, start: int, stop: int, zone: str = "UTC", **words: Any
) -> Intervals:
    calendar = Calendar.model_validate({"daylight": True, **words})
    return open_intervals(calendar, port_zone=zone, position=position, start=start, stop=stop)


@pytest.mark.parametrize(
    ("day", "rise", "fall"),
    [
        ((2024, 6, 20), (3, 43), (20, 21)),
        ((2024, 12, 21), (8, 4), (15, 53)),
        ((2024, 3, 20), (6, 2), (18, 14)),
    ],
)
def test_greenwich_as_in_the_almanac(
    day: tuple[int, int, int], rise: tuple[int, int], fall: tuple[int, int]
) -> None:
    found = light(GREENWICH, utc(*day), utc(*day) + DAY)

    assert len(found) == 1
    assert abs(found[0, 0] - utc(*day, *rise)) <= 3 * MINUTE
    assert abs(found[0, 1] - utc(*day, *fall)) <= 3 * MINUTE


@pytest.mark.parametrize(
    ("day", "hours"), [((2024, 6, 20), 15.85), ((2024, 12, 21), 8.55), ((2024, 3, 20), 12.16)]
)
def test_bakhtu(day: tuple[int, int, int], hours: float) -> None:
    start = utc(*day) - 5 * HOUR
    found = light(BAKHTU, start, start + DAY, "Asia/Almaty")

    assert len(found) == 1
    assert abs(total(found) / HOUR - hours) < 0.05
    noon = start + 12 * HOUR - (82.73 - 75) * 240
    assert abs(found.mean() - noon) < 10 * MINUTE


def test_bakhtu_in_beijing_time() -> None:
    start = utc(2024, 6, 20) - 8 * HOUR
    found = light(BAKHTU, start, start + DAY, "Asia/Shanghai")

    assert abs(found[0, 0] - utc(2024, 6, 19, 22, 35)) <= 2 * MINUTE
    assert abs(found[0, 1] - utc(2024, 6, 20, 14, 26)) <= 2 * MINUTE


def test_every_day_has_one_daylight_that_changes_slowly() -> None:
    for longitude in range(-180, 181, 20):
        for latitude in (-55.0, 0.0, 46.68):
            found = light((latitude, longitude), utc(2024, 1, 1), utc(2025, 1, 1))[1:-1]
            length = found[:, 1] - found[:, 0]
            assert np.abs(np.diff(length)).max() < 6 * MINUTE
            assert np.abs(np.diff(found[:, 0]) - DAY).max() < 4 * MINUTE


@pytest.mark.parametrize("longitude", [-120, -60, 0, 60, 120])
def test_near_the_values_of_another_computation(longitude: int) -> None:
    """Against astral's own search, at whole hours from Greenwich and away from its UTC midnight."""
    start, meridian = utc(2024, 1, 1) - longitude * 240, longitude * 240
    found = light((46.68, longitude), start, start + 366 * DAY)
    observer = astral.Observer(46.68, longitude)
    find = astral.sun.sunset if longitude >= 0 else astral.sun.sunrise
    side = 1 if longitude >= 0 else 0

    assert len(found) == 366
    for instant in found[:, side].tolist():
        clock = dt.timezone(dt.timedelta(seconds=meridian))
        date = dt.datetime.fromtimestamp(instant, clock).date()
        assert abs(find(observer, date, clock).timestamp() - instant) < 40


def test_polar_summer_and_winter() -> None:
    june, july = utc(2024, 6, 1), utc(2024, 7, 1)

    assert light(TROMSO, june, july).tolist() == [[june, july]]
    assert light(TROMSO, utc(2024, 12, 5), utc(2025, 1, 5)).shape == (0, 2)
    assert total(light((-90.0, 0.0), june, july)) == 0
    assert light((90.0, 0.0), june, july).tolist() == [[june, july]]


def test_a_polar_year() -> None:
    found = light(TROMSO, utc(2024, 1, 1), utc(2025, 1, 1))
    longest = found[np.argmax(found[:, 1] - found[:, 0])]

    assert abs(longest[0] - utc(2024, 5, 18)) < 3 * DAY
    assert abs(longest[1] - utc(2024, 7, 26)) < 3 * DAY
    assert abs(found[0, 0] - utc(2024, 1, 15)) < 3 * DAY


@pytest.mark.parametrize(
    ("place", "day"),
    [
        ((-74.5, 82.73), (2024, 2, 9)),
        ((-72.0, 170.0), (2024, 2, 1)),
        ((-72.0, 82.73), (2024, 11, 10)),
        ((-70.0, 180.0), (2024, 11, 18)),
    ],
)
def test_light_asked_for_in_short_pieces_is_the_light_of_the_whole(
    place: tuple[float, float], day: tuple[int, int, int]
) -> None:
    """Beside a polar summer, where the sun sets after midnight or rises before it."""
    midnight = utc(*day) - round(240 * place[1])
    whole = light(place, midnight - 3 * DAY, midnight + 4 * DAY)

    for at in np.concatenate([np.arange(-20, 20), DAY // MINUTE + np.arange(-20, 20)]).tolist():
        start = midnight + at * MINUTE
        piece = light(place, start, start + MINUTE)
        assert piece.tolist() == clip(whole, start, start + MINUTE).tolist()


def test_a_day_without_sunset_lasts_from_midnight_to_midnight_of_its_meridian() -> None:
    """In the first night after a polar summer the sun is away some minutes, from midnight on."""
    place = (75.0, 82.73)
    found = light(place, utc(2024, 8, 1), utc(2024, 8, 31))

    assert (found[0, 1] + round(240 * place[1])) % DAY == 0
    assert 0 < found[1, 0] - found[0, 1] < HOUR


def test_some_time_after_sunrise_and_before_sunset() -> None:
    start = utc(2024, 4, 1)
    words: dict[str, Any] = {"daylight": {"after_sunrise": "30 min", "before_sunset": "1 h"}}
    plain, cut = light(GREENWICH, start, start + DAY), light(GREENWICH, start, start + DAY, **words)

    assert (cut - plain).tolist() == [[30 * MINUTE, -HOUR]]
    december = utc(2024, 12, 21)
    short: dict[str, Any] = {"daylight": {"after_sunrise": "4 h", "before_sunset": "4 h"}}
    assert light(GREENWICH, december, december + DAY, **short).shape == (0, 2)
    june, july = utc(2024, 6, 10), utc(2024, 6, 20)
    assert light(TROMSO, june, july, **words).tolist() == [[june, july]]


def test_daylight_cuts_hours() -> None:
    start = utc(2024, 12, 21)
    found = light(GREENWICH, start, start + DAY, hours="06:00-12:00, 13:00-15:00")

    assert found[:, 1].tolist() == [start + 12 * HOUR, start + 15 * HOUR]
    assert start + 8 * HOUR < found[0, 0] < start + 8 * HOUR + 10 * MINUTE


def test_daylight_needs_a_position() -> None:
    with pytest.raises(ValueError, match="position"):
        light(None, utc(2024, 1, 1), utc(2024, 1, 2))
