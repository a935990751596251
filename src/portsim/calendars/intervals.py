"""The room of calendars, its arithmetic of open time: half-open intervals of integer seconds.

No dates, zones or hours enter here. `Intervals` are int64 of shape (n, 2), rows [a, b) with a < b,
sorted and disjoint; `merge` makes them of any rows, every other function takes and gives them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Intervals",
    "advance",
    "clip",
    "contains",
    "intersect",
    "measure_within",
    "merge",
    "shorten",
    "subtract",
    "total",
    "union",
]

Ints = NDArray[np.int64]
Intervals = NDArray[np.int64]
"""int64[n, 2]: rows [a, b) with a < b, ascending, not overlapping."""


def merge(rows: Ints | Sequence[tuple[int, int]]) -> Intervals:
    """Make intervals of any rows: sorted, overlapping and touching ones united, empty ones gone.

    In: int64[n, 2] or a sequence of pairs, in any order; a pair with b <= a is empty.
    """
    spans = np.asarray(rows, np.int64).reshape(-1, 2)
    spans = spans[spans[:, 0] < spans[:, 1]]
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    if len(spans) == 0:
        return spans
    reach = np.maximum.accumulate(spans[:, 1])
    fresh = np.concatenate(([True], spans[1:, 0] > reach[:-1]))
    last = np.concatenate((fresh[1:], [True]))
    return np.column_stack((spans[fresh, 0], reach[last]))


def _where(first: Intervals, second: Intervals, wanted: tuple[int, ...]) -> Intervals:
    """Where 1 for the first plus 2 for the second gives one of the wanted sums."""
    times = np.concatenate((first.ravel(), second.ravel()))
    signs = np.concatenate((np.tile([1, -1], len(first)), np.tile([2, -2], len(second))))
    order = np.argsort(times, kind="stable")
    marks, sums = times[order], np.cumsum(signs[order])
    last = np.diff(marks, append=marks[-1:] + 1) > 0
    named = np.zeros(4, dtype=bool)
    named[list(wanted)] = True
    marks, inside = marks[last], named[sums[last]]
    edges = np.flatnonzero(np.diff(inside, prepend=False))
    return marks[edges].reshape(-1, 2).astype(np.int64)


def intersect(first: Intervals, second: Intervals) -> Intervals:
    """Seconds inside both."""
    return _where(first, second, (3,))


def union(first: Intervals, second: Intervals) -> Intervals:
    """Seconds inside one or both."""
    return _where(first, second, (1, 2, 3))


def subtract(first: Intervals, second: Intervals) -> Intervals:
    """Seconds inside the first and not inside the second."""
    return _where(first, second, (1,))


def clip(intervals: Intervals, start: int, stop: int) -> Intervals:
    """Seconds inside [start, stop)."""
    cut = np.clip(intervals, start, max(start, stop))
    return cut[cut[:, 0] < cut[:, 1]]


def shorten(intervals: Intervals, last_entry: int) -> Intervals:
    """Cut `last_entry` seconds off the end of each stretch of open time; what is shorter vanishes.

    Touching intervals are one stretch. Raises ValueError if `last_entry` is negative.
    """
    if last_entry < 0:
        msg = f"a negative last entry, {last_entry} s"
        raise ValueError(msg)
    cut = merge(intervals)
    cut[:, 1] -= last_entry
    return cut[cut[:, 0] < cut[:, 1]]


def contains(intervals: Intervals, t: Ints) -> NDArray[np.bool_]:
    """Whether each second t, int64[n], lies inside: bool[n]."""
    before = np.searchsorted(intervals[:, 0], t, side="right")
    return before > np.searchsorted(intervals[:, 1], t, side="right")


def total(intervals: Intervals) -> int:
    """Seconds inside."""
    return int((intervals[:, 1] - intervals[:, 0]).sum())


def _cumulated(intervals: Intervals) -> Ints:
    """Open seconds before each interval, and in all: int64[n + 1]."""
    return np.concatenate(([0], np.cumsum(intervals[:, 1] - intervals[:, 0]))).astype(np.int64)


def _open_before(intervals: Intervals, cumulated: Ints, t: Ints) -> Ints:
    if len(intervals) == 0:
        return np.zeros(np.shape(t), np.int64)
    starts = np.ascontiguousarray(intervals[:, 0])
    row = np.maximum(np.searchsorted(starts, t, side="right") - 1, 0)
    # Open time grows with t up to what there is of it until the next interval.
    grown = np.asarray(t + (cumulated[:-1] - starts)[row], np.int64)
    return np.maximum(np.minimum(grown, cumulated[1:][row]), 0)


def measure_within(intervals: Intervals, a: Ints, b: Ints) -> Ints:
    """Seconds of each [a, b) that lie inside.

    In: a, b int64[n]; b <= a is an empty stretch. Out: int64[n].
    """
    cumulated = _cumulated(intervals)
    later = np.maximum(a, b)
    return _open_before(intervals, cumulated, later) - _open_before(intervals, cumulated, a)


def advance(intervals: Intervals, start: Ints, seconds: Ints) -> Ints:
    """The end of work that proceeds in open time only: rule 4 of an engine, ``pause``.

    In: start int64[n]; seconds of work, int64[n], >= 0. Out: int64[n], the smallest t with
    `seconds` of open time in [start, t): start itself for no work, -1 if the open time after start
    does not suffice. Raises ValueError if some work is negative.
    """
    if np.any(seconds < 0):
        msg = "negative seconds of work"
        raise ValueError(msg)
    cumulated = _cumulated(intervals)
    target = _open_before(intervals, cumulated, start) + seconds
    ends = np.full(np.shape(target), -1, np.int64)
    reached = target <= cumulated[-1]
    if len(intervals):
        row = np.searchsorted(cumulated[1:], target[reached], side="left")
        ends[reached] = intervals[row, 0] + target[reached] - cumulated[row]
    return np.where(seconds == 0, start, ends)
