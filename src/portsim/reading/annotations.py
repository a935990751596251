"""The reading room's margin notes: where a value comes from and how far it can be trusted.

What a value means may not enter; notes are kept beside the tree and taken out of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from portsim.errors import Fault
from portsim.reading.nodes import Node, Place
from portsim.reading.text import dotted, nearest, short

__all__ = ["SHAPES", "Note", "Path", "Plain", "is_annotated", "strip"]

Path: TypeAlias = tuple[str | int, ...]

_KEYS = ("value", "source", "confidence", "range", "shape", "note")
SHAPES = ("uniform", "normal", "lognormal")
"""How a value lies in its range: evenly, or as the distribution of which it holds 95 %."""
_MARKS = ("source", "confidence")
_CONFIDENCES = ("A", "B", "C", "D", "E")
_SECTIONS = {(), ("traffic",), ("stages",), ("resources",), ("calendars",)}
_OF_ALL_CLASSES = ("scale", "day_factor")
_RANGE = '`[low, high]` or text such as "8 min..12 min"'


@dataclass(frozen=True, slots=True)
class Note:
    """Where a value comes from.

    Attributes:
        value: the value itself, plain.
        source: who says so; None if nobody is named.
        confidence: A (measured) to E (guessed); None if not given.
        range: lowest and highest plausible value as written; None if not given.
        shape: one of `SHAPES`, how the value lies in its range; None if not given.
        note: anything else worth knowing; None if nothing.
        place: where the annotated value stands.
    """

    value: Any
    source: str | None
    confidence: str | None
    range: tuple[Any, Any] | None
    shape: str | None
    note: str | None
    place: Place


@dataclass(slots=True)
class Plain:
    """A tree without its notes, and beside it the notes, places and faults by path."""

    data: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    key_places: dict[Path, Place] = field(default_factory=dict)
    notes: dict[Path, Note] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def is_annotated(node: Node, path: Path) -> bool:
    """Whether the node is `{value: …, source: …}` rather than a plain value."""
    if not isinstance(node.value, dict) or _has_own_value(path):
        return False
    return "value" in node.value and all(key in _KEYS for key in node.value)


def _has_own_value(path: Path) -> bool:
    # The goods of a traffic class and an observed figure have a `value`; the keys of a section are
    # names people chose.
    a_class = len(path) == 2 and path[0] == "traffic" and path[1] not in _OF_ALL_CLASSES
    a_figure = len(path) == 2 and path[0] == "observed"
    return a_class or a_figure or path in _SECTIONS


def strip(root: Node, path: Path = ()) -> Plain:
    """Take the notes out of a tree, or out of the part of a tree that stands at ``path``."""
    plain = Plain()
    plain.data = _strip(root, path, plain)
    return plain


def _strip(node: Node, path: Path, plain: Plain) -> Any:
    plain.places[path] = node.place
    if isinstance(node.value, list):
        return [_strip(item, (*path, i), plain) for i, item in enumerate(node.value)]
    if not isinstance(node.value, dict):
        return node.value
    if is_annotated(node, path):
        return _annotated(node, path, plain)
    if not _has_own_value(path):
        plain.faults += _half_annotated(node, path)
    data = {}
    for key, entry in node.value.items():
        plain.key_places[(*path, key)] = entry.key_place
        data[key] = _strip(entry.node, (*path, key), plain)
    return data


def _annotated(node: Node, path: Path, plain: Plain) -> Any:
    assert isinstance(node.value, dict)
    inner = node.value["value"].node
    if is_annotated(inner, path):
        words = ("an annotated value inside another", "`value:` once", "keep one of the two")
        plain.faults.append(inner.place.fault(dotted(path), "annotation", *words))
        return None
    value = _strip(inner, path, plain)
    parts = {key: entry.node for key, entry in node.value.items() if key != "value"}
    plain.notes[path] = Note(
        value=value,
        source=_text("source", parts, path, plain.faults),
        confidence=_confidence(parts, path, plain.faults),
        range=_range(parts, path, plain.faults),
        shape=_shape(parts, path, plain.faults),
        note=_text("note", parts, path, plain.faults),
        place=node.place,
    )
    return value


def _half_annotated(node: Node, path: Path) -> Iterable[Fault]:
    assert isinstance(node.value, dict)
    marks = [key for key in (*_MARKS, "range") if key in node.value]
    others = (key for key in node.value if key not in _KEYS)
    if "value" in node.value and (marks or any(nearest(key, _MARKS) for key in others)):
        for key, entry in node.value.items():
            if key not in _KEYS:
                like = nearest(key, [known for known in _KEYS if known not in node.value])
                hint = f"did you mean `{like}`?" if like else "only `value` may hold more keys"
                found, expected = f"unknown key `{short(key)}`", f"one of {', '.join(_KEYS)}"
                where = (*path, key)
                yield entry.key_place.fault(dotted(where), "unknown-key", found, expected, hint)
    elif "value" not in node.value and any(key in node.value for key in _MARKS):
        mark = node.value[marks[0]]
        like = nearest("value", [key for key in node.value if key not in _KEYS])
        hint = f"did you write `{like}` for `value`?" if like else "write {value: …, source: …}"
        found = f"`{marks[0]}` without a value"
        yield mark.key_place.fault(dotted(path), "annotation", found, "`value:` beside it", hint)


def _shown(node: Node) -> str:
    if isinstance(node.value, dict):
        return "a mapping"
    if isinstance(node.value, list):
        return f"a list of {len(node.value)}"
    if isinstance(node.value, bool):
        return f"`{str(node.value).lower()}`"
    return "nothing" if node.value is None else f"`{short(str(node.value))}`"


def _text(key: str, parts: dict[str, Node], path: Path, faults: list[Fault]) -> str | None:
    node = parts.get(key)
    if node is None or node.value is None:
        return None
    if isinstance(node.value, bool | dict | list):
        where = (*path, key)
        faults.append(node.place.fault(dotted(where), "annotation", _shown(node), "text"))
    return str(node.value)


def _confidence(parts: dict[str, Node], path: Path, faults: list[Fault]) -> str | None:
    node = parts.get("confidence")
    if node is None:
        return None
    if isinstance(node.value, str) and node.value in _CONFIDENCES:
        return node.value
    upper = str(node.value).strip().upper()
    hint = f"write `{upper}`" if upper in _CONFIDENCES else "A is measured, E is guessed"
    words = (_shown(node), "one of A, B, C, D, E", hint)
    faults.append(node.place.fault(dotted((*path, "confidence")), "confidence", *words))
    return None


def _shape(parts: dict[str, Node], path: Path, faults: list[Fault]) -> str | None:
    node = parts.get("shape")
    if node is None or node.value is None:
        return None
    where = dotted((*path, "shape"))
    if node.value not in SHAPES:
        near = nearest(str(node.value), SHAPES)
        hint = f"did you mean `{near}`?" if near else ""
        words = (_shown(node), f"one of {', '.join(SHAPES)}", hint)
        faults.append(node.place.fault(where, "range", *words))
        return None
    if "range" not in parts:
        words = ("`shape` without a range", "`range:` beside it", "write the limits of 95 %")
        faults.append(node.place.fault(where, "range", *words))
    return str(node.value)


def _range(parts: dict[str, Node], path: Path, faults: list[Fault]) -> tuple[Any, Any] | None:
    node = parts.get("range")
    if node is None or node.value is None:
        return None
    if isinstance(node.value, list) and len(node.value) == 2:
        low, high = (item.value for item in node.value)
        if all(isinstance(end, str | int | float) for end in (low, high)):
            return low, high
    elif isinstance(node.value, str):
        first, dots, last = (part.strip() for part in node.value.partition(".."))
        if first and dots and last and not last.startswith("."):
            return first, last
    hint = 'write "low..high" with two dots' if isinstance(node.value, str) else ""
    faults.append(node.place.fault(dotted((*path, "range")), "range", _shown(node), _RANGE, hint))
    return None
