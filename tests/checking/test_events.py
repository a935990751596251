"""Which of the two parsers reads a file can be told by nothing but the time."""

import random

import pytest

from damage import mutated, seeds
from portsim.errors import Fault
from portsim.reading import events, nodes
from portsim.reading.text import Scan

PIECES = (
    *("a", ": ", "\n", "- ", "  ", "    ", "? ", "[", "]", "{", "}", ",", "#", "'", '"', "|", "|-"),
    *("|2", ">", "&a ", "*a ", "!x ", "!!str ", "!<y> ", "---", "...", "\\", "\\n", "\\u00e9"),
    *("é", "\u2028", "\t", "\x85", "%", "@", "`", "~", "<<", ":", "http://x:8", "10:30", "a?b"),
    *("&b", "*b", "\n*b: "),
    *("a#b", "a #b", '"a"', ":x", "{a:1}", '{"a":1}', "[a, b: c]", "\\/", "🚚", "\ufeff", "null"),
)


def told(text: str) -> tuple[object, list[Fault]]:
    """What a text says, with every place, and all that is wrong with it."""
    composer = nodes._Composer(Scan(text, "f").text, "f")
    try:
        return said(composer.document()), composer.faults
    except nodes._GiveUpError as stop:
        return None, [*composer.faults, stop.fault]


def said(node: nodes.Node) -> object:
    value: object = node.value
    if isinstance(node.value, dict):
        value = [(key, each.key_place, said(each.node)) for key, each in node.value.items()]
    elif isinstance(node.value, list):
        value = [said(item) for item in node.value]
    return type(node.value), value, node.place


def texts(count: int):
    luck = random.Random(7)
    right = [seed for seed in seeds() if len(seed.text) < 5000]
    for number in range(count):
        if number % 2:
            yield "".join(luck.choice(PIECES) for _ in range(luck.randrange(1, 14)))
            continue
        damaged = mutated(luck, luck.choice(right), right)
        yield damaged.decode("utf-8", "ignore").replace("\r\n", "\n").replace("\r", "\n")


def test_both_parsers_tell_the_same(monkeypatch):
    by_libyaml, quick = events._by_libyaml, 0
    for text in texts(800):
        monkeypatch.setattr(events, "_by_libyaml", by_libyaml)
        quick += by_libyaml(Scan(text, "f").text) is not None
        told_quickly = told(text)
        monkeypatch.setattr(events, "_by_libyaml", lambda _: None)
        assert told_quickly == told(text), text
    assert quick > 150


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: seed.name)
def test_right_files_are_read_the_quick_way(seed):
    assert events._by_libyaml(seed.text) is not None


def test_without_libyaml_files_are_read_all_the_same(monkeypatch):
    monkeypatch.setattr(events.yaml, "__with_libyaml__", False)
    assert events._by_libyaml("a: 1") is None
    assert told("a: 1") == told("a: 1\n")
