"""The clocks: the pinned tables, times that are shown twice or never, and offsets as steps."""

import datetime as dt
import pickle
import struct
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portsim.calendars import UnknownZone, local_seconds, offsets, to_utc, zone, zone_names

HOUR = 3600
DAY = 86_400
SOME_ZONES = [
    "Asia/Almaty",
    "Asia/Shanghai",
    "Europe/Berlin",
    "Africa/Casablanca",
    "America/Havana",
    "America/Recife",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "UTC",
]


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC).timestamp())


def changes_in_the_tables(name: str) -> list[tuple[int, int]]:
    """(instant, new offset) of each change since 1970, read from the TZif file (RFC 9636)."""
    data = resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()

    def counts(at: int) -> tuple[int, ...]:
        return struct.unpack(">6l", data[at + 20 : at + 44])

    isut, isstd, leap, n, types, chars = counts(0)
    at = 44 + n * 5 + types * 6 + chars + leap * 8 + isstd + isut
    _, _, _, n, types, _ = counts(at)
    at += 44
    instants = struct.unpack(f">{n}q", data[at : at + 8 * n])
    kinds = data[at + 8 * n : at + 9 * n]
    at += 9 * n
    shifts = [struct.unpack(">l", data[at + 6 * i : at + 6 * i + 4])[0] for i in range(types)]
    before = [shifts[0], *(shifts[kind] for kind in kinds)]
    return [
        (instant, shifts[kind])
        for instant, kind, old in zip(instants, kinds, before, strict=False)
        if shifts[kind] != old and instant >= 0
    ]


def test_almaty_changes_on_the_first_of_march_2024() -> None:
    times, values = offsets(zone("Asia/Almaty"), utc(2024, 1, 1), utc(2025, 1, 1))

    assert times.tolist() == [utc(2024, 1, 1), utc(2024, 2, 29, 18)]
    assert values.tolist() == [6 * HOUR, 5 * HOUR]


def test_the_same_name_gives_the_same_zone() -> None:
    assert zone("Asia/Almaty") is zone("Asia/Almaty")
    assert zone("Asia/Almaty").key == "Asia/Almaty"


@pytest.mark.parametrize(
    ("name", "near"),
    [("Almaty", "Asia/Almaty"), ("asia/almaty", "Asia/Almaty"), ("Asia/Shangai", "Asia/Shanghai")],
)
def test_an_unknown_name_names_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UnknownZone, match=near) as caught:
        zone(name)

    assert near in caught.value.nearest
    assert pickle.loads(pickle.dumps(caught.value)).nearest == caught.value.nearest


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "/etc/localtime", "Mars/Base"])
def test_names_outside_the_tables_are_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        zone(name)


def test_every_name_can_be_read() -> None:
    for name in zone_names():
        assert zone(name).key == name


@pytest.mark.parametrize("later", [False, True])
def test_an_ordinary_time(later: bool) -> None:
    day = dt.date(2024, 9, 21)

    assert to_utc(day, 10 * HOUR, zone("Asia/Shanghai"), later=later) == utc(2024, 9, 21, 2)
    assert to_utc(day, 24 * HOUR, zone("Asia/Shanghai"), later=later) == utc(2024, 9, 21, 16)
    assert to_utc(day, 30 * HOUR, zone("Asia/Shanghai"), later=later) == utc(2024, 9, 21, 22)


def test_a_time_shown_twice_opens_at_the_first_and_closes_at_the_second() -> None:
    berlin, almaty = zone("Europe/Berlin"), zone("Asia/Almaty")
    autumn, leap = dt.date(2024, 10, 27), dt.date(2024, 2, 29)

    assert to_utc(autumn, 9000, berlin, later=False) == utc(2024, 10, 27, 0, 30)
    assert to_utc(autumn, 9000, berlin, later=True) == utc(2024, 10, 27, 1, 30)
    assert to_utc(leap, 23 * HOUR, almaty, later=False) == utc(2024, 2, 29, 17)
    assert to_utc(leap, 23 * HOUR, almaty, later=True) == utc(2024, 2, 29, 18)


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("seconds", [2 * HOUR, 9000, 3 * HOUR])
def test_a_time_that_is_skipped_moves_to_the_first_that_exists(later: bool, seconds: int) -> None:
    spring = to_utc(dt.date(2024, 3, 31), seconds, zone("Europe/Berlin"), later=later)

    assert spring == utc(2024, 3, 31, 1)


def test_a_date_that_is_skipped_moves_to_the_next() -> None:
    for hour in (0, 10, 23):
        skipped = to_utc(dt.date(2011, 12, 30), hour * HOUR, zone("Pacific/Apia"), later=False)
        assert skipped == utc(2011, 12, 30, 10)


def test_no_zone_changes_twice_within_a_day() -> None:
    for name in zone_names():
        instants = [instant for instant, _ in changes_in_the_tables(name)]
        assert min(np.diff(instants), default=2 * DAY) > DAY, name


@pytest.mark.parametrize("name", SOME_ZONES)
def test_offsets_are_those_of_the_tables(name: str) -> None:
    stop = utc(2026, 1, 1)
    expected = [change for change in changes_in_the_tables(name) if 0 < change[0] < stop]

    times, values = offsets(zone(name), 0, stop)
    ruled = [c for c in zip(times.tolist(), values.tolist(), strict=True) if c[0] > 0]

    last = expected[-1][0] if expected else 0
    assert [change for change in ruled if change[0] <= last] == expected
    assert times.dtype == values.dtype == np.int64


def test_offsets_follow_the_rule_beyond_the_tables() -> None:
    times, _ = offsets(zone("Europe/Berlin"), utc(2050, 1, 1), utc(2051, 1, 1))

    assert times.tolist() == [utc(2050, 1, 1), utc(2050, 3, 27, 1), utc(2050, 10, 30, 1)]


def test_offsets_take_the_edges_half_open() -> None:
    change = utc(2024, 2, 29, 18)
    almaty = zone("Asia/Almaty")

    assert offsets(almaty, change - 1, change)[1].tolist() == [6 * HOUR]
    assert offsets(almaty, change - 1, change + 1)[0].tolist() == [change - 1, change]
    assert offsets(almaty, change, change + 1)[1].tolist() == [5 * HOUR]
    with pytest.raises(ValueError, match="empty"):
        offsets(almaty, change, change)


def test_local_seconds_of_nothing() -> None:
    assert local_seconds(np.array([], np.int64), zone("Asia/Almaty")).shape == (0,)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(SOME_ZONES),
    st.lists(st.integers(0, utc(2060, 1, 1)), min_size=1, max_size=8),
)
def test_local_seconds_are_those_of_the_clock(name: str, instants: list[int]) -> None:
    near = [min(instants) + (t - min(instants)) % (3 * 366 * DAY) for t in instants]
    found = local_seconds(np.array(near, np.int64), zone(name))

    for t, local in zip(near, found.tolist(), strict=True):
        wall = dt.datetime.fromtimestamp(t, zone(name)).replace(tzinfo=dt.UTC)
        assert local == int(wall.timestamp())


@settings(deadline=None)
@given(st.sampled_from(SOME_ZONES), st.integers(0, utc(2060, 1, 1)))
def test_there_and_back_again(name: str, t: int) -> None:
    local = int(local_seconds(np.array([t]), zone(name))[0])
    date = dt.date(1970, 1, 1) + dt.timedelta(days=local // DAY)
    first, second = (to_utc(date, local % DAY, zone(name), later=late) for late in (False, True))

    assert t in (first, second)
    assert first <= second
    yesterday = date - dt.timedelta(days=1)
    assert to_utc(yesterday, local % DAY + DAY, zone(name), later=False) == first


@settings(deadline=None)
@given(
    st.sampled_from(SOME_ZONES),
    st.dates(dt.date(1971, 1, 1), dt.date(2060, 1, 1)),
    st.integers(0, 2 * DAY),
    st.integers(0, 2 * DAY),
)
def test_a_later_wall_clock_is_never_an_earlier_instant(
    name: str, date: dt.date, a: int, b: int
) -> None:
    opens, closes = sorted((a, b))

    for later in (False, True):
        assert to_utc(date, opens, zone(name), later=later) <= to_utc(
            date, closes, zone(name), later=later
        )
    assert to_utc(date, opens, zone(name), later=False) <= to_utc(
        date, closes, zone(name), later=True
    )
