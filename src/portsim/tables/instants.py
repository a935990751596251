"""Cells that should hold instants: dates with a time of day as people write them, or faults.

The order of day and month is never guessed; nor is the time of day of a mere date.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.calendars import to_utc, zone
from portsim.reading.text import short
from portsim.tables.parts import (
    DAY_S,
    NO_DATE,
    Parts,
    date_of,
    take_apart,
    text_array,
)
from portsim.tables.separated import CellFaults, Note

__all__ = ["EXPECTED", "Instants", "Placed", "place", "read_instants"]

EXPECTED = "a date-time such as 2024-09-21T08:15:00"
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
_SERIAL_DIGITS = 5


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
class Placed:
    """When each of n cells is."""

    seconds: Reals
    """float64[n], UTC epoch seconds; NaN where a cell has no date and no time of day."""
    doubled: NDArray[np.bool_]
    """bool[n], of times that the clock shows twice; the first of the two is given."""
    skipped: NDArray[np.bool_]
    """bool[n], of times that the clock skips; the first second after them is given."""
    impossible: NDArray[np.bool_]
    """bool[n], of dates that no calendar has; NaN is given."""


def place(parts: Parts, order: str, place: ZoneInfo) -> Placed:
    """Find out when the cells of a column are; a date without time of day is its midnight.

    Args:
        parts: the column, taken apart.
        order: ``day``, ``month`` or ``year``: what comes first in dates such as 5/6/24.
        place: zone of the clock that cells without an offset show.
    """
    n = len(parts.date)
    seconds = np.full(n, np.nan)
    doubled, skipped, impossible = (np.zeros(n, dtype=bool) for _ in range(3))
    shown, start, plain = _days(parts, order, place)
    there = np.flatnonzero(parts.date >= 0)
    which = parts.date[there]
    impossible[there[np.isnan(shown[which])]] = True
    there, which = there[~np.isnan(shown[which])], which[~np.isnan(shown[which])]
    clock = np.maximum(parts.clock[there], 0)
    zoned = ~np.isnan(parts.offset[there])
    seconds[there] = np.where(zoned, shown[which] - parts.offset[there], start[which]) + clock
    for row, date in zip(there[~zoned & ~plain[which]], which[~zoned & ~plain[which]], strict=True):
        day = dt.date.fromordinal(int(shown[date]) // DAY_S + _EPOCH_DAY)
        second_of_day = max(int(parts.clock[row]), 0)
        second = to_utc(day, second_of_day, place, later=False)
        seconds[row] = second
        doubled[row] = to_utc(day, second_of_day, place, later=True) != second
        skipped[row] = (
            not doubled[row] and second_of_day < DAY_S and _shown(second, place) != second_of_day
        )
    return Placed(seconds, doubled, skipped, impossible)


def _days(parts: Parts, order: str, place: ZoneInfo) -> tuple[Reals, Reals, NDArray[np.bool_]]:
    """Of each date: its midnight as if in UTC, its first second, and whether it has 24 hours."""
    k = len(parts.dates)
    shown, start, plain = np.full(k, np.nan), np.full(k, np.nan), np.ones(k, dtype=bool)
    for number, written in enumerate(parts.dates):
        try:
            date = date_of(written, order)
        except ValueError:
            continue
        shown[number] = (date.toordinal() - _EPOCH_DAY) * DAY_S
        first = to_utc(date, 0, place, later=False)
        after = to_utc(date, DAY_S, place, later=False)
        start[number], plain[number] = first, after - first == DAY_S
    return shown, start, plain


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
    parts = take_apart(text_array([cell for _, cell in cells]))
    read = np.ones(len(cells), dtype=bool)
    for row, (line, cell) in enumerate(cells):
        hint = _refused(parts, row)
        if hint is not None:
            read[row] = False
            faults.add(line, cell, hint)
    order = _order(parts, read, cells, note)
    placed = place(parts, order or "day", zone(timezone))
    shown, _, _ = _days(parts, order or "day", zone(timezone))
    kept = []
    for row in np.flatnonzero(read).tolist():
        line, cell = cells[row]
        if order is None and parts.dates[parts.date[row]].unsure:
            continue
        if placed.impossible[row]:
            faults.add(line, cell, NO_DATE)
        elif placed.skipped[row]:
            hint = "clocks skip it; write the time with its offset: 2024-09-21T08:15+02:00"
            faults.add(line, cell, hint)
        else:
            kept.append(row)
    faults.count()
    days = [int(shown[parts.date[row]]) // DAY_S for row in kept]
    return Instants(
        placed.seconds[kept].astype(np.int64),
        tuple(cells[row][0] for row in kept),
        tuple(dt.date.fromordinal(day + _EPOCH_DAY) for day in days),
        tuple(cells[row][0] for row in kept if placed.doubled[row]),
        int((parts.clock[kept] % DAY_S == 0).sum()),
    )


def _refused(parts: Parts, row: int) -> str | None:
    """A hint on a cell that is no instant; None if it is one."""
    if row in parts.bad:
        return parts.bad[row]
    if parts.date[row] >= 0:
        written = parts.dates[parts.date[row]]
        if written.short or written.named:
            return ""
        if parts.clock[row] < 0:
            return (
                "a date has no time of day; give the times, or let a `total` of trucks come "
                "between two dates"
            )
        return None
    if 10 ** (_SERIAL_DIGITS - 1) <= parts.number[row] < 10**_SERIAL_DIGITS:
        return "format the column as yyyy-mm-dd hh:mm:ss in the spreadsheet and save it again"
    return ""


def _order(
    parts: Parts, read: NDArray[np.bool_], cells: Sequence[tuple[int, str]], note: Note
) -> str | None:
    """Whether dates such as 5/6/2024 begin with the day; None after a fault was noted."""
    slashed = [
        (cells[row], parts.dates[parts.date[row]].numbers)
        for row in parts.firsts()
        if read[row] and parts.dates[parts.date[row]].unsure
    ]
    slashed.sort(key=lambda entry: entry[0][0])
    days = next((cell for cell, numbers in slashed if numbers[0] > 12), None)
    months = next((cell for cell, numbers in slashed if numbers[1] > 12), None)
    expected = "dates that begin with the year: 2024-09-21 08:15"
    if days is not None and months is not None:
        first, second = sorted([days, months])
        found = f"`{short(second[1])}` after `{short(first[1])}` in line {first[0]}"
        note(second[0], found, expected, "one begins with the day, the other with the month")
        return None
    if slashed and days is None and months is None:
        hint = "nothing in the column shows whether the day or the month comes first"
        line, cell = slashed[0][0]
        note(line, f"`{short(cell)}`", expected, hint)
        return None
    return "day" if months is None else "month"


def _shown(second: int, place: ZoneInfo) -> int:
    """Seconds after midnight that the clock shows."""
    local = dt.datetime.fromtimestamp(second, place)
    return local.hour * 3600 + local.minute * 60 + local.second
