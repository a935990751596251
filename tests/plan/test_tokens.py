"""Token lists worked out on paper: until end, next, a stage and exit, with stages skipped."""

import pytest

from demand.ports import plan_of, port, trucks_of
from portsim.plan.tokens import Bill, Lists, bills

TEXT = """\
name: tokens
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-06}
resources:
  lanes: {capacity: 4}
  officers: {capacity: 9}
  escort: {capacity: 3}
  permits: {kind: budget, level: 1000, refill: 00:00}
  tractors: {kind: store, level: 5}
stages:
  gate:
    takes: {lanes: {until: next}, officers: 1, escort: {count: 2, until: inspection}}
    time: 1 min
  declaration:
    takes: {officers: 2}
    spends: {permits: {count: 2, per: resident}, tractors: 1}
    offers: {tractors: {count: 3, per: piece}}
    share: 0.5
    time: 1 min
  inspection:
    takes: {lanes: {count: all, until: exit}}
    share: 0.5
    time: 1 min
  release:
    takes: {officers: {until: next}}
    spends: {permits: 1}
    share: 0.5
    time: 1 min
traffic:
  tea:
    direction: export
    arrivals: {rate: 100 per day}
    residents: {uniform: {low: -0.4, high: 3.4}}
    pieces: 2
    route: [gate, declaration, inspection, release]
"""
ROUTE = ["gate", "declaration", "inspection", "release"]
GATE = {"lanes": 1, "officers": 1, "escort": 2}


def declaration(residents):
    permits = {"permits": 2 * residents} if residents else {}
    return {"officers": 2, "tractors": 1} | permits


@pytest.fixture
def scenario(tmp_path):
    return port(tmp_path, text=TEXT.replace("low: -0.4", "low: 0"))


def worked_out(scenario, passed, residents=3):
    units = {"truck": 1, "piece": 2, "resident": residents}
    return bills(scenario, ROUTE, [name in passed for name in ROUTE], units)


def test_all_stages_passed(scenario):
    assert worked_out(scenario, ROUTE) == [
        Bill(GATE, {}, {"officers": 1}),
        Bill(declaration(3), {"lanes": 1}, {"officers": 2, "tractors": 6}),
        Bill({"lanes": 4}, {"escort": 2}, {}),
        Bill({"officers": 1, "permits": 1}, {}, {"officers": 1, "lanes": 4}),
    ]


def test_next_is_the_next_stage_that_the_truck_passes(scenario):
    assert worked_out(scenario, ["gate", "inspection", "release"]) == [
        Bill(GATE, {}, {"officers": 1}),
        Bill({"lanes": 4}, {"lanes": 1, "escort": 2}, {}),
        Bill({"officers": 1, "permits": 1}, {}, {"officers": 1, "lanes": 4}),
    ]


def test_kept_until_a_stage_that_is_skipped_goes_back_at_the_first_one_after_it(scenario):
    assert worked_out(scenario, ["gate", "declaration", "release"]) == [
        Bill(GATE, {}, {"officers": 1}),
        Bill(declaration(3), {"lanes": 1}, {"officers": 2, "tractors": 6}),
        Bill({"officers": 1, "permits": 1}, {"escort": 2}, {"officers": 1}),
    ]


def test_what_is_still_held_goes_back_at_the_last_end_of_work(scenario):
    assert worked_out(scenario, ["gate", "declaration"], residents=0) == [
        Bill(GATE, {}, {"officers": 1}),
        Bill(declaration(0), {"lanes": 1}, {"officers": 2, "tractors": 6, "escort": 2}),
    ]
    assert worked_out(scenario, ["gate"]) == [Bill(GATE, {}, GATE)]
    assert worked_out(scenario, ["declaration", "inspection"], residents=1) == [
        Bill(declaration(1), {}, {"officers": 2, "tractors": 6}),
        Bill({"lanes": 4}, {}, {"lanes": 4}),
    ]
    assert worked_out(scenario, []) == []


def test_the_lists_of_a_plan_are_those_of_each_truck(scenario):
    """Every truck of a drawn replication, residents and skipped stages of its own."""
    trucks, plan = trucks_of(scenario), plan_of(scenario)
    names = plan.context.resource_names
    assert plan.tokens(0) == ()
    seen = set()
    for truck in range(plan.trucks):
        visits = range(plan.first_visit[truck], plan.first_visit[truck + 1])
        passed = [plan.context.stage_names[plan.visit_stage[visit]] for visit in visits]
        residents = int(trucks.residents[truck])
        seen.add((tuple(passed), residents))
        found = [
            Bill(
                *(
                    {names[what]: n for what, n in plan.tokens(int(column[visit]))}
                    for column in (plan.visit_take, plan.visit_give_in, plan.visit_give_out)
                )
            )
            for visit in visits
        ]
        assert found == worked_out(scenario, passed, residents)
    assert len({passed for passed, _ in seen}) == 8
    assert {residents for _, residents in seen} == {0, 1, 2, 3}


def test_each_list_stands_once_in_the_table():
    lists = Lists(["a", "b"])
    assert [lists.row(x) for x in ({}, {"b": 1, "a": 2}, {"a": 2, "b": 1}, {"a": 1}, {})] == [
        0, 1, 1, 2, 0,
    ]  # fmt: skip
    assert list(lists.rows) == [(), ((0, 2), (1, 1)), ((0, 1),)]


def test_all_of_a_roster_is_the_sum_of_its_shifts(tmp_path):
    text = TEXT.replace(
        "lanes: {capacity: 4}",
        "lanes: {roster: [{calendar: am, count: 2}, {calendar: day, count: 3}]}",
    )
    text = text.replace(
        "resources:\n",
        'calendars: {am: {hours: "08:00-12:00"}, day: {hours: "08:00-20:00"}}\nresources:\n',
        1,
    )
    text = text.replace("    time: 1 min", "    at_close: finish\n    time: 1 min")
    scenario = port(tmp_path, text=text.replace("low: -0.4", "low: 0"))
    assert worked_out(scenario, ["inspection"]) == [Bill({"lanes": 5}, {}, {"lanes": 5})]
