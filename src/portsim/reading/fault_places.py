"""The reading room's finger: a fault about a value of the tree, at its place in the file.

What a value means may not enter.
"""

from typing import Any

from portsim.errors import Fault
from portsim.reading.annotations import Path
from portsim.reading.merging import Tree
from portsim.reading.nodes import Place
from portsim.reading.text import dotted, short

__all__ = ["fault_at", "key_place"]


def fault_at(
    tree: Tree,
    path: Path,
    *,
    expected: str,
    hint: str = "",
    code: str,
    found: str = "",
    key: bool = False,
) -> Fault:
    """Return a fault about the value at ``path``, or at its nearest parent that is in the file.

    With ``key`` it is about the key at the end of the path, and points there.
    """
    if key and path in tree.key_places:
        found = found or f"`{short(str(path[-1]))}`"
        return tree.key_places[path].fault(dotted(path), code, found, expected, hint)
    known = next(path[:n] for n in range(len(path), -1, -1) if path[:n] in tree.places)
    place = tree.places[known]
    of_key = tree.key_places.get(known, place)
    value: Any = tree.data
    for part in known:
        value = value[part]
    # A block begins below its key: the key is what a person looks for.
    if isinstance(value, dict | list) and of_key.line != place.line:
        place = of_key
    return place.fault(
        dotted(path), code, found or _shown(value if known == path else None), expected, hint
    )


def key_place(tree: Tree, path: Path) -> Place:
    """Where the key at the end of a path stands; else its value, else the file."""
    return tree.key_places.get(path) or tree.places.get(path) or tree.places[()]


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        keys = ", ".join(value)
        return short(f"a mapping with {keys}") if value else "an empty mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if value is None:
        return "nothing"
    return f"`{short(str(value).lower() if isinstance(value, bool) else str(value), 58)}`"
