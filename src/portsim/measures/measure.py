"""One run measured: every figure and curve of plan and log, with notes on how far they hold."""

from dataclasses import dataclass

import pandas as pd

from portsim.engines.log import Log
from portsim.measures.balance import check_balance
from portsim.measures.causes import CauseRow, cause_rows
from portsim.measures.cohort import Cohort
from portsim.measures.curve import Curve
from portsim.measures.curves import curves, from_empty_curve
from portsim.measures.durations import Durations
from portsim.measures.groups import Groups
from portsim.measures.loads import asked
from portsim.measures.port import port_rows
from portsim.measures.presences import Presences
from portsim.measures.queues import queue_rows, waiting
from portsim.measures.resources import resource_rows
from portsim.measures.spans import context_of, spans
from portsim.measures.staffing import open_times, staffing
from portsim.measures.stages import stage_rows
from portsim.measures.strain import Strain, strains
from portsim.plan.contract import Plan

__all__ = ["Measured", "measure"]


@dataclass(frozen=True, eq=False, slots=True)
class Measured:
    """What one run came to.

    Attributes:
        figures: frame with class, place, measure, value, count, note.
        curves: the curves of the run.
        strains: where it may be overloaded; that is judged over all runs of a scenario.
        causes: the waiting by cause, a row (class, place, measure, value) for each that occurs.
    """

    figures: pd.DataFrame
    curves: list[Curve]
    strains: list[Strain]
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
    queues, open_ = waiting(plan, log, found), open_times(plan, found.kinds)
    staff = staffing(plan, open_)
    offered = asked(plan, found.kinds, open_, staff)
    rows = port_rows(plan, log, judged, lasted, inside, groups)
    rows += queue_rows(plan, queues, groups)
    rows += stage_rows(plan, log, found, judged.trial, lasted, groups)
    rows += resource_rows(plan, log, found, staff, offered)
    drawn = curves(plan, log, judged, inside, queues, groups, rows) if with_curves else []
    if from_empty:
        drawn.append(from_empty_curve(plan, inside))
    figures = pd.DataFrame(rows, columns=["class", "place", "measure", "value", "count", "note"])
    causes = cause_rows(plan, log, found, judged.trial, lasted, groups) if with_causes else []
    return Measured(figures, drawn, strains(plan, log, found, offered, queues), causes)
