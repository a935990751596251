"""The cohort of a run: the trucks by which its promise and its stays are judged."""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.engines.log import INSIDE, RELEASED, Log
from portsim.measures.groups import Groups
from portsim.measures.order import in_order
from portsim.measures.spans import Spans, context_of
from portsim.plan.contract import NEVER, Plan

__all__ = ["Cohort"]

_HOUR = 3600.0


@dataclass(frozen=True, eq=False, slots=True)
class Cohort:
    """Trucks that came at least the limit before the end: n trucks, g groups.

    The promise is judged for those whose clock started in [start, end − limit): at the arrival,
    on joining the queue of a stage, or at its admission there. A truck that does not come to this
    stage, or does not pass it, is not judged. With a clock that starts at the admission, a truck
    that joined the queue in this time and was not admitted by the end, because it waits still,
    gave up or turned away, is judged by the second of joining: not completed. Otherwise a port
    whose victims wait before that stage would look good. Who was admitted in the last `limit`
    seconds is not judged: nobody knows yet.
    """

    clock: Ints
    """int64[n], second at which the clock of the promise started, or NEVER; the second of joining
    the queue for those whom its stage never admitted."""
    judged: np.ndarray
    """bool[n], the promise can be judged."""
    kept: np.ndarray
    """bool[n], the promise was kept."""
    stays: np.ndarray
    """bool[n], the stay counts."""
    hours: list[Reals]
    """Of each group the stays that count, piece by piece, in hours, ascending."""
    cut: list[np.ndarray]
    """Of each group whether these stays were still running at the end."""
    mean: list[float]
    """Of each group the mean of these stays, NaN without any."""

    @classmethod
    def of(cls, plan: Plan, log: Log, found: Spans, groups: Groups) -> "Cohort":
        """The cohort of a run."""
        context = context_of(plan)
        clock = plan.arrival
        if context.clock_stage >= 0:
            clock = np.full(plan.trucks, NEVER, dtype=np.int64)
            at = np.flatnonzero((plan.visit_stage == context.clock_stage) & found.reached)
            started = log.queued[at]
            if context.clock_admitted:
                admitted = log.admitted[at]
                started = np.where(admitted == NEVER, started, admitted)
            clock[found.truck[at]] = started
        last = plan.end - context.limit
        judged = (clock >= context.start) & (clock < last)
        released, inside = log.outcome == RELEASED, log.outcome == INSIDE
        kept = judged & released & (log.left - clock <= context.limit)
        stays = (plan.arrival >= context.start) & (plan.arrival < last) & (released | inside)
        piece = np.repeat(np.flatnonzero(stays), context.pieces[stays])
        seconds, its_class = (found.out - plan.arrival)[piece], context.truck_class[piece]
        hours = seconds / _HOUR
        # Sums of many hours depend on their order: means are those of the order of arrival.
        came = [hours[mine] for mine in groups.members(its_class)]
        rising = in_order(seconds)
        members = [rising[mine] for mine in groups.members(its_class[rising])]
        return cls(
            clock=clock,
            judged=judged,
            kept=kept,
            stays=stays,
            hours=[hours[mine] for mine in members],
            cut=[inside[piece[mine]] for mine in members],
            mean=[float(stay.mean()) if len(stay) else np.nan for stay in came],
        )
