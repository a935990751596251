"""The gate log's clock: columns of text become instants, in the zones and orders that hold.

Which column is what may not enter; nor is a stamp doubted here that can be read.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.calendars import offsets, zone, zone_names
from portsim.tables.instants import place
from portsim.tables.parts import DAY_S, Parts, WrittenDate, date_of, take_apart

__all__ = ["Stamped", "orders", "parts_of", "resolution", "stamped", "zone_of_offsets"]

_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
_SERIAL_ZERO = 25_569
"""1970-01-01 as a spreadsheet counts days."""
_SERIALS = (20_000, 80_000)
_EPOCHS = (1e9, 4.2e9)
"""Seconds since 1970 from 2001 on; a thousand and a million times as many are parts of them."""
_ORDERS = ("day", "month", "year")
_MOST_YEARS = 6
"""A column with more of them has its years elsewhere."""
_STEPS = (3600, 1800, 900, 600, 300, 60)
_ENOUGH = 20
"""Stamps that show a step of more than a minute."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """A column of n instants."""

    seconds: Reals
    """float64[n], UTC epoch seconds; NaN where there is none."""
    clock: Ints
    """int64[n], seconds after midnight as written; −1 where none is written."""
    doubled: NDArray[np.bool_]
    """bool[n], of times that the clock shows twice; the first of the two is given."""
    skipped: NDArray[np.bool_]
    """bool[n], of times that the clock skips; the next one is given."""
    unread: NDArray[np.bool_]
    """bool[n], of cells that are written and are no instant."""
    blank: NDArray[np.bool_]
    """bool[n], of cells where nothing is written."""
    bare: NDArray[np.bool_]
    """bool[n], of times of day whose date stands in another column."""


def parts_of(texts: pa.ChunkedArray) -> Parts:
    """A column taken apart; numbers become dates where they can: days of a spreadsheet, epochs."""
    parts = take_apart(texts)
    number = parts.number
    there = np.flatnonzero(~np.isnan(number))
    if not len(there):
        return parts
    values = number[there]
    serial = (values >= _SERIALS[0]) & (values < _SERIALS[1])
    second = np.where(serial, np.rint((values - _SERIAL_ZERO) * DAY_S), np.nan)
    offset = np.where(serial, np.nan, 0.0)
    for factor in (1.0, 1e3, 1e6, 1e9):
        epoch = (values >= _EPOCHS[0] * factor) & (values < _EPOCHS[1] * factor)
        second = np.where(epoch, np.floor(values / factor), second)
    bad = {**parts.bad, **dict.fromkeys(there[np.isnan(second)].tolist(), "")}
    known = ~np.isnan(second)
    there, offset = there[known], offset[known]
    whole = second[known].astype(np.int64)
    days, which = np.unique(whole // DAY_S, return_inverse=True)
    dates = [dt.date.fromordinal(int(day) + _EPOCH_DAY) for day in days]
    written = [WrittenDate((each.year, each.month, each.day)) for each in dates]
    date, clock, shift = parts.date.copy(), parts.clock.copy(), parts.offset.copy()
    date[there] = which + len(parts.dates)
    clock[there] = whole % DAY_S
    # Whole numbers of a spreadsheet are mere dates.
    clock[there[np.isnan(offset) & (number[there] % 1 == 0)]] = -1
    shift[there] = offset
    return replace(
        parts, dates=(*parts.dates, *written), date=date, clock=clock, offset=shift, bad=bad
    )


def orders(dates: Iterable[WrittenDate]) -> dict[str, bool]:
    """Whether each order of day, month and year is possible for dates such as 5/6/24.

    An order is possible if each date exists in it, and the years are no more than a log has.
    """
    unsure = [each for each in dates if each.unsure]
    possible = {}
    for order in _ORDERS if all(each.short for each in unsure) else _ORDERS[:2]:
        try:
            years = {date_of(each, order).year for each in unsure}
        except ValueError:
            possible[order] = False
        else:
            possible[order] = len(years) <= _MOST_YEARS
    return possible


def stamped(parts: Parts, order: str, timezone: str, days: Parts | None = None) -> Stamped:
    """Instants of a column.

    Args:
        parts: the column.
        order: what comes first in dates such as 5/6/24.
        timezone: zone of the clock where no offset is written.
        days: column of the dates of cells that are a mere time of day; None if there is none.
    """
    bare = (parts.date < 0) & (parts.clock >= 0)
    if days is not None and bare.any():
        theirs = np.where(days.date >= 0, days.date + len(parts.dates), -1)
        date: Ints = np.where(bare, theirs, parts.date)
        parts = replace(parts, dates=(*parts.dates, *days.dates), date=date)
    placed = place(parts, order, zone(timezone))
    unread = placed.impossible | ((parts.date < 0) & ~parts.blank)
    return Stamped(
        placed.seconds, parts.clock, placed.doubled, placed.skipped, unread, parts.blank, bare
    )


def resolution(clock: Ints) -> int:
    """The step in seconds in which a column is stamped; 86,400 for mere dates.

    Args:
        clock: int64[n], seconds after midnight; −1 for dates without one.
    """
    timed = clock[clock >= 0]
    if not len(timed) or (len(clock) > 2 and (timed % DAY_S == 0).all()):
        return DAY_S
    if len(timed) >= _ENOUGH:
        return next((step for step in _STEPS if (timed % step == 0).all()), 1)
    return 60 if (timed % 60 == 0).all() else 1


def zone_of_offsets(parts: Sequence[Parts]) -> str:
    """A zone without clock changes that has the offset that is written most often.

    Empty if no stamp has an offset.
    """
    seen = Counter[float]()
    for each in parts:
        written = each.offset[~np.isnan(each.offset)]
        each_offset, counts = np.unique(written, return_counts=True)
        seen.update(dict(zip(each_offset.tolist(), counts.tolist(), strict=True)))
    if not seen:
        return ""
    most = int(max(seen, key=lambda offset: (seen[offset], -abs(offset))))
    if most == 0:
        return "UTC"
    if most % 3600 == 0 and -12 <= most // 3600 <= 14:
        # The sign is turned round in these names.
        return f"Etc/GMT{-most // 3600:+d}"
    start, stop = 1_577_836_800, 1_767_225_600
    for name in zone_names():
        _, values = offsets(zone(name), start, stop)
        if len(values) == 1 and int(values[0]) == most:
            return name
    return "UTC"
