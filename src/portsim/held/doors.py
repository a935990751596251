"""When the stages of a scenario are open and how many can be worked on at once, hour by hour.

Read from a plan alone; no truck enters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.held.spans import DAY_S, HOUR_S, WEEK_H, Window
from portsim.plan import SERVERS, Plan

__all__ = ["STEP_S", "Doors", "doors_of"]

STEP_S = 300
"""Capacities are looked at this often; hours are given to the quarter in nearly all ports."""
_ENDLESS = 1_000_000
_LONG = 0.95
_EARLY_S = 7 * DAY_S


@dataclass(frozen=True, eq=False, slots=True)
class Doors:
    """One stage of a scenario."""

    open: NDArray[np.bool_]
    """bool[steps], whether it is open and staffed at each `STEP_S` from the start on."""
    most: Ints
    """int64[hours], the most that can be worked on at once within the hour."""
    inner: NDArray[np.bool_]
    """bool[hours]: open and staffed from an hour before to an hour after."""
    steady_week: NDArray[np.bool_]
    """bool[168]: hours of the week that are so in every week, and in which as many can be worked on
    as in the hour before."""
    calm: NDArray[np.bool_]
    """bool[steps]: with as many servers for an hour to come, as many or none in the hour before,
    and nobody left so shortly before that works in hand then may be unfinished."""
    opens: Reals
    """float64[o], UTC epoch seconds at which servers come where there were none."""
    times: Reals
    """float64[k], UTC epoch seconds: from each on so many can be worked on at once; the first lies
    a week before the period, if the plan goes back so far."""
    there: Ints
    """int64[k], how many."""
    pauses: bool
    """Whether work rests while it is closed."""
    cut: int
    """Second of the local day at which the days of this stage end: in its longest pause."""

    def closed(self, second: Reals) -> NDArray[np.bool_]:
        """Whether the stage is closed at some seconds from the start of the period, bool[n]; not
        at NaN or beyond the period."""
        step = np.floor(np.nan_to_num(second, nan=-1.0) / STEP_S).astype(np.int64)
        inside = (step >= 0) & (step < len(self.open))
        return inside & ~self.open[np.clip(step, 0, len(self.open) - 1)]

    def shut_days(self, window: Window) -> NDArray[np.bool_]:
        """bool[days], whether the stage is closed all day."""
        edges = (window.day_edges - window.start) // STEP_S
        return np.array([not self.open[a:b].any() for a, b in pairwise(edges.tolist())])


def doors_of(plan: Plan, window: Window, stages: Sequence[int]) -> list[Doors]:
    """The doors of some stages of a plan, by their numbers in it, over the hours of a window."""
    assert plan.context is not None
    hours = len(window.hour_of_week)
    seconds = window.start - plan.context.origin + np.arange(0, hours * HOUR_S, STEP_S)
    doors = []
    for stage in stages:
        each = _capacity(plan, stage, np.minimum(seconds, plan.end - 1))
        by_hour = each.reshape(hours, -1)
        open_ = by_hour.min(axis=1) > 0
        padded = np.concatenate([open_[:1], open_, open_[-1:]])
        inner = padded[:-2] & open_ & padded[2:]
        week = np.ones(WEEK_H, dtype=bool)
        same = (by_hour.min(axis=1) == by_hour.max(axis=1)) & (
            np.append(by_hour[0, 0], by_hour[:-1, -1]) == by_hour[:, 0]
        )
        before = np.append(True, same[:-1])
        leaving = _after_leaving(each, _long(plan, stage))
        steady = inner & same & before & ~leaving.reshape(by_hour.shape).any(axis=1)
        week[window.hour_of_week[~steady]] = False
        week[np.setdiff1d(np.arange(WEEK_H), window.hour_of_week)] = False
        times, there = _course(plan, stage, window)
        opens = times[1:][(there[:-1] == 0) & (there[1:] > 0)]
        pauses = bool(plan.stage_pause[stage])
        doors.append(
            Doors(each > 0, by_hour.max(axis=1), inner, week, _calm(each) & ~leaving, opens, times,
                  there, pauses, _cut(open_, window))
        )  # fmt: skip
    return doors


def _long(plan: Plan, stage: int) -> int:
    """Steps within which nearly all works of a stage end."""
    work = plan.visit_work[plan.visit_stage == stage]
    return -(-int(np.quantile(work, _LONG)) // STEP_S) if len(work) else 0


def _after_leaving(each: Ints, steps: int) -> NDArray[np.bool_]:
    """bool[steps], at most so many steps after fewer can be worked on, but some: whoever leaves may
    finish beside the others, or count among them."""
    fell = np.flatnonzero((np.diff(each, prepend=each[:1]) < 0) & (each > 0))
    after = np.zeros(len(each), dtype=bool)
    for step in fell.tolist():
        after[step : step + steps + 1] = True
    return after


def _calm(each: Ints) -> NDArray[np.bool_]:
    """bool[steps], as many servers for an hour to come, as many or none in the hour before."""
    calm = each > 0
    for away in range(1, HOUR_S // STEP_S + 1):
        calm[:-away] &= each[away:] == each[:-away]
        calm[away:] &= (each[:-away] == each[away:]) | (each[:-away] == 0)
    return calm


def _course(plan: Plan, stage: int, window: Window) -> tuple[Reals, Ints]:
    """From which second on how many can be worked on at once."""
    assert plan.context is not None
    first = max(window.start - _EARLY_S, plan.context.origin)
    seconds = np.arange(first, window.stop, STEP_S)
    each = _capacity(plan, stage, np.minimum(seconds - plan.context.origin, plan.end - 1))
    changes = np.append(True, np.diff(each) != 0)
    return seconds[changes].astype(np.float64), each[changes]


def _capacity(plan: Plan, stage: int, seconds: Ints) -> Ints:
    """How many trucks a stage can work on at once at some seconds of the plan, 0 while closed."""
    capacity = np.full(len(seconds), _ENDLESS)
    needs: dict[int, int] = {}
    for kind in np.flatnonzero(plan.kind_stage == stage).tolist():
        for resource, count in plan.tokens(int(plan.kind_take[kind])):
            if plan.resource_kind[resource] == SERVERS:
                needs[resource] = min(count, needs.get(resource, count))
    for resource, count in needs.items():
        times, values = plan.course(resource)
        there = values[np.searchsorted(times, seconds, side="right") - 1]
        capacity = np.minimum(capacity, there // count)
    admits = plan.admits(stage)
    row = np.searchsorted(admits[:, 0], seconds, side="right") - 1
    inside = (row >= 0) & (seconds < admits[np.maximum(row, 0), 1]) if len(admits) else row >= 0
    return np.where(inside, capacity, 0)


def _cut(open_: NDArray[np.bool_], window: Window) -> int:
    """The middle of the hours of the day in which a stage is open least, seconds from midnight."""
    share = np.bincount(window.hour_of_week % 24, open_, minlength=24)
    least = share <= share.min()
    if least.all():
        return 0
    # Twice round the clock, so that a pause over midnight is one.
    runs = np.split(np.arange(48), np.flatnonzero(np.diff(np.tile(least, 2))) + 1)
    longest = max((run for run in runs if least[run[0] % 24]), key=len)
    return int((longest[0] * HOUR_S + len(longest) * HOUR_S // 2) % DAY_S)
