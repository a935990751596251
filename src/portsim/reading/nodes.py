"""The reading room's reader: one YAML file becomes a tree of nodes which know their places.

No other file, no overlay and no meaning of a key may enter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ruamel.yaml.error import MarkedYAMLError

from portsim.errors import Fault, ScenarioError
from portsim.reading.events import Event, events
from portsim.reading.syntax import explain
from portsim.reading.text import Scan, read_text, short

__all__ = [
    "MAX_DEPTH",
    "MAX_VALUES",
    "Entry",
    "Node",
    "Place",
    "Scalar",
    "plain_scalar",
    "read_file",
]

MAX_DEPTH = 50
MAX_VALUES = 50_000
"""So many keys and values may stand in a file, those that its aliases stand for among them."""
_MAX_DIGITS = 18

Scalar: TypeAlias = str | int | float | bool | None

_CORE = "tag:yaml.org,2002:"
_TAGS = {_CORE + kind for kind in ("str", "int", "float", "bool", "null", "map", "seq")} | {"!"}
_TEXT_TAGS = (_CORE + "str", "!")
_BOOLEANS = {"true": True, "True": True, "TRUE": True}
_BOOLEANS |= {"false": False, "False": False, "FALSE": False}
# A leading zero is a code or a time (`0104`, `08.30`), never a number: it stays text.
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file as the user wrote it, 1-based line and column, 0 if unknown."""

    file: str
    line: int = 0
    column: int = 0

    def fault(self, path: str, code: str, *words: str) -> Fault:
        """A fault that stands here: dotted path, kind, what was found, expected, and a hint."""
        return Fault(self.file, self.line, self.column, path, code, *words)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value of a file: a mapping of entries, a list of nodes or a scalar, and its place."""

    value: "dict[str, Entry] | list[Node] | Scalar"
    place: Place
    size: int = field(default=1, compare=False)
    """Keys and values in it, itself among them."""
    height: int = field(default=0, compare=False)
    """How deep they are nested in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One key of a mapping: where the key stands, and its value."""

    key_place: Place
    node: Node


_MENDED = {"tab", "odd-space", "full-width-colon", "control-character", "duplicate-key"}


def read_file(path: Path, shown: str = "", mended: list[Fault] | None = None) -> Node:
    """Read one YAML file whose top is a mapping.

    Args:
        path: the file.
        shown: its path as the user wrote it; by default ``path``.
        mended: where to put the faults if all of them could be mended well enough to read on, so
            that the rest of the file can be judged too; None raises them.

    Raises:
        ScenarioError: all faults of the file's form, together.
    """
    shown = shown or str(path)
    scanned = Scan(read_text(path, shown), shown)
    faults = list(scanned.faults)
    composer = _Composer(scanned.text, shown)
    root: Node | None = None
    try:
        root = composer.document()
    except _GiveUpError as stop:
        if scanned.doubts and stop.fault.code == "syntax":
            faults += scanned.doubts
        elif stop.fault.code != "syntax" or not scanned.faults:
            # A file mended by guesswork may not parse: the true faults are named already.
            faults.append(stop.fault)
    faults += composer.faults
    if root is not None and not isinstance(root.value, dict) and not faults:
        kind = "an empty file" if root.value is None else "no keys"
        place = (shown, root.place.line, root.place.column)
        faults.append(Fault(*place, "", "no-mapping", kind, "keys and values, `key: value`"))
    whole = root is not None and isinstance(root.value, dict)
    whole = whole and all(
        fault.code in _MENDED and (fault.code == "duplicate-key" or not fault.path)
        for fault in faults
    )
    if faults and whole and mended is not None:
        mended += faults
        faults = []
    if faults or root is None:
        raise ScenarioError(sorted(faults, key=lambda f: (f.line == 0, f.line, f.column)))
    return root


class _GiveUpError(Exception):
    """The file cannot be read any further; everything found before still counts."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


class _Composer:
    """Builds nodes from parser events.

    Events come lazily and without recursion, so that depth and size are bounded before anything
    is built; the parser's own composer would first recurse through the whole document.
    """

    def __init__(self, text: str, shown: str) -> None:
        self.faults: list[Fault] = []
        self._shown = shown
        self._events = self._parse(text)
        self._anchors: dict[str, Node | None] = {}
        self._values = 0
        self._here = Place(shown, 1, 1)

    def document(self) -> Node:
        """Compose the only document of the file."""
        empty = Node(None, Place(self._shown))
        root = empty
        seen = False
        for event in self._events:
            if event.kind == "document":
                if seen:
                    found, expected = "a second document (`---`)", "one document per file"
                    hint = "put it into a file of its own"
                    fault = self._here.fault("", "second-document", found, expected, hint)
                    raise _GiveUpError(fault)
                seen = True
                root = self._node(next(self._events), 0, "")
        return root

    def _parse(self, text: str) -> Iterator[Event]:
        try:
            for event in events(text):
                self._here = Place(self._shown, event.line, event.column)
                yield event
        except MarkedYAMLError as error:
            line, column, *words = explain(error)
            place = Place(self._shown, line, column) if line else self._here
            raise _GiveUpError(place.fault("", "syntax", *words)) from None
        except _GiveUpError:
            raise
        except Exception as error:  # the parser is foreign: whatever it raises is about the file
            found = f"something YAML cannot read ({short(str(error))})"
            raise _GiveUpError(self._here.fault("", "syntax", found, "YAML 1.2")) from None

    def _report(self, place: Place, path: str, code: str, *words: str) -> None:
        self.faults.append(place.fault(path, code, *words))

    def _node(self, event: Event, depth: int, path: str) -> Node:
        place = self._here
        if event.kind == "alias":
            return self._alias(event.anchor or "", place, depth, path)
        self._refuse_depth(depth, place)
        self._values += 1
        if self._values > MAX_VALUES:
            found = f"more than {MAX_VALUES:,} keys and values up to here"
            hint = "keep recorded arrivals and other long lists in CSV files"
            raise _GiveUpError(place.fault("", "too-large", found, "a smaller file", hint))
        tag = event.tag
        if tag is not None and tag not in _TAGS:
            found = f"the tag `{short(tag.replace(_CORE, '!!'))}`"
            hint = "delete the tag"
            self._report(place, path, "tag", found, "a plain value", hint)
        anchor = event.anchor
        if anchor:
            self._anchors[anchor] = None
        if event.kind == "mapping":
            node = self._mapping(place, depth, path)
        elif event.kind == "sequence":
            node = self._sequence(place, depth, path)
        else:
            node = Node(self._scalar(event, place, path), place)
        if anchor:
            self._anchors[anchor] = node
        return node

    @staticmethod
    def _refuse_depth(depth: int, place: Place) -> None:
        if depth > MAX_DEPTH:
            found = f"values nested more than {MAX_DEPTH} deep"
            hint = "is a bracket or an indentation repeated by mistake?"
            raise _GiveUpError(place.fault("", "too-deep", found, "a shallower file", hint))

    def _alias(self, name: str, place: Place, depth: int, path: str) -> Node:
        if name not in self._anchors:
            hint = "text that begins with `*` belongs in quotes"
            words = (f"`*{short(name)}`", f"`&{short(name)}` on an earlier value", hint)
            self._report(place, path, "unknown-alias", *words)
            return Node(None, place)
        node = self._anchors[name]
        if node is None:
            found = f"`*{short(name)}` inside the very value it stands for"
            self._report(place, path, "recursive-alias", found, "a finite value")
            return Node(None, place)
        # An alias brings the whole depth of what it stands for to where it stands.
        self._refuse_depth(depth + node.height, place)
        self._values += node.size
        if self._values > MAX_VALUES:
            found = f"aliases that stand for more than {MAX_VALUES:,} values"
            raise _GiveUpError(place.fault(path, "alias-bomb", found, "fewer aliases"))
        return node

    def _sequence(self, place: Place, depth: int, path: str) -> Node:
        items: list[Node] = []
        for event in self._events:
            if event.kind == "end":
                break
            items.append(self._node(event, depth + 1, f"{path}[{len(items)}]"))
        return Node(items, place, *_measured(items))

    def _mapping(self, place: Place, depth: int, path: str) -> Node:
        entries: dict[str, Entry] = {}
        for event in self._events:
            if event.kind == "end":
                break
            key_place = self._here
            key_node = self._node(event, depth + 1, path)
            key = self._key(event, key_node, key_place, path)
            where = path
            if key is not None:
                where = f"{path}.{key}" if path else key
            value = next(self._events)
            node = self._node(value, depth + 1, where)
            if node.value is None and not value.value:
                # A parser meets an empty value where the next thing begins, or the key ends.
                node = Node(None, key_place)
            if key is None:
                continue
            if key in entries:
                first = entries[key].key_place.line
                found = f"`{short(key)}` in line {key_place.line} and before in line {first}"
                hint = "keep one of the two"
                self._report(key_place, where, "duplicate-key", found, "each key once", hint)
            entries[key] = Entry(key_place, node)
        size, height = _measured([entry.node for entry in entries.values()])
        return Node(entries, place, size + len(entries), height)

    def _key(self, event: Event, node: Node, place: Place, path: str) -> str | None:
        key = node.value
        plain = event.plain
        if not isinstance(key, str):
            if isinstance(key, (dict, list)):
                found, hint = "a mapping or a list as a key", ""
            else:
                written = short(event.value) if plain else ""
                found = f"`{written}` as a key" if written else "no key before `:`"
                hint = f'write "{written}": …' if written else ""
            self._report(place, path, "key", found, "text as a key", hint)
            return None
        if plain and key == "<<":
            hint = "name the other file under `extends:`, or write the keys out"
            self._report(place, path, "merge-key", "the merge key `<<`", "plain keys", hint)
            return None
        if plain and "：" in key:
            left = short(key.split("：", 1)[0])
            found = f"the full-width colon `：` after `{left}`"
            hint = f"write `{left}: …`; if it is text, put it in quotes"
            self._report(place, path, "full-width-colon", found, "`:` and a space", hint)
            return None
        return key

    def _scalar(self, event: Event, place: Place, path: str) -> Scalar:
        text = event.value
        if _SURROGATE.search(text):
            found, expected = "half a character (an escape `\\ud…`)", "whole characters"
            self._report(place, path, "text", found, expected)
            return "?"
        quoted = event.tag is None and not event.plain
        if quoted or event.tag in _TEXT_TAGS:
            return text
        return self._plain(text, place, path)

    def _plain(self, text: str, place: Place, path: str) -> Scalar:
        try:
            return plain_scalar(text)
        except ValueError as error:
            expected = f"a finite number of at most {_MAX_DIGITS} digits"
            self._report(place, path, "number", str(error), expected)
            return 0


def _measured(inside: list[Node]) -> tuple[int, int]:
    """Size and height of a node that holds these."""
    height = 1 + max((node.height for node in inside), default=0)
    return 1 + sum(node.size for node in inside), height


def plain_scalar(text: str) -> Scalar:
    """What an unquoted text means by YAML 1.2: `8:00`, `no` and dates stay text.

    Raises:
        ValueError: a number that is not finite or has too many digits, in words.
    """
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if _INT.fullmatch(text) or _BASED.fullmatch(text):
        if len(text) <= _MAX_DIGITS:
            return int(text, 0)
        raise ValueError(f"a whole number of {len(text.lstrip('+-')):,} digits")
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"`{text}`")
    if not _FLOAT.fullmatch(text):
        return text
    if abs(number := float(text)) != float("inf"):
        return number
    raise ValueError(f"`{short(text)}`")
