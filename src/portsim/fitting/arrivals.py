"""Arrivals told from a log: rates by class, weekday, hour and month, and how much days differ.

Only when trucks came is looked at; what happened to them afterwards may not enter.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy import stats

from portsim.arrays import Ints, Reals
from portsim.calendars import local_seconds, zone
from portsim.gatelog import GateLog

__all__ = ["ArrivalsTold", "ClassTold", "Told", "arrivals"]

_DAY_S, _HOUR_S, _EPOCH = 86_400, 3600, dt.date(1970, 1, 1).toordinal()
_RARELY = 0.01
_MANY, _FEW_DAYS, _MONTHS = 200, 14, 3


@dataclass(frozen=True, slots=True)
class Told:
    """A value that was told from the log."""

    value: float
    low: float
    """Lower limit of its 95 % interval."""
    high: float
    n: int
    """Trucks or days that tell it."""
    method: str
    identifiable: str
    """``yes``, ``partly`` or ``no``."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClassTold:
    """The arrivals of one class."""

    name: str
    rate: Told
    """Mean trucks a calendar day; the weekday factors have a mean of 1."""
    weekdays: tuple[Told, ...]
    """Seven factors of the rate, Monday first."""
    hours: tuple[float, ...]
    """24 weights of the hours of a day, with a mean of 1."""
    months: Mapping[int, Told]
    """Factors of the rate by month, 1 to 12; empty where they do not surely differ."""
    direction: str | None
    """Which way its trucks cross, where the log says one for all of them."""
    load_t: tuple[float, float, int] | None
    """Mean (t), coefficient of variation and number of its loads, where the log has any."""
    n: int


@dataclass(frozen=True, slots=True)
class ArrivalsTold:
    """The arrivals of a log."""

    first: dt.date
    """First whole local day."""
    last: dt.date
    """Last whole local day."""
    classes: tuple[ClassTold, ...]
    scatter: Told | None
    """Coefficient of variation of the factor by which days differ; None where chance is enough."""


@dataclass(frozen=True, slots=True, eq=False)
class _Days:
    """The whole local days of a log, d of them, without those whose records were lost."""

    dates: tuple[dt.date, ...]
    weekday: Ints
    month: Ints
    """int64[d], number of the month since the first."""
    counts: Ints
    """int64[c, d], arrivals by class."""
    hours: Ints
    """int64[c, 24], by hour of the day."""


def arrivals(log: GateLog) -> ArrivalsTold:
    """When trucks came, by class.

    Means and factors are those of Poisson counts with the dispersion of the days in their
    variance (McCullagh & Nelder, Generalized Linear Models, 2nd ed., section 6.2.3); limits are of
    Student's t. Days that the log lost are no exposure, closed days are. Trucks that cleaning
    dropped, or that have no stamp of their arrival, are counted in with the mean of the others.

    Args:
        log: a log with at least one arrival; what it lacks is said in the notes.
    """
    trucks = log.trucks
    names = sorted(trucks["truck_class"].astype(str).unique())
    days = _days(log, names)
    total = days.counts.sum(axis=0)
    weekdays = _factors(total, days.weekday, 7)
    expected = _expected(total, days.weekday)
    scatter = _scatter(total, expected)
    months = _months(days, expected, scatter)
    stamped = np.isfinite(trucks["arrival"].to_numpy(np.float64))
    missing = (len(trucks) + log.lost.trucks) / max(int(stamped.sum()), 1)
    classes = []
    for number, name in enumerate(names):
        counts = days.counts[number]
        own = _differ(days.counts, number, days.weekday)
        hourly = days.hours[number] if counts.sum() >= _MANY else days.hours.sum(axis=0)
        chosen = trucks[(trucks["truck_class"].astype(str) == name).to_numpy()]
        directions = chosen["direction"].dropna().astype(str).unique()
        loads = chosen["load"].dropna().to_numpy(np.float64)
        load = None
        if len(loads) and loads.mean() > 0:
            load = float(loads.mean()), float(loads.std() / loads.mean()), len(loads)
        classes.append(
            ClassTold(
                name=name,
                rate=_rate(counts, _expected(counts, days.weekday), days, missing),
                weekdays=_factors(counts, days.weekday, 7) if own else weekdays,
                hours=_weights(hourly),
                months=months,
                direction=str(directions[0]) if len(directions) == 1 else None,
                load_t=load,
                n=len(chosen),
            )
        )
    return ArrivalsTold(days.dates[0], days.dates[-1], tuple(classes), scatter)


def _days(log: GateLog, names: list[str]) -> _Days:
    place = zone(log.timezone)
    ends = local_seconds(np.array([int(log.first), int(log.last)]), place)
    first, last = int(-(-ends[0] // _DAY_S)), int(ends[1] // _DAY_S) - 1
    # A log that begins or ends within the first or last hour of a day has that day whole.
    first -= int(ends[0] % _DAY_S <= _HOUR_S and ends[0] % _DAY_S > 0)
    last += int(ends[1] % _DAY_S >= _DAY_S - _HOUR_S)
    last = max(first, last)
    lost = {day.date.toordinal() - _EPOCH for day in log.lost.days if day.kind == "lost"}
    numbers = np.array([n for n in range(first, last + 1) if n not in lost] or [first])
    arrival = log.trucks["arrival"].to_numpy(np.float64)
    known = np.isfinite(arrival)
    shown = local_seconds(np.floor(arrival[known]).astype(np.int64), place)
    cls = np.searchsorted(names, log.trucks["truck_class"].astype(str).to_numpy()[known])
    day = np.searchsorted(numbers, shown // _DAY_S)
    inside = (day < len(numbers)) & (numbers[np.minimum(day, len(numbers) - 1)] == shown // _DAY_S)
    counts = np.zeros((len(names), len(numbers)), dtype=np.int64)
    np.add.at(counts, (cls[inside], day[inside]), 1)
    hours = np.zeros((len(names), 24), dtype=np.int64)
    np.add.at(hours, (cls[inside], shown[inside] % _DAY_S // _HOUR_S), 1)
    dates = tuple(dt.date.fromordinal(_EPOCH + n) for n in numbers.tolist())
    month = np.array([date.year * 12 + date.month - 1 for date in dates])
    return _Days(dates, (numbers + 3) % 7, month, counts, hours)


def _dispersion(counts: Ints, expected: Reals, parameters: int) -> float:
    """Pearson's, at least 1: how many times the variance of a Poisson count."""
    free = max(len(counts) - parameters, 1)
    there = expected > 0
    return max(float(((counts - expected)[there] ** 2 / expected[there]).sum() / free), 1.0)


def _expected(counts: Ints, weekday: Ints) -> Reals:
    """Of each day the mean of its weekday, float64[d]."""
    days = np.bincount(weekday, minlength=7)
    mean = np.bincount(weekday, weights=counts, minlength=7) / np.maximum(days, 1)
    return np.asarray(mean[weekday])


def _rate(counts: Ints, expected: Reals, days: _Days, missing: float) -> Told:
    seen = np.unique(days.weekday)
    by_weekday = [float(counts[days.weekday == day].mean()) for day in seen]
    mean = float(np.mean(by_weekday))
    spread = _dispersion(counts, expected, len(seen))
    error = (
        float(stats.t.ppf(0.975, max(len(counts) - len(seen), 1)))
        * sqrt(spread * max(float(counts.sum()), 1.0))
        / len(counts)
    )
    total = int(counts.sum())
    note = "" if missing < 1.0005 else f"times {missing:.4f} for trucks whose stamps were lost"
    few = total < 2 or len(counts) < 2
    return Told(
        mean * missing, max(mean - error, 0.0) * missing, (mean + error) * missing, total,
        "mean of the weekdays, quasi-Poisson", "no" if few else "yes", note,
    )  # fmt: skip


def _factors(counts: Ints, weekday: Ints, kinds: int) -> tuple[Told, ...]:
    """Factors by weekday with a mean of 1 over those that the log has."""
    days = np.bincount(weekday, minlength=kinds)
    sums = np.bincount(weekday, weights=counts, minlength=kinds)
    seen = days > 0
    mean = float((sums[seen] / days[seen]).mean()) if counts.sum() else 0.0
    spread = _dispersion(counts, _expected(counts, weekday), int(seen.sum()))
    wide = float(stats.t.ppf(0.975, max(len(counts) - int(seen.sum()), 1)))
    told = []
    for day in range(kinds):
        if not seen[day] or not mean:
            told.append(Told(1.0, 0.0, np.inf, 0, "assumed", "no", "a weekday never seen"))
            continue
        factor = float(sums[day] / days[day] / mean)
        error = wide * sqrt(spread * max(float(sums[day]), 1.0)) / days[day] / mean
        told.append(
            Told(factor, max(factor - error, 0.0), factor + error, int(days[day]),
                 "mean of its days over the mean of all weekdays, quasi-Poisson",
                 "yes" if days[day] > 1 else "partly")
        )  # fmt: skip
    return tuple(told)


def _weights(hours: Ints) -> tuple[float, ...]:
    mean = hours.mean()
    return tuple((hours / mean).tolist()) if mean > 0 else (1.0,) * 24


def _differ(counts: Ints, number: int, weekday: Ints) -> bool:
    """Whether the weekdays of a class are surely not those of the others (chi-square, 1 %)."""
    own, others = counts[number], counts.sum(axis=0) - counts[number]
    if own.sum() < _MANY or others.sum() < _MANY:
        return False
    table = np.array([np.bincount(weekday, weights=row, minlength=7) for row in (own, others)])
    table = table[:, table.sum(axis=0) > 0]
    # Days differ by more than chance, for all classes alike: that is no difference of classes.
    return table.shape[1] > 1 and float(stats.chi2_contingency(table).pvalue) < _RARELY


def _scatter(total: Ints, expected: Reals) -> Told | None:
    """The coefficient of variation of days, by moments, where chance alone is not enough.

    Var N = m + m²·cv²; the test is that of the index of dispersion (Cox & Lewis 1966, section 6.3).
    """
    free = len(total) - len(np.unique(np.round(expected, 9)))
    there = expected > 0
    if free < _FEW_DAYS or not there.any():
        return None
    pearson = float(((total - expected)[there] ** 2 / expected[there]).sum())
    if float(stats.chi2.sf(pearson, free)) > _RARELY:
        return None
    # The mean of a weekday is told from the same days.
    scale = len(total) / free
    square = float((scale * (total - expected) ** 2 - expected).sum() / (expected**2).sum())
    if square <= 0:
        return None
    cv = sqrt(square)
    error = 1.96 * cv / sqrt(2 * free)
    return Told(cv, max(cv - error, 0.0), cv + error, len(total),
                "moments of days over their expectation", "yes")  # fmt: skip


def _months(days: _Days, expected: Reals, scatter: Told | None) -> Mapping[int, Told]:
    """Factors by calendar month, where months differ by more than days do."""
    numbers, place = np.unique(days.month, return_inverse=True)
    if len(numbers) < _MONTHS or len({int(n) % 12 for n in numbers}) < len(numbers):
        return {}
    total = days.counts.sum(axis=0)
    sums = np.bincount(place, weights=total)
    means = np.bincount(place, weights=expected)
    cv = scatter.value if scatter is not None else 0.0
    variance = means + cv**2 * np.bincount(place, weights=expected**2)
    there = variance > 0
    square = float(((sums - means)[there] ** 2 / variance[there]).sum())
    if float(stats.chi2.sf(square, int(there.sum()) - 1)) > _RARELY:
        return {}
    told = {}
    for number, came, mean, spread in zip(numbers.tolist(), sums, means, variance, strict=True):
        factor, error = came / mean, 1.96 * sqrt(spread) / mean
        told[number % 12 + 1] = Told(
            float(factor), max(float(factor - error), 0.0), float(factor + error), int(came),
            "trucks of the month over those of its weekdays", "yes",
        )  # fmt: skip
    return told
