"""The gate log's workbooks: xlsx, xls and ods become columns of text. Formulas are not worked out.

What a column means may not enter.
"""

import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any

import olefile
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from portsim.gatelog.faults import refuse
from portsim.gatelog.unpacking import check_zip
from portsim.gatelog.words import looks_like_header
from portsim.tables.columns import Builder, Columns, header_row

__all__ = ["read_workbook"]

_ZIP = b"PK"
_FIRST = 20
_PIECE = 1 << 22
_MOST_CELLS = 40_000_000
"""Rows times columns of a sheet: the reader holds them all, the empty ones too."""
_MOST_LETTERS = 131_072
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Za-z]{1,4})(\d{1,10})"')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d{1,12})"')
_REPEATED = re.compile(
    rb'<table:(?:covered-)?table-(cell|row)\b[^>]*?number-(?:columns|rows)-repeated="(\d{1,12})"([^>]*)>'
)
_AGAIN = "save it again as xlsx, without a password"
_RECORD = struct.Struct("<HH")
_ONE = (0x06, 0x206, 0x406, 0xD6, 0xFD, 0x27E, *range(0x01, 0x06), *range(0x201, 0x206))
_SEVERAL = MappingProxyType({0xBD: 6, 0xBE: 2})
"""Of several cells, with the bytes of each."""
_CELLS = frozenset((*_ONE, *_SEVERAL))
"""Kinds of records that begin with a row and a column (MS-XLS, 2.3)."""
_DIMENSIONS, _EXTENT = 0x200, struct.Struct("<4xI2xH")
_MOST_ROWS_97, _MOST_COLUMNS_97 = 65_536, 256
_MOST_ALIKE = 20_000
"""Blank cells and rows may be repeated more often; a value that often is no log."""


def read_workbook(data: bytes, shown: str) -> Sequence[tuple[str, Columns]]:
    """The sheets with something in them, each with its title.

    Raises:
        ScenarioError: it cannot be opened, is locked, or claims more cells than fit.
    """
    if data.startswith(_ZIP):
        archive = check_zip(data, shown)
        for name in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                _check_sheet(archive, name, shown)
            elif name == "content.xml":
                _check_repeats(archive, name, shown)
    else:
        try:
            _check_records(data, shown)
        except (OSError, ValueError, IndexError, struct.error):
            refuse(shown, "damaged", "a workbook that cannot be opened", "a workbook", _AGAIN)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        titles = [
            sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet
        ]
        tables = []
        for title in titles:
            table = _table(book.get_sheet_by_name(title).to_python(skip_empty_area=False), shown)
            if table is not None:
                tables.append((title, table))
    except CalamineError as error:
        locked = "password" in str(error).lower() or type(error).__name__ == "PasswordError"
        found = "a workbook with a password" if locked else "a workbook that cannot be opened"
        refuse(shown, "damaged", found, "a workbook", _AGAIN)
    except BaseException as error:
        # What the reader did not expect of a file it throws past all exceptions.
        if type(error).__name__ != "PanicException":
            raise
        refuse(shown, "damaged", "a workbook that cannot be opened", "a workbook", _AGAIN)
    if not tables:
        refuse(shown, "no-rows", "an empty workbook", "a sheet with a header and rows")
    return tables


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The bytes of a part, cut where a tag begins."""
    kept = b""
    with archive.open(name) as stream:
        while piece := stream.read(_PIECE):
            whole = kept + piece
            cut = whole.rfind(b"<") if len(whole) < 4 * _PIECE else len(whole)
            kept = whole[cut:]
            yield whole[:cut]
    yield kept


def _check_sheet(archive: zipfile.ZipFile, name: str, shown: str) -> None:
    """The reader makes room for all cells up to the last one; that must not be far out."""
    columns: set[bytes] = set()
    last = 0
    for piece in _pieces(archive, name):
        rows = [int(row) for row in _ROW.findall(piece)]
        for letters, row in set(_CELL.findall(piece)) if not rows else _CELL.findall(piece):
            columns.add(letters)
            if not rows:
                last = max(last, int(row))
        last = max([last, *rows])
    widest = max((_number(letters) for letters in columns), default=1)
    if widest * last > _MOST_CELLS:
        found = f"a sheet of {last:,} rows and {widest:,} columns"
        hint = "delete what stands far away from the table, or save it as CSV"
        refuse(shown, "too-large", found, f"at most {_MOST_CELLS:,} cells", hint)


def _check_records(data: bytes, shown: str) -> None:
    """The same of a workbook of Excel 97: its records may name columns that no such sheet has."""
    with olefile.OleFileIO(io.BytesIO(data)) as parts:
        for name in parts.listdir(storages=False):
            if name[-1].lower() not in ("workbook", "book"):
                continue
            stream = parts.openstream(name).read()
            for row, column in _cells_of(stream):
                if column > _MOST_COLUMNS_97 or row > _MOST_ROWS_97:
                    found = f"a cell in column {column:,} of row {row:,}"
                    expected = f"at most {_MOST_ROWS_97:,} rows of {_MOST_COLUMNS_97} columns"
                    refuse(shown, "damaged", found, expected)


def _cells_of(stream: bytes) -> Iterator[tuple[int, int]]:
    """Row and last column of each record of cells, and of each sheet as it says, from 1."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = _RECORD.unpack_from(stream, at)
        at += 4
        if kind in _CELLS and size >= 4 and at + size <= len(stream):
            row, column = _RECORD.unpack_from(stream, at)
            each = _SEVERAL.get(kind)
            if each is not None:
                said = int.from_bytes(stream[at + size - 2 : at + size], "little")
                column = max(said, column + (size - 6) // each - 1)
            yield row + 1, column + 1
        elif kind == _DIMENSIONS and size >= _EXTENT.size and at + size <= len(stream):
            yield _EXTENT.unpack_from(stream, at)
        at += size


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _check_repeats(archive: zipfile.ZipFile, name: str, shown: str) -> None:
    for piece in _pieces(archive, name):
        for kind, times, rest in _REPEATED.findall(piece):
            filled = kind == b"row" or not rest.rstrip().endswith(b"/")
            most = 2_000_000 if kind == b"row" or not filled else _MOST_ALIKE
            if int(times) > most:
                found = f"a {kind.decode()} that is repeated {int(times):,} times"
                refuse(shown, "too-large", found, "a table of trucks")


def _table(rows: list[list[Any]], shown: str) -> Columns | None:
    first = [[_text(cell) for cell in cells] for cells in rows[:_FIRST]]
    at = header_row(first, looks_like_header)
    if at < 0:
        return None
    header = first[at]
    while header and not header[-1]:
        header.pop()
    builder = Builder(tuple(header), at + 1)
    for number in range(at + 1, len(rows)):
        cells = [_text(cell) for cell in rows[number]]
        if any(len(cell) > _MOST_LETTERS for cell in cells):
            found = f"a cell of more than {_MOST_LETTERS:,} letters"
            refuse(shown, "too-large", found, "cells of a table", line=number + 1)
        builder.add(number + 1, cells)
        rows[number] = []
    return builder.columns()


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell)
    if isinstance(cell, dt.datetime):
        # A spreadsheet holds parts of a day: seconds come out a hair off.
        near = cell + dt.timedelta(milliseconds=500)
        return near.replace(microsecond=0).isoformat(" ")
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    # Dates and times of day, true and false: as they are written.
    return "" if cell is None else str(cell).strip()
