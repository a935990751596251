"""Curves of one run: queues, stock, arrivals and releases over time, stays, months."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.engines.log import DIVERTED, GAVE_UP, RELEASED, Log
from portsim.measures.curve import Curve
from portsim.measures.groups import Groups, Row
from portsim.measures.measurement import Measurement
from portsim.measures.port import late_trucks
from portsim.measures.presences import Presences
from portsim.measures.spans import context_of
from portsim.measures.sums import sum_by
from portsim.measures.week_work import week_work
from portsim.plan.contract import Plan

__all__ = ["curves", "from_empty_curve"]

_HOUR_S, _DAY_S = 3600, 86_400
_STAYS_H = np.unique(
    [
        # Rounded, for the last bits of a power are not the same on every machine.
        *(float(f"{hours:.4g}") for hours in np.geomspace(0.02, 8760.0, 400)),
        *(0.25, 0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 24.0, 36.0, 48.0, 72.0, 96.0, 120.0),
        *(168.0, 336.0, 720.0, 1440.0, 2880.0),
    ]
)
"""Hours at which it is told what share of the trucks has left."""
_LEAVING = (("releases", RELEASED), ("diverted", DIVERTED), ("given_up", GAVE_UP))
"""Curves of those that leave, and by which outcome."""


def curves(run: Measurement, rows: Sequence[Row]) -> list[Curve]:
    """All curves of a run.

    Args:
        run: the run.
        rows: its measures, for the months.

    Returns:
        `queue` and `inside` as exact hourly means; `arrivals`, `releases`, `diverted` and
        `given_up` cumulated at each hour's end, where arrivals begin with the trucks inside at the
        start, so that arrivals less the three others are the trucks inside at that second, before
        what happens in it; `throughput` of each whole day, `week` the mean queue by hour of the
        local week, undefined where the period does not begin at a full hour,
        `late` the late trucks by the day on which the clock of the promise starts, undefined where
        not all of the day can be judged; see `week_work` for servers by hour of the week,
        `stay` the share of the cohort that was released within so many hours, where trucks still
        inside at the end count as not yet released; `month` the throughput and `month_completed`
        the completion by calendar month (x = yyyymm).
    """
    plan, context, groups, inside = run.plan, run.context, run.groups, run.inside
    edges = np.append(np.arange(context.start, plan.end, _HOUR_S, dtype=np.int64), plan.end)
    hours = (edges[:-1] - context.start) / _HOUR_S
    drawn = _queues(plan, run.queues, edges, hours)
    trucks = inside.merged(np.zeros(inside.rows, dtype=np.int64), 1)
    stock = trucks.spread(context.start, plan.end, _HOUR_S)[0] / np.diff(edges)
    drawn.append(Curve("all", "", "inside", "h", "1", hours, stock))
    ends = (edges[1:] - context.start) / _HOUR_S
    came, left, daily = _flows(plan, run.log, inside, groups, edges)
    day = np.arange(daily.shape[1], dtype=np.float64)
    for number, name in enumerate(groups.names):
        if name in context.class_names:
            continue
        drawn.append(Curve(name, "", "arrivals", "h", "1", ends, came[number]))
        drawn += [Curve(name, "", of, "h", "1", ends, gone[number]) for of, gone in left.items()]
        drawn.append(Curve(name, "", "throughput", "d", "1/d", day, daily[number]))
        drawn.append(_stay(name, run.cohort.hours[number], run.cohort.cut[number]))
    drawn.append(_late(run))
    return drawn + week_work(run) + _months(context.month_names, rows)


def from_empty_curve(run: Measurement) -> Curve:
    """Trucks inside from the first second of the run on, warm-up included.

    Returns:
        `inside_from_empty`, hourly means; x in hours from the start of the period, below 0 in the
        warm-up.
    """
    plan, inside = run.plan, run.inside
    edges = np.append(np.arange(0, plan.end, _HOUR_S, dtype=np.int64), plan.end)
    trucks = inside.merged(np.zeros(inside.rows, dtype=np.int64), 1)
    stock = trucks.spread(0, plan.end, _HOUR_S)[0] / np.diff(edges)
    hours = (edges[:-1] - run.context.start) / _HOUR_S
    return Curve("all", "", "inside_from_empty", "h", "1", hours, stock)


def _queues(plan: Plan, queues: Presences, edges: Ints, hours: Reals) -> list[Curve]:
    context = context_of(plan)
    week, hour = np.arange(168, dtype=np.float64), context.hour_of_week
    count = np.bincount(hour, minlength=168)
    stages, classes = len(context.stage_names), len(context.class_names)
    at_stages = queues.merged(np.repeat(np.arange(stages), classes), stages)
    by_stage = at_stages.spread(context.start, plan.end, _HOUR_S)
    waiting = np.concatenate([by_stage.sum(axis=0, keepdims=True), by_stage]) / np.diff(edges)
    drawn = [Curve("all", "", "queue", "h", "1", hours, waiting[0])]
    for place, queue in zip(("", *context.stage_names), waiting, strict=True):
        with np.errstate(invalid="ignore"):
            mean = np.bincount(hour, weights=queue[: len(hour)], minlength=168) / count
        drawn.append(Curve("all", place, "week", "h", "1", week, mean))
    return drawn


def _flows(
    plan: Plan, log: Log, inside: Presences, groups: Groups, edges: Ints
) -> tuple[Reals, dict[str, Reals], Reals]:
    """Arrivals, and those that left by curve, until each hour's end; and releases of each day:
    a row a group.
    """
    context = context_of(plan)
    days, hours = len(context.day_edges) - 1, len(edges) - 1

    def hourly(cls: Ints, seconds: Ints, weight: Ints) -> Reals:
        # The first column has what was before the period.
        hour = np.maximum((seconds - context.start) // _HOUR_S, -1) + 1
        return np.cumsum(groups.tables(cls, hour, hours + 1, weight)[:, 1:], axis=1)

    def gone(outcome: int) -> tuple[Ints, Ints, Ints]:
        out = np.flatnonzero(log.outcome == outcome)
        return context.truck_class[out], log.left[out], context.pieces[out]

    cls, second, weight = gone(RELEASED)
    stock = groups.table @ inside.across(context.start)
    came = stock[:, np.newaxis] + hourly(inside.row, inside.begin, inside.weight)
    day = np.searchsorted(context.day_edges, second, side="right")
    daily = groups.tables(cls, day, days + 2, weight)[:, 1:-1]
    daily[:, ~context.whole] = np.nan
    return came, {of: hourly(*gone(outcome)) for of, outcome in _LEAVING}, daily


def _late(run: Measurement) -> Curve:
    context, (clock, weight) = run.context, late_trucks(run)
    edges = context.day_edges
    days = len(edges) - 1
    day = np.searchsorted(edges, clock, side="right")
    late = sum_by(day, weight, days + 2)[1:-1]
    # Whose clock starts later than that cannot be judged.
    late[~context.whole | (edges[1:] > run.plan.end - context.limit)] = np.nan
    return Curve("all", "", "late", "d", "1", np.arange(days, dtype=np.float64), late)


def _stay(name: str, stay: Reals, cut: NDArray[np.bool_]) -> Curve:
    left = np.searchsorted(stay[~cut], _STAYS_H, side="right")
    share = left / len(stay) if len(stay) else np.full(len(_STAYS_H), np.nan)
    return Curve(name, "", "stay", "h", "share", _STAYS_H, share)


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
