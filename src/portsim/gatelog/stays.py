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
"""A last stamp that comes more than a week after the one before is not believed either, if so much
time is so many times as long as it took so many trucks before and after,"""
_STRAYS = 5
"""but for those of so few."""
_AT_ONCE = 10_000


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
    A last stamp more than a week after the one before is dropped, too, where hardly a truck that
    came shortly before or after took a fifth as long from the one to the other: it would keep a
    server busy for weeks.
    """
    stay = draft.lasts() - draft.firsts()
    known = np.sort(stay[~np.isnan(stay)])
    if not len(known) or known[-1] <= _LONG:
        return draft
    usual = known[int(_MOST_OF_THEM * (len(known) - 1))]
    unbelievable = (stay > _VERY_LONG) & (stay > _TIMES * usual)
    late = _late(draft, np.flatnonzero(stay > _LONG))
    seconds, where = draft.seconds.copy(), draft.where.copy()
    gone = np.zeros(len(stay), dtype=bool)
    noted = (stay > _LONG) & ~unbelievable
    alone: dict[str, list[int]] = {}
    for row in np.flatnonzero(unbelievable | (late >= 0)).tolist():
        # Of two stamps that are so far apart nobody knows which of them is wrong.
        column = _alone(seconds[row]) if unbelievable[row] else int(late[row])
        if column < 0:
            gone[row] = True
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


def _late(draft: Draft, rows: Ints) -> Ints:
    """Of all trucks the column of the last stamp, if that is far too late, else −1: int64[n].

    Args:
        draft: the trucks.
        rows: int64[k], those that are looked at.
    """
    late = np.full(len(draft.first), -1, dtype=np.int64)
    some = draft.seconds[rows]
    there = np.where(np.isnan(some), -np.inf, some)
    order = np.argsort(there, axis=1, kind="stable")
    if order.shape[1] < 2:
        return late
    before, last = order[:, -2], order[:, -1]
    at = np.arange(len(rows))
    far = there[at, last] - there[at, before] > _LONG
    far &= np.isfinite(there[at, before])
    first = draft.firsts()
    for pair in {(int(a), int(b)) for a, b in zip(before[far], last[far], strict=True)}:
        took = draft.seconds[:, pair[1]] - draft.seconds[:, pair[0]]
        same = rows[far & (before == pair[0]) & (last == pair[1])]
        late[same[took[same] > _TIMES * _near(first, took, same)]] = pair[1]
    return late


def _near(first: Reals, took: Reals, rows: Ints) -> Reals:
    """What all trucks that came shortly before and after took at most, but for a few of them.

    Args:
        first: float64[n], when each truck came.
        took: float64[n], from one of its stamps to another, NaN where one of them is missing.
        rows: int64[k], of which trucks it is asked; all of them have both.

    Returns:
        float64[k]; infinite where too few came to tell.
    """
    known = np.flatnonzero(~np.isnan(took))
    known = known[np.argsort(first[known], kind="stable")]
    if len(known) <= _NEAR:
        return np.full(len(rows), np.inf)
    place = np.empty(len(first), dtype=np.int64)
    place[known] = np.arange(len(known))
    around = np.pad(took[known], _NEAR, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(around, 2 * _NEAR + 1)
    # A queue of weeks is a log of many such trucks: a few at a time.
    parts = np.array_split(place[rows], len(rows) // _AT_ONCE + 1)
    return np.concatenate([np.partition(windows[p], -_STRAYS, axis=1)[:, -_STRAYS] for p in parts])


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
