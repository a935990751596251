"""Sites: plans from shared drafts and timetables are those built alone."""

import dataclasses

import numpy as np
import pytest

from demand.ports import PORT, port
from portsim.demand import draw
from portsim.plan import NEVER, Site, build, draft, timetable

WIND = """\
    closures: [{name: wind, every: {exponential: {mean: 2 days}}, lasts: 3 h}]
    takes: {lanes: {count: 1, until: release}}
"""
BROKEN = "  lanes: {capacity: 2, breakdowns: [{every: {exponential: {mean: 1 day}}, repair: 2 h}]}"
TEXT = PORT.replace("    takes: {lanes: 1}\n", WIND).replace("  lanes: {capacity: 2}", BROKEN)
OTHER = (("10:00-14:00, 15:00-19:00", "09:00-21:00"), ("capacity: 2", "capacity: 3"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Two scenarios of other hours, their trucks, and a draft laid out for the first."""
    scenarios = [
        port(tmp_path_factory.mktemp("site"), *changes, text=TEXT) for changes in ((), OTHER)
    ]
    trucks = draw(scenarios[0], 7, 1)
    return scenarios, trucks, draft(scenarios[0], trucks)


def decoded(plan):
    """All of a plan by name; kinds and token lists written out, whatever their numbers."""
    found = {field.name: getattr(plan, field.name) for field in dataclasses.fields(plan)}
    context = found.pop("context")
    for name in [name for name in found if name.startswith(("list_", "kind_", "visit_kind"))]:
        del found[name]
    found["visit_stage"] = plan.visit_stage
    for name in ("visit_take", "visit_give_in", "visit_give_out"):
        tokens = [plan.tokens(row) for row in range(len(plan.list_start) - 1)]
        found[name] = [tokens[row] for row in getattr(plan, name).tolist()]
    found |= {field.name: getattr(context, field.name) for field in dataclasses.fields(context)}
    return {
        name: (str(value.dtype), value.shape, value.tolist())
        if isinstance(value, np.ndarray)
        else value
        for name, value in found.items()
    }


@pytest.mark.parametrize("times", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("number", [0, 1])
def test_a_plan_from_a_shared_draft_is_the_plan_built_alone(shared, number, times):
    scenarios, trucks, laid_out = shared
    scenario = scenarios[number]
    found = Site(timetable(scenario), laid_out).at(times)
    wanted = build(scenario, trucks.at(scenario, times))
    assert decoded(found) == decoded(wanted)
    assert 0 < found.trucks < len(trucks.arrival) or times == 4.0
    assert (found.visit_patience != NEVER).any()
    assert (found.visit_tolerance != NEVER).any()


def test_the_scenarios_differ_in_what_they_do_not_share(shared):
    scenarios, _, laid_out = shared
    first, second = (decoded(Site(timetable(s), laid_out).at()) for s in scenarios)
    others = {name for name in first if first[name] != second[name]}
    assert others == {
        "admit", "admit_start", "work", "work_start", "open_hours",
        "resource_initial", "change_value",
    }  # fmt: skip


def test_plans_leave_draft_and_timetable_as_they_were(shared):
    scenarios, trucks, laid_out = shared
    table = timetable(scenarios[0])
    site = Site(table, laid_out)
    before = decoded(site.at())
    again = Site(table, draft(scenarios[0], draw(scenarios[0], 7, 2)))
    site.at(4.0)
    again.at()
    assert decoded(site.at()) == before == decoded(build(scenarios[0], trucks.at(scenarios[0])))


def test_replications_have_other_closures_and_breakdowns_in_one_timetable(shared):
    scenarios, _, laid_out = shared
    table = timetable(scenarios[0])
    other = draft(scenarios[0], draw(scenarios[0], 7, 2))
    first, second = (Site(table, one).at() for one in (laid_out, other))
    assert first.works(0).tolist() != second.works(0).tolist()
    assert first.change_time.tolist() != second.change_time.tolist()


def test_a_draft_of_fewer_trucks_is_enough_for_their_plan(shared):
    scenarios, trucks, laid_out = shared
    few = draft(scenarios[0], trucks.at(scenarios[0], 2.0))
    table = timetable(scenarios[0])
    assert decoded(Site(table, few).at()) == decoded(Site(table, laid_out).at())
    assert Site(table, few).at(4.0).trucks == Site(table, few).all().trucks
    assert Site(table, few).all().trucks == trucks.come(scenarios[0], 2.0).sum()


def test_no_trucks_make_an_empty_plan(shared):
    scenarios, _, laid_out = shared
    found = Site(timetable(scenarios[0]), laid_out).at(0.0)
    assert (found.trucks, len(found.visit_stage), found.first_visit.tolist()) == (0, 0, [0])
    alone = build(scenarios[0], laid_out.trucks.at(scenarios[0], 0.0))
    assert (alone.trucks, alone.first_visit.tolist()) == (0, [0])


def test_a_draft_for_other_visits_is_refused(shared, tmp_path):
    _, _, laid_out = shared
    slower = port(tmp_path, ("mean: 5 min", "mean: 6 min"), text=TEXT)
    with pytest.raises(ValueError, match="not laid out for small"):
        Site(timetable(slower), laid_out)
