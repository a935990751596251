"""The gate log's workbooks: xlsx, xls and ods become columns of text. Formulas are not worked out.

What a column means may not enter.
"""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from portsim.gatelog.faults import refuse
from portsim.gatelog.guarding import AGAIN, check_workbook
from portsim.gatelog.words import looks_like_header
from portsim.tables.columns import Builder, Columns, header_row

__all__ = ["read_workbook"]

_FIRST = 20
_MOST_LETTERS = 131_072


def read_workbook(data: bytes, shown: str) -> Sequence[tuple[str, Columns]]:
    """The sheets with something in them, each with its title.

    Raises:
        ScenarioError: it cannot be opened, is locked, or claims more cells than fit.
    """
    check_workbook(data, shown)
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
        refuse(shown, "damaged", found, "a workbook", AGAIN)
    except BaseException as error:
        # What the reader did not expect of a file it throws past all exceptions.
        if type(error).__name__ != "PanicException":
            raise
        refuse(shown, "damaged", "a workbook that cannot be opened", "a workbook", AGAIN)
    if not tables:
        refuse(shown, "no-rows", "an empty workbook", "a sheet with a header and rows")
    return tables


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
