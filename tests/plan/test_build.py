"""Plans: visits with their times, moods, and what rides along for the measures."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from demand.ports import DAY, HOUR, PORT, plan_of, port, trucks_of
from plans import NEVER

TEXT = """\
name: build
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-06}
stages:
  gate: {time: 1 min}
  yard: {time: 1 min, share: 0.5}
  release: {time: 1 min}
traffic:
  tea:
    direction: export
    arrivals: {rate: 100 per day}
    route: [gate, yard, release]
"""


def made(tmp_path, *changes, **files):
    return plan_of(port(tmp_path, *changes, text=TEXT, **files))


@pytest.mark.parametrize(
    ("time", "seconds"),
    [("0.4 s", 0), ("0.6 s", 1), ("2.4 s", 2), ("2.6 s", 3), ("1 h 0.7 s", 3601), ("0 s", 0)],
)
def test_durations_are_rounded_to_the_nearest_second(tmp_path, time, seconds):
    found = made(tmp_path, ("gate: {time: 1 min}", f"gate: {{time: {time}}}"))
    assert set(found.visit_work[found.visit_stage == 0].tolist()) == {seconds}


def test_a_sum_of_parts_is_rounded_once(tmp_path):
    parts = "{per_truck: 0.4 s, per_piece: 0.4 s}"
    found = made(
        tmp_path,
        ("gate: {time: 1 min}", f"gate: {{time: {parts}}}"),
        ("    route", "    pieces: 3\n    route"),
    )
    assert set(found.visit_work[found.visit_stage == 0].tolist()) == {2}  # 0.4 + 3 × 0.4 = 1.6


def test_instants_are_rounded_down(tmp_path):
    rows = "arrival\n2024-03-04T08:00:00.999\n2024-03-04T00:00:01.999Z\n"
    found = made(tmp_path, ("{rate: 100 per day}", "{recorded: {file: old.csv}}"), old=rows)
    assert found.arrival.tolist() == [8 * HOUR, 8 * HOUR + 1]


def test_the_time_of_a_class_replaces_that_of_the_stage(tmp_path):
    found = made(tmp_path, ("[gate, yard, release]", "[{stage: gate, time: 7 min}, yard, release]"))
    assert set(found.visit_work[found.visit_stage == 0].tolist()) == {420}
    assert set(found.visit_work[found.visit_stage == 1].tolist()) == {60}


def moods(plan, stage):
    at = plan.visit_stage == plan.context.stage_names.index(stage)
    return {
        (p, t)
        for p, t in zip(
            plan.visit_patience[at].tolist(), plan.visit_tolerance[at].tolist(), strict=True
        )
    }


def test_patience_and_tolerance_stand_at_the_first_stage(tmp_path):
    found = made(tmp_path, ("    route", "    patience: 2 h\n    tolerance: 3.9\n    route"))
    assert moods(found, "gate") == {(7200, 3)}
    assert moods(found, "yard") == moods(found, "release") == {(NEVER, NEVER)}


def test_patience_and_tolerance_stand_at_the_stages_named(tmp_path):
    found = made(
        tmp_path,
        (
            "    route",
            (
                "    patience: {time: 0.2 s, stages: [yard, release]}\n"
                "    tolerance: {waiting: 0, stages: yard}\n    route"
            ),
        ),
    )  # fmt: skip
    assert moods(found, "gate") == {(NEVER, NEVER)}
    assert moods(found, "yard") == {(1, 0)}
    assert moods(found, "release") == {(1, NEVER)}


def test_one_patience_is_drawn_for_a_truck_and_all_its_queues(tmp_path):
    found = made(
        tmp_path,
        (
            "    route",
            "    patience: {time: {exponential: {mean: 1 h}}, stages: [gate, release]}\n    route",
        ),
    )  # fmt: skip
    first, last = found.first_visit[:-1], found.first_visit[1:] - 1
    assert found.visit_patience[first].tolist() == found.visit_patience[last].tolist()
    assert len(set(found.visit_patience[first].tolist())) > 100


def test_priorities_are_those_of_the_classes(tmp_path):
    more = (
        TEXT
        + "  apples:\n    direction: import\n    arrivals: {rate: 100 per day}\n"
        + "    priority: -5\n    route: [gate]\n"
    )
    found = plan_of(port(tmp_path, text=more))
    assert found.context.class_names == ("apples", "tea")
    assert found.context.directions == ("import", "export")
    assert found.priority.tolist() == [(-5, 0)[c] for c in found.context.truck_class]


def test_visits_are_in_the_order_of_trucks_and_routes(tmp_path):
    scenario = port(tmp_path)
    trucks, found = trucks_of(scenario), plan_of(scenario)
    assert found.arrival.tolist() == (trucks.arrival - found.context.origin).tolist()
    routes = {
        name: [step.stage for step in c.route] for name, c in scenario.traffic.classes.items()
    }
    for truck in range(found.trucks):
        rows = slice(found.first_visit[truck], found.first_visit[truck + 1])
        passed = [found.context.stage_names[n] for n in found.visit_stage[rows]]
        route = routes[trucks.class_names[trucks.cls[truck]]]
        assert passed == [name for name in route if name in passed]
        assert {"gate", "release"} <= set(passed)
    share = (found.visit_stage == 1).sum() / np.isin(trucks.cls, [1, 4, 5]).sum()
    assert 0 < share < 0.5


# ---- what rides along --------------------------------------------------------------------------


def test_days_months_nights_and_hours_of_the_week(tmp_path):
    """Almaty, 28 February to 2 March 2024 after a week: 29 February has 25 hours."""
    found = made(
        tmp_path,
        ("Asia/Shanghai", "Asia/Almaty"),
        ("from: 2024-03-04, to: 2024-03-06", "from: 2024-02-28, to: 2024-03-02, warm_up: 1 week"),
    )
    context, week = found.context, 7 * DAY
    begin = int(dt.datetime(2024, 2, 21, tzinfo=ZoneInfo("Asia/Almaty")).timestamp())
    assert context.origin == begin == 1708452000
    assert context.start == week
    assert found.end == week + 4 * DAY + HOUR
    hours = (context.day_edges - week) / HOUR
    assert hours.tolist() == [0, 24, 49, 73, 97]
    assert context.month_names == ("2024-02", "2024-03")
    assert ((context.month_edges - week) / HOUR).tolist() == [0, 49, 97]
    assert ((context.nights - week) / HOUR).tolist() == [4, 28, 53, 77]
    # Wednesday is day 2 of the week; Thursday's hour 23 passes twice.
    wanted = [*range(48, 72), *range(72, 96), 95, *range(96, 120), *range(120, 144)]
    assert context.hour_of_week.tolist() == wanted


def test_open_hours_are_where_all_its_calendars_are_open(tmp_path):
    scenario = port(tmp_path, ("open_hours: day", "open_hours: [day, week]"))
    context = plan_of(scenario).context
    day = [(10, 14), (15, 17)]
    wanted = [(24 * n + a, 24 * n + b) for n in range(28) if n % 7 < 5 for a, b in day]
    assert (context.open_hours / HOUR).tolist() == [list(row) for row in wanted]
    always = plan_of(port(tmp_path, ("open_hours: day\n", ""))).context
    assert always.open_hours.tolist() == [[0, 28 * DAY]]


def test_limit_and_clock_of_the_promise(tmp_path):
    context = plan_of(port(tmp_path)).context
    assert (context.limit, context.clock_stage) == (DAY, -1)
    assert not context.clock_admitted
    for event in ("queued", "admitted"):
        text = f"completion: {{limit: 36 h, from: release, event: {event}}}\n" + PORT
        context = plan_of(port(tmp_path, text=text)).context
        assert (context.limit, context.clock_stage) == (36 * HOUR, 2)
        assert context.clock_admitted == (event == "admitted")
