"""Tables as people save them: bytes of a CSV file become a header and rows of cells, or a fault.

The coding of the characters and the separator are found out; what a cell means is judged by others.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from portsim.reading.text import nearest, short

__all__ = [
    "CODINGS",
    "ONE_COLUMN",
    "SAID",
    "SEPARATORS",
    "CellFaults",
    "NoTableError",
    "Note",
    "Row",
    "Table",
    "codings",
    "no_column",
    "read_table",
    "records",
]

Note = Callable[[int, str, str, str], None]
"""Notes a fault: line, what was found, what was expected, hint."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # Before those of UTF-16, with which they begin.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CODINGS = ["gb18030", "cp1251", "cp1250", "cp1252", "big5", "cp932", "cp949", "koi8_r", "cp866"]
"""What spreadsheets of Chinese, Russian, European, Japanese and Korean computers may write."""
SEPARATORS = (",", ";", "\t", "|")
ONE_COLUMN = "\x1f"
"""Stands for no separator: every line is one cell."""
SAID = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_MOST_FAULTS = 10
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header."""

    line: int
    """Line of the file on which it begins, from 1."""
    cells: tuple[str, ...]
    """As many as the header has, without the space around them."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read whole."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    separator: str
    """Between cells; empty where a line is one cell."""


class CellFaults:
    """Notes the first few faulty cells of a column, and how many more there are."""

    def __init__(self, note: Note, expected: str) -> None:
        self._note, self._expected = note, expected
        self._bad, self._last = 0, 0

    def add(self, line: int, cell: str, hint: str = "") -> None:
        """A cell that cannot be read, and perhaps why."""
        self._bad, self._last = self._bad + 1, line
        if self._bad <= _MOST_FAULTS:
            self._note(line, f"`{short(cell)}`" if cell else "an empty cell", self._expected, hint)

    def count(self) -> None:
        """There are no more."""
        if self._bad > _MOST_FAULTS:
            found = f"{self._bad - _MOST_FAULTS} more such cells up to here"
            self._note(self._last, found, self._expected, "")


class NoTableError(Exception):
    """The rest of a table cannot be read: line, what was found, what was expected, hint."""

    def __init__(self, line: int, found: str, expected: str, hint: str = "") -> None:
        self.words = line, found, expected, hint
        super().__init__(found)


def read_table(data: bytes, column: str, note: Note) -> Table | None:
    """Read a table that should have a column of this name.

    Args:
        data: the file. UTF-8, UTF-16 and UTF-32 are told by their form, older codings by the
            header and by what the text looks like; cells are parted by the separator that gives
            the column, or by the one that a first line such as ``sep=;`` names.
        column: header of the column that is wanted.
        note: notes faults. Rows with more or fewer cells than the header, quotes that are opened
            and not closed, and cells that swallow whole lines are faults, each with its line.

    Returns:
        The table; without the column where it has none. None if there is nothing to be read.
    """
    best: tuple[str, str, int] | None = None
    for text in _texts(data):
        body, skipped = text, 0
        declared = SAID.match(text)
        if declared is not None:
            body, skipped = text[declared.end() :], 1
        for separator in [declared[1]] if declared is not None else SEPARATORS:
            if column in _header(body, separator):
                best = body, separator, skipped
                break
        else:
            best = best or (body, _likely(body) if declared is None else declared[1], skipped)
            continue
        break
    if best is None:
        note(0, "bytes that are no text", "a CSV file", "save it as CSV UTF-8")
        return None
    try:
        return _table(*best, note)
    except NoTableError as stop:
        note(*stop.words)
        return None


def _texts(data: bytes) -> Iterator[str]:
    """What the bytes may say, the likeliest first."""
    for coding in codings(data):
        yield from _decoded(data, coding)


def codings(data: bytes, sample: int | None = None) -> Iterator[str]:
    """Codings that the bytes may be in, the likeliest first.

    Args:
        data: all of the file.
        sample: look at so many bytes only where old codings are told apart by what the text looks
            like; None looks at all.
    """
    for mark, coding in _MARKS:
        if data.startswith(mark):
            yield coding
            return
    if b"\0" in data[:1000]:
        # Every other byte of Latin letters and digits is zero.
        yield "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        return
    if _is_utf8(data):
        yield "utf-8"
        return
    few = data if sample is None or len(data) <= sample else data[: data.rfind(b"\n", 0, sample)]
    likely = sorted(
        from_bytes(few, cp_isolation=CODINGS),
        key=lambda guess: (guess.chaos, -guess.coherence, CODINGS.index(guess.encoding)),
    )
    yield from dict.fromkeys([*(guess.encoding for guess in likely), *CODINGS])


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(data[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, coding: str) -> Iterator[str]:
    try:
        yield data.decode(coding)
    except UnicodeDecodeError:
        return


def _header(text: str, separator: str) -> list[str]:
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            if any(cell.strip() for cell in cells):
                return [cell.strip() for cell in cells]
    except csv.Error:
        pass
    return []


def _likely(text: str) -> str:
    """The separator that parts the header most."""
    return max(SEPARATORS, key=lambda separator: len(_header(text, separator)))


def _table(text: str, separator: str, skipped: int, note: Note) -> Table:
    header = _header(text, separator)
    while header and not header[-1]:
        header.pop()
    if len(header) == 1:
        separator = ONE_COLUMN
    rows: list[Row] = []
    begun, bad, last = False, 0, 0
    for line, cells in records(io.StringIO(text, newline=""), separator, len(header)):
        if not any(cells):
            continue
        if not begun:
            begun = True
            continue
        while len(cells) > len(header) and not cells[-1]:
            cells.pop()
        if len(cells) == len(header):
            rows.append(Row(line + skipped, tuple(cells)))
            continue
        bad, last = bad + 1, line + skipped
        if bad <= _MOST_FAULTS:
            note(line + skipped, *_ragged(cells, header, separator))
    if bad > _MOST_FAULTS:
        found = f"{bad - _MOST_FAULTS} more such rows up to here"
        note(last, found, f"{len(header)} cells, as in the header", "")
    return Table(tuple(header), tuple(rows), "" if separator == ONE_COLUMN else separator)


def _ragged(cells: list[str], header: list[str], separator: str) -> tuple[str, str, str]:
    number = f"{len(cells)} cells" if len(cells) != 1 else "1 cell"
    hint = ""
    if separator == "," and len(cells) > len(header):
        hint = "a cell with a comma, such as 12,5, belongs in quotes; or part cells by semicolons"
    return f"a row of {number}", f"{len(header)} cells, as in the header", hint


def records(source: Iterable[str], separator: str, columns: int) -> Iterator[tuple[int, list[str]]]:
    """The records of lines that keep their ends, with the lines on which they begin, from 1.

    Raises:
        NoTableError: the rest cannot be read.
    """
    held: list[str] = []

    def remembered() -> Iterator[str]:
        for each in source:
            held.append(each)
            yield each

    reader = csv.reader(remembered(), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        held.clear()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _broken(line, str(error), held) from None
        if cells is None:
            return
        if len(held) > 1:
            for inner in held[:-1]:
                if inner.count(separator) >= columns - 1:
                    raise _swallowed(line, reader.line_num, inner)
        yield line, [cell.strip() for cell in cells]


def _broken(line: int, error: str, held: Sequence[str]) -> NoTableError:
    if "field larger" in error and len(held) == 1:
        found = f"a cell of more than {csv.field_size_limit():,} letters"
        return NoTableError(line, found, "cells of a table", "is this a table of trucks?")
    if "unexpected end" in error or "field larger" in error:
        found, expected = 'a quote `"` that is not closed', 'a closing `"`'
    elif "expected after" in error:
        found, expected = 'text after a closing quote `"`', "a separator after it"
    else:
        found, expected = "something that is no CSV", "rows of cells"
    return NoTableError(line, found, expected, 'a quote within a cell is written twice: "3"" pipe"')


def _swallowed(line: int, last: int, inner: str) -> NoTableError:
    return NoTableError(
        line,
        f'a quote `"` that is opened here and closed in line {last}, with whole rows in between',
        "one line a row",
        f"close it, or write it twice within a quoted cell: {short(inner.strip())}",
    )


def no_column(table: Table, column: str, file: str) -> tuple[str, str, str]:
    """What was found, what was expected, and a hint, for a column that is not there."""
    near = nearest(column, [name for name in table.header if name])
    listed = ", ".join(short(name) for name in table.header if name)
    hint = f"did you mean `{short(near)}`?" if near else f"it has {listed or 'none'}"
    return f"`{short(column)}`", f"a column of {file}", hint
