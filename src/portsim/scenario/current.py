"""The tree of a scenario as it is now: where its values stand, and who answers for them.

A tree knows places and sources of what was read. Where the values are others by now, this is
said of them here; which values are right may not enter.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from portsim.reading.annotations import Note, strip
from portsim.reading.annotations import Path as TreePath
from portsim.reading.merging import Tree
from portsim.reading.nodes import Place
from portsim.scenario.identity import key
from portsim.scenario.model import Scenario
from portsim.scenario.plain import plain
from portsim.scenario.putting import ABSENT, as_node, at, put

__all__ = ["current", "nearest_place", "respelt", "unchanged"]


def unchanged(scenario: Scenario) -> bool:
    """Whether the values are those that were read and checked."""
    checked = scenario.origin.checked
    return bool(checked) and key(scenario, {}, translations=True) == checked


def current(scenario: Scenario) -> tuple[Tree, dict[TreePath, Any]]:
    """The tree that holds what a scenario says now, and what was changed since it was read.

    Returns:
        The tree, as people wrote it if nothing was changed; and the changed values by path, None
        for one that was taken out.
    """
    origin = scenario.origin
    if origin.tree is not None and unchanged(scenario):
        return origin.tree, {}
    data = plain(scenario)
    if origin.tree is None:
        place = Place(f"{data.get('name', '')}, made in Python")
        return _placed(data, lambda path: place, ()), {}
    tree = respelt(origin.tree)
    changed = dict(_changes(tree.data, data, ()))
    for path, value in changed.items():
        tree = put(tree, path, value)
    # Names that only changed their order changed nothing else.
    return replace(tree, data=data), changed


def respelt(tree: Tree) -> Tree:
    """A tree that was checked in the one spelling of `plain`, with the places and notes it has."""
    data = plain(Scenario.model_validate(tree.data))
    placed = _placed(data, lambda path: nearest_place(tree, path), tree.files)
    notes: dict[TreePath, Note] = {}
    for path, note in tree.notes.items():
        here = path
        # Short forms are the same value one level up.
        while at(data, here) is ABSENT and _alone(tree.data, here):
            here = here[:-1]
        if at(data, here) is not ABSENT:
            notes[here] = note
    return replace(placed, notes=notes, base=tree.base)


def nearest_place(tree: Tree, path: TreePath) -> Place:
    """Where the value at a path stands, or what holds it."""
    return next(
        tree.places[path[:length]]
        for length in range(len(path), -1, -1)
        if path[:length] in tree.places
    )


def _alone(data: Any, path: TreePath) -> bool:
    """Whether a value is all that its mapping holds."""
    held = at(data, path[:-1])
    return bool(path) and isinstance(held, dict) and len(held) == 1


def _placed(data: Any, place: Callable[[TreePath], Place], files: tuple[str, ...]) -> Tree:
    bare = strip(as_node(data, Place("")))
    return Tree(
        bare.data,
        {path: place(path) for path in bare.places},
        {path: place(path) for path in bare.key_places},
        {},
        files,
    )


def _changes(before: Any, now: Any, path: TreePath) -> Iterator[tuple[TreePath, Any]]:
    if isinstance(before, dict) and isinstance(now, dict):
        for name in before | now:
            if name not in now:
                yield (*path, name), None
            else:
                yield from _changes(before.get(name, ABSENT), now[name], (*path, name))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from _changes(old, new, (*path, number))
    elif before != now or isinstance(before, bool) != isinstance(now, bool):
        yield path, now
