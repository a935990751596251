"""Arrivals: how many trucks of each class come a day, by weekday, hour and month, and how surely.

Whole days are counted against what a rate and its factors expect. Days differ by more than the
chance of single trucks, so that variances are quasi-Poisson, dispersion times mean. Work, hours and
servers may not enter.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from scipy import stats

from portsim.arrays import Reals
from portsim.fitting.convoys import platoons, together
from portsim.fitting.daily import (
    DAY_S,
    EPOCH,
    LEVEL,
    Days,
    Pattern,
    by_month,
    ends,
    local,
    of_class,
    own_profiles,
    sums,
)
from portsim.fitting.levels import Effect, Trend, closed_effect, trend
from portsim.gatelog import GateLog

__all__ = ["ArrivalsTold", "ClassTold", "Told", "arrivals"]

_YEAR = 365
_VAGUE = 0.5
"""An interval whose half is more than this share of the value tells it partly."""


@dataclass(frozen=True, slots=True)
class Told:
    """A number that the log tells."""

    value: float
    low: float
    """Lower end of its 95 % interval."""
    high: float
    """Upper end of it."""
    n: int
    """Trucks, or days of a scatter, that it is told from."""
    method: str
    identifiable: str
    """``yes``, ``partly`` or ``no``."""
    note: str = ""
    """What to know of it, as a sentence; empty if nothing."""


@dataclass(frozen=True, slots=True)
class ClassTold:
    """When the trucks of a class come."""

    name: str
    rate: Told
    """Mean trucks a calendar day of a month and weekday with factor 1."""
    weekdays: tuple[Told, ...]
    """Seven factors of the rate, Monday first; their mean is 1."""
    hours: tuple[float, ...]
    """24 weights of the hours of the local clock; their mean is 1."""
    hour_limits: tuple[tuple[float, float, float], ...]
    """Each weight with its 95 % interval; empty where the hours are not told."""
    hours_n: int
    """Trucks that the weights are told from."""
    months: Mapping[int, Told]
    """Factors of the rate by month, January 1, their mean over the days that count 1; empty where
    months do not differ or too few were seen."""
    direction: str | None
    """The one direction of its trucks, if they have one."""
    n: int
    """Trucks on the days that count, those without an arrival stamp among them."""
    together: int
    """Trucks that nearly always come in one step of the stamps, 1 if they come alone."""


@dataclass(frozen=True, slots=True)
class ArrivalsTold:
    """When trucks come."""

    first: dt.date
    """First local day that counts."""
    last: dt.date
    """Last local day that counts, inclusive."""
    classes: tuple[ClassTold, ...]
    """Most trucks first."""
    scatter: Told | None
    """Coefficient of variation of a factor that all classes of a day share; None if the chance of
    single trucks explains how days differ."""
    trend: Trend | None
    """How the level moves; None where too few days are known."""
    closed: Effect | None
    """Dates on which the port was closed though its weekday is open; None if there are none."""
    after_closed: Effect | None
    """The days after them."""
    platoons: str
    """A sentence if trucks come together more often than by chance, else empty."""


def _interval(count: float, unit: float, df: float) -> tuple[float, float]:
    """95 % interval of unit × count for a count with Poisson's variance.

    Jeffreys' interval (Brown, Cai & DasGupta 2003, Statistica Sinica 13, 19–49) with tails as of
    Student's t with `df` degrees of freedom, since the dispersion within `unit` was estimated.
    """
    tail = float(stats.norm.sf(stats.t.isf(0.025, df)))
    low = float(stats.chi2.ppf(tail, 2 * count + 1)) if count > 0 else 0.0
    return unit * low / 2, unit * float(stats.chi2.isf(tail, 2 * count + 1)) / 2


def _sure(value: float, low: float, high: float) -> str:
    return "yes" if high - low <= 2 * _VAGUE * max(value, 0.2) else "partly"


def _factors(
    value: Reals, trucks: Reals, share: Reals, unit: Reals, phi: Reals, df: float, top: float
) -> list[Told]:
    """Factors with intervals by the delta method on the log of value over the mean of all.

    `share` is the part that each has in the mean, `unit` what one truck is worth, `phi` the
    dispersion: float64[k].
    """
    error = np.divide(phi, trucks, out=np.zeros(len(value)), where=trucks > 0)
    every = float((share**2 * error).sum())
    told = []
    for number, each in enumerate(value.tolist()):
        n, part = float(trucks[number]), float(share[number])
        # A single factor is 1 by definition.
        spread = max(every + (1 - 2 * part) * float(error[number]), 0.0)
        if n > 0 and spread > 0:
            low, high = _interval(1 / spread, each * spread, df)
        elif n > 0:
            low, high = each, each
        else:
            low, high = _interval(0.0, float(phi[number] * unit[number]), df)
        high = max(min(high, top), each)
        sure = _sure(each, low, high)
        told.append(Told(each, low, high, int(n), "quasi-Poisson means", sure))
    return told


def _weekdays_told(pattern: Pattern, days: Days, common: str) -> tuple[Told, ...]:
    seen = np.bincount(days.weekday, minlength=7)
    known = seen > 0
    share = np.where(known, pattern.weekdays, 0.0) / max(int(known.sum()), 1)
    due = pattern.exposure * pattern.rate
    unit = np.divide(1.0, due, out=np.full(7, 7.0), where=due > 0)
    phi = pattern.by_weekday
    told = _factors(pattern.weekdays, pattern.trucks, share, unit, phi, pattern.df, 7.0)
    for day, each in enumerate(told):
        if not seen[day] or pattern.rate <= 0:
            note = "never seen" if not seen[day] else "no trucks"
            told[day] = Told(1.0, 0.0, 7.0, 0, "none", "no", f"{note}: taken as 1.")
        elif not days.whole or pattern.trucks.sum() < 3:
            told[day] = replace(each, identifiable="no", note="Too little was seen.")
        elif seen[day] == 1:
            told[day] = replace(each, identifiable="partly", note="One such day was seen.")
        else:
            told[day] = replace(each, note=common)
    return tuple(told)


def _months_told(pattern: Pattern, counts: Reals, days: Days) -> dict[int, Told]:
    seen = np.unique(days.month)
    trucks = sums(days.month, counts, 12)[seen]
    share = pattern.months[seen] * np.bincount(days.month, minlength=12)[seen] / len(counts)
    due = sums(days.month, pattern.rate * pattern.weekdays[days.weekday], 12)[seen]
    unit = np.divide(1.0, due, out=np.full(len(seen), 12.0), where=due > 0)
    phi = pattern.dispersion(pattern.months[seen])
    told = _factors(pattern.months[seen], trucks, share, unit, phi, pattern.df, np.inf)
    part = "The month was not seen whole."
    return {
        month + 1: each
        if month + 1 in days.whole_months
        else replace(each, identifiable="partly", note=part)
        for month, each in zip(seen.tolist(), told, strict=True)
    }


def _scatter(pattern: Pattern, counts: Reals, days: Days) -> Told | None:
    expected = pattern.expected(days)
    there = expected > 0
    repeated = len(counts) - len(np.unique(days.weekday))
    if repeated < 1 or not there.any() or stats.chi2.sf(pattern.chi2, pattern.df) >= LEVEL:
        return None
    n, mean = int(there.sum()), float(expected[there].mean())
    away = (counts[there] - expected[there]) / np.sqrt(expected[there])
    tails = max(float(np.mean(away**4) / np.mean(away**2) ** 2) - 3.0, 0.0)
    free = 2 / (2 / pattern.df + tails / n)
    low, high = (pattern.phi * free / float(stats.chi2.isf(p, free)) for p in (0.025, 0.975))
    value, low, high = (sqrt(max(phi - 1, 0.0) / mean) for phi in (pattern.phi, low, high))
    method = "moments of daily totals over expected ones"
    return Told(value, low, high, n, method, "yes" if n >= 14 else "partly")


def arrivals(log: GateLog, closed: Collection[dt.date] = ()) -> ArrivalsTold:
    """Tell rates, weekdays, hours and months of each class of trucks.

    Whole local days count, closed ones too; those on which the log begins and ends, and lost ones,
    do not. Weekdays and hours are those of all trucks, unless a class of 200 trucks or more differs
    (chi-square test at 1 %). Months are told if three whole ones or more were seen and differ (F
    test at 1 %). Intervals are of 95 %: variances are dispersion × mean (McCullagh & Nelder,
    section 6.2; Breslow 1984), quantiles Jeffreys' with tails of Student's t. Scatter is told if
    the index of dispersion (Cox & Lewis 1966, The Statistical Analysis of Series of Events) rejects
    Poisson at 1 %.

    Args:
        log: records of a port, cleaned, with stamps in seconds UTC and loads in tonnes.
        closed: local dates on which the port was closed though its weekday is open.

    Returns:
        Rates in trucks a local day, factors, weights and tonnes. Trucks without an arrival stamp
        are counted by their share, those that cleaning dropped by theirs.
    """
    firsts, lasts = ends(log)
    there = ~np.isnan(firsts)
    days = Days.of(log, firsts[there], lasts[there])
    first, last = (dt.date.fromordinal(EPOCH + int(days.number[end])) for end in (0, -1))
    trucks = log.trucks[there]
    seconds, names = firsts[there], trucks["truck_class"].astype(str).to_numpy()
    stamped = trucks["arrival"].notna().to_numpy()
    stands_in = bool(len(stamped)) and not stamped.any()
    stamped = np.ones_like(stamped) if stands_in else stamped
    known = sorted(set(names.tolist()), key=lambda name: (-int((names == name).sum()), name))
    clock = local(seconds, log)
    inside = np.isin(clock // DAY_S, days.number)
    codes = np.array([known.index(name) for name in names], dtype=np.int64)
    used = inside & stamped
    day, code, hour = clock[used] // DAY_S, codes[used], clock[used] % DAY_S // 3600
    counts = days.counts(day)
    total = by_month(counts, days)
    _, own_days = own_profiles(code, (day + 3) % 7, len(known), 7)
    by_hour, own_hours = own_profiles(code, hour, len(known), 24)
    steps = [log.resolution[name] for name in _keys(log) if name in log.resolution]
    step = max(steps[0], 1) if steps else 1
    months = _months_told(total, counts, days) if bool((total.months != 1).any()) else {}
    moved = trend(counts, days, total)
    if moved is not None and moved.there and days.number[-1] - days.number[0] < _YEAR:
        months = _carried(months or _months_of_trend(moved, days), days, moved)
    groups = np.ones(len(known))
    dropped = log.lost.trucks / len(log.trucks) if len(log.trucks) else 0.0
    told = []
    for number, name in enumerate(known):
        mine = days.counts(day[code == number])
        pattern = of_class(mine, total, days, own=bool(own_days[number]))
        notes = ["No arrival is stamped: the first stamp stands for it."] if stands_in else []
        notes += ["The log has no whole day."] if not days.whole else []
        n = int((codes[inside] == number).sum())
        rate = _rate(pattern, mine, days, n, 1 + dropped, notes)
        common = "" if own_days[number] or len(known) == 1 else "Of all classes together."
        weekdays = pattern if own_days[number] else total
        hours = by_hour[number] if own_hours[number] else by_hour.sum(axis=0)
        level = step >= DAY_S or not hours.any()
        group = trucks[codes == number]
        groups[number] = together(seconds[used][code == number], step)
        ways = group["direction"].dropna().unique().tolist()
        told.append(
            ClassTold(
                name,
                rate,
                _weekdays_told(weekdays, days, common),
                (1.0,) * 24 if level else tuple((hours * 24 / hours.sum()).tolist()),
                () if level else _hour_limits(hours),
                0 if level else int(hours.sum()),
                months,
                str(ways[0]) if len(ways) == 1 else None,
                n,
                int(groups[number]),
            )
        )
    # Trucks that come together vary together: what is left is how days differ.
    alone = sums(days.place(day), 1 / groups[code], len(days.number))
    by_group = total if (groups == 1).all() else by_month(alone, days)
    scatter = _scatter(by_group, alone, days)
    some = np.isin(days.number, [date.toordinal() - EPOCH for date in closed])
    after = np.isin(days.number, [date.toordinal() - EPOCH + 1 for date in closed]) & ~some
    return ArrivalsTold(
        first,
        last,
        tuple(told),
        scatter,
        moved,
        closed_effect(counts, days, total, some),
        closed_effect(np.where(some, total.expected(days), counts), days, total, after),
        platoons(seconds[used], step),
    )


def _hour_limits(hours: Reals) -> tuple[tuple[float, float, float], ...]:
    """Weight, low and high of each hour: Wilson's interval of its share (Brown, Cai & DasGupta
    2001, Statistical Science 16, 101–133)."""
    n, z = float(hours.sum()), 1.96
    share = hours / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    away = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    rows = np.column_stack([share, np.maximum(centre - away, 0.0), centre + away]) * 24
    return tuple((float(a), float(b), float(c)) for a, b, c in rows)


def _months_of_trend(moved: Trend, days: Days) -> dict[int, Told]:
    """Factors of the months of a log of less than a year, as growth makes them."""
    middle = moved.months(days)
    ends_ = [replace(moved, growth=end).months(days) for end in (moved.low, moved.high)]
    return {
        month: Told(
            factor,
            min(factor, *(end[month] for end in ends_)),
            max(factor, *(end[month] for end in ends_)),
            moved.n,
            "steps of a steady growth",
            "yes" if month in days.whole_months else "partly",
        )
        for month, factor in middle.items()
    }


def _carried(months: Mapping[int, Told], days: Days, moved: Trend) -> dict[int, Told]:
    """With those that the log does not have, as its last one: what rose does not fall back.

    It may go on as it did, for as many months as the log has.
    """
    begin = int(days.month[-1])
    last = months[begin + 1]
    told = dict(months)
    for ahead in range(1, 12):
        month = (begin + ahead) % 12 + 1
        if month not in told:
            low, high = (
                (1 + growth) ** min(ahead, len(months))
                for growth in (min(moved.low, 0.0), max(moved.high, 0.0))
            )
            told[month] = replace(
                last, low=last.low * low, high=last.high * high, n=0, identifiable="no",
                note="Not in the log: taken as its last month.",
            )  # fmt: skip
    return dict(sorted(told.items()))


def _keys(log: GateLog) -> list[str]:
    """Names that the arrival has among the stamps, the surest first."""
    return ["arrival", *(f"{stage} {kind}" for stage in log.stages for kind in ("queue", "start"))]


def _rate(
    pattern: Pattern, counts: Reals, days: Days, n: int, dropped: float, notes: list[str]
) -> Told:
    """Rate of a class of `n` trucks, of which `counts` have an arrival by day."""
    total = float(counts.sum())
    exposure = float((pattern.weekdays[days.weekday] * pattern.months[days.month]).sum())
    scale = dropped * (n / total if total else 1.0)
    if n > total:
        notes.append(f"{n - int(total)} of {n} trucks have no arrival stamp and are counted in.")
        if not total:
            total, scale = float(n), dropped
    if dropped > 1:
        notes.append(f"{dropped - 1:.1%} were added for trucks that cleaning dropped.")
    unit = pattern.of_rate
    low, high = _interval(total / unit, scale * unit / exposure, pattern.df)
    value = scale * total / exposure
    sure = _sure(value, low, high) if value < 0.2 else _sure(1.0, low / value, high / value)
    if len(set(days.weekday.tolist())) < 7:
        sure = "partly"
        notes.append("Not all weekdays were seen.")
    if not days.whole or n < 3:
        sure = "no"
        notes.append("Too little was seen.")
    return Told(value, low, high, n, "quasi-Poisson count over days", sure, " ".join(notes))
