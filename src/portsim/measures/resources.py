"""Measures of resources: use of what can work, overtime, staffed hours and offered load."""

import numpy as np

from portsim.engines.log import Log
from portsim.measures.choices import CHOSEN, chosen_rows
from portsim.measures.groups import Row
from portsim.measures.measurement import Measurement
from portsim.measures.opened_servers import extra_servers, times_opened
from portsim.measures.server_use import server_use
from portsim.measures.spans import context_of
from portsim.measures.visit_kinds import Kinds
from portsim.measures.wanted import Wanted
from portsim.plan.contract import BUDGET, NEVER, STORE, Plan

__all__ = ["resource_rows"]

_HOUR = 3600.0
_MEASURES = (
    *("utilisation", "overtime_h_per_day", "staffed_h_per_day", "available_h_per_day", "load"),
    *("extra_h_per_day", "opened_per_day", CHOSEN),
)


def resource_rows(run: Measurement, wanted: Wanted) -> list[Row]:
    """Rows whose place is a resource; class is all."""
    if wanted.port_only or not wanted.any(*_MEASURES):
        return []
    chosen = chosen_rows(*run.as_given, stages=False) if wanted.any(CHOSEN) else {}
    run = run.with_papers
    plan, log, context, staff, loads = run.plan, run.log, run.context, run.staffing, run.daily_loads
    days, kinds = context.days, run.spans.kinds
    used = server_use(run) if wanted.any("utilisation", "overtime_h_per_day") else {}
    begun = np.bincount(kinds.of[log.admitted != NEVER], minlength=len(kinds))
    rows: list[Row] = []
    for number, place in enumerate(context.resource_names):
        n = int(begun[kinds.take[:, number] > 0].sum())
        if plan.resource_kind[number] == STORE:
            continue
        work, given = loads.work[number].sum(), loads.given[number].sum()
        load = work / given if given else np.nan
        if plan.resource_kind[number] == BUDGET:
            share = _spent(plan, log, kinds, number) / given if given else np.nan
            rows += [
                ("all", place, "utilisation", share, n, ""),
                ("all", place, "load", load, n, ""),
            ]
            continue
        within, above = used.get(number, (0, 0))
        staffed = staff[number].between(staff[number].staffed, context.day_edges, plan.end).sum()
        rows += [
            ("all", place, "utilisation", within / given if given else np.nan, n, ""),
            ("all", place, "overtime_h_per_day", above / _HOUR / days, n, ""),
            ("all", place, "staffed_h_per_day", staffed / _HOUR / days, n, ""),
            ("all", place, "available_h_per_day", given / _HOUR / days, n, ""),
            ("all", place, "load", load, n, ""),
        ]
        rows += chosen.get(number, [])
        if number in run.opened_by_queue:
            rows += _opened(run, number, place)
    return rows


def _opened(run: Measurement, number: int, place: str) -> list[Row]:
    """What the queue opened of some servers: counted as staffed like all others of their kind."""
    context, staff = run.context, run.staffing[number]
    since, extra = extra_servers(run.as_planned, run.log, number)
    there = extra[np.searchsorted(since, staff.times, side="right") - 1]
    if not staff.rostered:
        # All of them can work, or none.
        there = np.minimum(there, staff.available)
    hours = staff.between(there, context.day_edges, run.plan.end).sum() / _HOUR
    times = times_opened(run.as_planned, run.log, number, context.start)
    return [
        ("all", place, "extra_h_per_day", hours / context.days, times, ""),
        ("all", place, "opened_per_day", times / context.days, times, ""),
    ]


def _spent(plan: Plan, log: Log, kinds: Kinds, budget: int) -> int:
    """Tokens of a budget taken in the period."""
    visits = kinds.visits(np.flatnonzero(kinds.take[:, budget]))
    visits = visits[log.admitted[visits] >= context_of(plan).start]
    return int(kinds.take[kinds.of[visits], budget].sum())
