"""Lasting: how long works of a plan last by the second in which they begin, in whole arrays.

Arrays of a plan and of a log only; no calendar enters.
"""

from dataclasses import replace

import numpy as np

from portsim.arrays import Ints
from portsim.plan.contract import Paces, Plan

__all__ = ["paced", "with_paces"]


def paced(table: Paces | None, stage: Ints, begun: Ints, work: Ints) -> Ints:
    """Seconds that works last, given the stage and the second at which each begins: int64[m]."""
    if table is None:
        return work
    lasting = work.copy()
    for number in range(len(table.start) - 1):
        since, milli = table.of(number)
        rows = np.flatnonzero(stage == number)
        row = np.maximum(np.searchsorted(since, begun[rows], side="right") - 1, 0)
        lasting[rows] = (work[rows] * milli[row] + 500) // 1000
    return lasting


def with_paces(plan: Plan, admitted: Ints) -> Plan:
    """The plan with works as they are when they begin, and no paces.

    Args:
        plan: a plan.
        admitted: int64[v], as in a log. Works that have not begun count as if they began when the
            truck arrived; those begun before the run are what they are.
    """
    if plan.paces is None:
        return plan
    arrival = np.repeat(plan.arrival, np.diff(plan.first_visit))
    begun = np.where(admitted < 0, arrival, admitted)
    work = paced(plan.paces, plan.visit_stage, begun, plan.visit_work)
    before = (admitted >= 0) & (admitted < plan.begin)
    return replace(plan, visit_work=np.where(before, plan.visit_work, work), paces=None)
