"""The reading room's binder: a file, its bases and its overlays become one plain tree.

Rules of merging and the place of every value live here; what a value means may not enter.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portsim.errors import Fault, ScenarioError
from portsim.reading.annotations import Note, is_annotated, strip
from portsim.reading.annotations import Path as TreePath
from portsim.reading.extending import Layer, Shelf, split_stack
from portsim.reading.nodes import Entry, Node, Place
from portsim.reading.rerouting import changes_a_route, reroute
from portsim.reading.text import dotted, nearest, short

__all__ = ["Tree", "read_tree", "read_tree_and_faults"]

_JOINED = " + "
_DISTRIBUTIONS = {
    "constant",
    "empirical",
    "erlang",
    "exponential",
    "gamma",
    "lognormal",
    "mixture",
    "triangular",
    "truncated_normal",
    "uniform",
    "weibull",
}


@dataclass(frozen=True, slots=True)
class Tree:
    """A scenario as plain values, and where each of them comes from.

    Attributes:
        data: mappings, lists and scalars, without annotations and without ``extends``.
        places: where each value stands; the path of the whole is ``()``.
        key_places: where each key of a mapping stands.
        notes: sources and confidences of the annotated values.
        files: every file read, base first, as the user wrote them.
        base: what a policy is laid on: the same without the last file of a chain, or without the
            overlays of a stack; None for a file that stands alone, or if that is no tree.
    """

    data: dict[str, Any]
    places: dict[TreePath, Place]
    key_places: dict[TreePath, Place]
    notes: dict[TreePath, Note]
    files: tuple[str, ...]
    base: "Tree | None" = None


def read_tree(spec: str | Path) -> Tree:
    """Read a scenario file with its bases, or a stack ``base.yaml+app.yaml``, into one tree.

    Raises:
        ScenarioError: the faults of form of all files, and collisions between overlays.
    """
    tree, faults = read_tree_and_faults(spec)
    if faults:
        raise ScenarioError(faults)
    return tree


_HARMLESS = {"nothing-to-delete", "collision", "confidence", "range", "route-change"}


def read_tree_and_faults(
    spec: str | Path, root: Node | None = None, files: dict[str, Node] | None = None
) -> tuple[Tree, list[Fault]]:
    """Read the tree, and the faults of form beside which its values can still be judged.

    With ``root`` that is what stands in the file `spec`, which need not exist. With ``files`` those
    that were read before are taken from there, and others are put there.

    Raises:
        ScenarioError: faults of form that leave no tree worth judging, with all the others.
    """
    first, *others = split_stack(str(spec)) if root is None else [str(spec)]
    if not all((first, *others)):
        words = ("stack", "an empty file name", "a stack such as base.yaml+overlay.yaml")
        raise ScenarioError([Fault(str(spec), 0, 0, "", *words)])
    shelf = Shelf(files)
    chain = shelf.chain(first, root)
    overlays = _overlays(others, chain, shelf)
    if shelf.faults:
        raise ScenarioError(shelf.mended + shelf.faults)
    binder = _Binder()
    root = chain[0].root
    below: Tree | None = None
    for number, layer in enumerate(chain[1:], 1):
        if number == len(chain) - 1 and not overlays:
            below = _below(root, chain[:number])
        root = binder.merge(root, layer.root, ())
    if overlays:
        below = _below(root, chain)
        joined = overlays[0].root
        for overlay in overlays[1:]:
            joined = binder.join(joined, overlay.root, ())
        root = binder.merge(root, joined, ())
    root = _with_titles(root, chain, overlays)
    plain = strip(root)
    faults = shelf.mended + binder.faults + plain.faults
    if any(fault.code not in _HARMLESS for fault in binder.faults + plain.faults):
        raise ScenarioError(faults)
    shown = tuple(layer.shown for layer in (*chain, *overlays))
    return Tree(plain.data, plain.places, plain.key_places, plain.notes, shown, below), faults


def _below(root: Node, chain: list[Layer]) -> Tree | None:
    """What a policy is laid on, as a tree of its own; its faults are found when it is read."""
    plain = strip(_with_titles(root, chain, []))
    if plain.faults or not isinstance(plain.data, dict):
        return None
    files = tuple(layer.shown for layer in chain)
    return Tree(plain.data, plain.places, plain.key_places, plain.notes, files)


def _overlays(names: Iterable[str], chain: list[Layer], shelf: Shelf) -> list[Layer]:
    known = {layer.real for layer in chain}
    read = [layer for layer in map(shelf.layer, names) if layer is not None]
    overlays: list[Layer] = []
    for layer in read:
        if layer.real not in known:
            known.add(layer.real)
            overlays.append(layer)
    for layer in overlays:
        for target, place in layer.targets:
            if os.path.realpath(target) not in known:
                found = f"`{short(target)}`, which is not part of the stack"
                expected = f"one of {', '.join(layer.shown for layer in (*chain, *overlays))}"
                hint = f"put `{short(target)}` into the stack before it"
                where = (place.file, place.line, place.column, "extends", "extends")
                shelf.faults.append(Fault(*where, found, expected, hint))
    return overlays


def _with_titles(root: Node, chain: list[Layer], overlays: list[Layer]) -> Node:
    """Put name, label and summary in front; they are the file's own and never collide."""
    assert isinstance(root.value, dict)
    own = chain[-1]
    titles: dict[str, Entry] = {}
    if own.name and not overlays:
        titles["name"] = own.name
    else:
        place = own.name.node.place if own.name else Place(own.shown)
        name = "+".join(layer.stem for layer in (own, *overlays))
        titles["name"] = Entry(place, Node(name, place))
    if (label := _stacked_label(own, overlays)) is not None:
        titles["label"] = label
    inherited = [layer.summary for layer in reversed(chain) if layer.summary][:1]
    summaries = inherited + [layer.summary for layer in overlays if layer.summary]
    texts = [str(s.node.value) for s in summaries if isinstance(s.node.value, str)]
    if summaries:
        # Anything but texts cannot be joined; the first such value is left for the schema.
        odd = [s for s in summaries if not isinstance(s.node.value, str)]
        entry = (odd or summaries)[0]
        joined = Node("; ".join(texts), entry.node.place)
        titles["summary"] = entry if odd or len(texts) == 1 else Entry(entry.key_place, joined)
    return Node(titles | root.value, root.place)


def _stacked_label(own: Layer, overlays: list[Layer]) -> Entry | None:
    """The label of a file, or of a stack: those of its layers, or else their names, joined in each
    language that none of the labels lacks. None if no layer has one.
    """
    layers = (own, *overlays)
    given = [layer.label for layer in layers if layer.label is not None]
    if not given or not overlays:
        return own.label
    if odd := [label for label in given if not isinstance(label.node.value, str | dict)]:
        # Anything but texts cannot be joined; the first such value is left for the schema.
        return odd[0]
    texts = [layer.stem if layer.label is None else layer.label.node.value for layer in layers]
    place = given[0].node.place
    by_language = [text for text in texts if isinstance(text, dict)]
    if not by_language:
        return Entry(given[0].key_place, Node(_JOINED.join(map(str, texts)), place))
    common = [key for key in by_language[0] if all(key in text for text in by_language)]
    joined = {
        key: Entry(place, Node(_JOINED.join(_in(text, key) for text in texts), place))
        for key in common
    }
    return Entry(given[0].key_place, Node(joined, place))


def _in(text: Any, language: str) -> str:
    return str(text[language].node.value if isinstance(text, dict) else text)


class _Binder:
    """Puts trees together by the rules of ``extends`` and of stacks, and collects faults."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def merge(self, base: Node, over: Node, path: TreePath) -> Node:
        """Lay ``over`` on ``base``; ``null`` deletes."""
        if changes_a_route(base, over, path):
            return reroute(base, over, path, self.merge, self.faults)
        if _replaces_whole(base, over, path):
            return over
        if isinstance(base.value, dict) and isinstance(over.value, dict):
            return Node(self._merge_mappings(base.value, over.value, path), base.place)
        return _by_name(base, over, path, self.merge) or over

    def _merge_mappings(
        self, base: dict[str, Entry], over: dict[str, Entry], path: TreePath
    ) -> dict[str, Entry]:
        merged = dict(base)
        for key, entry in over.items():
            old = base.get(key)
            if entry.node.value is None:
                if old is None:
                    self._nothing_to_delete(entry.key_place, (*path, key), base)
                merged.pop(key, None)
            elif old is None:
                merged[key] = entry
            else:
                node = self.merge(old.node, entry.node, (*path, key))
                replaced = node is entry.node
                merged[key] = Entry(entry.key_place if replaced else old.key_place, node)
        return merged

    def join(self, first: Node, second: Node, path: TreePath) -> Node:
        """Join two overlays of a stack; two different values for one thing collide."""
        both_reroute = _reroutes(first, path) and _reroutes(second, path)
        if both_reroute or not _replaces_whole(first, second, path):
            if isinstance(first.value, dict) and isinstance(second.value, dict):
                joined = dict(first.value)
                for key, entry in second.value.items():
                    old = joined.get(key)
                    if old is not None:
                        node = self.join(old.node, entry.node, (*path, key))
                        entry = Entry(old.key_place, node)  # noqa: PLW2901
                    joined[key] = entry
                return Node(joined, first.place)
            if (items := _by_name(first, second, path, self.join)) is not None:
                return items
        if not _same(strip(first, path).data, strip(second, path).data):
            self._collision(first, second, path)
        return second if is_annotated(second, path) else first

    def _nothing_to_delete(self, place: Place, path: TreePath, known: Iterable[str]) -> None:
        key = str(path[-1])
        found = f"`{short(key)}: null`, but there is no `{short(key)}` to delete"
        like = nearest(key, known)
        hint = f"did you mean `{like}`?" if like else "delete the line"
        where = (place.file, place.line, place.column, dotted(path))
        fault = Fault(*where, "nothing-to-delete", found, "a key of the base", hint)
        self.faults.append(fault)

    def _collision(self, first: Node, second: Node, path: TreePath) -> None:
        other = first.place
        there = f"{other.file}:{other.line}:{other.column}"
        values = [_written(strip(node, path).data) for node in (second, first)]
        found = f"{values[0]} here and {values[1]} in {there}"
        hint = "overlays of a stack may not disagree: let one extend the other, or drop one"
        where = (second.place.file, second.place.line, second.place.column, dotted(path))
        expected = "one value from one overlay"
        self.faults.append(Fault(*where, "collision", found, expected, hint))


def _by_name(
    first: Node,
    second: Node,
    path: TreePath,
    together: Callable[[Node, Node, TreePath], Node],
) -> Node | None:
    """Two lists of named mappings as one, those of one name put together; None of anything else."""
    names, second_names = _names(first), _names(second)
    if names is None or second_names is None:
        return None
    assert isinstance(first.value, list)
    assert isinstance(second.value, list)
    items = list(first.value)
    for name, item in zip(second_names, second.value, strict=True):
        number = names.get(name)
        if number is not None:
            items[number] = together(items[number], item, (*path, number))
        else:
            items.append(item)
    return Node(items, first.place)


def _replaces_whole(first: Node, second: Node, path: TreePath) -> bool:
    if len(path) == 3 and path[0] == "calendars" and path[2] == "hours":
        return True
    return any(is_annotated(node, path) or _is_distribution(node, path) for node in (first, second))


def _reroutes(node: Node, path: TreePath) -> bool:
    """Whether an overlay changes a route by its stages, one of which may be called uniform."""
    return changes_a_route(Node([], node.place), node, path)


def _is_distribution(node: Node, path: TreePath) -> bool:
    # The keys of a section (`stages`, `traffic`) are names: a stage may be called uniform.
    if len(path) < 2 or not isinstance(node.value, dict):
        return False
    return not _DISTRIBUTIONS.isdisjoint(node.value)


def _names(node: Node) -> dict[str, int] | None:
    """Return where in a list of named mappings each name is; None if it is anything else."""
    if not isinstance(node.value, list) or not node.value:
        return None
    names: dict[str, int] = {}
    for number, item in enumerate(node.value):
        entry = item.value.get("name") if isinstance(item.value, dict) else None
        if entry is None or not isinstance(entry.node.value, str):
            return None
        names[entry.node.value] = number
    return names if len(names) == len(node.value) else None


def _same(first: Any, second: Any) -> bool:
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(_same(first[k], second[k]) for k in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(_same, first, second))
    return isinstance(first, bool) == isinstance(second, bool) and bool(first == second)


def _written(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if value is None:
        return "`null`"
    return f"`{short(str(value).lower() if isinstance(value, bool) else str(value))}`"
