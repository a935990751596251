"""From which day on a log is other than a scenario: the drift of a port that was modelled rightly.

Daily numbers only.
"""

import numpy as np

from portsim.arrays import Reals

__all__ = ["since"]

_FEWEST = 5
"""Days that must lie on either side."""
_BEFORE = 0.3
"""Before the change the log may be away from the scenario by such a part of what it is after it."""
_SURE = 20.0
"""So many times the noise must a change explain: the best of many days always explains some
(Andrews 1993, Econometrica 61, 821-856, has 12 for one mean at 1 % over all days)."""


def since(log: Reals, usual: Reals, weight: Reals) -> int | None:
    """The day from which on a log differs from what is usual.

    Args:
        log: float64[days], a number of each day; NaN where there is none.
        usual: float64[days], the same on average over the simulated periods.
        weight: float64[days], of how much each number is made.

    Returns:
        The number of the day if one change explains the difference, with days before it on which
        the log is as usual; else None. It is the day that leaves the smallest weighted sum of
        squares.
    """
    there = ~np.isnan(log) & ~np.isnan(usual) & (weight > 0)
    days = np.flatnonzero(there)
    if len(days) < 2 * _FEWEST:
        return None
    away, w = (log - usual)[days], weight[days]
    sums, weights = np.cumsum(w * away), np.cumsum(w)
    at = np.arange(_FEWEST, len(days) - _FEWEST + 1)
    early, late = weights[at - 1], weights[-1] - weights[at - 1]
    before, after = sums[at - 1] / early, (sums[-1] - sums[at - 1]) / late
    explained = early * late / weights[-1] * (after - before) ** 2
    best = int(np.argmax(explained))
    day = int(at[best])
    level = np.where(np.arange(len(days)) < day, before[best], after[best])
    noise = float(np.sum(w * (away - level) ** 2)) / (len(days) - 2)
    if explained[best] <= _SURE * noise or abs(before[best]) > _BEFORE * abs(after[best]):
        return None
    return int(days[day])
