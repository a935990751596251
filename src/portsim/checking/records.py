"""Files of recorded trucks: their columns, read once for all classes, and the rows of each class.

Which classes there are is not decided here, nor whether their stages exist.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.checking.findings import Findings
from portsim.checking.findings import Path as TreePath
from portsim.checking.suspicions import about_instants, about_numbers
from portsim.errors import Fault
from portsim.reading.text import short
from portsim.scenario.recorded import Record, Recorded
from portsim.scenario.units import SECONDS, TONNES
from portsim.tables.instants import read_instants
from portsim.tables.numbers import read_numbers
from portsim.tables.separated import Note, Table, no_column, read_table

__all__ = ["RecordFile", "column_of", "noting"]

_MOST_S, _MOST_T = 10 * 365.25 * 86_400, 1e5
"""Longest work and heaviest load that are no slip of the pen."""


def noting(findings: Findings, file: Path) -> Note:
    """Faults of a file are told with its own lines."""

    def note(line: int, found: str, expected: str, hint: str) -> None:
        findings.faults.append(Fault(str(file), line, 0, "", "cell", found, expected, hint))

    return note


def column_of(
    findings: Findings, table: Table, column: str, file: str, at: TreePath, whole: TreePath
) -> list[tuple[int, str]] | None:
    """The cells of a column, each with its line.

    Args:
        findings: where faults are noted.
        table: the file, read.
        column: header of the column.
        file: name of the file, for messages.
        at: path at which it is told that there is no such column.
        whole: path of the mapping that names the file.

    Returns:
        None after a fault.
    """
    if column not in table.header:
        found, expected, hint = no_column(table, column, file)
        findings.error(at, "column", expected, hint, found)
        return None
    if table.header.count(column) > 1:
        found = f"{table.header.count(column)} columns of this name in {file}"
        findings.error((*whole, "file"), "column", "one such column", found=found)
        return None
    number = table.header.index(column)
    return [(row.line, row.cells[number]) for row in table.rows]


@dataclass(eq=False, slots=True)
class RecordFile:
    """One file of trucks with one column of arrivals; its faults are told once."""

    findings: Findings
    file: Path
    at: TreePath
    """Path of the words that named it first."""
    table: Table | None
    seconds: Ints
    """int64[rows], UTC epoch seconds in the order of the rows; empty after a fault."""
    _numbers: dict[tuple[str, float, str | None], Reals | None] = field(default_factory=dict)
    _cells: dict[str, list[tuple[int, str]] | None] = field(default_factory=dict)

    @classmethod
    def read(
        cls, findings: Findings, file: Path, data: bytes, column: str, timezone: str, at: TreePath
    ) -> "RecordFile":
        """Read the table and its arrivals.

        Args:
            findings: where faults are noted.
            file: its path, for messages.
            data: its bytes.
            column: of the arrivals.
            timezone: IANA zone of times without an offset.
            at: path of the words in the tree, for faults of the file as a whole.
        """
        nothing = cls(findings, file, at, None, np.zeros(0, dtype=np.int64))
        known = len(findings.faults)
        note = noting(findings, file)
        table = read_table(data, column, note)
        if table is None or (column not in table.header and len(findings.faults) > known):
            return nothing
        path = (*at, "column") if findings.written(*at, "column") else at
        cells = column_of(findings, table, column, file.name, path, at)
        if cells is None:
            return nothing
        if not table.rows and len(findings.faults) == known:
            found = f"no rows in {file.name}"
            findings.error((*at, "file"), "file", "at least one row", found=found)
        instants = read_instants(cells, timezone, note)
        if len(instants.lines) < len(cells):
            return nothing
        about_instants(findings, file, table, instants)
        return cls(findings, file, at, table, instants.seconds)

    def cells(self, column: str, at: TreePath) -> list[tuple[int, str]] | None:
        """A column with the lines of its cells; None after a fault."""
        if column not in self._cells:
            self._cells[column] = (
                None
                if self.table is None
                else column_of(self.findings, self.table, column, self.file.name, at, self.at)
            )
        return self._cells[column]

    def _of(
        self, column: str, factor: float, unit: str, most: float, decimal: str | None, at: TreePath
    ) -> Reals | None:
        """A column of numbers times a factor, NaN where a cell is empty; None after a fault."""
        key = column, factor, decimal
        if key not in self._numbers:
            self._numbers[key] = None
            cells = self.cells(column, at)
            if cells is not None and self.table is not None:
                there = [number for number, (_, cell) in enumerate(cells) if cell]
                full = [cells[number] for number in there]
                note = noting(self.findings, self.file)
                numbers = read_numbers(
                    full, decimal, self.table.separator, most / factor, unit, note
                )
                if len(numbers) == len(full):
                    about_numbers(self.findings, self.file, full, numbers)
                    values = np.full(len(cells), np.nan)
                    values[there] = np.array(numbers, dtype=np.float64) * factor
                    self._numbers[key] = values
        return self._numbers[key]

    def rows(self, only: dict[str, tuple[str, ...]], at: TreePath) -> NDArray[np.bool_] | None:
        """Which rows have these texts, bool[rows]; None after a fault."""
        chosen = np.ones(len(self.seconds), dtype=bool)
        for column, texts in only.items():
            cells = self.cells(column, (*at, "only", column))
            if cells is None:
                return None
            wanted = set(texts)
            chosen &= np.array([cell in wanted for _, cell in cells], dtype=bool)
        return chosen

    def record(self, words: Recorded, at: TreePath) -> Record | None:
        """The trucks that some words mean.

        Args:
            words: which rows and columns.
            at: their path in the tree, for faults.

        Returns:
            Those of the rows that are wanted, in the order in which they came; None after a fault.
        """
        if self.table is None:
            return None
        rows = self.rows(words.only, at)
        sign = words.decimal
        tonnes = None
        if words.load is not None:
            factor, path = TONNES[words.load.unit], (*at, "load")
            tonnes = self._of(words.load.column, factor, words.load.unit, _MOST_T, sign, path)
        work = {
            stage: self._of(
                time.column, SECONDS[time.unit], time.unit, _MOST_S, sign, (*at, "work", stage)
            )
            for stage, time in words.work.items()
        }
        stamps = {
            stage: self.cells(column, (*at, "passes", stage))
            for stage, column in words.passes.items()
        }
        if rows is None:
            return None
        if not rows.any():
            texts = [short(text) or "nothing" for some in words.only.values() for text in some]
            found = f"no such row in {self.file.name}"
            self.findings.error(
                (*at, "only"), "only", f"at least one row with {', '.join(texts)}", found=found
            )
            return None
        read = [*work.values(), *stamps.values(), *([tonnes] if words.load is not None else [])]
        if any(column is None for column in read):
            return None
        chosen = np.flatnonzero(rows)
        order = chosen[np.argsort(self.seconds[chosen], kind="stable")]
        return Record(
            arrival=self.seconds[order],
            tonnes=None if tonnes is None else tonnes[order],
            work={stage: column[order] for stage, column in work.items() if column is not None},
            passes={
                stage: np.array([bool(cell) for _, cell in cells], dtype=bool)[order]
                for stage, cells in stamps.items()
                if cells is not None
            },
        )
