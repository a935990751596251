"""Staffing: what servers have on duty at each second, and what of it can work.

Servers can work while some stage that takes them, or works with those kept from stages before, is
open: it admits or works, and the other servers that it needs are on duty too. A lane is of no use
at night if the gate is shut or its officers are at home; such hours count neither for its load nor
for its utilisation. Who holds what, and what trucks ask for, may not enter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import Intervals, contains, intersect, merge
from portsim.measures.spans import context_of, on_duty
from portsim.measures.sums import sum_by
from portsim.measures.visit_kinds import Kinds
from portsim.plan.contract import BUDGET, SERVERS, Duty, Plan

__all__ = ["Staffing", "open_times", "staffing"]


@dataclass(frozen=True, eq=False, slots=True)
class Staffing:
    """Servers of one kind over the run, in k steps; the last one ends with the run."""

    times: Ints
    """int64[k], ascending, the first 0."""
    on_duty: Ints
    """int64[k], servers on duty from each time on: their capacity."""
    available: Ints
    """int64[k], those of them that can work."""
    rostered: bool
    """They have a calendar or a roster; else they are on duty whenever they can work."""

    @property
    def staffed(self) -> Ints:
        """int64[k], servers whose hours count as staffed."""
        return self.on_duty if self.rostered else self.available

    def between(self, values: Ints, edges: Ints, end: int) -> Reals:
        """Integral of one of these rows between neighbours of int64[m]: float64[m − 1]."""
        lengths = np.diff(self.times, append=end)
        sums = np.concatenate([[0], np.cumsum(lengths * values)])
        row = np.searchsorted(self.times, edges, side="right") - 1
        passed = sums[row] + (edges - self.times[row]) * values[row]
        return np.asarray(np.diff(passed), dtype=np.float64)


def staffing(plan: Plan, open_: Sequence[Intervals]) -> dict[int, Staffing]:
    """The staffing of each kind of servers, by number.

    Args:
        plan: with its context.
        open_: what `open_times` says of it.
    """
    rostered = context_of(plan).rostered
    by_server: dict[int, Staffing] = {}
    for server in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        since, values = plan.course(server)
        times = np.unique(np.concatenate([since, open_[server].ravel()]))
        times = times[times < plan.end]
        capacity = values[np.searchsorted(since, times, side="right") - 1]
        works = contains(open_[server], times)
        own = True if rostered is None else bool(rostered[server])
        # One array where all that is on duty can work: it is laid over the trucks once then.
        some = bool((~works & (capacity > 0)).any())
        available = np.where(works, capacity, 0) if some else capacity
        by_server[server] = Staffing(times, capacity, available, own)
    return by_server


def open_times(plan: Plan, kinds: Kinds) -> list[Intervals]:
    """When some stage that uses a resource is open, with its other servers on duty.

    Returns:
        Half-open intervals int64[k, 2] in plan seconds for each resource; none for stores.
    """
    duties, there = context_of(plan).duties, cache(partial(on_duty, plan))
    parts: list[list[Intervals]] = [[] for _ in plan.resource_kind]
    for duty in _duties(plan, kinds) if duties is None else duties:
        open_ = merge(np.concatenate([plan.admits(duty.stage), plan.works(duty.stage)]))
        for resource, count in duty.needs:
            open_ = intersect(open_, there(resource, count))
        for resource in duty.uses:
            parts[resource].append(open_)
    none = np.zeros((0, 2), dtype=np.int64)
    return [merge(np.concatenate([none, *intervals])) for intervals in parts]


def _duties(plan: Plan, kinds: Kinds) -> Iterable[Duty]:
    """What the visits of a plan take, where nobody says what its routes do."""
    servers = plan.resource_kind == SERVERS
    held = np.zeros((len(kinds), len(servers)), dtype=bool)
    for resource in np.flatnonzero(servers).tolist():
        held[:, resource] = sum_by(kinds.of, np.maximum(kinds.held(resource), 0), len(kinds)) > 0
    uses = held | ((kinds.take > 0) & (plan.resource_kind == BUDGET))
    needs = np.where(servers, kinds.take, 0)
    return {
        Duty(
            int(kinds.stage[kind]),
            tuple(
                (resource, int(needs[kind, resource]))
                for resource in np.flatnonzero(needs[kind]).tolist()
            ),
            tuple(np.flatnonzero(uses[kind]).tolist()),
        )
        for kind in range(len(kinds))
    }
