"""Recurring days: the days of a period come again and again, at a demand without seasons.

That is the calendar in which a port's capacity is measured. What a port does with its trucks may
not enter, nor may any luck but that of the trucks.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from portsim.arrays import Ints
from portsim.calendars import Intervals, clip, local_seconds, merge, to_utc, zone
from portsim.demand.arrivals import (
    Base,
    Luck,
    Quarters,
    booked,
    expected,
    poisson,
    quarters,
    rates,
)
from portsim.demand.following import laid_over
from portsim.demand.opened import calendar_intervals
from portsim.demand.trucks import Trucks, Window, assembled, record_of
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import Arrivals

__all__ = [
    "Recurring",
    "daily",
    "draw_recurring",
    "multipliable",
    "real_calendar",
    "recurring",
    "steady",
]

_DAY_S, _HOUR_S, _WEEK = 86_400, 3600, 7
_MARGIN_DAYS = 8
"""Days that follow the run, so that its end does not look like closing time."""
_NEAR_S = 8 * _DAY_S


@dataclass(frozen=True, eq=False, slots=True)
class Recurring:
    """Days of a period laid one after the other: k stretches of days that follow each other.

    Seconds of this calendar are called *laid* here, those of the real one *real*; both are epoch
    seconds.
    """

    timezone: str
    run: Window
    """Laid seconds: the warm-up from `origin`, the measured days from `start` to `stop`."""
    real: Ints
    """int64[k], real second with which each stretch begins."""
    laid: Ints
    """int64[k + 1], laid second with which each stretch begins, and the end of the last."""
    number: Ints
    """int64[k], number of the laid day with which each stretch begins."""
    edges: Ints
    """int64[days + 1], laid midnights of the measured days and their end."""

    @property
    def days(self) -> int:
        """Number of measured days."""
        return len(self.edges) - 1

    def intervals(self, open_: Intervals) -> Intervals:
        """Real open intervals, laid; what is open on both sides of a joint stays one interval."""
        rows = [
            clip(open_, real, real + stop - start) - real + start
            for real, start, stop in self._stretches()
        ]
        return merge(np.concatenate(rows))

    def instants(self, seconds: Ints) -> Ints:
        """Real seconds, rising, as often as they recur, laid and rising."""
        return self.instants_of(seconds)[0]

    def instants_of(self, seconds: Ints) -> tuple[Ints, Ints]:
        """The same, and the position of each among the real seconds."""
        laid: list[Ints] = []
        who: list[Ints] = []
        for real, start, stop in self._stretches():
            first, last = np.searchsorted(seconds, [real, real + stop - start])
            laid.append(seconds[first:last] - real + start)
            who.append(np.arange(first, last))
        return np.concatenate(laid), np.concatenate(who)

    def local(self, seconds: Ints) -> Ints:
        """Local seconds of laid ones, counted through: a laid day has a number of its own."""
        row = self._row(seconds)
        place = zone(self.timezone)
        clock = local_seconds(self.real[row] + seconds - self.laid[row], place)
        first = local_seconds(self.real, place) // _DAY_S
        return np.asarray(clock + (self.number - first)[row] * _DAY_S)

    def real_seconds(self, seconds: Ints) -> Ints:
        """The real seconds of laid ones."""
        row = self._row(seconds)
        return np.asarray(self.real[row] + seconds - self.laid[row])

    def quarters(self) -> Quarters:
        """The quarters of an hour of the run with the places of their real ones in the calendar."""
        parts = [
            (quarters(self.timezone, real, real + stop - start), start - real, stop, number)
            for (real, start, stop), number in zip(
                self._stretches(), self.number.tolist(), strict=True
            )
            if start < self.run.stop
        ]
        ends = [np.minimum(part.edges[:-1] + shift, stop) for part, shift, stop, _ in parts]
        return Quarters(
            edges=np.concatenate([*ends, [parts[-1][2]]]),
            month=np.concatenate([part.month for part, *_ in parts]),
            weekday=np.concatenate([part.weekday for part, *_ in parts]),
            hour=np.concatenate([part.hour for part, *_ in parts]),
            day=np.concatenate([part.day + number for part, *_, number in parts]),
            changed=np.concatenate([part.changed + number for part, *_, number in parts]),
        )

    def _stretches(self) -> list[tuple[int, int, int]]:
        columns = (self.real.tolist(), self.laid[:-1].tolist(), self.laid[1:].tolist())
        return list(zip(*columns, strict=True))

    def _row(self, seconds: Ints) -> Ints:
        row = np.searchsorted(self.laid, seconds, side="right") - 1
        return np.clip(row, 0, len(self.real) - 1)


def recurring(scenario: Scenario, *, least: int, most: int, warm_up: int) -> Recurring:
    """Lay the days of a scenario's period one after the other.

    Args:
        scenario: its period is laid.
        least: days that are measured at least; a shorter period comes so often, as a whole, that
            they are reached.
        most: days that are measured at most, whole weeks; of a longer period so many weeks are
            taken, evenly spread over it.
        warm_up: days that come before; the last of the measured ones.
    """
    first = scenario.period.first_day
    count = (scenario.period.last_day - first).days + 1
    if count > most:
        weeks, kept = count // _WEEK, most // _WEEK
        begins = [_WEEK * int((number + 0.5) * weeks / kept) for number in range(kept)]
        chosen = [begin + day for begin in begins for day in range(_WEEK)]
    else:
        chosen = list(range(count)) * -(-least // count)
    before = [chosen[number % len(chosen)] for number in range(-warm_up, 0)]
    after = [chosen[number % len(chosen)] for number in range(_MARGIN_DAYS)]
    place = zone(scenario.timezone)

    @cache
    def midnight(day: int) -> int:
        return to_utc(first + dt.timedelta(days=day), 0, place, later=False)

    days = [*before, *chosen, *after]
    lengths = np.array([midnight(day + 1) - midnight(day) for day in days], dtype=np.int64)
    edges = np.concatenate([[0], np.cumsum(lengths)])
    edges += midnight(0) - edges[len(before)]
    joints = np.flatnonzero(np.diff(days, prepend=days[0] - 2) != 1)
    measured = edges[len(before) : len(before) + len(chosen) + 1]
    return Recurring(
        timezone=scenario.timezone,
        run=Window(origin=int(edges[0]), start=int(measured[0]), stop=int(measured[-1])),
        real=np.array([midnight(days[number]) for number in joints.tolist()], dtype=np.int64),
        laid=np.append(edges[joints], edges[-1]),
        number=joints.astype(np.int64),
        edges=measured,
    )


def real_calendar(scenario: Scenario, name: str) -> Intervals:
    """Open intervals of a calendar in the period and a little beyond, real seconds."""
    start, stop = _period(scenario)
    return calendar_intervals(scenario, name, start - _NEAR_S, stop + _NEAR_S)


def _period(scenario: Scenario) -> tuple[int, int]:
    """The real seconds of the period without its warm-up."""
    place = zone(scenario.timezone)
    first, beyond = scenario.period.first_day, scenario.period.last_day + dt.timedelta(days=1)
    start, stop = (to_utc(day, 0, place, later=False) for day in (first, beyond))
    return start, stop


def steady(scenario: Scenario) -> dict[str, Arrivals]:
    """Arrivals of each class at a rate that brings as many in the period, without its months.

    The mix of the classes, their weekdays and their hours are those of the period. Slots and
    records have no season of their own to be taken away: they stay as they are.
    """
    start, stop = _period(scenario)

    def one(arrivals: Arrivals) -> Arrivals:
        if arrivals.rate is None and arrivals.total is None:
            return arrivals
        plain = arrivals.model_copy(update={"rate": 1.0, "total": None, "months": (1.0,) * 12})
        of_one = expected(plain, scenario.timezone, start, stop)
        came = expected(arrivals, scenario.timezone, start, stop)
        return plain.model_copy(update={"rate": came / of_one if of_one else 0.0})

    return {name: one(cls.arrivals) for name, cls in scenario.traffic.classes.items()}


def multipliable(arrivals: Arrivals) -> bool:
    """Whether more of such trucks can be drawn; a record holds those that came and no others."""
    return arrivals.recorded is None


def daily(
    scenario: Scenario, days: Recurring, arrivals: Mapping[str, Arrivals]
) -> dict[str, float]:
    """Trucks that each class brings on an average day at a scenario's demand.

    Args:
        scenario: traffic and the calendars that slots follow.
        days: from `recurring`; the measured ones count.
        arrivals: of each class, from `steady`.
    """
    steps = days.quarters()
    inside = steps.edges[:-1] >= days.run.start

    def of(channel: Arrivals) -> float:
        if channel.recorded is not None:
            laid = days.instants(record_of(scenario, channel.recorded).arrival)
            return float((laid >= days.run.start).sum())
        if channel.booked is not None:
            laid = days.intervals(real_calendar(scenario, channel.booked.calendar))
            open_ = clip(laid, days.run.start, days.run.stop)
            hours = float((open_[:, 1] - open_[:, 0]).sum()) / _HOUR_S
            return hours * channel.booked.per_hour * (1.0 - channel.booked.no_show)
        return float((rates(channel, steps) * np.diff(steps.edges))[inside].sum())

    return {
        name: scenario.traffic.scale * cls.scale * of(arrivals[name]) / days.days
        for name, cls in scenario.traffic.classes.items()
    }


def draw_recurring(
    scenario: Scenario,
    days: Recurring,
    arrivals: Mapping[str, Arrivals],
    seed: int,
    replication: int,
    times: float,
    antithetic: bool = False,
) -> Trucks:
    """Draw the trucks that come in recurring days at up to `times` the demand of a scenario.

    Days do not scatter. Recorded trucks come as they came, never more often.

    Args:
        scenario: traffic and the calendars that arrivals follow.
        days: from `recurring`.
        arrivals: of each class, from `steady`.
        seed: root seed of the study.
        replication: number of the replication, from 1.
        times: largest multiple of the demand; smaller ones are made of the same trucks.
        antithetic: an even replication is the mirror of the one before it.
    """
    steps, names = days.quarters(), tuple(sorted(scenario.traffic.classes))

    @cache
    def calendar(name: str) -> Intervals:
        return days.intervals(real_calendar(scenario, name))

    bases: list[tuple[Base, Luck]] = []
    for name in names:
        cls = scenario.traffic.classes[name]
        luck = Luck(seed, replication, f"class {name}", scenario.origin.observed, antithetic)
        scale = scenario.traffic.scale * cls.scale
        base = _base(scenario, arrivals[name], luck, days, steps, calendar, scale, times)
        if cls.arrivals.follow is not None:
            base = laid_over(base, cls.arrivals, days.local, calendar(cls.arrivals.follow))
        most = scale * (times if multipliable(cls.arrivals) else 1.0)
        # Not thinned away here, or the luck of the others would move to other trucks.
        base = replace(base, scale=np.where(base.scale < most, base.scale, np.inf))
        bases.append((base, luck))
    return assembled(scenario, days.run, names, bases, seed, replication, antithetic)


def _base(
    scenario: Scenario,
    arrivals: Arrivals,
    luck: Luck,
    days: Recurring,
    steps: Quarters,
    calendar: Callable[[str], Intervals],
    scale: float,
    times: float,
) -> Base:
    if arrivals.recorded is not None:
        laid, who = days.instants_of(record_of(scenario, arrivals.recorded).arrival)
        rank = np.argsort(laid, kind="stable")
        return Base(laid[rank], luck.uniforms("scale", len(laid)), who[rank])
    if arrivals.booked is not None:
        return booked(arrivals.booked, calendar(arrivals.booked.calendar), luck, scale * times)
    return poisson(arrivals, steps, luck, most=scale * times)
