"""Files that a scenario names: observed values and recorded arrivals in CSV, with their faults.

Nothing is simulated or summarised here; the values are kept as they stand.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.checking.findings import Findings
from portsim.checking.findings import Path as TreePath
from portsim.checking.suspicions import about_instants, about_numbers
from portsim.errors import Fault
from portsim.reading.text import nearest, short
from portsim.scenario import units
from portsim.scenario.currency import MONEY, PER_TONNE
from portsim.scenario.origin import Origin
from portsim.scenario.plain import named_files
from portsim.tables.instants import read_instants
from portsim.tables.numbers import read_numbers
from portsim.tables.separated import Note, Table, no_column, read_table

__all__ = ["attach"]

_EXPECTED = "a CSV file, relative to the scenario file that names it"
_UNITS: Mapping[str, Mapping[str, float]] = {
    "load": units.TONNES,
    "value": MONEY,
    "price": PER_TONNE,
    **{word: {"": 1.0} for word in ("residents", "tolerance", "waiting")},
}
_MOST: Mapping[str, float] = {"load": 1e5, "value": 1e12, "price": 1e9}
"""Largest value in tonnes, in money and in money a tonne; of plain numbers a thousand million."""
_MOST_UNITS = 12
_MOST_S, _MOST_NUMBER = 10 * 365.25 * 86_400, 1e9


@dataclass(frozen=True, slots=True)
class _Named:
    """A file that the tree names at a path, and what the tree wants of it."""

    path: TreePath
    file: Path
    data: bytes
    column: str
    unit: str
    decimal: str | None


def attach(findings: Findings, timezone: str) -> Origin:
    """Read every file that the tree names.

    Args:
        findings: the notepad, with the tree.
        timezone: IANA zone of recorded arrivals without an offset.

    Returns:
        The origin of the scenario, with the contents of its files.
    """
    tree = findings.tree
    observed: dict[tuple[str, str, str], Reals] = {}
    signs: dict[tuple[str, str, str], str | None] = {}
    recorded: dict[tuple[str, str], Ints] = {}
    digests: dict[str, str] = {}
    for path, words in named_files(tree.data):
        name = str(words["file"])
        file = Path(tree.places[(*path, "file")].file).parent / name
        data = _read(findings, (*path, "file"), file)
        if data is None:
            continue
        digest = hashlib.sha256(data).hexdigest()
        if digests.setdefault(name, digest) != digest:
            expected = "one file of this name in the whole scenario"
            hint = "two folders hold different files of this name; rename one"
            findings.error((*path, "file"), "file", expected, hint)
            continue
        column, unit = str(words.get("column", "arrival")), str(words.get("unit", ""))
        sign = words.get("decimal")
        decimal = sign if sign in (".", ",") else None
        named = _Named(path, file, data, column, unit, decimal)
        if path[-1] == "recorded":
            if (name, column) not in recorded:
                recorded[(name, column)] = _seconds(findings, named, timezone)
        elif (name, column, unit) not in observed:
            observed[(name, column, unit)] = _numbers(findings, named)
            signs[(name, column, unit)] = decimal
        elif signs[(name, column, unit)] != decimal:
            expected = "one `decimal` for all that read this column"
            findings.error((*path, "decimal"), "decimal", expected)
    return Origin(tree, observed=observed, recorded=recorded, digests=digests)


def _read(findings: Findings, path: TreePath, file: Path) -> bytes | None:
    shown = f"`{short(file.name)}`"
    try:
        if not file.is_file():
            near = nearest(file.name, _names_beside(file))
            hint = f"did you mean `{near}`?" if near else f"looked for {short(str(file), 200)}"
            found = f"{shown}, a folder" if file.is_dir() else f"{shown}, no such file"
            findings.error(path, "missing-file", _EXPECTED, hint, found)
            return None
        return file.read_bytes()
    except (OSError, ValueError):
        findings.error(path, "unreadable", _EXPECTED, found=f"{shown}, which cannot be read")
        return None


def _names_beside(file: Path) -> list[str]:
    return [other.name for other in file.parent.glob("*.csv")] if file.parent.is_dir() else []


def _column(findings: Findings, named: _Named) -> tuple[Table, list[tuple[int, str]]] | None:
    """The table and the cells of the column, each with its line; None after a fault of the file."""
    known = len(findings.faults)
    table = read_table(named.data, named.column, _noting(findings, named.file))
    if table is None:
        return None
    if named.column not in table.header:
        if len(findings.faults) == known:
            written = findings.written(*named.path, "column")
            found, expected, hint = no_column(table, named.column, named.file.name)
            path = (*named.path, "column") if written else named.path
            findings.error(path, "column", expected, hint, found)
        return None
    if table.header.count(named.column) > 1:
        found = f"{table.header.count(named.column)} columns of this name in {named.file.name}"
        findings.error((*named.path, "file"), "column", "one such column", found=found)
        return None
    if not table.rows and len(findings.faults) == known:
        found = f"no rows in {named.file.name}"
        findings.error((*named.path, "file"), "file", "at least one row", found=found)
    column = table.header.index(named.column)
    return table, [(row.line, row.cells[column]) for row in table.rows]


def _numbers(findings: Findings, named: _Named) -> Reals:
    # Below the name that people chose: a stage may be called `load`.
    names = [str(part) for part in reversed(named.path[2:])]
    kind = next((name for name in names if name in _UNITS), "")
    known = _UNITS.get(kind, units.SECONDS)
    if named.unit not in known:
        mains = [f'"{name}"' for name in known if name][:_MOST_UNITS]
        expected = f"the unit of the column: {', '.join(mains)}" if mains else "no unit"
        written = findings.written(*named.path, "unit")
        found = f"`{short(named.unit)}`" if named.unit else "no `unit`"
        hint = "" if written or not mains else "write unit: beside file: and column:"
        findings.error((*named.path, "unit"), "unit-unknown", expected, hint, found)
        return np.zeros(0)
    read = _column(findings, named)
    if read is None:
        return np.zeros(0)
    table, cells = read
    factor = known[named.unit]
    most = _MOST.get(kind, _MOST_NUMBER if kind else _MOST_S) / factor
    note = _noting(findings, named.file)
    numbers = read_numbers(cells, named.decimal, table.separator, most, named.unit, note)
    if len(numbers) == len(cells):
        about_numbers(findings, named.file, cells, numbers)
    return np.sort(np.array(numbers, dtype=np.float64) * factor)


def _seconds(findings: Findings, named: _Named, timezone: str) -> Ints:
    read = _column(findings, named)
    if read is None:
        return np.zeros(0, dtype=np.int64)
    table, cells = read
    instants = read_instants(cells, timezone, _noting(findings, named.file))
    if len(instants.lines) == len(cells):
        about_instants(findings, named.file, table, instants)
    return np.sort(instants.seconds)


def _noting(findings: Findings, file: Path) -> Note:
    """Faults of a file are told with its own lines."""

    def note(line: int, found: str, expected: str, hint: str) -> None:
        findings.faults.append(Fault(str(file), line, 0, "", "cell", found, expected, hint))

    return note
