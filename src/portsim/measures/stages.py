"""Measures of each stage: waiting, work, blocking and queues, by group of trucks."""

import numpy as np

from portsim.engines.log import DIVERTED, GAVE_UP, INSIDE, Log
from portsim.measures.counting import largest, overlap
from portsim.measures.groups import Groups, Row
from portsim.measures.port import Cohort
from portsim.measures.resources import counts
from portsim.measures.spans import Spans, context_of, reached_last
from portsim.plan.contract import NEVER, SERVERS, Plan

__all__ = ["queue_rows", "stage_rows"]

_HOUR = 3600.0
_FEW = 0.001


def stage_rows(plan: Plan, log: Log, found: Spans, judged: Cohort, groups: Groups) -> list[Row]:
    """All rows whose place is a stage, except those of the queues."""
    context = context_of(plan)
    days = len(context.day_edges) - 1
    cls = context.truck_class[found.truck]
    weight = context.pieces[found.truck]
    done = (log.finished >= context.start) & (log.finished < plan.end)
    counted = judged.stays[found.truck] & found.reached
    kept, blocked, standing = _blocked(plan, log, found)
    waiting, unfinished = log.admitted == NEVER, log.finished == NEVER
    # With each duration those of its visits in which it was cut at the end.
    parts = [
        ("wait_open_mean_h", found.wait_open, waiting),
        ("wait_closed_mean_h", found.wait_closed, waiting),
        ("service_mean_h", found.service, unfinished),
        ("paused_mean_h", found.paused, unfinished),
        ("blocked_mean_h", blocked, unfinished | standing),
    ]
    rows: list[Row] = []
    for number, place in enumerate(context.stage_names):
        here = plan.visit_stage == number
        passed = groups.sums(cls[here & done], weight[here & done])
        chosen = np.flatnonzero(here & counted)
        count = groups.sums(cls[chosen], weight[chosen])
        for measure, seconds, running in parts if kept[here].any() else parts[:-1]:
            cut = groups.sums(cls[chosen], np.where(running[chosen], weight[chosen], 0))
            total = groups.sums(cls[chosen], seconds[chosen] * weight[chosen])
            for g, name in enumerate(groups.names):
                n = int(count[g])
                if n or name == "all":
                    note = "at least" if cut[g] > _FEW * n else ""
                    value = total[g] / n / _HOUR if n else np.nan
                    rows.append((name, place, measure, value, n, note))
        for g, name in enumerate(groups.names):
            rows.append((name, place, "throughput_per_day", passed[g] / days, int(passed[g]), ""))
        rows += _losses(plan, log, found, groups, number)
    return rows


def _blocked(plan: Plan, log: Log, found: Spans) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Standing between the end of work and the next admission while servers of the stage are kept.

    Returns:
        bool[v], the plan has servers kept after this visit; int64[v], seconds of standing;
        bool[v], it stands there still at the end.
    """
    kept = np.zeros(len(plan.visit_stage), dtype=bool)
    for what in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        kept |= counts(plan, plan.visit_take, what) > counts(plan, plan.visit_give_out, what)
    after = np.flatnonzero(kept & (log.finished != NEVER))
    # The next visit of the same truck exists: servers still held go back at the last one's end.
    blocked = np.zeros(len(kept), dtype=np.int64)
    blocked[after] = found.until[after + 1] - log.finished[after]
    diverted = log.outcome[found.truck[after]] == DIVERTED
    lost = after[diverted & ~found.reached[after + 1]]
    blocked[lost] = 0
    standing = np.zeros(len(kept), dtype=bool)
    standing[after] = (log.admitted[after + 1] == NEVER) & (
        log.outcome[found.truck[after]] == INSIDE
    )
    return kept, blocked, standing


def _losses(plan: Plan, log: Log, found: Spans, groups: Groups, stage: int) -> list[Row]:
    context = context_of(plan)
    rows: list[Row] = []
    for outcome, measure, moods in (
        (DIVERTED, "diverted", plan.visit_tolerance),
        (GAVE_UP, "given_up", plan.visit_patience),
    ):
        # Where trucks may leave there is a row, of 0 if none did: means go over all replications.
        if not (moods[plan.visit_stage == stage] != NEVER).any():
            continue
        lost = (log.outcome == outcome) & (log.left >= context.start)
        trucks = np.flatnonzero(lost)
        at = reached_last(plan, log)[trucks]
        here = trucks[plan.visit_stage[at] == stage]
        values = groups.sums(context.truck_class[here], context.pieces[here])
        for name, value in zip(groups.names, values.tolist(), strict=True):
            rows.append((name, context.stage_names[stage], measure, value, int(value), ""))
    return rows


def queue_rows(plan: Plan, log: Log, found: Spans, groups: Groups) -> list[Row]:
    """Mean and largest number waiting: in all queues together, and at each stage."""
    context = context_of(plan)
    waited = found.reached & (found.until > np.maximum(log.queued, context.start))
    cls, weight = context.truck_class[found.truck], context.pieces[found.truck]
    places = [("", waited)]
    places += [
        (place, waited & (plan.visit_stage == number))
        for number, place in enumerate(context.stage_names)
    ]
    rows: list[Row] = []
    for place, here in places:
        rows_here = np.flatnonzero(here)
        for name, members in groups:
            chosen = rows_here[members[cls[rows_here]]]
            begin, until, pieces = log.queued[chosen], found.until[chosen], weight[chosen]
            span = plan.end - context.start
            mean = overlap(begin, until, pieces, context.start, plan.end) / span
            most = largest(begin, until, pieces, context.start)
            n = len(chosen)
            rows.append((name, place, "queue_mean", mean, n, ""))
            rows.append((name, place, "queue_max", float(most), n, ""))
    return rows
