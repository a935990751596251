"""Arrivals of one class: the seconds at which its base trucks would come.

A base truck is one that may come at up to four times the demand of the scenario; each carries the
scale from which on it comes. No calendars of servers and no stages enter here.
"""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import Intervals, local_seconds, to_utc, zone
from portsim.demand.inverse import Observed, inverse
from portsim.demand.streams import uniforms
from portsim.errors import InputError
from portsim.scenario.distributions import Distribution
from portsim.scenario.traffic import Arrivals, Booked, Total

__all__ = [
    "MOST",
    "Base",
    "Luck",
    "Quarters",
    "booked",
    "counted",
    "expected",
    "followed",
    "laid_over",
    "poisson",
    "quarters",
    "rates",
    "recorded",
]

MOST = 4
"""Largest scale; base trucks come at so many times the demand."""
_DAY_S, _HOUR_S, _QUARTER_S = 86_400, 3600, 900


_NEVER = np.iinfo(np.int64).max
"""Arrival of a truck that finds no open day any more."""


DayFactors = Callable[[int], Reals]


@dataclass(frozen=True, eq=False, slots=True)
class Base:
    """The base trucks of a class in the order of their index."""

    arrival: Ints
    """int64[n], UTC epoch seconds."""
    scale: Reals
    """float64[n] in [0, MOST]: the truck comes where the demand's scale is above this."""


@dataclass(frozen=True, slots=True)
class Luck:
    """Where the luck of one class comes from."""

    seed: int
    replication: int
    owner: str
    observed: Observed
    antithetic: bool = False

    def uniforms(self, purpose: str, count: int) -> Reals:
        """The uniforms of the first `count` base trucks, float64[count]."""
        return uniforms(self.seed, self.replication, self.owner, purpose, count, self.antithetic)

    def values(self, distribution: Distribution[float], purpose: str, count: int) -> Reals:
        """Values of a distribution for the first `count` base trucks, float64[count]."""
        return inverse(distribution, self.uniforms(purpose, count), self.observed)


@dataclass(frozen=True, eq=False, slots=True)
class Quarters:
    """Quarters of an hour with their places in the local calendar, the same for all classes.

    No zone's offset changes within one.
    """

    edges: Ints
    """int64[k + 1], epoch seconds."""
    month: Ints
    """int64[k], January = 0."""
    weekday: Ints
    """int64[k], Monday = 0."""
    hour: Ints
    """int64[k]."""
    day: Ints
    """int64[k], number of the local day from the first on."""


def quarters(port_zone: str, start: int, stop: int) -> Quarters:
    """The quarters of an hour that cover [start, stop), epoch seconds."""
    edges = np.arange(start, stop + _QUARTER_S, _QUARTER_S, dtype=np.int64)
    local = local_seconds(edges[:-1], zone(port_zone))
    days = local // _DAY_S
    return Quarters(
        edges=edges,
        month=days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12,
        weekday=(days + 3) % 7,
        hour=(local - days * _DAY_S) // _HOUR_S,
        day=days - days[0],
    )


def rates(arrivals: Arrivals, steps: Quarters, days_luck: DayFactors | None = None) -> Reals:
    """Rate of arrivals at the scenario's own scale as a step function.

    Args:
        arrivals: rate and profiles.
        steps: k quarters of an hour.
        days_luck: gives the factors of the first so many local days; none if left out.

    Returns:
        float64[k], trucks a second in each quarter.
    """
    factor = _factor(arrivals, steps, days_luck)
    return np.asarray((arrivals.rate or 0.0) / _DAY_S * factor)


def _factor(arrivals: Arrivals, steps: Quarters, days_luck: DayFactors | None) -> Reals:
    """Product of the profile's factors and the luck of the days, float64[k]."""
    weights = np.asarray(arrivals.hours)
    factor = (
        np.asarray(arrivals.months)[steps.month]
        * np.asarray(arrivals.weekdays)[steps.weekday]
        * (weights / weights.mean())[steps.hour]
    )
    if days_luck is not None:
        factor = factor * days_luck(int(steps.day[-1]) + 1)[steps.day]
    return np.asarray(factor)


def expected(arrivals: Arrivals, port_zone: str, start: int, stop: int) -> float:
    """Trucks that come on average in [start, stop), epoch seconds, at a scale of 1.

    In: arrivals by rate or by total; 0 for others.
    """
    if arrivals.rate is not None:
        return float(rates(arrivals, quarters(port_zone, start, stop)).sum() * _QUARTER_S)
    if arrivals.total is None:
        return 0.0
    steps = _of_total(arrivals.total, port_zone)
    density = _factor(arrivals, steps, None)
    inside = (steps.edges[:-1] >= start) & (steps.edges[:-1] < stop)
    whole = float(density.sum())
    return arrivals.total.trucks * float(density[inside].sum()) / whole if whole else 0.0


def poisson(
    arrivals: Arrivals,
    steps: Quarters,
    luck: Luck,
    days_luck: DayFactors | None = None,
    most: float = MOST,
) -> Base:
    """A non-homogeneous Poisson process by inversion of its cumulated rate.

    Source: Çınlar (1975), Introduction to Stochastic Processes, section 4.7; Law (2015) 8.6.2.

    Args:
        arrivals: rate and profiles.
        steps: from the first possible truck, the same for every period of a year, to the last.
        luck: streams of the class.
        days_luck: factors of the local days, the same for all classes; with them the process is
            doubly stochastic (Cox), and days differ by more than chance alone would make them.
        most: largest scale; base trucks come at so many times the rate.
    """
    rate = rates(arrivals, steps, days_luck) * (most / arrivals.together)
    due = np.concatenate([[0.0], np.cumsum(rate * _QUARTER_S)])
    total = float(due[-1])
    count = int(total + 6.0 * np.sqrt(total) + 64)
    while True:
        passed = np.cumsum(-np.log1p(-luck.uniforms("gap", count)))
        if passed[-1] > total:
            break
        count *= 2
    passed = passed[passed < total]
    at = np.searchsorted(due, passed, side="right") - 1
    second = steps.edges[at] + np.floor((passed - due[at]) / rate[at]).astype(np.int64)
    scale = most * luck.uniforms("scale", len(second))
    return Base(np.repeat(second, arrivals.together), np.repeat(scale, arrivals.together))


def counted(
    total: Total,
    arrivals: Arrivals,
    port_zone: str,
    luck: Luck,
    days_luck: DayFactors | None = None,
) -> Base:
    """A given number of trucks, each placed by itself with a density that follows the profile.

    That is a Poisson process of this profile given how many came: given their number, its points
    are independent draws from its normalised rate. Source: Çınlar (1975), Introduction to
    Stochastic Processes, chapter 4; Ross (2010), Introduction to Probability Models, 5.3.5.

    Args:
        total: how many, from which local date to which. The period of the study does not enter:
            it cuts the trucks and moves none.
        arrivals: profiles.
        port_zone: IANA zone of the dates.
        luck: streams of the class.
        days_luck: factors of the first so many days from `total.from_` on.

    Returns:
        Four trucks for each of the count, every fourth with a scale below 1, and so on: at a scale
        of 1, 2, 3 or 4 exactly so many times the count come.

    Raises:
        InputError: no second of these dates has a factor above 0.
    """
    steps = _of_total(total, port_zone)
    density = _factor(arrivals, steps, days_luck)
    due = np.concatenate([[0.0], np.cumsum(density)])
    if not due[-1] > 0.0:
        msg = (
            f"{luck.owner}: no second from {total.from_} to {total.to} has a factor above 0; "
            f"its {total.trucks} trucks cannot come"
        )
        raise InputError(msg)
    count = MOST * total.trucks
    passed = np.minimum(luck.uniforms("place", count) * due[-1], np.nextafter(due[-1], 0.0))
    at = np.searchsorted(due, passed, side="right") - 1
    part = np.floor((passed - due[at]) / density[at] * _QUARTER_S).astype(np.int64)
    # Rounding may reach the end of a quarter, and behind the last one another date begins.
    second = steps.edges[at] + np.minimum(part, _QUARTER_S - 1)
    scale = np.tile(np.arange(MOST), total.trucks) + luck.uniforms("scale", count)
    return Base(second, scale)


def _of_total(total: Total, port_zone: str) -> Quarters:
    place = zone(port_zone)
    start = to_utc(total.from_, 0, place, later=False)
    stop = to_utc(total.to + dt.timedelta(days=1), 0, place, later=False)
    return quarters(port_zone, start, stop)


def recorded(seconds: Ints, luck: Luck) -> Base:
    """Recorded trucks as they came; larger demand repeats them, smaller leaves some out."""
    return _copies(np.sort(seconds), luck)


def booked(slots: Booked, open_: Intervals, luck: Luck, most: float = MOST) -> Base:
    """Trucks that booked a slot, with their earliness; those that never come are left out.

    Args:
        slots: slots an hour and how trucks keep them.
        open_: int64[k, 2] epoch seconds in which slots are given out.
        luck: streams of the class.
        most: largest scale; each slot is given out so many times.
    """
    per_interval = -((open_[:, 0] - open_[:, 1]) * slots.per_hour // _HOUR_S)
    first = np.repeat(np.cumsum(per_interval) - per_interval, per_interval)
    rank = np.arange(int(per_interval.sum())) - first
    seconds = np.repeat(open_[:, 0], per_interval) + rank * _HOUR_S // slots.per_hour
    base = _copies(seconds, luck, math.ceil(most))
    count = len(base.arrival)
    shift = np.zeros(count)
    if slots.early is not None:
        shift -= luck.values(slots.early, "early", count)
    if slots.late is not None:
        shift += luck.values(slots.late, "late", count)
    stays_away = luck.uniforms("no_show", count) < slots.no_show
    return Base(
        base.arrival + np.rint(shift).astype(np.int64), np.where(stays_away, np.inf, base.scale)
    )


def _copies(seconds: Ints, luck: Luck, most: int = MOST) -> Base:
    copies = np.tile(np.arange(most), len(seconds))
    scale = copies + luck.uniforms("scale", len(copies))
    return Base(np.repeat(seconds, most), scale)


def followed(base: Base, arrivals: Arrivals, port_zone: str, open_: Intervals) -> Base:
    """Lay trucks over the open hours of a calendar, in the same order.

    A truck that came after some part of the hours of the profile arrives after the same part of
    the open hours of its local day; trucks of closed days come on the next open day, first those
    of the earliest.

    Args:
        base: the trucks as they would come.
        arrivals: their profile; its first and last hour bound the day.
        port_zone: IANA zone of the days.
        open_: int64[k, 2] epoch seconds, open intervals; one belongs to the day it starts on.
    """
    return laid_over(base, arrivals, partial(local_seconds, zone=zone(port_zone)), open_)


def laid_over(
    base: Base, arrivals: Arrivals, clock: Callable[[Ints], Ints], open_: Intervals
) -> Base:
    """The same with any clock: it gives the local seconds of instants, days counted through."""
    used = np.flatnonzero(arrivals.hours)
    opens, closes = int(used[0]) * 3600, int(used[-1] + 1) * 3600
    local = clock(base.arrival)
    day = local // _DAY_S
    part = np.clip((local % _DAY_S - opens) / (closes - opens), 0.0, np.nextafter(1.0, 0.0))

    if not len(open_):
        return Base(np.full(len(base.arrival), _NEVER), base.scale)
    open_ = _cut_at_midnight(open_, clock)
    lengths = open_[:, 1] - open_[:, 0]
    open_days, first = np.unique(clock(open_[:, 0]) // _DAY_S, return_index=True)
    passed = np.concatenate([[0], np.cumsum(lengths)])
    day_start = passed[first]
    day_length = np.append(day_start[1:], passed[-1]) - day_start
    target = np.searchsorted(open_days, day)
    comes = target < len(open_days)
    target = np.where(comes, target, 0)
    # The open day takes its own trucks and those of the closed days right before it.
    days_shared = np.diff(open_days, prepend=open_days[:1] - 1)
    position = (day - open_days[target] + days_shared[target] - 1 + part) / days_shared[target]
    open_second = day_start[target] + np.floor(
        np.clip(position, 0.0, np.nextafter(1.0, 0.0)) * day_length[target]
    ).astype(np.int64)
    row = np.searchsorted(passed, open_second, side="right") - 1
    arrival = open_[row, 0] + open_second - passed[row]
    return Base(np.where(comes, arrival, _NEVER), base.scale)


def _cut_at_midnight(open_: Intervals, clock: Callable[[Ints], Ints]) -> Intervals:
    """Cut what is open round the clock into days."""
    rows: list[tuple[int, int]] = []
    for start, stop in open_.tolist():
        a = start
        while stop - a > _DAY_S:
            local = int(clock(np.array([a]))[0])
            midnight = a + _DAY_S - local % _DAY_S
            rows.append((a, midnight))
            a = midnight
        rows.append((a, stop))
    return np.array(rows, dtype=np.int64).reshape(-1, 2)
