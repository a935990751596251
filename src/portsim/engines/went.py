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
    visits, count = ways.visit[rows], np.diff(ways.start)[rows]
    own = plan.visit_kind[visits].astype(np.int64)
    table = np.full((len(rows), 1 + int(count.max())), NEVER)
    table[:, 0] = own
    for place in range(int(count.max())):
        some = np.flatnonzero(count > place)
        table[some, 1 + place] = ways.kind[ways.start[rows[some]] + place]
    new, which = np.unique(table, axis=0, return_inverse=True)
    like = np.concatenate([np.arange(len(plan.kind_take)), new[:, 0]])
    take = plan.kind_take.tolist()
    could = [(taken,) for taken in take]
    could += [
        tuple(take[kind] for kind in dict.fromkeys(row) if kind != NEVER) for row in new.tolist()
    ]
    kind = plan.visit_kind.copy()
    kind[visits] = len(take) + which.ravel()
    columns = ("kind_stage", "kind_take", "kind_give_in", "kind_give_out")
    of_kinds = {name: getattr(plan, name)[like] for name in columns}
    ranks = None if plan.ranks is None else plan.ranks.of(like)
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
