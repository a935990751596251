"""Curves of one run: queues, stock, arrivals and releases over time, stays, months."""

from collections.abc import Sequence

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.engines.log import RELEASED, Log
from portsim.measures.counting import integral
from portsim.measures.curve import Curve
from portsim.measures.groups import Groups, Row
from portsim.measures.port import Cohort
from portsim.measures.spans import Spans, context_of
from portsim.plan.contract import Plan

__all__ = ["curves"]

_HOUR_S, _DAY_S, _POINTS = 3600, 86_400, 200


def curves(
    plan: Plan, log: Log, found: Spans, judged: Cohort, groups: Groups, rows: Sequence[Row]
) -> list[Curve]:
    """All curves of a run.

    Args:
        plan, log, found, judged, groups: the run and what was worked out of it.
        rows: its measures, for the months.

    Returns:
        `queue` and `inside` as exact hourly means, `arrivals` and `releases` cumulated at each
        hour's end (arrivals begin with the trucks inside at the start), `throughput` a day, `week`
        the mean queue by hour of the local week, `stay` in hours at 200 shares, `month` the
        throughput and `month_completed` the completion by calendar month (x = yyyymm).
    """
    context = context_of(plan)
    edges = np.append(np.arange(context.start, plan.end, _HOUR_S, dtype=np.int64), plan.end)
    hours = (edges[:-1] - context.start) / _HOUR_S
    ends = (edges[1:] - context.start) / _HOUR_S
    weight = context.pieces
    drawn = _queues(plan, log, found, edges, hours)
    inside = _hourly(plan.arrival, found.out, weight, edges)
    drawn.append(Curve("all", "", "inside", "h", "1", hours, inside))
    released = log.outcome == RELEASED
    for name, members in groups:
        if name in context.class_names:
            continue
        mine = members[context.truck_class]
        gone = mine & released
        before = (plan.arrival < context.start) & (found.out >= context.start)
        stock = float(weight[mine & before].sum())
        came = stock + _cumulated(plan.arrival[mine], weight[mine], edges)
        left = _cumulated(log.left[gone], weight[gone], edges)
        drawn.append(Curve(name, "", "arrivals", "h", "1", ends, came))
        drawn.append(Curve(name, "", "releases", "h", "1", ends, left))
        daily = np.diff(_cumulated_at(log.left[gone], weight[gone], context.day_edges))
        day = np.arange(len(daily), dtype=np.float64)
        drawn.append(Curve(name, "", "throughput", "d", "1/d", day, daily))
        drawn.append(_stay(plan, found, judged, name, mine))
    return drawn + _months(context.month_names, rows)


def _queues(plan: Plan, log: Log, found: Spans, edges: Ints, hours: Reals) -> list[Curve]:
    context = context_of(plan)
    weight = context.pieces[found.truck]
    week = np.arange(168, dtype=np.float64)
    drawn: list[Curve] = []
    for number, place in enumerate(("", *context.stage_names)):
        chosen = found.reached & (found.until > log.queued)
        if place:
            chosen &= plan.visit_stage == number - 1
        queue = _hourly(log.queued[chosen], found.until[chosen], weight[chosen], edges)
        if not place:
            drawn.append(Curve("all", place, "queue", "h", "1", hours, queue))
        at = context.hour_of_week
        count = np.bincount(at, minlength=168)
        with np.errstate(invalid="ignore"):
            mean = np.bincount(at, weights=queue, minlength=168) / count
        drawn.append(Curve("all", place, "week", "h", "1", week, mean))
    return drawn


def _hourly(begin: Ints, finish: Ints, weight: Ints, edges: Ints) -> Reals:
    return np.asarray(np.diff(integral(begin, finish, weight, edges)) / np.diff(edges))


def _cumulated(seconds: Ints, weight: Ints, edges: Ints) -> Reals:
    """Weight that came from the first edge until each later one."""
    sums = _cumulated_at(seconds, weight, edges)
    return np.asarray(sums[1:] - sums[0])


def _cumulated_at(seconds: Ints, weight: Ints, edges: Ints) -> Reals:
    order = np.argsort(seconds, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(weight[order])])
    return np.asarray(sums[np.searchsorted(seconds[order], edges)])


def _stay(plan: Plan, found: Spans, judged: Cohort, name: str, mine: np.ndarray) -> Curve:
    chosen = np.flatnonzero(judged.stays & mine)
    weight = context_of(plan).pieces[chosen]
    stay = np.repeat((found.out - plan.arrival)[chosen], weight) / _HOUR_S
    share = (np.arange(_POINTS) + 0.5) / _POINTS
    hours = np.quantile(stay, share) if len(stay) else np.full(_POINTS, np.nan)
    return Curve(name, "", "stay", "share", "h", share, hours)


def _months(names: Sequence[str], rows: Sequence[Row]) -> list[Curve]:
    values = {(cls, measure): value for cls, place, measure, value, *_ in rows if not place}
    x = np.array([float(month.replace("-", "")) for month in names])
    return [
        Curve(
            "all",
            "",
            name,
            "month",
            unit,
            x,
            np.array([values.get(("all", f"{measure}[{month}]"), np.nan) for month in names]),
        )
        for name, measure, unit in (
            ("month", "throughput_per_day", "1/d"),
            ("month_completed", "completed_within_limit", "share"),
        )
    ]
