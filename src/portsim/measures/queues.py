"""Queues: who waited in the period, and how many did at a time."""

import numpy as np

from portsim.arrays import Reals
from portsim.measures.groups import Groups, Row
from portsim.measures.measurement import Measurement
from portsim.measures.wanted import Wanted

__all__ = ["queue_rows"]


def queue_rows(run: Measurement, wanted: Wanted) -> list[Row]:
    """Mean and largest number waiting: in all queues together, and at each stage."""
    if not wanted.any("queue_mean", "queue_max"):
        return []
    context, queues, groups = run.context, run.queues, run.groups
    span, end = run.plan.end - context.start, run.plan.end
    places, g = ("", *context.stage_names), len(groups.names)
    stage = np.repeat(np.arange(len(places) - 1), len(context.class_names))
    everywhere = [np.tile(layer, len(places) - 1) for layer in groups.layers]
    by_stage = [] if wanted.port_only else [(stage + 1) * g + group for group in everywhere]
    most = np.zeros((len(places), g), dtype=np.int64)
    if wanted.any("queue_max"):
        most = queues.largest(context.start, everywhere + by_stage, most.size).reshape(-1, g)
    mean = _by_place(queues.overlap(context.start, end), groups) / span
    count = _by_place(queues.count(), groups)
    comes = np.concatenate([np.ones((1, g), dtype=bool), groups.pass_by(context)])
    rows: list[Row] = []
    for number, group in np.argwhere(comes).tolist():
        name, place, n = groups.names[group], places[number], int(count[number, group])
        rows.append((name, place, "queue_mean", float(mean[number, group]), n, ""))
        rows.append((name, place, "queue_max", float(most[number, group]), n, ""))
    return rows


def _by_place(values: Reals, groups: Groups) -> Reals:
    """Sums of the port and of each stage, float64[1 + stages, g], of values for each row."""
    by_stage = values.reshape(-1, groups.table.shape[1]) @ groups.table.T
    return np.concatenate([by_stage.sum(axis=0, keepdims=True), by_stage])
