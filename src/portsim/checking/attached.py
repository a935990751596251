"""Files that a scenario names: observed values and recorded arrivals in CSV, with their faults.

Nothing is simulated or summarised here; the values are kept as they stand.
"""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import to_utc, zone
from portsim.checking.findings import Findings
from portsim.checking.findings import Path as TreePath
from portsim.errors import Fault
from portsim.scenario import units
from portsim.scenario.faults import Wrong
from portsim.scenario.origin import Origin
from portsim.scenario.plain import named_files
from portsim.scenario.text import nearest, short

__all__ = ["attach"]

_MOST_CELLS = 10
_EXPECTED = "a CSV file in UTF-8, relative to the scenario file that names it"
_UNITS: Mapping[str, Mapping[str, float]] = {
    "load": units.TONNES,
    "value": units.YUAN,
    "price": units.YUAN_PER_TONNE,
    **{word: {"": 1.0} for word in ("residents", "tolerance", "waiting")},
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Table:
    """A file that the tree names at a path, and what the tree wants of it."""

    path: TreePath
    file: Path
    text: str
    column: str
    unit: str


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
        text = data.decode("utf-8-sig")
        table = _Table(path, file, text, column, unit)
        if path[-1] == "empirical":
            observed[(name, column, unit)] = _numbers(findings, table)
        else:
            recorded[(name, column)] = _seconds(findings, table, timezone)
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
        data = file.read_bytes()
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = "save it as CSV UTF-8 in your spreadsheet program"
        findings.error(path, "encoding", _EXPECTED, hint, f"{shown}, not UTF-8 in line {line}")
        return None
    except (OSError, ValueError):
        findings.error(path, "unreadable", _EXPECTED, found=f"{shown}, which cannot be read")
        return None
    return data


def _names_beside(file: Path) -> list[str]:
    return [other.name for other in file.parent.glob("*.csv")] if file.parent.is_dir() else []


def _column(findings: Findings, table: _Table) -> list[tuple[int, str]]:
    """The cells of the column, each with its line."""
    rows = csv.reader(io.StringIO(table.text, newline=""))
    try:
        header = [name.strip() for name in next(rows, [])]
        if table.column not in header:
            near = nearest(table.column, header)
            named = findings.written(*table.path, "column")
            findings.error(
                (*table.path, "column") if named else table.path,
                "column",
                f"a column of {table.file.name}",
                f"did you mean `{near}`?" if near else f"it has {', '.join(header) or 'none'}",
                f"`{short(table.column)}`",
            )
            return []
        at = header.index(table.column)
        cells = [(rows.line_num, row[at].strip() if at < len(row) else "") for row in rows if row]
    except csv.Error:
        _cell_fault(findings, table, rows.line_num, "something that is no CSV", "rows of cells")
        return []
    if not cells:
        found = f"no rows in {table.file.name}"
        findings.error((*table.path, "file"), "file", "at least one row", found=found)
    return cells


def _each(
    findings: Findings, table: _Table, read: Callable[[str], T], expected: str
) -> Iterator[T]:
    bad, last = 0, 0
    for line, cell in _column(findings, table):
        try:
            yield read(cell)
        except (ValueError, OverflowError):
            bad, last = bad + 1, line
            if bad <= _MOST_CELLS:
                _cell_fault(findings, table, line, f"`{short(cell)}`" if cell else "", expected)
    if bad > _MOST_CELLS:
        found = f"{bad - _MOST_CELLS} more such cells in column {table.column} up to here"
        _cell_fault(findings, table, last, found, expected)


def _numbers(findings: Findings, table: _Table) -> Reals:
    # Below the name that people chose: a stage may be called `load`.
    names = (str(part) for part in reversed(table.path[2:]))
    known = next((_UNITS[name] for name in names if name in _UNITS), units.SECONDS)
    if table.unit not in known:
        mains = [f'"{name}"' for name in known if name]
        expected = f"the unit of the column: {', '.join(mains)}" if mains else "no unit"
        named = findings.written(*table.path, "unit")
        found = f"`{short(table.unit)}`" if table.unit else "no `unit`"
        hint = "" if named or not mains else "write unit: beside file: and column:"
        findings.error((*table.path, "unit"), "unit-unknown", expected, hint, found)
        return np.zeros(0)

    def read(cell: str) -> float:
        try:
            return units.read_number_with_unit(cell, table.unit)
        except Wrong as wrong:
            raise ValueError(str(wrong)) from None

    expected = "a number of 0 or more" + (f" in {table.unit}" if table.unit else "")
    return np.sort(np.array(list(_each(findings, table, read, expected)), dtype=np.float64))


def _seconds(findings: Findings, table: _Table, timezone: str) -> Ints:
    place = zone(timezone)

    def read(cell: str) -> int:
        moment = dt.datetime.fromisoformat(cell)
        if not 1970 <= moment.year <= 2100:
            raise ValueError(cell)
        if moment.tzinfo is not None:
            return int(moment.timestamp() // 1)
        clock = moment.hour * 3600 + moment.minute * 60 + moment.second
        return to_utc(moment.date(), clock, place, later=False)

    expected = "a date-time such as 2024-09-21T08:15:00"
    return np.sort(np.array(list(_each(findings, table, read, expected)), dtype=np.int64))


def _cell_fault(findings: Findings, table: _Table, line: int, found: str, expected: str) -> None:
    where = (str(table.file), line, 0, "")
    findings.faults.append(Fault(*where, "cell", found or "an empty cell", expected))
