"""The gate log's far stamps: rows years away from all others, and stays of weeks.

How long a stay may be is judged by the other trucks of the log, not by what a port should be.
"""

from dataclasses import replace

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.draft import Draft

__all__ = ["drop_far_rows", "mend_stays"]

_DAY_S = 86_400.0
_GAP = 90 * _DAY_S
"""Rows beyond a gap of so many days are looked at,"""
_FEW = 0.01
"""and dropped if they are so few."""
_LONG = 7 * _DAY_S
"""Longer stays are noted,"""
_VERY_LONG = 28 * _DAY_S
"""and longer ones are not believed,"""
_TIMES = 5.0
"""if they are also so many times as long as nine of ten others."""
_MOST_OF_THEM = 0.9
_NEAR = 50
"""One stamp that makes a stay longer than a week is not believed either, if the stay is so many
times as long as those of so many trucks before and after,"""
_STRAYS = 5
"""but for those of so few."""


def drop_far_rows(draft: Draft, cleaning: Cleaning) -> Draft:
    """Drop rows that lie beyond a gap of 90 days with at most one in a hundred trucks behind it."""
    first = draft.firsts()
    order = np.argsort(first)
    times = first[order]
    times = times[~np.isnan(times)]
    n = len(times)
    low, high = 0, n
    for split in (np.flatnonzero(np.diff(times) > _GAP) + 1).tolist():
        if split <= max(1, _FEW * n) and split < n / 2:
            low = max(low, split)
        elif n - split <= max(1, _FEW * n) and n - split < n / 2:
            high = min(high, split)
    far = np.concatenate([order[:low], order[high:n]])
    if not len(far):
        return draft
    oddity = "a row months away from all others"
    cleaning.add(draft.first[far], "", oddity, "the truck is dropped")
    kept = np.ones(len(first), dtype=bool)
    kept[far] = False
    return draft.take(kept)


def mend_stays(draft: Draft, cleaning: Cleaning) -> Draft:
    """Note stays of more than a week; drop what makes the unbelievable ones.

    A stay is not believed if it is longer than 28 days and five times as long as nine of ten
    stays. If one stamp alone is far from the others of its truck, it is dropped; else the truck.
    From a week on a late one is dropped, too, where hardly a truck that came shortly before or
    after stayed a fifth as long: it would keep a server busy for weeks.
    """
    stay = draft.lasts() - draft.firsts()
    known = np.sort(stay[~np.isnan(stay)])
    if not len(known) or known[-1] <= _LONG:
        return draft
    usual = known[int(_MOST_OF_THEM * (len(known) - 1))]
    unbelievable = (stay > _VERY_LONG) & (stay > _TIMES * usual)
    strange = (stay > _LONG) & (stay > _TIMES * _near(draft.firsts(), stay))
    seconds, where = draft.seconds.copy(), draft.where.copy()
    gone = np.zeros(len(stay), dtype=bool)
    noted = (stay > _LONG) & ~unbelievable
    alone: dict[str, list[int]] = {}
    for row in np.flatnonzero(unbelievable | strange).tolist():
        column = _alone(seconds[row])
        late = column >= 0 and seconds[row, column] == np.nanmax(seconds[row])
        if column < 0 or not (late or unbelievable[row]):
            gone[row] = unbelievable[row]
            continue
        noted[row] = False
        alone.setdefault(draft.keys[column][0] or "arrival", []).append(where[row, column])
        seconds[row, column], where[row, column] = np.nan, -1
    cleaning.add(draft.first[noted], "", "a stay of more than a week", "kept")
    oddity = "a stay that no other truck comes near"
    for stage, rows in alone.items():
        cleaning.add(np.array(rows), stage, oddity, "the stamp far from the others is dropped")
    rows_gone: Ints = draft.first[gone]
    cleaning.add(rows_gone, "", oddity, "the truck is dropped")
    return replace(draft, seconds=seconds, where=where).take(~gone)


def _near(first: Reals, stay: Reals) -> Reals:
    """What all stays of trucks shortly before and after each are below, but for a few: float64[n].

    Infinite where too few came to tell.
    """
    if len(stay) <= _NEAR:
        return np.full(len(stay), np.inf)
    order = np.argsort(first, kind="stable")
    around = np.pad(np.nan_to_num(stay[order]), _NEAR, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(around, 2 * _NEAR + 1)
    nearest = np.empty(len(stay))
    nearest[order] = np.partition(windows, -_STRAYS, axis=1)[:, -_STRAYS]
    return nearest


def _alone(stamps: Reals) -> int:
    """The one stamp on its side of the widest gap; −1 if there are several, or but two stamps."""
    there = np.flatnonzero(~np.isnan(stamps))
    there = there[np.argsort(stamps[there], kind="stable")]
    if len(there) < 3:
        return -1
    widest = int(np.argmax(np.diff(stamps[there])))
    if widest == 0:
        return int(there[0])
    return int(there[-1]) if widest == len(there) - 2 else -1
