"""Work times: which distribution of the scenario language they follow, and how surely.

Stamps are cut to their step: a work of 90 s is one minute or two. All likelihoods are of what such
stamps can show. Hours, servers and queues may not enter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import log, sqrt

import numpy as np
from scipy import special, stats

from portsim.arrays import Ints, Reals
from portsim.fitting.passes import looked_up

__all__ = [
    "STRAY",
    "Densities",
    "Law",
    "Times",
    "around",
    "finest_of",
    "fitted",
    "moments_of",
    "of_family",
    "usual_of",
    "work_law",
]

STRAY = 0.02
"""Share of works that follow nothing: stamps that were mistaken, servers that were elsewhere."""
_LONGEST_S = 86_400.0
_FINEST_S, _WIDE = 15.0, 4.0
_FEW = 5
_LEAST_SHARE = 0.3
_ROUNDS = 4
_FOLDS = 5
_MOST_FITTED = 5_000
"""Works of which likelihoods with censored ones are made, evenly taken."""
_SAME = 0.2
_LEAST_CHANCE, _MANY_CUT = 1e-3, 0.05
_NO_TIME = 1e-300
_NEARLY = 0.01
"""Coefficient of variation of works that are called constant."""
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
    """What else the scenario needs: low, mode and high in seconds, shape of weibull."""
    cdf: Callable[[Reals], Reals]
    """Share of the works that take no longer than so many seconds, float64[n]."""
    values: tuple[float, ...] = ()
    """Seconds, of an empirical one, ascending."""


def _gamma(mean: float, cv: float) -> Law:
    shape, scale = cv**-2, mean * cv**2

    def cdf(t: Reals) -> Reals:
        return np.asarray(special.gammainc(shape, np.maximum(t, 0.0) / scale), dtype=np.float64)

    return Law("gamma", mean, cv, {}, cdf)


def _lognormal(mean: float, cv: float) -> Law:
    sigma = sqrt(np.log1p(cv**2))
    middle = log(mean) - sigma**2 / 2

    def cdf(t: Reals) -> Reals:
        return np.asarray(special.ndtr((np.log(np.maximum(t, _NO_TIME)) - middle) / sigma))

    return Law("lognormal", mean, cv, {}, cdf)


def _exponential(mean: float, _: float) -> Law:
    return Law("exponential", mean, 1.0, {}, lambda t: -np.expm1(-np.maximum(t, 0.0) / mean))


def _constant(mean: float, _: float) -> Law:
    return replace(around(mean, _NEARLY * mean + 1e-9), cv=0.0)


def around(mean: float, spread: float) -> Law:
    """Works that are all alike but for a normal spread, both in seconds."""
    cv = spread / mean if mean > 0 else 0.0
    return Law("constant", mean, cv, {}, lambda t: special.ndtr((t - mean) / max(spread, 1e-9)))


def _triangular(mean: float, cv: float) -> Law:
    # Symmetric: variance = width² / 24 (Law, Simulation Modeling and Analysis, section 6.2).
    half = min(sqrt(6.0) * cv * mean, mean)
    low, high = mean - half, mean + half

    def cdf(t: Reals) -> Reals:
        away = np.clip((t - mean) / half, -1.0, 1.0)
        tail = (1 - np.abs(away)) ** 2 / 2
        return np.asarray(np.where(away < 0, tail, 1 - tail))

    return Law("triangular", mean, cv, {"low": low, "mode": mean, "high": high}, cdf)


def _uniform(mean: float, cv: float) -> Law:
    half = min(sqrt(3.0) * cv * mean, mean)
    low, high = mean - half, mean + half
    return Law("uniform", mean, cv, {"low": low, "high": high},
               lambda t: np.clip((t - low) / (high - low), 0.0, 1.0))  # fmt: skip


def _weibull(mean: float, cv: float) -> Law:
    shape = float(np.interp(-cv, -_WEIBULL_CVS, _WEIBULL_SHAPES))
    scale = mean / float(special.gamma(1 + 1 / shape))
    return Law("weibull", mean, cv, {"shape": shape},
               lambda t: -np.expm1(-((np.maximum(t, 0.0) / scale) ** shape)))  # fmt: skip


_WEIBULL_SHAPES: Reals = np.geomspace(0.25, 60.0, 2000)
# cv² = Γ(1 + 2/k) / Γ(1 + 1/k)² − 1 (Johnson, Kotz & Balakrishnan, vol. 1, chapter 21); it falls.
_WEIBULL_CVS: Reals = np.sqrt(
    special.gamma(1 + 2 / _WEIBULL_SHAPES) / special.gamma(1 + 1 / _WEIBULL_SHAPES) ** 2 - 1
)


def of_family(family: str, mean: float, cv: float) -> Law:
    """The law of a family with this mean (seconds) and coefficient of variation."""
    return {
        "constant": _constant,
        "exponential": _exponential,
        "gamma": _gamma,
        "lognormal": _lognormal,
        "triangular": _triangular,
        "uniform": _uniform,
        "weibull": _weibull,
    }[family](mean, cv)


class Densities:
    """Log densities of work times by class, as stamps of a step can show them."""

    def __init__(self, step: float, tables: Mapping[int, Reals], laws: Mapping[int, Law]) -> None:
        """Tables of log densities at multiples of the grid, by class."""
        self._step, self._grid = step, max(step, _FINEST_S)
        most = max(tables, default=-1) + 1
        self._first, self._length = np.zeros(most, np.int64), np.zeros(most, np.int64)
        self._tables = np.concatenate([*tables.values(), np.zeros(0)])
        row = 0
        for number, table in tables.items():
            self._first[number], self._length[number] = row, len(table)
            row += len(table)
        self.laws = laws
        """The law of each class that has enough works to tell one."""

    @property
    def stray(self) -> float:
        """Log density of a work that follows nothing."""
        return log(STRAY / _LONGEST_S)

    def of(self, seconds: Reals, classes: Ints) -> Reals:
        """Log density of each work time, float64[n]."""
        tables = self._tables, self._first, self._length
        return looked_up(seconds, classes, tables, (-self._step - 1, self._grid, self.stray))


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
        times = Times.of(own, step)
        if times.total < max(_FEW, _LEAST_SHARE * len(own)):
            continue
        usual = usual_of(times)
        law = max((_gamma(*moments_of(times, usual)), _logs(times, usual)), key=times.score)
        points = np.arange(0.0, times.seconds[-1] + times.grid, times.grid)
        tables[number] = np.log((1 - STRAY) * times.shown(law, points) + STRAY / _LONGEST_S)
        laws[number] = law
    return Densities(step, tables, laws)


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Work times of a class, counted on a grid: m of them differ."""

    seconds: Reals
    """float64[m], ascending."""
    count: Ints
    """int64[m], how often each came."""
    step: float
    grid: float

    @classmethod
    def of(cls, seconds: Reals, step: float, finest: float = _FINEST_S) -> "Times":
        """Those that can be work times, of any; the grid is no finer than asked for."""
        grid = max(step, finest)
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
        above, below = law.cdf(seconds + self.grid), law.cdf(seconds - self.grid)
        return np.asarray((above - below) / (2 * self.grid))

    def score(self, law: Law) -> float:
        """Log likelihood of all of them."""
        density = (1 - STRAY) * self.shown(law, self.seconds) + STRAY / _LONGEST_S
        return float(self.count @ np.log(density))


def moments_of(times: Times, weight: Reals) -> tuple[float, float]:
    """Mean and coefficient of variation of weighted work times, without what the step adds."""
    total = weight.sum()
    mean = float(weight @ times.seconds / total)
    variance = float(weight @ (times.seconds - mean) ** 2 / total) - times.grid**2 / 6
    mean = max(mean, 1.0)
    return mean, sqrt(max(variance, (_CONSTANT * mean) ** 2)) / mean


def _logs(times: Times, weight: Reals) -> Law:
    """The lognormal by moments, or with the spread of the logarithms, whichever is likelier.

    A few long works weigh much in the second moment and little in the logarithms; a coarse step is
    the other way round. The mean is that of the works in either case: queues depend on it most.
    """
    by_moments = _lognormal(*moments_of(times, weight))
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


def finest_of(seconds: Reals, step: float) -> float:
    """A grid fine enough for works that hardly differ, seconds: that of the stamps, if need be."""
    there = seconds[(seconds > -step - 1e-6) & (seconds < _LONGEST_S)]
    middle = float(np.diff(np.quantile(there, [0.25, 0.75]))[0]) if len(there) else 0.0
    return _FINEST_S if middle > _WIDE * _FINEST_S else max(step, 1.0)


def usual_of(times: Times) -> Reals:
    """How many of each work time are no strays: what either law gives more than a stray's density.

    Returns:
        float64[m].
    """
    passed = np.cumsum(times.count) / times.total
    usual = np.where((passed <= 1 - STRAY) | (times.seconds <= 60.0), times.count, 0)
    if usual.sum() <= _FEW:
        usual = times.count
    for _ in range(_ROUNDS - 1):
        moments = moments_of(times, usual)
        likely = np.maximum(
            times.shown(_gamma(*moments), times.seconds),
            times.shown(_lognormal(*moments), times.seconds),
        )
        kept = np.where(likely > STRAY / _LONGEST_S, times.count, 0)
        if kept.sum() <= _FEW or bool((kept == usual).all()):
            break
        usual = kept
    return usual.astype(np.float64)


def work_law(
    seconds: Reals, step: float, cut: Reals | None = None
) -> tuple[Law, int, dict[str, tuple[float, float]]]:
    """The distribution that tells work times best that it has not seen.

    Families are compared by the likelihood of each fifth of the works under the law of the others
    (cross-validation); parameters are moments, which scenarios are written with, longer by as much
    as likelihood makes them when works that were cut are counted as censored. Intervals are the
    normal ones of the mean and, for the cv, of Kendall & Stuart (vol. 1, section 10.5): standard
    error cv·sqrt((κ − 1)/4 + cv² − cv·γ)/sqrt(n) with the sample's skewness γ and kurtosis κ.

    Args:
        seconds: float64[n], n ≥ 1, work times with strays.
        step: of the stamps, seconds.
        cut: float64[k], for how long works went on whose end was not seen, seconds.

    Returns:
        The law; of how many works; 95 % intervals of ``mean`` (seconds) and ``cv``.
    """
    finest = finest_of(seconds, step)
    times = Times.of(seconds, step, finest)
    kept = usual_of(times)
    mean, cv = moments_of(times, kept)

    def by_moments(make: Callable[[float, float], Law]) -> Callable[[Times, Reals], Law]:
        return lambda times, weight: make(*moments_of(times, weight))

    makers = [by_moments(make) for make in (_gamma, _triangular, _uniform, _weibull)]
    makers.insert(1, _logs)
    if cv <= 2 * _CONSTANT or cv * mean < step / 2:
        makers = [by_moments(_constant), *makers]
    # The exponential stands first: where all are as likely, the one without a cv is taken.
    makers = [by_moments(_exponential), *makers] if 0.8 < cv < 1.25 else makers
    folds = [Times.of(seconds[number::_FOLDS], step, finest) for number in range(_FOLDS)]
    rest = [
        Times.of(np.delete(seconds, slice(number, None, _FOLDS)), step, finest)
        for number in range(_FOLDS)
    ]
    scores = [
        sum(
            held.score(make(seen, usual_of(seen)))
            for seen, held in zip(rest, folds, strict=True)
            if seen.total > _FEW and held.total
        )
        for make in makers
    ]
    laws = [_lengthened(make(times, kept), times, kept, cut) for make in makers]
    if cut is not None and len(cut):
        # What is seen of works that are cut is no sample of them: all are judged together.
        scores = [
            times.score(each)
            + float(np.log((1 - STRAY) * (1 - each.cdf(cut)) + STRAY * _LEAST_CHANCE).sum())
            for each in laws
        ]
    best = max(scores)
    simplest = next(n for n, score in enumerate(scores) if score >= best - 1.0)
    law = laws[simplest]
    mean, cv = law.mean, law.cv or cv
    n = int(kept.sum())
    away = (times.seconds - mean) / max(cv * mean, 1e-9)
    skew, kurtosis = (float(kept @ away**power / n) for power in (3, 4))
    error = 1.96 * cv * mean / sqrt(n)
    spread = 1.96 * cv * sqrt(max((kurtosis - 1) / 4 + cv**2 - cv * skew, 0.0) / n)
    return law, n, {"mean": (mean - error, mean + error), "cv": (cv - spread, cv + spread)}


def _lengthened(law: Law, times: Times, weight: Reals, cut: Reals | None) -> Law:
    """A law with the moments that works have when those that were cut are counted as censored.

    Both likelihoods, with them and without, see the same step and the same strays: their ratio
    does not.
    """
    families = {
        "exponential": stats.expon,
        "gamma": stats.gamma,
        "lognormal": stats.lognorm,
        "weibull": stats.weibull_min,
    }
    family = families.get(law.family)
    if cut is None or not len(cut) or family is None or weight.sum() <= _FEW:
        return law
    apart = max(int(weight.sum()) // _MOST_FITTED, 1)
    known = np.repeat(np.maximum(times.seconds, times.grid / 2), weight.astype(np.int64))[::apart]
    right = np.sort(np.maximum(cut, times.grid / 2))[::apart]
    if not float(np.ptp(known)) > 0:
        # All alike: no family has a likelihood of them.
        return law
    moments = []
    for censored in (right, np.zeros(0)):
        data = stats.CensoredData(uncensored=known, right=censored)
        try:
            with np.errstate(all="ignore"):
                made = family(*family.fit(data, floc=0))
        except stats.FitError:
            return law
        moments.append((float(made.mean()), float(made.std() / made.mean())))
    (mean, cv), (shorter, narrower) = moments
    if not all(np.isfinite([mean, cv])) or min(shorter, narrower) <= 0:
        return law
    if len(right) > _MANY_CUT * len(known):
        # So many are cut that moments of the others say nothing.
        return of_family(law.family, mean, cv)
    return of_family(law.family, law.mean * mean / shorter, law.cv * cv / narrower)
