"""Several faults at once, in the order of the files; overlays; no words of Python."""

import re

import pytest

from portsim.checking import load
from portsim.errors import ScenarioError


def test_several_faults_are_told_in_the_order_of_the_file(faults):
    found = faults(
        ("timezone: Asia/Shanghai", "timezone: Beijing"),
        (CALENDAR, "8-20"),
        ("capacity: 4", 'capacity: "4"'),
        ("{until: inspection}", "{until: inspecton}"),
        ("time: 5 min", "time: 25"),
        ("share: 0.3", "share: 30%"),
        ("{officers: 1}", "{officers: 3}"),
        ("    load: 21 t", "    load: 21"),
        ("inspection, release]", "inspection, relaese]"),
    )
    assert [fault.path for fault in found] == [
        "timezone",
        "calendars.day.hours",
        "resources.lanes.capacity",
        "stages.gate.takes.lanes.until",
        "stages.gate.time",
        "stages.inspection.takes.officers",
        "stages.inspection.share",
        "traffic.tea.load",
        "traffic.tea.route[2]",
    ]


CALENDAR = "10:00-20:00"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("    time: 5 min\n", "", "stages.gate.time"),
        ("21 t", "21", "traffic.tea.load"),
        ("    hours: day\n", "    hours: 5\n", "stages.gate.hours"),
        ("kind: store", "kind: shop", "resources.tractors.kind"),
        ("capacity: 4", "capacity: x", "resources.lanes.capacity"),
        ("    direction: export\n", "", "traffic.tea.direction"),
        ("hours: 22:00-06:00", "hours: night", "calendars.night.hours"),
        ("{from: 2024-03-04, to: 2024-03-10}", "2024", "period"),
        ("{from: 2024-03-04, to: 2024-03-10}", "{from: 2024-03-04}", "period.to"),
        ("timezone: Asia/Shanghai\n", "", "timezone"),
        ("[gate, inspection, release]", "[gate, 5, release]", "traffic.tea.route[1]"),
    ],
)
def test_one_fault_has_no_echo(faults, old, new, path):
    (fault,) = faults((old, new), ("time: 1 min", "time: {per_tonne: 3 s}"))
    assert fault.path == path


def test_fault_of_a_policy_points_into_the_policy(scenario, tmp_path):
    scenario()
    policy = "extends: x.yaml\nstages:\n  gate: {hours: [day, nigth]}\n"
    policy += "resources:\n  lanes: {capacty: 1}\n"
    (tmp_path / "policy.yaml").write_text(policy, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load("policy.yaml")
    first, second = caught.value.faults
    assert (first.file, first.line, first.column) == ("policy.yaml", 3, 23)
    assert (second.file, second.line, second.column) == ("policy.yaml", 5, 11)
    assert "policy.yaml:3:23: error: stages.gate.hours[1]: found `nigth`" in str(caught.value)


def test_overlays_that_disagree(scenario, tmp_path):
    scenario()
    (tmp_path / "a.yaml").write_text("resources:\n  lanes: {capacity: 2}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("resources:\n  lanes: {capacity: 3}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load("x.yaml+a.yaml+b.yaml")
    said = str(caught.value)
    assert said.startswith(
        "b.yaml:2:21: error: resources.lanes.capacity: found `3` here and `2` in"
    )
    assert "a.yaml:2:21; expected one value from one overlay" in said
    assert "may not disagree" in said
    assert load("x.yaml+a.yaml").resources["lanes"].capacity == 2


def test_null_deletes_and_says_when_there_is_nothing(scenario, tmp_path):
    scenario()
    (tmp_path / "p.yaml").write_text(
        "extends: x.yaml\nresources:\n  lanes: {fits: ~, fist: ~}\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioError) as caught:
        load("p.yaml")
    (fault,) = caught.value.faults
    assert fault.found == "`fist: null`, but there is no `fist` to delete"
    assert "did you mean `fits`?" in fault.hint


PYTHON = re.compile(
    r"\b(dict|tuple|None|True|False|str|int|float|bool|instance|Input|Validator|Error|Errno|"
    r"NoneType|class|self|object|pydantic|ValueError|Distribution|BaseModel|Words|Wrong)\b|<|'"
)
BAD = ["5", "x", "true", "[1]", "{a: 1}", "~", "-1", "[[1]]", "{}", "[]", "1.5", '"x"', "[{}]"]


@pytest.mark.parametrize("bad", BAD)
def test_no_words_of_python_wherever_a_bad_value_stands(write, bad):
    text = write()
    lines = text.split("\n")
    said = 0
    for number, line in enumerate(lines):
        key, colon, _ = line.partition(": ")
        if not colon:
            continue
        damaged = [*lines[:number], f"{key}: {bad}", *lines[number + 1 :]]
        write((text, "\n".join(damaged)))
        try:
            load("x.yaml")
        except ScenarioError as error:
            said += 1
            for fault in error.faults:
                words = f"{fault.expected} {fault.hint}"
                assert not PYTHON.search(words), (line, words)
                assert fault.found
                assert fault.expected
                assert fault.line
    assert said
