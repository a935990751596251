"""Distribution functions: which part of what a scenario describes lies at or below some values.

Only what quantiles of mixtures and odds of single ones need; nothing is drawn here.
Formulas: Law (2015), Simulation Modeling and Analysis, section 6.2.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import special

from portsim.arrays import Reals
from portsim.scenario.distributions import Law, Triangular, TruncatedNormal

__all__ = ["LEAST_SHAPE", "Observed", "atoms", "cumulated", "normal_ends"]

LEAST_SHAPE = 1e-6
"""A smaller cv or shape cannot be told from this one, and its inverse is no number any more."""

Observed = Mapping[tuple[str, str, str], Reals]
"""Sorted values of empirical distributions, by (file, column, unit)."""


def cumulated(law: Law[float], x: Reals, observed: Observed) -> Reals:
    """Part of a distribution at or below some values.

    Args:
        law: any distribution but a mixture.
        x: float64[n].
        observed: values behind the empirical distributions.

    Returns:
        float64[n] in [0, 1], rising in x.
    """
    kind = law.kind
    words = getattr(law, kind)
    if kind == "constant":
        return np.asarray(x >= float(words), dtype=np.float64)
    if kind == "empirical":
        values = words.rising(observed)
        return np.asarray(np.searchsorted(values, x, side="right") / max(len(values), 1))
    if kind in _BETWEEN:
        return _BETWEEN[kind](words, x)
    if words.mean == 0.0:
        return np.asarray(x >= 0.0, dtype=np.float64)
    below = np.zeros(len(x))
    some = x > 0.0
    below[some] = _ENDLESS[kind](words, x[some] / words.mean)
    return below


def atoms(law: Law[float], observed: Observed) -> Reals:
    """Values that a distribution has with a chance of their own, float64[k]."""
    if law.constant is not None:
        return np.array([float(law.constant)])
    if law.empirical is not None:
        return np.unique(law.empirical.rising(observed))
    words = getattr(law, law.kind)
    if law.triangular is not None or law.uniform is not None:
        return np.array([words.low] if words.low == words.high else [], dtype=np.float64)
    mean = law.truncated_normal is None and words.mean == 0.0
    return np.zeros(int(mean))


def normal_ends(words: TruncatedNormal[float]) -> tuple[float, float]:
    """The ends of a truncated normal distribution in standard deviations from its mean."""
    low, high = ((end - words.mean) / words.sd for end in words.ends)
    return low, high


def _truncated_normal(words: TruncatedNormal[float], x: Reals) -> Reals:
    low, high = normal_ends(words)
    z = np.clip((x - words.mean) / words.sd, low, high)
    # The difference of two parts near 1 would be rounded away: the other tail is taken there.
    sign = -1.0 if low > 0.0 else 1.0
    at, first, last = (special.ndtr(sign * end) for end in (z, low, high))
    return np.asarray((at - first) / (last - first))


def _triangular(words: Triangular[float], x: Reals) -> Reals:
    low, mode, high = words.low, words.mode, words.high
    if low == high:
        return np.asarray(x >= low, dtype=np.float64)
    x = np.clip(x, low, high)
    rises, falls = (high - low) * (mode - low), (high - low) * (high - mode)
    rising = (x - low) ** 2 / (rises or 1.0)
    falling = 1.0 - (high - x) ** 2 / (falls or 1.0)
    return np.asarray(np.where(x < mode, rising, falling))


def _uniform(words: Any, x: Reals) -> Reals:
    if words.low == words.high:
        return np.asarray(x >= words.low, dtype=np.float64)
    return np.asarray(np.clip((x - words.low) / (words.high - words.low), 0.0, 1.0))


def _lognormal(words: Any, x: Reals) -> Reals:
    sigma2 = np.log1p(max(words.cv, LEAST_SHAPE) ** 2)
    return np.asarray(special.ndtr((np.log(x) + sigma2 / 2.0) / np.sqrt(sigma2)))


def _weibull(words: Any, x: Reals) -> Reals:
    shape = max(words.shape, LEAST_SHAPE)
    power = shape * (np.log(x) + special.gammaln(1.0 + 1.0 / shape))
    return np.asarray(-np.expm1(-np.exp(np.minimum(power, _LARGEST_POWER))))


def _phases(phases: float, x: Reals) -> Reals:
    return np.asarray(special.gammainc(phases, phases * x))


_LARGEST_POWER = 700.0
_BETWEEN: Mapping[str, Callable[[Any, Reals], Reals]] = MappingProxyType(
    {"triangular": _triangular, "uniform": _uniform, "truncated_normal": _truncated_normal}
)
_ENDLESS: Mapping[str, Callable[[Any, Reals], Reals]] = MappingProxyType(
    {
        "exponential": lambda words, x: -np.expm1(-x),
        "lognormal": _lognormal,
        "gamma": lambda words, x: _phases(max(words.cv, LEAST_SHAPE) ** -2.0, x),
        "erlang": lambda words, x: _phases(words.k, x),
        "weibull": _weibull,
    }
)
"""Of the values over their mean, above 0."""
