"""The room of statistics: which of several systems is the best, on common random numbers; no files.

Procedures for independent systems do not belong here.
"""

from dataclasses import dataclass

import numpy as np

from portsim.statistics.intervals import LEVEL, Floats, moments, t_factor

__all__ = ["Selected", "kn", "leading"]


@dataclass(frozen=True, slots=True)
class Selected:
    """The outcome of `kn`.

    Attributes:
        best: index of the system selected; None while more than one is left.
        left: indices of those not yet out, rising.
        decided_with: observations at which it was decided; None while it is not.
        most: observations at which it is decided at the latest.
    """

    best: int | None
    left: tuple[int, ...]
    decided_with: int | None
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


def leading(values: Floats, near: float = 0.0, level: float = LEVEL) -> tuple[int, ...]:
    """The system with the largest mean, and those that it does not clearly exceed.

    A system is clearly below another if the interval of their paired difference at level
    1 − α / (k − 1), two-sided, lies above 0 and reaches beyond `near`. For the baseline of a
    comparison this is the joint interval of `portsim.statistics.compare`, so the two can never say
    different things. The system with the largest true mean is wrongly left out only if one of its
    k − 1 comparisons errs on one side, with probability α / 2 at most, whatever the correlation
    (Bonferroni); so the leading and, with the signs turned, the trailing systems hold together at
    the level.

    Args:
        values: float64[k, n], k ≥ 2; a column is one observation of all systems; of a pair only
            columns without NaN count.
        near: differences that surely are not larger are none worth a name.
        level: see above.

    Returns:
        Indices: that of the largest mean, then the others by falling mean. All for n < 2.

    Source: comparison with the best by paired t and Bonferroni, Law 2015, sections 10.3.1 and
    10.3.2; screening, Kim and Nelson 2006, Handbooks in Operations Research 13, chapter 17.
    """
    k = len(values)
    whole = ~np.isnan(values).any(axis=0)
    means = moments(values[:, whole] if whole.any() else values).mean
    order = sorted(range(k), key=lambda system: -means[system])
    first = order[0]
    gap = moments(values[first] - values)
    half = np.nan_to_num(t_factor(gap.n, level, k - 1) * gap.sd, nan=np.inf)
    below = (gap.mean - half > 0.0) & (gap.mean + half > near)
    return tuple(system for system in order if system == first or not below[system])
