"""Queues: who waited in the period, and how many did at a time."""

import numpy as np

from portsim.arrays import Reals
from portsim.engines.log import Log
from portsim.measures.groups import Groups, Row
from portsim.measures.presences import Presences
from portsim.measures.spans import Spans, context_of
from portsim.plan.contract import Plan

__all__ = ["queue_rows", "waiting"]


def waiting(plan: Plan, log: Log, found: Spans) -> Presences:
    """Everybody who waited in the period; a row of presences for each class at each stage."""
    context = context_of(plan)
    waited = found.reached & (found.until > np.maximum(log.queued, context.start))
    at = np.flatnonzero(waited)
    weight = context.pieces[found.truck[at]]
    rows = len(context.stage_names) * len(context.class_names)
    return Presences(log.queued[at], found.until[at], weight, found.place[at], rows)


def queue_rows(plan: Plan, queues: Presences, groups: Groups) -> list[Row]:
    """Mean and largest number waiting: in all queues together, and at each stage.

    Args:
        plan: with its context.
        queues: what `waiting` says of the run.
        groups: of its trucks.
    """
    context = context_of(plan)
    span, places, g = plan.end - context.start, ("", *context.stage_names), len(groups.names)
    stage = np.repeat(np.arange(len(places) - 1), len(context.class_names))
    everywhere = [np.tile(layer, len(places) - 1) for layer in groups.layers]
    by_stage = [(stage + 1) * g + group for group in everywhere]
    most = queues.largest(context.start, everywhere + by_stage, len(places) * g)
    mean = _by_place(queues.overlap(context.start, plan.end), groups) / span
    count = _by_place(queues.count(), groups)
    most = most.reshape(-1, g)
    comes = np.concatenate([np.ones((1, g), dtype=bool), groups.pass_by(context)])
    rows: list[Row] = []
    for at, group in np.argwhere(comes).tolist():
        name, place, n = groups.names[group], places[at], int(count[at, group])
        rows.append((name, place, "queue_mean", float(mean[at, group]), n, ""))
        rows.append((name, place, "queue_max", float(most[at, group]), n, ""))
    return rows


def _by_place(values: Reals, groups: Groups) -> Reals:
    """Sums of the port and of each stage, float64[1 + stages, g], of values for each row."""
    by_stage = values.reshape(-1, groups.table.shape[1]) @ groups.table.T
    return np.concatenate([by_stage.sum(axis=0, keepdims=True), by_stage])
