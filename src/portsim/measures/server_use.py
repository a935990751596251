"""Use of servers against their staffing: what trucks held at each second, and what could work.

Servers that are taken and given together, as a desk and its clerk, have one course of use; it is
worked out once for all of them.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from portsim.arrays import Ints
from portsim.calendars import intersect
from portsim.engines.log import DIVERTED, GAVE_UP
from portsim.measures.measurement import Measurement
from portsim.measures.order import argsort_ints
from portsim.measures.spans import Spans, context_of, reached_last
from portsim.measures.staffing import Staffing
from portsim.measures.visit_kinds import Kinds
from portsim.plan.contract import SERVERS, Plan

__all__ = ["server_use"]

_NONE_STILL = np.zeros((0, 3), dtype=np.int64)


def server_use(run: Measurement) -> dict[int, tuple[int, int]]:
    """Token-seconds used of what could work, and worked over time, in the period: by servers.

    Over time is what is held above the roster, but for pauses; of servers without a calendar or
    roster, what works while no stage that takes them is open.
    """
    run = run.with_papers
    plan, log, spans, staff = run.plan, run.log, run.spans, run.staffing
    lost = np.flatnonzero((log.outcome == DIVERTED) | (log.outcome == GAVE_UP))
    visits_before = reached_last(plan, log, lost) if len(lost) else lost
    # Who lost patience at its first visit holds nothing.
    later = visits_before > plan.first_visit[lost]
    lost, visits_before = lost[later], visits_before[later]
    used: dict[int, tuple[int, int]] = {}
    for alike in _alike(plan, spans.kinds):
        servers = {server: staff[server] for server in alike}
        left = log.left[lost]
        still = _still(plan, spans, alike[0])
        if len(still):
            works, kept = _all_works(spans, alike[0], visits_before)
            used |= _sums(plan, spans.kinds, servers, works, left, kept, still)
        elif run.beyond_capacity.isdisjoint(alike):
            used |= _use(plan, spans, servers, left, visits_before)
        else:
            # One that opens, admits and closes in one second leaves a work above all capacity, and
            # so do shifts that overlap.
            works, kept = _all_works(spans, alike[0], visits_before)
            used |= _sums(plan, spans.kinds, servers, works, left, kept)
    return used


def _still(plan: Plan, spans: Spans, server: int) -> Ints:
    """Works that a breakdown keeps still with some servers: int64[k, 3], from when until when, and
    how many of these they hold; where such work pauses, the time in which it would go on."""
    rows: list[tuple[int, int, int]] = []
    held = spans.kinds.held(server) if spans.stood else np.zeros(0, dtype=np.int64)
    for visit, since, until in spans.stood:
        stage = int(plan.visit_stage[visit])
        whole = np.array([[since, until]])
        parts = intersect(plan.works(stage), whole) if plan.stage_pause[stage] else whole
        rows += [(a, b, int(held[visit])) for a, b in parts.tolist() if held[visit]]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _alike(plan: Plan, kinds: Kinds) -> list[list[int]]:
    """Servers of which every kind of visit takes and gives the same."""
    groups: dict[bytes, list[int]] = {}
    for server in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        columns = [table[:, server] for table in (kinds.take, kinds.give_in, kinds.give_out)]
        groups.setdefault(np.concatenate(columns).tobytes(), []).append(server)
    return list(groups.values())


class _Works(NamedTuple):
    """Visits that take, give or work with servers; v of them."""

    begun: Ints
    """int64[v], start of the work."""
    done: Ints
    """int64[v], its end."""
    kind: Ints
    """int64[v], kind of the visit."""
    at_work: Ints
    """int64[v], servers held during the work."""

    def where(self, some: np.ndarray) -> "_Works":
        """Only some of them: bool[v]."""
        return _Works(*(column[some] for column in self))


def _use(
    plan: Plan, spans: Spans, alike: Mapping[int, Staffing], left: Ints, before: Ints
) -> dict[int, tuple[int, int]]:
    """The use of servers that are taken alike; trucks `left` unserved before visits `before`."""
    kinds, server = spans.kinds, next(iter(alike))
    falls = np.concatenate([_falls(staff.on_duty, staff) for staff in alike.values()])
    idle = np.concatenate([_falls(staff.available, staff) for staff in alike.values()])
    if not kinds.keeps(server):
        # Nobody takes more than is free: what is held exceeds what works only where all of it was
        # taken before some went off duty.
        chosen = np.flatnonzero(kinds.moves(server))
        kind = np.repeat(chosen, kinds.sizes(chosen))
        taken = kinds.take[:, server] - kinds.give_in[:, server]
        works = _works(spans, kinds.visits(chosen), kind, taken[kind])
        some = _across(works, np.concatenate([falls, idle]))
        start, end = context_of(plan).start, plan.end
        apart = works.where(~some)
        lasting = np.clip(apart.done, start, end) - np.clip(apart.begun, start, end)
        beside = int(apart.at_work @ lasting)
        near = _sums(plan, kinds, alike, works.where(some), left, np.zeros_like(left))
        return {number: (beside + used, above) for number, (used, above) in near.items()}
    moves = kinds.moves(server)
    works, kept = _all_works(spans, server, before)
    if len(falls) or any(staff.rostered for staff in alike.values()):
        return _sums(plan, kinds, alike, works, left, kept)
    # So it is with works that go on with what was kept; what is held moves at few of them.
    held = _sums(plan, kinds, alike, works.where(moves[works.kind]), left, kept)
    near = _sums(plan, kinds, alike, works.where(_across(works, idle)), left, kept)
    return {number: (held[number][0], near[number][1]) for number in alike}


def _all_works(spans: Spans, server: int, before: Ints) -> tuple[_Works, Ints]:
    """All works that move or hold some servers, and what trucks had kept that left unserved."""
    kinds = spans.kinds
    during = kinds.held(server)
    kept = during[before - 1] - kinds.give_out[kinds.of[before - 1], server]
    visits = np.flatnonzero(kinds.moves(server)[kinds.of] | (during > 0))
    return _works(spans, visits, kinds.of[visits], during[visits]), kept


def _works(spans: Spans, visits: Ints, kind: Ints, at_work: Ints) -> _Works:
    return _Works(spans.begun[visits], spans.done[visits], kind, at_work)


def _sums(
    plan: Plan,
    kinds: Kinds,
    alike: Mapping[int, Staffing],
    works: _Works,
    left: Ints,
    kept: Ints,
    still: Ints = _NONE_STILL,
) -> dict[int, tuple[int, int]]:
    """Token-seconds used of what could work, and worked over time, if only these works were.

    Args:
        plan, kinds: the plan.
        alike: the servers.
        works: those that move what is held, for the first sum; those that hold some, for the other.
        left, kept: when some trucks left unserved, and what each had kept until then.
        still: what stood still, see `_still`.
    """
    server = next(iter(alike))
    pausing = kinds.stage[np.flatnonzero(np.bincount(works.kind))]
    stages = np.unique(pausing[plan.stage_pause[pausing]]).tolist()
    edges = {stage: plan.works(stage).ravel() for stage in stages}
    marks = [left, *(staff.times for staff in alike.values()), *edges.values(), *still.T[:2]]
    seconds = np.concatenate([works.begun, works.done, *marks])
    order = argsort_ints(seconds)
    seconds = seconds[order]
    length = np.diff(np.clip(seconds, context_of(plan).start, plan.end), append=plan.end)
    # Only moves are steps: the other marks are there to cut the time where something else changes.
    rest = np.zeros(len(seconds) - 2 * len(works.kind), dtype=np.int64)
    rest[: len(left)] = -kept
    takes = kinds.take[:, server] - kinds.give_in[:, server]
    moves = takes[works.kind], -kinds.give_out[works.kind, server], rest
    used = np.cumsum(np.concatenate(moves)[order])
    working = used
    if kinds.keeps(server) and not all(staff.rostered for staff in alike.values()):
        steps = [works.at_work, -works.at_work, np.zeros_like(rest)]
        working = np.cumsum(np.concatenate(steps)[order])
    held = used
    for stage in stages:
        here = works.at_work * (kinds.stage[works.kind] == stage)
        standing = np.cumsum(np.concatenate([here, -here, np.zeros_like(rest)])[order])
        shut = np.arange(len(edges[stage]) + 1) % 2 == 0
        paused = standing * _course(seconds, edges[stage], shut)
        held, working = held - paused, working - paused
    if len(still):
        steps_of_still = np.zeros(len(seconds), dtype=np.int64)
        steps_of_still[-2 * len(still) :] = np.concatenate([still[:, 2], -still[:, 2]])
        standing = np.cumsum(steps_of_still[order])
        held, working = held - standing, working - standing
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


def _falls(values: Ints, staff: Staffing) -> Ints:
    """Seconds at which these values of a staffing are smaller than before."""
    return staff.times[1:][np.diff(values) < 0]


def _across(works: _Works, falls: Ints) -> np.ndarray:
    """bool[v], which works go on across one of these seconds."""
    falls = np.append(np.unique(falls), np.iinfo(np.int64).max)
    return np.asarray(falls[np.searchsorted(falls, works.begun, side="right")] < works.done)


def _course(second: Ints, steps: Ints, values: np.ndarray) -> np.ndarray:
    """The value at each ascending second: the first before all steps, the next after the first."""
    edges = np.searchsorted(second, steps)
    return np.repeat(values, np.diff(edges, prepend=0, append=len(second)))
