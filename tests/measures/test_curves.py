"""Curves of a busy week against a count of every second."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from plans import DAY, HOUR, Stage, Truck, Visit, plan, servers
from portsim.engines import DIVERTED, GAVE_UP, RELEASED
from portsim.engines.simpy import run
from portsim.measures import Measurement, measure

START, END = DAY, 9 * DAY + 1800
"""A warm-up of a day; the last hour of the period is half an hour."""


@pytest.fixture(scope="module")
def week():
    rng = np.random.default_rng(5)
    arrivals = np.sort(rng.integers(0, END, 900))
    trucks = [
        Truck(
            int(second),
            [
                Visit(
                    "gate", int(rng.exponential(400)), {"lane": 1},
                    patience=int(rng.integers(1, 60_000)), tolerance=int(rng.integers(20, 40)),
                ),
                Visit("desk", int(rng.exponential(900)), {"clerk": 1}),
            ],
            pieces=int(rng.integers(1, 4)),
            cls=str(rng.choice(["tea", "cars"])),
        )
        for second in arrivals
    ]  # fmt: skip
    hours = [(day * DAY + 8 * HOUR, day * DAY + 20 * HOUR) for day in range(10)]
    made = plan(
        END,
        {"lane": servers(1), "clerk": servers(2)},
        {"gate": Stage(hours), "desk": Stage()},
        trucks,
        start=START,
    )
    names = made.context.class_names
    hour_of_week = (np.arange(-(-(END - START) // HOUR)) + 150) % 168
    context = replace(
        made.context,
        directions=tuple("import" if name == "cars" else "export" for name in names),
        hour_of_week=hour_of_week,
        day_edges=np.arange(START, END, DAY),
    )
    made = replace(made, context=context)
    log = run(made)
    assert set(log.outcome.tolist()) >= {RELEASED, DIVERTED, GAVE_UP}
    return (
        made,
        log,
        {(c.cls, c.place, c.curve): c for c in measure(Measurement(made, log)).curves},
    )


def presence(begin, finish, weight):
    """The weight present at each second."""
    steps = np.zeros(END + 1, dtype=np.int64)
    np.add.at(steps, begin, weight)
    np.add.at(steps, finish, -weight)
    return np.cumsum(steps)[:END]


def of_stage(made, log, *stages):
    truck = np.repeat(np.arange(made.trucks), np.diff(made.first_visit))
    at = np.flatnonzero(np.isin(made.visit_stage, stages) & (log.queued >= 0))
    gone = np.where(log.left < 0, END, log.left)[truck]
    until = np.where(log.admitted < 0, gone, log.admitted)
    return presence(log.queued[at], until[at], made.context.pieces[truck[at]])


def hourly(values):
    edges = [*range(START, END, HOUR), END]
    return [values[a:b].mean() for a, b in pairwise(edges)]


def test_late_trucks_stand_on_the_day_they_come(week):
    made, log, drawn = week
    limit, last = made.context.limit, END - made.context.limit
    judged = (made.arrival >= START) & (made.arrival < last)
    late = judged & ~((log.outcome == RELEASED) & (log.left - made.arrival <= limit))
    curve = drawn["all", "", "late"]
    for day, (a, b) in enumerate(pairwise(made.context.day_edges)):
        here = late & (made.arrival >= a) & (made.arrival < b)
        expected = made.context.pieces[here].sum() if b <= last else np.nan
        np.testing.assert_equal(curve.y[day], expected)
    assert np.nansum(curve.y) > 20
    assert np.isnan(curve.y).any()


def test_work_stands_in_the_hour_it_joins_the_queue(week):
    made, log, drawn = week
    hours = (END - START) // HOUR
    of_week = made.context.hour_of_week
    for place, stage in (("lane", 0), ("clerk", 1)):
        by_hour = np.zeros(hours)
        for visit in np.flatnonzero((made.visit_stage == stage) & (log.queued >= START)):
            hour = (log.queued[visit] - START) // HOUR
            if hour < hours:
                by_hour[hour] += made.visit_work[visit] / HOUR
        for week_hour in range(168):
            some = by_hour[of_week[:hours] == week_hour]
            assert np.isclose(drawn["all", place, "week_work"].y[week_hour], some.mean())
            assert np.isclose(drawn["all", place, "week_work_most"].y[week_hour], some.max())
    # The gate is open from 8 to 20, and its lanes have no roster of their own.
    there = drawn["all", "clerk", "week_rostered"].y
    assert there.min() == there.max() == 2


def test_hourly_means_of_inside_and_queue_are_exact(week):
    made, log, drawn = week
    out = np.where(log.left < 0, END, log.left)
    inside = drawn["all", "", "inside"]
    assert inside.x.tolist() == list(range(8 * 24 + 1))
    np.testing.assert_allclose(
        inside.y, hourly(presence(made.arrival, out, made.context.pieces)), rtol=1e-12
    )
    queue = drawn["all", "", "queue"]
    np.testing.assert_allclose(queue.y, hourly(of_stage(made, log, 0, 1)), rtol=1e-12, atol=1e-12)
    assert queue.y.max() > 20
    assert {c.x_unit for c in (inside, queue)} == {"h"}


@pytest.mark.parametrize(("place", "stages"), [("", (0, 1)), ("gate", (0,)), ("desk", (1,))])
def test_the_mean_week_is_the_mean_of_the_hours_of_the_week(week, place, stages):
    made, log, drawn = week
    hours = np.array(hourly(of_stage(made, log, *stages)))
    curve = drawn["all", place, "week"]
    assert curve.x.tolist() == list(range(168))
    for hour in range(168):
        mine = hours[made.context.hour_of_week == hour]
        assert curve.y[hour] == pytest.approx(
            mine.mean() if len(mine) else np.nan, abs=1e-12, nan_ok=True
        )


def test_arrivals_less_all_that_left_are_the_trucks_inside(week):
    made, log, drawn = week
    outcomes = {"releases": RELEASED, "diverted": DIVERTED, "given_up": GAVE_UP}
    for name, classes in (("all", (0, 1)), ("export", "tea"), ("import", "cars")):
        mine = np.ones(made.trucks, dtype=bool)
        if name != "all":
            mine = made.context.truck_class == made.context.class_names.index(classes)
        weight = made.context.pieces * mine
        came = drawn[name, "", "arrivals"]
        left = {curve: drawn[name, "", curve] for curve in outcomes}
        ends = [*range(START + HOUR, END, HOUR), END]
        assert came.x.tolist() == [(end - START) / HOUR for end in ends]
        for curve in left.values():
            assert curve.x.tolist() == came.x.tolist()
            assert curve.y[-1] > 0
        for number, end in enumerate(ends):
            there = weight[(made.arrival < end) & ((log.left < 0) | (log.left >= end))].sum()
            assert came.y[number] - sum(curve.y[number] for curve in left.values()) == there
            for curve, outcome in outcomes.items():
                out = (log.outcome == outcome) & (log.left >= START) & (log.left < end)
                assert left[curve].y[number] == weight[out].sum()


def test_throughput_by_day(week):
    made, log, drawn = week
    curve = drawn["all", "", "throughput"]
    out = log.outcome == RELEASED
    wanted = [
        made.context.pieces[out & (log.left >= a) & (log.left < a + DAY)].sum()
        for a in range(START, 9 * DAY, DAY)
    ]
    assert curve.x.tolist() == list(range(8))
    assert curve.y.tolist() == wanted


def test_the_share_that_has_left_after_so_many_hours(week):
    """Of the cohort, those still inside at the end among them, who never count as released."""
    made, log, drawn = week
    for name in ("all", "export", "import"):
        curve = drawn[name, "", "stay"]
        assert (curve.x_unit, curve.unit) == ("h", "share")
        assert {1.0, 24.0, 168.0, 8760.0} <= set(curve.x.tolist())
        mine = (log.outcome == RELEASED) | (log.outcome == 0)
        mine &= (made.arrival >= START) & (made.arrival < END - DAY)
        if name != "all":
            mine &= np.array(made.context.directions)[made.context.truck_class] == name
        stay = np.where(log.outcome == RELEASED, log.left - made.arrival, 10**9)[mine]
        stays = np.repeat(stay, made.context.pieces[mine]) / HOUR
        for hours, share in zip(curve.x, curve.y, strict=True):
            assert share == pytest.approx((stays <= hours).mean())


def test_each_curve_stands_once(week):
    _, _, drawn = week
    assert {curve for _, _, curve in drawn} == {
        "queue", "inside", "arrivals", "releases", "diverted", "given_up", "throughput", "week",
        "stay", "month", "month_completed", "late", "week_work", "week_work_most", "week_rostered",
    }  # fmt: skip
    assert len([key for key in drawn if key[2] == "month"]) == 1
