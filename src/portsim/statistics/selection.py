"""The room of statistics: which of several systems is the best, on common random numbers; no files.

Procedures for independent systems do not belong here.
"""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from scipy.special import stdtrit

from portsim.statistics.intervals import LEVEL, Floats

__all__ = ["Selected", "kn", "may_be_best"]


@dataclass(frozen=True, slots=True)
class Selected:
    """The outcome of `kn`.

    Attributes:
        best: index of the system selected; None while more than one is left.
        left: indices of those not yet out, rising.
        at: observations at which it was decided; None while it is not.
        most: observations at which it is decided at the latest.
    """

    best: int | None
    left: tuple[int, ...]
    at: int | None
    most: int


def kn(values: Floats, first: int, delta: float, level: float = LEVEL) -> Selected:
    """Select the system with the largest mean, one observation of each after the other.

    Whatever the correlation between the systems, the best is selected with the stated probability
    at least, if its mean is the largest by `delta` or more and the observations are independent
    and normal. If others are nearer, one of them may be selected.

    Args:
        values: float64[k, n] without NaN, k ≥ 2; a column is one observation of all systems.
        first: observations on which the variances are estimated, 2 ≤ first ≤ n; it must not
            depend on the values.
        delta: the smallest difference worth detecting, > 0.
        level: probability of correct selection, > 1 / k.

    Returns:
        `Selected` after n observations.

    Source: procedure KN, Kim and Nelson 2001, ACM Transactions on Modeling and Computer Simulation
    11, 251-273, with c = 1 and 2α / (k − 1), which allows for common random numbers.
    """
    k, n = values.shape
    eta = 0.5 * ((2.0 * (1.0 - level) / (k - 1)) ** (-2.0 / (first - 1)) - 1.0)
    h2 = 2.0 * eta * (first - 1)
    early = values[:, :first]
    # Deviations before differences: systems that are alike differ by exactly 0.
    spread = (early[:, None, :] - early[None, :, :]).var(axis=2, ddof=1)
    reach = h2 * spread / delta**2
    most = max(first, int(np.floor(reach.max())) + 1)

    sums = np.cumsum(values, axis=1)
    left = np.arange(k)
    for r in range(first, n + 1):
        if r >= most:
            best = int(left[np.argmax(sums[left, r - 1])])
            return Selected(best, (best,), r, most)
        mean = sums[left, r - 1] / r
        slack = np.maximum(0.0, delta / (2.0 * r) * (reach[np.ix_(left, left)] - r))
        keep = (mean[:, None] >= mean[None, :] - slack).all(axis=1)
        left = left[keep]
        if len(left) == 1:
            return Selected(int(left[0]), (int(left[0]),), r, most)
    return Selected(None, tuple(left.tolist()), None, most)


def may_be_best(values: Floats, level: float = LEVEL) -> tuple[int, ...]:
    """The systems that may have the largest mean: a subset that holds the best.

    A system is out when another one is better by more than chance explains: when the one-sided
    interval of their paired difference at level 1 − α / (k − 1) lies above 0. The best one is
    wrongly out with probability α at most, whatever the correlation (Bonferroni over its k − 1
    rivals).

    Args:
        values: float64[k, n] without NaN, k ≥ 2, as for `kn`.
        level: probability that the best is in the subset.

    Returns:
        Indices, rising; all for n < 2.

    Source: screening on paired t, Kim and Nelson 2006, Handbooks in Operations Research 13,
    chapter 17; Law 2015, section 10.4.
    """
    k, n = values.shape
    if n < 2:
        return tuple(range(k))
    factor = float(stdtrit(n - 1, 1.0 - (1.0 - level) / (k - 1))) / np.sqrt(n)
    out = set()
    for system, rival in permutations(range(k), 2):
        gap = values[rival] - values[system]
        if gap.mean() > factor * gap.std(ddof=1):
            out.add(system)
    return tuple(system for system in range(k) if system not in out)
