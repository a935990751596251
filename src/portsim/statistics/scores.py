"""The room of statistics: how good forecasts were, of what was seen afterwards; no files.

Whose forecasts they are, and how they were made, may not enter.
"""

import numpy as np

from portsim.arrays import Reals

__all__ = ["below", "crps", "pinball", "within"]


def within(members: Reals, band: float, seen: Reals) -> float:
    """Share of what was seen that lies in the middle band of its ensemble.

    Counts have many values at a limit of the band: of these the part counts that the limit leaves
    inside, so that an ensemble as wide as the truth covers just the band. It is the mean length of
    the probability integral transform inside of the band, which is spread from the share of members
    below what was seen to that of members not above it. Source: Czado, Gneiting and Held 2009,
    Biometrics 65, 1254-1261, equation 2.

    Args:
        members: float64[k, m], m futures of each of k values.
        band: in (0, 1), such as 0.8 for the middle 80 %.
        seen: float64[k]; NaN where nothing was seen, which does not count.

    Returns:
        A share, NaN without any value.
    """
    low, high = below(members, seen, np.array([0.5 - band / 2.0, 0.5 + band / 2.0]))
    return float(high - low)


def below(members: Reals, seen: Reals, levels: Reals) -> Reals:
    """Mean probability integral transform: the share of what was seen that lies below quantiles.

    A calibrated forecast has u below its u-quantile, for every u. Source: Czado, Gneiting and Held
    2009, see `within`.

    Args:
        members: float64[k, m], m futures of each of k values.
        seen: float64[k]; NaN where nothing was seen, which does not count.
        levels: float64[n], each in [0, 1].

    Returns:
        float64[n], NaN without any value.
    """
    there = ~np.isnan(seen)
    if not there.any():
        return np.full(len(levels), np.nan)
    members, seen = members[there], seen[there]
    # One more member stands for what was seen itself.
    count = members.shape[1] + 1
    low = (members < seen[:, None]).sum(axis=1) / count
    high = ((members <= seen[:, None]).sum(axis=1) + 1) / count
    part = (levels[:, None] - low) / (high - low)
    return np.asarray(np.clip(part, 0.0, 1.0).mean(axis=1))


def crps(members: Reals, seen: Reals) -> Reals:
    """Continuous ranked probability score of ensembles, in the unit of what is forecast.

    The mean distance of the members to what was seen, less half the mean distance of two of them:
    the fair score, in which those are two different ones, so that a small ensemble is not worse
    than a large one for being small. Of a single member it is the absolute error. Sources: Gneiting
    and Raftery 2007, Journal of the American Statistical Association 102, 359-378, equation 20;
    Ferro 2014, Quarterly Journal of the Royal Meteorological Society 140, 1917-1923, equation 8.

    Args:
        members: float64[k, m], m futures of each of k values.
        seen: float64[k]; NaN where nothing was seen.

    Returns:
        float64[k], NaN where nothing was seen.
    """
    count = members.shape[1]
    error = np.abs(members - seen[:, None]).mean(axis=1)
    if count == 1:
        return np.asarray(error)
    # Of sorted members the sum of all distances takes one pass.
    weight = 2.0 * np.arange(1, count + 1) - count - 1.0
    apart = np.sort(members, axis=1) @ weight
    return np.asarray(error - apart / (count * (count - 1.0)))


def pinball(quantile: Reals, level: float, seen: Reals) -> Reals:
    """Pinball (check) loss of forecasts of one quantile, in the unit of what is forecast.

    Too low costs `level` a unit, too high 1 − `level`: its mean is smallest for the quantile
    itself. Sources: Koenker and Bassett 1978, Econometrica 46, 33-50; Gneiting 2011, Journal of the
    American Statistical Association 106, 746-762, section 3.3.

    Args:
        quantile: float64[k].
        level: in (0, 1), which quantile it is.
        seen: float64[k]; NaN where nothing was seen.

    Returns:
        float64[k], NaN where nothing was seen.
    """
    short = seen - quantile
    return np.asarray(np.maximum(level * short, (level - 1.0) * short))
