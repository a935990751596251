"""Columns of dates with a time of day, taken apart cell by cell: what is written, not yet when.

Which part of 5/6/2024 is the day, and in which zone a clock stands, is for those who ask. Cells are
looked at together: of a million only the different dates and the different times of day are read.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]
import pyarrow.compute as pc  # type: ignore[import-untyped, unused-ignore]
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals

__all__ = ["DAY_S", "SIGNS_UNSURE", "Parts", "WrittenDate", "date_of", "take_apart", "text_array"]

DAY_S = 86_400
SIGNS_UNSURE = ("/", "-")
"""Between these either the day or the month comes first; between points it is the day."""
_DATE = re.compile(
    r"(?P<year>\d{4})(?P<s>[-/.])(?P<month>\d{1,2})(?P=s)(?P<day>\d{1,2})"
    r"|(?P<year_zh>\d{4})年(?P<month_zh>\d{1,2})月(?P<day_zh>\d{1,2})日"
    r"|(?P<year_b>\d{4})(?P<month_b>\d{2})(?P<day_b>\d{2})"
    r"|(?P<first>\d{1,2})(?P<t>[-./])(?P<second>\d{1,2})(?P=t)(?P<last>\d{4}|\d{2})"
    r"|(?P<day_n>\d{1,2})(?P<n>[- ])(?P<name>[A-Za-z]{3,9})\.?(?P=n)(?P<last_n>\d{4}|\d{2})"
)
_CLOCK = re.compile(
    r"(?:(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<sec>\d{2})(?:[.,]\d+)?)?|"
    r"(?P<h_b>\d{2})(?P<m_b>\d{2})(?P<sec_b>\d{2})?|"
    r"(?P<h_zh>\d{1,2})时(?P<m_zh>\d{1,2})分(?:(?P<sec_zh>\d{1,2})秒)?)"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<offset>Z|(?:UTC|GMT)?[+-]\d{2}(?::?\d{2})?|UTC|GMT)?"
)
# The two of them as a column is parted: a date of any form, and the rest.
_PARTED = (
    r"^(?P<date>[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}"
    r"|[0-9]{8}|[0-9]{1,2}[- ][A-Za-z]{3,9}\.?[- ][0-9]{2,4})(?P<gap>T|,?\s+|)(?P<clock>.*)$"
)
_TIME_ONLY = r"^[0-9]{1,2}:[0-9]{2}"
_NUMBER = r"^[0-9]{1,16}(?:[.,][0-9]{1,12})?$"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AM_PM = 12
_MOST_OFFSET_S = 14 * 3600
_LONGEST = 60
"""Letters of a cell that may be an instant."""
NO_DATE = "there is no such date"
_WHY = ("", "", "there is no such time of day", "there is no such offset")
_FINE, _UNKNOWN, _NO_TIME, _NO_OFFSET = range(len(_WHY))


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as it is written."""

    numbers: tuple[int, int, int]
    """Year, month, day; or the three in the order of writing, if `turned`."""
    turned: str = ""
    """Sign between the parts of a date that begins with a day or a month; empty for others."""
    short: bool = False
    """Whether the year has two digits, so that any part may be it."""
    named: bool = False
    """Whether the month is a word."""

    @property
    def unsure(self) -> bool:
        """Whether the column must show which part is the day."""
        return self.turned in SIGNS_UNSURE


@dataclass(frozen=True, slots=True)
class Parts:
    """A column of n cells, taken apart."""

    dates: tuple[WrittenDate, ...]
    """Each date of the column once, in the order in which they first come."""
    date: Ints
    """int64[n], which date; −1 where a cell has none."""
    clock: Ints
    """int64[n], seconds after midnight, 86,400 for the end of the day; −1 without time of day."""
    offset: Reals
    """float64[n], seconds ahead of UTC; NaN where none is written."""
    number: Reals
    """float64[n], of cells that are a bare number: a spreadsheet's day or epoch seconds; or NaN."""
    bad: Mapping[int, str]
    """Cells that are none of these, and why; empty where nothing more can be said."""
    blank: NDArray[np.bool_]
    """bool[n], where nothing is written."""

    def firsts(self) -> list[int]:
        """Cell in which each of the dates first comes."""
        there = np.flatnonzero(self.date >= 0)
        _, first = np.unique(self.date[there], return_index=True)
        return [int(row) for row in there[first]]


def text_array(texts: Sequence[str]) -> pa.Array:
    """The column of these texts."""
    return pa.array(texts, type=pa.string())


def take_apart(texts: pa.Array) -> Parts:
    """Take a column of text apart.

    Args:
        texts: n texts, without space around them; null is blank.

    Returns:
        What is written in each. Digits and signs of full width are read as those of half width.
    """
    texts = pc.utf8_normalize(_flat(texts).fill_null(""), form="NFKC")
    n = len(texts)
    blank = _array(pc.equal(texts, ""))
    parted = _flat(pc.extract_regex(texts, _PARTED))
    has_date = _array(parted.is_valid())
    date, dates = _read_dates(parted.field(0), has_date)
    clocks = pc.if_else(pa.array(has_date), parted.field(2), "")
    time_only = ~has_date & _array(pc.match_substring_regex(texts, _TIME_ONLY))
    if time_only.any():
        clocks = pc.if_else(pa.array(time_only), texts, clocks)
    clock, offset, bad_clocks = _read_clocks(clocks)
    number = _read_numbers(texts, ~blank & ~time_only)
    known = ~np.isnan(number)
    # Without a gap and a time of day, eight digits are a date; `1709599200` is a number.
    plain = has_date & (date >= 0) & (bad_clocks == _FINE)
    known &= ~plain
    number[~known] = np.nan
    unread = ~blank & ~known & ~plain & ~(time_only & (bad_clocks == _FINE))
    bad = {
        int(row): _WHY[bad_clocks[row]] if date[row] >= 0 else "" for row in np.flatnonzero(unread)
    }
    date[~plain] = -1
    clock[unread | known | blank] = -1
    offset[unread | known | blank] = np.nan
    assert len(date) == n
    return Parts(dates, date, clock, offset, number, bad, blank)


def _flat(texts: pa.Array) -> pa.Array:
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
    return whole.cast(pa.string()) if pa.types.is_large_string(whole.type) else whole


def _array(values: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=bool)


def _codes(texts: pa.Array) -> tuple[Ints, list[str]]:
    coded = texts.fill_null("").dictionary_encode()
    codes = np.asarray(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    return codes, coded.dictionary.to_pylist()


def _read_dates(texts: pa.Array, there: NDArray[np.bool_]) -> tuple[Ints, tuple[WrittenDate, ...]]:
    codes, each = _codes(pc.if_else(pa.array(there), texts, ""))
    number, dates = np.full(len(each), -1, dtype=np.int64), dict[WrittenDate, int]()
    for code, text in enumerate(each):
        written = _written(text) if text else None
        if written is not None:
            number[code] = dates.setdefault(written, len(dates))
    return number[codes], tuple(dates)


def _written(text: str) -> WrittenDate | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    group = match.groupdict()
    if group["name"]:
        month = group["name"].lower()[:3]
        if month not in _MONTHS:
            return None
        last = int(group["last_n"])
        year = last + 2000 if len(group["last_n"]) == 2 else last
        return WrittenDate((year, _MONTHS.index(month) + 1, int(group["day_n"])), named=True)
    if group["last"]:
        numbers = int(group["first"]), int(group["second"]), int(group["last"])
        return WrittenDate(numbers, group["t"], len(group["last"]) == 2)
    year, month_number, day = (
        int(group[name] or group[f"{name}_zh"] or group[f"{name}_b"])
        for name in ("year", "month", "day")
    )
    return WrittenDate((year, month_number, day))


def _read_clocks(texts: pa.Array) -> tuple[Ints, Reals, NDArray[np.int8]]:
    codes, each = _codes(texts)
    clock, offset = np.full(len(each), -1, dtype=np.int64), np.full(len(each), np.nan)
    why = np.full(len(each), _FINE, dtype=np.int8)
    for code, text in enumerate(each):
        if text:
            clock[code], offset[code], why[code] = _clock(text)
    return clock[codes], offset[codes], why[codes]


def _clock(text: str) -> tuple[int, float, int]:
    """Seconds after midnight, offset, and why there are none."""
    match = _CLOCK.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return -1, np.nan, _UNKNOWN
    group = match.groupdict()
    hour, minute, second = (
        int(group[name] or group[f"{name}_b"] or group[f"{name}_zh"] or 0)
        for name in ("h", "m", "sec")
    )
    half = group["half"]
    if half:
        if not 1 <= hour <= _AM_PM:
            return -1, np.nan, _NO_TIME
        hour = hour % _AM_PM + (_AM_PM if half[0] in "Pp" else 0)
    seconds = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or seconds > DAY_S:
        return -1, np.nan, _NO_TIME
    offset = np.nan if group["offset"] is None else _offset(group["offset"])
    if abs(offset) > _MOST_OFFSET_S:
        return -1, np.nan, _NO_OFFSET
    return seconds, offset, _FINE


def _offset(text: str) -> float:
    digits = text.removeprefix("UTC").removeprefix("GMT").replace(":", "")
    if digits in ("Z", ""):
        return 0.0
    seconds = int(digits[1:3]) * 3600 + int(digits[3:5] or 0) * 60
    return float(-seconds if digits[0] == "-" else seconds)


def _read_numbers(texts: pa.Array, maybe: NDArray[np.bool_]) -> Reals:
    number = np.full(len(texts), np.nan)
    match = maybe & _array(pc.match_substring_regex(texts, _NUMBER))
    if match.any():
        plain = pc.replace_substring(texts.filter(pa.array(match)), ",", ".")
        number[match] = plain.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return number


def date_of(written: WrittenDate, order: str) -> dt.date:
    """The date that is meant.

    Args:
        written: a date.
        order: what comes first where that is unsure: ``day``, ``month``, or (only of years of
            two digits) ``year``.

    Raises:
        ValueError: there is no such date from 1970 to 2100.
    """
    year, month, day = written.numbers
    if written.turned:
        first, second, last = written.numbers
        year, month, day = last, second, first
        if written.unsure and order == "month":
            month, day = first, second
        elif order == "year" and written.short:
            year, day = first, last
        year += 2000 if written.short else 0
    date = dt.date(year, month, day)
    if not 1970 <= date.year <= 2100:
        raise ValueError(date)
    return date
