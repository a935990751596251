"""The cohort of a run: the stays that count, group by group, in order."""

from functools import cached_property

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.engines.log import INSIDE, Log
from portsim.measures.groups import Groups
from portsim.measures.order import argsort_ints
from portsim.measures.spans import context_of
from portsim.measures.trial import Trial
from portsim.plan.contract import Plan

__all__ = ["Cohort"]

_HOUR = 3600.0


class Cohort:
    """The stays of the trucks on trial, piece by piece; g groups.

    Each column is worked out when it is first asked for.
    """

    def __init__(self, plan: Plan, log: Log, trial: Trial, groups: Groups) -> None:
        """Get ready for a run."""
        context = context_of(plan)
        self._piece = np.repeat(np.flatnonzero(trial.stays), context.pieces[trial.stays])
        self._seconds = trial.stay[self._piece]
        self._class, self._log, self._groups = context.truck_class[self._piece], log, groups

    @cached_property
    def mean(self) -> list[float]:
        """Of each group the mean of these stays in hours, NaN without any."""
        # Sums of many hours depend on their order: means are those of the order of arrival.
        hours = self._seconds / _HOUR
        came = (hours[chosen] for chosen in self._groups.members(self._class))
        return [float(stay.mean()) if len(stay) else np.nan for stay in came]

    @cached_property
    def _members(self) -> list[Ints]:
        """Of each group its pieces, the shortest stay first."""
        rising = argsort_ints(self._seconds)
        return [rising[chosen] for chosen in self._groups.members(self._class[rising])]

    @cached_property
    def hours(self) -> list[Reals]:
        """Of each group the stays that count, in hours, ascending."""
        return [self._seconds[chosen] / _HOUR for chosen in self._members]

    @cached_property
    def cut(self) -> list[np.ndarray]:
        """Of each group whether these stays were still running at the end."""
        inside = (self._log.outcome == INSIDE)[self._piece]
        return [inside[chosen] for chosen in self._members]
