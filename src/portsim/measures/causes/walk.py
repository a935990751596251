"""The walk back through a run: what each line of waiting trucks lacked, second by second.

It knows tables of integers only; the rules are told in docs/explanation/measures.md. The walk goes
from the end to the start, for then the log says at each second what is still to come: a truck just
admitted becomes the head of its line again, and when a resource will be had is known. Every
compiled function of the walk is in this file, because Numba's cache looks for changes in one only.
"""

from portsim.arrays import Ints
from portsim.compiling import by_reference, compiled, inlined, part
from portsim.measures.causes.forms import (
    ADMITTED,
    BACK,
    BITS,
    CODES,
    DOOR,
    FINISHED,
    GAVE_IN,
    LEFT_QUEUE,
    NOBODY,
    PASSED,
    QUEUED,
    READY,
    WORK,
    Events,
    State,
    Static,
)
from portsim.plan.contract import NEVER, SERVERS

__all__ = ["walk"]

_HEADS = 1 << BITS
"""The bit of the heads of the lines."""
_FREE, _BUSY, _OFF_DUTY = range(3)
"""How much a way lacks."""


# ---- lines of waiting trucks -------------------------------------------------------------------


@inlined
def _lower(t: Static, visit: int, other: int) -> bool:
    """Whether a visit goes before another."""
    if len(t.rank):
        rank, other_rank = t.rank[t.kind[visit]], t.rank[t.kind[other]]
    else:
        rank, other_rank = t.priority[t.truck[visit]], t.priority[t.truck[other]]
    if rank != other_rank:
        return bool(rank < other_rank)
    if t.queued[visit] != t.queued[other]:
        return bool(t.queued[visit] < t.queued[other])
    return visit < other


@part
def _put(t: Static, s: State, visit: int, line: int, from_the_head: bool) -> bool:
    """Put a visit into its line; whether it is the head."""
    if from_the_head:
        # Who is admitted goes before all others that waited but those of this very second.
        ahead, behind = NOBODY, s.head[line]
        while behind != NOBODY and _lower(t, behind, visit):
            ahead, behind = behind, s.after[behind]
    else:
        ahead, behind = s.tail[line], NOBODY
        while ahead != NOBODY and _lower(t, visit, ahead):
            ahead, behind = s.before[ahead], ahead
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


@inlined
def _take(s: State, visit: int, line: int) -> bool:
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


# ---- what a head lacks -------------------------------------------------------------------------


@inlined
def _fits(t: Static, s: State, way: int, without_servers: bool) -> bool:
    """Whether nothing is missing, or nothing but servers."""
    for row in range(t.need_start[way], t.need_start[way + 1]):
        resource = t.need_resource[row]
        if s.free[resource] < t.need_count[row] and not (
            without_servers and t.sort[resource] == SERVERS
        ):
            return False
    return True


@inlined
def _claimed_by(t: Static, s: State, way: int) -> int:
    for row in range(t.need_start[way], t.need_start[way + 1]):
        if s.claimed[t.need_resource[row]] != NOBODY:
            return int(s.claimed[t.need_resource[row]])
    return NOBODY


@inlined
def _kept_by(t: Static, s: State, kind: int) -> int:
    """Who claims what a visit needs that lacks nothing; nobody, if one of its ways is free."""
    first = NOBODY
    for way in range(t.way_start[kind], t.way_start[kind + 1]):
        if _fits(t, s, way, False):
            by = _claimed_by(t, s, way)
            if by == NOBODY:
                return NOBODY
            if first == NOBODY:
                first = by
    return int(first)


@part
def _claimant(t: Static, s: State, line: int) -> int:
    """The line whose head claims what the head of another, which lacks nothing, needs."""
    for resource in range(t.resources):
        s.claimed[resource] = NOBODY
    for other in range(t.lines):
        s.passed[other] = 0
    while True:
        # The next candidate: the smallest key of those not yet looked at.
        following = NOBODY
        for row in range(s.sizes[0]):
            other = s.active[row]
            if (
                not s.passed[other]
                and s.admits[t.line_stage[other]]
                and (following == NOBODY or _lower(t, s.head[other], s.head[following]))
            ):
                following = other
        if following == NOBODY:
            return NOBODY
        s.passed[following] = 1
        kind = t.kind[s.head[following]]
        if following == line:
            return int(_kept_by(t, s, kind))
        way = t.way_start[kind]
        if (
            t.claims[kind]
            and not s.lacking[s.head[following]]
            and (_claimed_by(t, s, way) != NOBODY or not _fits(t, s, way, False))
            and _fits(t, s, way, True)
        ):
            for row in range(t.need_start[way], t.need_start[way + 1]):
                resource = t.need_resource[row]
                if t.sort[resource] == SERVERS and s.claimed[resource] == NOBODY:
                    s.claimed[resource] = following


@part
def _keeper(t: Static, s: State, resource: int) -> int:
    """Who keeps a resource from others: a line; lines + a stage whose work pauses outside hours;
    lines + stages + a resource that is off duty, so that work pauses; or nobody.

    Stages at which trucks that hold it wait, or stand still, are stuck. The stuck stage that holds
    most of it is named, unless trucks at work elsewhere hold more; of its lines that which holds
    most. Among equals it is the first stage, and the line whose head goes first.
    """
    column = t.column[resource]
    free, most, keeper = 0, 0, NOBODY
    for number in range(t.site_start[column], t.site_start[column + 1]):
        stage = t.site[number]
        working = s.working_holds[stage, column]
        waiting, most_waiting, line = 0, 0, NOBODY
        for row in range(t.line_start[stage], t.line_start[stage + 1]):
            other = t.line_of[row]
            here = s.waiting_holds[other, column]
            waiting += here
            if here > most_waiting or (
                here > 0 and here == most_waiting and _lower(t, s.head[other], s.head[line])
            ):
                most_waiting, line = here, other
        paused = working > 0 and s.works[stage] <= 0
        if waiting == 0 and not paused:
            free += working
        elif waiting + working > most:
            most = waiting + working
            keeper = line
            if paused:
                keeper = (
                    t.lines + stage
                    if s.works[stage] == 0
                    else t.lines + t.stages - s.works[stage] - 1
                )
    return int(keeper) if most >= free else NOBODY


@inlined
def _had(t: Static, s: State, lack: int, head: int) -> int:
    """When so many are free again; or given to the head itself, though nobody sees them free."""
    admitted = t.admitted[head]
    return int(s.lack_until[lack] if admitted == NEVER else min(s.lack_until[lack], admitted))


@inlined
def _others(t: Static, stage: int, link: int) -> int:
    """What is missing where no resource is: one that another claims, or others for a convoy."""
    if link != NOBODY:
        return int(2 * t.resources + t.stages + t.line_stage[link])
    return int(2 * t.resources + t.stages + (stage if t.gathers[stage] else t.stages))


@inlined
def _lack(t: Static, s: State, way: int, head: int) -> tuple[int, int, int]:
    """What the head of a line lacks to go in a way: servers off duty (OFF_DUTY), or else anything
    (BUSY), or nothing (FREE); the resource had last; and when that is."""
    off_duty, off_until, lacked, until = NOBODY, -1, NOBODY, -1
    for row in range(t.need_start[way], t.need_start[way + 1]):
        resource = t.need_resource[row]
        if s.free[resource] >= t.need_count[row]:
            continue
        again = _had(t, s, t.need_lack[row], head)
        if t.sort[resource] == SERVERS and s.capacity[resource] < t.need_take[row]:
            if again > off_until:
                off_duty, off_until = resource, again
        elif again > until:
            lacked, until = resource, again
    if off_duty != NOBODY:
        return _OFF_DUTY, off_duty, off_until
    return (_FREE if lacked == NOBODY else _BUSY), lacked, until


@inlined
def _judge(t: Static, s: State, line: int) -> bool:
    """Note what the head of a line lacks, and whom that leads to; whether that is new."""
    stage, kind = t.line_stage[line], t.kind[s.head[line]]
    link, watch = NOBODY, t.wants[line]
    if not s.admits[stage]:
        missing, watch = 2 * t.resources + stage, 0
    else:
        first = t.way_start[kind]
        sort, lacked, until = _lack(t, s, first, s.head[line])
        # Of several ways that counts which lacks least, and of those the one that is had first.
        for way in range(first + 1, t.way_start[kind + 1]):
            other, of, again = _lack(t, s, way, s.head[line])
            if other < sort or (other == sort and again < until):
                sort, lacked, until = other, of, again
        if sort == _OFF_DUTY:
            missing = t.resources + lacked
        elif s.lacking[s.head[line]]:
            missing = 2 * (t.resources + t.stages) + 1 + stage
        elif sort == _BUSY:
            missing = lacked
            if t.column[lacked] != NOBODY:
                link, watch = _keeper(t, s, lacked), watch | _HEADS
        else:
            link, watch = _claimant(t, s, line), -1
            missing = _others(t, stage, link)
    fresh = bool(s.fresh[line] or s.missing[line] != missing or s.link[line] != link)
    s.missing[line], s.link[line], s.watch[line], s.fresh[line] = missing, link, watch, 0
    return fresh


@inlined
def _root(t: Static, s: State, line: int) -> int:
    """Where the chain that begins with a line ends."""
    count, node = 0, line
    while s.link[node] != NOBODY:
        if s.link[node] >= t.lines + t.stages:
            return int(t.resources + s.link[node] - t.lines - t.stages)
        if s.link[node] >= t.lines:
            return int(2 * t.resources + s.link[node] - t.lines)
        s.steps[count] = node
        count += 1
        node = s.link[node]
        for first in range(count):
            if s.steps[first] == node:
                # A circle: what the first of its heads lacks.
                least = NOBODY
                for row in range(first, count):
                    other = s.steps[row]
                    if s.missing[other] < t.resources and (
                        least == NOBODY or _lower(t, s.head[other], s.head[least])
                    ):
                        least = other
                return int(s.missing[least])
    return int(s.missing[node])


# ---- sums --------------------------------------------------------------------------------------


@part
def _row(t: Static, s: State, rows: Ints, line: int, cause: int, root: int) -> int:
    """Row of a line, a cause and a root; NOBODY if there is no room for a new one."""
    place = line * (2 * t.resources + 3 * t.stages + 1) + cause
    row = s.first[place]
    while row != NOBODY:
        if rows[row, 2] == root:
            return int(row)
        row = rows[row, 3]
    if s.sizes[1] == len(rows):
        return NOBODY
    row = s.sizes[1]
    s.sizes[1] += 1
    rows[row, 0], rows[row, 1], rows[row, 2], rows[row, 3] = line, cause, root, s.first[place]
    s.first[place] = row
    return int(row)


@inlined
def _enter(t: Static, s: State, rows: Ints, sums: Ints, now: int) -> bool:
    """Let the waiting before `now` count for what is noted of each line; false without room."""
    for number in range(s.sizes[0]):
        line = s.active[number]
        root, old = _root(t, s, line), s.row[line]
        if rows[old, 0] == line and rows[old, 1] == s.missing[line] and rows[old, 2] == root:
            continue
        new = _row(t, s, rows, line, s.missing[line], root)
        if new == NOBODY:
            return False
        s.row[line] = new
        for c in range(s.weights.shape[1]):
            moved = s.weights[line, c] * now
            sums[old, c] -= moved
            sums[new, c] += moved
    return True


# ---- what happened, undone ---------------------------------------------------------------------


@inlined
def _lower_by(t: Static, s: State, resource: int, count: int, now: int) -> int:
    """Take back what came free; the bit of the resource."""
    was = s.free[resource]
    s.free[resource] = was - count
    for lack in range(t.lack_start[resource], t.lack_start[resource + 1]):
        if was - count < t.lack_count[lack] <= was:
            s.lack_until[lack] = now
    return 1 << (resource % BITS)


@inlined
def _undo(t: Static, s: State, sums: Ints, code: int, now: int) -> int:
    """Undo what happened to a visit; bits of what that changes."""
    visit, happened, changed = code >> CODES, code & ((1 << CODES) - 1), 0
    kind = t.kind[visit]
    if happened == FINISHED:
        for row in range(t.leave_start[kind], t.leave_start[kind + 1]):
            changed |= _lower_by(t, s, t.leave_resource[row], t.leave_count[row], now)
    elif happened == GAVE_IN:
        for row in range(t.back_start[kind], t.back_start[kind + 1]):
            changed |= _lower_by(t, s, t.back_resource[row], t.back_count[row], now)
        return changed
    elif happened == READY:
        return int(_undo_papers(t, s, sums, visit, now))
    elif happened in (ADMITTED, PASSED):
        for row in range(t.enter_start[kind], t.enter_start[kind + 1]):
            resource = t.enter_resource[row]
            s.free[resource] += t.enter_count[row]
            changed |= 1 << (resource % BITS)
    if t.holds[kind]:
        changed |= _undo_holds(t, s, visit, happened)
    if happened == QUEUED:
        changed |= _undo_joining(t, s, sums, visit, now)
    elif happened in (ADMITTED, LEFT_QUEUE):
        changed |= _undo_leaving(t, s, sums, visit, now, happened == ADMITTED)
    return changed


@inlined
def _line(t: Static, s: State, visit: int) -> int:
    """The line in which a visit waits: that of its kind, or aside."""
    kind = t.kind[visit]
    if s.lacking[visit] and t.aside[t.kind_stage[kind]] != NOBODY:
        return int(t.aside[t.kind_stage[kind]])
    return int(t.kind_line[kind])


@part
def _undo_papers(t: Static, s: State, sums: Ints, visit: int, now: int) -> int:
    """Before its papers came, a truck lacked them: aside, or in the way of others."""
    line, aside, kind = _line(t, s, visit), t.aside[t.kind_stage[t.kind[visit]]], t.kind[visit]
    if aside == NOBODY:
        s.lacking[visit] = 1
        if s.head[line] != visit:
            return 0
        s.fresh[line] = 1
        return _HEADS
    _undo_joining(t, s, sums, visit, now)
    s.lacking[visit] = 1
    _undo_leaving(t, s, sums, visit, now, False)
    changed = _HEADS
    for column in range(t.tracked):
        held = t.held_waiting[kind, column]
        if held:
            s.waiting_holds[line, column] -= held
            s.waiting_holds[aside, column] += held
            changed |= t.column_bit[column]
    return changed


@part
def _undo_holds(t: Static, s: State, visit: int, happened: int) -> int:
    """Let a truck hold what it held before, where it was before."""
    kind, line, changed = t.kind[visit], _line(t, s, visit), 0
    stage = t.kind_stage[kind]
    for column in range(t.tracked):
        working, waiting = t.held_working[kind, column], t.held_waiting[kind, column]
        if working == 0 and waiting == 0:
            continue
        changed |= t.column_bit[column]
        if happened == FINISHED:
            s.working_holds[stage, column] += working
        elif happened in (ADMITTED, PASSED):
            s.working_holds[stage, column] -= working
        if happened == QUEUED:
            s.waiting_holds[line, column] -= waiting
        elif happened in (ADMITTED, LEFT_QUEUE):
            s.waiting_holds[line, column] += waiting
    return changed


@inlined
def _undo_joining(t: Static, s: State, sums: Ints, visit: int, now: int) -> int:
    """Before it joined, a truck did not wait here."""
    line, truck = _line(t, s, visit), t.truck[visit]
    s.weights[line, t.cls[truck]] -= t.weight[truck]
    sums[s.row[line], t.cls[truck]] -= t.weight[truck] * now
    if not _take(s, visit, line):
        return 0
    s.fresh[line] = 1
    if s.head[line] == NOBODY:
        s.sizes[0] -= 1
        last = s.active[s.sizes[0]]
        s.active[s.slot[line]], s.slot[last] = last, s.slot[line]
    return _HEADS


@inlined
def _undo_leaving(
    t: Static, s: State, sums: Ints, visit: int, now: int, from_the_head: bool
) -> int:
    """Before it was admitted or gave up, a truck waited here."""
    line, truck = _line(t, s, visit), t.truck[visit]
    s.weights[line, t.cls[truck]] += t.weight[truck]
    sums[s.row[line], t.cls[truck]] += t.weight[truck] * now
    if s.head[line] == NOBODY:
        s.active[s.sizes[0]], s.slot[line] = line, s.sizes[0]
        s.sizes[0] += 1
    if not _put(t, s, visit, line, from_the_head):
        return 0
    s.fresh[line] = 1
    return _HEADS


@part
def _undo_step(t: Static, s: State, e: Events, step: int) -> None:
    """Undo what the calendars did; the lacks are seen to once the second is settled."""
    number, before = e.step_what[step], e.step_before[step]
    if e.step_sort[step] == DOOR:
        s.admits[number] = before
    elif e.step_sort[step] == WORK:
        s.works[number] = before
    elif e.step_sort[step] == BACK:
        s.free[number] -= before
    elif t.sort[number] == SERVERS:
        s.free[number] += before - s.capacity[number]
        s.capacity[number] = before
    else:
        s.free[number] = before


@part
def _undo_steps(t: Static, s: State, e: Events, step: int, now: int) -> int:
    """Undo what the calendars did in a second, the last being `step`; the last one before it.

    Whatever they change, what is missing and not had in this second is had when it was to be had.
    """
    while step >= 0 and e.step_time[step] == now:
        _undo_step(t, s, e, step)
        step -= 1
    for resource in range(t.resources):
        for lack in range(t.lack_start[resource], t.lack_start[resource + 1]):
            count = t.lack_count[lack]
            if s.free[resource] < count:
                s.lack_until[lack] = now if s.free_then[resource] >= count else s.lack_then[lack]
    for row in range(s.sizes[0]):
        s.watch[s.active[row]] = -1
    return step


@part
def _remember(t: Static, s: State) -> None:
    """Note what is had in a second, before anything of it is undone."""
    for resource in range(t.resources):
        s.free_then[resource] = s.free[resource]
    for lack in range(len(t.lack_count)):
        s.lack_then[lack] = s.lack_until[lack]


@inlined
def _look(t: Static, s: State, changed: int) -> bool:
    """Look at the lines that something changed for; whether there is news of any."""
    news = False
    for number in range(s.sizes[0]):
        line = s.active[number]
        if (s.fresh[line] or s.watch[line] & changed) and _judge(t, s, line):
            news = True
    return news


@compiled
def walk(t: Static, e: Events, s: State, rows: Ints, sums: Ints) -> int:
    """Walk from the end to the start.

    Args:
        t, e, s: the run; `s` is worn out by it.
        rows: int64[m, 4], room for the line, the cause and the root of each row; row 0 is nobody's.
        sums: int64[m, c] of 0, becomes the weight-seconds of each row by class.

    Returns:
        How many rows there are, or NOBODY if there was not enough room.
    """
    return int(_walk(by_reference(t), by_reference(e), by_reference(s), rows, sums))


@part
def _walk(t: Static, e: Events, s: State, rows: Ints, sums: Ints) -> int:
    for number in range(s.sizes[0]):
        for c in range(s.weights.shape[1]):
            sums[0, c] += s.weights[s.active[number], c] * t.end
    now, changed = t.end, -1
    visit_at, step_at = len(e.visit) - 1, len(e.step_time) - 1
    while True:
        # What held before `now`, and since the second before in which anything happened.
        if changed and _look(t, s, changed) and not _enter(t, s, rows, sums, now):
            return NOBODY
        changed, now = 0, t.start
        if visit_at >= 0:
            now = max(now, e.time[visit_at])
        by_calendar = step_at >= 0 and e.step_time[step_at] >= now
        if by_calendar:
            now = e.step_time[step_at]
        if now <= t.start:
            break
        if by_calendar:
            _remember(t, s)
        while visit_at >= 0 and e.time[visit_at] == now:
            changed |= _undo(t, s, sums, e.visit[visit_at], now)
            visit_at -= 1
        if by_calendar:
            step_at, changed = _undo_steps(t, s, e, step_at, now), -1
    for line in range(t.lines):
        for c in range(s.weights.shape[1]):
            sums[s.row[line], c] -= s.weights[line, c] * t.start
    return int(s.sizes[1])
