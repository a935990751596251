"""Strain: what was asked and what could be given, day by day, where a port may be overloaded.

Of servers and budgets it is the offered load. Of a stage it is what came to its queue against what
it could have admitted, from the log: so a strip that is full, or whatever else keeps trucks back,
shows too. One run says what happened; whether that is more than chance is judged over all runs of
a scenario, elsewhere.
"""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import Intervals, intersect, measure_within, merge
from portsim.measures.loads import WEEKS, DailyLoads, window_loads
from portsim.measures.measurement import Measurement
from portsim.measures.presences import Presences
from portsim.measures.spans import context_of
from portsim.measures.sums import sum_by
from portsim.measures.visit_kinds import Kinds
from portsim.plan.contract import BUDGET, SERVERS, Plan

__all__ = ["KINDS", "Strain", "strains"]

KINDS = ("servers", "budget", "stage")
_SLIGHT = 0.3
"""A load below which, in every four weeks and in the whole period, nothing is kept."""
_STANDING = 0.5
"""Trucks waiting, on average over four weeks or a shorter period, below which nothing is kept."""


@dataclass(frozen=True, eq=False, slots=True)
class Strain:
    """What a resource was asked for, or what came to a stage, on the d days of the period."""

    kind: str
    """servers, budget or stage."""
    place: str
    """Name of the resource or stage."""
    demand: Reals
    """float64[d]: token-seconds, tokens, or trucks: those admitted and those more that wait."""
    given: Reals
    """float64[d]: token-seconds that can work, tokens set, or trucks: those admitted and those
    for whom there was room while nobody waited."""
    grain: float
    """Sum of squares over sum of what each truck asks for: the variance by what is asked, were all
    trucks independent of each other."""


def strains(run: Measurement) -> list[Strain]:
    """What may be an overload in a run; slight loads and short queues are left out."""
    every = run.with_papers
    return _of_resources(every.plan, every.spans.kinds, run.daily_loads) + _of_stages(run)


def _of_resources(plan: Plan, kinds: Kinds, loads: DailyLoads) -> list[Strain]:
    rows: list[Strain] = []
    days = loads.work.shape[1]
    spans = {min(WEEKS, days), days}
    # Of each kind of visits their number, and the sums of their works and of their squares.
    seconds = plan.visit_work.astype(np.float64)
    sums = [sum_by(kinds.of, seconds**power, len(kinds)) for power in (0, 1, 2)]
    for resource in np.flatnonzero(np.isin(plan.resource_kind, (SERVERS, BUDGET))).tolist():
        work, given = loads.work[resource], loads.given[resource]
        if all((window_loads(work, given, span) < _SLIGHT).all() for span in spans):
            continue
        if plan.resource_kind[resource] == BUDGET:
            kind, tokens, first, second = KINDS[1], kinds.take[:, resource], sums[0], sums[0]
        else:
            kind, tokens, first, second = KINDS[0], kinds.give_out[:, resource], sums[1], sums[2]
            if kinds.keeps(resource):
                tokens = kinds.held(resource)
                first, second = seconds, seconds**2
        grain = float(tokens**2 @ second) / max(float(tokens @ first), 1.0)
        rows.append(Strain(kind, context_of(plan).resource_names[resource], work, given, grain))
    return rows


def _of_stages(run: Measurement) -> list[Strain]:
    plan, log, spans, queues = run.plan, run.log, run.spans, run.queues
    context, rows = run.context, []
    days, classes = len(context.day_edges) - 1, len(context.class_names)
    waited = queues.overlap(context.start, plan.end).reshape(-1, classes).sum(axis=1)
    least = _STANDING * min(WEEKS, days) / days * (plan.end - context.start)
    chosen = np.flatnonzero(waited >= max(least, 1.0)).tolist()
    if not chosen:
        return []
    open_, stage_of_row = spans.opened, queues.row // classes
    for stage in chosen:
        visits = spans.kinds.visits(np.flatnonzero(spans.kinds.stage == stage))
        weight = context.pieces[spans.truck[visits]]
        day = np.searchsorted(context.day_edges, log.admitted[visits], side="right")
        admitted = sum_by(day, weight, days + 2)[1:-1]
        of_stage = np.flatnonzero(stage_of_row == stage)
        begin, finish = queues.begin[of_stage], queues.finish[of_stage]
        standing = Presences(begin, finish, queues.weight[of_stage], np.zeros_like(begin), 1)
        # Who waits at midnight waited in the second before; who comes then is of the new day.
        growth = np.diff(standing.present(context.day_edges - 1)[0])
        idle, could = _idle(
            context.day_edges, open_[stage], merge(np.column_stack([begin, finish]))
        )
        rate = float(admitted.sum()) / max(could, 1)
        grain = 2.0 * float((weight**2).sum()) / max(float(weight.sum()), 1.0)
        name = context.stage_names[stage]
        rows.append(Strain(KINDS[2], name, admitted + growth, admitted + rate * idle, grain))
    return rows


def _idle(edges: Ints, open_: Intervals, waiting: Intervals) -> tuple[Ints, int]:
    """Seconds of each day in which a stage was open and nobody waited; and all in which it was."""
    could = measure_within(open_, edges[:-1], edges[1:])
    busy = measure_within(intersect(open_, waiting), edges[:-1], edges[1:])
    return could - busy, int(could.sum())
