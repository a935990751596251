"""Long tables, column by column: a CSV file of a million rows becomes columns of text.

As in `portsim.tables.separated` coding and separator are found out; here rows are kept in columns,
which take a tenth of the memory, and a row that is broken is handed on instead of being a fault.
"""

import codecs
import contextlib
import csv
import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]

from portsim.arrays import Ints
from portsim.tables.separated import ONE_COLUMN, SAID, SEPARATORS, codings, records

__all__ = ["Builder", "Columns", "Score", "header_row", "read_columns"]

Score = Callable[[Sequence[str]], float]
"""How much cells look like the header that is wanted."""
_FIRST = 20
"""Records in which a header is looked for: titles may stand above it."""
_SAMPLE = 200_000
"""Bytes by which old codings are told apart."""
_HEAD = 32
_BATCH = 50_000
_FULL = 0.5
"""A header has at least so many of the cells that the fullest of the first rows has."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A table of n rows and k columns of text."""

    header: tuple[str, ...]
    """k names; those without a name and a cell are left out."""
    line: int
    """Line of the header, from 1."""
    texts: tuple[pa.ChunkedArray, ...]
    """k columns of n texts, without space around them; empty where nothing is written."""
    lines: Ints
    """int64[n], on which the rows begin."""
    ragged: tuple[tuple[int, int], ...] = ()
    """Line and cells of rows that have more or fewer cells than the header and are left out."""
    separator: str = ""


@dataclass(slots=True)
class Builder:
    """Gathers the rows of a table into columns."""

    header: tuple[str, ...]
    line: int
    separator: str = ""
    _done: list[list[pa.Array]] = field(default_factory=list)
    _rows: list[list[str]] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)
    _ragged: list[tuple[int, int]] = field(default_factory=list)
    _numbers: list[Ints] = field(default_factory=list)

    def add(self, line: int, cells: list[str]) -> None:
        """One more row; blank ones are passed over."""
        k = len(self.header)
        while len(cells) > k and not cells[-1]:
            cells.pop()
        if not any(cells):
            return
        if len(cells) != k:
            self._ragged.append((line, len(cells)))
            return
        self._rows.append(cells)
        self._lines.append(line)
        if len(self._rows) >= _BATCH:
            self._pack()

    def _pack(self) -> None:
        columns = zip(*self._rows, strict=True) if self._rows else ([] for _ in self.header)
        self._done.append([pa.array(list(column), pa.string()) for column in columns])
        self._numbers.append(np.array(self._lines, dtype=np.int64))
        self._rows.clear()
        self._lines.clear()

    def columns(self) -> Columns:
        """The table."""
        self._pack()
        texts = [
            pa.chunked_array([part[number] for part in self._done], pa.string())
            for number in range(len(self.header))
        ]
        kept = [
            number
            for number, name in enumerate(self.header)
            if name or any(any(chunk.to_pylist()) for chunk in texts[number].chunks)
        ]
        return Columns(
            tuple(self.header[number] for number in kept),
            self.line,
            tuple(texts[number] for number in kept),
            np.concatenate(self._numbers),
            tuple(self._ragged),
            self.separator,
        )


def header_row(first: Sequence[Sequence[str]], score: Score) -> int:
    """Which of the first rows is the header; −1 if there is none with a cell in it.

    The first that scores best among those that are about as full as the fullest: titles have one
    cell, and rows of values score nothing.
    """
    full = [sum(1 for cell in cells if cell) for cells in first]
    if not any(full):
        return -1
    wide = [row for row, count in enumerate(full) if count >= max(1, _FULL * max(full))]
    return max(wide, key=lambda row: (score(first[row]), -row))


def read_columns(data: bytes, score: Score) -> Columns | None:
    """Read a CSV file.

    Args:
        data: the file.
        score: how much a row of cells looks like the header that is wanted. It chooses the coding
            and the separator where several may be meant.

    Returns:
        The table; None if the bytes are no text or there is no cell in them.

    Raises:
        NoTableError: something in it cannot be read, with its line.
    """
    best: tuple[float, int, str, str, int] | None = None
    for coding in codings(data, _SAMPLE):
        for separator in _separators(data, coding):
            first = _first(data, coding, separator)
            row = header_row(first, score)
            if row < 0:
                continue
            worth = score(first[row]), sum(1 for cell in first[row] if cell)
            if best is None or worth > best[:2]:
                best = *worth, coding, separator, row
    if best is None:
        return None
    *_, coding, separator, row = best
    header = list(_first(data, coding, separator)[row])
    while header and not header[-1]:
        header.pop()
    if len(header) == 1:
        separator = ONE_COLUMN
    builder: Builder | None = None
    for number, (line, cells) in enumerate(
        records(_lines(data, coding), separator, max(len(header), 2))
    ):
        if number < row:
            continue
        if builder is None:
            sign = "" if separator == ONE_COLUMN else separator
            builder = Builder(tuple(cells[: len(header)]), line, sign)
        else:
            builder.add(line, cells)
    return builder.columns() if builder is not None else None


def _separators(data: bytes, coding: str) -> Sequence[str]:
    """Those that may part the cells, or the one that the first line names."""
    declared = SAID.match(data[:_HEAD].decode(coding, "replace").removeprefix("\ufeff"))
    return SEPARATORS if declared is None else (declared[1],)


def _lines(data: bytes, coding: str) -> Iterator[str]:
    """Lines with their ends. What is no letter of the coding is shown as one that nobody writes."""
    yield from io.TextIOWrapper(io.BytesIO(data), coding, "replace", newline="")


def _first(data: bytes, coding: str, separator: str) -> list[list[str]]:
    head = data[: 4 * _SAMPLE]
    try:
        text = codecs.getincrementaldecoder(coding)().decode(head)
    except UnicodeDecodeError:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    # What is wrong further down is told with its line when all is read.
    with contextlib.suppress(csv.Error):
        rows.extend([cell.strip() for cell in cells] for cells in itertools.islice(reader, _FIRST))
    return rows
