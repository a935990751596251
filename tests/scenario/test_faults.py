"""From pydantic's errors to words and places in the file."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from portsim.errors import Fault
from portsim.reading.fault_places import fault_at
from portsim.reading.merging import read_tree
from portsim.reading.text import excerpts
from portsim.scenario.validation_messages import ValueFault, faults_from


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def minutes(found: Any) -> Any:
    if not isinstance(found, str) or not found.endswith(" min"):
        raise ValueFault(expected="a duration", hint="write the unit", code="unit-missing")
    return float(found.removesuffix(" min"))


Minutes = Annotated[float, BeforeValidator(minutes)]


class Lognormal(Strict):
    mean: Minutes
    """Mean of it."""
    cv: float


class Spread(Strict):
    lognormal: Lognormal | None = None
    constant: Minutes | None = None


def widen(found: Any) -> Any:
    return found if isinstance(found, dict) else {"constant": found}


class Post(Strict):
    kind: Literal["post"]
    capacity: Annotated[int, Field(ge=1)]
    open: bool = True


class Lane(Strict):
    kind: Literal["lane"]
    length: float


class Stage(Strict):
    model_config = ConfigDict(use_attribute_docstrings=True)
    capacity: Annotated[int, Field(ge=1)]
    """How many work at once. More text."""
    time: Minutes | Lognormal = 0.0
    spread: Annotated[Spread | None, BeforeValidator(widen)] = None
    count: Annotated[int, Field(ge=1)] | Literal["all"] = 1
    label: str = ""
    open: bool = True
    side: Literal["China", "Kazakhstan"] = "China"
    first: int = Field(alias="from", default=0)

    @model_validator(mode="after")
    def _label(self):
        if self.label == "odd":
            raise ValueFault(expected="another label", at=("label",), found="an odd one")
        if self.label == "plain":
            raise ValueError("a label with a reason")
        return self


class Port(Strict):
    name: str
    stages: dict[str, Stage] = {}
    lanes: list[Annotated[Post | Lane, Field(discriminator="kind")]] = []
    best: Stage | None = None
    weights: list[float] = []


@pytest.fixture
def faults(tmp_path):
    def of(text: str) -> list[Fault]:
        path = tmp_path / "x.yaml"
        path.write_text(f"name: x\n{text}", encoding="utf-8")
        tree = read_tree(path)
        with pytest.raises(ValidationError) as caught:
            Port.model_validate(tree.data)
        return faults_from(caught.value, tree, Port)

    return of


@pytest.fixture
def fault(faults):
    def of(text: str) -> Fault:
        (only,) = faults(text)
        return only

    return of


def gate(line: str) -> str:
    return f"stages:\n  gate:\n    capacity: 1\n    {line}\n"


def test_misspelt_key_and_the_missing_key_are_one_fault(fault):
    found = fault("stages:\n  gate:\n    capasity: 4\n")
    assert (found.line, found.column, found.code) == (4, 5, "unknown-key")
    assert found.path == "stages.gate.capasity"
    assert found.found == "unknown key `capasity`"
    assert found.expected == "`capacity`"
    assert found.hint == "did you mean `capacity`?"


def test_unknown_key_without_a_neighbour_and_missing_key_stay_two(faults):
    missing, unknown = faults("stages:\n  gate:\n    zzz: 4\n")
    assert (missing.line, missing.column, missing.path) == (3, 3, "stages.gate.capacity")
    assert missing.found == "no `capacity`"
    assert missing.expected == "`capacity`: how many work at once"
    assert (unknown.line, unknown.column, unknown.hint) == (4, 5, "")
    assert "`time`" in unknown.expected


def test_unknown_key_of_the_whole_file(fault):
    found = fault("stagse: {}\n")
    assert (found.line, found.column, found.path) == (2, 1, "stagse")
    assert "`stages`" in found.hint


def test_alias_is_the_key_people_write(fault):
    assert fault(gate("form: 1")).hint == "did you mean `from`?"
    found = fault(gate("from: x"))
    assert (found.line, found.column, found.path) == (5, 11, "stages.gate.from")


@pytest.mark.parametrize(
    ("line", "found", "expected", "hint"),
    [
        ("label: 5", "`5`", "text", "quotes"),
        ("label: [a]", "a list of 1", "text", ""),
        ("open: yes", "`yes`", "`true` or `false`", "`true`"),
        ("open: off", "`off`", "`true` or `false`", "`false`"),
        ("label: true", "`true`", "text", "quotes"),
        ("label: ", "nothing", "text", "write a value, or delete the key"),
        ("side: china", "`china`", "`China` or `Kazakhstan`", "`China`"),
        ("from: 1.5", "`1.5`", "a whole number", ""),
        ("from: '5'", "`5`", "a whole number", "without quotes"),
    ],
)
def test_plain_words_for_wrong_types(fault, line, found, expected, hint):
    fault = fault(gate(line))
    assert (fault.line, fault.found, fault.expected) == (5, found, expected)
    assert hint in fault.hint


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("stages: 5", (2, 9), "a mapping"),
        ("stages:\n  gate: [1]", (3, 9), "a mapping with `capacity`"),
        ("best: words", (2, 7), "a mapping with `capacity`"),
        ("weights: 5", (2, 10), "a list"),
        ("lanes: {a: 1}", (2, 8), "a list"),
        ("stages:\n  gate:\n    capacity: 0", (4, 15), "1 or more"),
    ],
)
def test_shapes_and_limits(fault, text, place, expected):
    found = fault(text)
    assert (found.line, found.column) == place
    assert found.expected == expected
    for jargon in ("dict", "None", "True", "Stage", "tuple", "instance", "Input"):
        assert jargon not in str(found).replace(found.file, "")


def test_long_values_are_shown_short(fault):
    assert len(fault(gate(f"open: {'a long story ' * 30}")).found) <= 60


def test_validators_keep_their_words(fault):
    found = fault(gate("time: 25"))
    assert (found.line, found.column, found.code) == (5, 11, "unit-missing")
    assert (found.found, found.expected, found.hint) == ("`25`", "a duration", "write the unit")


def test_a_validator_of_a_mapping_may_point_into_it(fault):
    found = fault(gate("label: odd"))
    assert (found.line, found.column, found.path) == (5, 12, "stages.gate.label")
    assert (found.found, found.code) == ("an odd one", "wrong-value")


def test_fault_of_a_whole_mapping_stands_at_its_key(fault):
    found = fault(gate("label: plain"))
    assert (found.line, found.column) == (3, 3)
    assert found.expected == "a label with a reason"
    assert found.found == "a mapping with capacity, label"


def test_union_tells_of_the_branch_whose_shape_was_written(faults):
    (found,) = faults(gate("time: {mean: 5 min, cv: high}"))
    assert (found.line, found.column, found.path) == (5, 29, "stages.gate.time.cv")
    assert found.expected == "a number"
    (found,) = faults(gate("time: {mean: 5 min, ccv: 1}"))
    assert found.hint == "did you mean `cv`?"
    (found,) = faults(gate("time: 5 h"))
    assert found.expected == "a duration"


def test_union_of_values_of_one_shape_names_all(fault):
    found = fault(gate("count: two"))
    assert (found.line, found.column) == (5, 12)
    assert found.expected == "a whole number or `all`"
    assert fault(gate("count: 0")).expected == "1 or more"


def test_short_form_that_a_validator_widens(faults):
    (found,) = faults(gate("spread: 5"))
    assert (found.line, found.column, found.path) == (5, 13, "stages.gate.spread")
    assert found.expected == "a duration"
    (found,) = faults(gate("spread: {lognormel: {mean: 5 min, cv: 1}}"))
    assert (found.column, found.hint) == (14, "did you mean `lognormal`?")


def test_discriminator_is_not_a_part_of_the_path(faults):
    (found,) = faults("lanes:\n  - {kind: post, capasity: 1}\n")
    assert (found.line, found.column, found.path) == (3, 18, "lanes[0].capasity")
    assert found.expected == "`capacity`"
    (found,) = faults("lanes:\n  - {kind: past}\n")
    assert found.expected == "one of `post`, `lane` as `kind`"


def test_faults_come_in_the_order_of_the_file(faults):
    found = faults("weights: [1, b, c]\nstages:\n  gate: {capacity: x, opne: true}\n")
    assert [(fault.line, fault.column) for fault in found] == [(2, 14), (2, 17), (4, 20), (4, 23)]


def test_fault_names_the_overlay_that_wrote_the_value(tmp_path):
    base, policy = tmp_path / "base.yaml", tmp_path / "policy.yaml"
    base.write_text("stages:\n  gate: {capacity: 1}\n", encoding="utf-8")
    policy.write_text("extends: base.yaml\nstages:\n  gate: {open: 5}\n", encoding="utf-8")
    tree = read_tree(policy)
    with pytest.raises(ValidationError) as caught:
        Port.model_validate(tree.data)
    (found,) = faults_from(caught.value, tree, Port)
    assert (found.file, found.line, found.column) == (str(policy), 3, 16)


def test_fault_at_a_path_that_is_not_in_the_file_stands_at_its_parent(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("stages:\n  gate: {capacity: 1}\n", encoding="utf-8")
    found = fault_at(
        read_tree(path), ("stages", "gate", "time", "mean"), expected="a time", code="time"
    )
    assert (found.line, found.column, found.found) == (2, 9, "nothing")
    assert found.path == "stages.gate.time.mean"


def shown_at(fault):
    (shown,) = excerpts([fault])
    return shown


def test_excerpt_counts_columns_in_cells(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\n阿拉: {名称: x}\n", encoding="utf-8")
    line, caret = shown_at(Fault(str(path), 2, 6, "", "", "", "")).split("\n")
    assert line == "2 | 阿拉: {名称: x}"
    assert caret == "  | " + " " * 7 + "^"


def test_excerpt_takes_a_tab_as_one_cell_and_hides_control_characters(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("\tb\x1b[31m: 1\n", encoding="utf-8")
    shown = shown_at(Fault(str(path), 1, 2, "", "", "", ""))
    assert "\x1b" not in shown
    assert shown.split("\n")[1] == "  |  ^"


def test_excerpt_of_a_long_line_shows_the_place(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: [" + "0, " * 500 + "here]\n", encoding="utf-8")
    line, caret = shown_at(Fault(str(path), 1, 1505, "", "", "", "")).split("\n")
    assert len(line) < 120
    assert line[caret.index("^") :].startswith("here")


def test_excerpt_of_nothing():
    assert next(excerpts([Fault("nowhere.yaml", 3, 1, "", "", "", "")])) == ""
    assert next(excerpts([Fault("nowhere.yaml", 0, 0, "", "", "", "")])) == ""
