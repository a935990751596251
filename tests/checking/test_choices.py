"""Stages among which trucks choose, and servers that do in place of others: what is refused."""

import pytest

from portsim import load
from portsim.demand import draw
from portsim.plan import draft, timetable
from portsim.plan.contract import FITTING, SHORTEST
from portsim.plan.site import Site

ROUTE = "    route: [gate, inspection, release]\n"
RELEASE = "  release:\n    time: 1 min\n    offers: {tractors: 1}\n"
OTHERS = "  desk: {time: 2 min}\n  booth: {time: 3 min}\n"
CHOICE = "traffic.tea.route[2].or_shorter"


def chosen(words):
    return (ROUTE, f"    route: [gate, inspection, {{stage: release, {words}}}]\n")


@pytest.mark.parametrize(
    ("words", "path", "expected"),
    [
        ("or_shorter: [desk, bosth]", f"{CHOICE}[1]", "the name of a stage"),
        ("or_shorter: [desk, desk]", f"{CHOICE}[1]", "other stages than release, each once"),
        ("or_shorter: release", CHOICE, "other stages than release, each once"),
        (
            "or_shorter: {of: [desk, booth], sight: 4}",
            f"{CHOICE}.sight",
            "at most 3, which",
        ),
        (
            "or_shorter: desk, overflow: {to: booth, when_waiting: 3}",
            "traffic.tea.route[2].overflow",
            "one of the two",
        ),
        (
            "overflow: {to: release, when_waiting: 3}",
            "traffic.tea.route[2].overflow.to",
            "other stages than release",
        ),
    ],
)
def test_stages_to_choose_that_cannot_be(faults, words, path, expected):
    (fault,) = faults(chosen(words), (RELEASE, RELEASE + OTHERS))
    assert fault.path == path
    assert fault.expected.startswith(expected)


def test_nothing_is_kept_from_a_stage_that_may_not_have_been_passed(faults):
    gate = (
        "route: [gate, inspection",
        "route: [{stage: gate, or_shorter: desk}, inspection",
    )
    (fault,) = faults(gate, (RELEASE, RELEASE + OTHERS))
    assert fault.path == "stages.gate.takes.lanes.until"
    assert fault.expected == "`end`, since trucks choose between gate and desk"


def test_a_stage_that_does_not_exist_is_one_fault_with_a_choice_too(faults):
    wrong = "    route: [gate, inspection, {stage: relaese, or_shorter: desk}]\n"
    found = faults((ROUTE, wrong), (RELEASE, RELEASE + OTHERS))
    assert [fault.path for fault in found] == ["traffic.tea.route[2].stage"]


def test_what_the_other_stage_asks_of_a_truck_is_there(faults):
    desk = "  desk: {time: {per_resident: 5 min}}\n"
    (fault,) = faults(chosen("or_shorter: desk"), (RELEASE, RELEASE + desk))
    assert (fault.path, fault.expected) == (
        "traffic.tea.residents",
        "`residents`, for desk takes its time per resident",
    )


@pytest.mark.parametrize(
    ("words", "path", "expected"),
    [
        ("instead_of: {officers: {officer: 2}}", "officers.officer", "the name of a resource"),
        ("instead_of: {officers: {permits: 2}}", "officers.permits", "other servers than officers"),
        ("instead_of: {officers: {officers: 2}}", "officers.officers", "other servers than"),
        ("instead_of: {guards: {lanes: 2}}", "guards", "the name of a server taken here"),
        ("instead_of: {officers: {lanes: 2}}\n    claims: true", "", "a stage that neither claims"),
        ("instead_of: {officers: {lanes: 0.05}}", "officers.lanes", "0.1 or more"),
    ],
)
def test_servers_in_place_of_others_that_cannot_be(faults, words, path, expected):
    old = "    takes: {officers: 1}\n"
    (fault,) = faults((old, f"{old}    {words}\n"))
    assert fault.path == "stages.inspection.instead_of" + (path and f".{path}")
    assert fault.expected.startswith(expected), fault.expected


def test_the_ways_of_a_plan_are_what_trucks_see_with_the_work_there(write):
    route = (
        "    route: [{stage: desk, time: 7 min, overflow: {to: booth, when_waiting: 4}}, "
        "inspection, {stage: release, or_shorter: {of: [desk, booth], sight: 2}}]\n"
    )
    takes = "    takes: {officers: 1}\n"
    write(
        (ROUTE, route),
        (RELEASE, RELEASE + OTHERS),
        (takes, takes + "    instead_of: {officers: {guards: 1.5}}\n"),
        ("  permits:", "  guards: {capacity: 1}\n  permits:"),
        ("    takes: {lanes: {until: inspection}}\n", "    takes: {lanes: 1}\n"),
    )
    scenario = load("x.yaml")
    assert scenario.chooses
    plan = Site(timetable(scenario), draft(scenario, draw(scenario, 1, 1))).at()
    names, seen = plan.context.stage_names, set()
    for row, visit in enumerate(plan.ways.visit.tolist()):
        ways, rule = plan.ways.of(row), int(plan.ways.rule[row])
        assert ways[0] == (plan.visit_kind[visit], plan.visit_work[visit])
        told = [(names[plan.kind_stage[kind]], work) for kind, work in ways]
        if rule == FITTING:
            (first, work), (second, other) = told
            assert (first, second) == ("inspection", "inspection")
            assert other == (work * 1500 + 500) // 1000
        elif rule == SHORTEST:
            seen.add(tuple(told))
        else:
            assert (rule, told) == (4, [("desk", 420), ("booth", 420)])
    release, desk, booth = ("release", 60), ("desk", 120), ("booth", 180)
    assert seen == {(release, desk), (desk, booth), (release, booth)}


def test_nothing_is_kept_until_a_stage_that_some_pass_another_in_place_of(faults):
    (fault,) = faults(
        (RELEASE, RELEASE + OTHERS),
        ("{until: inspection}", "{until: release}"),
        chosen("or_shorter: desk"),
    )
    assert fault.path == "stages.gate.takes.lanes.until"
    assert fault.expected == "a stage that all trucks of tea pass after gate"
