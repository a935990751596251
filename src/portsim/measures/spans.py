"""Spans: how long each visit and each truck waited, worked and stood, from plan and log alone.

Everything is int64 seconds and cut at the end of the run; averaging is done elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints
from portsim.calendars import Intervals, intersect, measure_within, merge
from portsim.engines.log import INSIDE, Log
from portsim.measures.kinds import Kinds
from portsim.plan.contract import NEVER, SERVERS, Context, Plan

__all__ = ["Spans", "context_of", "on_duty", "opened", "reached_last", "spans"]


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """What the log says about v visits and n trucks, in seconds."""

    kinds: Kinds
    """The visits by kind."""
    truck: Ints
    """int64[v], the truck of each visit."""
    place: Ints
    """int64[v], stage and class of each visit: stage times number of classes plus class."""
    reached: np.ndarray
    """bool[v], the truck joined this queue."""
    until: Ints
    """int64[v], end of the waiting: admission, giving up or end of the run."""
    begun: Ints
    """int64[v], start of the work, or the end of the run."""
    done: Ints
    """int64[v], end of the work, or the end of the run."""
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
    context, kinds = context_of(plan), Kinds.sort(plan)
    truck = np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit))
    out = np.where(log.outcome == INSIDE, plan.end, log.left)
    reached = log.queued != NEVER
    # Few visits of a run do not come to pass; each column is mended there only.
    unreached = np.flatnonzero(~reached)
    queued, until = log.queued.copy(), log.admitted.copy()
    queued[unreached] = 0
    waiting = np.flatnonzero(log.admitted == NEVER)
    until[waiting] = np.where(reached[waiting], out[truck[waiting]], 0)
    waited = until - queued
    begun = log.admitted.copy()
    begun[waiting] = plan.end
    done = log.finished.copy()
    done[log.finished == NEVER] = plan.end
    service = done - begun
    wait_open = np.zeros_like(waited)
    for open_, alike in _opened(plan, kinds):
        rows = kinds.visits(alike)
        rows = rows[waited[rows] > 0]
        wait_open[rows] = measure_within(open_, queued[rows], until[rows])
    paused = np.zeros_like(service)
    for stage in np.flatnonzero(plan.stage_pause).tolist():
        rows = kinds.visits(np.flatnonzero(kinds.stage == stage))
        rows = rows[service[rows] > 0]
        worked = measure_within(plan.works(stage), begun[rows], done[rows])
        paused[rows] = service[rows] - worked
    return Spans(
        kinds=kinds,
        truck=truck,
        place=plan.visit_stage * len(context.class_names) + context.truck_class[truck],
        reached=reached,
        until=until,
        begun=begun,
        done=done,
        wait_open=wait_open,
        wait_closed=waited - wait_open,
        service=service - paused,
        paused=paused,
        out=out,
    )


def opened(plan: Plan, kinds: Kinds | None = None) -> list[Intervals]:
    """When each stage admits and the servers its trucks take are on duty.

    Args:
        plan: any plan.
        kinds: its visits by kind, if they are known.

    Returns:
        int64[k, 2] of each stage: half-open intervals in plan seconds. What of the waiting at a
        stage lies within is `Spans.wait_open`, what lies without `Spans.wait_closed`; where trucks
        take other servers than each other, it counts that some of them could go.
    """
    kinds = Kinds.sort(plan) if kinds is None else kinds
    found: dict[int, list[Intervals]] = {}
    for open_, alike in _opened(plan, kinds):
        found.setdefault(int(kinds.stage[alike[0]]), []).append(open_)
    return [
        merge(np.concatenate(found[stage])) if stage in found else plan.admits(stage)
        for stage in range(len(plan.stage_pause))
    ]


def _opened(plan: Plan, kinds: Kinds) -> Iterator[tuple[Intervals, Ints]]:
    """When a stage admitted and its servers were on duty, and the kinds of visits this holds for.

    Budgets and stores make kinds of visits, too, but do not count here.
    """
    alike: dict[tuple[int, tuple[tuple[int, int], ...]], list[int]] = {}
    for kind, (stage, take) in enumerate(
        zip(kinds.stage.tolist(), kinds.lists.tolist(), strict=True)
    ):
        wanted = [(w, n) for w, n in plan.tokens(take) if plan.resource_kind[w] == SERVERS]
        alike.setdefault((stage, tuple(wanted)), []).append(kind)
    for (stage, servers), found in alike.items():
        open_ = plan.admits(stage)
        for what, count in servers:
            open_ = intersect(open_, on_duty(plan, what, count))
        yield open_, np.array(found)


def on_duty(plan: Plan, what: int, count: int) -> Intervals:
    """Intervals in which so many servers of a kind, or more, are on duty."""
    since, values = plan.course(what)
    times = np.append(since, plan.end)
    return merge(np.column_stack([times[:-1], times[1:]])[values >= count])


def reached_last(plan: Plan, log: Log, trucks: Ints) -> Ints:
    """The first visit that each of some trucks did not finish; one past its last if all are."""
    first = plan.first_visit
    done = np.concatenate([[0], np.cumsum(log.finished != NEVER)])
    return np.asarray(first[trucks] + done[first[trucks + 1]] - done[first[trucks]])
