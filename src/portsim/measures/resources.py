"""Measures of resources: use against the roster, overtime, staffed hours and offered load."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.engines.log import DIVERTED, GAVE_UP, Log
from portsim.measures.groups import Row
from portsim.measures.spans import context_of, held_before, reached_last
from portsim.plan.contract import BUDGET, NEVER, SERVERS, STORE, Plan

__all__ = ["Overload", "counts", "offered", "offered_loads", "overload", "resource_rows"]

_HOUR, _DAY, _WEEKS = 3600.0, 86_400, 28


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


def resource_rows(plan: Plan, log: Log) -> list[Row]:
    """All rows whose place is a resource; class is all."""
    context = context_of(plan)
    days = len(context.day_edges) - 1
    asked = offered(plan)
    rows: list[Row] = []
    for number, place in enumerate(context.resource_names):
        taken, given = _moves(plan, log, number)
        n = len(taken[0])
        if plan.resource_kind[number] == SERVERS:
            staffed = _staffed(plan, number)
            used, above = _use(plan, log, number, taken, given)
            share = used / staffed if staffed else np.nan
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
            spent = int(taken[1][taken[0] >= context.start].sum())
            share = spent / given_out if given_out else np.nan
            rows.append(("all", place, "utilisation", share, n, ""))
    return rows


def _moves(plan: Plan, log: Log, what: int) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """When a resource's tokens are taken and given: (seconds, counts) of each."""
    begun, done = log.admitted != NEVER, log.finished != NEVER
    taken = counts(plan, plan.visit_take, what)
    in_ = counts(plan, plan.visit_give_in, what)
    out = counts(plan, plan.visit_give_out, what)
    lost = (log.outcome == DIVERTED) | (log.outcome == GAVE_UP)
    at = reached_last(plan, log)
    holders = np.flatnonzero(lost & (at > plan.first_visit[:-1])).tolist()
    gone = [
        (int(log.left[truck]), held_before(plan, truck, int(at[truck])).get(what, 0))
        for truck in holders
    ]
    extra = np.array(gone, dtype=np.int64).reshape(-1, 2)
    takes = begun & (taken > 0)
    gives_in, gives_out = begun & (in_ > 0), done & (out > 0)
    return (
        (log.admitted[takes], taken[takes]),
        (
            np.concatenate([log.admitted[gives_in], log.finished[gives_out], extra[:, 0]]),
            np.concatenate([in_[gives_in], out[gives_out], extra[:, 1]]),
        ),
    )


def counts(plan: Plan, column: Ints, what: int) -> Ints:
    """How many tokens of a resource each visit's list holds."""
    per_list = np.zeros(len(plan.list_start) - 1, dtype=np.int64)
    row = np.repeat(np.arange(len(per_list)), np.diff(plan.list_start))
    mine = plan.list_resource == what
    np.add.at(per_list, row[mine], plan.list_count[mine])
    return per_list[column]


def _held_at_work(plan: Plan, what: int) -> Ints:
    """How many servers of a kind a truck holds during each visit's work, kept ones included.

    Servers are all back when a truck leaves, so one sum runs over all trucks.
    """
    out = counts(plan, plan.visit_give_out, what)
    moves = counts(plan, plan.visit_take, what) - counts(plan, plan.visit_give_in, what)
    return np.asarray(np.cumsum(moves) - np.cumsum(out) + out)


def _capacity(plan: Plan, what: int) -> tuple[Ints, Ints]:
    mine = plan.change_resource == what
    times = np.concatenate([[0], plan.change_time[mine]])
    return times, np.concatenate([plan.resource_initial[[what]], plan.change_value[mine]])


def _staffed(plan: Plan, what: int) -> int:
    """Token-seconds of capacity in the period."""
    context = context_of(plan)
    times, values = _capacity(plan, what)
    edges = np.append(times, plan.end)
    length = edges[1:] - np.maximum(edges[:-1], context.start)
    return int((np.maximum(length, 0) * values).sum())


def _use(
    plan: Plan, log: Log, what: int, taken: tuple[Ints, Ints], given: tuple[Ints, Ints]
) -> tuple[int, int]:
    """Token-seconds used within capacity, and worked above it, in the period."""
    context = context_of(plan)
    steps, values = _capacity(plan, what)
    times = np.concatenate([taken[0], given[0]])
    moves = np.concatenate([taken[1], -given[1]])
    standing, edges = _paused(plan, log, what)
    marks = np.concatenate([times, steps, edges, [context.start, plan.end]])
    marks = np.unique(marks[(marks >= context.start) & (marks <= plan.end)])
    length = np.diff(marks)
    at = marks[:-1]
    used = _step(times, moves, at)
    capacity = values[np.searchsorted(steps, at, side="right") - 1]
    within = int((np.minimum(used, capacity) * length).sum())
    working = used - standing(at)
    return within, int((np.maximum(working - capacity, 0) * length).sum())


def _step(times: Ints, moves: Ints, at: Ints) -> Ints:
    order = np.argsort(times, kind="stable")
    sums = np.concatenate([[0], np.cumsum(moves[order])])
    return np.asarray(sums[np.searchsorted(times[order], at, side="right")])


def _paused(plan: Plan, log: Log, what: int) -> tuple[Callable[[Ints], Ints], Ints]:
    """Tokens held by trucks whose work is paused, as a function of time, and its edges."""
    held = _held_at_work(plan, what)
    parts = []
    edges = [np.zeros(0, dtype=np.int64)]
    for stage in np.flatnonzero(plan.stage_pause).tolist():
        here = (plan.visit_stage == stage) & (held > 0) & (log.admitted != NEVER)
        if not here.any():
            continue
        done = here & (log.finished != NEVER)
        times = np.concatenate([log.admitted[here], log.finished[done]])
        moves = np.concatenate([held[here], -held[done]])
        works = plan.works(stage)
        parts.append((times, moves, works))
        edges.append(works.ravel())

    def standing(at: Ints) -> Ints:
        total = np.zeros(len(at), dtype=np.int64)
        for times, moves, works in parts:
            row = np.searchsorted(works[:, 0], at, side="right") - 1
            working = (row >= 0) & (at < works[np.maximum(row, 0), 1]) if len(works) else row >= 0
            total += np.where(working, 0, _step(times, moves, at))
        return total

    return standing, np.concatenate(edges)


def offered(plan: Plan) -> Reals:
    """Token-seconds that the works of each day's trucks ask of each resource.

    Servers kept for later stages are held during the works there too; waiting asks for nothing.

    Returns:
        float64[resources, days of the period].
    """
    context = context_of(plan)
    truck = np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit))
    day = np.searchsorted(context.day_edges, plan.arrival, side="right") - 1
    days = len(context.day_edges) - 1
    in_period = day[truck] >= 0
    rows = []
    for number in range(len(plan.resource_kind)):
        work = _held_at_work(plan, number) * plan.visit_work
        rows.append(
            np.bincount(day[truck][in_period], weights=work[in_period], minlength=days)[:days]
        )
    return np.array(rows, dtype=np.float64).reshape(-1, days)


def overload(plan: Plan) -> list[Overload]:
    """Servers whose load is 1 or more over the period or over its worst four weeks."""
    context = context_of(plan)
    asked = offered(plan)
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
    times, values = _capacity(plan, what)
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
    asked = offered(plan)
    table = np.full((len(plan.resource_kind), 4), np.nan)
    for number, kind in enumerate(plan.resource_kind.tolist()):
        if kind == STORE:
            continue
        work, scale = asked[number], _HOUR
        staffed = _staffed_by_day(plan, number)
        if kind == BUDGET:
            work, scale = _spent_by_day(plan, number), 1.0
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


def _spent_by_day(plan: Plan, what: int) -> Reals:
    context = context_of(plan)
    truck = np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit))
    day = np.searchsorted(context.day_edges, plan.arrival, side="right")[truck] - 1
    tokens = counts(plan, plan.visit_take, what)
    days = len(context.day_edges) - 1
    spent = np.bincount(day[day >= 0], weights=tokens[day >= 0], minlength=days)
    return np.asarray(spent[:days], dtype=np.float64)


def _windows(work: Reals, staffed: Reals, span: int) -> Reals:
    """Load of each window of `span` days; infinite where work meets nobody on duty."""
    asked, had = (np.concatenate([[0.0], np.cumsum(series)]) for series in (work, staffed))
    work_sums, staff_sums = asked[span:] - asked[:-span], had[span:] - had[:-span]
    nobody = np.where(work_sums > 0, np.inf, 0.0)
    return np.where(staff_sums > 0, work_sums / np.maximum(staff_sums, 1e-9), nobody)
