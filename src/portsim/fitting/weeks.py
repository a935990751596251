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
from portsim.compiling import compiled

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
        self._told: tuple[Week, Reals, Ints] | None = None
        # Which pattern a day has: that of its weekday, or behind them that of its exception.
        self._kind = self.weekdays.copy()
        for number, date in enumerate(self.exceptions):
            if self.dates[0] <= date <= self.dates[-1]:
                self._kind[(date - self.dates[0]).days] = 7 + number

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
        """From which second on there are how many servers, float64[k] and int64[k]: not to be
        changed."""
        # The same week is asked for by whoever needs to know when works begin, and when they rest.
        if self._told is None or self._told[0] != week:
            self._told = (week, *self._timeline(week))
        return self._told[1:]

    def _timeline(self, week: Week) -> tuple[Reals, Ints]:
        days = (*week, *self.exceptions.values())
        of_pattern = {pattern: _steps(pattern) for pattern in set(days)}
        steps = [of_pattern[pattern] for pattern in days]
        length = np.array([len(each) for each in steps])
        table = np.zeros((len(steps), int(length.max()), 2), dtype=np.int64)
        for number, each in enumerate(steps):
            table[number, : len(each)] = each
        place = np.empty(int(length[self._kind].sum()), dtype=np.int64)
        servers = np.empty_like(place)
        count = _lay(table, length, self._kind, place, servers)
        return self._seconds[place[:count]], servers[:count]


def _steps(pattern: Pattern) -> list[tuple[int, int]]:
    """Slots of a day from which on there are other servers, and how many."""
    steps: list[tuple[int, int]] = []
    until = 0
    for begin, end, servers in pattern:
        if begin > until or (begin and not steps):
            steps.append((until, 0))
        steps.append((begin, servers))
        until = end
    if until < SLOTS:
        steps.append((until, 0))
    return steps


@compiled
def _lay(table: Ints, length: Ints, kind: Ints, place: Ints, servers: Ints) -> int:
    """Lay the steps of each day one after the other, those without a change left out."""
    count, now = 0, -1
    for day in range(len(kind)):
        for step in range(length[kind[day]]):
            slot, there = table[kind[day], step]
            if there != now:
                place[count], servers[count] = day * SLOTS + slot, there
                count, now = count + 1, there
    return count
