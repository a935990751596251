"""Files that a scenario names: observed values and recorded arrivals in CSV, with their faults.

Nothing is simulated or summarised here; the values are kept as they stand.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from portsim.arrays import Ints, Reals
from portsim.checking.findings import Findings
from portsim.checking.findings import Path as TreePath
from portsim.checking.records import RecordFile, column_of, noting
from portsim.checking.suspicions import about_numbers
from portsim.reading.text import nearest, short
from portsim.scenario import units
from portsim.scenario.currency import MONEY, PER_TONNE
from portsim.scenario.origin import Origin
from portsim.scenario.plain import named_files
from portsim.scenario.recorded import Record, Recorded, record_key
from portsim.tables.numbers import read_numbers
from portsim.tables.separated import read_table

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
    records: dict[str, Record] = {}
    files: dict[tuple[str, str], RecordFile] = {}
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
        if path == ("inside",):
            # Its rows are read once the scenario is known whose classes and stages they name.
            continue
        column, unit = str(words.get("column", "arrival")), str(words.get("unit", ""))
        sign = words.get("decimal")
        decimal = sign if sign in (".", ",") else None
        named = _Named(path, file, data, column, unit, decimal)
        if path[-1] == "recorded":
            if (name, column) not in files:
                read = RecordFile.read(findings, file, data, column, timezone, path)
                files[(name, column)] = read
                recorded[(name, column)] = np.sort(read.seconds)
            records |= _record(files[(name, column)], named, words)
        elif (name, column, unit) not in observed:
            observed[(name, column, unit)] = _numbers(findings, named)
            signs[(name, column, unit)] = decimal
        elif signs[(name, column, unit)] != decimal:
            expected = "one `decimal` for all that read this column"
            findings.error((*path, "decimal"), "decimal", expected)
    return Origin(tree, observed=observed, recorded=recorded, records=records, digests=digests)


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


def _record(file: RecordFile, named: _Named, words: Mapping[str, Any]) -> dict[str, Record]:
    """What is read of a file beyond the arrivals of all its rows, by its key."""
    try:
        meant = Recorded.model_validate(words)
    except ValidationError:
        # Told already.
        return {}
    record = None if meant.mere_arrivals else file.record(meant, named.path)
    return {} if record is None else {record_key(meant): record}


def _names_beside(file: Path) -> list[str]:
    return [other.name for other in file.parent.glob("*.csv")] if file.parent.is_dir() else []


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
    before = len(findings.faults)
    note = noting(findings, named.file)
    table = read_table(named.data, named.column, note)
    if table is None or (named.column not in table.header and len(findings.faults) > before):
        return np.zeros(0)
    path = named.path
    at = (*path, "column") if findings.written(*path, "column") else path
    cells = column_of(findings, table, named.column, named.file.name, at, path)
    if cells is None:
        return np.zeros(0)
    if not cells and len(findings.faults) == before:
        found = f"no rows in {named.file.name}"
        findings.error((*path, "file"), "file", "at least one row", found=found)
    factor = known[named.unit]
    most = _MOST.get(kind, _MOST_NUMBER if kind else _MOST_S) / factor
    numbers = read_numbers(cells, named.decimal, table.separator, most, named.unit, note)
    if len(numbers) == len(cells):
        about_numbers(findings, named.file, cells, numbers)
    return np.sort(np.array(numbers, dtype=np.float64) * factor)
