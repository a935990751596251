"""Values given in Python: the tree of a scenario with some of them, and faults told of them.

What is right or wrong is found by the checks; here their words are put to what was given.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from portsim.errors import Fault, ScenarioError
from portsim.reading.annotations import Path as TreePath
from portsim.reading.merging import Tree, read_tree_and_faults
from portsim.reading.nodes import Place
from portsim.scenario.current import respelt
from portsim.scenario.putting import as_node, locate, overlap, put, shown, unknown

__all__ = ["changed", "given", "placed", "spec_of", "told"]


def given(values: Mapping[str, Any], folder: str | Path) -> tuple[Tree, list[Fault]]:
    """The tree of values that stand in no file, and the faults of their form.

    Raises:
        ScenarioError: faults that leave no tree worth judging.
        InputError: a value can stand in no file.
    """
    file = str(Path(folder) / "from_dict")
    tree, faults = read_tree_and_faults(file, as_node(values, Place(file)))
    if values.get("name") is None:
        words = ("missing-key", "no `name`", "`name`: no file's name can stand for it")
        faults = [*faults, Fault(file, 0, 0, "name", *words)]
    return tree, faults


def changed(tree: Tree, values: Mapping[str, Any]) -> Tree:
    """The tree with other values at dotted paths; None takes one out.

    Raises:
        ScenarioError: there is no such path, or one of them holds another.
        InputError: a value can stand in no file.
    """
    tree, places = placed(tree, values)
    for text, path in places.items():
        for other, longer in places.items():
            if other != text and longer[: len(path)] == path:
                found = f"`{text}` beside `{other}`"
                words = ("nested-paths", found, "paths of which none holds another")
                raise ScenarioError([Fault(spec_of(tree), 0, 0, "", *words)])
    for text, value in values.items():
        tree = put(tree, places[text], value)
    return tree


def placed(tree: Tree, texts: Iterable[str]) -> tuple[Tree, dict[str, TreePath]]:
    """The places that dotted texts name, and the tree in which they do.

    They are the paths of the files; else all are those of the one spelling that is shown.

    Raises:
        ScenarioError: there is no such place; the hint names the nearest.
    """
    paths = _all_placed(tree, texts)
    if paths is not None:
        return tree, paths
    try:
        as_shown = respelt(tree)
    except ValidationError:
        # Something in it is refused: whoever checks it will say what.
        as_shown = tree
    paths = _all_placed(as_shown, texts)
    if paths is not None:
        return as_shown, paths
    missed = next(text for text in texts if not locate(tree.data, text))
    raise unknown(tree.data, missed, spec_of(tree))


def _all_placed(tree: Tree, texts: Iterable[str]) -> dict[str, TreePath] | None:
    paths = {text: locate(tree.data, text) for text in texts}
    known = {text: path for text, path in paths.items() if path}
    return known if len(known) == len(paths) else None


def spec_of(tree: Tree) -> str:
    """The file or stack that a tree was read from, for messages."""
    own = tree.places.get(("name",), tree.places[()]).file
    if own in tree.files:
        return "+".join(tree.files[tree.files.index(own) :])
    return own


def told(error: ScenarioError, spec: str, values: Mapping[str, Any]) -> Iterator[Fault]:
    """The faults of a scenario with other values: what was tried stands in no line of the file."""
    tried = ", ".join(f"{text} = {shown(value)}" for text, value in values.items())
    for fault in error.faults:
        if any(overlap(fault.path, text) for text in values):
            yield replace(fault, file=f"{spec} with {tried}", line=0, column=0)
        else:
            hint = "; ".join(filter(None, (fault.hint, f"this is with {tried}")))
            yield replace(fault, hint=hint)
