"""Arrivals of one class: the seconds at which its base trucks would come.

A base truck is one that may come at up to four times the demand of the scenario; each carries the
scale from which on it comes. No calendars of servers and no stages enter here.
"""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass

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
    "counted_rate",
    "day_bounds",
    "expected",
    "of_the_day",
    "poisson",
    "quarters",
    "rates",
    "recorded",
]

MOST = 4
"""Largest scale; base trucks come at so many times the demand."""
_DAY_S, _HOUR_S, _QUARTER_S = 86_400, 3600, 900


DayFactors = Callable[[int], Reals]


@dataclass(frozen=True, eq=False, slots=True)
class Base:
    """The base trucks of a class in the order of their index."""

    arrival: Ints
    """int64[n], UTC epoch seconds."""
    scale: Reals
    """float64[n] in [0, MOST]: the truck comes where the demand's scale is above this."""
    record: Ints | None = None
    """int64[n], number of each truck in the record of the class; its index if left out."""


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
    changed: Ints
    """int64[c], numbers of the days that have not 24 hours, because clocks change."""


def quarters(port_zone: str, start: int, stop: int) -> Quarters:
    """The quarters of an hour that cover [start, stop), epoch seconds."""
    edges = np.arange(start, stop + _QUARTER_S, _QUARTER_S, dtype=np.int64)
    local = local_seconds(edges[:-1], zone(port_zone))
    days = local // _DAY_S
    change = np.flatnonzero(np.diff(local - edges[:-1]))
    near = np.unique(np.concatenate([days[change], days[change + 1]]) - days[0])
    of_day = np.bincount(days - days[0])
    return Quarters(
        edges=edges,
        month=days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12,
        weekday=(days + 3) % 7,
        hour=(local - days * _DAY_S) // _HOUR_S,
        day=days - days[0],
        changed=near[of_day[near] != _DAY_S // _QUARTER_S],
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
    factor = (
        np.asarray(arrivals.months)[steps.month]
        * np.asarray(arrivals.weekdays)[steps.weekday]
        * of_the_day(arrivals, steps)
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


def of_the_day(arrivals: Arrivals, steps: Quarters) -> Reals:
    """Weights of the hours with a mean of 1, float64[k]; each local day has the same sum of them.

    What hours share out are the day's trucks. On a day on which the clock is set forward, those of
    the hour that it skips come in the next one that there is; on a day on which it is set back,
    those of the hour that it shows twice are spread over both.
    """
    weights = np.asarray(arrivals.hours)
    weights = weights / weights.mean()
    shares = weights[steps.hour]
    for day in steps.changed.tolist():
        quarters_of_day = np.flatnonzero(steps.day == day)
        hours = steps.hour[quarters_of_day]
        there = np.unique(hours)
        instead = there[np.minimum(np.searchsorted(there, np.arange(24)), len(there) - 1)]
        sums = np.bincount(instead, weights=weights, minlength=24)
        times = np.bincount(hours, minlength=24) / (_HOUR_S // _QUARTER_S)
        shares[quarters_of_day] = sums[hours] / times[hours]
    return np.asarray(shares)


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
    quarter = np.searchsorted(due, passed, side="right") - 1
    second = steps.edges[quarter] + np.floor((passed - due[quarter]) / rate[quarter]).astype(
        np.int64
    )
    scale = most * luck.uniforms("scale", len(second))
    return Base(np.repeat(second, arrivals.together), np.repeat(scale, arrivals.together))


def day_bounds(date: dt.date, port_zone: str) -> tuple[int, int]:
    """First second of a local date and of the next, UTC epoch."""
    place = zone(port_zone)
    following = date + dt.timedelta(days=1)
    return to_utc(date, 0, place, later=False), to_utc(following, 0, place, later=False)


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
    quarter = np.searchsorted(due, passed, side="right") - 1
    part = np.floor((passed - due[quarter]) / density[quarter] * _QUARTER_S).astype(np.int64)
    # Rounding may reach the end of a quarter, and behind the last one another date begins.
    second = steps.edges[quarter] + np.minimum(part, _QUARTER_S - 1)
    scale = np.tile(np.arange(MOST), total.trucks) + luck.uniforms("scale", count)
    return Base(second, scale)


def _of_total(total: Total, port_zone: str) -> Quarters:
    start, stop = day_bounds(total.from_, port_zone)[0], day_bounds(total.to, port_zone)[1]
    return quarters(port_zone, start, stop)


def counted_rate(total: Total, arrivals: Arrivals, port_zone: str) -> Arrivals:
    """The arrivals of a total as a rate: in a part of its dates the Poisson process is nearly it.

    Beyond the dates of the total the profile goes on.
    """
    density = _factor(arrivals, _of_total(total, port_zone), None)
    days = float(density.sum()) * _QUARTER_S / _DAY_S
    rate = total.trucks / days if days else 0.0
    return arrivals.model_copy(update={"rate": rate, "total": None})


def recorded(seconds: Ints, luck: Luck) -> Base:
    """Recorded trucks as they came; smaller demand leaves some out, larger finds no others."""
    came = np.sort(seconds)
    return Base(came, luck.uniforms("scale", len(came)))


def booked(slots: Booked, open_: Intervals, luck: Luck, most: float = MOST) -> Base:
    """Trucks that booked a slot, with their earliness; those that never come are left out.

    Args:
        slots: slots an hour and how trucks keep them.
        open_: int64[k, 2] epoch seconds in which slots are given out. Open time is counted
            through: an opening of half an hour has half as many slots as one of an hour, so
            at one an hour every other has one.
        luck: streams of the class.
        most: largest scale; each slot is given out so many times.
    """
    passed = np.concatenate([[0], np.cumsum(open_[:, 1] - open_[:, 0])])
    # The k-th slot begins when k / per_hour hours have been open.
    count = -(-int(passed[-1]) * slots.per_hour // _HOUR_S)
    second = np.arange(count, dtype=np.int64) * _HOUR_S // slots.per_hour
    row = np.searchsorted(passed, second, side="right") - 1
    base = _copies(open_[row, 0] + second - passed[row], luck, math.ceil(most))
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
