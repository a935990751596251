"""One run measured: every figure and curve of plan and log, with notes on how far they hold."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from portsim.engines.log import Log
from portsim.measures.balance import check_balance
from portsim.measures.counting import integral
from portsim.measures.curve import Curve
from portsim.measures.curves import curves
from portsim.measures.groups import Groups, Row
from portsim.measures.port import cohort, port_rows
from portsim.measures.resources import Overload, overload, resource_rows
from portsim.measures.spans import Spans, context_of, spans
from portsim.measures.stages import queue_rows, stage_rows
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
    """

    figures: pd.DataFrame
    curves: list[Curve]
    overloads: list[Overload]
    grows: bool


def measure(plan: Plan, log: Log) -> Measured:
    """Measure a run.

    Args:
        plan: with its context.
        log: what an engine made of it.

    Returns:
        Every measure, class by class and place by place.

    Raises:
        PortsimError: trucks do not balance, or Little's law does not hold.
    """
    groups = Groups.of(context_of(plan))
    found = spans(plan, log)
    check_balance(plan, log, found)
    judged = cohort(plan, log, found)
    rows = port_rows(plan, log, found, judged, groups)
    rows += queue_rows(plan, log, found, groups)
    rows += stage_rows(plan, log, found, judged, groups)
    rows += resource_rows(plan, log)
    drawn = curves(plan, log, found, judged, groups, rows)
    overloads, grows = overload(plan), _grows(plan, found)
    figures = pd.DataFrame(
        _noted(rows, bool(overloads) or grows),
        columns=["class", "place", "measure", "value", "count", "note"],
    )
    return Measured(figures, drawn, overloads, grows)


def _noted(rows: Iterable[Row], overloaded: bool) -> list[Row]:
    if not overloaded:
        return list(rows)
    return [
        (*row[:5], "; ".join(filter(None, [row[5], "overloaded"])))
        if row[2].startswith(_HOLDS_FOR_THE_PERIOD)
        else row
        for row in rows
    ]


def _grows(plan: Plan, found: Spans) -> bool:
    """Whether the last four weeks held a day's arrivals more than the first four."""
    context = context_of(plan)
    span = min(_WEEKS * _DAY_S, (plan.end - context.start) // 2)
    at = np.array([context.start, context.start + span, plan.end - span, plan.end])
    sums = integral(plan.arrival, found.out, context.pieces, at)
    growth = ((sums[3] - sums[2]) - (sums[1] - sums[0])) / span
    came = context.pieces[plan.arrival >= context.start].sum()
    a_day = float(came) / (plan.end - context.start) * _DAY_S
    return bool(growth > max(a_day, 1.0))
