"""Sources and confidences: `{value: …, source: …}` is the value, with a note beside it."""

import pytest

from portsim.errors import ScenarioError
from portsim.reading.merging import Tree, read_tree


@pytest.fixture
def read(tmp_path):
    def of(text: str) -> Tree:
        path = tmp_path / "x.yaml"
        path.write_text("name: x\n" + text, encoding="utf-8")
        return read_tree(path)

    return of


@pytest.fixture
def fault(read):
    def of(text: str):
        with pytest.raises(ScenarioError) as caught:
            read(text)
        (only,) = caught.value.faults
        return only

    return of


def test_annotated_value_is_the_value_with_a_note(read):
    tree = read(
        "resources:\n"
        "  posts:\n"
        "    capacity: {value: 4, source: visit, confidence: B, range: [3, 6]}\n"
    )
    path = ("resources", "posts", "capacity")
    assert tree.data["resources"]["posts"] == {"capacity": 4}
    note = tree.notes[path]
    assert (note.value, note.source, note.confidence, note.range) == (4, "visit", "B", (3, 6))
    assert note.note is None
    assert (note.place.line, note.place.column) == (4, 15)
    assert (tree.places[path].line, tree.places[path].column) == (4, 23)
    assert (*path, "value") not in tree.places


def test_plain_values_have_no_note(read):
    tree = read("replications: 5\n")
    assert tree.notes == {}


def test_maps_lists_and_items_of_lists_may_be_annotated(read):
    tree = read(
        "stages:\n"
        "  gate:\n"
        "    time: {value: {lognormal: {mean: {value: 5 min, note: seen}, cv: 1}}, confidence: E}\n"
        "    hours: [{value: day, source: me}, night]\n"
    )
    gate = tree.data["stages"]["gate"]
    assert gate == {"time": {"lognormal": {"mean": "5 min", "cv": 1}}, "hours": ["day", "night"]}
    assert tree.notes["stages", "gate", "time"].value == gate["time"]
    assert tree.notes["stages", "gate", "time"].range is None
    assert tree.notes["stages", "gate", "time", "lognormal", "mean"].note == "seen"
    assert tree.notes["stages", "gate", "hours", 0].source == "me"


def test_value_of_a_traffic_class_is_the_goods_value(read):
    tree = read(
        "traffic:\n  wind:\n    value: {value: 8000 CNY, confidence: C}\n  tea:\n    value: 1 CNY\n"
    )
    assert tree.data["traffic"] == {"wind": {"value": "8000 CNY"}, "tea": {"value": "1 CNY"}}
    assert list(tree.notes) == [("traffic", "wind", "value")]


def test_scale_of_all_traffic_may_be_annotated(read):
    tree = read("traffic:\n  scale: {value: 1.2, confidence: D}\n")
    assert tree.data["traffic"] == {"scale": 1.2}


@pytest.mark.parametrize(
    ("written", "ends"),
    [("8 min..12 min", ("8 min", "12 min")), ("[1, 2.5]", (1, 2.5)), ('"0.5 .. 1"', ("0.5", "1"))],
)
def test_range_is_two_values_or_text(read, written, ends):
    tree = read(f"seed: {{value: 1, range: {written}}}\n")
    assert tree.notes["seed",].range == ends


@pytest.mark.parametrize("written", ["5", "[1]", "[1, 2, 3]", "5-8", "1...2", "{a: 1}", '"..2"'])
def test_range_of_another_shape(fault, written):
    found = fault(f"seed: {{value: 1, range: {written}}}\n")
    assert (found.line, found.column) == (2, 25)
    assert found.path == "seed.range"
    assert "[low, high]" in found.expected


@pytest.mark.parametrize(
    ("written", "shown", "hint"),
    [("b", "`b`", "write `B`"), ("high", "`high`", "A is measured"), ("~", "nothing", "measured")],
)
def test_confidence_is_a_letter(fault, written, shown, hint):
    found = fault(f"seed: {{value: 1, confidence: {written}}}\n")
    assert (found.line, found.column) == (2, 30)
    assert found.found == shown
    assert "A, B, C, D, E" in found.expected
    assert hint in found.hint


def test_misspelt_key_of_an_annotation(fault):
    found = fault("seed: {value: 1, source: me, confidance: A}\n")
    assert (found.line, found.column, found.code) == (2, 30, "unknown-key")
    assert "`confidance`" in found.found
    assert "`confidence`" in found.hint


def test_misspelt_value(fault):
    found = fault("seed: {valeu: 1, source: me}\n")
    assert (found.line, found.column) == (2, 18)
    assert "`source` without a value" in found.found
    assert "`valeu` for `value`" in found.hint


@pytest.mark.parametrize("text", ["{confidence: A}", "{source: me, range: [1, 2]}"])
def test_marks_without_a_value(fault, text):
    found = fault(f"seed: {text}\n")
    assert (found.line, found.column) == (2, 8)
    assert "value" in found.expected


def test_value_beside_other_keys_is_no_annotation(read):
    tree = read("goods: {value: 1, colour: red}\n")
    assert tree.data["goods"] == {"value": 1, "colour": "red"}
    assert tree.notes == {}


def test_annotation_inside_an_annotation(fault):
    found = fault("seed: {value: {value: 1}, source: me}\n")
    assert (found.line, found.column) == (2, 15)
    assert "inside another" in found.found


def test_source_is_text(fault):
    found = fault("seed: {value: 1, source: [a, b]}\n")
    assert (found.line, found.column) == (2, 26)
    assert (found.found, found.expected) == ("a list of 2", "text")
