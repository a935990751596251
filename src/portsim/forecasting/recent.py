"""How trucks come in the coming hours: as the scenario says, as in the recent days of a log, or as
announced; and what today's arrivals say of today.

Only arrivals before the minute of the forecast may enter.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import local_seconds, to_utc, zone
from portsim.demand import inverse
from portsim.demand.arrivals import expected
from portsim.forecasting.futures import Level
from portsim.scenario.distributions import Distribution, MeanCv
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import Arrivals

__all__ = ["DAYS", "FEWEST_DAYS", "Came", "as_recently", "level_of"]

DAYS, FEWEST_DAYS = 28, 14
"""So many days before are looked at, and so many there must be."""
_DAY_S, _HOUR_S, _MONDAY = 86_400, 3600, 3
_FEW = 200
"""Trucks from which on a class has hours of its own; with fewer it has those of all."""
_LEAST = 1e-6
"""Variance of the weekdays that is always left to them."""
_SURE = 1e6
"""Shape of a factor that does not vary."""


@dataclass(frozen=True, eq=False, slots=True)
class Came:
    """Arrivals before the minute of the forecast."""

    seconds: Ints
    """int64[n], UTC epoch seconds."""
    classes: Sequence[str]
    """Of the scenario."""
    first: int
    """UTC epoch second from which on all were recorded."""


def as_recently(scenario: Scenario, came: Came) -> tuple[Scenario, float, dict[str, Any]] | None:
    """The scenario with trucks that come as in the recent days; None if there are too few of them.

    Classes that come by booked slots, or as they were recorded or announced, come as before. The
    others have the mean number a day of these days, factors by weekday that all classes share, and
    hours of their own, or those of all where they are few. Days differ by a gamma factor of mean 1
    and variance v, told from the daily numbers N with the expected μ: v = Σ((N − μ)² − μ) / Σμ².

    Args:
        scenario: whose period begins at the minute of the forecast.
        came: the arrivals before.

    Returns:
        The scenario; by what variance the level of a coming day may be off, because it is told
        from so few days; and the facts, made of JSON types only.
    """
    place = zone(scenario.timezone)
    today = scenario.period.begins.date()
    days = [today - dt.timedelta(days=back) for back in range(DAYS, 0, -1)]
    edges = np.array([to_utc(day, 0, place, later=False) for day in [*days, today]])
    whole = edges[:-1] >= came.first
    if int(whole.sum()) < FEWEST_DAYS:
        return None
    skipped = int((~whole).sum())
    days, edges = days[skipped:], edges[skipped:]
    inside = (came.seconds >= edges[0]) & (came.seconds < edges[-1])
    seconds = came.seconds[inside]
    cls = np.array(came.classes, dtype=object)[inside]
    taken = [name for name, words in scenario.traffic.classes.items() if _free(words.arrivals)]
    own = np.isin(cls.astype(str), taken)
    seconds, cls = seconds[own], cls[own]
    number = np.bincount(np.searchsorted(edges, seconds, side="right") - 1, minlength=len(days))
    weekday = np.array([day.weekday() for day in days])
    weekdays, off = _weekdays(number[: len(days)], weekday)
    local = local_seconds(seconds, place)
    hour = local % _DAY_S // _HOUR_S
    of_all = np.bincount(hour, minlength=24) + 1.0 / 24.0
    scale = scenario.traffic.scale or 1.0
    # Weekdays are not equally many among the days.
    share = weekdays[weekday].mean()
    classes = {}
    for name in taken:
        mine = hour[cls == name]
        hours = np.bincount(mine, minlength=24) + 1.0 / 24.0 if len(mine) >= _FEW else of_all
        rate = float(len(mine) / len(days) / share)
        words = {
            "rate": rate,
            "weekdays": tuple(weekdays.tolist()),
            "hours": tuple((hours / hours.mean()).tolist()),
        }
        arrivals = Arrivals.model_validate({"rate": "1 per day"}).model_copy(update=words)
        old = scenario.traffic.classes[name]
        classes[name] = old.model_copy(update={"arrivals": arrivals, "scale": 1.0 / scale})
    usual = number.mean() / share * weekdays[weekday]
    variance = _variance(number[: len(days)], usual)
    factor = None
    if variance > 1.0 / _SURE:
        gamma = MeanCv[float](mean=1.0, cv=float(np.sqrt(variance)))
        factor = Distribution[float](gamma=gamma)
    traffic = scenario.traffic.model_copy(update={**classes, "scale": scale, "day_factor": factor})
    copy = scenario.model_copy(update={"traffic": traffic})
    facts = {"from": "recent", "days": len(days)}
    return copy.from_origin(replace(scenario.origin, checked="")), off, facts


def _free(arrivals: Arrivals) -> bool:
    return arrivals.booked is None and arrivals.recorded is None


def _weekdays(number: Ints, weekday: Ints) -> tuple[Reals, float]:
    """Factors by weekday with a mean of 1, and by what variance the numbers so told may be off.

    Each factor is drawn to 1 as far as weekdays differ by chance alone: by s² / (s² + n t²), with
    the variance s² of a day and t² of weekdays. Source: Efron & Morris (1973), JASA 68, 117-130.
    """
    mean = max(float(number.mean()), 1e-9)
    days = np.bincount(weekday, minlength=7).astype(np.float64)
    means = np.bincount(weekday, weights=number / mean, minlength=7) / np.maximum(days, 1.0)
    spare = max(len(number) - 7, 1)
    of_day = float(((number / mean - means[weekday]) ** 2).sum() / spare)
    usual_days = len(number) / 7.0
    of_weekday = max(float(means[days > 0].var(ddof=1)) - of_day / usual_days, _LEAST)
    lent = of_day / of_weekday
    factors = (days * means + lent) / np.maximum(days + lent, 1e-9)
    off = of_day / len(number) + of_day / (usual_days + lent)
    return np.asarray(factors / factors.mean()), off


def _variance(number: Ints, usual: Reals) -> float:
    """Variance of the factor of the day beyond that of a Poisson number, by moments."""
    spare = len(number) / max(len(number) - 7, 1)
    excess = float((spare * (number - usual) ** 2 - usual).sum())
    return max(excess / max(float((usual**2).sum()), 1e-9), 0.0)


def level_of(
    scenario: Scenario, came: Came, off: float = 0.0
) -> tuple[Level | None, dict[str, Any]]:
    """What today's arrivals say of the factor of the day: a gamma-Poisson update.

    The factor has a gamma distribution of mean 1 and the variance v of the scenario's, so of shape
    1/v; n trucks came today up to now where μ were expected; then it has a gamma distribution of
    shape 1/v + n and rate 1/v + μ. Source: Gelman et al. (2013), Bayesian Data Analysis, 2.6.

    Args:
        scenario: whose period begins at the minute of the forecast.
        came: the arrivals before.
        off: variance by which the level of any day may be off; it adds to v.

    Returns:
        The level, None if days do not differ; and the numbers: came, usual, and the mean of the
        level.
    """
    words = scenario.traffic.day_factor
    place = zone(scenario.timezone)
    minute = scenario.period.begins
    midnight = to_utc(minute.date(), 0, place, later=False)
    now = to_utc(minute.date(), minute.hour * 3600 + minute.minute * 60, place, later=False)
    free = [name for name, cls in scenario.traffic.classes.items() if _free(cls.arrivals)]
    usual = sum(
        scenario.traffic.scale
        * scenario.traffic.classes[name].scale
        * _expected(scenario.traffic.classes[name].arrivals, scenario.timezone, midnight, now)
        for name in free
    )
    today = (came.seconds >= midnight) & (came.seconds < now)
    known = np.isin(np.array(came.classes, dtype=object).astype(str), free)
    count = int((today & known).sum()) if len(came.seconds) else 0
    facts = {"came": count, "usual": round(usual, 6), "level": 1.0}
    variance = (0.0 if words is None else _spread(scenario, words)) + off
    if variance <= 1.0 / _SURE:
        return None, facts
    # Of a day that was not recorded from its midnight on nothing is known.
    n, mu = (count, usual) if came.first <= midnight else (0, 0.0)
    level = Level(1.0 / variance + n, 1.0 / variance + mu, off)
    return level, {**facts, "level": round(level.shape / level.rate, 6)}


def _expected(arrivals: Arrivals, timezone: str, begin: int, end: int) -> float:
    """Expected arrivals in a span that need not be of whole quarters."""
    whole = end - (end - begin) % 900
    trucks = expected(arrivals, timezone, begin, whole) if whole > begin else 0.0
    if end > whole:
        trucks += expected(arrivals, timezone, whole, whole + 900) * (end - whole) / 900
    return trucks


def _spread(scenario: Scenario, words: Distribution[float]) -> float:
    """Variance of a distribution relative to its mean, by its quantiles."""
    u = (np.arange(4096) + 0.5) / 4096
    values = inverse(words, u, scenario.origin.observed)
    mean = float(values.mean())
    return float(values.var() / mean**2) if mean > 0 else 0.0
