"""Rows of the waiting by cause: of each stage and of the port, by group of trucks."""

import numpy as np

from portsim.engines.log import Log
from portsim.measures.causes.waits import waits
from portsim.measures.durations import Durations
from portsim.measures.groups import Groups
from portsim.measures.spans import Spans, context_of
from portsim.measures.trial import Trial
from portsim.plan.contract import Plan
from portsim.scenario.catalogue import WAITS

__all__ = ["CauseRow", "cause_rows"]

CauseRow = tuple[str, str, str, float]
"""class, place, measure, value; count and note are those of the waiting of this class there."""
_HOUR = 3600.0


def cause_rows(
    plan: Plan, log: Log, found: Spans, trial: Trial, lasted: Durations, groups: Groups
) -> list[CauseRow]:
    """The waiting by what was missing and by its root: only rows above 0.

    For each place and group, the rows of either measure add up to the waiting, open and closed.
    """
    context = context_of(plan)
    split = waits(plan, log, found, np.where(trial.stays, context.pieces, 0))
    stages, causes = len(context.stage_names), len(split.causes)
    # The port is the place after the last stage: there a truck counts once, however many visits.
    count = np.concatenate([lasted.count @ groups.table.T, np.zeros((1, len(groups.names)))])
    staying = np.where(trial.stays, context.pieces, 0)
    count[stages] = groups.sums(context.truck_class, staying)
    places, texts = (*context.stage_names, ""), [cause.text for cause in split.causes]
    rows: list[CauseRow] = []
    for measure, what in zip(WAITS, (split.missing, split.root), strict=True):
        seconds = np.zeros((stages + 1, causes, split.seconds.shape[1]), dtype=np.int64)
        np.add.at(seconds, (split.stage, what), split.seconds)
        seconds[stages] = seconds.sum(axis=0)
        by_group = seconds @ groups.table.T
        for place, cause, group in np.argwhere(by_group > 0).tolist():
            value = float(by_group[place, cause, group] / count[place, group] / _HOUR)
            name = f"{measure}[{texts[cause]}]"
            rows.append((groups.names[group], places[place], name, value))
    return rows
