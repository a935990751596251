"""What trucks waited for: seconds by stage, what was missing there, and the root of it."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from portsim.arrays import Ints
from portsim.measures.measurement import Measurement
from portsim.plan.contract import Context, Plan
from portsim.scenario.measure_catalogue import Cause

__all__ = ["Waits", "waits"]


@dataclass(frozen=True, eq=False, slots=True)
class Waits:
    """Waiting by stage, cause and root: m rows, c classes. What is missing, see `Cause`."""

    context: Context
    stage: Ints
    """int64[m], where it was waited."""
    missing: Ints
    """int64[m], what was missing there: a number in `causes`."""
    root: Ints
    """int64[m], where the chain of those who keep it from others ends: a number in `causes`."""
    seconds: Ints
    """int64[m, c], weight-seconds waited by each class."""
    causes: tuple[Cause, ...]

    def frame(self) -> pd.DataFrame:
        """The same with names: stage, missing, root, class, seconds; only rows above 0 s."""
        row, cls = np.nonzero(self.seconds)
        names = np.array([cause.text for cause in self.causes], dtype=object)
        stages = np.array(self.context.stage_names, dtype=object)
        return pd.DataFrame(
            {
                "stage": stages[self.stage[row]],
                "missing": names[self.missing[row]],
                "root": names[self.root[row]],
                "truck_class": np.array(self.context.class_names, dtype=object)[cls],
                "seconds": self.seconds[row, cls],
            }
        )

    def by_root(self, kinds: Collection[str] | None = None) -> list[tuple[Cause, int]]:
        """Roots with the seconds waited for them, the most first; those of some kinds only."""
        sums = np.zeros(len(self.causes), dtype=np.int64)
        np.add.at(sums, self.root, self.seconds.sum(axis=1))
        sums_by_cause = [
            (self.causes[number], int(sums[number]))
            for number in np.argsort(-sums, kind="stable").tolist()
            if sums[number] > 0
        ]
        return [entry for entry in sums_by_cause if kinds is None or entry[0].kind in kinds]

    def main_root(self, kinds: Collection[str] | None = None) -> Cause | None:
        """The root for which most was waited, or None if nobody waited for any of these kinds."""
        return next((cause for cause, _ in self.by_root(kinds)), None)


def waits(run: Measurement, weight: Ints | None = None) -> Waits:
    """Split the waiting of a run's period by what was missing, and trace that to its root.

    Args:
        run: the run.
        weight: int64[n], what each truck counts with; its pieces, if not given.

    Returns:
        Every second that a truck waits within the period in one row: they add up to the waiting.
    """
    # Whoever only reads results need not wait until Numba is loaded.
    from portsim.measures.causes.tables import tables_of  # noqa: PLC0415
    from portsim.measures.causes.walk import walk  # noqa: PLC0415

    weight = run.context.pieces if weight is None else weight
    lacking, run = _lacking(run), run.with_papers
    plan, context = run.plan, run.context
    weight = np.pad(weight, (0, plan.trucks - len(weight)))
    static, events, state = tables_of(plan, run.log, run.spans, weight, lacking)
    room = 64 + 8 * len(static.line_stage)
    while True:
        rows = np.full((room, 4), -1, dtype=np.int64)
        sums = np.zeros((room, len(context.class_names)), dtype=np.int64)
        fresh = state._replace(**{name: getattr(state, name).copy() for name in state._fields})
        count = walk(static, events, fresh, rows, sums)
        if count >= 0:
            break
        room *= 8
    kept = 1 + np.flatnonzero(sums[1:count].any(axis=1))
    causes = _causes(plan, context)
    # A stage may have several lines.
    code = static.line_stage[rows[kept, 0]] * len(causes) + rows[kept, 1]
    codes, row = np.unique(code * len(causes) + rows[kept, 2], return_inverse=True)
    seconds = np.zeros((len(codes), sums.shape[1]), dtype=np.int64)
    np.add.at(seconds, row, sums[kept])
    stage, missing, root = np.unravel_index(codes, (static.stages, len(causes), len(causes)))
    return Waits(context, stage, missing, root, seconds, causes)


def _causes(plan: Plan, context: Context) -> tuple[Cause, ...]:
    """Causes in the order in which the walk numbers them."""
    sorts = [Cause.RESOURCES[sort] for sort in plan.resource_kind.tolist()]
    resources, stages = context.resource_names, context.stage_names
    gathers = () if plan.convoys is None else plan.convoys.stage
    return (
        *(Cause(sort, name) for sort, name in zip(sorts, resources, strict=True)),
        *(Cause("off duty", name) for name in resources),
        *(Cause("hours", name) for name in stages),
        *(
            Cause("convoy" if number in gathers else "claim", name)
            for number, name in enumerate(stages)
        ),
        Cause("unexplained", ""),
        *(Cause("papers", name) for name in stages),
    )


def _lacking(run: Measurement) -> Ints:
    """Second until which each visit, those of papers behind the others, waited for papers; of
    length 0 if nobody did."""
    if run.plan.papers is None or not run.spans.wait_papers.any():
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([run.spans.lacking, run.log.papers[:, 0]])
