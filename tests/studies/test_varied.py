"""Values put at paths of a file: checked like the file, with the notes of what they replace."""

import pickle

import pytest

from portsim.errors import InputError, ScenarioError
from portsim.experiment.describe import entry, resolved
from portsim.studies.varied import Variants, vary

PORT = """\
name: base
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-06}
calendars:
  day: {hours: "10:00-18:00"}
resources:
  lanes:
    capacity: {value: 2, source: seen from the road, confidence: B, range: "1..4"}
  booths 1.5: {capacity: 3}
stages:
  gate:
    takes: {lanes: 1}
    time:
      value: {erlang: {mean: 5 min, k: 3}}
      source: a stop watch
  booth: {takes: {booths 1.5: 1}, time: 1 min}
traffic:
  tea:
    direction: export
    arrivals: {rate: 40 per day}
    route: [gate, {stage: booth, share: 0.5}]
"""


@pytest.fixture
def port(tmp_path):
    file = tmp_path / "port.yaml"
    file.write_text(PORT, encoding="utf-8")
    return file


def sources(scenario):
    return {source["path"]: source for source in entry(scenario, []).sources}


def test_a_value_takes_the_place_of_another_and_all_else_stays(port):
    base, varied = Variants(port).base, vary(port, {"resources.lanes.capacity": 4})
    assert (base.resources["lanes"].capacity, varied.resources["lanes"].capacity) == (2, 4)
    other = resolved(varied)
    other["resources"] = resolved(base)["resources"]
    assert other == resolved(base)


def test_a_new_value_does_not_claim_the_source_of_the_old_one(port):
    before = sources(Variants(port).base)["resources.lanes.capacity"]
    assert (before["source"], before["confidence"]) == ("seen from the road", "B")
    after = sources(vary(port, {"resources.lanes.capacity": 4}))["resources.lanes.capacity"]
    nothing = {"confidence": None, "range": None, "note": None}
    assert after == {**before, "value": 4, "source": "set in Python", **nothing}


def test_a_note_on_a_whole_stays_with_the_parts_that_are_as_before(port):
    found = sources(vary(port, {"stages.gate.time.erlang.mean": "8 min"}))
    assert "stages.gate.time" not in found
    told = {path: (one["value"], one["source"]) for path, one in found.items()}
    assert told["stages.gate.time.erlang.mean"] == ("8 min", "set in Python")
    assert told["stages.gate.time.erlang.k"] == (3, "a stop watch")


def test_a_value_may_bring_its_source_along(port):
    value = {"value": 4, "source": "a visit", "confidence": "A"}
    found = sources(vary(port, {"resources.lanes.capacity": value}))["resources.lanes.capacity"]
    assert (found["value"], found["source"], found["confidence"]) == (4, "a visit", "A")


@pytest.mark.parametrize(
    ("path", "value", "read"),
    [
        ("traffic.scale", 0.5, lambda s: s.traffic.scale),
        ("completion.limit", "12 h", lambda s: s.completion.limit / 3600),
        ("resources.booths 1.5.capacity", 7, lambda s: s.resources["booths 1.5"].capacity),
        ("traffic.tea.route[1].share", 0.25, lambda s: s.traffic.classes["tea"].route[1].share),
        ("calendars.day.hours", "08:00-20:00", lambda s: resolved(s)["calendars"]["day"]["hours"]),
        ("name", "other", lambda s: s.name),
    ],
)
def test_paths_that_stand_in_the_file_and_paths_that_could(port, path, value, read):
    expected = 12 if path == "completion.limit" else value
    assert read(vary(port, {path: value})) == expected


def test_none_takes_a_value_out(port):
    assert (
        vary(port, {"traffic.tea.route[1].share": None}).traffic.classes["tea"].route[1].share
        is None
    )


def test_a_varied_scenario_survives_pickling_with_its_notes(port):
    varied = vary(port, {"resources.lanes.capacity": 4, "traffic.scale": 2})
    again = pickle.loads(pickle.dumps(varied))
    assert again.model_dump() == varied.model_dump()
    assert sources(again) == sources(varied)


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("resources.lane.capacity", "did you mean `resources.lanes.capacity`?"),
        ("lanes.capacity", "did you mean `resources.lanes.capacity`?"),
        ("traffic.skale", "did you mean `traffic.scale`?"),
        ("stages.booth.time.constant", "vary stages.booth.time itself"),
        ("traffic.tea.route[7].share", "did you mean `traffic.tea.route[1].share`?"),
    ],
)
def test_an_unknown_path_gets_a_hint_of_the_nearest(port, path, near):
    with pytest.raises(ScenarioError) as error:
        vary(port, {path: 1})
    (fault,) = error.value.faults
    assert path in fault.found
    assert near in fault.hint


@pytest.mark.parametrize(
    ("path", "value"),
    [("traffic.scale", 9), ("completion.limit", 20), ("resources.lanes.capacity", 2.5)],
)
def test_a_refused_value_is_named_with_its_path_and_not_with_a_line_it_is_not_in(port, path, value):
    with pytest.raises(ScenarioError) as error:
        vary(port, {path: value})
    (fault,) = error.value.faults
    assert fault.file == f"{port} with {path} = {value}"
    assert (fault.line, fault.path) == (0, path)
    assert str(value) in fault.found


def test_a_fault_elsewhere_keeps_its_line_and_says_what_was_tried(port):
    with pytest.raises(ScenarioError) as error:
        vary(port, {"resources.lanes.capacity": 0})
    fault = error.value.faults[0]
    assert PORT.splitlines()[fault.line - 1].strip() == "takes: {lanes: 1}"
    assert "this is with resources.lanes.capacity = 0" in fault.hint


def test_paths_inside_each_other_and_values_of_no_scenario_are_refused(port):
    with pytest.raises(ScenarioError, match="none holds another"):
        vary(port, {"resources.lanes": {"capacity": 1}, "resources.lanes.capacity": 3})
    with pytest.raises(InputError, match="cannot stand in a scenario"):
        vary(port, {"traffic.scale": object()})


def test_faults_of_the_file_itself_are_told_as_of_any_file(port):
    port.write_text(PORT.replace("{lanes: 1}", "{lane: 1}"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"port\.yaml:12:\d+: error: stages\.gate\.takes"):
        vary(port, {"traffic.scale": 2})
