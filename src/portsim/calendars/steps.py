"""The room of calendars, its staircase: how many tokens a resource has at each second.

No names of resources and no rosters in words enter here, only intervals and counts.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from portsim.calendars.intervals import Intervals, clip

__all__ = ["capacity_steps", "subtract_down"]

Ints = NDArray[np.int64]


def _merged(times: Ints, values: Ints) -> tuple[Ints, Ints]:
    differs = np.concatenate(([True], values[1:] != values[:-1]))
    return times[differs], values[differs]


def _summed(times: Ints, changes: Ints) -> tuple[Ints, Ints]:
    """Add up changes, int64[m] at times int64[m] in any order, into a staircase."""
    marks, place = np.unique(times, return_inverse=True)
    steps = np.zeros(len(marks), np.int64)
    np.add.at(steps, place, changes)
    return marks, np.cumsum(steps)


def capacity_steps(
    shifts: Sequence[tuple[Intervals, int]], constant: int, start: int, stop: int
) -> tuple[Ints, Ints]:
    """Capacity over [start, stop) as a step function.

    In: shifts as (open intervals in seconds, count of tokens while open), whose counts add up where
    they overlap; `constant` tokens that are always there. Out: (times int64[k], values int64[k]):
    values[i] tokens from times[i] on; times[0] == start, all before `stop`, neighbours differ.
    Raises ValueError if stop <= start.
    """
    if stop <= start:
        msg = f"an empty stretch of time, [{start}, {stop})"
        raise ValueError(msg)
    times, changes = [np.array([start], np.int64)], [np.array([constant], np.int64)]
    for intervals, count in shifts:
        inside = clip(intervals, start, stop)
        times.append(inside.ravel())
        changes.append(np.tile(np.array([count, -count], np.int64), len(inside)))
    marks, values = _merged(*_summed(np.concatenate(times), np.concatenate(changes)))
    before = marks < stop
    return marks[before], values[before]


def subtract_down(times: Ints, values: Ints, down: Ints, count: int) -> tuple[Ints, Ints]:
    """Take `count` tokens off a step function during each breakdown, never below 0.

    In: a step function as `capacity_steps` gives it; down int64[m, 2], rows [a, b) in any order,
    where overlapping rows (and repeated calls) add up, rows with b <= a count for nothing, what
    lies before times[0] is cut off; rows must end by the end of the period, which a step function
    does not know. Out: the same shape of step function, neighbours differ. Raises ValueError if
    `count` is negative.
    """
    if count < 0:
        msg = f"a negative count of broken tokens, {count}"
        raise ValueError(msg)
    rows = np.maximum(down.reshape(-1, 2), times[0])
    rows = rows[rows[:, 0] < rows[:, 1]]
    broken = np.tile(np.array([-count, count], np.int64), len(rows))
    changes = np.diff(values, prepend=np.int64(0))
    marks, left = _summed(np.concatenate((times, rows.ravel())), np.concatenate((changes, broken)))
    return _merged(marks, np.maximum(left, 0))
