"""The audit: what one engine says of a run is held against what SimPy says of its beginning."""

import numpy as np

from portsim.engines import simpy
from portsim.engines.came import comings
from portsim.engines.log import INSIDE, STAYED_AWAY, Log
from portsim.errors import AuditError
from portsim.plan.contract import NEVER, Plan
from portsim.plan.cut import begun_papers, cut, left_by_cut

__all__ = ["audit"]


def audit(plan: Plan, log: Log, until: int) -> int:
    """Run the beginning of a plan through SimPy and compare.

    An engine never looks ahead, so its log of a plan cut short is the beginning of its log of the
    whole plan: every entry before the cut must be the same.

    Args:
        plan: a plan.
        log: what another engine made of it.
        until: second up to which the engines are compared; at most the end of the plan.

    Returns:
        The number of visits begun before `until`, on all of which the engines agree, as they do on
        what queues have opened.

    Raises:
        AuditError: they do not; the message shows the first visit or truck that differs.
    """
    short = cut(plan, min(until, plan.end))
    reference = simpy.run(short)
    trucks, visits = left_by_cut(plan, short.end)
    columns = ("queued", "admitted", "finished")
    here = {name: _before(getattr(log, name)[visits], short.end) for name in columns}
    wrong = np.zeros(short.visits, dtype=bool)
    for name in columns:
        wrong |= here[name] != getattr(reference, name)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        truck = int(np.searchsorted(short.first_visit, first, side="right")) - 1
        stage = int(short.visit_stage[first])
        place = plan.context.stage_names[stage] if plan.context else f"stage {stage}"
        raise AuditError(
            f"the engines disagree about truck {truck} at {place} (visit {first}):\n"
            + "\n".join(
                f"  {name}: {here[name][first]} here, {getattr(reference, name)[first]} in SimPy"
                for name in columns
            )
            + "\nnothing of this run can be trusted; please report it, and use --engine simpy"
        )
    left = _before(log.left[trucks], short.end)
    outcome = np.where(log.left[trucks] >= short.end, INSIDE, log.outcome[trucks])
    if plan.again is not None:
        outcome[comings(plan, log)[trucks] >= short.end] = STAYED_AWAY
    wrong = (left != reference.left) | (outcome != reference.outcome)
    if wrong.any():
        truck = int(np.flatnonzero(wrong)[0])
        raise AuditError(
            f"the engines disagree about truck {truck}: it left at {left[truck]} with outcome "
            f"{outcome[truck]} here, at {reference.left[truck]} with {reference.outcome[truck]} in "
            "SimPy; nothing of this run can be trusted; please report it, and use --engine simpy"
        )
    of_papers = begun_papers(plan.papers, short.trucks, short.end)[1]
    seconds = _before(log.papers[of_papers], short.end)
    if not np.array_equal(seconds, reference.papers):
        first = int(np.flatnonzero((seconds != reference.papers).any(axis=1))[0])
        raise AuditError(
            f"the engines disagree about papers (visit {first} of them: joined, admitted, done): "
            f"{seconds[first].tolist()} here, {reference.papers[first].tolist()} in SimPy; "
            "nothing of this run can be trusted; please report it, and use --engine simpy"
        )
    if plan.ways is not None and short.ways is not None:
        _compare_ways(plan, short, log, reference, visits)
    opened = log.openings[log.openings[:, 0] < short.end]
    if not np.array_equal(opened, reference.openings):
        same = min(len(opened), len(reference.openings))
        differ = np.append((opened[:same] != reference.openings[:same]).any(axis=1), True)
        first = int(np.flatnonzero(differ)[0])
        here, there = (rows[first : first + 1].tolist() for rows in (opened, reference.openings))
        raise AuditError(
            "the engines disagree about servers opened by the queue (second, servers, extra, due): "
            f"{here or 'none'} here, {there or 'none'} in SimPy; nothing of this run can be "
            "trusted; please report it, and use --engine simpy"
        )
    stopped = log.stops[log.stops[:, 0] < short.end]
    number = np.searchsorted(np.arange(plan.visits)[visits], stopped[:, 1])
    stopped = np.column_stack([stopped[:, 0], number, stopped[:, 2:]])
    if not np.array_equal(stopped, reference.stops):
        raise AuditError(
            "the engines disagree about works that breakdowns have stopped; nothing of this run "
            "can be trusted; please report it, and use --engine simpy"
        )
    return int(np.count_nonzero(reference.queued != NEVER))


def _compare_ways(
    plan: Plan, short: Plan, log: Log, reference: Log, visits: np.ndarray | slice
) -> None:
    """Compare what was chosen for the visits of which all that matters had happened by then."""
    assert plan.ways is not None
    kept = np.isin(plan.ways.visit, np.arange(plan.visits)[visits])
    same = log.ways[kept] == reference.ways
    if not same[reference.ways != NEVER].all():
        raise AuditError(
            "the engines disagree about ways that trucks have chosen; nothing of this run can be "
            "trusted; please report it, and use --engine simpy"
        )


def _before(seconds: np.ndarray, end: int) -> np.ndarray:
    return np.where(seconds < end, seconds, NEVER)
