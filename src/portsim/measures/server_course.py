"""The course of servers over a run: what is held of them at each second, summed up against rosters.

Nothing but loops over arrays that the caller made, compiled where that can be. What the sums mean
is said in `server_use`.
"""

from typing import NamedTuple

import numpy as np

from portsim.arrays import Ints
from portsim.compiling import by_reference, compiled, part

__all__ = ["Course", "Groups", "Standing", "follow"]


class Course(NamedTuple):
    """What happens: v works, l servers given back by who leaves, p edges of pauses, b works that a
    breakdown keeps still."""

    order: Ints
    """int64[2v + l + p + 2b], events by time: begin of each work, end of each, giving back, edge of
    each pause, begin of each standing still and end of each."""
    second: Ints
    """int64[2v + l + p + 2b], the seconds of all these, not in order."""
    kind: np.ndarray
    """int32[v], the kind of each work."""
    back: Ints
    """int64[l, 2], a group, and how many servers of it somebody gives back who leaves unserved."""
    edge: Ints
    """int64[p], the row of the stage that begins or ceases to work."""
    still: Ints
    """int64[b, 2], a group, and how many servers of it a work holds that stands still."""
    end: int
    """What is later does not count."""


class Groups(NamedTuple):
    """Servers that are taken and given together, g groups of them; k kinds of works."""

    first: Ints
    """int64[k + 1]: what works of a kind take, give or hold stands in these of the next m rows."""
    group: Ints
    """int64[m]."""
    takes: Ints
    """int64[m], at the begin."""
    gives: Ints
    """int64[m], at the end."""
    held: Ints
    """int64[m], during the work."""
    pauses: Ints
    """int64[k], the row of a stage whose work pauses, or -1."""
    servers: Ints
    """int64[g + 1]: the servers of a group are these of the next ones."""
    rostered: Ints
    """int64[s], 1 with a calendar or a roster."""
    step: Ints
    """int64[s + 1]: the staffing of a server stands in these of the next t rows."""
    since: Ints
    """int64[t]."""
    staffed: Ints
    """int64[t], what is on duty, and counts as that."""
    available: Ints
    """int64[t], what can work."""


class Standing(NamedTuple):
    """How it stands, all 0 at first but `at`, the row of each server's staffing at the start, and
    `shut`, 1 for each stage that pauses; `last` is the start."""

    used: Ints
    """int64[g], held, between works too."""
    working: Ints
    """int64[g], held at work."""
    resting: Ints
    """int64[g], held by works that pause or stand still."""
    there: Ints
    """int64[g, q], held by the works of each stage that pauses."""
    shut: Ints
    """int64[q]."""
    last: Ints
    """int64[s], second up to which all is summed up."""
    at: Ints
    """int64[s]."""
    sums: Ints
    """int64[s, 2], token-seconds used of what could work, and over time."""


@part
def _sum_up(t: Groups, s: Standing, group: int, now: int) -> None:
    """Sum up the servers of a group until now."""
    for server in range(t.servers[group], t.servers[group + 1]):
        since = s.last[server]
        if now <= since:
            continue
        used, working = s.used[group], s.working[group] - s.resting[group]
        over = used - s.resting[group] if t.rostered[server] else working
        row = s.at[server]
        while since < now:
            until = now
            if row + 1 < t.step[server + 1] and t.since[row + 1] < now:
                until = t.since[row + 1]
            s.sums[server, 0] += (until - since) * min(used, t.available[row])
            s.sums[server, 1] += (until - since) * max(over - t.staffed[row], 0)
            if until < now:
                row += 1
            since = until
        s.at[server], s.last[server] = row, now


@part
def _work(t: Groups, s: Standing, kind: int, now: int, sign: int) -> None:
    """A work begins (sign 1) or ends (sign −1)."""
    pauses = t.pauses[kind]
    for row in range(t.first[kind], t.first[kind + 1]):
        group, held = t.group[row], sign * t.held[row]
        _sum_up(t, s, group, now)
        s.used[group] += t.takes[row] if sign > 0 else -t.gives[row]
        s.working[group] += held
        if pauses >= 0:
            s.there[group, pauses] += held
            if s.shut[pauses]:
                s.resting[group] += held


@part
def _pause(t: Groups, s: Standing, stage: int, now: int) -> None:
    """A stage begins or ceases to work."""
    shut = 1 - s.shut[stage]
    for group in range(len(s.used)):
        if s.there[group, stage] != 0:
            _sum_up(t, s, group, now)
            s.resting[group] += s.there[group, stage] if shut else -s.there[group, stage]
    s.shut[stage] = shut


@part
def _follow(e: Course, t: Groups, s: Standing) -> None:
    works, back, edges, still = len(e.kind), len(e.back), len(e.edge), len(e.still)
    for event in e.order:
        now, number = min(e.second[event], e.end), event
        if number < works:
            _work(t, s, e.kind[number], now, 1)
            continue
        number -= works
        if number < works:
            _work(t, s, e.kind[number], now, -1)
            continue
        number -= works
        if number < back:
            _sum_up(t, s, e.back[number, 0], now)
            s.used[e.back[number, 0]] -= e.back[number, 1]
            continue
        number -= back
        if number < edges:
            _pause(t, s, e.edge[number], now)
            continue
        number -= edges
        row, sign = (number, 1) if number < still else (number - still, -1)
        _sum_up(t, s, e.still[row, 0], now)
        s.resting[e.still[row, 0]] += sign * e.still[row, 1]
    for group in range(len(s.used)):
        _sum_up(t, s, group, e.end)


@compiled
def follow(e: Course, t: Groups, s: Standing) -> None:
    """Follow a run from its begin to its end.

    Args:
        e: what happens.
        t: the servers.
        s: how it stands; its sums become those of the period.
    """
    _follow(by_reference(e), by_reference(t), by_reference(s))
