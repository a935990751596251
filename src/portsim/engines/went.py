"""Ways: the run told so that each visit is what came of it.

Measures know visits that are made in one way. Which way each visit was made stands in the log;
here the plan is told so. Nothing is counted.
"""

from dataclasses import replace

import numpy as np

from portsim.arrays import Ints
from portsim.engines.log import Log
from portsim.plan.contract import FITTING, NEVER, Plan, Ways
from portsim.plan.ways import ways_of

__all__ = ["as_it_went", "ways_left"]


def as_it_went(plan: Plan, log: Log) -> Plan:
    """The plan with the kind and the work of each visit as they were chosen, and no choice.

    Where none was made, because the truck had not come so far, a visit is what the first way says.
    """
    if plan.ways is None:
        return plan
    return replace(_chosen(plan, plan.ways, log.ways), ways=None)


def ways_left(plan: Plan, log: Log, second: int, visits: Ints) -> Plan:
    """The plan with what had been chosen before a second, and the choices that were still open.

    Args:
        plan, log: a run.
        second: nothing that happens then has happened yet.
        visits: int64[k], rising, those that are kept; choices are told by their place among these.
    """
    ways = plan.ways
    if ways is None:
        return plan
    when = _settled(log, ways)
    made = (when != NEVER) & (when < second)
    plan = _chosen(plan, ways, np.where(made, log.ways, NEVER))
    return replace(plan, ways=ways_of(ways, visits, ~made))


def _settled(log: Log, ways: Ways) -> Ints:
    """When each choice was made, NEVER if it was not."""
    return np.where(ways.rule == FITTING, log.admitted[ways.visit], log.queued[ways.visit])


def _chosen(plan: Plan, ways: Ways, chosen: Ints) -> Plan:
    """The plan with the kind and the work of the ways that were chosen."""
    made = np.flatnonzero(chosen != NEVER)
    kind, work = plan.visit_kind.copy(), plan.visit_work.copy()
    row = ways.start[made] + chosen[made]
    kind[ways.visit[made]], work[ways.visit[made]] = ways.kind[row], ways.work[row]
    return replace(plan, visit_kind=kind, visit_work=work)
