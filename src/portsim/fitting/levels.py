"""Whether the level of arrivals rises or falls over the log, and what closed days do to it.

Daily counts against those that weekdays and months expect. Hours and work may not enter.
"""

import datetime as dt
from dataclasses import dataclass
from math import exp, expm1

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from portsim.arrays import Reals
from portsim.fitting.daily import EPOCH, LEVEL, Days, Pattern, sums

__all__ = ["Effect", "Trend", "closed_effect", "trend"]

_MONTH_DAYS = 365.25 / 12
_ROUNDS = 50
_LEAST_DAYS = 14
_SURE_DAYS = 3


@dataclass(frozen=True, slots=True)
class Trend:
    """How the level of arrivals moves."""

    growth: float
    """Share by which it rises a month, below 0 if it falls."""
    low: float
    high: float
    """Ends of the 95 % interval."""
    p: float
    """Chance of as strong a trend if there were none."""
    n: int
    """Days."""

    @property
    def there(self) -> bool:
        """Whether the log surely has one (1 %)."""
        return self.p < LEVEL

    def months(self, days: Days) -> dict[int, float]:
        """Factors of the rate by month, January 1: growth as steps, their mean over the days 1."""
        level = np.exp(np.log1p(self.growth) * (days.number - days.number[0]) / _MONTH_DAYS)
        level = level / level.mean()
        return {
            month + 1: float(level[days.month == month].mean())
            for month in np.unique(days.month).tolist()
        }


def trend(counts: Reals, days: Days, pattern: Pattern) -> Trend | None:
    """The trend of daily counts, beside their weekdays.

    Poisson regression of counts on weekdays and the day, variances dispersion × mean (McCullagh &
    Nelder, Generalized Linear Models, 2nd ed., chapter 9), the likelihood's ratio as F.

    Args:
        counts: float64[d], trucks of each day.
        days: the days.
        pattern: what rate and weekdays expect; its months do not enter.

    Returns:
        None where too few days are known.
    """
    day = (days.number - days.number.mean()) / _MONTH_DAYS
    known = sums(days.weekday, counts, 7)[days.weekday] > 0
    n = int(known.sum())
    free = n - len(np.unique(days.weekday[known])) - 1
    if n < _LEAST_DAYS or free < 7 or not float(np.ptp(day)) > 0:
        return None
    y, t, w = counts[known], day[known], days.weekday[known]
    total = sums(w, y, 7)

    def expected(slope: float) -> Reals:
        lift = np.exp(slope * t)
        return np.asarray(lift * (total / np.maximum(sums(w, lift, 7), 1e-300))[w])

    slope = 0.0
    information = 1.0
    for _ in range(_ROUNDS):
        mean = expected(slope)
        centre = sums(w, mean * t, 7)[w] / sums(w, mean, 7)[w]
        information = float((mean * (t - centre) ** 2).sum())
        step = float((t * (y - mean)).sum()) / max(information, 1e-12)
        slope += float(np.clip(step, -1.0, 1.0))
        if abs(step) < 1e-9:
            break
    mean = expected(slope)
    phi = max(float(((y - mean) ** 2 / mean).sum()) / free, 1.0)
    there = y > 0
    gain = 2 * float(y[there] @ np.log(mean[there] / expected(0.0)[there]))
    p = float(stats.f.sf(max(gain, 0.0) / phi, 1, free))
    away = float(stats.t.isf(0.025, free)) * (phi / max(information, 1e-12)) ** 0.5
    return Trend(expm1(slope), expm1(slope - away), expm1(slope + away), p, n)


@dataclass(frozen=True, slots=True)
class Effect:
    """Trucks on some days over those that their weekdays expect."""

    ratio: float
    low: float
    high: float
    """Ends of the 95 % interval."""
    p: float
    """Chance of as far a ratio if they were days like others."""
    dates: tuple[dt.date, ...]

    @property
    def there(self) -> bool:
        """Whether they surely differ (1 %)."""
        return self.p < LEVEL

    @property
    def sure(self) -> bool:
        """Whether enough of them were seen."""
        return len(self.dates) >= _SURE_DAYS


def closed_effect(
    counts: Reals, days: Days, pattern: Pattern, some: NDArray[np.bool_]
) -> Effect | None:
    """What some days, bool[d], bring over what all others with their weekdays do.

    A ratio of two quasi-Poisson counts: given their sum it is binomial, with the dispersion of the
    days in place of its own (McCullagh & Nelder, section 4.5).

    Returns:
        None where there are no such days, or nothing is expected on them.
    """
    expected = pattern.expected(days)
    if not some.any() or not (~some).any():
        return None
    # Without them, weekdays expect more or less.
    scale = counts[~some].sum() / max(float(expected[~some].sum()), 1e-9)
    due = float(expected[some].sum()) * scale
    if due < 1:
        return None
    seen, phi = float(counts[some].sum()), max(pattern.phi, 1.0)
    ratio = seen / due
    error = (phi / max(seen, 0.5) + phi / max(float(counts[~some].sum()), 1.0)) ** 0.5
    quantile = float(stats.t.isf(0.025, max(pattern.df, 1.0)))
    # Of none at all the upper end is that of a Poisson count.
    if seen:
        low, high = ratio * exp(-quantile * error), ratio * exp(quantile * error)
    else:
        low, high = 0.0, float(stats.chi2.isf(0.05, 2)) / 2 * phi / due
    z = (seen - due) / (phi * due * (1 + due / max(float(counts[~some].sum()), 1.0))) ** 0.5
    p = 2 * float(stats.t.sf(abs(z), max(pattern.df, 1.0)))
    dates = tuple(dt.date.fromordinal(EPOCH + int(each)) for each in days.number[some])
    return Effect(ratio, low, high, p, dates)
