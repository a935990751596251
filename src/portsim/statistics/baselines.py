"""The room of statistics: forecasts of a queue that need no model of it, for others to be held
against; no files.

Series on an even grid of time enter, and nothing that is later than the second of the forecast.
"""

import numpy as np

from portsim.arrays import Ints, Reals

__all__ = ["fluid", "last_value", "weekly_profile"]


def weekly_profile(past: Reals, week: int, steps: Ints) -> Reals:
    """What was seen at the same time of earlier weeks.

    Args:
        past: float64[t], a series up to now, its last value now.
        week: how many steps a week has.
        steps: int64[k], steps after now, each of 1 or more.

    Returns:
        float64[k, w], a member for each earlier week that has all these times; as many columns for
        each step. Without a whole week before, one column of NaN.
    """
    now, weeks = len(past) - 1, _earlier_weeks(past, week, steps)
    if not len(weeks):
        return np.full((len(steps), 1), np.nan)
    rows = now + steps[:, None] - week * weeks[None, :]
    # An early week may begin before the series does.
    whole = (rows >= 0).all(axis=0)
    return past[rows[:, whole]] if whole.any() else np.full((len(steps), 1), np.nan)


def last_value(past: Reals, week: int, steps: Ints) -> Reals:
    """What is there now, and how far it moved from the same time of earlier weeks on.

    Args:
        past: float64[t], a series up to now, its last value now.
        week: how many steps a week has.
        steps: int64[k], steps after now, each of 1 or more.

    Returns:
        float64[k, w], a member for each earlier week: now and its change, never below 0. Without a
        whole week before, one column: what is there now.
    """
    now, weeks = len(past) - 1, _earlier_weeks(past, week, steps)
    if not len(weeks):
        return np.full((len(steps), 1), past[now])
    rows = now - week * weeks
    moved = past[rows[None, :] + steps[:, None]] - past[rows][None, :]
    return np.asarray(np.maximum(past[now] + moved, 0.0))


def _earlier_weeks(past: Reals, week: int, steps: Ints) -> Ints:
    """How many weeks ago, for each week whose farthest step lies before now."""
    first = -(-int(steps.max(initial=1)) // week)
    return np.arange(first, (len(past) - 1) // week + 1)


def fluid(now: float, arrivals: Reals, capacity: Reals) -> Reals:
    """A queue of a fluid: it grows by what comes and shrinks by what can be served.

    Source: Newell 1982, Applications of Queueing Theory, chapter 2 (deterministic fluid
    approximation).

    Args:
        now: how many wait.
        arrivals: float64[k], trucks that come in each step to come.
        capacity: float64[k], trucks that can be served in each step; 0 while it is shut.

    Returns:
        float64[k], the queue at the end of each step.
    """
    queue = np.empty(len(arrivals))
    length = float(now)
    for step, more in enumerate(arrivals - capacity):
        length = max(0.0, length + more)
        queue[step] = length
    return queue
