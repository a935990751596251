"""Measures of choices: which stage trucks joined of those they saw, which server took them."""

import numpy as np

from portsim.engines.log import Log
from portsim.measures.groups import Row
from portsim.plan.contract import FITTING, NEVER, Plan

__all__ = ["CHOSEN", "chosen_rows"]

CHOSEN = "chosen_share"


def chosen_rows(plan: Plan, log: Log, *, stages: bool) -> dict[int, list[Row]]:
    """Rows of each stage, or of each resource, for what was chosen in the period.

    Args:
        plan, log: a run as an engine made it, with its choices.
        stages: of the stages among which trucks chose as they joined a queue; else of the servers
            of which one took them.

    Returns:
        By number of the stage or resource: of the admissions in the period of trucks that could
        have had it, the share that had it. Nothing where it was no matter of choice.
    """
    ways, context = plan.ways, plan.context
    if ways is None or context is None:
        return {}
    owner = np.repeat(np.arange(len(ways.visit)), np.diff(ways.start))
    fitting = ways.rule[owner] == FITTING
    admitted = log.admitted[ways.visit][owner] >= max(0, context.start)
    of_way = np.arange(len(owner)) - ways.start[owner]
    chosen = of_way == log.ways[owner]
    rows: dict[int, list[Row]] = {}
    if stages:
        places, names = plan.kind_stage[ways.kind], context.stage_names
        which = [(number, ~fitting & (places == number)) for number in range(len(names))]
    else:
        names = context.resource_names
        which = [(number, fitting & _differs(plan, number)) for number in range(len(names))]
    for number, could in which:
        seen = could & admitted & (log.ways[owner] != NEVER)
        n = int(seen.sum())
        if could.any():
            share = float(chosen[seen].mean()) if n else np.nan
            rows[number] = [("all", names[number], CHOSEN, share, n, "")]
    return rows


def _differs(plan: Plan, resource: int) -> np.ndarray:
    """bool[o], ways that take a resource which not all ways of their visit take."""
    assert plan.ways is not None
    ways = plan.ways
    takes = np.zeros(len(plan.list_start) - 1, dtype=bool)
    rows = np.repeat(np.arange(len(takes)), np.diff(plan.list_start))
    takes[rows[plan.list_resource == resource]] = True
    taken = takes[plan.kind_take[ways.kind]]
    every = np.logical_and.reduceat(taken, ways.start[:-1]) if len(ways.visit) else taken
    return np.asarray(taken & ~np.repeat(every, np.diff(ways.start)))
