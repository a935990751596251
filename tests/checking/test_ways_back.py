"""Ways back: what a route may say of trucks that are sent back, and what it may not."""

import pytest

from portsim.checking import load
from portsim.errors import ScenarioError

ROUTE = "route: [gate, inspection, release]"


def back(*steps):
    return (ROUTE, f"route: [{', '.join(steps)}]")


def test_a_way_back_to_a_stage_that_does_not_come_before(faults):
    steps = "{stage: gate, sent_back: {share: 0.1, to: release}}", "inspection", "release"
    (fault,) = faults(back(*steps))
    assert (fault.path, fault.found) == ("traffic.tea.route[0].sent_back.to", "`release`")
    assert fault.expected == "a stage that the route passes before this one, or this one"
    assert "gate" in fault.hint


def test_ways_back_that_cross(faults):
    first = "{stage: inspection, sent_back: 0.1}"
    second = "{stage: release, sent_back: {share: 0.1, to: gate}}"
    (fault,) = faults(back("gate", first, second))
    assert fault.path == "traffic.tea.route[2].sent_back"
    assert fault.found == "a way from release back to gate"
    assert "inspection sends back, too" in fault.hint


def test_ways_back_beside_each_other(scenario):
    steps = ("{stage: gate, sent_back: 0.1}", "inspection", "{stage: release, sent_back: 1}")
    made = scenario(back(*steps))
    assert made.traffic.classes["tea"].route[2].sent_back.at_most == 3


@pytest.mark.parametrize(
    "word", ["share: 1.2", "share: 0.1, at_most: 0", "share: 0.1, at_most: 21"]
)
def test_shares_and_times_have_bounds(faults, word):
    (fault,) = faults(back(f"{{stage: gate, sent_back: {{{word}}}}}", "inspection", "release"))
    assert fault.path.startswith("traffic.tea.route[0].sent_back")


def test_a_way_of_more_stages_than_there_may_be(faults):
    stages = ["gate", "inspection"] * 5
    last = "{stage: release, sent_back: {share: 0.1, to: shed, at_most: 20}}"
    (fault,) = faults(
        back("shed", *stages, last),
        ("stages:", "stages:\n  shed: {time: 1 min}"),
        ("takes: {lanes: {until: inspection}}", "takes: {lanes: 1}"),
    )
    assert (fault.path, fault.found) == ("traffic.tea.route", "252")


def test_a_step_of_a_stage_that_stands_twice_is_not_changed_by_its_name(write):
    policy = "name: y\nextends: x.yaml\ntraffic: {tea: {route: {gate: {share: 0.5}}}}"
    twice = back("gate", "inspection", "gate", "release")
    write(twice, ("until: inspection", "until: next"), y_yaml=policy)
    with pytest.raises(ScenarioError) as caught:
        load("y.yaml")
    (fault,) = caught.value.faults
    assert (fault.found, fault.hint) == ("`gate`, twice on it", "write the whole route as a list")


def test_recorded_work_of_a_stage_that_stands_twice(faults):
    work = "{gate: {column: work, unit: min}}"
    arrivals = f"arrivals: {{recorded: {{file: c.csv, work: {work}}}}}"
    found = faults(
        ("arrivals: {rate: 60 per day}", arrivals),
        ("[gate, inspection, release]", "[gate, inspection, gate, release]"),
        c_csv="arrival,work\n2024-03-05 10:00,5\n",
    )
    assert any(fault.expected == "a stage that the route passes once" for fault in found)


def test_a_bay_is_given_back_before_another_is_taken(scenario):
    """All four lanes are kept until the exit: whoever is sent back gives them back at the gate."""
    scenario(
        ("{lanes: {until: inspection}}", "{lanes: {count: all, until: exit}}"),
        back("gate", "inspection", "{stage: release, sent_back: {share: 0.1, to: gate}}"),
    )
