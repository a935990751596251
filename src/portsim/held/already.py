"""Who is inside when a replay begins: trucks that came before, and those of which no log tells.

Hours and servers may not enter: what was served is seen in the log.
"""

import numpy as np

from portsim.arrays import Ints
from portsim.held.seen import Seen
from portsim.held.spans import DAY_S

__all__ = ["inside_at", "unseen_at"]

_WEEK_S = 7 * DAY_S
_FAR_TIMES, _SLOW = 3.0, 0.95
"""Stays of more than so many times that of slow trucks were stamped wrongly."""
_SURE = 2
"""Fewer stamps than these may be mistaken."""


def inside_at(begin: float, seen: Seen) -> Ints:
    """Trucks that had come and were not out: their indices in the order of their arrivals.

    Args:
        begin: UTC epoch second.
        seen: the whole log.
    """
    stays = seen.out - seen.arrival
    known = stays[~np.isnan(stays)]
    if not len(known):
        return np.zeros(0, dtype=np.int64)
    longest = _FAR_TIMES * float(np.quantile(known, _SLOW))
    with np.errstate(invalid="ignore"):
        there = (seen.arrival < begin) & (seen.out > begin) & (stays <= longest)
    rows = np.flatnonzero(there)
    return rows[np.argsort(seen.arrival[rows], kind="stable")]


def unseen_at(begin: float, seen: Seen) -> Ints:
    """As many trucks as stood in the queue when the log began, of which it has nothing.

    Where hardly anybody is through a stage for long after the log began, servers were busy with
    others: about as many as went through it in the same hours some weeks later.

    Args:
        begin: UTC epoch second at which the replay begins.
        seen: the whole log.

    Returns:
        Indices of the trucks that went through later, which stand for those; none where the log
        began long before.
    """
    none = np.zeros(0, dtype=np.int64)
    if not (~np.isnan(seen.arrival)).any() or np.nanmin(seen.arrival) < begin - DAY_S:
        return none
    first, told = float(np.nanmin(seen.arrival)), none
    for stage in np.unique(seen.stage).tolist():
        rows = np.flatnonzero((seen.stage == stage) & ~np.isnan(seen.done))
        ends = np.sort(seen.done[rows])
        if len(ends) <= _SURE:
            continue
        later = float(np.ceil((ends[_SURE] - first) / _WEEK_S)) * _WEEK_S
        alike = seen.done[rows] - later
        served = np.unique(seen.truck[rows[(alike >= first) & (alike < ends[_SURE])]])
        told = max(told, served, key=len)
    return told[np.argsort(seen.arrival[told], kind="stable")]
