"""Counterfactual measures: what a run that differs in one thing alone tells of a scenario.

The same trucks, with the same luck, come to a port that has servers without end or no oversized
loads, or ever more trucks come. Which runs there are, and conducting them, may not enter.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.engines.log import RELEASED, Log
from portsim.measures.groups import Groups, Row
from portsim.measures.measurement import Measurement
from portsim.measures.spans import context_of
from portsim.measures.sums import sum_by
from portsim.plan.contract import Context, Plan

__all__ = ["Tally", "ceiling_rows", "oversized_rows", "released_rows", "tally"]

_HOUR = 3600.0


@dataclass(frozen=True, eq=False, slots=True)
class Tally:
    """What two runs of a scenario are held against each other by: c classes, in pieces."""

    judged: Reals
    """float64[c], on trial."""
    kept: Reals
    """float64[c], released within the limit."""
    stays: Reals
    """float64[c], whose stay counts."""
    seconds: Reals
    """float64[c], sum of these stays."""


def tally(run: Measurement) -> Tally:
    """Count a run."""
    context, trial = run.context, run.trial
    classes, pieces = len(context.class_names), context.pieces

    def sums(chosen: np.ndarray, amount: Ints) -> Reals:
        return sum_by(context.truck_class[chosen], amount[chosen], classes)

    return Tally(
        judged=sums(trial.judged, pieces),
        kept=sums(trial.kept, pieces),
        stays=sums(trial.stays, pieces),
        seconds=sums(trial.stays, pieces * trial.stay),
    )


def released_rows(plan: Plan, log: Log) -> list[tuple[tuple[str, str], float, int]]:
    """Releases a day of the period of a run.

    Returns:
        Of all trucks, each direction and each class, in this order: class and (empty) place,
        pieces a day, pieces in all.
    """
    context = context_of(plan)
    groups, days = Groups.of(context), context.days
    out = (log.outcome == RELEASED) & (log.left >= context.start)
    sums = groups.sums(context.truck_class[out], context.pieces[out])
    return [
        ((name, ""), float(total) / days, int(total))
        for name, total in zip(groups.names, sums.tolist(), strict=True)
    ]


def ceiling_rows(context: Context, endless: Tally) -> list[Row]:
    """The share that a run with servers without end gets out within the limit.

    Args:
        context: of the scenario.
        endless: of the run in which every kind of server is there without end, at all hours; the
            hours of the stages, budgets and stores are as they were.
    """
    groups = Groups.of(context)
    rows: list[Row] = []
    for name, row in zip(groups.names, groups.table, strict=True):
        judged, kept = float(endless.judged[row].sum()), float(endless.kept[row].sum())
        share = kept / judged if judged else np.nan
        rows.append((name, "", "completion_ceiling", share, int(judged), ""))
    return rows


def oversized_rows(
    context: Context, oversized: Collection[str], real: Tally, without: Tally
) -> list[Row]:
    """What oversized loads cost all other trucks.

    Args:
        context: of the scenario.
        oversized: names of the classes that did not come in the run without them.
        real, without: of the run with and of the run without oversized loads.
    """
    groups, days = Groups.of(context), context.days
    others = np.array([name not in oversized for name in context.class_names])
    rows: list[Row] = []
    for name, row in zip(groups.names, groups.table & others, strict=True):
        if not row.any():
            continue
        count = int(real.stays[row].sum())
        stays = [
            float(run.seconds[row].sum()) / float(run.stays[row].sum()) / _HOUR
            if run.stays[row].any()
            else np.nan
            for run in (real, without)
        ]
        late = float(without.kept[row].sum() - real.kept[row].sum()) / days
        rows.append((name, "", "oversized_delay_h", stays[0] - stays[1], count, ""))
        judged = int(real.judged[row].sum())
        rows.append((name, "", "oversized_late_per_day", late, judged, ""))
    return rows
