"""Trucks that gave up waiting, or turned away where many waited: told apart from blank stamps.

A truck that came, has no later stamp, and whose turn it was long before the log ends has gone
without being served, if stamps are not blank so often. How long it would have waited is told by its
neighbours. Work and hours may not enter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from portsim.arrays import Reals

__all__ = ["Leaving", "Untold", "leaving"]

_FEW = 20
_LEVEL = 0.01
_GAIN = 8.0
"""Log likelihood that waits must bring beyond a share of all trucks alike."""
_ALIKE = 3.0
_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Leaving:
    """The patience of trucks, or the queue that they tolerate."""

    word: str
    """``patience`` (seconds of waiting) or ``tolerance`` (trucks that wait)."""
    mean: float
    cv: float
    """Of a lognormal distribution."""
    limits: tuple[tuple[float, float], tuple[float, float]]
    """95 % intervals of mean and cv."""
    gone: int
    n: int
    other: bool
    """Whether the other word explains those who left as well."""


@dataclass(frozen=True, slots=True)
class Untold:
    """Why neither is told."""

    gone: int
    n: int
    note: str


def leaving(
    gone: NDArray[np.bool_], wait: Reals, queue: Reals, by_blanks: float
) -> Leaving | Untold:
    """Tell patience or tolerance from those who left and those who stayed.

    A truck leaves if its patience, lognormal, is shorter than the wait that it would have had: a
    probit regression on the logarithm of the wait (current status data: Sun 2006, The Statistical
    Analysis of Interval-censored Failure Time Data, chapter 3).

    Args:
        gone: bool[n], whether each truck left without being served.
        wait: float64[n], seconds that it waited or would have waited.
        queue: float64[n], trucks that waited when it came.
        by_blanks: how many would seem to have left because their stamps are blank.
    """
    n, left = len(gone), int(gone.sum())
    if left < _FEW or stats.poisson.sf(left - 1, max(by_blanks, 1e-12)) >= _LEVEL:
        why = (
            "too few trucks lack all later stamps"
            if left < _FEW
            else f"blank stamps explain as many: about {by_blanks:.0f}"
        )
        return Untold(left, n, why)
    fits = {}
    for word, seconds in (("patience", wait), ("tolerance", queue + 1.0)):
        there = np.isfinite(seconds)
        fits[word] = _fitted(gone[there], np.maximum(seconds[there], 1.0))
    share = left / n
    alike = n * (share * log(share) + (1 - share) * log(1 - share)) if share < 1 else 0.0
    word = max(fits, key=lambda each: fits[each][0])
    score, (centre, spread), covariance = fits[word]
    if score < alike + _GAIN:
        return Untold(left, n, "they do not leave more often where more is to be waited")
    errors = 1.96 * np.sqrt(np.maximum(np.diag(covariance), 0.0))
    cv = float(np.sqrt(np.expm1(min(exp(2 * spread), 50.0))))
    mean = exp(centre + exp(2 * spread) / 2)
    # Of the mean: centre and spread vary together.
    slope = np.array([1.0, exp(2 * spread)])
    of_mean = 1.96 * float(np.sqrt(max(slope @ covariance @ slope, 0.0)))
    cvs = [
        float(np.sqrt(np.expm1(min(exp(2 * (spread + d)), 50.0)))) for d in (-errors[1], errors[1])
    ]
    other = min(fits.values(), key=lambda each: each[0])[0] > score - _ALIKE
    return Leaving(
        word, mean, cv, ((mean * exp(-of_mean), mean * exp(of_mean)), (cvs[0], cvs[1])), left, n,
        other,
    )  # fmt: skip


def _fitted(
    gone: NDArray[np.bool_], seconds: Reals
) -> tuple[float, tuple[float, float], NDArray[np.float64]]:
    """Log likelihood, (mean of the log, log of its deviation), and their covariance."""
    logs = np.log(seconds)

    def loss(words: Reals) -> float:
        left = stats.norm.cdf((logs - words[0]) / np.exp(np.clip(words[1], -4.0, 3.0)))
        left = np.clip(left, _LEAST, 1 - _LEAST)
        return -float(np.log(np.where(gone, left, 1 - left)).sum())

    begin = np.array([float(np.quantile(logs, 0.9)), 0.0])
    best = optimize.minimize(loss, begin, method="Nelder-Mead", options={"maxiter": 400})
    return -float(best.fun), (float(best.x[0]), float(best.x[1])), _covariance(loss, best.x)


def _covariance(loss: Callable[[Reals], float], at: Reals) -> NDArray[np.float64]:
    """Inverse of the second differences of a loss of two words."""
    step = 1e-2
    curve = np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            a, b = np.eye(2)[i] * step, np.eye(2)[j] * step
            ends = loss(at + a + b) - loss(at + a - b) - loss(at - a + b) + loss(at - a - b)
            curve[i, j] = ends / (4 * step**2)
    try:
        return np.asarray(np.linalg.inv(curve))
    except np.linalg.LinAlgError:
        return np.full((2, 2), 1e6)
