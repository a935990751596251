"""Hours and servers of a week as a table of five minutes, and its way to seconds and back.

No stamp of a truck enters here.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import local_seconds, to_utc, zone

__all__ = ["SLOTS", "SLOT_S", "Clock", "Pattern", "Span", "Week", "of_row", "row_of", "tidy"]

SLOT_S, SLOTS = 300, 288
_DAY_S, _EPOCH = 86_400, dt.date(1970, 1, 1).toordinal()


class Span(NamedTuple):
    """Part of a day in which a stage has servers."""

    begin: int
    """First slot of five minutes."""
    end: int
    """The slot after the last."""
    servers: int


Pattern = tuple[Span, ...]
"""The spans of one day, ascending; closed between them."""
Week = tuple[Pattern, ...]
"""Seven patterns, Monday first."""


def tidy(spans: Sequence[Span]) -> Pattern:
    """Spans in order, without empty ones, neighbours alike united."""
    united: list[Span] = []
    for span in sorted(spans):
        if span.begin >= span.end or span.servers <= 0:
            continue
        if united and united[-1].end == span.begin and united[-1].servers == span.servers:
            united[-1] = Span(united[-1].begin, span.end, span.servers)
        else:
            united.append(span)
    return tuple(united)


def row_of(pattern: Pattern) -> Ints:
    """Servers in each slot of a day: int64[SLOTS]."""
    row = np.zeros(SLOTS, dtype=np.int64)
    for begin, end, servers in pattern:
        row[begin:end] = servers
    return row


def of_row(row: Ints) -> Pattern:
    """The pattern that has these servers: int64[SLOTS]."""
    edges = [0, *(np.flatnonzero(np.diff(row)) + 1).tolist(), SLOTS]
    return tidy([Span(begin, end, int(row[begin])) for begin, end in pairwise(edges)])


class Clock:
    """The local days of a stretch of time."""

    def __init__(
        self,
        timezone: str,
        first: float,
        last: float,
        exceptions: Mapping[dt.date, Pattern] | None = None,
    ) -> None:
        """Days from the one before `first` to the one after `last`, seconds UTC.

        On the dates of `exceptions` the hours are those that stand there.
        """
        self.exceptions = exceptions or {}
        self.timezone = timezone
        self._zone = zone(timezone)
        ends = local_seconds(np.array([int(first), int(last)]), self._zone) // _DAY_S
        numbers = np.arange(ends[0] - 1, ends[1] + 2)
        self._first = int(numbers[0])
        self.dates = tuple(dt.date.fromordinal(_EPOCH + number) for number in numbers.tolist())
        """Each local day."""
        self.weekdays = (numbers + 3) % 7
        """int64[d], its weekday, Monday 0."""
        midnights = [to_utc(date, 0, self._zone, later=False) for date in self.dates]
        grid = np.array(midnights)[:, None] + np.arange(SLOTS) * SLOT_S
        shown = local_seconds(grid.ravel(), self._zone).reshape(grid.shape)
        # On days on which the clock changes the hours after it are the clock's as well.
        meant = numbers[:, None] * _DAY_S + np.arange(SLOTS) * SLOT_S
        self._seconds = np.sort((grid - (shown - meant)).ravel()).astype(np.float64)

    def slots(self, seconds: Reals) -> tuple[Ints, Ints]:
        """Day and slot of the day of each second UTC: int64[n] and int64[n]."""
        shown = local_seconds(np.floor(seconds).astype(np.int64), self._zone)
        day = np.clip(shown // _DAY_S - self._first, 0, len(self.dates) - 1)
        return day, shown % _DAY_S // SLOT_S

    def second(self, day: int, slot: int) -> float:
        """The second UTC of a slot of a day; the slot after the last is the next midnight."""
        place = min(day * SLOTS + slot, len(self._seconds) - 1)
        return float(self._seconds[place])

    def timeline(self, week: Week) -> tuple[Reals, Ints]:
        """From which second on there are how many servers: float64[k], int64[k]."""
        by_day = np.array([row_of(pattern) for pattern in week])[self.weekdays]
        for date, pattern in self.exceptions.items():
            if self.dates[0] <= date <= self.dates[-1]:
                by_day[(date - self.dates[0]).days] = row_of(pattern)
        rows = by_day.ravel()
        changes = np.concatenate([[True], np.diff(rows) != 0])
        return self._seconds[changes], rows[changes]
