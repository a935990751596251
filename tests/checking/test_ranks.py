"""Who goes first: priorities by stage, that rise, and urgent trucks; what is refused."""

import pytest

from portsim import load
from portsim.demand import draw
from portsim.plan import draft, timetable
from portsim.plan.contract import NEVER
from portsim.plan.site import Site

ROUTE = "    route: [gate, inspection, release]\n"
ORE = """\
  ore:
    direction: import
    arrivals: {rate: 5 per day}
    load: 20 t
    route: [gate, inspection]
"""


def test_a_priority_that_rises_takes_time(faults):
    (fault,) = faults((ROUTE, "    rises_every: 0 s\n" + ROUTE))
    assert (fault.path, fault.expected) == ("traffic.tea.rises_every", "a second or more")


GATE = "    hours: day\n    at_close: finish\n"


@pytest.mark.parametrize(
    ("old", "words", "found"),
    [
        (GATE, "    claims: true\n", "`rises_every`, and `claims` of gate"),
        ("    load: 21 t\n", "    urgent: true\n", "`rises_every`, and tea, which are `urgent`"),
    ],
)
def test_nothing_claims_where_priorities_rise(faults, old, words, found):
    (fault,) = faults((ROUTE, "    rises_every: 30 min\n" + ROUTE), (old, old + words))
    assert (fault.path, fault.found) == ("traffic.tea.rises_every", found)


def test_urgent_trucks_go_before_all_others(faults, write):
    urgent = ORE + "    urgent: true\n"
    (fault,) = faults((ROUTE, ROUTE + urgent))
    assert fault.path == "traffic.ore.urgent"
    assert fault.found == "priority 0, and 0 of tea at gate"
    assert "priority: -1" in fault.hint
    write((ROUTE, ROUTE + urgent + "    priority: -1\n"))
    assert load("x.yaml").traffic.classes["ore"].urgent


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("    rises_every: 9 min\n" + ROUTE, "rises_every"),
        ("    urgent: true\n" + ROUTE, "urgent"),
        ("    route: [gate, {stage: inspection, priority: 2}, release]\n", "route[1].priority"),
    ],
)
def test_papers_go_by_one_priority(faults, words, path):
    papers = "    papers: {bill: {begins_at: gate, route: [desk], needed_at: inspection}}\n"
    (fault,) = faults((ROUTE, words + papers), ("stages:\n", "stages:\n  desk: {time: 5 min}\n"))
    assert fault.path == f"traffic.tea.{path}"
    assert "one priority for each class" in fault.expected


def test_the_ranks_of_a_plan_are_those_of_class_stage_and_preferred_trucks(write):
    words = (
        "    priority: 3\n    preferred: {share: 0.5, priority: -2}\n    rises_every: 30 min\n"
        "    route: [gate, {stage: inspection, priority: 1}, release]\n"
    )
    write((ROUTE, words + ORE))
    scenario = load("x.yaml")
    trucks = draw(scenario, 1, 1)
    plan = Site(timetable(scenario), draft(scenario, trucks)).at()
    names, classes = plan.context.stage_names, plan.context.class_names
    truck = [n for n in range(plan.trucks) for _ in range(*plan.first_visit[n : n + 2])]
    met = set()
    for visit, kind in enumerate(plan.visit_kind.tolist()):
        cls, first = classes[plan.context.truck_class[truck[visit]]], plan.priority[truck[visit]]
        priority, rises = int(plan.ranks.priority[kind]), int(plan.ranks.rises[kind])
        usual = 1 if names[plan.visit_stage[visit]] == "inspection" else 3
        assert priority == (0 if cls == "ore" else -2 if first == -2 else usual)
        assert rises == (NEVER if cls == "ore" else 1800)
        met.add(priority)
    assert met == {0, -2, 1, 3}
