"""Calendars in words against open seconds found by hand."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portsim.calendars import (
    Intervals,
    UnknownZone,
    contains,
    holiday_days,
    intersect,
    make_up_days,
    open_intervals,
    openings,
    shorten,
    total,
    union,
)
from portsim.scenario.calendar import Calendar

HOUR = 3600
DAY = 86_400
BEIJING = "Asia/Shanghai"
BAKHTU = (46.68, 82.73)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC).timestamp())


def opened(start: int, stop: int, zone: str = "UTC", **words: Any) -> Intervals:
    calendar = Calendar.model_validate(words)
    return open_intervals(calendar, port_zone=zone, position=BAKHTU, start=start, stop=stop)


def hours_of(date: str, zone: str = "UTC", **words: Any) -> list[list[float]]:
    """Open intervals of one UTC+8 or UTC day, in hours after its midnight."""
    shift = 8 * HOUR if zone == BEIJING else 0
    midnight = utc(*map(int, date.split("-"))) - shift
    found = opened(midnight, midnight + DAY, zone, **words)
    hours: list[list[float]] = ((found - midnight) / HOUR).tolist()
    return hours


@pytest.mark.parametrize(("day", "overlap"), [((2024, 2, 29), 8), ((2024, 3, 1), 6)])
def test_the_two_clocks_of_bakhtu(day: tuple[int, int, int], overlap: int) -> None:
    start = utc(*day)
    china = opened(start, start + DAY, BEIJING, hours="10:00-14:00, 15:00-19:00")
    kazakh = opened(
        start, start + DAY, BEIJING, hours="08:00-12:00, 13:00-17:00", timezone="Asia/Almaty"
    )

    assert total(china) == total(kazakh) == 8 * HOUR
    assert total(intersect(china, kazakh)) == overlap * HOUR


def test_in_step_since_the_change() -> None:
    start = utc(2024, 3, 10)
    china = opened(start, start + DAY, BEIJING, hours="10:00-22:00")
    kazakh = opened(start, start + DAY, BEIJING, hours="07:00-19:00", timezone="Asia/Almaty")

    assert china.tolist() == kazakh.tolist() == [[start + 2 * HOUR, start + 14 * HOUR]]


def test_round_the_clock_has_no_seams() -> None:
    start, stop = utc(2024, 2, 1) + 17, utc(2024, 12, 1) + 3

    for zone in (BEIJING, "Asia/Almaty", "Europe/Berlin", "America/Havana", "Pacific/Apia"):
        assert opened(start, stop, zone).tolist() == [[start, stop]]


def test_open_until_midnight_and_on() -> None:
    assert hours_of("2024-09-02", hours="20:00-24:00") == [[20, 24]]
    assert hours_of("2024-09-02", hours={"Mon": "20:00-24:00", "Tue": "00:00-02:00"}) == [[20, 24]]
    start = utc(2024, 9, 2)
    found = opened(start, start + 2 * DAY, hours={"Mon": "20:00-24:00", "Tue": "00:00-02:00"})
    assert found.tolist() == [[start + 20 * HOUR, start + 26 * HOUR]]


def test_hours_across_midnight_belong_to_the_day_on_which_they_start() -> None:
    words: dict[str, Any] = {"hours": {"Mon-Fri": "22:00-06:00"}}

    assert hours_of("2024-09-02", **words) == [[22, 24]]
    assert hours_of("2024-09-03", **words) == [[0, 6], [22, 24]]
    assert hours_of("2024-09-07", **words) == [[0, 6]]
    assert hours_of("2024-09-04", closed=["2024-09-04"], **words) == [[0, 6]]
    assert hours_of("2024-09-05", closed=["2024-09-04"], **words) == [[22, 24]]


def test_lunch() -> None:
    words: dict[str, Any] = {"hours": "08:00-17:00", "lunch": "12:00-13:00"}

    assert hours_of("2024-09-02", **words) == [[8, 12], [13, 17]]
    assert hours_of("2024-09-02", hours="08:00-12:30", lunch="12:00-13:00") == [[8, 12]]
    assert hours_of("2024-09-02", hours="12:10-12:50", lunch="12:00-13:00") == []


def test_lunch_at_night() -> None:
    words: dict[str, Any] = {"hours": {"Mon": "20:00-06:00"}, "lunch": "00:00-01:00"}

    assert hours_of("2024-09-03", **words) == [[1, 6]]
    across: dict[str, Any] = {"hours": {"Mon": "20:00-06:00"}, "lunch": "23:30-00:30"}
    assert hours_of("2024-09-02", **across) == [[20, 23.5]]
    assert hours_of("2024-09-03", **across) == [[0.5, 6]]
    early: dict[str, Any] = {"hours": {"Mon": "00:00-06:00"}, "lunch": "23:30-00:30"}
    assert hours_of("2024-09-02", **early) == [[0.5, 6]]


def test_last_entry() -> None:
    start = utc(2024, 9, 2)
    found = opened(start, start + DAY, hours="08:00-12:00, 13:00-17:00")

    assert shorten(found, HOUR).tolist() == [
        [start + 8 * HOUR, start + 11 * HOUR],
        [start + 13 * HOUR, start + 16 * HOUR],
    ]
    whole = opened(start, start + 3 * DAY)
    assert shorten(whole, HOUR).tolist() == [[start, start + 3 * DAY - HOUR]]


WEEK: dict[str, Any] = {
    "hours": {"Mon-Thu": "10:00-18:00", "Fri": "10:00-16:00"},
    "holidays": [{"country": "CN"}],
}


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2024-02-09", [[10, 16]]),  # Friday, the eve: no holiday in that year
        ("2024-02-12", []),  # Spring Festival
        ("2024-02-15", []),  # bridge
        ("2024-02-19", [[10, 18]]),
        ("2024-10-01", []),
        ("2024-10-07", []),
        ("2024-10-08", [[10, 18]]),
        ("2024-02-04", [[10, 18]]),  # for Thursday 15 February
        ("2024-02-18", [[10, 16]]),  # for Friday 16 February
        ("2024-09-14", [[10, 18]]),  # for Monday 16 September
        ("2024-09-29", [[10, 16]]),  # for Friday 4 October
        ("2024-09-28", []),  # an ordinary Saturday
    ],
)
def test_chinese_holidays_and_make_up_days(date: str, expected: list[list[int]]) -> None:
    assert hours_of(date, BEIJING, **WEEK) == expected


def test_a_day_of_december_that_makes_up_for_one_of_january() -> None:
    """Saturday 29 December 2001 for Wednesday 2 January 2002, asked for without any of 2002."""
    assert hours_of("2001-12-29", BEIJING, **WEEK) == [[10, 18]]
    assert hours_of("2002-01-02", BEIJING, **WEEK) == []


def test_make_up_days_can_be_declined() -> None:
    words = WEEK | {"holidays": [{"country": "CN", "make_up": False}]}

    assert hours_of("2024-09-29", BEIJING, **words) == []
    assert hours_of("2024-10-04", BEIJING, **words) == []


@pytest.mark.parametrize("more", [{"observed": False}, {"only": ["National Day"]}])
def test_who_works_on_the_bridge_day_makes_nothing_up(more: dict[str, Any]) -> None:
    words = WEEK | {"holidays": [{"country": "CN", **more}]}

    assert hours_of("2024-10-04", BEIJING, **words) == [[10, 16]]
    assert hours_of("2024-09-29", BEIJING, **words) == []
    assert hours_of("2024-10-01", BEIJING, **words) == []


def test_a_make_up_day_for_nobody_knows_which_day_is_worked_like_a_monday(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    saturday = dt.date(2024, 9, 28)
    monkeypatch.setattr(openings, "swapped_days", lambda *asked: {saturday: None})
    monkeypatch.setattr(holiday_days, "swapped_days", lambda *asked: {saturday: None})
    monkeypatch.setattr(openings, "_read", openings._read.__wrapped__)

    assert hours_of("2024-09-28", BEIJING, **WEEK) == [[10, 18]]
    assert make_up_days("CN", [2024]) == {saturday: 0}


def test_a_holiday_of_the_neighbour_closes_a_make_up_day() -> None:
    both = [{"country": "CN"}, {"country": "KZ"}]

    assert hours_of("2024-05-08", BEIJING, **WEEK) == [[10, 18]]
    assert hours_of("2024-05-08", BEIJING, **(WEEK | {"holidays": both})) == []
    assert hours_of("2024-09-29", BEIJING, **(WEEK | {"closed": ["2024-09-29"]})) == []


def test_a_holiday_takes_the_opening_that_starts_on_it_not_the_tail() -> None:
    words: dict[str, Any] = {"hours": "18:00-02:00", "holidays": [{"country": "CN"}]}

    assert hours_of("2024-10-01", BEIJING, **words) == [[0, 2]]
    assert hours_of("2024-10-08", BEIJING, **words) == [[18, 24]]


def test_nauryz() -> None:
    midnight = utc(2024, 3, 20) - 5 * HOUR
    found = opened(
        midnight,
        midnight + 7 * DAY,
        "Asia/Almaty",
        hours={"Mon-Fri": "09:00-18:00"},
        holidays=[{"country": "KZ"}],
    )

    assert ((found - midnight) // DAY).tolist() == [[0, 0], [6, 6]]


def test_the_edges_of_the_clock_change_in_europe() -> None:
    spring, autumn = utc(2024, 3, 30, 23), utc(2024, 10, 26, 22)
    berlin = "Europe/Berlin"

    missing = opened(spring, spring + DAY, berlin, hours="02:30-04:00")
    assert missing.tolist() == [[utc(2024, 3, 31, 1), utc(2024, 3, 31, 2)]]
    gone = opened(spring, spring + 23 * HOUR, berlin, hours="02:00-03:00")
    assert gone.shape == (0, 2)
    twice = opened(autumn, autumn + DAY, berlin, hours="02:30-02:45")
    assert twice.tolist() == [[utc(2024, 10, 27, 0, 30), utc(2024, 10, 27, 1, 45)]]
    night = opened(autumn, autumn + DAY, berlin, hours={"Sun": "00:00-06:00"})
    assert total(night) == 7 * HOUR


def test_valid_from_and_to() -> None:
    words: dict[str, Any] = {
        "hours": "22:00-02:00",
        "valid_from": "2024-09-03",
        "valid_to": "2024-09-04",
    }

    assert hours_of("2024-09-02", **words) == []
    assert hours_of("2024-09-03", **words) == [[22, 24]]
    assert hours_of("2024-09-04", **words) == [[0, 2], [22, 24]]
    assert hours_of("2024-09-05", **words) == [[0, 2]]


def test_closed_ranges_are_inclusive() -> None:
    start = utc(2024, 9, 1)
    found = opened(
        start,
        start + 10 * DAY,
        hours="08:00-09:00",
        closed=["2024-09-03..2024-09-05", "2024-09-08"],
    )

    assert ((found[:, 0] - start) // DAY).tolist() == [0, 1, 5, 6, 8, 9]


def test_the_last_period_that_covers_a_date_holds() -> None:
    words: dict[str, Any] = {
        "hours": "08:00-17:00",
        "lunch": "12:00-13:00",
        "periods": [
            {"valid_from": "2024-09-02", "hours": "09:00-18:00"},
            {
                "valid_from": "2024-09-03",
                "valid_to": "2024-09-04",
                "hours": "10:00-19:00",
                "lunch": "14:00-15:00",
            },
        ],
    }

    assert hours_of("2024-09-01", **words) == [[8, 12], [13, 17]]
    assert hours_of("2024-09-02", **words) == [[9, 18]]
    assert hours_of("2024-09-03", **words) == [[10, 14], [15, 19]]
    assert hours_of("2024-09-05", **words) == [[9, 18]]


def test_nothing_asked_nothing_given() -> None:
    assert opened(5, 5).shape == (0, 2)
    assert opened(5, 4).shape == (0, 2)
    assert opened(utc(2024, 1, 1), utc(2025, 1, 1), hours="closed").shape == (0, 2)
    assert opened(5, 5).dtype == np.int64


def test_an_unknown_zone() -> None:
    with pytest.raises(UnknownZone, match="Asia/Almaty"):
        opened(0, DAY, timezone="Asia/Almata")
    with pytest.raises(UnknownZone):
        opened(0, DAY, "Nowhere")


CLOCK = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02d}:{quarter % 4 * 15:02d}")
HOURS = st.one_of(
    st.just("closed"),
    st.just("round the clock"),
    st.tuples(CLOCK, CLOCK).filter(lambda pair: pair[0] < pair[1]).map("-".join),
)
CALENDARS = st.fixed_dictionaries(
    {
        "hours": st.one_of(
            st.just("22:00-06:00"),
            st.fixed_dictionaries({"Mon-Fri": HOURS, "Sat": HOURS, "Sun": HOURS}),
        ),
        "timezone": st.sampled_from([BEIJING, "Asia/Almaty", "Europe/Berlin", "America/Havana"]),
        "lunch": st.sampled_from(["closed", "12:00-13:00", "23:30-00:30"]),
        "holidays": st.lists(
            st.fixed_dictionaries(
                {
                    "country": st.sampled_from(["CN", "KZ"]),
                    "observed": st.booleans(),
                    "make_up": st.booleans(),
                }
            ),
            max_size=2,
        ),
        "closed": st.sampled_from([[], ["2024-03-05..2024-03-07"]]),
        "daylight": st.booleans(),
    }
)
INSTANTS = st.integers(utc(2023, 12, 20), utc(2024, 12, 31))


@settings(deadline=None, max_examples=60)
@given(CALENDARS, INSTANTS, st.integers(0, 40 * DAY), st.integers(0, 40 * DAY))
def test_a_calendar_cut_in_two_is_the_whole(
    words: dict[str, Any], start: int, first: int, second: int
) -> None:
    cut, stop = start + first, start + first + second

    whole = opened(start, stop, **words)
    halves = union(opened(start, cut, **words), opened(cut, stop, **words))

    assert whole.tolist() == halves.tolist()
    assert np.all(whole[:, 0] < whole[:, 1])
    assert np.all(whole[1:, 0] > whole[:-1, 1])
    if len(whole):
        assert start <= whole[0, 0]
        assert whole[-1, 1] <= stop


@settings(deadline=None, max_examples=40)
@given(st.fixed_dictionaries({f"{day}": HOURS for day in ("Mon", "Tue", "Wed", "Sun")}), INSTANTS)
def test_each_quarter_of_an_hour_against_the_wall_clock(week: dict[str, str], start: int) -> None:
    start -= start % 900
    quarters = np.arange(start, start + 8 * DAY, 900)
    found = contains(opened(start, start + 8 * DAY, BEIJING, hours=week), quarters)

    for t, is_open in zip(quarters.tolist(), found.tolist(), strict=True):
        wall = dt.datetime.fromtimestamp(t + 8 * HOUR, dt.UTC)
        text = week.get(wall.strftime("%a"), "closed")
        first, _, last = text.partition("-")
        expected = text == "round the clock" or first <= wall.strftime("%H:%M") < last
        assert is_open == (expected and text != "closed")
