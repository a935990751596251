"""Spans: how long each visit and each truck waited, worked and stood, from plan and log alone.

Everything is int64 seconds and cut at the end of the run; averaging is done elsewhere.
"""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints
from portsim.calendars import Intervals, intersect, measure_within, merge
from portsim.engines.log import INSIDE, Log
from portsim.plan.contract import NEVER, SERVERS, Context, Plan

__all__ = ["Spans", "context_of", "held_before", "reached_last", "spans", "staffed"]


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """What the log says about v visits and n trucks, in seconds."""

    truck: Ints
    """int64[v], the truck of each visit."""
    reached: np.ndarray
    """bool[v], the truck joined this queue."""
    until: Ints
    """int64[v], end of the waiting: admission, giving up or end of the run."""
    wait_open: Ints
    """int64[v], waiting while the stage admitted and its servers were on duty."""
    wait_closed: Ints
    """int64[v], the rest of the waiting."""
    service: Ints
    """int64[v], work in progress."""
    paused: Ints
    """int64[v], between admission and end of work while the work paused."""
    out: Ints
    """int64[n], second of leaving, or the end of the run."""


def context_of(plan: Plan) -> Context:
    """The plan's context.

    Raises:
        ValueError: the plan was built without one.
    """
    if plan.context is None:
        msg = "measures need a plan with a context"
        raise ValueError(msg)
    return plan.context


def spans(plan: Plan, log: Log) -> Spans:
    """Work out the spans of a run."""
    truck = np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit))
    out = np.where(log.outcome == INSIDE, plan.end, log.left)
    reached = log.queued != NEVER
    queued = np.where(reached, log.queued, 0)
    until = np.where(log.admitted != NEVER, log.admitted, np.where(reached, out[truck], 0))
    waited = until - queued
    wait_open = np.zeros_like(waited)
    lists = len(plan.list_start)
    code = plan.visit_stage * lists + plan.visit_take
    for kind in np.unique(code[waited > 0]).tolist():
        stage, take = divmod(kind, lists)
        rows = np.flatnonzero((code == kind) & (waited > 0))
        open_ = intersect(plan.admits(stage), staffed(plan, take))
        wait_open[rows] = measure_within(open_, queued[rows], until[rows])
    begun = log.admitted != NEVER
    admitted = np.where(begun, log.admitted, 0)
    finished = np.where(log.finished != NEVER, log.finished, np.where(begun, plan.end, 0))
    service = finished - admitted
    paused = np.zeros_like(service)
    for stage in np.flatnonzero(plan.stage_pause).tolist():
        rows = np.flatnonzero((plan.visit_stage == stage) & (service > 0))
        worked = measure_within(plan.works(stage), admitted[rows], finished[rows])
        paused[rows] = service[rows] - worked
    return Spans(
        truck=truck,
        reached=reached,
        until=until,
        wait_open=wait_open,
        wait_closed=waited - wait_open,
        service=service - paused,
        paused=paused,
        out=out,
    )


def staffed(plan: Plan, take: int) -> Intervals:
    """Intervals in which every server of a token list is on duty in the number needed."""
    found = merge([(0, plan.end)])
    for what, count in plan.tokens(take):
        if plan.resource_kind[what] == SERVERS:
            mine = plan.change_resource == what
            times = np.concatenate([[0], plan.change_time[mine], [plan.end]])
            values = np.concatenate([plan.resource_initial[[what]], plan.change_value[mine]])
            rows = np.column_stack([times[:-1], times[1:]])[values >= count]
            found = intersect(found, merge(rows[rows[:, 0] < rows[:, 1]]))
    return found


def reached_last(plan: Plan, log: Log) -> Ints:
    """The first visit that each truck did not finish, int64[n]; one past its last if all are."""
    done = np.concatenate([[0], np.cumsum(log.finished != NEVER)])
    first = plan.first_visit
    return np.asarray(first[:-1] + done[first[1:]] - done[first[:-1]])


def held_before(plan: Plan, truck: int, visit: int) -> dict[int, int]:
    """Servers a truck still holds when it joins the queue of a visit, by resource."""
    held: dict[int, int] = {}
    for number in range(int(plan.first_visit[truck]), visit):
        for sign, column in (
            (1, plan.visit_take),
            (-1, plan.visit_give_in),
            (-1, plan.visit_give_out),
        ):
            for what, count in plan.tokens(int(column[number])):
                if plan.resource_kind[what] == SERVERS:
                    held[what] = held.get(what, 0) + sign * count
    return {what: count for what, count in held.items() if count}
