"""Preferred trucks: a drawn share of a class that goes first, or goes by some stages."""

from dataclasses import replace

import numpy as np
import pytest

from demand.ports import PORT, facts, plan_of, port, trucks_of
from portsim.demand import draw, uniforms
from portsim.engines import RELEASED, compiled
from portsim.plan import Site, draft, draft_key, timetable

ROUTE = "    route: [gate, inspection, release]\n  convoy:"
PREFERRED = "{share: 0.25, priority: -2, skips: [inspection]}"
FIRST = (ROUTE, f"    priority: 3\n    preferred: {PREFERRED}\n{ROUTE}")


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    scenario = port(tmp_path_factory.mktemp("first"), FIRST)
    return scenario, trucks_of(scenario), plan_of(scenario)


def test_a_uniform_a_truck_says_who_goes_first(known):
    scenario, trucks, plan = known
    for name, ordinary in (("tea", 3), ("convoy", 0)):
        mine = trucks.members(trucks.class_names.index(name))
        u = uniforms(scenario.seed, 1, f"class {name}", "preferred", trucks.index.max() + 1)
        first = (u[trucks.index[mine]] < 0.25) & (name == "tea")
        assert plan.priority[mine].tolist() == np.where(first, -2, ordinary).tolist()
        inspected = {
            n
            for n in mine.tolist()
            if 1 in plan.visit_stage[plan.first_visit[n] : plan.first_visit[n + 1]]
        }
        assert inspected.isdisjoint(mine[first].tolist())
        share = len(inspected) / (~first).sum()
        assert share == pytest.approx(0.3 if name == "tea" else 0.5, abs=0.1)


def test_they_move_no_other_draw(known, tmp_path):
    scenario, *_ = known
    found, before = facts(scenario), facts(port(tmp_path))
    assert found.keys() == before.keys()
    for key, row in before.items():
        mine = found[key]
        assert (mine[:4], mine[5]) == (row[:4], row[5])
        assert mine[4] in (row[4], tuple(v for v in row[4] if v[0] != "inspection"))


def test_a_smaller_demand_has_the_same_ones(known):
    """Priorities are those of the trucks, whoever else comes."""
    scenario, *_ = known
    site = Site(timetable(scenario), draft(scenario, draw(scenario, scenario.seed, 1)))
    every, some = site.at(2.0), site.at(0.5)
    of_load = dict(zip(every.context.tonnes.tolist(), every.priority.tolist(), strict=True))
    tea = some.context.truck_class == some.context.class_names.index("tea")
    loads, priority = some.context.tonnes[tea].tolist(), some.priority[tea].tolist()
    assert set(priority) == {-2, 3}
    assert [of_load[load] for load in loads] == priority


def test_they_go_first(known):
    """They wait less at a busy gate; with one priority for all they wait as long as others."""
    _, _, plan = known
    log = compiled.run(plan)
    wait = log.admitted[plan.first_visit[:-1]] - plan.arrival
    tea = plan.context.truck_class == plan.context.class_names.index("tea")
    seen = (log.outcome == RELEASED) & tea
    first = plan.priority == -2
    assert wait[seen & first].mean() < 0.8 * wait[seen & ~first].mean()
    alike = replace(plan, priority=np.zeros_like(plan.priority))
    log = compiled.run(alike)
    wait = log.admitted[plan.first_visit[:-1]] - plan.arrival
    seen = (log.outcome == RELEASED) & tea
    assert wait[seen & first].mean() == pytest.approx(wait[seen & ~first].mean(), rel=0.25)


def test_without_the_word_nothing_is_kept_of_it(tmp_path):
    scenario = port(tmp_path)
    assert draft(scenario, trucks_of(scenario)).visits.preferred is None


def test_their_priority_left_out_is_that_of_the_class(tmp_path):
    plan = plan_of(port(tmp_path, FIRST, (" priority: -2,", "")))
    assert set(plan.priority.tolist()) == {0, 3}


def test_the_key_of_a_draft_knows_who_passes_what_and_not_their_priority(known, tmp_path):
    key = draft_key(known[0])
    assert draft_key(port(tmp_path, FIRST, ("priority: -2", "priority: -3"))) == key
    for change in (("share: 0.25", "share: 0.3"), ("skips: [inspection]", "skips: [release]")):
        assert draft_key(port(tmp_path, FIRST, change)) != key


def test_the_port_has_the_class_of_these_tests():
    assert PORT.count(ROUTE) == 1
