"""Use of servers against their staffing: what trucks held at each second, and what could work.

Servers that are taken and given together, as a desk and its clerk, have one course of use; it is
worked out once for all of them.
"""

from collections.abc import Mapping

import numpy as np

from portsim.arrays import Ints
from portsim.engines.log import DIVERTED, GAVE_UP
from portsim.measures.measurement import Measurement
from portsim.measures.order import argsort_ints
from portsim.measures.spans import Spans, context_of, reached_last
from portsim.measures.staffing import Staffing
from portsim.measures.sums import sum_by
from portsim.measures.visit_kinds import Kinds
from portsim.plan.contract import SERVERS, Plan

__all__ = ["server_use"]


def server_use(run: Measurement) -> dict[int, tuple[int, int]]:
    """Token-seconds used of what could work, and worked over time, in the period: by servers.

    Over time is what is held above the roster, but for pauses; of servers without a calendar or
    roster, what works while no stage that takes them is open.
    """
    plan, log, spans, staff = run.plan, run.log, run.spans, run.staffing
    lost = np.flatnonzero((log.outcome == DIVERTED) | (log.outcome == GAVE_UP))
    visits_before = reached_last(plan, log, lost) if len(lost) else lost
    # Who lost patience at its first visit holds nothing.
    later = visits_before > plan.first_visit[lost]
    lost, visits_before = lost[later], visits_before[later]
    used: dict[int, tuple[int, int]] = {}
    for alike in _alike(plan, spans.kinds):
        used |= _use(
            plan, spans, {server: staff[server] for server in alike}, log.left[lost], visits_before
        )
    return used


def _alike(plan: Plan, kinds: Kinds) -> list[list[int]]:
    """Servers of which every kind of visit takes and gives the same."""
    groups: dict[bytes, list[int]] = {}
    for server in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        columns = [table[:, server] for table in (kinds.take, kinds.give_in, kinds.give_out)]
        groups.setdefault(np.concatenate(columns).tobytes(), []).append(server)
    return list(groups.values())


def _use(
    plan: Plan, spans: Spans, alike: Mapping[int, Staffing], left: Ints, before: Ints
) -> dict[int, tuple[int, int]]:
    """The use of servers that are taken alike; trucks `left` unserved before visits `before`."""
    kinds, server = spans.kinds, next(iter(alike))
    own = all(staff.rostered for staff in alike.values())
    chosen, at_work, kept = _holding(plan, kinds, server, before, every=not own)
    visits, sizes = kinds.visits(chosen), kinds.sizes(chosen)
    pausing = chosen[plan.stage_pause[kinds.stage[chosen]]]
    stages = np.unique(kinds.stage[pausing]).tolist()
    edges = {stage: plan.works(stage).ravel() for stage in stages}
    marks = [left, *(staff.times for staff in alike.values()), *edges.values()]
    seconds = np.concatenate([spans.begun[visits], spans.done[visits], *marks])
    order = argsort_ints(seconds)
    seconds = seconds[order]
    length = np.diff(np.clip(seconds, context_of(plan).start, plan.end), append=plan.end)
    # Only moves are steps: the other marks are there to cut the time where something else changes.
    rest = np.zeros(len(seconds) - 2 * len(visits), dtype=np.int64)
    rest[: len(left)] = -kept
    takes = kinds.take[chosen, server] - kinds.give_in[chosen, server]
    moves = np.repeat(takes, sizes), np.repeat(-kinds.give_out[chosen, server], sizes), rest
    used = np.cumsum(np.concatenate(moves)[order])
    working = used
    if not own and kinds.keeps(server):
        works = [at_work, -at_work, np.zeros_like(rest)]
        working = np.cumsum(np.concatenate(works)[order])
    held = used
    for stage in stages:
        here = at_work * np.repeat(kinds.stage[chosen] == stage, sizes)
        standing = np.cumsum(np.concatenate([here, -here, np.zeros_like(rest)])[order])
        idle = np.arange(len(edges[stage]) + 1) % 2 == 0
        paused = standing * _course(seconds, edges[stage], idle)
        held, working = held - paused, working - paused
    table: dict[int, tuple[int, int]] = {}
    for number, staff in alike.items():
        capacity = _course(seconds, staff.times[1:], staff.staffed)
        above = (held if staff.rostered else working) - capacity
        np.maximum(above, 0, out=above)
        if staff.rostered and staff.available is not staff.on_duty:
            capacity = _course(seconds, staff.times[1:], staff.available)
        np.minimum(used, capacity, out=capacity)
        table[number] = (int(capacity @ length), int(above @ length))
    return table


def _holding(
    plan: Plan, kinds: Kinds, server: int, before: Ints, *, every: bool
) -> tuple[Ints, Ints, Ints]:
    """Who holds servers.

    Args:
        plan, kinds: the plan.
        server: the servers.
        before: the visits before which some trucks left unserved.
        every: find every kind of visit that holds some.

    Returns:
        Kinds of visits that move these servers, or hold some where work pauses or if `every`; what
        is held during the work of each of their visits; what each truck that left had kept from
        its visits before.
    """
    takes, gives = kinds.take[:, server] - kinds.give_in[:, server], kinds.give_out[:, server]
    moves = (kinds.take[:, server] > 0) | (kinds.give_in[:, server] > 0) | (gives > 0)
    if not kinds.keeps(server):
        chosen = np.flatnonzero(moves)
        return chosen, np.repeat(takes[chosen], kinds.sizes(chosen)), np.zeros_like(before)
    held = kinds.held(server)
    carried = sum_by(kinds.of, held, len(kinds)) > 0
    chosen = np.flatnonzero(moves | (carried & (every | plan.stage_pause[kinds.stage])))
    return (
        chosen,
        held[kinds.visits(chosen)],
        held[before - 1] - gives[kinds.of[before - 1]],
    )


def _course(second: Ints, steps: Ints, values: np.ndarray) -> np.ndarray:
    """The value at each ascending second: the first before all steps, the next after the first."""
    edges = np.searchsorted(second, steps)
    return np.repeat(values, np.diff(edges, prepend=0, append=len(second)))
