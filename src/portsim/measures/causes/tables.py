"""What the walk needs: a plan and a log become tables of integers, events by time, a last state."""

import numpy as np

from portsim.arrays import Ints
from portsim.engines.log import DIVERTED, GAVE_UP, INSIDE, Log
from portsim.measures.causes.walk import (
    ADMITTED,
    BITS,
    FINISHED,
    LEFT_QUEUE,
    NOBODY,
    NOT_WAITING,
    QUEUED,
    Events,
    State,
    Static,
)
from portsim.measures.kinds import Kinds
from portsim.measures.order import in_order
from portsim.measures.spans import Spans, context_of, reached_last
from portsim.measures.use import capacity_of
from portsim.plan.contract import BUDGET, NEVER, SERVERS, STORE, Plan

__all__ = ["tables_of"]

_URGENT = 32


def tables_of(plan: Plan, log: Log, found: Spans, weight: Ints) -> tuple[Static, Events, State]:
    """Tables of a run.

    Args:
        plan, log, found: the run.
        weight: int64[n], what the waiting of each truck counts with.
    """
    kinds, context = found.kinds, context_of(plan)
    needs, line, line_stage = _needs(plan, kinds)
    need_start, need_what, need_count, need_take = needs
    lack_start, lack_count, need_lack = _lacks(plan, need_what, need_count)
    waited = found.reached & (found.until > log.queued)
    tracked_what, waiting, working = _held(plan, log, found, waited)
    tracked = np.full(len(plan.resource_kind), NOBODY, dtype=np.int64)
    tracked[tracked_what] = np.arange(len(tracked_what))
    wants = np.zeros(len(line_stage), dtype=np.int64)
    rows = np.repeat(line, np.diff(need_start))
    np.bitwise_or.at(wants, rows, np.int64(1) << (need_what % BITS))
    enter, leave = _moves(kinds.take - kinds.give_in), _moves(kinds.give_out)
    order = np.argsort(line_stage, kind="stable")
    stages = np.arange(len(plan.stage_pause) + 1)
    static = Static(
        start=int(context.start),
        end=int(plan.end),
        resources=len(plan.resource_kind),
        stages=len(plan.stage_pause),
        kind=kinds.of,
        urgency=_urgency(plan, log, found, waited),
        cls=context.truck_class[found.truck],
        weight=weight[found.truck],
        kind_stage=kinds.stage,
        kind_line=line,
        need_start=need_start,
        need_what=need_what,
        need_count=need_count,
        need_take=need_take,
        need_lack=need_lack,
        enter_start=enter[0],
        enter_what=enter[1],
        enter_count=enter[2],
        leave_start=leave[0],
        leave_what=leave[1],
        leave_count=leave[2],
        lack_start=lack_start,
        lack_count=lack_count,
        resource_kind=_own(plan.resource_kind),
        claims=np.array(plan.stage_claims, dtype=bool),
        line_stage=line_stage,
        line_start=np.searchsorted(line_stage[order], stages),
        line_of=order,
        wants=wants,
        tracked=tracked,
        tracked_what=tracked_what,
        held_waiting=waiting,
        held_working=working,
        holds=((waiting != 0) | (working != 0)).any(axis=1),
    )
    levels, before = _levels(plan, log, kinds)
    events = _events(plan, log, found, static, waited, before)
    return static, events, _last(plan, log, found, static, levels)


def _own(values: Ints) -> Ints:
    """The array in the one form that the walk was compiled for."""
    return np.require(values, np.int64, ["C", "A", "W"])


def _needs(plan: Plan, kinds: Kinds) -> tuple[tuple[Ints, Ints, Ints, Ints], Ints, Ints]:
    """What must be free for each kind, its line, and the stage of each line."""
    start, what, count, take = [0], [], [], []
    line: list[int] = []
    line_stage = list(range(len(plan.stage_pause)))
    lines: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}
    for kind, (stage, row) in enumerate(
        zip(kinds.stage.tolist(), kinds.lists.tolist(), strict=True)
    ):
        taken = plan.tokens(row)
        need = tuple((r, n - int(kinds.give_in[kind, r])) for r, n in taken)
        what += [r for r, _ in need]
        count += [n for _, n in need]
        take += [n for _, n in taken]
        start.append(len(what))
        if plan.stage_overtaking[stage]:
            # The first of each distinct need may go, so each need has a line of its own.
            if (stage, need) not in lines:
                lines[stage, need] = len(line_stage)
                line_stage.append(stage)
            line.append(lines[stage, need])
        else:
            line.append(stage)
    needs = _ints(start), _ints(what), _ints(count), _ints(take)
    return needs, _ints(line), _ints(line_stage)


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _lacks(plan: Plan, what: Ints, count: Ints) -> tuple[Ints, Ints, Ints]:
    """The distinct needs of each resource, and which of them each need is."""
    pairs, which = np.unique(np.column_stack([what, count]), axis=0, return_inverse=True)
    start = np.searchsorted(pairs[:, 0], np.arange(len(plan.resource_kind) + 1))
    return start, np.ascontiguousarray(pairs[:, 1]), which.ravel().astype(np.int64)


def _moves(table: Ints) -> tuple[Ints, Ints, Ints]:
    """A table int64[k, r] of counts as rows of what and how many that are not 0."""
    kind, what = np.nonzero(table)
    return np.searchsorted(kind, np.arange(len(table) + 1)), what, table[kind, what]


def _urgency(plan: Plan, log: Log, found: Spans, waited: np.ndarray) -> Ints:
    rank = np.unique(plan.priority, return_inverse=True)[1].astype(np.int64)
    return np.where(waited, (rank[found.truck] << _URGENT) | log.queued, NOT_WAITING)


def _held(plan: Plan, log: Log, found: Spans, waited: np.ndarray) -> tuple[Ints, Ints, Ints]:
    """What trucks hold of resources that may be kept: which, waiting and at work.

    Of a store a truck holds what it will yet offer: who lacks it waits for that truck.
    """
    kinds = found.kinds
    pausing = plan.stage_pause[kinds.stage]
    tracked, columns = [], []
    last = plan.first_visit[1:][found.truck] - 1
    for what, sort in enumerate(plan.resource_kind.tolist()):
        take, give_in, out = (t[:, what] for t in (kinds.take, kinds.give_in, kinds.give_out))
        if sort == SERVERS and (kinds.keeps(what) or (pausing & (take > 0)).any()):
            working = kinds.held(what)
            waiting = working - (take - give_in)[kinds.of]
        elif sort == STORE and (out > 0).any() and (take > 0).any():
            offers = np.cumsum(out[kinds.of])
            working = offers[last] - offers + out[kinds.of]
            waiting = working
        else:
            continue
        tracked.append(what)
        columns.append((waiting, working))
    shape = (len(kinds.of), len(tracked))
    tables = np.zeros((2, *shape), dtype=np.int64)
    for column, pair in enumerate(columns):
        tables[0, :, column] = np.where(waited, pair[0], 0)
        tables[1, :, column] = np.where(log.admitted != NEVER, pair[1], 0)
    return _ints(tracked), tables[0], tables[1]


def _levels(plan: Plan, log: Log, kinds: Kinds) -> tuple[Ints, Ints]:
    """What each resource has left, or its capacity, at the end; and just before each change."""
    levels, before = plan.resource_initial.copy(), np.zeros(len(plan.change_time), dtype=np.int64)
    for what, sort in enumerate(plan.resource_kind.tolist()):
        mine = np.flatnonzero(plan.change_resource == what)
        times, values = capacity_of(plan, what)
        if sort == BUDGET:
            # From each refill on only what was spent since then counts.
            moves = np.zeros(len(values), dtype=np.int64)
            for table, seconds in (
                (kinds.give_in - kinds.take, log.admitted),
                (kinds.give_out, log.finished),
            ):
                visits = kinds.visits(np.flatnonzero(table[:, what]))
                visits = visits[seconds[visits] != NEVER]
                at = np.searchsorted(times, seconds[visits], side="right") - 1
                np.add.at(moves, at, table[kinds.of[visits], what])
            values = values + moves
        before[mine], levels[what] = values[:-1], values[-1]
    return levels, before


def _events(
    plan: Plan, log: Log, found: Spans, t: Static, waited: np.ndarray, before: Ints
) -> Events:
    kinds = found.kinds
    left = waited & (log.admitted == NEVER) & (found.until < plan.end)
    moves_in = np.diff(t.enter_start)[kinds.of] > 0
    moves_out = np.diff(t.leave_start)[kinds.of] > 0
    times, codes = [], []
    for what, seconds, matters in (
        (QUEUED, log.queued, waited),
        (ADMITTED, log.admitted, waited | moves_in | t.holds),
        (FINISHED, log.finished, moves_out | t.holds),
        (LEFT_QUEUE, found.until, left),
    ):
        visits = np.flatnonzero(matters & (seconds > t.start))
        times.append(seconds[visits])
        codes.append(visits * 4 + what)
    time, code = np.concatenate(times), np.concatenate(codes)
    order = in_order(time)
    back = _given_back(plan, log, found)
    edge_time, edge_stage, edge_what = _edges(plan)
    return Events(
        visit_time=time[order],
        visit=code[order],
        edge_time=edge_time,
        edge_stage=edge_stage,
        edge_what=edge_what,
        change_time=_own(plan.change_time),
        change_what=_own(plan.change_resource),
        change_before=before,
        back_time=back[0],
        back_what=back[1],
        back_count=back[2],
    )


def _edges(plan: Plan) -> tuple[Ints, Ints, Ints]:
    """When stages cease or begin to admit (0, 1), and those that pause to work (2, 3)."""
    stages = np.arange(len(plan.stage_pause))
    time, stage, what = [], [], []
    for first, rows, starts in ((0, plan.admit, plan.admit_start), (2, plan.work, plan.work_start)):
        mine = np.repeat(stages, np.diff(starts))
        keep = np.ones(len(rows), dtype=bool) if first == 0 else plan.stage_pause[mine]
        for column, begins in ((0, 1), (1, 0)):
            time.append(rows[keep, column])
            stage.append(mine[keep])
            what.append(np.full(int(keep.sum()), first + begins))
    times, places, sorts = map(np.concatenate, (time, stage, what))
    # Where intervals touch, beginning is undone first, so that the stage is open before, too.
    inside = (times > 0) & (times < plan.end)
    times, places, sorts = times[inside], places[inside], sorts[inside]
    order = np.lexsort((sorts % 2, times))
    return times[order], places[order], sorts[order]


def _given_back(plan: Plan, log: Log, found: Spans) -> tuple[Ints, Ints, Ints]:
    """Servers that trucks gave back as they left unserved: when, what and how many, by time."""
    lost = np.flatnonzero((log.outcome == DIVERTED) | (log.outcome == GAVE_UP))
    at = reached_last(plan, log, lost) if len(lost) else lost
    later = at > plan.first_visit[lost]
    lost, at = lost[later], at[later]
    kinds, rows = found.kinds, []
    for what in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        if not len(lost) or not kinds.keeps(what):
            continue
        kept = kinds.held(what)[at - 1] - kinds.give_out[kinds.of[at - 1], what]
        some = np.flatnonzero(kept)
        rows.append(np.stack([log.left[lost[some]], np.full(len(some), what), kept[some]]))
    table = np.concatenate(rows, axis=1) if rows else np.zeros((3, 0), dtype=np.int64)
    table = table[:, np.argsort(table[0], kind="stable")]
    return table[0].copy(), table[1].copy(), table[2].copy()


def _last(plan: Plan, log: Log, found: Spans, t: Static, levels: Ints) -> State:
    """The state of the last second."""
    kinds, context = found.kinds, context_of(plan)
    lines, tracked = len(t.line_stage), len(t.tracked_what)
    visits = len(kinds.of)
    free = levels.copy()
    moving = plan.resource_kind != BUDGET
    came, went = (
        np.bincount(kinds.of[seconds != NEVER], minlength=len(kinds))
        for seconds in (log.admitted, log.finished)
    )
    moves = went @ kinds.give_out - came @ (kinds.take - kinds.give_in)
    free[moving] += moves[moving]
    _, back_what, back_count = _given_back(plan, log, found)
    np.add.at(free, back_what, back_count)
    s = State(
        free=free,
        capacity=levels,
        lack_until=np.full(len(t.lack_count), plan.end, dtype=np.int64),
        admits=_goes_on(plan, plan.admit, plan.admit_start),
        works=np.where(plan.stage_pause, _goes_on(plan, plan.work, plan.work_start), 1),
        head=np.full(lines, NOBODY, dtype=np.int64),
        tail=np.full(lines, NOBODY, dtype=np.int64),
        before=np.empty(visits, dtype=np.int64),
        after=np.empty(visits, dtype=np.int64),
        count=np.zeros((lines, len(context.class_names)), dtype=np.int64),
        waiting_holds=np.zeros((lines, tracked), dtype=np.int64),
        working_holds=np.zeros((len(plan.stage_pause), tracked), dtype=np.int64),
    )
    inside = log.outcome[found.truck] == INSIDE
    waiting = np.flatnonzero(
        (t.urgency != NOT_WAITING) & (log.admitted == NEVER) & inside & (found.until == plan.end)
    )
    waiting = waiting[np.lexsort((waiting, t.urgency[waiting]))]
    line = t.kind_line[kinds.of[waiting]]
    for number in np.unique(line).tolist():
        mine = waiting[line == number]
        s.head[number], s.tail[number] = mine[0], mine[-1]
        s.before[mine], s.after[mine] = np.append(NOBODY, mine[:-1]), np.append(mine[1:], NOBODY)
    np.add.at(s.count, (line, t.cls[waiting]), t.weight[waiting])
    np.add.at(s.waiting_holds, line, t.held_waiting[waiting])
    working = np.flatnonzero((log.admitted != NEVER) & (log.finished == NEVER))
    np.add.at(s.working_holds, plan.visit_stage[working], t.held_working[working])
    return s


def _goes_on(plan: Plan, rows: Ints, start: Ints) -> Ints:
    """Whether the last interval of each stage lasts to the end."""
    found = np.zeros(len(start) - 1, dtype=np.int64)
    some = np.flatnonzero(np.diff(start))
    found[some] = rows[start[some + 1] - 1, 1] >= plan.end
    return found
