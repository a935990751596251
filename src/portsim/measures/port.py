"""Measures of the whole port: flow, completion, stay and stock, by group of trucks."""

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import measure_within
from portsim.engines.log import DIVERTED, GAVE_UP, RELEASED
from portsim.measures.durations import PAPERS, PARTS
from portsim.measures.groups import Groups, Row
from portsim.measures.measurement import Measurement
from portsim.measures.slots import late_for_promise, slot_rows
from portsim.measures.wanted import Wanted
from portsim.plan.contract import Context
from portsim.scenario.figure_notes import AT_LEAST

__all__ = ["late_trucks", "port_rows"]

_HOUR = 3600.0
_FEW = 0.001
"""Share of cut durations above which a mean is a lower bound (docs/explanation/measures.md)."""
_STAYS, _QUANTILES = "stay_mean_h", {"stay_p50_h": 0.5, "stay_p95_h": 0.95}
_LEFT = {"released": RELEASED, "diverted": DIVERTED, "given_up": GAVE_UP}
_AGAIN = ("came_again", "lost")
_FLOW = "throughput_per_day"
_KEPT, _LATE = "completed_within_limit", "late_per_day"
_DAY_S = 86_400


def port_rows(run: Measurement, wanted: Wanted) -> list[Row]:
    """Rows with an empty place: those that are wanted, and perhaps some more."""
    rows = _flow(run, wanted)
    if wanted.any(_KEPT, _LATE) or wanted.monthly(_KEPT) or wanted.monthly(_LATE):
        rows += _completion(run)
    parts = {
        measure: (run.groups.table @ run.durations.seconds(measure).sum(axis=0)).tolist()
        for measure in (*PARTS, *([] if run.plan.papers is None else [PAPERS]))
        if wanted.any(measure)
    }
    stays = wanted.any(_STAYS, *_QUANTILES, *parts)
    stock = _stock(run, wanted)
    for number, name in enumerate(run.groups.names):
        if stays:
            of_group = {measure: total[number] for measure, total in parts.items()}
            rows += _stays(run, wanted, name, number, of_group)
        rows += [(name, "", measure, *figures[number]) for measure, figures in stock.items()]
    return rows + slot_rows(run, wanted)


def _in_period(run: Measurement, seconds: Ints) -> np.ndarray:
    return (seconds >= run.context.start) & (seconds < run.plan.end)


def _flow(run: Measurement, wanted: Wanted) -> list[Row]:
    plan, log, context, groups = run.plan, run.log, run.context, run.groups
    weight, cls, days = context.pieces, context.truck_class, context.days
    arrived = np.where(_in_period(run, plan.arrival), weight, 0)
    released = (log.outcome == RELEASED) & _in_period(run, log.left)
    out = np.flatnonzero(released)
    passed = groups.sums(cls[out], weight[out])
    counts: dict[str, Reals] = {}
    if wanted.any("arrived"):
        counts["arrived"] = groups.sums(cls, arrived)
    for measure, outcome in _LEFT.items():
        if wanted.any(measure):
            left = np.flatnonzero((log.outcome == outcome) & _in_period(run, log.left))
            counts[measure] = groups.sums(cls[left], weight[left])
    if context.before is not None and context.expected is not None and wanted.any(*_AGAIN):
        gone = np.isin(log.outcome, (DIVERTED, GAVE_UP)) & _in_period(run, log.left)
        counts["came_again"] = groups.sums(cls, np.where(context.before, arrived, 0))
        counts["lost"] = groups.sums(cls, np.where(gone & ~context.expected, weight, 0))
    amounts: dict[str, Ints | Reals] = {
        _FLOW: weight,
        "throughput_tonnes_per_day": context.tonnes,
        "throughput_value_per_day": context.value,
        "residents_per_day": context.residents,
    }
    per_day = {
        measure: groups.sums(cls[out], amount[out]) / days
        for measure, amount in amounts.items()
        if wanted.any(measure)
    }
    whole = np.array([context.start]), np.array([plan.end])
    open_h = int(measure_within(context.open_hours, *whole)[0]) / _HOUR
    busiest = {
        measure: _busiest(context, groups, seconds, amount)
        for measure, seconds, amount in (
            ("throughput_max_day", log.left, np.where(released, weight, 0)),
            ("arrived_max_day", plan.arrival, arrived),
        )
        if wanted.any(measure)
    }
    rows: list[Row] = []
    for number, name in enumerate(groups.names):
        n = int(passed[number])
        for measure, values in counts.items():
            rows.append((name, "", measure, float(values[number]), int(values[number]), ""))
        for measure, values in per_day.items():
            rows.append((name, "", measure, float(values[number]), n, ""))
        per_hour = n / open_h if open_h else np.nan
        rows.append((name, "", "throughput_per_open_hour", per_hour, n, ""))
        for measure, most in busiest.items():
            rows.append(
                (name, "", measure, float(most[number]), int(np.nan_to_num(most[number])), "")
            )
    return rows + (_by_month(run, out) if wanted.monthly(_FLOW) else [])


def _by_month(run: Measurement, out: Ints) -> list[Row]:
    """Rows of the trucks `out` in the period, by the month in which they left."""
    context, groups = run.context, run.groups
    rows: list[Row] = []
    if not context.month_names:
        return rows
    month = np.searchsorted(context.month_edges, run.log.left[out], side="right") - 1
    # In local days, of which one in spring has 23 hours and one in autumn 25.
    lengths = np.diff(np.searchsorted(context.day_edges, context.month_edges))
    cls, weight = context.truck_class[out], context.pieces[out]
    table = groups.tables(cls, month, len(lengths), weight)
    for label, length, column in zip(context.month_names, lengths, table.T.tolist(), strict=True):
        for name, value in zip(groups.names, column, strict=True):
            rows.append((name, "", f"{_FLOW}[{label}]", value / length, int(value), ""))
    return rows


def _busiest(context: Context, groups: Groups, seconds: Ints, weight: Ints) -> Reals:
    """The largest count of one local day, each group's own: float64[g], NaN without a whole day;
    0 weighs what is not in.
    """
    some = np.flatnonzero(weight)
    day = np.searchsorted(context.day_edges, seconds[some], side="right")
    days = len(context.day_edges) - 1
    counts = groups.tables(context.truck_class[some], day, days + 2, weight[some])
    whole = counts[:, 1:-1][:, context.whole]
    return np.asarray(whole.max(axis=1) if whole.size else np.full(len(whole), np.nan))


def _completion(run: Measurement) -> list[Row]:
    context, trial, groups = run.context, run.trial, run.groups
    trucks = np.flatnonzero(trial.judged)
    months = len(context.month_names)
    lost_class, lost_weight, lost_clock = late_for_promise(run)
    clock = np.concatenate([trial.clock[trucks], lost_clock])
    # Where there are no months all is one.
    month = np.searchsorted(context.month_edges[1:], clock, side="right")
    weight = np.concatenate([context.pieces[trucks], lost_weight])
    cls = np.concatenate([context.truck_class[trucks], lost_class])
    count = groups.tables(cls, month, max(months, 1), weight)
    keeps = np.concatenate([trial.kept[trucks], np.zeros(len(lost_class), dtype=bool)])
    kept = groups.tables(cls, month, max(months, 1), np.where(keeps, weight, 0))
    # Whose clock starts later than that cannot be judged: these days do not count either.
    last = run.plan.end - context.limit
    days = max(last - context.start, 0) / _DAY_S
    spans = [("", count.sum(axis=1), kept.sum(axis=1), days)]
    edges = np.clip(context.month_edges, context.start, max(last, context.start))
    spans += [
        (f"[{label}]", count[:, number], kept[:, number], length / _DAY_S)
        for number, (label, length) in enumerate(
            zip(context.month_names, np.diff(edges).tolist(), strict=True)
        )
    ]
    rows: list[Row] = []
    for when, counts, keeps, days in spans:
        for name, n, k in zip(groups.names, counts.tolist(), keeps.tolist(), strict=True):
            rows.append((name, "", _KEPT + when, k / n if n else np.nan, int(n), ""))
            late = (n - k) / days if days else np.nan
            rows.append((name, "", _LATE + when, late, int(n), ""))
    return rows


def late_trucks(run: Measurement) -> tuple[Ints, Ints]:
    """When the clock of the promise started of each truck that is late, and what it weighs.

    Returns:
        int64[k] seconds of the plan, int64[k] pieces.
    """
    trial, (_, lost_weight, lost_clock) = run.trial, late_for_promise(run)
    late = np.flatnonzero(trial.judged & ~trial.kept)
    clock = np.concatenate([trial.clock[late], lost_clock])
    return clock, np.concatenate([run.context.pieces[late], lost_weight])


def _stays(
    run: Measurement, wanted: Wanted, name: str, number: int, parts: dict[str, float]
) -> list[Row]:
    """Rows of the stays of a group, given its number, too, and the seconds of their parts."""
    stay, cut = run.cohort.hours[number], run.cohort.cut[number]
    quantiles = {m: share for m, share in _QUANTILES.items() if wanted.any(m)}
    means = [_STAYS] if wanted.any(_STAYS) else []
    n = len(stay)
    if not n:
        return [(name, "", measure, np.nan, 0, "") for measure in (*means, *quantiles, *parts)]
    at_least = AT_LEAST if cut.sum() > _FEW * n else ""
    rows: list[Row] = [
        (name, "", measure, run.cohort.mean[number], n, at_least) for measure in means
    ]
    shortest_cut = stay[cut].min(initial=np.inf)
    shares = list(quantiles.values())
    # A quantile lies between two stays: if the longer one is cut, it may be any length.
    longer = np.quantile(stay, shares, method="higher").tolist()
    values = np.quantile(stay, shares).tolist()
    for measure, value, beyond in zip(quantiles, values, longer, strict=True):
        rows.append((name, "", measure, value, n, AT_LEAST if shortest_cut <= beyond else ""))
    for measure, total in parts.items():
        rows.append((name, "", measure, total / n / _HOUR, n, at_least))
    return rows


def _stock(run: Measurement, wanted: Wanted) -> dict[str, list[tuple[float, int, str]]]:
    """Value, count and note of each group for the measures of the trucks inside."""
    groups, inside, start, end = run.groups, run.inside, run.context.start, run.plan.end
    nights, days = run.context.nights, run.context.days
    figures: dict[str, Reals] = {}
    edges = ("inside_at_start", "inside_at_end", "growth_per_day")
    if wanted.any("inside_mean"):
        figures["inside_mean"] = groups.table @ inside.overlap(start, end) / (end - start)
    if wanted.any("inside_max"):
        most = inside.largest(start, groups.layers, len(groups.names))
        figures["inside_max"] = most.astype(np.float64)
    if wanted.any(*edges):
        # Until the end means inside beyond it: `finish` is the end for those that never left.
        at_end = groups.sums(inside.row, np.where(inside.finish == end, inside.weight, 0))
        at_start = groups.table @ inside.across(start)
        figures |= dict(zip(edges, (at_start, at_end, (at_end - at_start) / days), strict=True))
    if not (figures or wanted.any("overnight_mean")):
        return {}
    count = [int(n) for n in groups.table @ inside.count()]
    stock = {
        measure: [(value, n, "") for value, n in zip(values.tolist(), count, strict=True)]
        for measure, values in figures.items()
    }
    if wanted.any("overnight_mean"):
        overnight = groups.table @ inside.present(nights)
        stock["overnight_mean"] = [
            (float(row.mean()) if len(nights) else np.nan, len(nights), "") for row in overnight
        ]
    return stock
