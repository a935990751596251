"""One run measured: every figure and curve of plan and log, with notes on how far they hold."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from portsim.engines.log import Log
from portsim.measures.balance import check_balance
from portsim.measures.causes import CauseRow, cause_rows
from portsim.measures.cohort import Cohort
from portsim.measures.curve import Curve
from portsim.measures.curves import curves, from_empty_curve
from portsim.measures.durations import Durations
from portsim.measures.groups import Groups, Row
from portsim.measures.loads import Overload, offered, overload
from portsim.measures.port import port_rows
from portsim.measures.presences import Presences
from portsim.measures.queues import queue_rows, waiting
from portsim.measures.resources import resource_rows
from portsim.measures.spans import context_of, spans
from portsim.measures.stages import stage_rows
from portsim.plan.contract import Plan

__all__ = ["Measured", "measure"]

_DAY_S, _WEEKS = 86_400, 28
_HOLDS_FOR_THE_PERIOD = (
    "throughput_", "completed_", "stay_", "wait_", "queue_", "inside_", "growth_", "overnight_",
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Measured:
    """What one run came to.

    Attributes:
        figures: frame with class, place, measure, value, count, note.
        curves: the curves of the run.
        overloads: servers asked for more than they were staffed for.
        grows: whether the stock grew over the run.
        causes: the waiting by cause, a row (class, place, measure, value) for each that occurs.
    """

    figures: pd.DataFrame
    curves: list[Curve]
    overloads: list[Overload]
    grows: bool
    causes: list[CauseRow]


def measure(
    plan: Plan,
    log: Log,
    *,
    with_curves: bool = True,
    from_empty: bool = False,
    with_causes: bool = True,
) -> Measured:
    """Measure a run.

    Args:
        plan: with its context.
        log: what an engine made of it.
        with_curves: work out the curves too.
        from_empty: work out the curve that begins with the warm-up too.
        with_causes: work out what trucks waited for too.

    Returns:
        Every measure, class by class and place by place.

    Raises:
        PortsimError: trucks do not balance, or Little's law does not hold.
    """
    context = context_of(plan)
    groups, found = Groups.of(context), spans(plan, log)
    check_balance(plan, log, found)
    judged = Cohort.of(plan, log, groups)
    lasted = Durations.of(plan, log, found, judged.trial)
    classes = len(context.class_names)
    inside = Presences(plan.arrival, found.out, context.pieces, context.truck_class, classes)
    queues, asked = waiting(plan, log, found), offered(plan, found.kinds)
    rows = port_rows(plan, log, judged, lasted, inside, groups)
    rows += queue_rows(plan, queues, groups)
    rows += stage_rows(plan, log, found, judged.trial, lasted, groups)
    rows += resource_rows(plan, log, found, asked)
    drawn = curves(plan, log, judged, inside, queues, groups, rows) if with_curves else []
    if from_empty:
        drawn.append(from_empty_curve(plan, inside))
    overloads, grows = overload(plan, asked), _grows(plan, inside)
    figures = pd.DataFrame(
        _noted(rows, bool(overloads) or grows),
        columns=["class", "place", "measure", "value", "count", "note"],
    )
    causes = cause_rows(plan, log, found, judged.trial, lasted, groups) if with_causes else []
    return Measured(figures, drawn, overloads, grows, causes)


def _noted(rows: Iterable[Row], overloaded: bool) -> list[Row]:
    if not overloaded:
        return list(rows)
    return [
        (*row[:5], "; ".join(filter(None, [row[5], "overloaded"])))
        if row[2].startswith(_HOLDS_FOR_THE_PERIOD)
        else row
        for row in rows
    ]


def _grows(plan: Plan, inside: Presences) -> bool:
    """Whether the last four weeks held a day's arrivals more than the first four."""
    context = context_of(plan)
    start, end = context.start, plan.end
    span = min(_WEEKS * _DAY_S, (end - start) // 2)
    first, last = inside.overlap(start, start + span), inside.overlap(end - span, end)
    growth = (last.sum() - first.sum()) / span
    came = context.pieces[plan.arrival >= start].sum()
    a_day = float(came) / (end - start) * _DAY_S
    return bool(growth > max(a_day, 1.0))
