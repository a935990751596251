"""Use of servers counted once more: everything that is held is laid over the rosters at once."""

import numpy as np

from portsim.calendars import intersect
from portsim.engines.log import DIVERTED, GAVE_UP
from portsim.measures import Measurement
from portsim.measures.spans import context_of


def recounted(run: Measurement, server: int) -> tuple[int, int]:
    """Token-seconds used of what could work, and worked over time, in the period."""
    plan, log, spans, kinds = run.plan, run.log, run.spans, run.spans.kinds
    staff, stages = run.staffing[server], kinds.stage[kinds.of]
    takes = (kinds.take - kinds.give_in)[kinds.of, server]
    gives = kinds.give_out[kinds.of, server]
    begun = log.admitted >= 0
    held = [(spans.begun[begun], takes[begun]), (spans.done[begun], -gives[begun])]
    # Along each truck: what it had taken and not given back before each visit is there at it, too.
    during = np.concatenate(
        [
            np.cumsum(takes[a:b]) - np.concatenate([[0], np.cumsum(gives[a:b])[:-1]])
            for a, b in zip(plan.first_visit[:-1], plan.first_visit[1:], strict=True)
            if b > a
        ]
        or [takes]
    )
    work = [(spans.begun[begun], during[begun]), (spans.done[begun], -during[begun])]
    for truck in np.flatnonzero((log.outcome == DIVERTED) | (log.outcome == GAVE_UP)).tolist():
        done = [
            visit
            for visit in range(plan.first_visit[truck], plan.first_visit[truck + 1])
            if log.finished[visit] >= 0
        ]
        if done:
            kept = during[done[-1]] - gives[done[-1]]
            held.append((log.left[[truck]], np.array([-kept])))
    still = []
    for stage in np.flatnonzero(plan.stage_pause).tolist():
        shut = np.concatenate([[0], plan.works(stage).ravel(), [plan.end]]).reshape(-1, 2)
        for visit in np.flatnonzero((stages == stage) & begun).tolist():
            whole = np.array([[spans.begun[visit], spans.done[visit]]])
            still += [(a, b, during[visit]) for a, b in intersect(shut, whole).tolist()]
    for visit, since, until in spans.stood:
        whole = np.array([[since, until]])
        pauses = plan.stage_pause[stages[visit]]
        parts = intersect(plan.works(int(stages[visit])), whole) if pauses else whole
        still += [(a, b, during[visit]) for a, b in parts.tolist()]
    since, until, count = np.array(still, dtype=np.int64).reshape(-1, 3).T
    rest = [(since, -count), (until, count)]
    over = (held if staff.rostered else work) + rest
    start, end = context_of(plan).start, plan.end
    marks = [staff.times, [start, end], *(seconds for seconds, _ in held + work + rest)]
    edges = np.unique(np.clip(np.concatenate(marks), start, end))
    length = np.diff(edges)
    row = np.searchsorted(staff.times, edges[:-1], side="right") - 1

    def course(moves: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        seconds = np.concatenate([second for second, _ in moves])
        steps = np.concatenate([step for _, step in moves])
        order = np.argsort(seconds, kind="stable")
        sums = np.concatenate([[0], np.cumsum(steps[order])])
        return sums[np.searchsorted(seconds[order], edges[:-1], side="right")]

    used = np.minimum(course(held), staff.available[row])
    above = np.maximum(course(over) - staff.staffed[row], 0)
    return int(used @ length), int(above @ length)
