"""Days laid one after the other, and the trucks that come in them."""

import datetime as dt

import numpy as np
import pytest

from demand.ports import DAY, HOUR, port
from portsim.calendars import local_seconds, zone
from portsim.demand import calendar_intervals, draw_recurring, recurring, steady, window

SMALL = "period: {from: 2024-03-04, to: 2024-03-24, warm_up: 1 week}"


def laid(scenario, least=56, most=91, warm_up=14):
    return recurring(scenario, least=least, most=most, warm_up=warm_up)


def days_of(scenario, days):
    """The real date of each laid day that is measured."""
    real = days.real_seconds(days.edges[:-1])
    local = local_seconds(real, zone(scenario.timezone))
    return [dt.date(1970, 1, 1) + dt.timedelta(days=int(day)) for day in local // DAY]


@pytest.mark.parametrize(
    ("period", "count"),
    [
        # As often, and as a whole, as it takes for 56 days.
        ("from: 2024-03-05, to: 2024-03-05", 56),
        ("from: 2024-03-04, to: 2024-03-13", 60),
        ("from: 2024-03-04, to: 2024-05-28", 86),
        # Thirteen weeks of fifty-two.
        ("from: 2023-01-02, to: 2023-12-31", 91),
        ("from: 2014-01-01, to: 2023-12-31", 91),
    ],
)
def test_the_days_of_the_period_come_again_and_again(tmp_path, period, count):
    scenario = port(tmp_path, (SMALL, f"period: {{{period}}}\ncompletion: {{limit: 4 h}}"))
    days = laid(scenario)
    dates = days_of(scenario, days)
    assert days.days == len(dates) == count
    first, last = scenario.period.from_, scenario.period.to
    assert min(dates) >= first
    assert max(dates) <= last
    length = (last - first).days + 1
    if length <= 91:
        assert dates == [first + dt.timedelta(days=at % length) for at in range(count)]
    else:
        starts = dates[::7]
        gaps = np.diff([date.toordinal() for date in starts])
        assert gaps.max() - gaps.min() <= 7
        assert {date.weekday() for date in starts} == {first.weekday()}


def test_open_hours_are_those_of_the_real_days(tmp_path):
    scenario = port(tmp_path, (SMALL, "period: {from: 2024-03-04, to: 2024-03-10}"))
    days = laid(scenario)
    run = window(scenario)
    for name in ("day", "week", "night"):
        real = calendar_intervals(scenario, name, run.start - 9 * DAY, run.stop + 9 * DAY)
        found = days.intervals(real)
        assert (found[1:, 0] > found[:-1, 1]).all()
        seconds = np.arange(days.run.origin, days.run.stop, 977)
        there = days.real_seconds(seconds)

        def inside(at, rows):
            return [bool(((rows[:, 0] <= t) & (t < rows[:, 1])).any()) for t in at.tolist()]

        assert inside(seconds, found) == inside(there, real)


def test_a_clock_change_within_the_days_is_kept(tmp_path):
    """31 March 2024 in Berlin has 23 hours, each time it comes."""
    scenario = port(
        tmp_path,
        ("timezone: Asia/Shanghai", "timezone: Europe/Berlin"),
        (SMALL, "period: {from: 2024-03-30, to: 2024-04-01}"),
        old="arrival\n2024-03-30 12:00\n",
    )
    days = laid(scenario)
    lengths = np.diff(days.edges) / HOUR
    assert lengths.tolist() == [24, 23, 24] * 19
    noon = days.edges[:-1] + 12 * HOUR
    clock = days.local(noon)
    assert (clock % DAY / HOUR).tolist() == [12, 13, 12] * 19
    assert np.diff(clock // DAY).tolist() == [1] * 56


def test_trucks_come_as_often_as_in_the_period_without_its_season(tmp_path):
    """The class whose rate is half as large again in March comes as often, on each weekday."""
    scenario = port(tmp_path, (SMALL, "period: {from: 2024-02-12, to: 2024-04-07}"))
    arrivals = steady(scenario)
    # 31 of 56 days in March, at 1.5 times the rate; Sundays, of which 5 of 8 are in March, at 0.2.
    march = np.array([1.5 if d.month == 3 else 1.0 for d in _dates(scenario)])
    sunday = np.array([0.2 if d.weekday() == 6 else 1.0 for d in _dates(scenario)])
    right = 30 * (march * sunday).sum() / sunday.sum()
    assert arrivals["tea"].rate == pytest.approx(right)
    assert arrivals["cars"].rate == pytest.approx(20)
    days = laid(scenario, least=364, most=364)
    trucks = draw_recurring(scenario, days, arrivals, 7, 1, 4.0)
    tea = trucks.cls == trucks.class_names.index("tea")
    per_day = tea.sum() / (len(_dates(scenario)) * 7 + 14)
    assert per_day == pytest.approx(4 * right * (6.2 / 7), rel=0.03)


def _dates(scenario):
    first, last = scenario.period.from_, scenario.period.to
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def test_fewer_are_some_of_more_and_records_come_once(tmp_path):
    scenario = port(tmp_path)
    days = laid(scenario)
    trucks = draw_recurring(scenario, days, steady(scenario), 7, 1, 6.0)
    before = np.zeros(len(trucks.arrival), dtype=bool)
    counts = {}
    for times in (0.5, 1.0, 2.0, 6.0):
        come = trucks.come(scenario, times)
        assert not (before & ~come).any()
        before = come
        by_class = np.bincount(trucks.cls[come], minlength=len(trucks.class_names))
        counts[times] = dict(zip(trucks.class_names, by_class.tolist(), strict=True))
    assert before.all()
    for name in ("tea", "cars", "fruit", "convoy"):
        assert counts[6.0][name] == pytest.approx(6 * counts[1.0][name], rel=0.12)
    assert counts[6.0]["old"] == counts[2.0]["old"] == counts[1.0]["old"] > counts[0.5]["old"]


def test_drivers_follow_the_laid_hours(tmp_path):
    scenario = port(tmp_path)
    days = laid(scenario)
    trucks = draw_recurring(scenario, days, steady(scenario), 7, 1, 1.0)
    real = days.real_seconds(trucks.arrival)
    clock = local_seconds(real, zone(scenario.timezone)) % DAY / HOUR
    clerks = trucks.cls == trucks.class_names.index("clerks")
    assert ((clock[clerks] >= 9) & (clock[clerks] < 17)).all()
    cars = trucks.cls == trucks.class_names.index("cars")
    assert ((clock[cars] >= 22) | (clock[cars] < 6)).all()
