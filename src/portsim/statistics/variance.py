"""The room of statistics: what common random numbers and antithetic pairs gave; no files."""

from dataclasses import dataclass

import numpy as np

from portsim.statistics.intervals import Floats

__all__ = ["Common", "antithetic_gain", "common_gain"]


@dataclass(frozen=True, slots=True)
class Common:
    """What common random numbers gave to a difference.

    Attributes:
        ratio: variance of the paired difference over the sum of the two variances, which is that
            of independent runs: below 1 is a gain. None where nothing varies.
        correlation: of the two scenarios over the observations; None where one does not vary.
        n: observations in which both are defined.
    """

    ratio: float | None
    correlation: float | None
    n: int


def common_gain(y: Floats, x: Floats) -> Common:
    """What pairing gave: var(y − x) / (var y + var x), and the correlation.

    In: float64[n] each, one value an observation; NaN left out in both. Source: Law 2015, section
    11.2: var(y − x) = var y + var x − 2 cov(y, x).
    """
    both = ~(np.isnan(y) | np.isnan(x))
    y, x = y[both], x[both]
    n = len(y)
    if n < 2:
        return Common(None, None, n)
    # Values all alike vary by nothing, not by what rounding leaves of their mean.
    first, second, apart = (
        0.0 if np.ptp(v) == 0.0 else float(v.var(ddof=1)) for v in (y, x, y - x)
    )
    ratio = apart / (first + second) if first + second > 0.0 else None
    if first == 0.0 or second == 0.0:
        return Common(ratio, None, n)
    return Common(ratio, float(np.clip(np.corrcoef(y, x)[0, 1], -1.0, 1.0)), n)


def antithetic_gain(singles: Floats) -> float | None:
    """Variance of the means of pairs over half the variance of single replications.

    In: float64[p, 2], a row a pair; rows with a NaN left out. Out: below 1 is a gain, 1 what
    independent replications give; None for fewer than two pairs or where nothing varies. Source:
    Law 2015, section 11.3. The variance of singles is the mean of those of the first and of the
    second ones, for the two of a pair are no independent sample.
    """
    whole = singles[~np.isnan(singles).any(axis=1)]
    if len(whole) < 2 or np.ptp(whole) == 0.0:
        return None
    single = whole.var(axis=0, ddof=1).mean()
    return float(whole.mean(axis=1).var(ddof=1) / (single / 2.0))
