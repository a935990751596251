"""Papers beside trucks, as measures see them: until when each visit of a truck waited for its own.

Plan and log are all that is looked at. No figure is worked out here.
"""

import numpy as np

from portsim.arrays import Ints
from portsim.engines.log import Log
from portsim.plan.contract import NEVER, Plan

__all__ = ["complete", "stages_needing"]


def complete(plan: Plan, log: Log) -> Ints:
    """Second from which on each visit of a truck lacked none of its papers.

    Returns:
        int64[v], no earlier than the visit joined its queue, and that second where it waits for no
        papers; the end of the run where it still lacked some then.
    """
    papers, since = plan.papers, log.queued.copy()
    if papers is None:
        return since
    asked = np.flatnonzero(papers.needed != NEVER)
    visits = papers.needed[asked]
    done = log.papers[papers.first_visit[1:] - 1, 2][asked]
    np.maximum.at(since, visits, np.where(done == NEVER, plan.end, done))
    return np.where(log.queued == NEVER, NEVER, since)


def stages_needing(plan: Plan) -> frozenset[int]:
    """The stages at which trucks may wait for papers."""
    if plan.papers is None:
        return frozenset()
    needed = plan.papers.needed
    return frozenset(plan.visit_stage[needed[needed != NEVER]].tolist())
