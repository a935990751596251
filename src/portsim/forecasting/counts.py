"""Counts of one future: who waits, is inside and is through at each quarter of an hour.

Plan and log are all that is looked at; what many futures say together is worked out elsewhere.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.engines import GAVE_UP, RELEASED, Log
from portsim.plan import NEVER, Plan

__all__ = ["QUARTER_S", "Counts", "Outs", "counted"]

QUARTER_S = 900


@dataclass(frozen=True, eq=False, slots=True)
class Outs:
    """When the trucks of a future are through: n trucks, those inside first."""

    cls: Ints
    """int64[n], index into the classes of the plan."""
    arrival: Ints
    """int64[n], UTC epoch seconds."""
    out: Reals
    """float64[n], UTC epoch seconds of the release, NaN of those that are not released."""


@dataclass(frozen=True, eq=False, slots=True)
class Counts:
    """One future of s stages and q quarters of an hour: states before anything of their second.

    Rows are the whole port, then the stages; columns the beginning and the end of each quarter.
    Convoys count with their pieces.
    """

    table: NDArray[np.int32]
    """int32[3, s + 1, q + 1]: waiting, inside, and released since the beginning; of a stage those
    whose work there is done."""
    outs: Outs


def counted(plan: Plan, log: Log) -> Counts:
    """Count a future."""
    context = plan.context
    assert context is not None
    stages, quarters = len(context.stage_names), (plan.end - plan.begin) // QUARTER_S
    edges = quarters + 1
    stage, pieces = plan.visit_stage, context.pieces
    of_visit = np.repeat(pieces, np.diff(plan.first_visit))

    def since(seconds: Ints, cell: Ints | int, weight: Ints) -> Ints:
        """How many of these seconds lie before each edge, by cell."""
        known = seconds != NEVER
        # The first edge after the second; what was before the beginning is so at every edge.
        edge = np.maximum(0, (seconds[known] - plan.begin) // QUARTER_S + 1)
        where = cell if isinstance(cell, int) else cell[known]
        rows = 1 if isinstance(cell, int) else stages
        place = where * (edges + 1) + np.minimum(edge, edges)
        counts = np.bincount(place, weights=weight[known], minlength=rows * (edges + 1))
        return np.cumsum(counts.reshape(rows, edges + 1)[:, :edges], axis=1).astype(np.int32)

    admitted = since(log.admitted, stage, of_visit)
    finished = since(log.finished, stage, of_visit)
    waiting = since(log.queued, stage, of_visit) - admitted
    gone = np.flatnonzero(log.outcome == GAVE_UP)
    if len(gone):
        at = _given_up_at(plan, log, gone)
        waiting = waiting - since(log.left[gone], stage[at], pieces[gone])
    out = np.where(log.outcome == RELEASED, log.left, NEVER)
    whole = since(plan.arrival, 0, pieces) - since(log.left, 0, pieces)
    through = finished - finished[:, :1]
    table = np.empty((3, stages + 1, edges), dtype=np.int32)
    table[0, 0], table[0, 1:] = waiting.sum(axis=0), waiting
    table[1, 0], table[1, 1:] = whole[0], waiting + admitted - finished
    table[2, 0], table[2, 1:] = since(out, 0, pieces)[0], through
    return Counts(
        table,
        Outs(
            context.truck_class,
            plan.arrival + context.origin,
            np.where(out == NEVER, np.nan, out + float(context.origin)),
        ),
    )


def _given_up_at(plan: Plan, log: Log, gone: Ints) -> Ints:
    """The visit at which each of these trucks gave up."""
    done = np.concatenate([[0], np.cumsum(log.finished != NEVER)])
    first, beyond = plan.first_visit[gone], plan.first_visit[gone + 1]
    return np.asarray(first + done[beyond] - done[first])
