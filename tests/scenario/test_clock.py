"""Hours and weekdays in words."""

import pytest

from portsim.scenario.clock import parse_days, parse_spans, parse_time_of_day, parse_week
from portsim.scenario.validation_messages import ValueFault


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("8:00-20:00", ((8, 20),)),
        ("15:00-19:00, 10:00-14:00", ((10, 14), (15, 19))),
        ("22:00-06:00", ((22, 30),)),
        ("20:00-24:00", ((20, 24),)),
        ("22:00-0:00", ((22, 24),)),
        ("closed", ()),
        ("Round the clock", ((0, 24),)),
    ],
)
def test_spans(text, hours):
    assert parse_spans(text) == tuple((3600 * a, 3600 * b) for a, b in hours)


def test_weeks():
    week = parse_week({"Mon-Tue": "8:00-9:00", "Sun": "22:00-6:00"})
    assert week[0] == week[1] == ((28_800, 32_400),)
    assert week[2:6] == ((), (), (), ())
    assert week[6] == ((79_200, 108_000),)


def test_a_night_that_ends_when_the_next_day_opens():
    assert parse_week({"Sun": "22:00-6:00", "Mon": "6:00-8:00"})[0] == ((21_600, 28_800),)
    with pytest.raises(ValueFault) as caught:
        parse_week({"Sun": "22:00-6:00", "Mon": "5:00-8:00"})
    assert caught.value.at == ("Sun",)


def test_a_night_may_come_back_to_the_hours_of_its_own_day_if_the_next_is_closed():
    assert parse_week({"Fri": "8:00-10:00, 22:00-9:00"})[4] == ((28_800, 36_000), (79_200, 118_800))
    with pytest.raises(ValueFault):
        parse_week("8:00-10:00, 22:00-9:00")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon", (0,)),
        ("monday", (0,)),
        ("Mon-Fri", (0, 1, 2, 3, 4)),
        ("Fri–Mon", (4, 5, 6, 0)),
        ("Sat, Sun", (5, 6)),
        ("daily", tuple(range(7))),
    ],
)
def test_days(text, days):
    assert parse_days(text) == days


@pytest.mark.parametrize(("text", "seconds"), [("8:00", 28_800), ("24:00", 86_400), ("0:30", 1800)])
def test_times_of_day(text, seconds):
    assert parse_time_of_day(text) == seconds


@pytest.mark.parametrize("text", ["8", 8, "24:01", "8:60", "8:00-9:00", None, True, "8:00, 9:00"])
def test_no_times_of_day(text):
    with pytest.raises(ValueFault):
        parse_time_of_day(text)
