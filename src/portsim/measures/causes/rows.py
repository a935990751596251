"""Rows of the waiting by cause: of each stage and of the port, by group of trucks."""

import numpy as np

from portsim.measures.causes.waits import waits
from portsim.measures.measurement import Measurement
from portsim.scenario.measure_catalogue import WAITS

__all__ = ["CauseRow", "cause_rows"]

CauseRow = tuple[str, str, str, float]
"""class, place, measure, value; count and note are those of the waiting of this class there."""
_HOUR = 3600.0


def cause_rows(run: Measurement) -> list[CauseRow]:
    """The waiting by what was missing and by its root: only rows above 0.

    For each place and group, the rows of either measure add up to the waiting, open and closed.
    """
    context, groups = run.context, run.groups
    split = waits(run, run.staying)
    stages, causes = len(context.stage_names), len(split.causes)
    # The port is the place after the last stage: there a truck counts once, however many visits.
    count = np.concatenate([run.durations.count @ groups.table.T, np.zeros((1, len(groups.names)))])
    count[stages] = groups.sums(context.truck_class, run.staying)
    places, texts = (*context.stage_names, ""), [cause.text for cause in split.causes]
    rows: list[CauseRow] = []
    for measure, named in zip(WAITS, (split.missing, split.root), strict=True):
        seconds = np.zeros((stages + 1, causes, split.seconds.shape[1]), dtype=np.int64)
        np.add.at(seconds, (split.stage, named), split.seconds)
        seconds[stages] = seconds.sum(axis=0)
        by_group = seconds @ groups.table.T
        for place, cause, group in np.argwhere(by_group > 0).tolist():
            value = float(by_group[place, cause, group] / count[place, group] / _HOUR)
            name = f"{measure}[{texts[cause]}]"
            rows.append((groups.names[group], places[place], name, value))
    return rows
