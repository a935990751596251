"""The trial of a run: which trucks its promise and its stays are judged by, from the log alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints
from portsim.engines.log import INSIDE, RELEASED, Log
from portsim.measures.spans import context_of
from portsim.plan.contract import NEVER, Plan

__all__ = ["Trial"]


@dataclass(frozen=True, eq=False, slots=True)
class Trial:
    """Trucks that came at least the limit before the end: n trucks.

    The promise is judged for those whose clock started in [start, end − limit): at the arrival, at
    the second the truck wanted to come, on joining the queue of a stage, or at its admission there.
    A truck that does not come to this stage, or does not pass it, is not judged. With a clock that
    starts at the admission, a truck that joined the queue in this time and was not admitted by the
    end, because it waits still, gave up or turned away, is judged by the second of joining: not
    completed. Otherwise a port whose victims wait before that stage would look good. Who was
    admitted in the last `limit` seconds is not judged: nobody knows yet.
    """

    clock: Ints
    """int64[n], second at which the clock of the promise started, or NEVER; the second of joining
    the queue for those whom its stage never admitted."""
    judged: NDArray[np.bool_]
    """bool[n], the promise can be judged."""
    kept: NDArray[np.bool_]
    """bool[n], the promise was kept."""
    stays: NDArray[np.bool_]
    """bool[n], the stay counts."""
    stay: Ints
    """int64[n], seconds from the arrival to leaving, or to the end of the run."""

    @classmethod
    def of(cls, plan: Plan, log: Log) -> "Trial":
        """The trial of a run."""
        context = context_of(plan)
        clock = plan.arrival
        if context.clock_wanted and context.wanted is not None:
            clock = context.wanted
        if context.clock_stage >= 0:
            clock = np.full(plan.trucks, NEVER, dtype=np.int64)
            reached = log.queued != NEVER
            visits = np.flatnonzero((plan.visit_stage == context.clock_stage) & reached)
            started = log.queued[visits]
            if context.clock_admitted:
                admitted = log.admitted[visits]
                started = np.where(admitted == NEVER, started, admitted)
            # The visits of a truck stand together: its number is that of the row they lie in.
            clock[np.searchsorted(plan.first_visit, visits, side="right") - 1] = started
        last = plan.end - context.limit
        judged = (clock >= context.start) & (clock < last)
        released, inside = log.outcome == RELEASED, log.outcome == INSIDE
        return cls(
            clock=clock,
            judged=judged,
            kept=judged & released & (log.left - clock <= context.limit),
            stays=(plan.arrival >= context.start) & (plan.arrival < last) & (released | inside),
            stay=np.where(inside, plan.end, log.left) - plan.arrival,
        )
