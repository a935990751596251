"""The cohort of a run: the stays that count, group by group, in order."""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Reals
from portsim.engines.log import INSIDE, Log
from portsim.measures.groups import Groups
from portsim.measures.order import in_order
from portsim.measures.spans import context_of
from portsim.measures.trial import Trial
from portsim.plan.contract import Plan

__all__ = ["Cohort"]

_HOUR = 3600.0


@dataclass(frozen=True, eq=False, slots=True)
class Cohort:
    """The trucks on trial and their stays: n trucks, g groups."""

    trial: Trial
    hours: list[Reals]
    """Of each group the stays that count, piece by piece, in hours, ascending."""
    cut: list[np.ndarray]
    """Of each group whether these stays were still running at the end."""
    mean: list[float]
    """Of each group the mean of these stays, NaN without any."""

    @classmethod
    def of(cls, plan: Plan, log: Log, groups: Groups) -> "Cohort":
        """The cohort of a run."""
        context, trial = context_of(plan), Trial.of(plan, log)
        piece = np.repeat(np.flatnonzero(trial.stays), context.pieces[trial.stays])
        seconds, its_class = trial.stay[piece], context.truck_class[piece]
        hours = seconds / _HOUR
        # Sums of many hours depend on their order: means are those of the order of arrival.
        came = [hours[mine] for mine in groups.members(its_class)]
        rising = in_order(seconds)
        members = [rising[mine] for mine in groups.members(its_class[rising])]
        inside = log.outcome == INSIDE
        return cls(
            trial=trial,
            hours=[hours[mine] for mine in members],
            cut=[inside[piece[mine]] for mine in members],
            mean=[float(stay.mean()) if len(stay) else np.nan for stay in came],
        )
