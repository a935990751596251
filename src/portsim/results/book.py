"""The room of results: a workbook being written, sheet by sheet, and the looks of its cells.

What stands on the sheets is said elsewhere.
"""

import datetime as dt
import io
import math
from collections.abc import Mapping
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from portsim.wording import later, say

__all__ = ["LONGEST", "Book", "Rows"]

_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet's dates know no zone
LONGEST = 32_767
"""Characters a cell of a spreadsheet may hold."""

_HEADS = (
    *(later("answer"), later("comparison"), later("uncertainty"), later("policies")),
    *(later("by class"), later("by stage"), later("by month"), later("inputs"), later("notes")),
    *(later("policy"), later("less baseline"), later("class"), later("place"), later("month")),
    *(later("measure"), later("unit"), later("mean"), later("low"), later("high"), later("note")),
    *(later("difference"), later("joint low"), later("joint high"), later("ratio")),
    *(later("ratio low"), later("ratio high"), later("chance low"), later("chance high")),
    *(later("ignorance low"), later("ignorance high"), later("draws"), later("most of it")),
    *(later("share"), later("what"), later("baseline"), later("in the policy")),
    *(later("value of"), later("value"), later("mark"), later("range"), later("source")),
    *(later("word"), later("meaning")),
)
"""Names of sheets and heads of columns that have one in other languages."""

Rows = list[list[Any]]


class Book:
    """A workbook being written, with the looks of its cells."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self.book = Workbook(
            self._out,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        self.book.set_properties({"title": "portsim results", "created": _MADE})
        self._looks: dict[tuple[str, bool], Format] = {}
        self._head = self.book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF9"}
        )

    def bytes(self) -> bytes:
        """Close the workbook; its bytes."""
        self.book.close()
        return self._out.getvalue()

    def sheet(self, name: str, widths: Mapping[str, float], rows: Rows) -> Worksheet:
        """A sheet with a frozen header, one filter a column, and a unit's look in each number.

        A cell is text, None, or a pair of number and unit; the heads are the keys of the widths.
        """
        sheet = self.book.add_worksheet(_said(name))
        for column, (head, width) in enumerate(widths.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, _said(head), self._head)
        for row, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells):
                self._write(sheet, row, column, cell)
        sheet.freeze_panes(1, 1)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(widths) - 1)
        return sheet

    def _write(self, sheet: Worksheet, row: int, column: int, cell: Any) -> None:
        if isinstance(cell, tuple):
            number, unit = cell
            if math.isfinite(number):
                # As in the CSV, so that a folder read back gives the same workbook.
                rounded = float(f"{number:.10g}") + 0.0
                sheet.write_number(row, column, rounded, self._look(unit))
        elif cell:
            text = cell if len(cell) <= LONGEST else cell[: LONGEST - 1] + "…"
            # A cell that somebody edits is read anew: the mark keeps it a text then, too.
            sheet.write_string(row, column, text, self._look("text", text[0] in "=+-@\t\r'"))

    def _look(self, unit: str, guarded: bool = False) -> Format:
        key = unit, guarded
        if key not in self._looks:
            if unit == "text":
                look = self.book.add_format({"text_wrap": True, "valign": "top"})
                if guarded:
                    look.set_quote_prefix()
            else:
                formats = {"share": "0.0%", "count": "#,##0", "signed share": "+0.0%;-0.0%;0.0%"}
                look = self.book.add_format(
                    {"num_format": formats.get(unit, "#,##0.00"), "valign": "top"}
                )
            self._looks[key] = look
        return self._looks[key]


def _said(head: str) -> str:
    """A head in the language being spoken, if it is not in it already."""
    return say(head) if head in _HEADS else head
