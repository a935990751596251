"""The walk back through a run: what each line of waiting trucks lacked, second by second.

It knows tables of integers only; the rules are told in docs/explanation/measures.md. The walk goes
from the end to the start, for then the log says at each second what is still to come: a truck just
admitted becomes the head of its line again, and when a resource will be had is known. Where Numba
cannot keep what it compiled, the same functions run as they stand.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from portsim.arrays import Ints

__all__ = [
    "ADMITTED",
    "BITS",
    "FINISHED",
    "LEFT_QUEUE",
    "NOBODY",
    "NOT_WAITING",
    "QUEUED",
    "Events",
    "State",
    "Static",
    "walk",
]

QUEUED, ADMITTED, FINISHED, LEFT_QUEUE = range(4)
"""What happened to a visit."""
NOBODY = NOT_WAITING = -1
BITS = 62
_SERVERS = 0


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    try:
        from numba import njit  # noqa: PLC0415 - it may be missing, or have no place for its cache

        return njit(cache=True, nogil=True)(function)  # type: ignore[no-any-return]
    except Exception:
        return function


class Static(NamedTuple):
    """What does not change; v visits, k kinds, q lines, s stages, r resources, h tracked ones."""

    start: int
    """The walk ends here."""
    end: int
    resources: int
    stages: int
    kind: Ints
    """int64[v]."""
    urgency: Ints
    """int64[v], priority and second of joining: the smaller goes first, then the smaller visit;
    NOT_WAITING where a truck was admitted as it came, or never came."""
    cls: Ints
    """int64[v], class of the truck."""
    weight: Ints
    """int64[v], what the waiting counts with."""
    kind_stage: Ints
    kind_line: Ints
    need_start: Ints
    """int64[k + 1], rows of the next four: what must be free."""
    need_what: Ints
    need_count: Ints
    need_take: Ints
    """How many are taken, though as many may be given back at once."""
    need_lack: Ints
    """Row of `State.lack_until`."""
    enter_start: Ints
    """int64[k + 1], rows of the next two: what is taken at the admission, less what comes back."""
    enter_what: Ints
    enter_count: Ints
    leave_start: Ints
    """int64[k + 1], rows of the next two: what comes back at the end of the work."""
    leave_what: Ints
    leave_count: Ints
    lack_start: Ints
    """int64[r + 1], rows of `lack_count`: the needs that there are of a resource."""
    lack_count: Ints
    resource_kind: Ints
    claims: np.ndarray
    """bool[s]."""
    line_stage: Ints
    line_start: Ints
    """int64[s + 1], rows of `line_of`: the lines of a stage."""
    line_of: Ints
    wants: Ints
    """int64[q], bits of the resources that a line's trucks need."""
    tracked: Ints
    """int64[r], column of the resource in what is held, or -1."""
    tracked_what: Ints
    """int64[h]."""
    held_waiting: Ints
    """int64[v, h], what a truck holds while it waits for a visit,"""
    held_working: Ints
    """and between its admission and the end of its work."""
    holds: np.ndarray
    """bool[v], whether any of that is not 0."""


class Events(NamedTuple):
    """What happened, by time."""

    visit_time: Ints
    visit: Ints
    """int64[n], visit times four plus what happened."""
    edge_time: Ints
    edge_stage: Ints
    edge_what: Ints
    """0 and 1: the stage ceased or began to admit, 2 and 3: its work."""
    change_time: Ints
    change_what: Ints
    change_before: Ints
    """Capacity, or level of a budget, just before."""
    back_time: Ints
    """Trucks that left without being served gave back what they held."""
    back_what: Ints
    back_count: Ints


class State(NamedTuple):
    """What changes, as it stands at the end of the run."""

    free: Ints
    """int64[r]."""
    capacity: Ints
    lack_until: Ints
    """First second at which so many are free again."""
    admits: Ints
    """int64[s]."""
    works: Ints
    head: Ints
    """int64[q]."""
    tail: Ints
    before: Ints
    """int64[v]."""
    after: Ints
    count: Ints
    """int64[q, c], weight waiting."""
    waiting_holds: Ints
    """int64[q, h], tokens held by the trucks of a line."""
    working_holds: Ints
    """int64[s, h], tokens held by the trucks at work in a stage."""


@_compiled
def _lower(t: Any, one: int, other: int) -> bool:
    """Whether a visit goes before another."""
    if t.urgency[one] != t.urgency[other]:
        return bool(t.urgency[one] < t.urgency[other])
    return one < other


@_compiled
def _put(t: Any, s: Any, visit: int, line: int, from_the_head: bool) -> bool:
    """Put a visit into its line; whether it is the head."""
    if from_the_head:
        behind = s.head[line]
        while behind != NOBODY and _lower(t, behind, visit):
            behind = s.after[behind]
        ahead = s.tail[line] if behind == NOBODY else s.before[behind]
    else:
        ahead = s.tail[line]
        while ahead != NOBODY and _lower(t, visit, ahead):
            ahead = s.before[ahead]
        behind = s.head[line] if ahead == NOBODY else s.after[ahead]
    s.before[visit] = ahead
    s.after[visit] = behind
    if behind == NOBODY:
        s.tail[line] = visit
    else:
        s.before[behind] = visit
    if ahead == NOBODY:
        s.head[line] = visit
        return True
    s.after[ahead] = visit
    return False


@_compiled
def _take(s: Any, visit: int, line: int) -> bool:
    """Take a visit out of its line; whether it was the head."""
    ahead, behind = s.before[visit], s.after[visit]
    if behind == NOBODY:
        s.tail[line] = ahead
    else:
        s.before[behind] = ahead
    if ahead == NOBODY:
        s.head[line] = behind
        return True
    s.after[ahead] = behind
    return False


@_compiled
def _fits(t: Any, s: Any, kind: int, only_others: bool) -> bool:
    """Whether nothing is missing; of what is no server, if only others than servers count."""
    for row in range(t.need_start[kind], t.need_start[kind + 1]):
        what = t.need_what[row]
        if s.free[what] < t.need_count[row] and not (
            only_others and t.resource_kind[what] == _SERVERS
        ):
            return False
    return True


@_compiled
def _claimant(t: Any, s: Any, line: int, active: Ints, lines: int) -> int:
    """The line whose head claims what the head of another, which lacks nothing, needs."""
    claimed = np.full(t.resources, NOBODY, dtype=np.int64)
    done = np.zeros(lines, dtype=np.bool_)
    while True:
        # The next candidate: the smallest key of those not yet looked at.
        at = NOBODY
        for row in range(lines):
            other = active[row]
            if done[row] or not s.admits[t.line_stage[other]]:
                continue
            if at == NOBODY or _lower(t, s.head[other], s.head[active[at]]):
                at = row
        if at == NOBODY:
            return NOBODY
        done[at] = True
        other = active[at]
        kind = t.kind[s.head[other]]
        rows = range(t.need_start[kind], t.need_start[kind + 1])
        by = NOBODY
        for row in rows:
            if by == NOBODY and claimed[t.need_what[row]] != NOBODY:
                by = claimed[t.need_what[row]]
        if other == line:
            return by
        if (by != NOBODY or not _fits(t, s, kind, False)) and (
            t.claims[t.line_stage[other]] and _fits(t, s, kind, True)
        ):
            for row in rows:
                what = t.need_what[row]
                if t.resource_kind[what] == _SERVERS and claimed[what] == NOBODY:
                    claimed[what] = other


@_compiled
def _holder(t: Any, s: Any, what: int) -> int:
    """Who keeps a resource: a line, or lines + a stage whose work pauses, or nobody but its works.

    Stages at which trucks that hold it wait or stand still are stuck. The stuck stage that holds
    most of it is named, unless trucks at work elsewhere hold more.
    """
    held = t.tracked[what]
    if held == NOBODY:
        return NOBODY
    lines = len(t.line_stage)
    free, most, found = 0, 0, NOBODY
    for stage in range(t.stages):
        working = s.working_holds[stage, held]
        waiting, most_waiting, line = 0, 0, NOBODY
        for row in range(t.line_start[stage], t.line_start[stage + 1]):
            here = s.waiting_holds[t.line_of[row], held]
            waiting += here
            if here > most_waiting:
                most_waiting, line = here, t.line_of[row]
        paused = working > 0 and not s.works[stage]
        if waiting == 0 and not paused:
            free += working
        elif waiting + working > most:
            most = waiting + working
            found = lines + stage if paused else line
    return found if most >= free and most > 0 else NOBODY


@_compiled
def _judge(t: Any, s: Any, line: int, active: Ints, lines: int, missing: Ints, link: Ints) -> None:
    """What the head of a line lacks, and whom that leads to: a line, or nobody."""
    stage = t.line_stage[line]
    link[line] = NOBODY
    if not s.admits[stage]:
        missing[line] = 2 * t.resources + stage
        return
    kind = t.kind[s.head[line]]
    off_duty, off_until, lacked, until = NOBODY, -1, NOBODY, -1
    for row in range(t.need_start[kind], t.need_start[kind + 1]):
        what = t.need_what[row]
        if s.free[what] >= t.need_count[row]:
            continue
        again = s.lack_until[t.need_lack[row]]
        if t.resource_kind[what] == _SERVERS and s.capacity[what] < t.need_take[row]:
            if again > off_until:
                off_duty, off_until = what, again
        elif again > until:
            lacked, until = what, again
    if off_duty != NOBODY:
        missing[line] = t.resources + off_duty
    elif lacked != NOBODY:
        missing[line] = lacked
        link[line] = _holder(t, s, lacked)
    else:
        by = _claimant(t, s, line, active, lines)
        link[line] = by
        missing[line] = 2 * (t.resources + t.stages)
        if by != NOBODY:
            missing[line] = 2 * t.resources + t.stages + t.line_stage[by]


@_compiled
def _root(t: Any, line: int, missing: Ints, link: Ints, step: Ints) -> int:
    """Where the chain of holders ends that begins with a line."""
    lines = len(t.line_stage)
    count, at = 0, line
    while link[at] != NOBODY:
        if link[at] >= lines:
            return int(2 * t.resources + link[at] - lines)
        step[count] = at
        count += 1
        at = link[at]
        for first in range(count):
            if step[first] == at:
                # A circle: what the first of its lines lacks, by number.
                least = NOBODY
                for row in range(first, count):
                    other = step[row]
                    if missing[other] < t.resources and (least == NOBODY or other < least):
                        least = other
                return int(missing[least])
    return int(missing[at])


@_compiled
def _row(line: int, cause: int, root: int, causes: int, first: Ints, rows: Ints, size: Ints) -> int:
    """Row of a line, a cause and a root; -1 if there is no room for a new one."""
    at = first[line * causes + cause]
    while at != NOBODY:
        if rows[at, 2] == root:
            return int(at)
        at = rows[at, 3]
    if size[0] == len(rows):
        return NOBODY
    at = size[0]
    size[0] += 1
    rows[at, 0], rows[at, 1], rows[at, 2] = line, cause, root
    rows[at, 3] = first[line * causes + cause]
    first[line * causes + cause] = at
    return int(at)


@_compiled
def walk(t: Static, e: Events, s: State, rows: Ints, sums: Ints) -> int:
    """Walk from the end to the start.

    Args:
        t, e, s: the run; `s` is worn out by it.
        rows: int64[m, 4], room for the line, the cause and the root of each row; row 0 is nobody's.
        sums: int64[m, c] of 0, becomes the weight-seconds of each row by class.

    Returns:
        How many rows there are, or -1 if there was not enough room.
    """
    lines, causes = len(t.line_stage), 2 * (t.resources + t.stages) + 1
    classes, tracked = s.count.shape[1], len(t.tracked_what)
    first = np.full(lines * causes, NOBODY, dtype=np.int64)
    size = np.ones(1, dtype=np.int64)
    at_row, missing, step = (
        np.zeros(lines, dtype=np.int64), np.zeros(lines, dtype=np.int64),
        np.zeros(lines + 1, dtype=np.int64),
    )  # fmt: skip
    link = np.full(lines, NOBODY, dtype=np.int64)
    fresh = np.zeros(lines, dtype=np.bool_)
    active, slot = np.zeros(lines, dtype=np.int64), np.full(lines, NOBODY, dtype=np.int64)
    was, touched = np.zeros(t.resources, dtype=np.int64), np.zeros(t.resources, dtype=np.int64)
    is_touched = np.zeros(t.resources, dtype=np.bool_)
    many = 0
    for line in range(lines):
        if s.head[line] != NOBODY:
            active[many], slot[line], fresh[line] = line, many, True
            many += 1
            for c in range(classes):
                sums[0, c] += s.count[line, c] * t.end
    now = t.end
    visit_at, edge_at = len(e.visit) - 1, len(e.edge_time) - 1
    change_at, back_at = len(e.change_time) - 1, len(e.back_time) - 1
    changed = -1
    while True:
        # What holds before `now`: judge the lines of which something has changed.
        judged = False
        for row in range(many):
            line = active[row]
            # Whether a claim holds depends on every other line.
            refused = missing[line] >= causes - 1 - t.stages
            if fresh[line] or refused or t.wants[line] & changed:
                judged = True
                _judge(t, s, line, active, many, missing, link)
                fresh[line] = False
        if judged:
            for row in range(many):
                line = active[row]
                root = _root(t, line, missing, link, step)
                old = at_row[line]
                if rows[old, 0] == line and rows[old, 1] == missing[line] and rows[old, 2] == root:
                    continue
                new = _row(line, missing[line], root, causes, first, rows, size)
                if new == NOBODY:
                    return NOBODY
                at_row[line] = new
                for c in range(classes):
                    moved = s.count[line, c] * now
                    sums[old, c] -= moved
                    sums[new, c] += moved
        changed = 0
        # The second before which something else held.
        now = t.start
        if visit_at >= 0:
            now = max(now, e.visit_time[visit_at])
        if edge_at >= 0:
            now = max(now, e.edge_time[edge_at])
        if change_at >= 0:
            now = max(now, e.change_time[change_at])
        if back_at >= 0:
            now = max(now, e.back_time[back_at])
        if now <= t.start:
            break
        count = 0
        while visit_at >= 0 and e.visit_time[visit_at] == now:
            visit, what = e.visit[visit_at] >> 2, e.visit[visit_at] & 3
            visit_at -= 1
            kind = t.kind[visit]
            line, stage = t.kind_line[kind], t.kind_stage[kind]
            if what == FINISHED:
                for row in range(t.leave_start[kind], t.leave_start[kind + 1]):
                    r = t.leave_what[row]
                    if not is_touched[r]:
                        is_touched[r], touched[count], was[count] = True, r, s.free[r]
                        count += 1
                    s.free[r] -= t.leave_count[row]
            elif what == ADMITTED:
                for row in range(t.enter_start[kind], t.enter_start[kind + 1]):
                    r = t.enter_what[row]
                    if not is_touched[r]:
                        is_touched[r], touched[count], was[count] = True, r, s.free[r]
                        count += 1
                    s.free[r] += t.enter_count[row]
            if t.holds[visit]:
                for h in range(tracked):
                    working, waiting = t.held_working[visit, h], t.held_waiting[visit, h]
                    if working != 0 or waiting != 0:
                        changed |= np.int64(1) << (t.tracked_what[h] % BITS)
                    if what == FINISHED:
                        s.working_holds[stage, h] += working
                    elif what == ADMITTED:
                        s.working_holds[stage, h] -= working
                    if what == QUEUED:
                        s.waiting_holds[line, h] -= waiting
                    elif what != FINISHED:
                        s.waiting_holds[line, h] += waiting
            if what == FINISHED:
                continue
            c = t.cls[visit]
            if what == QUEUED:
                if _take(s, visit, line):
                    fresh[line] = True
                s.count[line, c] -= t.weight[visit]
                sums[at_row[line], c] -= t.weight[visit] * now
                if s.head[line] == NOBODY:
                    many -= 1
                    last = active[many]
                    active[slot[line]], slot[last] = last, slot[line]
                    fresh[line] = False
            elif t.urgency[visit] != NOT_WAITING:
                if s.head[line] == NOBODY:
                    active[many], slot[line] = line, many
                    many += 1
                if _put(t, s, visit, line, what == ADMITTED):
                    fresh[line] = True
                s.count[line, c] += t.weight[visit]
                sums[at_row[line], c] += t.weight[visit] * now
        while back_at >= 0 and e.back_time[back_at] == now:
            r = e.back_what[back_at]
            if not is_touched[r]:
                is_touched[r], touched[count], was[count] = True, r, s.free[r]
                count += 1
            s.free[r] -= e.back_count[back_at]
            back_at -= 1
        while edge_at >= 0 and e.edge_time[edge_at] == now:
            stage = e.edge_stage[edge_at]
            # Walking back, what began had not yet begun.
            if e.edge_what[edge_at] < 2:
                s.admits[stage] = 1 - e.edge_what[edge_at]
            else:
                s.works[stage] = 3 - e.edge_what[edge_at]
            changed = -1
            for row in range(t.line_start[stage], t.line_start[stage + 1]):
                fresh[t.line_of[row]] = True
            edge_at -= 1
        while change_at >= 0 and e.change_time[change_at] == now:
            r = e.change_what[change_at]
            if not is_touched[r]:
                is_touched[r], touched[count], was[count] = True, r, s.free[r]
                count += 1
            if t.resource_kind[r] == _SERVERS:
                s.free[r] += e.change_before[change_at] - s.capacity[r]
                s.capacity[r] = e.change_before[change_at]
                changed |= np.int64(1) << (r % BITS)
            else:
                s.free[r] = e.change_before[change_at]
            change_at -= 1
        for row in range(count):
            r = touched[row]
            is_touched[r] = False
            if s.free[r] == was[row]:
                continue
            changed |= np.int64(1) << (r % BITS)
            for lack in range(t.lack_start[r], t.lack_start[r + 1]):
                if s.free[r] < t.lack_count[lack] <= was[row]:
                    s.lack_until[lack] = now
    for line in range(lines):
        for c in range(classes):
            sums[at_row[line], c] -= s.count[line, c] * t.start
    return int(size[0])
