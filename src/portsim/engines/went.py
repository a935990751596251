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
    Until its admission a truck could have gone either way where ways are FITTING: `could_take`.
    """
    if plan.ways is None:
        return plan
    return _with_choice(replace(_chosen(plan, plan.ways, log.ways), ways=None), plan.ways)


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


def _with_choice(plan: Plan, ways: Ways) -> Plan:
    """The plan with kinds of their own for visits with FITTING ways, which could take others."""
    rows = np.flatnonzero(ways.rule == FITTING)
    if not len(rows):
        return plan
    kind, take = plan.visit_kind.copy(), plan.kind_take.tolist()
    like, could = list(range(len(take))), [(own,) for own in take]
    new: dict[tuple[int, ...], int] = {}
    for row in rows.tolist():
        visit = int(ways.visit[row])
        own = int(kind[visit])
        all_ = (own, *(other for other, _ in ways.of(row) if other != own))
        if all_ not in new:
            new[all_] = len(like)
            like.append(own)
            could.append(tuple(take[other] for other in all_))
        kind[visit] = new[all_]
    columns = ("kind_stage", "kind_take", "kind_give_in", "kind_give_out")
    of_kinds = {name: getattr(plan, name)[like] for name in columns}
    ranks = None if plan.ranks is None else plan.ranks.of(np.array(like))
    return replace(plan, visit_kind=kind, could_take=tuple(could), ranks=ranks, **of_kinds)


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
