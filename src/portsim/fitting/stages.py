"""What the log says of each stage, ready to be told from: queue, start and end of every visit.

Nothing is estimated here.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from portsim.arrays import Ints
from portsim.fitting.likelihood import Evidence
from portsim.gatelog import GateLog

__all__ = ["evidence_of", "left_out", "passed", "share"]


def evidence_of(log: GateLog) -> dict[str, Evidence]:
    """The visits of each stage, in the order of their queue seconds.

    A truck joins the queue of a stage when it is stamped there, else at the end of the stage that
    it passed before, of its first one when it arrived. Visits without a queue or an end say nothing
    and are left out.

    Args:
        log: a log.

    Returns:
        Evidence by stage; its classes are numbers of the log's classes in alphabetical order.
    """
    classes = np.unique(log.trucks["truck_class"].astype(str), return_inverse=True)[1]
    visits = passed(log)
    truck = visits["truck"].to_numpy(np.int64)
    ends = visits["end"].to_numpy(np.float64)
    first = np.diff(truck, prepend=-1) != 0
    arrival = log.trucks["arrival"].to_numpy(np.float64)[truck]
    before = np.where(first, arrival, np.roll(ends, 1))
    # The queue of the log's first stage is the arrival, but not of trucks that pass others before.
    stamped = visits["queue"].to_numpy(np.float64)
    queues = np.where(np.isfinite(stamped) & (first | (stamped != arrival)), stamped, before)
    told = {}
    for stage in log.stages:
        own = (visits["stage"] == stage).to_numpy()
        queue, end = queues[own], ends[own]
        start = visits.loc[own, "start"].to_numpy(np.float64)
        known = np.isfinite(queue) & np.isfinite(end)
        order = np.flatnonzero(known)[np.lexsort((end[known], queue[known]))]
        told[stage] = Evidence(
            queue[order], start[order], end[order], classes[truck[own][order]], _step(log, stage)
        )
    return told


def passed(log: GateLog) -> pd.DataFrame:
    """The visits of the log, each stage once a truck, in the order in which each truck made them.

    Where stamps do not tell that order, it is that of the log's stages.
    """
    visits = log.visits.drop_duplicates(["truck", "stage"]).reset_index(drop=True)
    place = visits["stage"].map({stage: n for n, stage in enumerate(log.stages)})
    stamp = visits["end"].fillna(visits["start"]).fillna(visits["queue"])
    # A visit without any stamp stands where the log's order has it.
    stamp = stamp.groupby(visits["truck"]).ffill().fillna(-np.inf)
    order = np.lexsort((place.to_numpy(), stamp.to_numpy(), visits["truck"].to_numpy()))
    return visits.iloc[order].reset_index(drop=True)


def left_out(log: GateLog, told: Mapping[str, Evidence]) -> dict[str, int]:
    """How many visits of each stage say nothing, since a stamp is missing."""
    passed = log.visits.drop_duplicates(["truck", "stage"])["stage"].value_counts()
    return {stage: int(passed.get(stage, 0)) - len(each.queue) for stage, each in told.items()}


def _step(log: GateLog, stage: str) -> float:
    """The coarsest step of the stamps of a stage, seconds; work is the difference of two."""
    steps = [log.resolution.get(f"{stage} {stamp}", 1) for stamp in ("queue", "start", "end")]
    return float(max(steps))


def share(passed: Ints, total: int) -> tuple[float, float, float]:
    """Share of trucks with its 95 % interval (Wilson 1927, as in Brown, Cai & DasGupta 2001)."""
    from scipy.stats import binomtest  # noqa: PLC0415 - slow to load

    told = binomtest(int(passed.sum()), total).proportion_ci(method="wilson")
    return float(passed.sum()) / total, float(told.low), float(told.high)
