"""What the log says of each stage, ready to be told from: queue, start and end of every visit.

Nothing is estimated here.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from portsim.arrays import Ints, Reals
from portsim.fitting.likelihood import Evidence
from portsim.gatelog import GateLog

__all__ = ["evidence_of", "left_out", "passed", "share"]

_AROUND = 3
"""Neighbours on either side."""
_MOSTLY = 0.9


def evidence_of(log: GateLog) -> dict[str, Evidence]:
    """The visits of each stage, in the order of their queue seconds.

    A truck joins the queue of a stage when it is stamped there, else at the end of the stage that
    it passed before, of its first one when it arrived. Where an end is not stamped, the queue of
    the next stage is, if it is that of other trucks. Visits whose queue or end nothing tells are
    blank: they stand where those that ended about when they did stand. Those with neither are left
    out.

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
    # The queue of the log's first stage is the arrival, but not of trucks that pass others before.
    stamped = visits["queue"].to_numpy(np.float64)
    following = np.where(np.roll(first, -1), np.nan, np.roll(stamped, -1))
    ends = _followed(
        ends, following, visits["stage"], float(max(log.resolution.values(), default=1))
    )
    before = np.where(first, arrival, np.roll(ends, 1))
    queues = np.where(np.isfinite(stamped) & (first | (stamped != arrival)), stamped, before)
    told = {}
    for stage in log.stages:
        own = (visits["stage"] == stage).to_numpy()
        queue, end = queues[own], ends[own]
        start = visits.loc[own, "start"].to_numpy(np.float64)
        some = np.isfinite(queue) | np.isfinite(end)
        blank = np.isnan(queue) | np.isnan(end)
        queue = _stood(queue, end)
        order = np.flatnonzero(some)[np.lexsort((end[some], queue[some]))]
        told[stage] = Evidence(
            queue[order], start[order], end[order], classes[truck[own][order]], _step(log, stage),
            blank[order] if blank[order].any() else None,
        )  # fmt: skip
    return told


def _followed(ends: Reals, following: Reals, stages: pd.Series, step: float) -> Reals:
    """Ends, and where there is none the queue of the next stage, if trucks go there at once."""
    ends = ends.copy()
    for stage in stages.unique():
        own = (stages == stage).to_numpy()
        away = np.abs(following - ends)[own]
        away = away[np.isfinite(away)]
        if len(away) and float((away <= step).mean()) >= _MOSTLY:
            lacking = own & np.isnan(ends) & np.isfinite(following)
            ends[lacking] = following[lacking]
    return ends


def _stood(queue: Reals, end: Reals) -> Reals:
    """Queue seconds, of those that have none as of those that ended about when they did."""
    known = np.isfinite(queue) & np.isfinite(end)
    lacking = np.isnan(queue) & np.isfinite(end)
    if not known.any() or not lacking.any():
        return queue
    order = np.argsort(end[known], kind="stable")
    ends, queues = end[known][order], queue[known][order]
    place = np.searchsorted(ends, end[lacking])
    around = np.clip(place[:, None] + np.arange(-_AROUND, _AROUND), 0, len(ends) - 1)
    filled = queue.copy()
    filled[lacking] = np.minimum(np.median(queues[around], axis=1), end[lacking])
    return filled


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
    """How many visits of each stage do not tell their work, since a stamp is missing."""
    passed = log.visits.drop_duplicates(["truck", "stage"])["stage"].value_counts()
    return {
        stage: int(passed.get(stage, 0)) - len(each.known.queue) for stage, each in told.items()
    }


def _step(log: GateLog, stage: str) -> float:
    """The coarsest step of the stamps of a stage, seconds; work is the difference of two."""
    steps = [log.resolution.get(f"{stage} {stamp}", 1) for stamp in ("queue", "start", "end")]
    return float(max(steps))


def share(passed: Ints, total: int) -> tuple[float, float, float]:
    """Share of trucks with its 95 % interval (Wilson 1927, as in Brown, Cai & DasGupta 2001)."""
    from scipy.stats import binomtest  # noqa: PLC0415 - slow to load

    told = binomtest(int(passed.sum()), total).proportion_ci(method="wilson")
    return float(passed.sum()) / total, float(told.low), float(told.high)
