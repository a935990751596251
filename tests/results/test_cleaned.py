"""What was cleaned of a log is said in the language being spoken, whatever it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import portsim.gatelog
from portsim.results.cleaned import in_words
from portsim.wording import speaking

ROOM = Path(portsim.gatelog.__file__).parent
NAMES = {"oddity", "treatment", "treatments", "ROW", "DAY", "GONE", "UNREAD", "NEXT_DAY",
         "SKIPPED", "_NO_TRUCK", "_SWAPPED", "_LATE"}  # fmt: skip


def texts(tree: ast.AST) -> Iterator[str]:
    """The texts in part of a program, with a number for each thing that is put into one; of two
    of which one is put in, both."""
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.value
    elif isinstance(tree, ast.JoinedStr):
        ways = [""]
        for part in tree.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            some = list(texts(inner)) if isinstance(inner, ast.Constant | ast.IfExp) else []
            if isinstance(inner, ast.Call):
                hours = {"_way": ["1 h fast", "1 h slow"], "_hours": ["1 h"]}
                some = hours.get(getattr(inner.func, "id", ""), [])
            if isinstance(inner, ast.Name) and inner.id == "whose":
                some = ["the clock of gate", "the clocks of gate, desk"]
            ways = [before + each for before in ways for each in some or ["7"]]
        yield from ways
    elif isinstance(tree, ast.IfExp):
        for part in (tree.body, tree.orelse):
            yield from texts(part)
    elif isinstance(tree, ast.Tuple | ast.Dict):
        for part in tree.elts if isinstance(tree, ast.Tuple) else tree.values:
            yield from texts(part)


def cleaned() -> list[str]:
    """All that may stand in `what` and `treatment` of a list of what was cleaned."""
    found = set()
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in NAMES:
                found |= set(texts(node.value))
            owner = getattr(getattr(node, "func", None), "value", None)
            if isinstance(node, ast.Call) and getattr(owner, "id", "") == "cleaning":
                for each in node.args[2:]:
                    found |= set(texts(each))
    return sorted(found - {"", "arrival"})


def test_the_list_is_as_long_as_it_seems() -> None:
    assert len(cleaned()) > 60
    assert {
        "no record on 7",
        "a row twice",
        "perhaps the clock of gate 1 h slow from 7 to 7",
    } <= set(cleaned())


@pytest.mark.parametrize("text", cleaned())
def test_each_sentence_is_said_in_all_languages(text: str) -> None:
    assert in_words(text) == text
    for language in ("zh", "ru"):
        with speaking(language):
            assert in_words(text) != text
    assert in_words(text) == text


def test_weekdays_and_what_nobody_knows() -> None:
    text = "taken as closed: 3 of 3 Sundays have none"
    assert in_words(text) == text
    with speaking("ru"):
        assert in_words(text) == "считается закрытым: воскресенья, пусты 3 из 3"
        assert in_words("something new") == "something new"
