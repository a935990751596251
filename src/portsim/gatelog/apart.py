"""The gate log's workbooks of Excel 97, read in a process of their own that may fail.

The reader trusts what such a file says of its own size, and ends the program where memory does not
suffice; whoever sends a bent file ends the other process only. Cells come back as text.
"""

import contextlib
import datetime as dt
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum

from portsim.gatelog.faults import refuse
from portsim.gatelog.guarding import AGAIN

__all__ = ["main", "read_apart", "sheets_of", "text_of"]

_MOST_MEMORY = 4 << 30
_MOST_S = 120.0
_RUN = "from portsim.gatelog.apart import main; main()"


def sheets_of(data: bytes) -> Iterator[tuple[str, list[list[Any]]]]:
    """Title and rows of each sheet of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for sheet in book.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet:
            rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            yield sheet.name, rows


def read_apart(data: bytes, shown: str) -> list[tuple[str, list[list[str]]]]:
    """Title and rows of text of each sheet, read in another process.

    Raises:
        ScenarioError: the other process failed.
    """
    paths = os.pathsep.join(path for path in sys.path if path)
    try:
        done = subprocess.run(
            [sys.executable, "-c", _RUN],
            input=data,
            capture_output=True,
            timeout=_MOST_S,
            env={**os.environ, "PYTHONPATH": paths},
            check=True,
        )
        sheets = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        refuse(shown, "damaged", "a workbook that cannot be opened", "a workbook", AGAIN)
    return [(str(title), rows) for title, rows in sheets]


def main() -> None:
    """The other process: a workbook comes in as bytes, sheets of text go out as JSON."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    sheets = [
        (title, [[text_of(cell) for cell in cells] for cells in rows])
        for title, rows in sheets_of(sys.stdin.buffer.read())
    ]
    sys.stdout.buffer.write(json.dumps(sheets).encode())


def text_of(cell: Any) -> str:
    """A cell as text that says the same."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, dt.datetime):
        if cell.microsecond:
            # A spreadsheet holds parts of a day: seconds come out a hair off.
            cell = (cell + dt.timedelta(milliseconds=500)).replace(microsecond=0)
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell)
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    # Dates and times of day, true and false: as they are written.
    return "" if cell is None else str(cell).strip()
