"""Other values put at places of a scenario's tree: which place a dotted path names, and the tree
with something else there.

Whether a value is right may not enter: the tree is checked in whole afterwards.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from portsim.errors import Fault, InputError, ScenarioError
from portsim.reading.annotations import Note, strip
from portsim.reading.annotations import Path as TreePath
from portsim.reading.merging import Tree
from portsim.reading.nodes import Entry, Node, Place
from portsim.reading.text import dotted, nearest, short
from portsim.scenario import shapes
from portsim.scenario.model import Scenario

__all__ = [
    "ABSENT",
    "IN_PYTHON",
    "as_node",
    "at",
    "in_words",
    "locate",
    "overlap",
    "put",
    "shown",
    "unknown",
]

IN_PYTHON = "set in Python"
"""Source of a value that took the place of what stood in a file."""
ABSENT: Any = object()
_DIGITS = 6
_INDEX = re.compile(r"\[(\d{1,6})\]")
_NAMED = re.compile(r"\[([^\[\]]+)\]")


def put(tree: Tree, path: TreePath, value: Any) -> Tree:
    """The tree with another value at a path; None takes out what stands there.

    Nobody has said where the new value comes from: its source is `IN_PYTHON`, unless it brings a
    note along. Notes on a mapping or a list that holds it stay with the parts that are as before.

    Raises:
        ScenarioError: the value brings a note that is none.
        InputError: it can stand in no file.
    """
    known = next(path[:n] for n in range(len(path), -1, -1) if path[:n] in tree.places)
    # The line is that of another value.
    place = Place(tree.places[known].file)
    plain = strip(as_node(value, place), path)
    if plain.faults:
        raise ScenarioError(plain.faults)
    data = _with(tree.data, path, ABSENT if value is None else plain.data)

    def keeps(where: TreePath) -> bool:
        return where[: len(path)] != path

    places = {where: spot for where, spot in tree.places.items() if keeps(where)}
    keys = {where: spot for where, spot in tree.key_places.items() if keeps(where) or where == path}
    notes = {where: note for where, note in _handed_down(tree, path).items() if keeps(where)}
    if value is None:
        keys.pop(path, None)
        return replace(tree, data=data, places=places, key_places=keys, notes=notes)
    for length in range(1, len(path) + 1):
        places.setdefault(path[:length], place)
        if not isinstance(path[length - 1], int):
            keys.setdefault(path[:length], place)
    notes[path] = Note(plain.data, IN_PYTHON, None, None, None, None, place)
    return replace(
        tree,
        data=data,
        places=places | plain.places,
        key_places=keys | plain.key_places,
        notes=notes | plain.notes,
    )


def _handed_down(tree: Tree, path: TreePath) -> dict[TreePath, Note]:
    """The notes of a tree, those on what holds a path handed down to all but what leads there."""
    notes = dict(tree.notes)
    for length in range(len(path)):
        above = notes.pop(path[:length], None)
        held = at(tree.data, path[:length])
        if above is None or not isinstance(held, dict | list):
            continue
        for part in held if isinstance(held, dict) else range(len(held)):
            below: TreePath = (*path[:length], part)
            own = notes.get(below)
            notes[below] = (
                replace(above, value=at(tree.data, below))
                if own is None
                else replace(
                    own,
                    source=above.source if own.source is None else own.source,
                    confidence=above.confidence if own.confidence is None else own.confidence,
                )
            )
    return notes


def as_node(value: Any, place: Place) -> Node:
    """A value as if it had been read from a file at a place.

    Raises:
        InputError: it can stand in no file.
    """
    if isinstance(value, Mapping):
        entries = {str(key): Entry(place, as_node(part, place)) for key, part in value.items()}
        return Node(entries, place)
    if isinstance(value, list | tuple):
        return Node([as_node(part, place) for part in value], place)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return Node(value.isoformat(), place)
    # The numbers of NumPy and pandas.
    value = value.item() if hasattr(value, "item") and hasattr(value, "dtype") else value
    if value is None or isinstance(value, str | int | float):
        return Node(value, place)
    raise InputError(f"{short(repr(value))} cannot stand in a scenario: write numbers and texts")


def _with(data: Any, path: TreePath, value: Any) -> Any:
    """A copy with another value at a path, which shares all the rest with the original."""
    if not path:
        return value
    first, *rest = path
    below = _with(at(data, (first,)), tuple(rest), value)
    if isinstance(data, list):
        assert isinstance(first, int)
        middle = [] if below is ABSENT else [below]
        return [*data[:first], *middle, *data[first + 1 :]]
    copy = dict(data) if isinstance(data, dict) else {}
    if below is ABSENT:
        copy.pop(str(first), None)
    else:
        copy[str(first)] = below
    return copy


def at(data: Any, path: TreePath) -> Any:
    """What stands at a path of plain values; `ABSENT` if nothing does."""
    for part in path:
        if isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        elif isinstance(data, dict) and part in data:
            data = data[str(part)]
        else:
            return ABSENT
    return data


def locate(data: Any, text: str) -> TreePath | None:
    """The path that a dotted text names in the plain values of a scenario; None if there is none.

    It need not stand there if it could.
    """
    return _locate(data, [Scenario], text)


def _locate(data: Any, shape: shapes.Shape, text: str) -> TreePath | None:
    """Names may hold points, so the longest that leads on counts."""
    if not text:
        return ()
    if isinstance(data, list):
        index = _INDEX.match(text) or _NAMED.match(text)
        part = None if index is None else _item(data, index[1])
        if index is None or part is None:
            return None
        rest = text[index.end() :]
        below = _locate(data[part], shapes.step(shape, part), rest.removeprefix("."))
        return None if below is None else (part, *below)
    if data is not ABSENT and not isinstance(data, dict):
        return None
    for key in sorted(_keys(data, shape), key=len, reverse=True):
        rest = text.removeprefix(key)
        if text.startswith(key) and rest[:1] in ("", ".", "["):
            below = _locate(at(data, (key,)), shapes.step(shape, key), rest.removeprefix("."))
            if below is not None:
                return (key, *below)
    return None


def _item(data: list[Any], text: str) -> int | None:
    """Which item of a list is meant: its number, or what it is called if one alone is; or None."""
    if text.isdecimal() and len(text) <= _DIGITS:
        return int(text) if int(text) < len(data) else None
    called = [number for number, item in enumerate(data) if _called(item) == text]
    return called[0] if len(called) == 1 else None


def _called(item: Any) -> str:
    """What people call an item of a list: a shift by its calendar, a step of a route by its stage;
    empty where it has no such name."""
    if not isinstance(item, dict):
        return ""
    return str(next((item[key] for key in ("calendar", "stage") if key in item), ""))


def in_words(data: Any, text: str) -> str:
    """A dotted path with names in place of numbers of items, where one item alone has the name:
    ``clerks.roster[early].count`` for ``clerks.roster[0].count``; as it is, if it names nothing.
    """
    path = locate(data, text)
    if path is None:
        return text
    words, here = "", data
    for part in path:
        name = _called(here[part]) if isinstance(part, int) else ""
        if isinstance(part, int):
            words += f"[{name if name and _item(here, name) == part else part}]"
        else:
            words += f".{part}" if words else str(part)
        here = at(here, (part,))
    return words


def _keys(data: Any, shape: shapes.Shape) -> list[str]:
    """Keys that stand in a mapping, and those that could."""
    there = list(data) if isinstance(data, dict) else []
    return list(dict.fromkeys([*there, *shapes.known_keys(shapes.models(shape))]))


def unknown(data: Any, text: str, spec: str) -> ScenarioError:
    """What is wrong with a text that names no path; the hint names the nearest."""
    whole = next((parent for parent in _parents(text) if locate(data, parent)), "")
    inside = at(data, locate(data, whole) or ())
    if whole and not isinstance(inside, dict | list) and inside is not ABSENT:
        hint = f"`{whole}` is `{short(str(inside))}`, without parts: vary {whole} itself"
    else:
        like = nearest(text, _known(data, [Scenario], ()))
        hint = f"did you mean `{like}`?" if like else "portsim show lists the paths of a file"
    words = ("unknown-path", f"`{short(text, 200)}`", "the path of a value", hint)
    return ScenarioError([Fault(spec, 0, 0, "", *words)])


def _known(data: Any, shape: shapes.Shape, path: TreePath) -> Iterator[str]:
    """Dotted paths of all values of a tree, and of those that could stand beside them."""
    if path:
        yield dotted(path)
    if isinstance(data, list):
        for number, item in enumerate(data):
            yield from _known(item, shapes.step(shape, number), (*path, number))
    elif isinstance(data, dict):
        for key in _keys(data, shape):
            yield from _known(at(data, (key,)), shapes.step(shape, key), (*path, key))


def _parents(text: str) -> Iterator[str]:
    """A dotted path without its last parts, the longest first."""
    cuts = [number for number, sign in enumerate(text) if sign in ".["]
    return (text[:number] for number in reversed(cuts))


def overlap(path: str, other: str) -> bool:
    """Whether one of two dotted paths is, or lies inside, the other."""
    return any(
        a == b or a.startswith((f"{b}.", f"{b}[")) for a, b in ((path, other), (other, path))
    )


def shown(value: Any) -> str:
    """A value in a message, on one line."""
    if isinstance(value, Mapping | list | tuple):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    return short("null" if value is None else str(value))
