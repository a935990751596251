"""The room of statistics: intervals for means of shares, which never leave [0, 1]; no files.

Only a mean, its standard deviation and a t value enter; what the share is of does not.
"""

import numpy as np
from scipy.special import expit, logit

from portsim.arrays import Reals

__all__ = ["may_differ", "share_limits"]


def share_limits(mean: Reals, half: Reals) -> tuple[Reals, Reals]:
    """Limits of the mean of shares: the t interval on the logit scale.

    With g = ln(m / (1 − m)) the delta method gives sd(g) = sd(m) / (m (1 − m)), so the limits are
    the shares at g ± half / (m (1 − m)). Sources: Brown, Cai and DasGupta 2001, Statistical
    Science 16, 101-133, section 4 (logit interval), with a standard deviation over
    replications in place of the binomial one; Franco, Little, Louis and Slud 2019, Journal of
    Survey Statistics and Methodology 7, 334-364, compare it with others on clustered data.

    Args:
        mean: float64[g] in [0, 1].
        half: float64[g], t · sd / √n; NaN for one replication.

    Returns:
        Low and high, float64[g]. A mean of exactly 0 or 1, or values without spread, give a
        point: see `may_differ` for what can be said then.
    """
    wide = (mean > 0.0) & (mean < 1.0) & (half > 0.0)
    inner = np.where(wide, mean, 0.5)
    centre, away = logit(inner), half / (inner * (1.0 - inner))
    low = np.where(wide, expit(centre - away), mean)
    high = np.where(wide, expit(centre + away), mean)
    lost = np.isnan(half)
    return np.where(lost, np.nan, low), np.where(lost, np.nan, high)


def may_differ(n: int, level: float = 0.95) -> float:
    """Share of all periods that may differ though n of n were alike, with the stated confidence.

    In: n ≥ 1 independent replications that all gave the same value. Out: the p at which n of n
    alike would have the probability 1 − level: 1 − (1 − level)^(1/n), about 3 / n. Source: the
    rule of three, Hanley and Lippman-Hand 1983, JAMA 249, 1743-1745.
    """
    return float(1.0 - (1.0 - level) ** (1.0 / n))
