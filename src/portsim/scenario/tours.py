"""What people may be asked to work, week by week: shifts, turns of shifts, and what they cost.

Words become shifts and turns here. Every turn is the same from week to week: a pattern that comes
round in another time than a week is worked by so many people, one after the other, that together
they work the same every week.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from math import gcd

import numpy as np
from numpy.typing import NDArray

from portsim.scenario.clock import DAY_S
from portsim.scenario.shifts import Break, Pattern, People, Shifts

__all__ = ["WEEK_MIN", "Day", "Shift", "Tour", "tours", "tours_of"]

WEEK_MIN = 10_080
"""Minutes of a week, from Monday 00:00 on."""
_DAY_MIN, _HOUR_S = 1440, 3600
Minutes = NDArray[np.float64]


@dataclass(frozen=True, order=True, slots=True)
class Shift:
    """A shift: when it begins, how long it is, and the breaks in it.

    Attributes:
        start: seconds after midnight.
        length: seconds.
        breaks: of each break in it, so long after the start and so long, seconds; whether somebody
            must stand in; whether it is paid.
    """

    start: int
    length: int
    breaks: tuple[tuple[int, int, bool, bool], ...] = ()

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """When somebody is at the post: seconds after midnight of the day on which it begins."""
        return self._without(self.breaks)

    @property
    def answering(self) -> tuple[tuple[int, int], ...]:
        """When somebody counts for the fewest on duty: also in breaks that nobody must cover."""
        return self._without(tuple(some for some in self.breaks if some[2]))

    @property
    def paid(self) -> tuple[tuple[int, int], ...]:
        """What is paid."""
        return self._without(tuple(some for some in self.breaks if not some[3]))

    def _without(
        self, breaks: tuple[tuple[int, int, bool, bool], ...]
    ) -> tuple[tuple[int, int], ...]:
        spans, since = [], self.start
        for after, lasts, _, _ in sorted(breaks):
            if self.start + after > since:
                spans.append((since, self.start + after))
            since = max(since, self.start + after + lasts)
        if since < self.start + self.length:
            spans.append((since, self.start + self.length))
        return tuple(spans)


Day = tuple[int, Shift]
"""A weekday, Monday = 0, and the shift that begins on it."""


@dataclass(frozen=True, eq=False)
class Tour:
    """A turn of shifts that some people work together, the same every week.

    Attributes:
        people: name of the people.
        persons: so many work it, one after the other.
        pattern: as it is written.
        lines: of each of them the shifts that he begins in one week.
        moves: so many lines up each of them works the week after.
        hours: paid hours a week of one of them, on the average.
        cost: of all of them a week.
        pay: of each shift that some of them begin what one is paid for it, overtime shared out by
            paid hours.
    """

    people: str
    persons: int
    pattern: str
    lines: tuple[tuple[Day, ...], ...]
    moves: int
    hours: float
    cost: float
    pay: Mapping[Day, float]

    @cached_property
    def duty(self) -> Mapping[Day, int]:
        """How many of them begin which shift on which weekday."""
        return _count(self.lines)


def tours(shifts: Shifts) -> list[Tour]:
    """Every turn that the people may be asked to work, in the order of the file.

    Of turns in which the same shifts are worked on the same weekdays the cheapest is there alone.
    """
    return [tour for name, people in shifts.people.items() for tour in tours_of(name, people)]


def tours_of(name: str, people: People) -> list[Tour]:
    """Every turn that these people may be asked to work; see `tours`."""
    pay = _Pay(people)
    best: dict[tuple[int, frozenset[tuple[Day, int]]], Tour] = {}
    for text in people.patterns:
        for lines, moves in _turns(people, Pattern.of(text)):
            duty, persons = _count(lines), len(lines)
            hours = sum(count * pay.hours(shift) for (_, shift), count in duty.items()) / persons
            cost = sum(pay.of(*day) * count for day, count in duty.items())
            cost += persons * pay.overtime(hours)
            key = persons, frozenset(duty.items())
            if key not in best or cost < best[key].cost:
                extra = pay.overtime(hours) / hours if hours else 0.0
                each = {day: pay.of(*day) + extra * pay.hours(day[1]) for day in duty}
                best[key] = Tour(name, persons, text, lines, moves, hours, cost, each)
    return list(best.values())


Lines = tuple[tuple[Day, ...], ...]


def _count(lines: Lines) -> dict[Day, int]:
    """How many begin which shift on which weekday, in the order of the week."""
    days = sorted(day for line in lines for day in line)
    return {day: days.count(day) for day in dict.fromkeys(days)}


def _turns(people: People, turn: Pattern) -> Iterator[tuple[Lines, int]]:
    """The lines of every turn of one pattern, and how many lines up the next week is."""
    lengths = [turn.on] if turn.by_hour else [round(length) for length in people.lengths]
    for start, length in product(people.starts, lengths):
        for breaks in _breaks(people.breaks, length):
            if turn.by_hour:
                yield _by_hour(turn, start, length, breaks)
            else:
                yield from _by_day(turn, Shift(start, length, breaks))


def _breaks(
    breaks: tuple[Break, ...], length: int
) -> Iterator[tuple[tuple[int, int, bool, bool], ...]]:
    """The ways to take the breaks that lie within a shift, apart from each other."""
    ways = []
    for pause in breaks:
        lasts = round(pause.lasts)
        fits = [round(after) for after in pause.after if round(after) + lasts < length]
        if fits:
            ways.append([(after, lasts, pause.covered, pause.paid) for after in fits])
    for chosen in product(*ways):
        ordered = tuple(sorted(chosen))
        if all(a[0] + a[1] <= b[0] for a, b in pairwise(ordered)):
            yield ordered


def _by_day(turn: Pattern, shift: Shift) -> Iterator[tuple[Lines, int]]:
    if turn.days:
        yield (tuple((day, shift) for day in turn.days),), 0
        return
    # Somebody who begins the turn p days into a cycle of c is at work on day d if (d - p) mod c is
    # below `on`. After a week he is 7 mod c days further on; with all who differ by that, the week
    # is the same again.
    on, cycle = turn.on // DAY_S, (turn.on + turn.off) // DAY_S
    step = gcd(cycle, 7)
    persons = cycle // step
    for first in range(step):
        lines = tuple(
            tuple((day, shift) for day in range(7) if (day - first - step * who) % cycle < on)
            for who in range(persons)
        )
        yield lines, 7 // step % persons


def _by_hour(
    turn: Pattern, start: int, length: int, breaks: tuple[tuple[int, int, bool, bool], ...]
) -> tuple[Lines, int]:
    week, cycle = 7 * DAY_S, turn.on + turn.off
    step = gcd(cycle, week)
    persons = cycle // step
    lines = []
    for who in range(persons):
        begins = range((start + step * who) % cycle, week, cycle)
        lines.append(
            tuple((second // DAY_S, Shift(second % DAY_S, length, breaks)) for second in begins)
        )
    return tuple(lines), week // step % persons


class _Pay:
    """What one kind of people costs."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._known: dict[Day, float] = {}

    @cached_property
    def _minute(self) -> Minutes:
        """float64[10080], so many times the wage is paid; of night and weekend the dearer."""
        factor = np.ones(WEEK_MIN)
        people = self._people
        if people.weekend is not None:
            for day in people.weekend.days:
                factor[day * _DAY_MIN : (day + 1) * _DAY_MIN] = people.weekend.times
        if people.night is not None:
            for day, (start, end) in product(range(7), people.night.hours):
                minutes = (day * _DAY_MIN + np.arange(start // 60, end // 60)) % WEEK_MIN
                factor[minutes] = np.maximum(factor[minutes], people.night.times)
        return factor

    def of(self, day: int, shift: Shift) -> float:
        """What a shift of one person costs that begins on a weekday; overtime not counted."""
        if (day, shift) not in self._known:
            paid = 0.0
            for start, end in shift.paid:
                minutes = day * _DAY_MIN + np.arange(start // 60, end // 60)
                paid += float(self._minute[minutes % WEEK_MIN].sum())
            self._known[day, shift] = paid / 60 * self._people.wage
        return self._known[day, shift]

    @staticmethod
    def hours(shift: Shift) -> float:
        """Paid hours of a shift."""
        return sum(end - start for start, end in shift.paid) / _HOUR_S

    def overtime(self, hours: float) -> float:
        """What the hours of one person beyond those of a week cost more than others."""
        extra = self._people.overtime
        if extra is None:
            return 0.0
        beyond = max(0.0, hours - extra.over / _HOUR_S)
        return beyond * (extra.times - 1.0) * self._people.wage
