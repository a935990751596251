"""Cells that should hold instants: dates with a time of day as people write them, or faults.

The order of day and month is never guessed; nor is the time of day of a mere date.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from portsim.arrays import Ints
from portsim.calendars import to_utc, zone
from portsim.checking.tables import CellFaults, Note
from portsim.reading.text import short

__all__ = ["EXPECTED", "Instants", "read_instants"]

EXPECTED = "a date-time such as 2024-09-21T08:15:00"
_DAY_S = 86_400
_DATE = (
    r"(?:(?P<year>\d{4})(?P<s>[-/.])(?P<month>\d{1,2})(?P=s)(?P<day>\d{1,2})"
    r"|(?P<year_zh>\d{4})年(?P<month_zh>\d{1,2})月(?P<day_zh>\d{1,2})日"
    r"|(?P<year_b>\d{4})(?P<month_b>\d{2})(?P<day_b>\d{2})"
    r"|(?P<first>\d{1,2})(?P<t>[-./])(?P<second>\d{1,2})(?P=t)(?P<last>\d{4}))"
)
_CLOCK = (
    r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<sec>\d{2})(?:[.,]\d+)?)?|"
    r"(?P<h_b>\d{2})(?P<m_b>\d{2})(?P<sec_b>\d{2})?|"
    r"(?P<h_zh>\d{1,2})时(?P<m_zh>\d{1,2})分(?:(?P<sec_zh>\d{1,2})秒)?"
)
_INSTANT = re.compile(
    rf"{_DATE}(?:T|,?\s+|(?<=日))(?:{_CLOCK})\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<offset>Z|(?:UTC|GMT)?[+-]\d{2}(?::?\d{2})?|UTC|GMT)?"
)
_ONLY_DATE = re.compile(_DATE)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_AM_PM = 12
_MOST_OFFSET_S = 14 * 3600
_UNSURE = ("/", "-")
"""Between these either the day or the month comes first; between points it is the day."""


@dataclass(frozen=True, slots=True)
class Instants:
    """A column of instants."""

    seconds: Ints
    """int64[n], UTC epoch seconds, in the order of the rows."""
    lines: tuple[int, ...]
    """The n lines of the file."""
    dates: tuple[dt.date, ...]
    """The n dates as they stand there."""
    doubled: tuple[int, ...]
    """Lines with a time that the clock shows twice and no offset: the first of the two is meant."""
    midnights: int
    """How many stand at 00:00:00 sharp."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """The parts of a cell."""

    line: int
    text: str
    numbers: tuple[int, int, int]
    """Year, month, day; or day and month in any order, and year, if `turned`."""
    turned: str
    """Sign between the parts of a date that begins with a day or a month; empty for others."""
    clock: int
    """Seconds after midnight; 86,400 is the end of the day."""
    offset: int | None
    """Seconds ahead of UTC."""


def read_instants(cells: Sequence[tuple[int, str]], timezone: str, note: Note) -> Instants:
    """Read a column of instants.

    Args:
        cells: each with its line. Dates begin with the year, or are ``21.09.2024``, or have
            slashes if the column shows which is the day; 24:00 is the end of a day; an offset
            such as ``+05:00`` or ``Z`` may follow.
        timezone: IANA zone of instants without an offset.
        note: notes faults: no instant, a mere date, a time that the clock skips.

    Returns:
        The instants; faulty ones left out.
    """
    faults = CellFaults(note, EXPECTED)
    parts: list[_Cell] = []
    for line, cell in cells:
        part = _split(line, unicodedata.normalize("NFKC", cell))
        if isinstance(part, str):
            faults.add(line, cell, part)
        else:
            parts.append(part)
    day_first = _day_first(parts, note)
    place = zone(timezone)

    @cache
    def day(date: dt.date) -> tuple[int, bool]:
        """First second of a date, and whether it has 24 hours."""
        start = to_utc(date, 0, place, later=False)
        end = to_utc(date + dt.timedelta(days=1), 0, place, later=False)
        return start, end - start == _DAY_S

    seconds, lines, dates, doubled, midnights = [], [], [], [], 0
    for part in parts:
        try:
            date = _date(part, day_first)
        except ValueError:
            faults.add(part.line, part.text, "there is no such date")
            continue
        if date is None:
            continue
        start, plain = day(date)
        if part.offset is not None:
            midnight = (date.toordinal() - dt.date(1970, 1, 1).toordinal()) * _DAY_S
            second = midnight + part.clock - part.offset
        elif plain:
            second = start + part.clock
        else:
            second = to_utc(date, part.clock, place, later=False)
            later = to_utc(date, part.clock, place, later=True)
            if later != second:
                doubled.append(part.line)
            elif part.clock < _DAY_S and _shown(second, place) != part.clock:
                hint = "clocks skip it; write the time with its offset: 2024-09-21T08:15+02:00"
                faults.add(part.line, part.text, hint)
                continue
        seconds.append(second)
        lines.append(part.line)
        dates.append(date)
        midnights += part.clock % _DAY_S == 0
    faults.count()
    return Instants(
        np.array(seconds, dtype=np.int64), tuple(lines), tuple(dates), tuple(doubled), midnights
    )


def _split(line: int, text: str) -> _Cell | str:
    """The parts of a cell, or a hint."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        return _no_instant(text)
    group = match.groupdict()
    clock = _clock(group)
    offset = None if group["offset"] is None else _offset(group["offset"])
    if clock is None:
        return "there is no such time of day"
    if offset is not None and abs(offset) > _MOST_OFFSET_S:
        return "there is no such offset"
    if group["last"]:
        numbers = int(group["first"]), int(group["second"]), int(group["last"])
    else:
        year, month, day = (
            int(group[name] or group[f"{name}_zh"] or group[f"{name}_b"])
            for name in ("year", "month", "day")
        )
        numbers = year, month, day
    return _Cell(line, text, numbers, group["t"] or "", clock, offset)


def _no_instant(text: str) -> str:
    """A hint on what no instant can be made of."""
    if _ONLY_DATE.fullmatch(text):
        return (
            "a date has no time of day; give the times, or let a `total` of trucks come between "
            "two dates"
        )
    if _SERIAL.fullmatch(text):
        return "format the column as yyyy-mm-dd hh:mm:ss in the spreadsheet and save it again"
    return ""


def _clock(group: dict[str, str | None]) -> int | None:
    """Seconds after midnight; None if no clock shows them."""
    hour, minute, second = (
        int(group[name] or group[f"{name}_b"] or group[f"{name}_zh"] or 0)
        for name in ("h", "m", "sec")
    )
    half = group["half"]
    if half:
        if not 1 <= hour <= _AM_PM:
            return None
        hour = hour % _AM_PM + (_AM_PM if half[0] in "Pp" else 0)
    seconds = hour * 3600 + minute * 60 + second
    return seconds if minute <= 59 and second <= 59 and seconds <= _DAY_S else None


def _offset(text: str) -> int:
    digits = text.removeprefix("UTC").removeprefix("GMT").replace(":", "")
    if digits in ("Z", ""):
        return 0
    seconds = int(digits[1:3]) * 3600 + int(digits[3:5] or 0) * 60
    return -seconds if digits[0] == "-" else seconds


def _day_first(parts: Sequence[_Cell], note: Note) -> bool | None:
    """Whether dates such as 5/6/2024 begin with the day; None after a fault was noted."""
    slashed = [part for part in parts if part.turned in _UNSURE]
    days = next((part for part in slashed if part.numbers[0] > 12), None)
    months = next((part for part in slashed if part.numbers[1] > 12), None)
    expected = "dates that begin with the year: 2024-09-21 08:15"
    if days is not None and months is not None:
        first, second = sorted([days, months], key=lambda part: part.line)
        found = f"`{short(second.text)}` after `{short(first.text)}` in line {first.line}"
        note(second.line, found, expected, "one begins with the day, the other with the month")
        return None
    if slashed and days is None and months is None:
        hint = "nothing in the column shows whether the day or the month comes first"
        note(slashed[0].line, f"`{short(slashed[0].text)}`", expected, hint)
        return None
    return months is None


def _date(part: _Cell, day_first: bool | None) -> dt.date | None:
    """The date of a cell; None if the order of its parts is unknown, which is a fault already.

    Raises:
        ValueError: there is no such date.
    """
    year, month, day = part.numbers
    if part.turned:
        if part.turned in _UNSURE and day_first is None:
            return None
        first, second, year = part.numbers
        month_first = part.turned in _UNSURE and not day_first
        month, day = (first, second) if month_first else (second, first)
    date = dt.date(year, month, day)
    if not 1970 <= date.year <= 2100:
        raise ValueError(date)
    return date


def _shown(second: int, place: dt.tzinfo) -> int:
    """Seconds after midnight that the clock shows."""
    local = dt.datetime.fromtimestamp(second, place)
    return local.hour * 3600 + local.minute * 60 + local.second
