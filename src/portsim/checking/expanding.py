"""One entry of recorded trucks of many classes becomes an entry for each class that its file tells.

Only which classes there are is found out here; what stands in the other columns is read later.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from portsim.checking.findings import Findings
from portsim.checking.findings import Path as TreePath
from portsim.checking.records import column_of, noting
from portsim.errors import Fault
from portsim.reading.merging import Tree
from portsim.reading.text import dotted, short
from portsim.scenario.base_model import check_name
from portsim.scenario.validation_messages import ValueFault
from portsim.tables.separated import CellFaults, Table, read_table

__all__ = ["Expanded", "expand"]

_MOST_CLASSES = 60
_TAKEN = ("all", "export", "import", "scale", "day_factor")
"""Words with a meaning of their own beside names of classes."""
_NO_SIGNS = re.compile(r"[,+\[\]:/\\]+")
_WAYS = 2
_TELLING = ("truck_class", "direction")

Row = tuple[int, str, str]
"""Line, class and direction of a row as they stand in the file."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A tree in which every entry of traffic is one class."""

    tree: Tree
    faults: tuple[Fault, ...]
    """Of the columns that tell classes and directions."""
    entries: Mapping[str, str]
    """Of each class that came out of an entry the name of that entry."""

    def told(self, faults: Iterable[Fault]) -> list[Fault]:
        """Faults with the paths of the file that a person wrote, each once."""
        moved: dict[Fault, None] = {}
        for fault in faults:
            path = fault.path
            for name, entry in self.entries.items():
                start = dotted(("traffic", name))
                if path == start or path.startswith((f"{start}.", f"{start}[")):
                    path = dotted(("traffic", entry)) + path[len(start) :]
                    break
            moved[replace(fault, path=path)] = None
        return list(moved)


def expand(tree: Tree) -> Expanded:
    """Put the classes of recorded files in place of the entries that name a column of classes.

    Args:
        tree: as it was read; entries whose `recorded` names neither a column of classes nor one
            of directions stay as they are.

    Returns:
        The tree with a class for each text of such a column, in the order of their names, where the
        entry stood; each stands where the entry does in the files. An entry whose file cannot be
        read stays, for others to say so.
    """
    traffic = tree.data.get("traffic")
    if not isinstance(traffic, dict):
        return Expanded(tree, (), {})
    findings = Findings(tree)
    made: dict[str, Any] = {}
    entries: dict[str, str] = {}
    for entry, words in traffic.items():
        classes = _classes(findings, entry, words, traffic, made)
        if classes is None:
            made[entry] = _whole(words)
            continue
        made |= classes
        entries |= dict.fromkeys(classes, str(entry))
    if not entries:
        return Expanded(tree, tuple(findings.faults), {})
    data = {**tree.data, "traffic": made}
    moved = replace(
        tree,
        data=data,
        places=_moved(tree.places, entries),
        key_places=_moved(tree.key_places, entries),
        notes=_moved(tree.notes, entries),
    )
    return Expanded(moved, tuple(findings.faults), entries)


def _moved(known: Mapping[TreePath, Any], entries: Mapping[str, str]) -> dict[TreePath, Any]:
    """What is known of places in entries, of the same places in their classes."""
    expanded = set(entries.values())
    kept = {
        path: note
        for path, note in known.items()
        if not (len(path) > 1 and path[0] == "traffic" and path[1] in expanded)
    }
    for path, note in known.items():
        if len(path) > 1 and path[0] == "traffic" and path[1] in expanded:
            told = path[2:4] == ("arrivals", "recorded") and set(path[4:5]) <= set(_TELLING)
            for name, entry in entries.items():
                if entry == path[1] and not (told and path[4:]):
                    kept[("traffic", name, *path[2:])] = note
    return kept


def _classes(
    findings: Findings,
    entry: str,
    words: Any,
    traffic: Mapping[str, Any],
    made: Mapping[str, Any],
) -> dict[str, Any] | None:
    """The classes of an entry by name; None if it is one class, or after a fault of the file."""
    recorded = _recorded(words)
    told = recorded is not None and any(recorded.get(word) for word in _TELLING)
    if recorded is None or not told or not isinstance(entry, str):
        return None
    at: TreePath = ("traffic", entry, "arrivals", "recorded")
    read = _read(findings, recorded, at)
    if read is None:
        return None
    file, table = read
    rows = _rows(findings, table, recorded, at, file)
    if not rows:
        return None
    own = words.get("direction")
    if recorded.get("direction"):
        known = [own] if isinstance(own, str) else []
        others = (other.get("direction") for other in traffic.values() if isinstance(other, dict))
        known += [way for way in others if isinstance(way, str)]
        rows = _with_ways(findings, file, rows, known, not isinstance(own, str))
    taken = {*_TAKEN, *made, *(name for name in traffic if name != entry)}
    taken |= {way for _, _, way in rows} | ({own} if isinstance(own, str) else set())
    names = _names(findings, file, entry, rows, taken)
    if len(set(names.values())) > _MOST_CLASSES:
        some = ", ".join(f"`{short(text)}`" for text in list(names)[:3])
        findings.error(
            (*at, "truck_class"), "classes", f"a column with at most {_MOST_CLASSES} classes",
            "is it the one of the plates?", f"{len(names)} different texts, {some} …",
        )  # fmt: skip
        return None
    return _split(words, recorded, rows, names, own if isinstance(own, str) else "")


def _whole(words: Any) -> Any:
    """An entry that stays one class, for all that is told of it besides."""
    recorded = _recorded(words)
    if recorded is None or not recorded.get("direction"):
        return words
    # That its direction cannot be read is one fault, and that it has none no second one.
    return {"direction": "import", **words}


def _recorded(words: Any) -> dict[str, Any] | None:
    """The words of a record in an entry that has some; the rest is for others to judge."""
    arrivals = words.get("arrivals") if isinstance(words, dict) else None
    recorded = arrivals.get("recorded") if isinstance(arrivals, dict) else None
    if not isinstance(recorded, dict) or not isinstance(recorded.get("file"), str):
        return None
    texts = ("column", *_TELLING)
    only = recorded.get("only", {})
    good = isinstance(only, dict) and all(isinstance(recorded.get(w, ""), str) for w in texts)
    return recorded if good and all(_texts(some) for some in only.values()) else None


def _texts(value: Any) -> bool:
    some = [value] if isinstance(value, str) else value
    return isinstance(some, list) and all(isinstance(text, str) for text in some)


def _read(
    findings: Findings, recorded: Mapping[str, Any], at: TreePath
) -> tuple[Path, Table] | None:
    file = Path(findings.tree.places[(*at, "file")].file).parent / recorded["file"]
    try:
        data = file.read_bytes()
    except (OSError, ValueError):
        return None
    # Its faults are told when its arrivals are read.
    table = read_table(data, recorded.get("column", "arrival"), lambda *_: None)
    return None if table is None else (file, table)


def _rows(
    findings: Findings, table: Table, recorded: Mapping[str, Any], at: TreePath, file: Path
) -> list[Row] | None:
    """The rows that are wanted; None after a fault."""
    columns: list[list[str]] = []
    for word in _TELLING:
        column = recorded.get(word)
        if not column:
            columns.append([""] * len(table.rows))
            continue
        cells = column_of(findings, table, column, file.name, (*at, word), at)
        if cells is None:
            return None
        columns.append([cell for _, cell in cells])
    wanted = [True] * len(table.rows)
    for column, texts in recorded.get("only", {}).items():
        if column not in table.header:
            # Told where the rows are chosen.
            return None
        number = table.header.index(column)
        some = [texts] if isinstance(texts, str) else texts
        wanted = [
            so_far and row.cells[number] in some
            for so_far, row in zip(wanted, table.rows, strict=True)
        ]
    return [
        (row.line, cls, way)
        for row, cls, way, good in zip(table.rows, *columns, wanted, strict=True)
        if good
    ]


def _with_ways(
    findings: Findings, file: Path, rows: list[Row], known: list[str], needed: bool
) -> list[Row]:
    """The rows with a right direction. There are two: those that stand in the scenario, the usual
    words, the most frequent ones.
    """
    often = Counter(way for *_, way in rows if way)
    usual = [way for way in ("export", "import") if way in often]
    right = list(dict.fromkeys([*known, *usual, *dict(often.most_common())]))[:_WAYS]
    expected = " or ".join(f"`{way}`" for way in right) or "a direction"
    faults = CellFaults(noting(findings, file), expected)
    for line, _, way in rows:
        if way and way not in right:
            faults.add(line, way, "what crosses, crosses one way or the other")
        elif not way and needed:
            faults.add(line, way, "write direction: beside arrivals:, for rows without one")
    faults.count()
    return [row for row in rows if row[2] in right or not (row[2] or needed)]


def _names(
    findings: Findings, file: Path, entry: str, rows: list[Row], taken: set[str]
) -> dict[str, str]:
    """Names of classes for the texts of the column; the entry's own for no text."""
    names: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, text, _ in rows:
        lines.setdefault(text, line)
    faults = CellFaults(noting(findings, file), "the name of a class of trucks")
    for text in sorted(lines):
        name = _NO_SIGNS.sub("-", text).strip(" -")[:60].rstrip()
        if name in taken or (name == entry and text != name):
            name = f"{entry} {name}"[:60].rstrip()
        try:
            names[text] = check_name(name) if text else entry
        except ValueFault as wrong:
            faults.add(lines[text], text, wrong.expected)
    faults.count()
    return names


def _split(
    words: Mapping[str, Any],
    recorded: Mapping[str, Any],
    rows: list[Row],
    names: Mapping[str, str],
    own: str,
) -> dict[str, Any]:
    """An entry for each class and direction, which says which rows it means."""
    texts: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    ways: dict[str, set[str]] = {}
    for _, cls, way in rows:
        name, goes = names.get(cls), way or own
        if name is not None:
            own_texts = texts.setdefault((name, goes), (set(), set()))
            own_texts[0].add(cls)
            own_texts[1].add(way)
            ways.setdefault(name, set()).add(goes)
    made: dict[str, Any] = {}
    for (name, way), (classes, directions) in sorted(texts.items()):
        only = dict(recorded.get("only", {}))
        for word, some in (("truck_class", classes), ("direction", directions)):
            if recorded.get(word):
                only[recorded[word]] = sorted(some)
        kept = {word: value for word, value in recorded.items() if word not in _TELLING}
        arrivals = {**words["arrivals"], "recorded": {**kept, "only": only}}
        both = len(ways[name]) > 1
        made[f"{name} {way}" if both else name] = {
            **words, **({"direction": way} if way else {}), "arrivals": arrivals
        }  # fmt: skip
    return made
