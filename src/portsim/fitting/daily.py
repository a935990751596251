"""Counts of trucks: days that count, and the rate and factors by weekday and month of them.

Variances are quasi-Poisson, dispersion times mean (McCullagh & Nelder, Generalized Linear Models,
2nd ed., section 6.2); the dispersion of a day grows with its mean, as a factor that all its trucks
share makes it (Breslow 1984, Applied Statistics 33, 38–44). Hours and work may not enter.
"""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from portsim.arrays import Ints, Reals
from portsim.calendars import local_seconds, zone
from portsim.gatelog import GateLog

__all__ = [
    "DAY_S",
    "EPOCH",
    "LEVEL",
    "Days",
    "Pattern",
    "by_month",
    "ends",
    "local",
    "of_class",
    "own_profiles",
    "sums",
]

DAY_S, EPOCH = 86_400, dt.date(1970, 1, 1).toordinal()
LEVEL = 0.01
"""Of all tests."""
_MONTHS = 3
_STAY = 0.95
_OWN = 200
"""Trucks of a class before it has weekdays or hours of its own."""
_CELL = 5.0
"""Trucks expected in a cell of a table that is tested (Cochran's rule)."""


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """The d days that count."""

    number: Ints
    """int64[d], days since 1970, ascending."""
    weekday: Ints
    month: Ints
    """int64[d], January 0."""
    whole_months: frozenset[int]
    whole: bool
    """Whether they are whole days."""

    @classmethod
    def of(cls, log: GateLog, firsts: Reals, lasts: Reals) -> "Days":
        """Between the days on which the log begins and ends, without days that were lost."""
        edges = local(np.array([log.first, log.last]), log) // DAY_S
        number = np.arange(edges[0], edges[1] + 1)
        begin, end = int(edges[0]), int(edges[1])
        if len(firsts):
            # A log of those who left in its time knows all who came after the first of them left,
            # and not all who came so shortly before its end that they were still inside.
            stay = 0.0 if log.lost.unfinished else float(np.quantile(lasts - firsts, _STAY))
            sure = np.array([lasts.min(), min(firsts.max(), log.last - stay)])
            begin, end = (local(sure, log) // DAY_S).tolist()
        inside = number[(number > begin) & (number < end)]
        lost = [day.date.toordinal() - EPOCH for day in log.lost.days if day.kind == "lost"]
        kept = inside[~np.isin(inside, lost)]
        whole = bool(len(kept))
        kept = kept if whole else number
        dates = [dt.date.fromordinal(EPOCH + day) for day in kept.tolist()]
        seen = {dt.date.fromordinal(EPOCH + day) for day in inside.tolist()}
        full = frozenset(
            date.month
            for date in seen
            if date.day == 1
            and all(date + dt.timedelta(n) in seen for n in range(_days_of(date.year, date.month)))
        )
        month = np.array([date.month - 1 for date in dates], dtype=np.int64)
        return cls(kept, (kept + 3) % 7, month, full, whole)

    def counts(self, day: Ints) -> Reals:
        """Trucks on each of the days: float64[d]."""
        return np.bincount(self.place(day), minlength=len(self.number)).astype(np.float64)

    def place(self, day: Ints) -> Ints:
        """Which of the days it is, of days that are among them."""
        return np.searchsorted(self.number, day).astype(np.int64)


def _days_of(year: int, month: int) -> int:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.date(year, month, 1)).days


def local(seconds: Reals, log: GateLog) -> Ints:
    """What the wall clock of the port shows at seconds UTC, seconds since 1970."""
    return local_seconds(np.floor(seconds).astype(np.int64), zone(log.timezone))


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Rate and factors that daily counts follow."""

    rate: float
    weekdays: Reals
    """float64[7], 1 where never seen."""
    exposure: Reals
    """float64[7], days of each weekday, times the factors of their months."""
    trucks: Reals
    """float64[7]"""
    months: Reals
    """float64[12], 1 where never seen or where months do not differ."""
    phi: float
    """Dispersion, 1 or more."""
    df: float
    """Degrees of freedom of the dispersion."""
    chi2: float
    """Pearson's statistic of the daily counts."""

    def expected(self, days: Days) -> Reals:
        """Trucks of each day: float64[d]."""
        return self.rate * self.weekdays[days.weekday] * self.months[days.month]

    def dispersion(self, weight: Reals) -> Reals:
        """Variance over mean of days whose trucks are `weight` times those of a mean day.

        A factor that all trucks of a day share adds to the variance as the square of the mean
        (Breslow 1984).
        """
        return 1 + (self.phi - 1) * weight

    @property
    def by_weekday(self) -> Reals:
        """Dispersion on each weekday: float64[7]."""
        days = np.where(self.weekdays > 0, self.exposure, 0.0)
        mean = float((self.weekdays * days).sum() / max(days.sum(), 1e-9))
        return self.dispersion(self.weekdays / (mean or 1.0))

    @property
    def of_rate(self) -> float:
        """Variance of the rate over that of Poisson trucks with weekdays equally often."""
        seen = self.exposure > 0
        f, days, phi = self.weekdays[seen], self.exposure[seen], self.by_weekday[seen]
        spread = float((f * phi / days).sum() * (f * days).sum() / max(len(f), 1) ** 2)
        return spread if spread > 0 else self.phi


def sums(where: Ints, values: Reals, length: int) -> Reals:
    """Sums of values by where they belong: float64[length]."""
    return np.bincount(where, values, length).astype(np.float64)


def _weekdays(trucks: Reals, exposure: Reals) -> tuple[float, Reals]:
    """Rate and factors whose mean over the weekdays is 1."""
    seen = exposure > 0
    mean = np.divide(trucks, exposure, out=np.zeros(7), where=seen)
    rate = float(mean[seen].mean()) if seen.any() else 0.0
    return rate, np.where(seen, mean / rate, 1.0) if rate > 0 else np.ones(7)


def _pattern(counts: Reals, days: Days, months: Reals, *, monthly: bool = False) -> Pattern:
    """Likeliest rate and weekdays, and months too (each in turn, until they agree)."""
    trucks = sums(days.weekday, counts, 7)
    of_month = sums(days.month, counts, 12)
    factors = months.copy()
    for _ in range(30 if monthly else 1):
        exposure = sums(days.weekday, factors[days.month], 7)
        rate, weekdays = _weekdays(trucks, exposure)
        if monthly:
            due = sums(days.month, rate * weekdays[days.weekday], 12)
            factors = np.divide(of_month, due, out=np.ones(12), where=due > 0)
            factors /= factors[days.month].mean() if of_month.any() else 1.0
    told = Pattern(rate, weekdays, exposure, trucks, factors, 1.0, 1.0, 0.0)
    expected = told.expected(days)
    free = float((expected > 0).sum() - (trucks > 0).sum())
    free -= len(set(days.month.tolist())) - 1 if monthly else 0
    return _with_scatter(told, counts, expected, free)


def _with_scatter(pattern: Pattern, counts: Reals, expected: Reals, free: float) -> Pattern:
    """With the dispersion of daily counts; about their mean where no weekday was seen twice."""
    if free < 1 and len(counts) > 1:
        expected, free = np.full(len(counts), counts.mean()), len(counts) - 1.0
    there = expected > 0
    chi2 = float(((counts[there] - expected[there]) ** 2 / expected[there]).sum())
    free = max(free, 1.0)
    return replace(pattern, phi=max(chi2 / free, 1.0), df=free, chi2=chi2)


def by_month(counts: Reals, days: Days) -> Pattern:
    """The pattern of the totals: with months if three whole ones or more differ (F test)."""
    plain = _pattern(counts, days, np.ones(12))
    if len(days.whole_months) < _MONTHS or not counts.any():
        return plain
    fine = _pattern(counts, days, np.ones(12), monthly=True)
    there = counts > 0
    ratio = fine.expected(days)[there] / plain.expected(days)[there]
    gain, more = 2 * float(counts[there] @ np.log(ratio)), len(np.unique(days.month)) - 1
    surprise = float(stats.f.sf(gain / more / fine.phi, more, fine.df))
    return fine if surprise < LEVEL else plain


def of_class(counts: Reals, total: Pattern, days: Days, *, own: bool) -> Pattern:
    """Pattern of a class: its own, or the common one at its own rate with its own dispersion."""
    if own:
        return _pattern(counts, days, total.months)
    share = float(counts.sum() / max(total.trucks.sum(), 1.0))
    pattern = replace(total, rate=total.rate * share, trucks=total.trucks * share)
    expected = pattern.expected(days)
    # Factors took so many degrees of freedom as the class had a part in them.
    free = float((expected > 0).sum()) - 1
    free -= share * (free - total.df) if total.rate > 0 else 0.0
    return _with_scatter(pattern, counts, expected, free)


def _differ(table: Reals) -> bool:
    """Whether classes, of float64[classes, columns], spread differently (Pearson's test).

    Neighbouring columns go together until enough trucks are expected of each class.
    """
    table = table[table.sum(axis=1) > 0]
    if len(table) < 2:
        return False
    share = float(table.sum(axis=1).min() / table.sum())
    merged, columns = np.zeros(len(table)), []
    for column in table.T:
        merged = merged + column
        if merged.sum() * share >= _CELL:
            columns.append(merged)
            merged = np.zeros(len(table))
    table = np.array(columns).T
    if len(columns) < 2:
        return False
    return bool(stats.chi2_contingency(table, correction=False).pvalue < LEVEL)


def own_profiles(
    codes: Ints, columns: Ints, classes: int, width: int
) -> tuple[Reals, NDArray[np.bool_]]:
    """Trucks by class and column, and which classes have a profile of their own."""
    flat = sums(codes * width + columns, np.ones(len(codes)), classes * width)
    table = flat.reshape(classes, width)
    own = np.asarray(table.sum(axis=1) >= _OWN)
    rest = table[~own].sum(axis=0)
    compared = table[own] if own.sum() > 1 else np.vstack([table[own], rest])
    if not _differ(compared):
        own = np.zeros(classes, dtype=bool)
    return table, own


def ends(log: GateLog) -> tuple[Reals, Reals]:
    """First and last stamp of each truck, float64[n], NaN where there is none."""
    firsts = log.trucks["arrival"].to_numpy(np.float64, copy=True)
    lasts = firsts.copy()
    truck = log.visits["truck"].to_numpy(np.int64)
    for name in ("queue", "start", "end"):
        stamps = log.visits[name].to_numpy(np.float64)
        np.fmin.at(firsts, truck, stamps)
        np.fmax.at(lasts, truck, stamps)
    return firsts, lasts
