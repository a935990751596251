"""Inverse distribution functions: uniforms become the quantities a scenario describes.

One uniform gives one value, so that common random numbers stay common whatever the distribution.
Formulas: Law (2015), Simulation Modeling and Analysis, section 8.3 and chapter 6.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import special

from portsim.arrays import Reals
from portsim.scenario.distributions import Distribution, MeanCv, Triangular, Weibull

__all__ = ["MOST_DRAWN", "Observed", "inverse", "mean_of"]

MOST_DRAWN = 1e15
"""No value is larger, as in a scenario: thirty million years in seconds."""

Observed = Mapping[tuple[str, str, str], Reals]
"""Sorted values of empirical distributions, by (file, column, unit)."""


def inverse(distribution: Distribution[float], u: Reals, observed: Observed) -> Reals:
    """Values of a distribution at cumulated probabilities.

    Args:
        distribution: what to draw from.
        u: float64[n] in [0, 1).
        observed: values behind the empirical distributions.

    Returns:
        float64[n], rising in u.
    """
    kind = distribution.kind
    words = getattr(distribution, kind)
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
    sigma2 = np.log1p(max(words.cv, _LEAST) ** 2)
    return np.asarray(np.exp(np.log(words.mean) - sigma2 / 2 + np.sqrt(sigma2) * special.ndtri(u)))


def _gamma(shape: float, mean: float, u: Reals) -> Reals:
    return np.asarray(special.gammaincinv(shape, u) * (mean / shape))


def _weibull(words: Weibull[float], u: Reals) -> Reals:
    if words.shape < _STEEP:
        if words.mean == 0.0:
            return np.zeros(len(u))
        shape = max(words.shape, _LEAST)
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


_STEEP = 0.02
"""Shape of a Weibull distribution below which its scale is too small to be multiplied."""
_LEAST = 1e-6
"""A smaller shape cannot be told from this one, and its inverse is no number any more."""

_INVERSES: Mapping[str, Callable[[Any, Reals], Reals]] = MappingProxyType(
    {
        "exponential": lambda words, u: -words.mean * np.log1p(-u),
        "lognormal": _lognormal,
        "gamma": lambda words, u: _gamma(max(words.cv, _LEAST) ** -2.0, words.mean, u),
        "erlang": lambda words, u: _gamma(words.k, words.mean, u),
        "weibull": _weibull,
        "triangular": _triangular,
        "uniform": lambda words, u: words.low + (words.high - words.low) * u,
    }
)


def mean_of(distribution: Distribution[float], observed: Observed) -> float:
    """Mean of a distribution, for the offered load."""
    kind = distribution.kind
    words = getattr(distribution, kind)
    if kind == "constant":
        return float(words)
    if kind == "empirical":
        return float(np.mean(words.rising(observed)))
    if kind == "triangular":
        return float(words.low + words.mode + words.high) / 3.0
    if kind == "uniform":
        return float(words.low + words.high) / 2.0
    return float(words.mean)
