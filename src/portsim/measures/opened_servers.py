"""Servers opened by the queue, as measures see them: the capacity that there was in a run.

The log says what was opened; a plan whose rosters have it in them is measured like any other.
"""

from dataclasses import replace

import numpy as np

from portsim.arrays import Ints
from portsim.engines.log import Log
from portsim.plan.contract import Plan
from portsim.plan.lasting import with_paces
from portsim.plan.steps import Steps, changes

__all__ = ["as_run", "extra_servers", "times_opened"]


def as_run(plan: Plan, log: Log) -> Plan:
    """The plan as it was in a run: with the capacities of rosters and of what the queue opened, and
    with works as long as they were at the hour in which they began.

    A plan without such rules is given back as it is.
    """
    plan = with_paces(plan, log.admitted)
    openings = plan.openings
    if openings is None:
        return plan
    steps = []
    opened = set(openings.resource.tolist())
    for resource in range(len(plan.resource_kind)):
        times, values = plan.course(resource)
        if resource in opened:
            since, extra = extra_servers(plan, log, resource)
            seconds = np.unique(np.concatenate([times, since]))
            values = _at(seconds, times, values) + _at(seconds, since, extra)
            times = seconds
        steps.append(Steps(int(values[0]), times[1:], values[1:]))
    time, which, value = changes(steps, plan.resource_kind)
    return replace(
        plan,
        resource_initial=np.array([step.initial for step in steps], dtype=np.int64),
        change_time=time,
        change_resource=which,
        change_value=value,
        openings=None,
    )


def extra_servers(plan: Plan, log: Log, resource: int) -> tuple[Ints, Ints]:
    """Seconds from which on there were so many servers of one kind opened by the queue.

    Returns:
        int64[k], rising, the first 0, and int64[k].
    """
    times, values = _openings(plan, log, resource)
    # Of several changes in one second the last one holds.
    last = np.append(np.diff(times) > 0, True)
    return times[last], values[last]


def times_opened(plan: Plan, log: Log, resource: int, start: int) -> int:
    """How many servers of one kind the queue opened from a second on."""
    times, values = _openings(plan, log, resource)
    return int(np.count_nonzero((np.diff(values) > 0) & (times[1:] >= start)))


def _openings(plan: Plan, log: Log, resource: int) -> tuple[Ints, Ints]:
    """What the beginning and the log say, change by change."""
    rows, beginning = log.openings[log.openings[:, 1] == resource], plan.beginning
    first = 0 if beginning is None or beginning.extra is None else int(beginning.extra[resource])
    return np.concatenate([[0], rows[:, 0]]), np.concatenate([[first], rows[:, 2]])


def _at(seconds: Ints, times: Ints, values: Ints) -> Ints:
    return np.asarray(values[np.searchsorted(times, seconds, side="right") - 1])
