"""Work times: which distribution of the scenario language they follow, and how surely.

Stamps are cut to their step: a work of 90 s is one minute or two. All likelihoods are of what such
stamps can show. Hours, servers and queues may not enter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

import numpy as np
from scipy import stats

from portsim.arrays import Ints, Reals

__all__ = ["STRAY", "Densities", "Law", "fitted", "with_mean", "work_law"]

STRAY = 0.02
"""Share of works that follow nothing: stamps that were mistaken, servers that were elsewhere."""
_LONGEST_S = 86_400.0
_FINEST_S = 15.0
_FEW = 5
_LEAST_SHARE = 0.3
_ROUNDS = 4
_FOLDS = 5
_SAME = 0.2
_CONSTANT = 0.03
"""A coefficient of variation that only the step of the stamps can be the cause of."""


@dataclass(frozen=True, slots=True)
class Law:
    """A distribution of the language that was fitted to work times."""

    family: str
    """Its name in a scenario; ``constant`` has no cv."""
    mean: float
    """Mean, seconds."""
    cv: float
    """Standard deviation over mean."""
    shape: Mapping[str, float]
    """What else the scenario needs: k of erlang, low, mode and high in seconds."""
    frozen: Any
    """The distribution of scipy."""


def _gamma(mean: float, cv: float) -> Law:
    return Law("gamma", mean, cv, {}, stats.gamma(cv**-2, scale=mean * cv**2))


def _lognormal(mean: float, cv: float) -> Law:
    sigma = sqrt(np.log1p(cv**2))
    return Law(
        "lognormal", mean, cv, {}, stats.lognorm(sigma, scale=mean * np.exp(-(sigma**2) / 2))
    )


def _exponential(mean: float, _: float) -> Law:
    return Law("exponential", mean, 1.0, {}, stats.expon(scale=mean))


def _constant(mean: float, _: float) -> Law:
    return Law("constant", mean, 0.0, {}, stats.norm(mean, 0.01 * mean + 1e-9))


def _triangular(mean: float, cv: float) -> Law:
    # Symmetric: variance = width² / 24 (Law, Simulation Modeling and Analysis, section 6.2).
    half = min(sqrt(6.0) * cv * mean, mean)
    low, high = mean - half, mean + half
    shape = {"low": low, "mode": mean, "high": high}
    return Law("triangular", mean, cv, shape, stats.triang(0.5, loc=low, scale=high - low))


def _uniform(mean: float, cv: float) -> Law:
    half = min(sqrt(3.0) * cv * mean, mean)
    shape = {"low": mean - half, "high": mean + half}
    return Law("uniform", mean, cv, shape, stats.uniform(mean - half, 2 * half))


def with_mean(law: Law, mean: float) -> Law:
    """The same law with another mean, seconds, and its cv."""
    make = {
        "gamma": _gamma,
        "lognormal": _lognormal,
        "exponential": _exponential,
        "constant": _constant,
        "triangular": _triangular,
        "uniform": _uniform,
    }[law.family]
    return make(mean, law.cv)


class Densities:
    """Log densities of work times by class, as stamps of a step can show them."""

    def __init__(self, step: float, tables: Mapping[int, Reals], laws: Mapping[int, Law]) -> None:
        """Tables of log densities at multiples of the grid, by class."""
        self._step, self._grid = step, max(step, _FINEST_S)
        self._tables = tables
        self.laws = laws
        """The law of each class that has enough works to tell one."""

    @property
    def stray(self) -> float:
        """Log density of a work that follows nothing."""
        return log(STRAY / _LONGEST_S)

    def of(self, seconds: Reals, classes: Ints) -> Reals:
        """Log density of each work time, float64[n]."""
        density = np.full(len(seconds), self.stray)
        for number, table in self._tables.items():
            own = classes == number
            time = seconds[own]
            place = np.rint(time / self._grid)
            there = (time > -self._step - 1) & (place < len(table))
            chosen = table[np.clip(place, 0, len(table) - 1).astype(np.int64)]
            density[own] = np.where(there, chosen, self.stray)
        return density


def fitted(seconds: Reals, classes: Ints, step: float) -> Densities:
    """Densities of work times by class: gamma or lognormal, whichever makes them likelier.

    Args:
        seconds: float64[n], work times; strays among them.
        classes: int64[n].
        step: of the stamps, seconds.
    """
    tables, laws = {}, {}
    for number in np.unique(classes).tolist():
        own = seconds[classes == number]
        times = _Times.of(own, step)
        if times.total < max(_FEW, _LEAST_SHARE * len(own)):
            continue
        usual = _usual(times)
        law = max((_gamma(*_moments(times, usual)), _logs(times, usual)), key=times.score)
        points = np.arange(0.0, times.seconds[-1] + times.grid, times.grid)
        tables[number] = np.log((1 - STRAY) * times.shown(law, points) + STRAY / _LONGEST_S)
        laws[number] = law
    return Densities(step, tables, laws)


@dataclass(frozen=True, slots=True, eq=False)
class _Times:
    """Work times of a class, counted on a grid: m of them differ."""

    seconds: Reals
    """float64[m], ascending."""
    count: Ints
    """int64[m], how often each came."""
    step: float
    grid: float

    @classmethod
    def of(cls, seconds: Reals, step: float) -> "_Times":
        """Those that can be work times, of any."""
        grid = max(step, _FINEST_S)
        there = seconds[(seconds > -step - 1e-6) & (seconds < _LONGEST_S)]
        place = np.rint(np.maximum(there, 0.0) / grid).astype(np.int64)
        count = np.bincount(place)
        known = np.flatnonzero(count)
        return cls(known.astype(np.float64) * grid, count[known], step, grid)

    @property
    def total(self) -> int:
        """How many there are."""
        return int(self.count.sum())

    def shown(self, law: Law, seconds: Reals) -> Reals:
        """Density of differences of two stamps, each cut to a step: within one step either way."""
        above, below = law.frozen.cdf(seconds + self.grid), law.frozen.cdf(seconds - self.grid)
        return np.asarray((above - below) / (2 * self.grid))

    def score(self, law: Law) -> float:
        """Log likelihood of all of them."""
        density = (1 - STRAY) * self.shown(law, self.seconds) + STRAY / _LONGEST_S
        return float(self.count @ np.log(density))


def _moments(times: _Times, weight: Reals) -> tuple[float, float]:
    """Mean and coefficient of variation of weighted work times, without what the step adds."""
    total = weight.sum()
    mean = float(weight @ times.seconds / total)
    variance = float(weight @ (times.seconds - mean) ** 2 / total) - times.grid**2 / 6
    mean = max(mean, 1.0)
    return mean, sqrt(max(variance, (_CONSTANT * mean) ** 2)) / mean


def _logs(times: _Times, weight: Reals) -> Law:
    """The lognormal by moments, or with the spread of the logarithms, whichever is likelier.

    A few long works weigh much in the second moment and little in the logarithms; a coarse step is
    the other way round. The mean is that of the works in either case: queues depend on it most.
    """
    by_moments = _lognormal(*_moments(times, weight))
    there = times.seconds > 0
    if not (weight[there].sum() > _FEW):
        return by_moments
    logs, weight = np.log(times.seconds[there]), weight[there]
    centre = float(weight @ logs / weight.sum())
    variance = max(float(weight @ (logs - centre) ** 2 / weight.sum()), _CONSTANT**2)
    by_logs = _lognormal(by_moments.mean, sqrt(float(np.expm1(variance))))
    if abs(by_logs.cv / by_moments.cv - 1) > _SAME:
        # They are not lognormal: the spread that the works have counts.
        return by_moments
    return max(by_moments, by_logs, key=times.score)


def _usual(times: _Times) -> Reals:
    """How many of each work time are no strays: what either law gives more than a stray's density.

    Returns:
        float64[m].
    """
    passed = np.cumsum(times.count) / times.total
    usual = np.where((passed <= 1 - STRAY) | (times.seconds <= 60.0), times.count, 0)
    if usual.sum() <= _FEW:
        usual = times.count
    for _ in range(_ROUNDS - 1):
        moments = _moments(times, usual)
        likely = np.maximum(
            times.shown(_gamma(*moments), times.seconds),
            times.shown(_lognormal(*moments), times.seconds),
        )
        kept = np.where(likely > STRAY / _LONGEST_S, times.count, 0)
        if kept.sum() <= _FEW or bool((kept == usual).all()):
            break
        usual = kept
    return usual.astype(np.float64)


def work_law(seconds: Reals, step: float) -> tuple[Law, int, dict[str, tuple[float, float]]]:
    """The distribution that tells work times best that it has not seen.

    Families are compared by the likelihood of each fifth of the works under the law of the others
    (cross-validation); parameters are moments, which scenarios are written with. Intervals are the
    normal ones of the mean and, for the cv, of Kendall & Stuart (vol. 1, section 10.5): standard
    error cv·sqrt((κ − 1)/4 + cv² − cv·γ)/sqrt(n) with the sample's skewness γ and kurtosis κ.

    Args:
        seconds: float64[n], n ≥ 1, work times with strays.
        step: of the stamps, seconds.

    Returns:
        The law; of how many works; 95 % intervals of ``mean`` (seconds) and ``cv``.
    """
    times = _Times.of(seconds, step)
    usual = _usual(times)
    mean, cv = _moments(times, usual)

    def by_moments(make: Callable[[float, float], Law]) -> Callable[[_Times, Reals], Law]:
        return lambda times, weight: make(*_moments(times, weight))

    makers = [by_moments(_gamma), _logs, by_moments(_triangular), by_moments(_uniform)]
    if cv <= 2 * _CONSTANT or cv * mean < step / 2:
        makers = [by_moments(_constant), *makers]
    # The exponential stands first: where all are as likely, the one without a cv is taken.
    makers = [by_moments(_exponential), *makers] if 0.8 < cv < 1.25 else makers
    folds = [_Times.of(seconds[number::_FOLDS], step) for number in range(_FOLDS)]
    rest = [
        _Times.of(np.delete(seconds, slice(number, None, _FOLDS)), step) for number in range(_FOLDS)
    ]
    scores = [
        sum(
            held.score(make(seen, _usual(seen)))
            for seen, held in zip(rest, folds, strict=True)
            if seen.total > _FEW and held.total
        )
        for make in makers
    ]
    best = max(scores)
    simplest = next(n for n, score in enumerate(scores) if score >= best - 1.0)
    law = makers[simplest](times, usual)
    mean, cv = law.mean, law.cv or cv
    n = int(usual.sum())
    away = (times.seconds - mean) / max(cv * mean, 1e-9)
    skew, kurtosis = (float(usual @ away**power / n) for power in (3, 4))
    error = 1.96 * cv * mean / sqrt(n)
    spread = 1.96 * cv * sqrt(max((kurtosis - 1) / 4 + cv**2 - cv * skew, 0.0) / n)
    return law, n, {"mean": (mean - error, mean + error), "cv": (cv - spread, cv + spread)}
