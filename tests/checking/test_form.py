"""Faults of form through the whole loader: what is said, and that the rest is told as well."""

import pytest

from portsim.checking import load
from portsim.errors import ScenarioError


@pytest.fixture
def message(tmp_path, monkeypatch):
    """What is said of a file with these bytes."""
    monkeypatch.chdir(tmp_path)

    def of(data: bytes | str) -> str:
        (tmp_path / "x.yaml").write_bytes(data.encode() if isinstance(data, str) else data)
        with pytest.raises(ScenarioError) as caught:
            load("x.yaml")
        return str(caught.value)

    return of


def test_duplicate_keys(says):
    words = ("`name` in line 2 and before in line 1", "each key once", "keep one of the two")
    says("name: small", "name: small\nname: large", "name", "name", *words)


def test_tabs(faults):
    (fault,) = faults(("    direction", "\tdirection"))
    assert (fault.column, fault.found, fault.expected) == (1, "a tab in the indentation", "spaces")
    assert "replace each tab by two spaces" in fault.hint
    assert "x.yaml:39:1: error: found a tab" in str(fault)


def test_full_width_colons(faults):
    (fault,) = faults(("timezone: ", "timezone："))
    assert str(fault).startswith("x.yaml:2:9: error: found the full-width colon `：`")
    assert "write `timezone: …`" in fault.hint


def test_ideographic_spaces(faults):
    (fault,) = faults(("    capacity", "   \u3000capacity"))
    assert "an ideographic space (U+3000)" in fault.found
    assert "retype it with the space bar" in fault.hint


def test_alias_bomb(message):
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    said = message("\n".join(lines))
    assert said.startswith("x.yaml:5:35:")
    assert "aliases that stand for more than 50,000 values; expected fewer aliases" in said


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000])
def test_deep_nesting(message, text):
    said = message(text)
    assert said.startswith("x.yaml:1:")
    assert "found values nested more than 50 deep; expected a shallower file" in said
    assert "hint: is a bracket or an indentation repeated by mistake?" in said


@pytest.mark.parametrize(("encoding", "name"), [("gbk", "GBK"), ("cp1251", "cp1251")])
def test_other_encodings(message, encoding, name):
    words = {"gbk": "名称: 口岸通关时间", "cp1251": "имя: порт на границе"}[encoding]
    said = message(f"name: x\n{words}\n".encode(encoding))
    assert said.startswith(f"x.yaml:2: error: found not UTF-8, looks like {name}; expected UTF-8")
    assert "hint: save it as UTF-8 in your editor" in said


def test_python_objects_and_long_numbers(message):
    assert "the tag `!!python/object" in message("a: !!python/object/apply:os.system [ls]\n")
    assert "a whole number of 5,000 digits" in message("seed: " + "1" * 5000)


def test_a_file_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "port.yaml").write_text("name: x", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load("prot.yaml")
    assert "prot.yaml: error: found no such file; expected a scenario file" in str(caught.value)
    assert "did you mean `port.yaml`?" in str(caught.value)


def test_missing_base(says):
    words = ("`bsae.yaml`, no such file", "a file in .", "did you mean `base.yaml`?")
    files = {"base_yaml": "name: base\n"}
    new = "name: small\nextends: bsae.yaml"
    says("name: small", new, "bsae", "extends", *words, **files)


def test_circular_base(faults):
    (fault,) = faults(
        ("name: small", "name: small\nextends: base.yaml"), base_yaml="extends: x.yaml\n"
    )
    assert (fault.file, fault.line, fault.column) == ("base.yaml", 1, 10)
    assert fault.found == "x.yaml extends base.yaml extends x.yaml"
    assert fault.expected == "a base that does not extend itself"


def test_base_that_is_no_name(says):
    words = ("`1`", "a file name, or a list of file names")
    says("name: small", "name: small\nextends: [1]", "1", "extends", *words)


def test_form_and_meaning_are_told_together(faults):
    found = faults(
        ("name: small", "name: small\nseed: 1\nseed: 2"),
        ("    capacity: 4", "    capacity：4"),
        ("share: 0.3", "share: 30%"),
        ("until: inspection", "until: inspecton"),
        ("{permits: 1,", "{permits: 11,"),
    )
    assert [fault.code for fault in found] == [
        "duplicate-key",
        "full-width-colon",
        "unknown-stage",
        "need",
        "wrong-type",
    ]
    assert [fault.line for fault in found] == sorted(fault.line for fault in found)
