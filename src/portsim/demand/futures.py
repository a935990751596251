"""Futures: the trucks of many runs that begin with the same trucks inside, drawn all at once.

What many runs draw is what one long run draws: each future has its own stretch of every stream of
luck, so that two hundred cost little more than one. What becomes of the trucks may not enter.
"""

from dataclasses import dataclass, fields, replace
from functools import cache, partial

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import Intervals, local_seconds, zone
from portsim.demand.allotment import Wishes, allotted, slot_times, wishes
from portsim.demand.arrivals import (
    MOST,
    Base,
    Luck,
    Quarters,
    booked,
    counted_rate,
    day_bounds,
    quarters,
    rates,
    recorded,
)
from portsim.demand.following import followed
from portsim.demand.inside import beginning_of
from portsim.demand.opened import calendar_intervals
from portsim.demand.trucks import Trucks, Window, assembled, record_of, window, with_inside
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import Arrivals, TruckClass

__all__ = ["Futures", "draw_futures"]

_DAY_S, _QUARTER_S = 86_400, 900
_MARGIN_S = 8 * _DAY_S
_FOLLOWED_DAYS = 7
"""Drivers who wait for an opening, or at home for a slot, may have set out so many days before."""
_SHARED = 0
"""Replications count from 1; this one holds the stretches of all futures."""


@dataclass(frozen=True, eq=False, slots=True)
class DaysLevel:
    """What is known of the days of a forecast beyond what the scenario says."""

    today: Reals | None = None
    """float64[futures], factor of the day of the beginning, in place of the scenario's."""
    others: Reals | None = None
    """float64[futures], what the factors of the days after are multiplied by."""


@dataclass(frozen=True, eq=False, slots=True)
class Futures:
    """The trucks of so many futures."""

    trucks: Trucks
    """Those inside of the first future, of the second, …; then those that come, in this order."""
    inside: int
    """So many are inside in each."""
    first: Ints
    """int64[futures + 1], where those that come in each begin among all trucks."""

    def __len__(self) -> int:
        return len(self.first) - 1

    def of(self, future: int) -> Ints:
        """Positions of the trucks of a future, in the order of their numbers."""
        begin = future * self.inside
        return np.concatenate(
            [
                np.arange(begin, begin + self.inside),
                np.arange(self.first[future], self.first[future + 1]),
            ]
        )


def draw_futures(
    scenario: Scenario, seed: int, count: int, days: DaysLevel | None = None
) -> Futures:
    """Draw the trucks of all futures of a period that begins with trucks inside.

    Args:
        scenario: its period, who is inside, and how trucks come.
        seed: root of all luck.
        count: number of futures. More futures leave the first ones what they are, as long as none
            of them draws more trucks than there is room for.
        days: what is known of the days besides.
    """
    run = window(scenario)
    begins = beginning_of(scenario)
    later = replace(run, origin=run.start)
    names = tuple(sorted(scenario.traffic.classes))
    coming = _Coming(scenario, seed, count, later, days or DaysLevel())
    bases, rooms = [], []
    for name in names:
        base, room = coming.of(name)
        bases.append((base, Luck(seed, _SHARED, f"class {name}", scenario.origin.observed)))
        rooms.append(room)
    bases = coming.booked(names, bases, rooms)
    drawn = assembled(scenario, later, names, bases, seed, _SHARED, antithetic=False)
    come = drawn.come(scenario)
    future = drawn.index // np.array(rooms, dtype=np.int64)[drawn.cls]
    rows = np.flatnonzero(come)
    rows = rows[np.argsort(future[rows], kind="stable")]
    trucks = drawn.take(rows)
    assert begins == run.start
    trucks, inside = with_inside(scenario, trucks, count)
    first = inside * count + np.searchsorted(future[rows], np.arange(count + 1))
    return Futures(trucks, inside, first.astype(np.int64))


class _Coming:
    """Draws who comes in all futures: classes one by one, in rows of one future each."""

    def __init__(
        self, scenario: Scenario, seed: int, count: int, run: Window, level: DaysLevel
    ) -> None:
        self.scenario, self.seed, self.count, self.run = scenario, seed, count, run
        self.level = level
        follows = any(
            c.arrivals.follow or c.arrivals.slots for c in scenario.traffic.classes.values()
        )
        begin = run.start - (_FOLLOWED_DAYS * _DAY_S if follows else 0)
        date = scenario.period.begins.date()
        midnight = day_bounds(date, scenario.timezone)[0]
        self.start = midnight - (run.start - begin)
        self.steps = quarters(scenario.timezone, self.start, run.stop)
        today = local_seconds(np.array([self.start, run.start]), zone(scenario.timezone)) // _DAY_S
        self.today = int(today[1] - today[0])
        self.calendar = cache(partial(self._calendar))
        self.factors = self._day_factors()

    def _calendar(self, name: str) -> Intervals:
        return calendar_intervals(self.scenario, name, self.start, self.run.stop + _MARGIN_S)

    def _day_factors(self) -> Reals | None:
        """Factors of the local days from `start` on: float64[futures, days]; None if all are 1."""
        words, level = self.scenario.traffic.day_factor, self.level
        days = int(self.steps.day[-1]) + 1
        if words is None and level.today is None and level.others is None:
            return None
        factors = np.ones((self.count, days))
        if words is not None:
            luck = Luck(self.seed, _SHARED, "port", self.scenario.origin.observed)
            room = _room(days)
            drawn = luck.values(words, "day factor", self.count * room)
            factors = drawn.reshape(self.count, room)[:, :days].copy()
        if level.today is not None:
            factors[:, self.today] = level.today
        if level.others is not None:
            factors[:, self.today + 1 :] *= level.others[:, None]
        return factors

    def of(self, name: str) -> tuple[Base, int]:
        """The base trucks of a class in rows of one future each, and how long a row is.

        Places of a row that no truck has are those of trucks that never come.
        """
        cls = self.scenario.traffic.classes[name]
        arrivals = cls.arrivals
        if arrivals.recorded is not None or arrivals.booked is not None:
            rows = [self._lone(cls, name, future) for future in range(self.count)]
        else:
            luck = Luck(self.seed, _SHARED, f"class {name}", self.scenario.origin.observed)
            rows = _poisson(self._as_rate(arrivals), self.steps, luck, self.factors, self.count)
        if arrivals.follow is not None:
            open_ = self.calendar(arrivals.follow)
            rows = [followed(row, arrivals, self.scenario.timezone, open_) for row in rows]
        return _in_rows(rows)

    def booked(
        self, names: tuple[str, ...], bases: list[tuple[Base, Luck]], rooms: list[int]
    ) -> list[tuple[Base, Luck]]:
        """Let those book who want slots, in each future by itself; nothing is booked when the
        first of them do."""
        words = [self.scenario.traffic.classes[name].arrivals.slots for name in names]
        drawn = [
            None if wish is None else wishes(wish, luck, len(base.arrival))
            for wish, (base, luck) in zip(words, bases, strict=True)
        ]
        if all(wish is None for wish in words):
            return bases
        times = {
            name: slot_times(slots, self.calendar(slots.calendar), self.scenario.timezone)
            for name, slots in self.scenario.slots.items()
        }
        arrivals = [base.arrival.copy() for base, _ in bases]
        scales = [base.scale.copy() for base, _ in bases]
        for future in range(self.count):
            rows = [slice(future * room, (future + 1) * room) for room in rooms]
            own = [
                Base(base.arrival[row], base.scale[row])
                for (base, _), row in zip(bases, rows, strict=True)
            ]

            def draws(number: int, rows: list[slice] = rows) -> Wishes:
                wish, row = drawn[number], rows[number]
                assert wish is not None
                return Wishes(*(getattr(wish, field.name)[row] for field in fields(wish)))

            came, _ = allotted(self.scenario, names, own, draws, times.__getitem__)
            for base, row, arrival, scale in zip(came, rows, arrivals, scales, strict=True):
                arrival[row], scale[row] = base.arrival, base.scale
        return [
            (replace(base, arrival=arrival, scale=scale), luck)
            for (base, luck), arrival, scale in zip(bases, arrivals, scales, strict=True)
        ]

    def _as_rate(self, arrivals: Arrivals) -> Arrivals:
        if arrivals.total is None:
            return arrivals
        return counted_rate(arrivals.total, arrivals, self.scenario.timezone)

    def _lone(self, cls: TruckClass, name: str, future: int) -> Base:
        """Trucks of one future that come as they were recorded, or booked."""
        luck = Luck(self.seed, future + 1, f"class {name}", self.scenario.origin.observed)
        if cls.arrivals.booked is not None:
            words = cls.arrivals.booked
            return booked(words, self.calendar(words.calendar), luck)
        assert cls.arrivals.recorded is not None
        seconds = record_of(self.scenario, cls.arrivals.recorded).arrival
        first, last = np.searchsorted(seconds, [self.start, self.run.stop])
        return replace(recorded(seconds[first:last], luck), record=np.arange(first, last))


def _room(number: int) -> int:
    """A power of two, so that a little more or less moves no future's stretch of luck."""
    return 1 << max(3, int(number - 1).bit_length())


def _poisson(
    arrivals: Arrivals, steps: Quarters, luck: Luck, factors: Reals | None, count: int
) -> list[Base]:
    """As `portsim.demand.arrivals.poisson` has it, a row a future."""
    rate = rates(arrivals, steps) * (MOST / arrivals.together) * _QUARTER_S
    by_future = np.broadcast_to(rate, (count, len(rate)))
    if factors is not None:
        by_future = rate * factors[:, steps.day]
    due = np.zeros((count, len(rate) + 1))
    np.cumsum(by_future, axis=1, out=due[:, 1:])
    most = float(due[:, -1].max())
    room = _room(int(most + 8.0 * np.sqrt(most) + 32))
    while True:
        passed = np.cumsum(-np.log1p(-luck.uniforms("gap", count * room).reshape(count, room)), 1)
        if np.all(passed[:, -1] > due[:, -1]):
            break
        room *= 2
    scales = MOST * luck.uniforms("scale", count * room).reshape(count, room)
    rows = []
    for future in range(count):
        of, at = due[future], passed[future]
        at = at[: int(np.searchsorted(at, of[-1]))]
        quarter = np.searchsorted(of, at, side="right") - 1
        part = (at - of[quarter]) / (of[quarter + 1] - of[quarter])
        second = steps.edges[quarter] + np.floor(part * _QUARTER_S).astype(np.int64)
        second = np.minimum(second, steps.edges[quarter + 1] - 1)
        scale, times = scales[future, : len(second)], arrivals.together
        rows.append(Base(np.repeat(second, times), np.repeat(scale, times)))
    return rows


def _in_rows(rows: list[Base]) -> tuple[Base, int]:
    room = _room(max((len(row.arrival) for row in rows), default=0))
    arrival = np.zeros((len(rows), room), dtype=np.int64)
    scale = np.full((len(rows), room), np.inf)
    record = np.zeros((len(rows), room), dtype=np.int64)
    for future, row in enumerate(rows):
        own = slice(0, len(row.arrival))
        arrival[future, own], scale[future, own] = row.arrival, row.scale
        record[future, own] = np.arange(len(row.arrival)) if row.record is None else row.record
    base = Base(arrival.ravel(), scale.ravel())
    known = any(row.record is not None for row in rows)
    return (replace(base, record=record.ravel()) if known else base), room
