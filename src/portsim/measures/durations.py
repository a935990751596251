"""Durations of the cohort's visits, summed up by stage and class: what all means are made of."""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.engines.log import DIVERTED, INSIDE, Log
from portsim.measures.spans import Spans, context_of
from portsim.measures.sums import by_row
from portsim.measures.trial import Trial
from portsim.plan.contract import NEVER, Plan

__all__ = ["BLOCKED", "PARTS", "Durations"]

PARTS = ("wait_open_mean_h", "wait_closed_mean_h", "service_mean_h", "paused_mean_h")
"""Measures that add up to the stay."""
BLOCKED = "blocked_mean_h"


@dataclass(frozen=True, eq=False, slots=True)
class Durations:
    """Sums over the visits of the trucks whose stay counts; s stages, c classes."""

    count: Reals
    """float64[s, c], weight of these visits."""
    seconds: dict[str, Reals]
    """float64[s, c] of each measure, in weight-seconds."""
    cut: dict[str, Reals]
    """float64[s, c] of each measure, weight of the visits in which it was cut at the end."""
    keeping: np.ndarray
    """bool[s], whether servers are kept after some visit of a stage."""

    @classmethod
    def of(cls, plan: Plan, log: Log, found: Spans, trial: Trial) -> "Durations":
        """Sum up the durations of a run."""
        context = context_of(plan)
        weight = np.where(trial.stays, context.pieces, 0)[found.truck] * found.reached

        def sums(visits: Ints | slice, values: Ints) -> Reals:
            shape = len(context.stage_names), len(context.class_names)
            return by_row(found.place[visits], values, shape[0] * shape[1]).reshape(shape)

        every = slice(None)
        parts = (found.wait_open, found.wait_closed, found.service, found.paused)
        seconds = {m: sums(every, part * weight) for m, part in zip(PARTS, parts, strict=True)}
        waiting, unfinished = (
            sums(at, weight[at])
            for at in (np.flatnonzero(column == NEVER) for column in (log.admitted, log.finished))
        )
        cut = dict(zip(PARTS, (waiting, waiting, unfinished, unfinished), strict=True))
        kept = found.kinds.keeping(plan)
        after, blocked, standing = _blocked(plan, log, found, np.flatnonzero(kept))
        seconds[BLOCKED] = sums(after, blocked * weight[after])
        cut[BLOCKED] = unfinished + sums(standing, weight[standing])
        keeping = np.isin(np.arange(len(context.stage_names)), found.kinds.stage[kept])
        return cls(sums(every, weight), seconds, cut, keeping)


def _blocked(plan: Plan, log: Log, found: Spans, kept: Ints) -> tuple[Ints, Ints, Ints]:
    """Standing between the end of work and the next admission while servers of the stage are kept.

    Args:
        plan, log, found: the run.
        kept: kinds of visits after which servers are kept.

    Returns:
        Such visits that were finished, the seconds of standing after each, and those of the visits
        after which the truck stands still at the end.
    """
    after = found.kinds.visits(kept)
    after = after[log.finished[after] != NEVER]
    # The next visit of the same truck exists: servers still held go back at the last one's end.
    outcome = log.outcome[found.truck[after]]
    lost = (outcome == DIVERTED) & ~found.reached[after + 1]
    blocked = np.where(lost, 0, found.until[after + 1] - log.finished[after])
    standing = (log.admitted[after + 1] == NEVER) & (outcome == INSIDE)
    return after, blocked, after[standing]
