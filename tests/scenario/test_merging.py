"""Bases and overlays: what merges, what replaces, what collides, and where each value is from."""

import os

import pytest

from portsim.errors import ScenarioError
from portsim.reading.merging import Tree, read_tree


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def files(**texts: str) -> None:
        for name, text in texts.items():
            path = tmp_path / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return files


def over(write, base: str, policy: str) -> Tree:
    write(base=base, policy=f"extends: base.yaml\n{policy}")
    return read_tree("policy.yaml")


def faults_of(spec: str):
    with pytest.raises(ScenarioError) as caught:
        read_tree(spec)
    return caught.value.faults


def only_fault(spec: str):
    (fault,) = faults_of(spec)
    return fault


def test_maps_merge_and_every_value_remembers_its_file(write):
    tree = over(
        write,
        "stages:\n  gate:\n    time: 5 min\n    share: 0.5\n",
        "stages:\n  gate:\n    share: 1\n  scan:\n    time: 2 min\n",
    )
    assert tree.data["stages"] == {
        "gate": {"time": "5 min", "share": 1},
        "scan": {"time": "2 min"},
    }
    assert tree.places["stages", "gate", "time"].file == "base.yaml"
    assert tree.places["stages", "gate", "share"].file == "policy.yaml"
    assert (tree.places["stages", "gate", "share"].line) == 4
    assert tree.key_places["stages", "scan"].file == "policy.yaml"
    assert tree.key_places["stages", "gate"].file == "base.yaml"
    assert tree.files == ("base.yaml", "policy.yaml")
    assert "extends" not in tree.data
    assert set(tree.key_places) < set(tree.places)


def test_lists_of_named_maps_merge_by_name(write):
    tree = over(
        write,
        "closures: [{name: wind, every: 9 d}, {name: snow, every: 30 d}]\n",
        "closures: [{name: snow, every: 20 d}, {name: fog, every: 5 d}]\n",
    )
    assert tree.data["closures"] == [
        {"name": "wind", "every": "9 d"},
        {"name": "snow", "every": "20 d"},
        {"name": "fog", "every": "5 d"},
    ]
    assert tree.places["closures", 0, "every"].file == "base.yaml"
    assert tree.places["closures", 1, "every"].file == "policy.yaml"
    assert tree.places["closures", 1, "name"].file == "policy.yaml"


@pytest.mark.parametrize("lists", [("[a, b]", "[c]"), ("[{name: a}, b]", "[{name: c}]")])
def test_other_lists_replace(write, lists):
    tree = over(write, f"x: {lists[0]}\n", f"x: {lists[1]}\n")
    assert len(tree.data["x"]) == 1


def test_empty_list_empties(write):
    assert over(write, "x: [{name: a}]\n", "x: []\n").data["x"] == []


def test_null_deletes(write):
    tree = over(write, "a:\n  b: 1\n  c: 2\nd: 3\n", "a: {b: null}\nd:\n")
    assert tree.data == {"name": "policy", "a": {"c": 2}}
    assert ("a", "b") not in tree.places


def test_deleting_what_is_not_there(write):
    write(base="stages: {gate: 1}\n", policy="extends: base.yaml\nstages:\n  gaet: null\n")
    fault = only_fault("policy.yaml")
    assert (fault.file, fault.line, fault.column) == ("policy.yaml", 3, 3)
    assert fault.path == "stages.gaet"
    assert "no `gaet` to delete" in fault.found
    assert "`gate`" in fault.hint


def test_annotated_value_replaces_and_is_replaced_whole(write):
    tree = over(
        write,
        "a: {value: 1, source: x, confidence: A}\nb: {k: 1, l: 2}\n",
        "a: 2\nb: {value: {k: 3}, confidence: D}\n",
    )
    assert (tree.data["a"], tree.data["b"]) == (2, {"k": 3})
    assert list(tree.notes) == [("b",)]


def test_distribution_replaces_whole(write):
    base = "stages: {gate: {time: {lognormal: {mean: 5 min, cv: 1}}, share: 1}}\n"
    tree = over(write, base, "stages: {gate: {time: {erlang: {mean: 4 min}}}}\n")
    assert tree.data["stages"]["gate"] == {"time": {"erlang": {"mean": "4 min"}}, "share": 1}
    tree = over(write, base, "stages: {gate: {time: {lognormal: {mean: 4 min}}}}\n")
    assert tree.data["stages"]["gate"]["time"] == {"lognormal": {"mean": "4 min"}}
    tree = over(write, base, "stages: {gate: {time: {per_piece: 1 min}}}\n")
    assert tree.data["stages"]["gate"]["time"] == {"per_piece": "1 min"}


def test_a_stage_called_like_a_distribution_merges(write):
    tree = over(
        write, "stages: {uniform: {share: 1}, gate: 1}\n", "stages: {uniform: {share: 2}}\n"
    )
    assert tree.data["stages"] == {"uniform": {"share": 2}, "gate": 1}


def test_hours_of_a_calendar_replace_whole(write):
    tree = over(
        write,
        "calendars: {day: {hours: {Mon: 08:00-12:00, Tue: 09:00-10:00}, lunch: x}}\n",
        "calendars: {day: {hours: {Wed: 08:00-12:00}}}\n",
    )
    assert tree.data["calendars"]["day"] == {"hours": {"Wed": "08:00-12:00"}, "lunch": "x"}


def test_value_of_another_shape_is_kept_for_the_schema(write):
    assert over(write, "a: 5\nb: {c: 1}\n", "a: {x: 1}\nb: 7\n").data["a"] == {"x": 1}
    assert over(write, "a: 5\nb: {c: 1}\n", "a: {x: 1}\nb: 7\n").data["b"] == 7


def test_extends_is_relative_to_the_file_that_says_it(write):
    write(
        port__base="a: 1\n",
        port__policies__long="extends: ../base.yaml\nb: 2\n",
        mine="extends: port/policies/long.yaml\nc: 3\n",
    )
    tree = read_tree("mine.yaml")
    assert tree.data == {"name": "mine", "a": 1, "b": 2, "c": 3}
    expected = ("port/base.yaml", "port/policies/long.yaml", "mine.yaml")
    assert tree.files == tuple(name.replace("/", os.sep) for name in expected)


def test_extends_a_list_the_later_wins_and_a_shared_base_comes_first(write):
    write(
        base="a: 0\nb: 0\nc: 0\n",
        one="extends: base.yaml\na: 1\nb: 1\n",
        two="extends: base.yaml\nb: 2\n",
        mine="extends: [one.yaml, two.yaml]\nc: 3\n",
    )
    tree = read_tree("mine.yaml")
    assert tree.data == {"name": "mine", "a": 1, "b": 2, "c": 3}
    assert tree.files == ("base.yaml", "one.yaml", "two.yaml", "mine.yaml")


def test_missing_base(write):
    write(khorgos="a: 1\n", policy="name: p\nextends: khorgas.yaml\n")
    fault = only_fault("policy.yaml")
    assert (fault.file, fault.line, fault.column) == ("policy.yaml", 2, 10)
    assert "khorgas.yaml" in fault.found
    assert "`khorgos.yaml`" in fault.hint


def test_circular_extends_prints_the_circle(write):
    write(a="extends: b.yaml\n", b="extends: c.yaml\n", c="extends: a.yaml\n")
    fault = only_fault("a.yaml")
    assert (fault.file, fault.line, fault.column) == ("c.yaml", 1, 10)
    assert fault.found == "a.yaml extends b.yaml extends c.yaml extends a.yaml"


def test_a_long_chain_of_bases_stops(write):
    write(**{f"f{i}": f"extends: f{i + 1}.yaml\n" for i in range(40)}, f40="a: 1\n")
    assert "more than" in only_fault("f0.yaml").found


@pytest.mark.parametrize("text", ["5", "{a: 1}", "[base.yaml, 7]", "''", "~"])
def test_extends_of_another_shape(write, text):
    write(base="a: 1\n", policy=f"extends: {text}\n")
    fault = only_fault("policy.yaml")
    assert fault.line == 1
    assert "file name" in fault.expected


def test_faults_of_all_files_are_reported_together(write):
    write(base="a: 1\na: 2\n", one="b: 1\nb: 2\n")
    assert [fault.file for fault in faults_of("base.yaml+one.yaml")] == ["base.yaml", "one.yaml"]


BASE = "name: Khorgos\nsummary: The port.\nx: {a: 0, b: 0, c: 0, l: [{name: p, v: 0}]}\n"


def test_stack_lays_overlays_over_the_base(write):
    write(
        base=BASE,
        app="name: app\nsummary: Booking.\nx: {a: 1, l: [{name: p, v: 1}]}\n",
        direct="x: {b: 2, l: [{name: q, v: 2}]}\n",
    )
    tree = read_tree("base.yaml+app.yaml+direct.yaml")
    assert tree.data["x"] == {
        "a": 1,
        "b": 2,
        "c": 0,
        "l": [{"name": "p", "v": 1}, {"name": "q", "v": 2}],
    }
    assert tree.data["name"] == "Khorgos+app+direct"
    assert tree.data["summary"] == "The port.; Booking."
    assert tree.files == ("base.yaml", "app.yaml", "direct.yaml")


@pytest.mark.parametrize(
    ("one", "two", "place"),
    [
        ("x: {a: 1}", "x: {a: 2}", (1, 8)),
        ("x: {a: null}", "x: {a: 2}", (1, 8)),
        ("x: {l: [{name: p, v: 1}]}", "x: {l: [{name: p, v: 2}]}", (1, 22)),
        ("x: {t: {erlang: 1}}", "x: {t: {gamma: 1}}", (1, 8)),
        ("x: {a: true}", "x: {a: 1}", (1, 8)),
        ("x: null", "x: {a: 2}", (1, 4)),
    ],
)
def test_overlays_that_disagree_collide(write, one, two, place):
    write(base=BASE, one=one, two=two)
    fault = only_fault("base.yaml+one.yaml+two.yaml")
    assert (fault.file, fault.code) == ("two.yaml", "collision")
    assert (fault.line, fault.column) == place
    assert "in one.yaml:1:" in fault.found


def test_collision_names_both_values(write):
    write(base=BASE, one="x: {a: 1}", two="x: {a: 2}")
    assert "`2` here and `1` in one.yaml:1:8" in str(only_fault("base.yaml+one.yaml+two.yaml"))


def test_overlays_that_agree_do_not_collide(write):
    write(base=BASE, one="x: {a: 1, b: null}", two="x: {a: {value: 1.0, confidence: B}, b: null}")
    tree = read_tree("base.yaml+one.yaml+two.yaml")
    assert tree.data["x"]["a"] == 1
    assert "b" not in tree.data["x"]
    assert tree.notes["x", "a"].confidence == "B"


def test_overlay_that_extends_the_base_of_its_stack(write):
    write(base=BASE, long="extends: base.yaml\nx: {a: 1}\n", app="extends: base.yaml\nx: {b: 5}\n")
    tree = read_tree("long.yaml+app.yaml")
    assert (tree.data["x"]["a"], tree.data["x"]["b"], tree.data["x"]["c"]) == (1, 5, 0)
    assert tree.data["name"] == "long+app"


def test_overlay_that_extends_something_else(write):
    write(base=BASE, other="y: 1\n", app="extends: other.yaml\nx: {b: 5}\n")
    fault = only_fault("base.yaml+app.yaml")
    assert (fault.file, fault.line, fault.column) == ("app.yaml", 1, 10)
    assert "`other.yaml`" in fault.found
    assert "base.yaml" in fault.expected


def test_file_with_a_plus_in_its_name_wins(write):
    write(**{"a+b": "x: 1\n", "c": "y: 2\n"}, b="x: 3\n")
    assert read_tree("a+b.yaml").data == {"name": "a+b", "x": 1}
    assert read_tree("a+b.yaml+c.yaml").data == {"name": "a+b+c", "x": 1, "y": 2}


def test_empty_name_in_a_stack(write):
    write(base=BASE)
    assert "empty" in only_fault("base.yaml+").found
    assert "`base.yaml`" in only_fault("+base.yaml").hint


def test_missing_file_of_a_stack(write):
    write(base=BASE, app="a: 1\n")
    fault = only_fault("base.yaml+apq.yaml")
    assert fault.file == "apq.yaml"
    assert "`app.yaml`" in fault.hint


def test_name_is_the_files_own_never_its_bases(write):
    tree = over(write, "name: Khorgos\nsummary: The port.\n", "a: 1\n")
    assert tree.data["name"] == "policy"
    assert tree.data["summary"] == "The port."
    assert tree.places["name",].file == "policy.yaml"
    assert tree.places["name",].line == 0


def test_null_in_a_base_is_an_empty_value_for_the_schema(write):
    write(base="a:\nb: {c: ~}\n")
    assert read_tree("base.yaml").data == {"name": "base", "a": None, "b": {"c": None}}
