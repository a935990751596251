"""The gate log's rows: all tables of a log as one, columns of one role laid together.

Roles are known here; what happened to a truck is made out elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]

from portsim.arrays import Ints, Reals
from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.faults import refuse
from portsim.gatelog.mapping import Column, LogMap
from portsim.gatelog.sheets import Sheet
from portsim.gatelog.stamping import Stamped, orders, parts_of, resolution, stamped
from portsim.reading.text import short
from portsim.tables.numbers import bare_number, decimal_sign, number_value
from portsim.tables.parts import Parts, text_array

__all__ = ["Rows", "Taken", "date_orders", "numbers_of", "stamps_of", "take_all", "texts_of"]

_MOST_LOAD, _MOST_VALUE = 1e6, 1e15


@dataclass(frozen=True, slots=True)
class Rows:
    """All n rows of a log."""

    sheet: Ints
    """int64[n], number of the table."""
    line: Ints
    """int64[n], line in its file."""

    @classmethod
    def of(cls, sheets: Sequence[Sheet]) -> "Rows":
        """The rows of the tables, one after the other."""
        counts = [len(sheet.lines) for sheet in sheets]
        lines = np.concatenate([sheet.lines for sheet in sheets])
        return cls(np.repeat(np.arange(len(sheets)), counts), lines)


Taken = Mapping[tuple[int, str], Parts]
"""Columns of stamps taken apart, by number of the table and name."""


def take_all(sheets: Sequence[Sheet], words: LogMap) -> Taken:
    """Take all columns apart that hold instants or dates."""
    return {
        (number, name): parts_of(texts)
        for number, sheet in enumerate(sheets)
        for name, texts in zip(sheet.names, sheet.texts, strict=True)
        if words.columns[name].timed or words.columns[name].role == "date"
    }


def date_orders(sheets: Sequence[Sheet], taken: Taken, words: LogMap) -> tuple[list[str], str]:
    """What comes first in dates such as 5/6/24, table by table.

    Each table shows it by itself; one that does not follows the others, if they agree.

    Returns:
        An order a table, and how it is known; empty where no date needs it.

    Raises:
        ScenarioError: it cannot be told, or no order makes dates of all of them.
    """
    sheet_orders: list[str | None] = []
    needed = False
    for number, sheet in enumerate(sheets):
        columns = {name: parts for (each, name), parts in taken.items() if each == number}
        dates = [date for parts in columns.values() for date in parts.dates if date.unsure]
        needed |= bool(dates)
        if words.dates or not dates:
            sheet_orders.append(words.dates or "day")
            continue
        possible = [order for order, is_so in orders(dates).items() if is_so]
        if not possible:
            line, cell = _first_unsure(sheet, columns)
            found, hint = f"`{cell}` among dates of another order", "write all dates in one way"
            refuse(sheet.file, "dates", found, "dates that begin with the year", hint, line)
        sheet_orders.append(possible[0] if len(possible) == 1 else None)
        if len(possible) > 1 and len(sheets) == 1:
            _refuse_order(sheet, columns)
    known = {order for order in sheet_orders if order is not None} if needed else {"day"}
    for number, order in enumerate(sheet_orders):
        if order is None and len(known) != 1:
            _refuse_order(sheets[number], {n: p for (e, n), p in taken.items() if e == number})
    common = next(iter(known), "day")
    why = ""
    if needed and not words.dates:
        why = "the only order in which all dates exist"
    return [order or common for order in sheet_orders], why


def _first_unsure(sheet: Sheet, columns: Mapping[str, Parts]) -> tuple[int, str]:
    cells = [
        (int(sheet.lines[row]), short(str(sheet.texts[sheet.names.index(name)][row])))
        for name, parts in columns.items()
        for row in parts.firsts()
        if parts.dates[parts.date[row]].unsure
    ]
    return min(cells)


def _refuse_order(sheet: Sheet, columns: Mapping[str, Parts]) -> None:
    line, cell = _first_unsure(sheet, columns)
    refuse(
        sheet.file,
        "dates",
        f"`{cell}`, and nothing in the table shows whether the day or the month comes first",
        "dates that begin with the year, or a map that says it",
        "write into the map dates: day-first, or month-first (or year-first)",
        line,
    )


def stamps_of(
    sheets: Sequence[Sheet],
    taken: Taken,
    order: Sequence[str],
    words: LogMap,
    names: Sequence[str],
    zone: str,
) -> tuple[Stamped, int]:
    """One stamp from the columns of these names; and its resolution in seconds.

    A table has one of them at most.
    """
    parts = []
    for number, sheet in enumerate(sheets):
        name = next((each for each in names if each in sheet.names), None)
        if name is None:
            parts.append(_nothing(len(sheet.lines)))
            continue
        day = _day_of(sheet, words, words.columns[name])
        days = taken[number, day] if day else None
        place = words.columns[name].timezone or zone
        parts.append(stamped(taken[number, name], order[number], place, days))
    whole = Stamped(
        *(
            np.concatenate([getattr(part, field) for part in parts])
            for field in ("seconds", "clock", "doubled", "skipped", "unread", "blank", "bare")
        )
    )
    return whole, resolution(whole.clock[~np.isnan(whole.seconds)])


def _day_of(sheet: Sheet, words: LogMap, stamp: Column) -> str:
    """The column with the dates of a stamp: its own, else that of all; empty if there is none."""
    key = stamp.stage, stamp.stamp or "arrival"
    dates = {
        (words.columns[each].stage, words.columns[each].stamp): each
        for each in reversed(sheet.names)
        if words.columns[each].role == "date"
    }
    return dates.get(key) or dates.get(("", "")) or next(iter(dates.values()), "")


def _nothing(n: int) -> Stamped:
    false = np.zeros(n, dtype=bool)
    return Stamped(np.full(n, np.nan), np.full(n, -1), false, false, false, ~false, false)


def texts_of(sheets: Sequence[Sheet], names: Sequence[str]) -> pd.Categorical:
    """One column of text from those of these names; missing where nothing is written."""
    chunks = []
    for sheet in sheets:
        having = [sheet.texts[sheet.names.index(name)] for name in names if name in sheet.names]
        blank = pa.chunked_array([pa.repeat(pa.scalar(""), len(sheet.lines))])
        whole = reduce(_filled_up, having) if having else blank
        chunks += whole.chunks
    coded = pa.chunked_array(chunks, pa.string()).combine_chunks()
    coded = (coded if isinstance(coded, pa.Array) else pa.concat_arrays(coded.chunks)).fill_null("")
    coded = coded.dictionary_encode()
    words = coded.dictionary.to_pylist()
    codes = np.array(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    if "" in words:
        empty = words.index("")
        words.remove("")
        codes = np.where(codes == empty, -1, codes - (codes > empty))
    return pd.Categorical.from_codes(codes, categories=pd.Index(words, dtype=object))


def _filled_up(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ChunkedArray:
    both = pd.Series(first.to_pandas()), pd.Series(second.to_pandas())
    return pa.chunked_array([text_array(both[0].where(both[0] != "", both[1]).tolist())])


def numbers_of(
    sheets: Sequence[Sheet], names: Sequence[str], role: str, words: LogMap, cleaning: Cleaning
) -> Reals:
    """One column of numbers; NaN where there is none. What is none is noted.

    Raises:
        ScenarioError: the sign before the decimals cannot be told.
    """
    cells = texts_of(sheets, names)
    codes = np.asarray(cells.codes, dtype=np.int64)
    rows = Rows.of(sheets)
    there = np.flatnonzero(codes >= 0)
    _, first = np.unique(codes[there], return_index=True)
    each = [str(text) for text in cells.categories]
    bare = [bare_number(text) for text in each]

    def note(row: int, found: str, _expected: str, _hint: str) -> None:
        refuse(
            sheets[rows.sheet[row]].file,
            "decimal",
            found,
            "a column that shows which sign stands before the decimals",
            'write into the map decimal: "." or decimal: ","',
            int(rows.line[row]),
        )

    some = [
        (int(there[row]), text, number)
        for row, text, number in zip(first, each, bare, strict=True)
        if number is not None
    ]
    separator = ";" if any(sheet.separator == ";" for sheet in sheets) else ""
    sign = words.decimal or decimal_sign(sorted(some), separator, note) or "."
    most = _MOST_LOAD if role == "load" else _MOST_VALUE
    values = np.full(len(each) + 1, np.nan)
    for code, text in enumerate(bare):
        number = None if text is None else number_value(text, sign)
        if number is not None and 0 <= number <= most:
            values[code] = number
    unread = np.flatnonzero((codes >= 0) & np.isnan(values[codes]))
    cleaning.add(unread, "", f"{role} unreadable", "taken as not known")
    return np.asarray(values[codes])


def column_names(columns: Mapping[str, Column], role: str) -> list[str]:
    """Names of the columns of a role."""
    return [name for name, column in columns.items() if column.role == role]
