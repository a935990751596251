"""The gate log's guard before workbooks: what the reader would choke on is refused before it reads.

The reader makes room for all cells up to the last one, the empty ones too; a file of a few bytes
may claim more than any machine has. No cell is read here.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator

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
_MOST_ALIKE = 20_000
"""Blank cells and rows may be repeated more often; a value that often is no log."""


def check_workbook(data: bytes, shown: str) -> None:
    """Look a workbook through that is a zip file, as all are but those of Excel 97.

    Raises:
        ScenarioError: it is damaged, or claims more cells than a log has.
    """
    try:
        _check_parts(check_zip(data, shown), shown)
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error, EOFError):
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
