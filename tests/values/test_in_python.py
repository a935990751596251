"""Scenarios made and changed in Python: checked like files, honest about where values are from."""

import datetime as dt
import pickle
from pathlib import Path

import numpy as np
import pytest

import portsim
from portsim.checking import assured
from portsim.errors import InputError, ScenarioError
from portsim.experiment.describe import entry
from portsim.scenario.current import current
from portsim.scenario.identity import identity, key
from portsim.scenario.plain import plain
from portsim.scenario.provenance import inputs
from values.every_word import FIRST, lay_out

VALUES = {
    "name": "made",
    "timezone": "UTC",
    "period": {"from": dt.date(2024, 3, 4), "to": "2024-03-06"},
    "calendars": {"day": {"hours": "08:00-18:00"}},
    "resources": {
        "clerks": {"capacity": {"value": 2, "source": "a visit", "confidence": "B"}},
        "lanes": {"capacity": 3, "calendar": "day"},
    },
    "stages": {
        "gate": {"takes": {"clerks": 1}, "time": {"erlang": {"mean": "5 min", "k": np.int64(3)}}},
        "road": {"takes": {"lanes": 1}, "at_close": "finish", "time": "1 min"},
    },
    "traffic": {
        "tea": {
            "direction": "export",
            "arrivals": {"rate": "60 per day"},
            "route": ("gate", "road"),
        }
    },
}
FILE = """\
name: made
timezone: UTC
period: {from: 2024-03-04, to: 2024-03-06}
calendars: {day: {hours: "08:00-18:00"}}
resources: {clerks: {capacity: 2}, lanes: {capacity: 3, calendar: day}}
stages:
  gate: {takes: {clerks: 1}, time: {erlang: {mean: 300 s, k: 3}}}
  road: {takes: {lanes: 1}, at_close: finish, time: 1 min}
traffic: {tea: {direction: export, arrivals: {rate: 60 per day}, route: [gate, road]}}
"""


def without(values, *path):
    """A copy of nested values without what stands at a path."""
    first, *rest = path
    if not rest:
        return {name: one for name, one in values.items() if name != first}
    return {**values, first: without(values[first], *rest)}


@pytest.fixture
def made():
    return portsim.Scenario.from_dict(VALUES)


def faults(call, *words, **more):
    with pytest.raises(ScenarioError) as caught:
        call(*words, **more)
    return caught.value.faults


# ---- from plain values -------------------------------------------------------------------------


def test_plain_values_are_the_same_scenario_as_the_file_that_says_them(made, tmp_path):
    file = tmp_path / "made.yaml"
    file.write_text(FILE, encoding="utf-8")
    assert identity(made) == identity(portsim.load(file))
    assert made.resources["clerks"].capacity == 2
    (source,) = entry(made, []).sources
    assert (source["path"], source["source"]) == ("resources.clerks.capacity", "a visit")


def test_all_faults_of_plain_values_are_told_at_once_by_their_paths():
    wrong = {
        **without(VALUES, "name"),
        "timezone": "Mars/Olympus",
        "resources": {"clerk": {"capacity": 2.5}, "lanes": {"capacity": 3, "calendar": "night"}},
    }
    found = faults(portsim.Scenario.from_dict, wrong)
    assert {one.path for one in found} == {
        "name",
        "timezone",
        "resources.clerk.capacity",
        "resources.lanes.calendar",
        "stages.gate.takes.clerks",
    }
    assert {(one.file, one.line) for one in found} == {("from_dict", 0)}


def test_files_and_bases_are_found_relative_to_the_folder(ports, tmp_path, monkeypatch):
    lay_out(tmp_path)
    made = portsim.Scenario.from_dict(plain(ports[0]), folder=tmp_path)
    assert key(made, {}) == key(ports[0], {})
    over = {"extends": "first.yaml", "name": "over", "resources": {"bays": {"capacity": 5}}}
    over["label"] = plain(ports[0])["label"]  # which no file has from its base
    made = portsim.Scenario.from_dict(over, folder=tmp_path)
    assert (made.name, made.resources["bays"].capacity) == ("over", 5)
    # What it is laid on is still known of what is made of it.
    for more in (made.replace({"traffic.scale": 1}), assured(made.model_copy(update={"seed": 2}))):
        assert more.origin.tree.base.data["resources"]["bays"]["capacity"] == 3
    assert key(made.replace({"resources.bays.capacity": 3}, name="first"), {}) == key(ports[0], {})
    monkeypatch.chdir(tmp_path)
    assert portsim.Scenario.from_dict(over).name == "over"
    (fault,) = faults(portsim.Scenario.from_dict, {**over, "extends": "firts.yaml"})
    assert "did you mean `first.yaml`?" in fault.hint


def test_what_can_stand_in_no_file_is_refused():
    with pytest.raises(InputError, match="cannot stand in a scenario"):
        portsim.Scenario.from_dict({**VALUES, "summary": object()})


# ---- other values in place of some -------------------------------------------------------------


def test_replace_makes_another_scenario_and_leaves_this_one(made):
    more = made.replace({"resources.clerks.capacity": 6, "completion.limit": "12 h"}, name="more")
    assert (more.name, more.resources["clerks"].capacity, more.completion.limit) == (
        "more",
        6,
        43_200,
    )
    assert (made.name, made.resources["clerks"].capacity) == ("made", 2)
    assert type(more) is portsim.Scenario
    again = more.replace({"resources.clerks.capacity": 2, "completion.limit": None}, name="made")
    assert key(again, {}) == key(made, {})


def test_a_refused_replacement_is_told_with_what_was_tried(made):
    (fault,) = faults(made.replace, {"resources.clerks.capacity": "six"})
    assert str(fault).startswith(
        "from_dict with resources.clerks.capacity = six: error: resources.clerks.capacity: "
    )
    # Each part may be right and the whole wrong.
    (fault,) = faults(made.replace, {"resources.clerks.capacity": 0})
    assert fault.path == "stages.gate.takes.clerks"
    assert "this is with resources.clerks.capacity = 0" in fault.hint
    (fault,) = faults(made.replace, {"resources.clerk.capacity": 1})
    assert fault.hint == "did you mean `resources.clerks.capacity`?"


@pytest.mark.parametrize(
    "path", ["stages.gate.time.erlang.mean", "stages.gate.time.per_piece.erlang.mean"]
)
def test_paths_are_those_of_the_files_or_those_that_are_shown(tmp_path, path):
    file = tmp_path / "made.yaml"
    long = "time: {per_piece: {erlang: {mean: 300 s, k: 3}}}"
    file.write_text(FILE.replace("time: {erlang: {mean: 300 s, k: 3}}", long), encoding="utf-8")
    there = path if "per_piece" in path else "stages.gate.time.erlang.mean"
    changed = portsim.load(file).replace({there: "8 min"})
    assert changed.stages["gate"].time.per_piece.erlang.mean == 480.0


# ---- changed by other means --------------------------------------------------------------------


def more_clerks(made, count=6):
    clerks = made.resources["clerks"].model_copy(update={"capacity": count})
    return made.model_copy(update={"resources": {**made.resources, "clerks": clerks}})


def test_what_was_changed_by_any_means_is_described_as_it_is(made):
    for changed in (made.replace({"resources.clerks.capacity": 6}), more_clerks(made)):
        said = entry(changed, [])
        assert said.resolved["resources"]["clerks"]["capacity"] == 6
        assert said.hash == identity(changed) != identity(made)
        (source,) = said.sources
        assert (source["value"], source["source"], source["confidence"]) == (
            6,
            "set in Python",
            None,
        )
        assert said.inputs["measured"] == 0
        (one,) = [i for i in inputs(current(changed)[0]) if i.dotted == "resources.clerks.capacity"]
        assert (one.value, one.source, one.group) == (6, "set in Python", "unmarked")
    assert entry(made, []).inputs["measured"] == 1


def test_what_was_changed_is_pickled_as_it_is_with_the_files_it_was_read_from(made):
    changed = more_clerks(made)
    again = pickle.loads(pickle.dumps(changed))
    assert again.resources["clerks"].capacity == 6
    assert key(again, {}) == key(changed, {}) != key(made, {})
    assert entry(again, []) == entry(changed, [])


def test_what_was_changed_and_changed_back_is_as_it_was(made):
    back = more_clerks(more_clerks(made), 2)
    assert entry(back, []) == entry(made, [])


def test_sources_of_all_else_stay_where_they_are(tmp_path):
    path, *_ = lay_out(tmp_path)
    noted = FIRST.replace("limit: 12 h", "limit: {value: 720 min, source: S, confidence: A}")
    noted = noted.replace(
        "per_truck: {erlang: {mean: 5 min, k: 3}}",
        "per_truck: {value: {erlang: {mean: 5 min, k: 3}}, source: T, confidence: B}",
    )
    noted = noted.replace(
        "time: 4 min, papers", "time: {per_piece: {value: 4 min, source: U}}, papers"
    )
    path.write_text(noted, encoding="utf-8")
    port = portsim.load(path)
    changed = port.model_copy(update={"summary": "Changed.", "seed": 12})
    tree, what = current(changed)
    assert what == {("summary",): "Changed.", ("seed",): 12}
    told = {one: (note.source, note.confidence) for one, note in tree.notes.items()}
    assert told == {
        ("completion", "limit"): ("S", "A"),
        ("stages", "gate", "time", "per_truck"): ("T", "B"),
        ("traffic", "tea", "route", 1, "time"): ("U", None),
        ("summary",): ("set in Python", None),
        ("seed",): ("set in Python", None),
    }
    line = noted.splitlines().index("  gate:") + 1
    assert line < tree.places["stages", "gate", "time", "per_truck"].line < line + 12
    # A part of what has a source was changed: the other part keeps it.
    gate = port.stages["gate"]
    per_truck = gate.time.per_truck.erlang.model_copy(update={"k": 4})
    erlang = gate.time.per_truck.model_copy(update={"erlang": per_truck})
    time = gate.time.model_copy(update={"per_truck": erlang})
    changed = port.model_copy(
        update={"stages": {**port.stages, "gate": gate.model_copy(update={"time": time})}}
    )
    notes = current(changed)[0].notes
    where = ("stages", "gate", "time", "per_truck", "erlang")
    assert notes[(*where, "mean")].source == "T"
    assert (notes[(*where, "k")].source, notes[(*where, "k")].value) == ("set in Python", 4)
    assert where not in notes
    assert where[:-1] not in notes


def test_a_number_is_the_same_whole_or_with_a_point(made):
    for scale in (1, 1.0):
        traffic = made.traffic.model_copy(update={"scale": scale})
        assert key(made.model_copy(update={"traffic": traffic}), {}) == key(made, {})


def test_what_nobody_checked_is_checked_before_it_is_run(made):
    assert assured(made) is made
    changed = more_clerks(made)
    checked = assured(changed)
    assert plain(checked) == plain(changed)
    assert assured(checked) is checked
    # Values as YAML would give them are read.
    period = {"from": "2024-03-04", "to": "2024-03-08"}
    assert assured(made.model_copy(update={"period": period})).period.to == dt.date(2024, 3, 8)
    for count, path in ((0, "stages.gate.takes.clerks"), ("six", "resources.clerks.capacity")):
        with pytest.raises(ScenarioError) as caught:
            portsim.run(more_clerks(made, count), replications=1, jobs=1)
        (fault,) = caught.value.faults
        assert fault.path == path
        assert f"resources.clerks.capacity = {count}" in f"{fault.file} {fault.hint}"
    with pytest.raises(InputError, match="cannot stand in one"):
        portsim.run(made.model_copy(update={"summary": object()}), replications=1, jobs=1)


def test_a_scenario_without_files_is_checked_as_well(made):
    values = plain(made)
    values["stages"]["gate"]["takes"] = {"clerk": 1}
    found = faults(assured, portsim.Scenario.model_validate(values))
    assert [one.path for one in found] == ["stages.gate.takes.clerk"]
    assert found[0].file == "made, made in Python"


def test_another_attached_file_is_read_before_the_run(ports, tmp_path):
    path, *_ = lay_out(tmp_path)
    (tmp_path / "later.csv").write_text("arrival\n2024-03-05T08:00:00\n", encoding="utf-8")
    port = portsim.load(path)
    old = port.traffic.classes["old"]
    recorded = old.arrivals.recorded.model_copy(update={"file": "later.csv"})
    arrivals = old.arrivals.model_copy(update={"recorded": recorded})
    traffic = port.traffic.model_copy(update={"old": old.model_copy(update={"arrivals": arrivals})})
    changed = port.model_copy(update={"traffic": traffic})
    assert identity(changed) != identity(port)
    read = assured(changed)
    assert len(read.origin.recorded["later.csv", "arrival"]) == 1
    assert set(read.origin.digests) == {"later.csv", "times.csv", "load.csv"}
    said = entry(read, []).resolved
    assert set(said["attached files"]) == {"later.csv", "times.csv", "load.csv"}
    Path(tmp_path / "later.csv").unlink()
    (fault,) = faults(assured, changed)
    assert fault.code == "missing-file"
