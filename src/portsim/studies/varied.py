"""A scenario with other values at some of its places, checked as if they stood in the file.

Which values are worth trying, and what comes of them, may not enter.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from portsim.checking import loads
from portsim.errors import Fault, InputError, ScenarioError
from portsim.scenario import shapes
from portsim.scenario.annotations import Note, strip
from portsim.scenario.annotations import Path as TreePath
from portsim.scenario.merging import Tree, read_tree_and_faults
from portsim.scenario.model import Scenario
from portsim.scenario.reading import Entry, Node, Place
from portsim.scenario.text import dotted, nearest, short

__all__ = ["Variants", "vary"]

_INDEX = re.compile(r"\[(\d{1,6})\]")
_ABSENT: Any = object()


def vary(spec: str | Path, values: Mapping[str, Any]) -> Scenario:
    """The scenario of a file or a stack, with other values at some of its places.

    Args:
        spec: path of a YAML file, or ``base.yaml+overlay.yaml``.
        values: by dotted path, e.g. ``resources.inspectors.capacity``, what stands there instead,
            written as in YAML: numbers, or texts with their unit. None takes a value out.

    Raises:
        ScenarioError: the files are at fault, there is no such path, or a value is refused.
    """
    return Variants(spec).at(values)


class Variants:
    """One file or stack, read and checked once, from which any number of scenarios are made."""

    def __init__(self, spec: str | Path) -> None:
        """Read the files.

        Raises:
            ScenarioError: every fault of the files, as `portsim.load` raises it.
        """
        self._spec = str(spec)
        self._tree, faults = read_tree_and_faults(spec)
        self.base = loads(self._tree, faults)
        """The scenario as it stands in the files."""

    def path(self, text: str) -> TreePath:
        """The place that a dotted path names; it need not stand in the file if it could.

        Raises:
            ScenarioError: there is no such place; the hint names the nearest.
        """
        found = _locate(self._tree.data, [Scenario], text)
        if found:
            return found
        whole = next((t for t in _parents(text) if _locate(self._tree.data, [Scenario], t)), "")
        inside = _get(self._tree.data, _locate(self._tree.data, [Scenario], whole) or ())
        if whole and not isinstance(inside, dict | list) and inside is not _ABSENT:
            hint = f"`{whole}` is `{short(str(inside))}`, without parts: vary {whole} itself"
        else:
            like = nearest(text, _known(self._tree.data, [Scenario], ()))
            hint = f"did you mean `{like}`?" if like else "portsim show lists the paths of a file"
        words = ("unknown-path", f"`{short(text, 200)}`", "the path of a value", hint)
        raise ScenarioError([Fault(self._spec, 0, 0, "", *words)])

    def written(self, text: str) -> Any:
        """What stands at a dotted path, as written and without its note; None if nothing does.

        Raises:
            ScenarioError: there is no such place.
        """
        found = _get(self._tree.data, self.path(text))
        return None if found is _ABSENT else found

    def note(self, text: str) -> Note | None:
        """Source, mark and range of what stands at a dotted path; None without a note.

        Raises:
            ScenarioError: there is no such place.
        """
        return self._tree.notes.get(self.path(text))

    def at(self, values: Mapping[str, Any], *, name: str = "") -> Scenario:
        """The scenario with other values at some of its places; see `vary`.

        With ``name`` it is called so; its own name stays if that is empty.

        Notes stay with the values that take the old ones' places. It is checked in whole, which
        takes some 0.03 s for a port of 700 lines.

        Raises:
            ScenarioError: there is no such path, or the values are refused; each fault says which
                values were tried.
        """
        places = {text: self.path(text) for text in values}
        _refuse_nested(self._spec, places)
        tree = self._tree
        for text, value in values.items():
            tree = _put(tree, places[text], value)
        if name:
            tree = _put(tree, ("name",), name)
        try:
            return loads(tree)
        except ScenarioError as error:
            raise ScenarioError(list(self._told(error, values))) from None

    def _told(self, error: ScenarioError, values: Mapping[str, Any]) -> Iterator[Fault]:
        """The faults of a point: what was tried stands in no line of the file."""
        tried = ", ".join(f"{text} = {_shown(value)}" for text, value in values.items())
        for fault in error.faults:
            if any(_overlap(fault.path, dotted(self.path(text))) for text in values):
                yield replace(fault, file=f"{self._spec} with {tried}", line=0, column=0)
            else:
                hint = "; ".join(filter(None, (fault.hint, f"this is with {tried}")))
                yield replace(fault, hint=hint)


def _put(tree: Tree, path: TreePath, value: Any) -> Tree:
    """The tree with another value at a path; its note, if it has one, tells of the new value."""
    known = next(path[:n] for n in range(len(path), -1, -1) if path[:n] in tree.places)
    place = tree.places[known]
    plain = strip(_node(value, place), path)
    if plain.faults:
        raise ScenarioError(plain.faults)
    data = _with(tree.data, path, _ABSENT if value is None else plain.data)

    def keeps(at: TreePath) -> bool:
        return at[: len(path)] != path

    places = {at: one for at, one in tree.places.items() if keeps(at)}
    keys = {at: one for at, one in tree.key_places.items() if keeps(at) or at == path}
    notes = {at: one for at, one in tree.notes.items() if keeps(at) or at == path}
    for length in range(1, len(path) + 1):
        places.setdefault(path[:length], place)
        if not isinstance(path[length - 1], int):
            keys.setdefault(path[:length], place)
    for at, note in tree.notes.items():
        if at == path[: len(at)]:
            notes[at] = replace(note, value=_get(data, at))
    if value is None:
        places.pop(path, None)
        keys.pop(path, None)
        notes.pop(path, None)
        return Tree(data, places, keys, notes, tree.files)
    return Tree(
        data, places | plain.places, keys | plain.key_places, notes | plain.notes, tree.files
    )


def _node(value: Any, place: Place) -> Node:
    """A value as if it had been read from a file."""
    if isinstance(value, Mapping):
        entries = {str(key): Entry(place, _node(one, place)) for key, one in value.items()}
        return Node(entries, place)
    if isinstance(value, list | tuple):
        return Node([_node(one, place) for one in value], place)
    if value is None or isinstance(value, str | int | float):
        return Node(value, place)
    raise InputError(f"{short(repr(value))} cannot stand in a scenario: write numbers and texts")


def _with(data: Any, path: TreePath, value: Any) -> Any:
    """A copy with another value at a path, which shares all the rest with the original."""
    if not path:
        return value
    first, *rest = path
    below = _with(_get(data, (first,)), tuple(rest), value)
    if isinstance(data, list):
        assert isinstance(first, int)
        middle = [] if below is _ABSENT else [below]
        return [*data[:first], *middle, *data[first + 1 :]]
    copy = dict(data) if isinstance(data, dict) else {}
    if below is _ABSENT:
        copy.pop(str(first), None)
    else:
        copy[str(first)] = below
    return copy


def _get(data: Any, path: TreePath) -> Any:
    for part in path:
        if isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        elif isinstance(data, dict) and part in data:
            data = data[str(part)]
        else:
            return _ABSENT
    return data


def _locate(data: Any, shape: shapes.Shape, text: str) -> TreePath | None:
    """The path that a text names; names may hold points, so the longest that leads on counts."""
    if not text:
        return ()
    if isinstance(data, list):
        index = _INDEX.match(text)
        if index is None or int(index[1]) >= len(data):
            return None
        part, rest = int(index[1]), text[index.end() :]
        below = _locate(data[part], shapes.step(shape, part), rest.removeprefix("."))
        return None if below is None else (part, *below)
    if data is not _ABSENT and not isinstance(data, dict):
        return None
    for key in sorted(_keys(data, shape), key=len, reverse=True):
        rest = text.removeprefix(key)
        if text.startswith(key) and rest[:1] in ("", ".", "["):
            below = _locate(_get(data, (key,)), shapes.step(shape, key), rest.removeprefix("."))
            if below is not None:
                return (key, *below)
    return None


def _keys(data: Any, shape: shapes.Shape) -> list[str]:
    """Keys that stand in a mapping, and those that could."""
    there = list(data) if isinstance(data, dict) else []
    return list(dict.fromkeys([*there, *shapes.known_keys(shapes.models(shape))]))


def _known(data: Any, shape: shapes.Shape, path: TreePath) -> Iterator[str]:
    """Dotted paths of all values of a tree, and of those that could stand beside them."""
    if path:
        yield dotted(path)
    if isinstance(data, list):
        for number, item in enumerate(data):
            yield from _known(item, shapes.step(shape, number), (*path, number))
    elif isinstance(data, dict):
        for key in _keys(data, shape):
            yield from _known(_get(data, (key,)), shapes.step(shape, key), (*path, key))


def _parents(text: str) -> Iterator[str]:
    """A dotted path without its last parts, the longest first."""
    cuts = [at for at, sign in enumerate(text) if sign in ".["]
    return (text[:at] for at in reversed(cuts))


def _refuse_nested(spec: str, places: Mapping[str, TreePath]) -> None:
    for text, path in places.items():
        for other, longer in places.items():
            if other != text and longer[: len(path)] == path:
                found = f"`{text}` beside `{other}`"
                words = ("nested-paths", found, "paths of which none holds another")
                raise ScenarioError([Fault(spec, 0, 0, "", *words)])


def _overlap(one: str, other: str) -> bool:
    return any(a == b or a.startswith((f"{b}.", f"{b}[")) for a, b in ((one, other), (other, one)))


def _shown(value: Any) -> str:
    if isinstance(value, Mapping | list | tuple):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    return short("null" if value is None else str(value))
