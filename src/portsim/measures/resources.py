"""Measures of resources: use against the roster, overtime, staffed hours and offered load."""

import numpy as np

from portsim.arrays import Reals
from portsim.engines.log import Log
from portsim.measures.groups import Row
from portsim.measures.kinds import Kinds
from portsim.measures.spans import Spans, context_of
from portsim.measures.use import capacity_of, uses
from portsim.plan.contract import BUDGET, NEVER, SERVERS, Plan

__all__ = ["resource_rows"]

_HOUR = 3600.0


def resource_rows(plan: Plan, log: Log, found: Spans, asked: Reals) -> list[Row]:
    """All rows whose place is a resource; class is all.

    Args:
        plan, log, found: the run.
        asked: what `offered` says of the plan.
    """
    context = context_of(plan)
    days = len(context.day_edges) - 1
    kinds, used = found.kinds, uses(plan, log, found)
    begun = np.bincount(kinds.of[log.admitted != NEVER], minlength=len(kinds))
    rows: list[Row] = []
    for number, place in enumerate(context.resource_names):
        n = int(begun[kinds.take[:, number] > 0].sum())
        if plan.resource_kind[number] == SERVERS:
            staffed = _staffed(plan, number)
            within, above = used[number]
            share = within / staffed if staffed else np.nan
            load = float(asked[number].sum()) / staffed if staffed else np.nan
            rows += [
                ("all", place, "utilisation", share, n, ""),
                ("all", place, "overtime_h_per_day", above / _HOUR / days, n, ""),
                ("all", place, "staffed_h_per_day", staffed / _HOUR / days, n, ""),
                ("all", place, "load", load, n, ""),
            ]
        elif plan.resource_kind[number] == BUDGET:
            mine = (plan.change_resource == number) & (plan.change_time >= context.start)
            # Without a refill at its very start, the period begins with what was set before.
            refilled = bool((plan.change_time[mine] == context.start).any())
            level = 0 if refilled else int(plan.resource_initial[number])
            given_out = level + int(plan.change_value[mine].sum())
            spent = _spent(plan, log, kinds, number)
            share = spent / given_out if given_out else np.nan
            rows.append(("all", place, "utilisation", share, n, ""))
    return rows


def _spent(plan: Plan, log: Log, kinds: Kinds, what: int) -> int:
    """Tokens of a budget taken in the period."""
    visits = kinds.visits(np.flatnonzero(kinds.take[:, what]))
    visits = visits[log.admitted[visits] >= context_of(plan).start]
    return int(kinds.take[kinds.of[visits], what].sum())


def _staffed(plan: Plan, what: int) -> int:
    """Token-seconds of capacity in the period."""
    context = context_of(plan)
    times, values = capacity_of(plan, what)
    edges = np.append(times, plan.end)
    length = edges[1:] - np.maximum(edges[:-1], context.start)
    return int((np.maximum(length, 0) * values).sum())
