"""Use of servers against their roster: what trucks held at each second, and what was on duty.

Servers that are taken and given together, as a desk and its clerk, have one course of use; it is
worked out once for all of them.
"""

from collections.abc import Iterator

import numpy as np

from portsim.arrays import Ints
from portsim.engines.log import DIVERTED, GAVE_UP, Log
from portsim.measures.kinds import Kinds
from portsim.measures.order import in_order
from portsim.measures.spans import Spans, context_of, reached_last
from portsim.plan.contract import SERVERS, Plan

__all__ = ["capacity_of", "uses"]


def uses(plan: Plan, log: Log, found: Spans) -> dict[int, tuple[int, int]]:
    """Token-seconds used within capacity, and worked above it, in the period: by servers."""
    lost = np.flatnonzero((log.outcome == DIVERTED) | (log.outcome == GAVE_UP))
    at = reached_last(plan, log, lost) if len(lost) else lost
    # Who lost patience at its first visit holds nothing.
    later = at > plan.first_visit[lost]
    lost, at = lost[later], at[later]
    used: dict[int, tuple[int, int]] = {}
    for alike in _alike(plan, found.kinds):
        used |= _use(plan, found, alike, log.left[lost], at)
    return used


def capacity_of(plan: Plan, what: int) -> tuple[Ints, Ints]:
    """Seconds from which a resource has a capacity, the first 0, and these capacities."""
    mine = plan.change_resource == what
    times = np.concatenate([[0], plan.change_time[mine]])
    return times, np.concatenate([plan.resource_initial[[what]], plan.change_value[mine]])


def _alike(plan: Plan, kinds: Kinds) -> list[list[int]]:
    """Servers of which every kind of visit takes and gives the same."""
    found: dict[bytes, list[int]] = {}
    for what in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        columns = [table[:, what] for table in (kinds.take, kinds.give_in, kinds.give_out)]
        found.setdefault(np.concatenate(columns).tobytes(), []).append(what)
    return list(found.values())


def _use(
    plan: Plan, found: Spans, alike: list[int], left: Ints, at: Ints
) -> dict[int, tuple[int, int]]:
    """The use of servers that are taken alike; trucks that `left` unserved did so before `at`."""
    kinds, what = found.kinds, alike[0]
    takes, gives = kinds.take[:, what] - kinds.give_in[:, what], kinds.give_out[:, what]
    held = kinds.held(what) if kinds.keeps(what) else None
    moving = (kinds.take[:, what] > 0) | (kinds.give_in[:, what] > 0) | (gives > 0)
    chosen = np.flatnonzero(moving)
    visits, sizes = kinds.visits(chosen), kinds.sizes(chosen)
    times = [found.begun[visits], found.done[visits]]
    moves = [np.repeat(takes[chosen], sizes), np.repeat(-gives[chosen], sizes)]
    if held is not None:
        # What a truck holds when it joins a queue is what it held at the work before, less gifts.
        before = at - 1
        times.append(left)
        moves.append(gives[kinds.of[before]] - held[before])
    pauses = list(_pauses(plan, found, what, held))
    rosters = {number: capacity_of(plan, number) for number in alike}
    marks = [since for since, _ in rosters.values()] + [works.ravel() for *_, works in pauses]
    raw = np.concatenate([*times, *(seconds for seconds, *_ in pauses), *marks])
    order = in_order(raw)
    second = raw[order]
    length = np.diff(np.clip(second, context_of(plan).start, plan.end), append=plan.end)
    steps = np.concatenate(moves)
    used = _summed(order, 0, steps)
    working, position = used, len(steps)
    for seconds, steps, works in pauses:
        edges = works.ravel()
        idle = _course(second, edges, np.arange(len(edges) + 1) % 2 == 0)
        working = working - _summed(order, position, steps) * idle
        position += len(seconds)
    table: dict[int, tuple[int, int]] = {}
    for number, (since, values) in rosters.items():
        capacity = _course(second, since[1:], values)
        within = np.minimum(used, capacity) @ length
        above = np.maximum(working - capacity, 0) @ length
        table[number] = (int(within), int(above))
    return table


def _pauses(
    plan: Plan, found: Spans, what: int, held: Ints | None
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Per stage with pauses: seconds and steps of what is held at work there, and its work time."""
    kinds = found.kinds
    for stage in np.flatnonzero(plan.stage_pause).tolist():
        chosen = np.flatnonzero(kinds.stage == stage)
        if held is None:
            takes = kinds.take[:, what] - kinds.give_in[:, what]
            chosen = chosen[takes[chosen] > 0]
            tokens = np.repeat(takes[chosen], kinds.sizes(chosen))
            visits = kinds.visits(chosen)
        else:
            visits = kinds.visits(chosen)
            tokens = held[visits]
        if tokens.any():
            seconds = np.concatenate([found.begun[visits], found.done[visits]])
            yield seconds, np.concatenate([tokens, -tokens]), plan.works(stage)


def _course(second: Ints, steps: Ints, values: np.ndarray) -> np.ndarray:
    """The value at each ascending second: the first before all steps, the next after the first."""
    edges = np.searchsorted(second, steps)
    return np.repeat(values, np.diff(edges, prepend=0, append=len(second)))


def _summed(order: Ints, position: int, steps: Ints) -> Ints:
    """Sums of steps in an order, in which they hold the places from a position on; others are 0."""
    every = np.zeros(len(order), dtype=np.int64)
    every[position : position + len(steps)] = steps
    return np.cumsum(every[order])
