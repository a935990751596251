"""Measures of each stage: waiting, work, blocking and losses, by group of trucks."""

import numpy as np

from portsim.engines.log import DIVERTED, GAVE_UP, Log
from portsim.measures.durations import BLOCKED, PARTS, Durations
from portsim.measures.groups import Groups, Row
from portsim.measures.spans import Spans, context_of, reached_last
from portsim.measures.sums import by_row
from portsim.plan.contract import NEVER, Plan

__all__ = ["stage_rows"]

_HOUR = 3600.0
_FEW = 0.001


def stage_rows(plan: Plan, log: Log, found: Spans, lasted: Durations, groups: Groups) -> list[Row]:
    """All rows whose place is a stage, except those of the queues."""
    context = context_of(plan)
    days = len(context.day_edges) - 1
    weight = context.pieces[found.truck]
    done = (log.finished >= context.start) & (log.finished < plan.end)
    passed = by_row(found.place, weight * done, lasted.count.size)
    passes = (passed.reshape(lasted.count.shape) @ groups.table.T).tolist()
    counts = (lasted.count @ groups.table.T).tolist()
    totals = {m: (sums @ groups.table.T).tolist() for m, sums in lasted.seconds.items()}
    cuts = {m: (sums @ groups.table.T).tolist() for m, sums in lasted.cut.items()}
    losses = _losses(plan, log, groups)
    rows: list[Row] = []
    for number, place in enumerate(context.stage_names):
        count = counts[number]
        for measure in (*PARTS, BLOCKED) if lasted.keeping[number] else PARTS:
            total, cut = totals[measure][number], cuts[measure][number]
            for g, name in enumerate(groups.names):
                n = int(count[g])
                if n or name == "all":
                    note = "at least" if cut[g] > _FEW * n else ""
                    value = total[g] / n / _HOUR if n else np.nan
                    rows.append((name, place, measure, value, n, note))
        for name, value in zip(groups.names, passes[number], strict=True):
            rows.append((name, place, "throughput_per_day", value / days, int(value), ""))
        rows += losses[number]
    return rows


def _losses(plan: Plan, log: Log, groups: Groups) -> list[list[Row]]:
    """Rows of each stage for who turned away there or gave up.

    Where trucks may leave there is a row, of 0 if none did: means go over all replications.
    """
    context = context_of(plan)
    stages = len(context.stage_names)
    rows: list[list[Row]] = [[] for _ in range(stages)]
    for outcome, measure, moods in (
        (DIVERTED, "diverted", plan.visit_tolerance),
        (GAVE_UP, "given_up", plan.visit_patience),
    ):
        leave = np.flatnonzero(moods != NEVER)
        if not len(leave):
            continue
        trucks = np.flatnonzero((log.outcome == outcome) & (log.left >= context.start))
        at = plan.visit_stage[reached_last(plan, log, trucks)]
        values = groups.tables(context.truck_class[trucks], at, stages, context.pieces[trucks])
        for stage in np.flatnonzero(np.bincount(plan.visit_stage[leave])).tolist():
            for name, value in zip(groups.names, values[:, stage].tolist(), strict=True):
                place = context.stage_names[stage]
                rows[stage].append((name, place, measure, value, int(value), ""))
    return rows
