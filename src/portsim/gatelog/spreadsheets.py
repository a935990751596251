"""The gate log's workbooks: xlsx, xls and ods become columns of text. Formulas are not worked out.

What a column means may not enter.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from python_calamine import CalamineError

from portsim.gatelog.apart import read_apart, sheets_of, text_of
from portsim.gatelog.faults import refuse
from portsim.gatelog.guarding import AGAIN, check_workbook
from portsim.gatelog.words import looks_like_header
from portsim.tables.columns import Builder, Columns, header_row

__all__ = ["read_workbook"]

_ZIP = b"PK"
_FIRST = 20
_MOST_LETTERS = 131_072


def read_workbook(data: bytes, shown: str) -> Sequence[tuple[str, Columns]]:
    """The sheets with something in them, each with its title.

    Raises:
        ScenarioError: it cannot be opened, is locked, or claims more cells than fit.
    """
    sheets: Iterable[tuple[str, list[list[Any]]]]
    if data.startswith(_ZIP):
        check_workbook(data, shown)
        sheets = _opened(data, shown)
    else:
        sheets = read_apart(data, shown)
    tables = [(title, _table(rows, shown)) for title, rows in sheets]
    kept = [(title, table) for title, table in tables if table is not None]
    if not kept:
        refuse(shown, "no-rows", "an empty workbook", "a sheet with a header and rows")
    return kept


def _opened(data: bytes, shown: str) -> Iterator[tuple[str, list[list[Any]]]]:
    try:
        yield from sheets_of(data)
    except CalamineError as error:
        locked = "password" in str(error).lower() or type(error).__name__ == "PasswordError"
        found = "a workbook with a password" if locked else "a workbook that cannot be opened"
        refuse(shown, "damaged", found, "a workbook", AGAIN)
    except BaseException as error:
        # What the reader did not expect of a file it throws past all exceptions.
        if type(error).__name__ != "PanicException":
            raise
        refuse(shown, "damaged", "a workbook that cannot be opened", "a workbook", AGAIN)


def _table(rows: list[list[Any]], shown: str) -> Columns | None:
    first = [[text_of(cell) for cell in cells] for cells in rows[:_FIRST]]
    header_at = header_row(first, looks_like_header)
    if header_at < 0:
        return None
    header = first[header_at]
    while header and not header[-1]:
        header.pop()
    builder = Builder(tuple(header), header_at + 1)
    for number in range(header_at + 1, len(rows)):
        cells = [text_of(cell) for cell in rows[number]]
        if any(len(cell) > _MOST_LETTERS for cell in cells):
            found = f"a cell of more than {_MOST_LETTERS:,} letters"
            refuse(shown, "too-large", found, "cells of a table", line=number + 1)
        builder.add(number + 1, cells)
        rows[number] = []
    return builder.columns()
