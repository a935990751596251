"""One YAML file: what stays text, what is refused, and where each fault is said to be."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portsim.errors import Fault, ScenarioError
from portsim.reading.nodes import MAX_DEPTH, MAX_VALUES, Node, read_file
from portsim.reading.text import MAX_BYTES
from thorough import cases


@pytest.fixture
def faults(tmp_path):
    def read(text: str | bytes) -> tuple[Fault, ...]:
        path = tmp_path / "x.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(ScenarioError) as caught:
            read_file(path, "x.yaml")
        return caught.value.faults

    return read


@pytest.fixture
def plain(tmp_path):
    def read(text: str | bytes):
        path = tmp_path / "x.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return unwrap(read_file(path, "x.yaml"))

    return read


def unwrap(node: Node):
    if isinstance(node.value, dict):
        return {key: unwrap(entry.node) for key, entry in node.value.items()}
    if isinstance(node.value, list):
        return [unwrap(item) for item in node.value]
    return node.value


def places(faults):
    return [(fault.line, fault.column) for fault in faults]


@pytest.mark.parametrize(
    "text", ["8:00", "08:00", "20:00", "24:00", "no", "on", "off", "2024-01-01", "0104", "08.30"]
)
def test_unquoted_text_that_older_yaml_would_turn_into_something_else_stays_text(plain, text):
    assert plain(f"a: {text}") == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("5", 5),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("0x10", 16),
        ("~", None),
        ("", None),
        ("'5'", "5"),
        ('"true"', "true"),
        ("!!str 5", "5"),
    ],
)
def test_scalars_follow_yaml_1_2(plain, text, value):
    found = plain(f"a: {text}")["a"]
    assert found == value
    assert type(found) is type(value)


def test_nodes_and_keys_know_their_places(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\nb:\n  - 名: {c: 5}\n", encoding="utf-8")
    root = read_file(path, "x.yaml")
    b = root.value["b"]
    inner = b.node.value[0].value["名"]
    assert (b.key_place.line, b.key_place.column) == (2, 1)
    assert (inner.key_place.line, inner.key_place.column) == (3, 5)
    assert (inner.node.value["c"].node.place.line, inner.node.value["c"].node.place.column) == (
        3,
        12,
    )
    assert inner.key_place.file == "x.yaml"


def test_windows_line_ends_and_byte_order_mark_are_fine(plain):
    assert plain(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n") == {"a": 1, "b": 2}


def test_duplicate_key_names_both_lines(faults):
    (fault,) = faults("gate: 1\nother: 2\ngate: 3\n")
    assert (fault.line, fault.column, fault.code) == (3, 1, "duplicate-key")
    assert "`gate` in line 3 and before in line 1" in fault.found


def test_every_tab_in_the_indentation_is_named_together_with_the_other_faults(faults):
    found = faults("a:\n\tb: 1\n\tc: 2\n\tb: 3\n")
    assert places(found) == [(2, 1), (3, 1), (4, 1), (4, 2)]
    assert "tab" in found[0].found
    assert "spaces" in found[0].hint
    assert found[-1].code == "duplicate-key"


def test_a_tab_in_block_text_or_quotes_is_text(plain):
    found = plain('a: |\n  x\n  \ty\nb: "x\n\ty"\nc: 1\n')
    assert found == {"a": "x\n\ty\n", "b": "x y", "c": 1}


def test_many_faults_of_a_kind_are_counted_not_listed(faults):
    found = faults("a:\n" + "".join(f"\tk{i}: 1\n" for i in range(50)))
    assert len(found) == 21
    assert "30 more" in found[-1].found


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("from：2024\nto: 1\n", (1, 5)),
        ("a: 1\n出口：\n  b: 2\n", (2, 3)),
        ("出口：1\nb: 2\n", (1, 3)),
        ("period:\n  from：2024-01-01\n", (2, 7)),
        ("a: {from：8:00}\n", (1, 5)),
    ],
)
def test_full_width_colon_as_a_separator(faults, text, place):
    (fault,) = faults(text)
    assert (fault.line, fault.column) == place
    assert "full-width colon" in fault.found
    assert ": …`" in fault.hint


def test_full_width_colon_inside_text_is_text(plain):
    text = 'a: 说明：长\nb: |\n  name：x\nc: "k：v"\nd: [说明：x]\n# e：f\n'
    assert plain(text)["a"] == "说明：长"
    assert plain(text)["d"] == ["说明：x"]


@pytest.mark.parametrize(
    ("space", "name"), [("\u00a0", "no-break"), ("\u3000", "ideographic"), ("\u2003", "unusual")]
)
def test_odd_spaces_in_the_indentation(faults, space, name):
    (fault,) = faults(f"a:\n {space}b: 1\n")
    assert (fault.line, fault.column) == (2, 2)
    assert name in fault.found
    assert f"U+{ord(space):04X}" in fault.found


def test_odd_space_after_a_colon(faults):
    (fault,) = faults("a:\u00a05\n")
    assert (fault.line, fault.column) == (1, 3)


@pytest.mark.parametrize(
    ("data", "guess", "line"),
    [
        ("a: 1\n名称: 口岸通关时间\n".encode("gbk"), "GBK", 2),
        ("a: 1\nимя: порт на границе\n".encode("cp1251"), "cp1251", 2),
        ("a: 1\n".encode("utf-16"), "UTF-16", 0),
    ],
)
def test_other_encodings_are_guessed(faults, data, guess, line):
    (fault,) = faults(data)
    assert fault.found == f"not UTF-8, looks like {guess}"
    assert fault.line == line
    assert "save it as UTF-8" in fault.hint


def test_second_document(faults):
    (fault,) = faults("a: 1\n---\nb: 2\n")
    assert (fault.line, fault.column) == (2, 1)
    assert "second document" in fault.found


def test_tags_are_refused(faults):
    (fault,) = faults("a: !!python/object/apply:os.system [ls]\n")
    assert (fault.line, fault.column, fault.path) == (1, 4, "a")
    assert "!!python/object/apply:os.system" in fault.found


def test_directive_that_would_change_the_meaning_of_scalars(faults):
    (fault,) = faults("%YAML 1.1\n---\na: 8:00\n")
    assert (fault.line, fault.code) == (1, "directive")


@pytest.mark.parametrize("number", ["1" * 5000, "-" + "9" * 19, "0x" + "f" * 40])
def test_integers_of_too_many_digits(faults, number):
    (fault,) = faults(f"a: {number}\n")
    assert (fault.line, fault.column) == (1, 4)
    assert "digits" in fault.found


@pytest.mark.parametrize("number", [".inf", "-.Inf", ".nan", "1e999"])
def test_numbers_that_are_not_finite(faults, number):
    (fault,) = faults(f"a: {number}\n")
    assert number in fault.found
    assert "finite" in fault.expected


def test_merge_key_points_to_extends(faults):
    (fault,) = faults("a: &x {b: 1}\nc:\n  <<: *x\n")
    assert (fault.line, fault.column) == (3, 3)
    assert "extends" in fault.hint


def test_simple_alias_is_the_same_value(plain):
    assert plain("a: &x [1, 2]\nb: *x\n") == {"a": [1, 2], "b": [1, 2]}


def test_anchor_may_be_used_again(plain):
    assert plain("a: &x 1\nb: *x\nc: &x 2\nd: *x\n") == {"a": 1, "b": 1, "c": 2, "d": 2}


def test_alias_bomb_stops_at_the_budget(faults):
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    (fault,) = faults("\n".join(lines))
    assert fault.code == "alias-bomb"
    assert f"{MAX_VALUES:,}" in fault.found


@pytest.mark.parametrize("text", ["a: &x [*x]\n", "a: &x {b: {c: *x}}\n"])
def test_recursive_anchor(faults, text):
    (fault,) = faults(text)
    assert (fault.line, fault.code) == (1, "recursive-alias")


def test_unknown_alias(faults):
    (fault,) = faults("a: *nobody\n")
    assert "*nobody" in fault.found


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "a: " + "[" * 60 + "]" * 60]
)
def test_deep_nesting_stops(faults, text):
    (fault,) = faults(text)
    assert fault.code == "too-deep"
    assert str(MAX_DEPTH) in fault.found


def test_nesting_up_to_the_limit_is_read(plain):
    depth = MAX_DEPTH - 1
    assert plain("a: " + "[" * depth + "]" * depth)


def test_keys_that_are_not_text_are_all_named(faults):
    found = faults("5: a\ntrue: b\n~: c\n[x]: d\n? {y: 1}\n: e\n")
    assert [fault.line for fault in found] == [1, 2, 3, 4, 5]
    assert '"5"' in found[0].hint
    assert all(fault.code == "key" for fault in found)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
def test_empty_file(faults, text):
    (fault,) = faults(text)
    assert "empty file" in fault.found


@pytest.mark.parametrize("text", ["- a\n", "just words\n", "5\n"])
def test_top_must_be_a_mapping(faults, text):
    (fault,) = faults(text)
    assert "key: value" in fault.expected
    assert fault.line == 1


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("a: b: c\n", (1, 5), "`:`"),
        ("a: 1\n b: 2\n", (2, 3), "`:`"),
        ("a: [1, 2\nb: 3\n", (1, 4), "`[`"),
        ("a: {b: 1\n", (1, 4), "`{`"),
        ('a: "x\n', (1, 4), "quote"),
        ("a: 1\nwords\nb: 2\n", (2, 1), "without `:`"),
        ("a: @x\n", (1, 4), "special sign"),
        ("a: 'x' y\n", (1, 8), "fit"),
        ('a: "\\q"\n', (1, 6), "unknown letter"),
    ],
)
def test_syntax_errors_in_plain_words(faults, text, place, word):
    (fault,) = faults(text)
    assert (fault.line, fault.column) == place
    assert word in fault.found
    assert "block" not in str(fault)
    assert "scalar" not in str(fault)


def test_faults_before_a_syntax_error_are_not_lost(faults):
    found = faults("a: 1\na: 2\nb: [1\n")
    assert [fault.code for fault in found] == ["duplicate-key", "syntax"]


def test_control_characters(faults):
    (fault,) = faults("a: x\x00y\n")
    assert (fault.line, fault.column) == (1, 5)
    assert "U+0000" in fault.found


def test_half_a_character_in_an_escape(faults):
    (fault,) = faults('a: "\\ud800"\n')
    assert "half a character" in fault.found


def test_escape_beyond_unicode(faults):
    (fault,) = faults('a: "\\UFFFFFFFF"\n')
    assert fault.code == "syntax"


def test_too_large_a_file(faults):
    (fault,) = faults(b"a: 1\n" + b"#" * MAX_BYTES)
    assert "2 MB" in fault.expected
    assert "CSV" in fault.hint


def test_missing_file_folder_and_impossible_names(tmp_path):
    (tmp_path / "base.yaml").write_text("a: 1\n", encoding="utf-8")
    for name, word in [("bsae.yaml", "no such file"), ("", "folder"), ("x" * 5000, "")]:
        with pytest.raises(ScenarioError) as caught:
            read_file(tmp_path / name)
        assert word in caught.value.faults[0].found
        if word == "no such file":
            assert "base.yaml" in caught.value.faults[0].hint
    with pytest.raises(ScenarioError):
        read_file(Path("a\0b"))


SIGNS = [*":-[]{}'\"|>?#%\\：1~@=,&*!<. \t\n\r\0\u3000\u0085\u2028\ufeff名a"]
WORDS = ["b", ": ", "- ", "\n  ", " #", "&x ", "*x", "!!", "<<", "---\n", "...", "\\x", "\\ud800"]
YAML_BITS = st.lists(st.sampled_from(SIGNS + WORDS), max_size=40).map(
    lambda bits: "".join(bits).encode()
)


@settings(
    max_examples=cases(100, 300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.one_of(st.binary(max_size=200), YAML_BITS, st.text(max_size=80).map(str.encode)))
def test_arbitrary_bytes_are_read_or_refused_with_faults(tmp_path, data):
    path = tmp_path / "any.yaml"
    path.write_bytes(data)
    faults: tuple[Fault, ...] = ()
    root = None
    try:
        root = read_file(path, "any.yaml")
    except ScenarioError as error:
        faults = error.faults
    assert (root is None) == bool(faults)
    assert root is None or isinstance(root.value, dict)
    for fault in faults:
        assert fault.file == "any.yaml"
        assert fault.found or fault.expected
        assert fault.line <= data.count(b"\n") + data.count(b"\r") + 1
