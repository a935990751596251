"""Durations of the cohort's visits, summed up by stage and class: what all means are made of."""

from functools import cached_property

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.engines.log import DIVERTED, INSIDE, Log
from portsim.measures.spans import Spans, context_of
from portsim.measures.sums import sum_by
from portsim.measures.trial import Trial
from portsim.plan.contract import NEVER, Plan

__all__ = ["BLOCKED", "PAPERS", "PARTS", "Durations"]

PARTS = ("wait_open_mean_h", "wait_closed_mean_h", "service_mean_h", "paused_mean_h")
"""Measures that add up to the stay."""
BLOCKED = "blocked_mean_h"
PAPERS = "wait_papers_mean_h"
"""A part of the waiting, open or closed; only where some truck has papers."""
_WAITS = (*PARTS[:2], PAPERS)


class Durations:
    """Sums over the visits of the trucks whose stay counts; s stages, c classes.

    Each sum is worked out when it is first asked for.
    """

    def __init__(self, plan: Plan, log: Log, spans: Spans, trial: Trial) -> None:
        """Get ready for a run."""
        self._plan, self._log, self._spans, self._trial = plan, log, spans, trial
        self._seconds: dict[str, Reals] = {}

    @cached_property
    def _weight(self) -> Ints:
        """int64[v], what each visit counts with."""
        pieces = np.where(self._trial.stays, context_of(self._plan).pieces, 0)
        return np.asarray(pieces[self._spans.truck] * self._spans.reached)

    def _sums(self, visits: Ints | slice, values: Ints) -> Reals:
        context = context_of(self._plan)
        shape = len(context.stage_names), len(context.class_names)
        return sum_by(self._spans.place[visits], values, shape[0] * shape[1]).reshape(shape)

    @cached_property
    def count(self) -> Reals:
        """float64[s, c], weight of these visits."""
        return self._sums(slice(None), self._weight)

    def seconds(self, measure: str) -> Reals:
        """float64[s, c] of one of `PARTS`, of `BLOCKED` or `PAPERS`, in weight-seconds."""
        if measure not in self._seconds:
            self._seconds[measure] = self._summed(measure)
        return self._seconds[measure]

    def _summed(self, measure: str) -> Reals:
        if measure == BLOCKED:
            after, blocked, _ = self._blocked
            return self._sums(after, blocked * self._weight[after])
        part = getattr(self._spans, measure.removesuffix("_mean_h"))
        return self._sums(slice(None), part * self._weight)

    def cut(self, measure: str) -> Reals:
        """float64[s, c] of the same, weight of the visits in which it was cut at the end."""
        if measure == BLOCKED:
            standing = self._blocked[2]
            return self._unfinished + self._sums(standing, self._weight[standing])
        return self._unadmitted if measure in _WAITS else self._unfinished

    @cached_property
    def _unadmitted(self) -> Reals:
        visits = np.flatnonzero(self._log.admitted == NEVER)
        return self._sums(visits, self._weight[visits])

    @cached_property
    def _unfinished(self) -> Reals:
        visits = np.flatnonzero(self._log.finished == NEVER)
        return self._sums(visits, self._weight[visits])

    @cached_property
    def keeping(self) -> np.ndarray:
        """bool[s], whether servers are kept after some visit of a stage."""
        kinds = self._spans.kinds
        stages = np.arange(len(self._plan.stage_pause))
        return np.isin(stages, kinds.stage[kinds.keeping(self._plan)])

    @cached_property
    def _blocked(self) -> tuple[Ints, Ints, Ints]:
        """Standing between the end of work and the next admission with servers of the stage kept.

        Finished visits after which some are kept, the seconds of standing after each, and those
        of the visits after which the truck stands still at the end.
        """
        log, spans = self._log, self._spans
        after = spans.kinds.visits(np.flatnonzero(spans.kinds.keeping(self._plan)))
        after = after[log.finished[after] != NEVER]
        # The next visit of the same truck exists: servers still held go back at the last one's end.
        outcome = log.outcome[spans.truck[after]]
        lost = (outcome == DIVERTED) & ~spans.reached[after + 1]
        blocked = np.where(lost, 0, spans.until[after + 1] - log.finished[after])
        standing = (log.admitted[after + 1] == NEVER) & (outcome == INSIDE)
        return after, blocked, after[standing]
