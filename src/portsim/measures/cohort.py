"""The cohort of a run: the trucks by which its promise and its stays are judged."""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.engines.log import INSIDE, RELEASED, Log
from portsim.measures.groups import Groups
from portsim.measures.spans import Spans, context_of
from portsim.plan.contract import NEVER, Plan

__all__ = ["Cohort"]

_HOUR = 3600.0


@dataclass(frozen=True, eq=False, slots=True)
class Cohort:
    """Trucks that came at least the limit before the end: n trucks, g groups."""

    clock: Ints
    """int64[n], second at which the clock of the promise started, or NEVER."""
    judged: np.ndarray
    """bool[n], the promise can be judged."""
    kept: np.ndarray
    """bool[n], the promise was kept."""
    stays: np.ndarray
    """bool[n], the stay counts."""
    hours: list[Reals]
    """Of each group the stays that count, piece by piece, in hours."""
    cut: list[np.ndarray]
    """Of each group whether these stays were still running at the end."""

    @classmethod
    def of(cls, plan: Plan, log: Log, found: Spans, groups: Groups) -> "Cohort":
        """The cohort of a run."""
        context = context_of(plan)
        clock = plan.arrival
        if context.clock_stage >= 0:
            clock = np.full(plan.trucks, NEVER, dtype=np.int64)
            at = np.flatnonzero((plan.visit_stage == context.clock_stage) & found.reached)
            clock[found.truck[at]] = log.queued[at]
        last = plan.end - context.limit
        judged = (clock >= context.start) & (clock < last)
        released, inside = log.outcome == RELEASED, log.outcome == INSIDE
        kept = judged & released & (log.left - clock <= context.limit)
        stays = (plan.arrival >= context.start) & (plan.arrival < last) & (released | inside)
        piece = np.repeat(np.flatnonzero(stays), context.pieces[stays])
        hours = (found.out - plan.arrival)[piece] / _HOUR
        cut = inside[piece]
        members = groups.members(context.truck_class[piece])
        return cls(
            clock, judged, kept, stays, [hours[m] for m in members], [cut[m] for m in members]
        )
