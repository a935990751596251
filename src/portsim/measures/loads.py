"""What is asked of resources day by day, whatever comes of it, and what they have for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import Intervals, measure_within
from portsim.engines.together import plan_together
from portsim.measures.spans import context_of
from portsim.measures.staffing import Staffing, open_times, staffing
from portsim.measures.sums import sum_by
from portsim.measures.visit_kinds import Kinds
from portsim.plan.contract import BUDGET, NEVER, SERVERS, Plan
from portsim.plan.lasting import with_paces
from portsim.plan.ways import spread

__all__ = ["WEEKS", "DailyLoads", "daily_loads", "offered_loads", "window_loads"]

_HOUR = 3600.0
WEEKS = 28
"""Days of the worst four weeks."""


@dataclass(frozen=True, eq=False, slots=True)
class DailyLoads:
    """What the trucks of each day of the period ask for, and what there is on that day.

    Servers in token-seconds, budgets in tokens; 0 for stores. r resources, d days.
    """

    work: Reals
    """float64[r, d]. Servers kept for later stages are held during the works there too; waiting
    asks for nothing. What a truck asks for counts on the day of its arrival."""
    given: Reals
    """float64[r, d]. Servers while they can work (see `Staffing`); tokens on the day they are set,
    if some stage that spends them is open before they are set anew."""


def daily_loads(
    plan: Plan, kinds: Kinds, open_: Sequence[Intervals], staff: Mapping[int, Staffing]
) -> DailyLoads:
    """What a plan asks of its resources.

    Args:
        plan: with its context.
        kinds: its visits by kind.
        open_: what `open_times` says of it.
        staff: the staffing of its servers.
    """
    edges = context_of(plan).day_edges
    days = len(edges) - 1
    day = _day_of_visits(plan)
    code = kinds.of * (days + 2) + day
    seconds = sum_by(code, plan.visit_work, len(kinds) * (days + 2)).reshape(-1, days + 2)
    work, given = np.zeros((2, len(plan.resource_kind), days))
    budgets = np.flatnonzero(plan.resource_kind == BUDGET).tolist()
    if budgets:
        count = np.bincount(code, minlength=seconds.size).reshape(seconds.shape)
    for resource in budgets:
        work[resource] = (kinds.take[:, resource] @ count)[1:-1]
        given[resource] = _set(plan, resource, open_[resource])
    for resource in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        if kinds.keeps(resource):
            work[resource] = sum_by(day, kinds.held(resource) * plan.visit_work, days + 2)[1:-1]
        else:
            work[resource] = (kinds.give_out[:, resource] @ seconds)[1:-1]
        given[resource] = staff[resource].between(staff[resource].available, edges, plan.end)
    return DailyLoads(work, given)


def _day_of_visits(plan: Plan) -> Ints:
    """Day of arrival of each visit's truck, int64[v], from 1 on; 0 before the period."""
    day = np.searchsorted(context_of(plan).day_edges, plan.arrival, side="right")
    return np.repeat(day, np.diff(plan.first_visit))


def _set(plan: Plan, budget: int, open_: Intervals) -> Reals:
    """Tokens of a budget that are set on each day and that a stage can spend."""
    context = context_of(plan)
    changes = plan.change_resource == budget
    times = np.concatenate([[0], plan.change_time[changes]])
    values = np.concatenate([plan.resource_initial[[budget]], plan.change_value[changes]])
    # Without a refill at its very start, the period begins with what was set before.
    first = int(np.searchsorted(times, context.start, side="right")) - 1
    if plan.beginning is not None and times[first] < context.start:
        values[first] = plan.beginning.level[budget]
    times, values = np.maximum(times[first:], context.start), values[first:]
    usable = measure_within(open_, times, np.append(times[1:], plan.end)) > 0
    day = np.searchsorted(context.day_edges, times, side="right") - 1
    return sum_by(day, values * usable, len(context.day_edges) - 1)


def offered_loads(plan: Plan) -> Reals:
    """What the trucks of the period ask of each resource, and their papers, before anything is run.

    Returns:
        float64[resources, 5]: server-hours a day that are staffed, and of these that can work;
        server-hours asked for a day; load over the period; load of its worst four weeks. Of
        budgets tokens in place of server-hours; NaN for stores and where nothing is given.
    """
    plan = plan_together(spread(plan))
    days = context_of(plan).days
    # Nobody has been admitted: works last as at the hour of the arrival.
    plan = with_paces(plan, np.full(plan.visits, NEVER))
    kinds = Kinds.sort(plan)
    open_ = open_times(plan, kinds)
    staff = staffing(plan, open_)
    by_day = daily_loads(plan, kinds, open_, staff)
    table = np.full((len(plan.resource_kind), 5), np.nan)
    for number, (work, given) in enumerate(zip(by_day.work, by_day.given, strict=True)):
        scale, staffed = 1.0, given.sum()
        if plan.resource_kind[number] == SERVERS:
            servers, scale = staff[number], _HOUR
            staffed = servers.between(servers.staffed, context_of(plan).day_edges, plan.end).sum()
        elif plan.resource_kind[number] != BUDGET:
            continue
        table[number] = (
            staffed / scale / days,
            given.sum() / scale / days,
            work.sum() / scale / days,
            work.sum() / given.sum() if given.sum() else np.nan,
            float(window_loads(work, given, min(WEEKS, len(work))).max()),
        )
    return table


def window_loads(work: Reals, given: Reals, span: int) -> Reals:
    """Load of each window of `span` days; infinite where work meets nothing."""
    sums = (np.concatenate([[0.0], np.cumsum(series)]) for series in (work, given))
    asked_, had = (total[span:] - total[:-span] for total in sums)
    nobody = np.where(asked_ > 0, np.inf, 0.0)
    return np.where(had > 0, asked_ / np.maximum(had, 1e-9), nobody)
