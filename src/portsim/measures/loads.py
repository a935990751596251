"""What is asked of resources, whatever comes of it: offered loads and overloads."""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.measures.kinds import Kinds
from portsim.measures.spans import context_of
from portsim.measures.sums import by_row
from portsim.measures.use import capacity_of
from portsim.plan.contract import BUDGET, SERVERS, STORE, Plan

__all__ = ["Overload", "offered", "offered_loads", "overload"]

_HOUR, _WEEKS = 3600.0, 28


@dataclass(frozen=True, slots=True)
class Overload:
    """The servers that more work was asked of than they were staffed for."""

    resource: str
    load: float
    """Offered over staffed token-seconds in the worst four weeks, or in the whole period."""
    first_day: int
    """Number of the day of the period with which this time begins."""
    days: int
    """Length of this time: four weeks, or the whole period."""


def offered(plan: Plan, kinds: Kinds) -> Reals:
    """Token-seconds that the works of each day's trucks ask of each resource.

    Servers kept for later stages are held during the works there too; waiting asks for nothing.

    Returns:
        float64[resources, days of the period]; 0 for what is no server.
    """
    days = len(context_of(plan).day_edges) - 1
    day = _day_of_visits(plan)
    code = kinds.of * (days + 2) + day
    work = by_row(code, plan.visit_work, len(kinds) * (days + 2)).reshape(-1, days + 2)
    asked = np.zeros((len(plan.resource_kind), days + 2))
    for what in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        if kinds.keeps(what):
            asked[what] = by_row(day, kinds.held(what) * plan.visit_work, days + 2)
        else:
            asked[what] = kinds.give_out[:, what] @ work
    return asked[:, 1:-1]


def _day_of_visits(plan: Plan) -> Ints:
    """Day of arrival of each visit's truck, int64[v], from 1 on; 0 before the period."""
    day = np.searchsorted(context_of(plan).day_edges, plan.arrival, side="right")
    return np.repeat(day, np.diff(plan.first_visit))


def overload(plan: Plan, asked: Reals) -> list[Overload]:
    """Servers whose load is 1 or more over the period or over its worst four weeks.

    Args:
        plan: with its context.
        asked: what `offered` says of it.
    """
    context = context_of(plan)
    found: list[Overload] = []
    days = asked.shape[1]
    span = min(_WEEKS, days)
    for number in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        staffed = _staffed_by_day(plan, number)
        load = _windows(asked[number], staffed, span)
        worst = int(load.argmax())
        name = context.resource_names[number]
        # The period as a whole may ask too much though none of its four weeks does.
        whole = float(_windows(asked[number], staffed, days)[0])
        if load[worst] >= 1.0:
            found.append(Overload(name, float(load[worst]), worst, span))
        elif whole >= 1.0:
            found.append(Overload(name, whole, 0, days))
    return found


def _staffed_by_day(plan: Plan, what: int) -> Reals:
    context = context_of(plan)
    times, values = capacity_of(plan, what)
    edges = np.append(times, plan.end)
    sums = np.concatenate([[0], np.cumsum(np.diff(edges) * values)])
    at = context.day_edges
    row = np.minimum(np.searchsorted(times, at, side="right") - 1, len(values) - 1)
    return np.asarray(np.diff(sums[row] + (at - times[row]) * values[row]), dtype=np.float64)


def offered_loads(plan: Plan) -> Reals:
    """What the trucks of the period ask of each resource, before anything is run.

    Returns:
        float64[resources, 4]: staffed server-hours a day, server-hours asked for a day, load over
        the period, load of its worst four weeks; for budgets tokens in place of server-hours, NaN
        for stores and where nothing is on duty.
    """
    context = context_of(plan)
    days = len(context.day_edges) - 1
    span = min(_WEEKS, days)
    kinds = Kinds.sort(plan)
    asked = offered(plan, kinds)
    table = np.full((len(plan.resource_kind), 4), np.nan)
    for number, kind in enumerate(plan.resource_kind.tolist()):
        if kind == STORE:
            continue
        work, scale = asked[number], _HOUR
        staffed = _staffed_by_day(plan, number)
        if kind == BUDGET:
            work, scale = _spent_by_day(plan, kinds, number), 1.0
            mine = plan.change_resource == number
            day = np.searchsorted(context.day_edges, plan.change_time[mine], side="right") - 1
            set_ = np.bincount(
                day[day >= 0], weights=plan.change_value[mine][day >= 0], minlength=days
            )
            staffed = np.asarray(set_[:days], dtype=np.float64)
            if not (plan.change_time[mine] == context.start).any():
                staffed[0] += plan.resource_initial[number]
        table[number] = (
            staffed.sum() / scale / days,
            work.sum() / scale / days,
            work.sum() / staffed.sum() if staffed.sum() else np.nan,
            float(_windows(work, staffed, span).max()),
        )
    return table


def _spent_by_day(plan: Plan, kinds: Kinds, what: int) -> Reals:
    visits = kinds.visits(np.flatnonzero(kinds.take[:, what]))
    tokens = kinds.take[kinds.of[visits], what]
    days = len(context_of(plan).day_edges) - 1
    day = _day_of_visits(plan)[visits]
    return by_row(day, tokens, days + 2)[1:-1]


def _windows(work: Reals, staffed: Reals, span: int) -> Reals:
    """Load of each window of `span` days; infinite where work meets nobody on duty."""
    asked, had = (np.concatenate([[0.0], np.cumsum(series)]) for series in (work, staffed))
    work_sums, staff_sums = asked[span:] - asked[:-span], had[span:] - had[:-span]
    nobody = np.where(work_sums > 0, np.inf, 0.0)
    return np.where(staff_sums > 0, work_sums / np.maximum(staff_sums, 1e-9), nobody)
