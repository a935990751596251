"""Inverse distribution functions: uniforms become the quantities a scenario describes.

One uniform gives one value, so that common random numbers stay common whatever the distribution.
Formulas: Law (2015), Simulation Modeling and Analysis, section 8.3 and chapter 6.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import special

from portsim.arrays import Reals
from portsim.demand.cumulated import LEAST_SHAPE, Observed, normal_ends
from portsim.demand.mixed import quantiles
from portsim.scenario.distributions import (
    Distribution,
    Law,
    MeanCv,
    Triangular,
    TruncatedNormal,
    Weibull,
)

__all__ = ["MOST_DRAWN", "Observed", "inverse", "mean_of"]

MOST_DRAWN = 1e15
"""No value is larger, as in a scenario: thirty million years in seconds."""


def inverse(distribution: Distribution[float], u: Reals, observed: Observed) -> Reals:
    """Values of a distribution at cumulated probabilities.

    Args:
        distribution: what to draw from.
        u: float64[n] in [0, 1).
        observed: values behind the empirical distributions.

    Returns:
        float64[n], rising in u.
    """
    if distribution.mixture is None:
        return _inverse(distribution, u, observed)
    return quantiles(distribution, u, observed, lambda law, at: _inverse(law, at, observed))


def _inverse(law: Law[float], u: Reals, observed: Observed) -> Reals:
    kind = law.kind
    words = getattr(law, kind)
    if kind == "constant":
        return np.full(len(u), float(words))
    if kind == "empirical":
        values = words.rising(observed)
        return np.asarray(values[(u * len(values)).astype(np.int64)])
    with np.errstate(over="ignore"):
        # The tail of a wide distribution may lie beyond all that can be written, or counted.
        return np.minimum(_INVERSES[kind](words, u), MOST_DRAWN)


def _lognormal(words: MeanCv[float], u: Reals) -> Reals:
    if words.mean == 0.0:
        return np.zeros(len(u))
    sigma2 = np.log1p(max(words.cv, LEAST_SHAPE) ** 2)
    return np.asarray(np.exp(np.log(words.mean) - sigma2 / 2 + np.sqrt(sigma2) * special.ndtri(u)))


def _gamma(shape: float, mean: float, u: Reals) -> Reals:
    return np.asarray(special.gammaincinv(shape, u) * (mean / shape))


def _weibull(words: Weibull[float], u: Reals) -> Reals:
    if words.shape < _STEEP:
        if words.mean == 0.0:
            return np.zeros(len(u))
        shape = max(words.shape, LEAST_SHAPE)
        with np.errstate(divide="ignore"):
            power = np.log(-np.log1p(-u)) / shape
        return np.asarray(np.exp(np.log(words.mean) - special.gammaln(1 + 1 / shape) + power))
    scale = words.mean / special.gamma(1.0 + 1.0 / words.shape)
    return np.asarray(scale * (-np.log1p(-u)) ** (1.0 / words.shape))


def _triangular(words: Triangular[float], u: Reals) -> Reals:
    width = words.high - words.low
    if width == 0.0:
        return np.full(len(u), words.low)
    turn = (words.mode - words.low) / width
    rising = words.low + np.sqrt(u * width * (words.mode - words.low))
    falling = words.high - np.sqrt((1.0 - u) * width * (words.high - words.mode))
    return np.asarray(np.where(u < turn, rising, falling))


def _truncated_normal(words: TruncatedNormal[float], u: Reals) -> Reals:
    """F⁻¹ by the nearer tail. Source: Robert (1995), Statistics and Computing 5, 121-125."""
    low, high = normal_ends(words)
    sign = -1.0 if low > 0.0 else 1.0
    first, last = special.ndtr(sign * low), special.ndtr(sign * high)
    z = sign * special.ndtri(first * (1.0 - u) + last * u)
    return np.asarray(np.clip(words.mean + words.sd * z, *words.ends))


_STEEP = 0.02
"""Shape of a Weibull distribution below which its scale is too small to be multiplied."""

_INVERSES: Mapping[str, Callable[[Any, Reals], Reals]] = MappingProxyType(
    {
        "exponential": lambda words, u: -words.mean * np.log1p(-u),
        "lognormal": _lognormal,
        "gamma": lambda words, u: _gamma(max(words.cv, LEAST_SHAPE) ** -2.0, words.mean, u),
        "erlang": lambda words, u: _gamma(words.k, words.mean, u),
        "weibull": _weibull,
        "triangular": _triangular,
        "uniform": lambda words, u: words.low + (words.high - words.low) * u,
        "truncated_normal": _truncated_normal,
    }
)


def mean_of(distribution: Distribution[float], observed: Observed) -> float:
    """Mean of a distribution, for the offered load."""
    return math.fsum(part * _mean(law, observed) for part, law in distribution.parts)


def _mean(law: Law[float], observed: Observed) -> float:
    kind = law.kind
    words = getattr(law, kind)
    if kind == "constant":
        return float(words)
    if kind == "empirical":
        return float(np.mean(words.rising(observed)))
    if kind == "triangular":
        return float(words.low + words.mode + words.high) / 3.0
    if kind == "uniform":
        return float(words.low + words.high) / 2.0
    if kind == "truncated_normal":
        return _mean_between(words)
    return float(words.mean)


def _mean_between(words: TruncatedNormal[float]) -> float:
    """Mean of a normal distribution cut at both ends. Source: Johnson, Kotz & Balakrishnan (1994),
    Continuous Univariate Distributions 1, section 13.10.1.
    """
    low, high = normal_ends(words)
    sign = -1.0 if low > 0.0 else 1.0
    part = sign * (special.ndtr(sign * high) - special.ndtr(sign * low))
    dense = [math.exp(-end * end / 2.0) / math.sqrt(2.0 * math.pi) for end in (low, high)]
    return float(words.mean + words.sd * (dense[0] - dense[1]) / part)
