"""The gate log's tables: every format becomes columns of text, with the line of each row.

What a column means may not enter; nor is anything in a cell run: a formula is its text or value.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]

from portsim.arrays import Ints
from portsim.gatelog.faults import refuse
from portsim.gatelog.parquet import read_parquet
from portsim.gatelog.spreadsheets import read_workbook
from portsim.gatelog.unpacking import read_bytes, unpack_gzip
from portsim.gatelog.words import looks_like_header
from portsim.gatelog.xes import read_xes
from portsim.reading.text import short
from portsim.tables.columns import Columns, read_columns
from portsim.tables.separated import NoTableError

__all__ = ["Sheet", "read_sheets"]

_ZIP, _OLE, _PARQUET, _GZIP = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"PAR1",
    b"\x1f\x8b",
)
_HEAD = 4096
_MOST_RAGGED = 0.1
"""Of a table with a larger share of broken rows the separator was mistaken, or it is no table."""
_EVEN_ZEROS = 0.2
"""UTF-16 has at least so many zeros in Latin text; a file with fewer is no text."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a file."""

    file: str
    """As it was given; with the name of the sheet where a workbook has several."""
    names: tuple[str, ...]
    """k names of columns, none empty and none twice."""
    texts: tuple[pa.ChunkedArray, ...]
    """k columns of n texts."""
    lines: Ints
    """int64[n], lines of the file or rows of the sheet, from 1."""
    line: int
    """Of the header."""
    ragged: tuple[tuple[int, int], ...]
    """Line and number of cells of rows that are broken and left out."""
    separator: str
    events: bool = False
    """Whether the format says that a row is an event."""


def read_sheets(path: Path, shown: str) -> list[Sheet]:
    """The tables of a file.

    Args:
        path: the file.
        shown: its name as it was given.

    Raises:
        ScenarioError: it cannot be read, with the line where there is one.
    """
    data = read_bytes(path, shown)
    if data.startswith(_GZIP):
        data = unpack_gzip(data, shown)
    tables, events = _tables(data, shown), _is_xml(data)
    several = len(tables) > 1
    sheets = []
    for title, table in tables:
        if not len(table.lines) and several:
            continue
        name = f"{shown} [{short(title)}]" if several else shown
        _check(name, table)
        sheets.append(
            Sheet(
                name,
                _named(table.header),
                table.texts,
                table.lines,
                table.line,
                table.ragged,
                table.separator,
                events,
            )
        )
    if not sheets:
        refuse(shown, "no-rows", "no rows", "a header and at least one row")
    return sheets


def _tables(data: bytes, shown: str) -> Sequence[tuple[str, Columns]]:
    if data.startswith((_ZIP, _OLE)):
        return read_workbook(data, shown)
    if data.startswith(_PARQUET):
        return [("", read_parquet(data, shown))]
    if _is_xml(data):
        return [("", read_xes(data, shown))]
    head = data[:_HEAD]
    if 0 < head.count(0) < _EVEN_ZEROS * len(head):
        line = head[: head.index(0)].count(b"\n") + 1
        refuse(shown, "no-text", "a NUL byte", "text", "save it as CSV UTF-8", line)
    try:
        table = read_columns(data, looks_like_header)
    except NoTableError as stop:
        line, found, expected, hint = stop.words
        refuse(shown, "no-table", found, expected, hint, line)
    if table is None:
        found = "an empty file" if not data.strip() else "bytes that are no text"
        refuse(shown, "no-text", found, "a log", "save it as CSV UTF-8 or as xlsx")
    return [("", table)]


def _is_xml(data: bytes) -> bool:
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"<") or head[:200].replace(b"\0", b"").lstrip(b"\xff\xfe").startswith(
        b"<?xml"
    )


def _check(shown: str, table: Columns) -> None:
    if not len(table.lines) and not table.ragged:
        refuse(shown, "no-rows", "a header without rows", "at least one row", line=table.line)
    broken = len(table.ragged)
    if broken > max(1, _MOST_RAGGED * (broken + len(table.lines))):
        line, cells = table.ragged[0]
        found = f"a row of {cells} cells, and {broken - 1} more such rows"
        hint = "a cell with the separator in it belongs in quotes"
        expected = f"{len(table.header)} cells, as in the header"
        refuse(shown, "ragged", found, expected, hint, line)


def _named(header: Sequence[str]) -> tuple[str, ...]:
    """Names that are there, each once."""
    names, seen = [], Counter[str]()
    for number, written in enumerate(header, start=1):
        name = short(written, 100) if written else f"column {number}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
