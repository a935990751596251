"""The gate log's guard before workbooks: what the reader would choke on is refused before it reads.

The reader makes room for all cells up to the last one, the empty ones too; a file of a few bytes
may claim more than any machine has. No cell is read here.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from types import MappingProxyType

import olefile

from portsim.gatelog.faults import refuse
from portsim.gatelog.unpacking import check_zip

__all__ = ["AGAIN", "check_workbook"]

_PIECE = 1 << 22
_MOST_CELLS = 40_000_000
"""Rows times columns of a sheet: the reader holds them all, the empty ones too."""
_CELL = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,4})(\d{1,10})["']""",
)
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["'](\d{1,12})["']""")
_REPEATED = re.compile(
    rb"""<table:(?:covered-)?table-(cell|row)\b[^>]*?"""
    rb"""number-(?:columns|rows)-repeated\s*=\s*["'](\d{1,12})["']([^>]*)>"""
)
AGAIN = "save it again as xlsx, without a password"
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


def check_workbook(data: bytes, shown: str) -> None:
    """Look a workbook through.

    Raises:
        ScenarioError: it is damaged, or claims more cells than a log has.
    """
    try:
        if data.startswith(b"PK"):
            _check_parts(check_zip(data, shown), shown)
        else:
            _check_records(data, shown)
    except (
        OSError,
        ValueError,
        IndexError,
        struct.error,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
    ):
        refuse(shown, "damaged", "a workbook that cannot be opened", "a workbook", AGAIN)


def _check_parts(archive: zipfile.ZipFile, shown: str) -> None:
    for name in archive.namelist():
        if name == "content.xml":
            _check_repeats(archive, name, shown)
        elif name == "xl/workbook.bin":
            refuse(shown, "damaged", "a binary workbook (xlsb)", "xlsx, xls or ods", AGAIN)
        elif name.startswith("xl/"):
            # Any part may be the sheet.
            _check_sheet(archive, name, shown)


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
        if piece.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
            refuse(shown, "damaged", f"the part {name} in UTF-16", "a workbook", AGAIN)
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
