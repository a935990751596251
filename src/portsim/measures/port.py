"""Measures of the whole port: flow, completion, stay and stock, by group of trucks."""

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import measure_within
from portsim.engines.log import DIVERTED, GAVE_UP, RELEASED, Log
from portsim.measures.cohort import Cohort
from portsim.measures.durations import PARTS, Durations
from portsim.measures.groups import Groups, Row
from portsim.measures.presences import Presences
from portsim.measures.spans import context_of
from portsim.measures.trial import Trial
from portsim.plan.contract import Context, Plan

__all__ = ["port_rows"]

_HOUR = 3600.0
_QUANTILES = (0.5, 0.95)
_FEW = 0.001
"""Share of cut durations above which a mean is a lower bound (design, section 6)."""


def port_rows(
    plan: Plan, log: Log, judged: Cohort, lasted: Durations, inside: Presences, groups: Groups
) -> list[Row]:
    """All rows with an empty place.

    Args:
        plan, log, judged, lasted, groups: the run and what was worked out of it.
        inside: the trucks from arrival to leaving, or the end; a row for each class.
    """
    rows = _flow(plan, log, groups)
    rows += _completion(plan, judged.trial, groups)
    parts = {m: (groups.table @ lasted.seconds[m].sum(axis=0)).tolist() for m in PARTS}
    stock = _stock(plan, inside, groups)
    for number, name in enumerate(groups.names):
        mine = {measure: total[number] for measure, total in parts.items()}
        rows += _stays(name, judged, number, mine)
        rows += stock[number]
    return rows


def _in_period(plan: Plan, seconds: Ints) -> np.ndarray:
    return (seconds >= context_of(plan).start) & (seconds < plan.end)


def _flow(plan: Plan, log: Log, groups: Groups) -> list[Row]:
    context = context_of(plan)
    weight, cls = context.pieces, context.truck_class
    days = len(context.day_edges) - 1
    arrived = np.where(_in_period(plan, plan.arrival), weight, 0)
    left = {
        outcome: (log.outcome == outcome) & _in_period(plan, log.left)
        for outcome in (RELEASED, DIVERTED, GAVE_UP)
    }
    counts = {
        "arrived": groups.sums(cls, arrived),
        "released": groups.sums(cls, np.where(left[RELEASED], weight, 0)),
        "diverted": groups.sums(cls, np.where(left[DIVERTED], weight, 0)),
        "given_up": groups.sums(cls, np.where(left[GAVE_UP], weight, 0)),
    }
    amounts: dict[str, Ints | Reals] = {
        "throughput_per_day": weight,
        "throughput_tonnes_per_day": context.tonnes,
        "throughput_value_per_day": context.value,
        "residents_per_day": context.residents,
    }
    released = left[RELEASED]
    per_day = {
        measure: groups.sums(cls[released], amount[released]) / days
        for measure, amount in amounts.items()
    }
    whole = np.array([context.start]), np.array([plan.end])
    open_h = int(measure_within(context.open_hours, *whole)[0]) / _HOUR
    busiest = {
        "throughput_max_day": _busiest(context, groups, log.left, np.where(released, weight, 0)),
        "arrived_max_day": _busiest(context, groups, plan.arrival, arrived),
    }
    rows: list[Row] = []
    for number, name in enumerate(groups.names):
        n = int(counts["released"][number])
        for measure, values in counts.items():
            rows.append((name, "", measure, float(values[number]), int(values[number]), ""))
        for measure, values in per_day.items():
            rows.append((name, "", measure, float(values[number]), n, ""))
        per_hour = n / open_h if open_h else np.nan
        rows.append((name, "", "throughput_per_open_hour", per_hour, n, ""))
        for measure, most in busiest.items():
            rows.append((name, "", measure, float(most[number]), int(most[number]), ""))
    out = np.flatnonzero(released)
    month = np.searchsorted(context.month_edges, log.left[out], side="right") - 1
    # In local days, of which one in spring has 23 hours and one in autumn 25.
    lengths = np.diff(np.searchsorted(context.day_edges, context.month_edges))
    values = groups.tables(cls[out], month, len(lengths), weight[out])
    for label, length, column in zip(context.month_names, lengths, values.T.tolist(), strict=True):
        for name, value in zip(groups.names, column, strict=True):
            per = value / length
            rows.append((name, "", f"throughput_per_day[{label}]", per, int(value), ""))
    return rows


def _busiest(context: Context, groups: Groups, seconds: Ints, weight: Ints) -> Reals:
    """The largest count of one local day, each group's own: float64[g]; 0 weighs what is not in."""
    some = np.flatnonzero(weight)
    day = np.searchsorted(context.day_edges, seconds[some], side="right")
    days = len(context.day_edges) - 1
    counts = groups.tables(context.truck_class[some], day, days + 2, weight[some])
    return np.asarray(counts[:, 1:-1].max(axis=1))


def _completion(plan: Plan, trial: Trial, groups: Groups) -> list[Row]:
    context = context_of(plan)
    at = np.flatnonzero(trial.judged)
    month = np.searchsorted(context.month_edges, trial.clock[at], side="right") - 1
    weight, cls, months = context.pieces[at], context.truck_class[at], len(context.month_names)
    count = groups.tables(cls, month, months, weight)
    kept = groups.tables(cls, month, months, np.where(trial.kept[at], weight, 0))
    slots = [("completed_within_limit", count.sum(axis=1), kept.sum(axis=1))]
    slots += [
        (f"completed_within_limit[{label}]", count[:, number], kept[:, number])
        for number, label in enumerate(context.month_names)
    ]
    rows: list[Row] = []
    for measure, counts, keeps in slots:
        for name, n, k in zip(groups.names, counts.tolist(), keeps.tolist(), strict=True):
            rows.append((name, "", measure, k / n if n else np.nan, int(n), ""))
    return rows


def _stays(name: str, judged: Cohort, number: int, parts: dict[str, float]) -> list[Row]:
    """Rows of the stays of a group, given its number, too, and the seconds of their parts."""
    stay, cut = judged.hours[number], judged.cut[number]
    n = len(stay)
    if not n:
        empty = ("stay_mean_h", "stay_p50_h", "stay_p95_h", *parts)
        return [(name, "", measure, np.nan, 0, "") for measure in empty]
    at_least = "at least" if cut.sum() > _FEW * n else ""
    rows: list[Row] = [(name, "", "stay_mean_h", judged.mean[number], n, at_least)]
    shortest_cut = stay[cut].min(initial=np.inf)
    # A quantile lies between two stays: if the longer one is cut, it may be any length.
    longer = np.quantile(stay, _QUANTILES, method="higher").tolist()
    quantiles = np.quantile(stay, _QUANTILES).tolist()
    for measure, value, beyond in zip(("stay_p50_h", "stay_p95_h"), quantiles, longer, strict=True):
        rows.append((name, "", measure, value, n, "at least" if shortest_cut <= beyond else ""))
    for measure, total in parts.items():
        rows.append((name, "", measure, total / n / _HOUR, n, at_least))
    return rows


def _stock(plan: Plan, inside: Presences, groups: Groups) -> list[list[Row]]:
    """Rows of each group for the trucks inside."""
    context = context_of(plan)
    start, end, nights = context.start, plan.end, context.nights
    days = len(context.day_edges) - 1
    # Until the end means inside beyond it: `finish` is the end for those that never left.
    at_end = groups.sums(inside.row, np.where(inside.finish == end, inside.weight, 0))
    at_start = groups.table @ inside.across(start)
    mean = groups.table @ inside.overlap(start, end) / (end - start)
    most = inside.largest(start, groups.layers, len(groups.names))
    overnight = groups.table @ inside.present(nights)
    count = groups.table @ inside.count()
    rows: list[list[Row]] = []
    for g, name in enumerate(groups.names):
        n, growth = int(count[g]), float(at_end[g] - at_start[g]) / days
        at_night = float(overnight[g].mean()) if len(nights) else np.nan
        rows.append(
            [
                (name, "", "inside_mean", float(mean[g]), n, ""),
                (name, "", "inside_max", float(most[g]), n, ""),
                (name, "", "inside_at_start", float(at_start[g]), n, ""),
                (name, "", "inside_at_end", float(at_end[g]), n, ""),
                (name, "", "growth_per_day", growth, n, ""),
                (name, "", "overnight_mean", at_night, len(nights), ""),
            ]
        )
    return rows
