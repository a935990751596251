"""Measures of the whole port: flow, completion, stay and stock, by group of trucks."""

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import measure_within
from portsim.engines.log import DIVERTED, GAVE_UP, INSIDE, RELEASED, Log
from portsim.measures.counting import largest, overlap, present
from portsim.measures.groups import Groups, Row
from portsim.measures.spans import Spans, context_of
from portsim.plan.contract import NEVER, Plan

__all__ = ["Cohort", "capacity", "cohort", "port_rows"]

_HOUR = 3600.0
_FEW = 0.001
"""Share of cut durations above which a mean is a lower bound (design, section 6)."""


class Cohort:
    """Trucks whose promise can be judged: those that came at least the limit before the end."""

    def __init__(self, plan: Plan, log: Log, found: Spans) -> None:
        context = context_of(plan)
        self.clock = plan.arrival.copy()
        if context.clock_stage >= 0:
            self.clock[:] = NEVER
            at = np.flatnonzero((plan.visit_stage == context.clock_stage) & found.reached)
            self.clock[found.truck[at]] = log.queued[at]
        last = plan.end - context.limit
        self.judged = (self.clock >= context.start) & (self.clock < last)
        self.kept = self.judged & (log.outcome == RELEASED)
        self.kept &= log.left - self.clock <= context.limit
        arrived = (plan.arrival >= context.start) & (plan.arrival < last)
        self.stays = arrived & ((log.outcome == RELEASED) | (log.outcome == INSIDE))
        """Trucks whose stay counts."""
        self.cut = self.stays & (log.outcome == INSIDE)
        """Those of them whose stay was still running at the end."""


def cohort(plan: Plan, log: Log, found: Spans) -> Cohort:
    """The cohort of a run."""
    return Cohort(plan, log, found)


def port_rows(plan: Plan, log: Log, found: Spans, judged: Cohort, groups: Groups) -> list[Row]:
    """All rows with an empty place."""
    rows = _flow(plan, log, groups)
    rows += _completion(plan, judged, groups)
    for name, members in groups:
        rows += _stays(plan, log, found, judged, name, members)
        rows += _stock(plan, found, name, members)
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
        "throughput_cny_per_day": context.cny,
        "residents_per_day": context.residents,
    }
    released = left[RELEASED]
    per_day = {
        measure: groups.sums(cls[released], amount[released]) / days
        for measure, amount in amounts.items()
    }
    whole = np.array([context.start]), np.array([plan.end])
    open_h = int(measure_within(context.open_hours, *whole)[0]) / _HOUR
    rows: list[Row] = []
    for number, name in enumerate(groups.names):
        n = int(counts["released"][number])
        for measure, values in counts.items():
            rows.append((name, "", measure, float(values[number]), int(values[number]), ""))
        for measure, values in per_day.items():
            rows.append((name, "", measure, float(values[number]), n, ""))
        per_hour = n / open_h if open_h else np.nan
        rows.append((name, "", "throughput_per_open_hour", per_hour, n, ""))
    months = np.searchsorted(context.month_edges, log.left, side="right") - 1
    lengths = np.diff(context.month_edges) / 86_400
    for month, label in enumerate(context.month_names):
        chosen = released & (months == month)
        values = groups.sums(cls[chosen], weight[chosen])
        for name, value in zip(groups.names, values.tolist(), strict=True):
            per = value / lengths[month]
            rows.append((name, "", f"throughput_per_day[{label}]", per, int(value), ""))
    return rows


def _completion(plan: Plan, judged: Cohort, groups: Groups) -> list[Row]:
    context = context_of(plan)
    month = np.searchsorted(context.month_edges, judged.clock, side="right") - 1
    rows: list[Row] = []
    slots = [("completed_within_limit", judged.judged)]
    slots += [
        (f"completed_within_limit[{label}]", judged.judged & (month == number))
        for number, label in enumerate(context.month_names)
    ]
    for measure, chosen in slots:
        weight, cls = context.pieces[chosen], context.truck_class[chosen]
        count = groups.sums(cls, weight)
        kept = groups.sums(cls, np.where(judged.kept[chosen], weight, 0))
        for name, n, k in zip(groups.names, count.tolist(), kept.tolist(), strict=True):
            rows.append((name, "", measure, k / n if n else np.nan, int(n), ""))
    return rows


def _stays(
    plan: Plan, log: Log, found: Spans, judged: Cohort, name: str, members: np.ndarray
) -> list[Row]:
    context = context_of(plan)
    chosen = np.flatnonzero(judged.stays & members[context.truck_class])
    weight = context.pieces[chosen]
    stay = np.repeat((found.out - plan.arrival)[chosen], weight) / _HOUR
    cut = np.repeat(judged.cut[chosen], weight)
    n = len(stay)
    if not n:
        empty = ("stay_mean_h", "stay_p50_h", "stay_p95_h", *(m for m, _ in _parts(found)))
        return [(name, "", measure, np.nan, 0, "") for measure in empty]
    at_least = "at least" if cut.sum() > _FEW * n else ""
    rows: list[Row] = [(name, "", "stay_mean_h", float(stay.mean()), n, at_least)]
    for measure, q in (("stay_p50_h", 0.5), ("stay_p95_h", 0.95)):
        value = float(np.quantile(stay, q))
        below = bool((stay[cut] <= value).any())
        rows.append((name, "", measure, value, n, "at least" if below else ""))
    inside = np.zeros(plan.trucks, dtype=bool)
    inside[chosen] = True
    visits = inside[found.truck]
    for measure, seconds in _parts(found):
        total = float((seconds[visits] * context.pieces[found.truck[visits]]).sum())
        rows.append((name, "", measure, total / n / _HOUR, n, at_least))
    return rows


def _parts(found: Spans) -> tuple[tuple[str, Ints], ...]:
    return (
        ("wait_open_mean_h", found.wait_open),
        ("wait_closed_mean_h", found.wait_closed),
        ("service_mean_h", found.service),
        ("paused_mean_h", found.paused),
    )


def _stock(plan: Plan, found: Spans, name: str, members: np.ndarray) -> list[Row]:
    context = context_of(plan)
    chosen = members[context.truck_class]
    arrival, out = plan.arrival[chosen], found.out[chosen]
    weight = context.pieces[chosen]
    start, end = context.start, plan.end
    # Until the end means inside beyond it: `out` is the end for those that never left.
    inside_end = int(weight[out == end].sum())
    inside_start = int(weight[(arrival < start) & (out >= start)].sum())
    days = len(context.day_edges) - 1
    nights = context.nights
    at_night = present(arrival, out, weight, nights)
    overnight = float(at_night.mean()) if len(nights) else np.nan
    mean = overlap(arrival, out, weight, start, end) / (end - start)
    n = len(arrival)
    return [
        (name, "", "inside_mean", mean, n, ""),
        (name, "", "inside_max", float(largest(arrival, out, weight, start)), n, ""),
        (name, "", "inside_at_start", float(inside_start), n, ""),
        (name, "", "inside_at_end", float(inside_end), n, ""),
        (name, "", "growth_per_day", (inside_end - inside_start) / days, n, ""),
        (name, "", "overnight_mean", overnight, len(nights), ""),
    ]


def capacity(plan: Plan, log: Log) -> float:
    """Releases a day of a run at four times the demand: the capacity of the port."""
    context = context_of(plan)
    released = (log.outcome == RELEASED) & _in_period(plan, log.left)
    return float(context.pieces[released].sum()) / (len(context.day_edges) - 1)
