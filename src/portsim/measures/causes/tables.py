"""What the walk needs: a plan and a log become tables of integers, events by time, a last state."""

from typing import Any

import numpy as np

from portsim.arrays import Ints, own
from portsim.calendars import Intervals
from portsim.engines.log import INSIDE, Log
from portsim.measures.causes.events import sorted_events
from portsim.measures.causes.forms import (
    BACK,
    BITS,
    CHANGE,
    DOOR,
    NOBODY,
    WORK,
    Events,
    State,
    Static,
)
from portsim.measures.holdings import given_back
from portsim.measures.spans import Spans, context_of, on_duty
from portsim.measures.sums import sum_by
from portsim.measures.visit_kinds import Kinds
from portsim.plan.contract import BUDGET, NEVER, SERVERS, STORE, Plan

__all__ = ["tables_of"]


def tables_of(
    plan: Plan, log: Log, spans: Spans, weight: Ints, lacking: Ints
) -> tuple[Static, Events, State]:
    """Tables of a run.

    Args:
        plan, log, spans: the run.
        weight: int64[n], what the waiting of each truck counts with.
        lacking: int64[v], second until which papers were missing; of length 0 without any.
    """
    kinds, context = spans.kinds, context_of(plan)
    holdings = spans.holdings
    which, kind, tracked = holdings.which, holdings.kind, holdings.tracked
    waiting, working = holdings.waiting, holdings.working
    way_start, needs, line, line_stage = _needs(plan, kinds, kind)
    aside = np.full(len(plan.stage_pause), NOBODY, dtype=np.int64)
    if len(lacking):
        waits = np.unique(plan.visit_stage[lacking > log.queued])
        waits = waits[plan.stage_overtaking[waits]]
        aside[waits] = len(line_stage) + np.arange(len(waits))
        line_stage = np.concatenate([line_stage, waits])
    need_start, need_resource, need_count, need_take = needs
    lack_start, lack_count, need_lack = _lacks(plan, need_resource, need_count)
    wants = np.zeros(len(line_stage), dtype=np.int64)
    of_way = np.repeat(line, np.diff(way_start))
    np.bitwise_or.at(wants, np.repeat(of_way, np.diff(need_start)), _bits(need_resource))
    net, out = (kinds.take - kinds.give_in)[kind], kinds.give_out[kind]
    enter, back, leave = _moves(np.maximum(net, 0)), _moves(np.maximum(-net, 0)), _moves(out)
    order = np.argsort(line_stage, kind="stable")
    column = np.full(len(plan.resource_kind), NOBODY, dtype=np.int64)
    column[tracked] = np.arange(len(tracked))
    stage, holds = kinds.stage[kind], (waiting != 0) | (working != 0)
    sites = [np.unique(stage[held]) for held in holds.T]
    static = Static(
        start=int(context.start),
        end=int(plan.end),
        resources=len(plan.resource_kind),
        stages=len(plan.stage_pause),
        lines=len(line_stage),
        tracked=len(tracked),
        kind=which,
        truck=spans.truck,
        queued=own(log.queued),
        admitted=own(log.admitted),
        priority=own(plan.priority),
        rank=own(kinds.ranks[kind, 0]) if plan.ranks is not None else np.zeros(0, dtype=np.int64),
        cls=own(context.truck_class),
        weight=own(weight),
        kind_stage=stage,
        kind_line=line,
        aside=aside,
        way_start=way_start,
        need_start=need_start,
        need_resource=need_resource,
        need_count=need_count,
        need_take=need_take,
        need_lack=need_lack,
        enter_start=enter[0],
        enter_resource=enter[1],
        enter_count=enter[2],
        back_start=back[0],
        back_resource=back[1],
        back_count=back[2],
        leave_start=leave[0],
        leave_resource=leave[1],
        leave_count=leave[2],
        lack_start=lack_start,
        lack_count=lack_count,
        sort=own(plan.resource_kind),
        claims=_claims(plan, kinds)[kind],
        gathers=_gathers(plan),
        line_stage=line_stage,
        line_start=np.searchsorted(line_stage[order], np.arange(len(plan.stage_pause) + 1)),
        line_of=order,
        wants=wants,
        column=column,
        column_bit=_bits(tracked),
        site_start=np.cumsum([0, *map(len, sites)]),
        site=np.concatenate([*sites, np.zeros(0, dtype=np.int64)]),
        held_waiting=np.ascontiguousarray(waiting),
        held_working=np.ascontiguousarray(working),
        holds=holds.any(axis=1),
    )
    levels, before = _levels(plan, log, kinds)
    back_again = given_back(plan, log, kinds, holdings)
    counts = np.column_stack(
        [
            (np.diff(enter[0]) > 0) | static.holds,
            (np.diff(leave[0]) > 0) | static.holds,
            np.diff(back[0]) > 0,
        ]
    )
    time, visit = sorted_events(plan, log, spans, static.start, which, counts, lacking)
    events = Events(time, visit, *_steps(plan, kinds, before, back_again))
    state = _last(plan, log, spans, static, levels, back_again)
    if len(lacking):
        state.lacking[:] = (lacking > log.queued) & (lacking >= spans.until)
    _fill(plan, log, spans, static, state)
    return static, events, state


def _gathers(plan: Plan) -> np.ndarray:
    """bool[s], trucks leave the stage in convoys."""
    stages = np.arange(len(plan.stage_pause))
    return np.isin(stages, () if plan.convoys is None else plan.convoys.stage)


def _claims(plan: Plan, kinds: Kinds) -> np.ndarray:
    """bool[k], visits of the kind claim."""
    claims = plan.stage_claims[kinds.stage]
    return claims if plan.ranks is None else claims & (kinds.ranks[:, 2] == 1)


def _nobody(*shape: int) -> Ints:
    return np.full(shape, NOBODY, dtype=np.int64)


def _nothing(*shape: int) -> Ints:
    return np.zeros(shape, dtype=np.int64)


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _bits(resource: Ints) -> Ints:
    return np.int64(1) << (resource % BITS)


def _needs(
    plan: Plan, kinds: Kinds, chosen: Ints
) -> tuple[Ints, tuple[Ints, Ints, Ints, Ints], Ints, Ints]:
    """The ways of visits of some kinds, what must be free for each, the line of each kind, and the
    stage of each line."""
    ways, start, resource, count, take = [0], [0], [], [], []
    line: list[int] = []
    line_stage = list(range(len(plan.stage_pause)))
    lines: dict[tuple[int, tuple[Any, ...]], int] = {}
    rise = np.unique(kinds.stage[kinds.ranks[:, 1] != NEVER]) if plan.ranks is not None else ()
    for kind in chosen.tolist():
        stage = int(kinds.stage[kind])
        for taken in map(plan.tokens, kinds.could_take[kind]):
            need = tuple((r, n - int(kinds.give_in[kind, r])) for r, n in taken)
            resource += [r for r, _ in need]
            count += [n for _, n in need]
            take += [n for _, n in taken]
            start.append(len(resource))
        ways.append(len(start) - 1)
        # The first of each distinct need may go, or of each rank, so each has a line of its own;
        # where trucks have a choice none overtakes.
        own_line: tuple[Any, ...] = need if plan.stage_overtaking[stage] else ()
        if stage in rise:
            own_line += tuple(kinds.ranks[kind, :2].tolist())
        if plan.stage_overtaking[stage] or stage in rise:
            if (stage, own_line) not in lines:
                lines[stage, own_line] = len(line_stage)
                line_stage.append(stage)
            line.append(lines[stage, own_line])
        else:
            line.append(stage)
    return (
        _ints(ways),
        (_ints(start), _ints(resource), _ints(count), _ints(take)),
        _ints(line),
        _ints(line_stage),
    )


def _lacks(plan: Plan, resource: Ints, count: Ints) -> tuple[Ints, Ints, Ints]:
    """The distinct needs of each resource, and which of them each need is."""
    pairs, which = np.unique(np.column_stack([resource, count]), axis=0, return_inverse=True)
    start = np.searchsorted(pairs[:, 0], np.arange(len(plan.resource_kind) + 1))
    return start, np.ascontiguousarray(pairs[:, 1]), which.ravel().astype(np.int64)


def _moves(table: Ints) -> tuple[Ints, Ints, Ints]:
    """A table int64[k, r] of counts as rows of what and how many that are not 0."""
    kind, column = np.nonzero(table)
    return np.searchsorted(kind, np.arange(len(table) + 1)), own(column), table[kind, column]


def _levels(plan: Plan, log: Log, kinds: Kinds) -> tuple[Ints, Ints]:
    """What each resource has left, or its capacity, at the end; and just before each change."""
    levels, before = plan.resource_initial.copy(), np.zeros(len(plan.change_time), dtype=np.int64)
    for resource, sort in enumerate(plan.resource_kind.tolist()):
        changes = np.flatnonzero(plan.change_resource == resource)
        times, values = plan.course(resource)
        if plan.beginning is not None and sort != SERVERS:
            values[max(0, int(np.searchsorted(times, plan.begin)) - 1)] = plan.beginning.level[
                resource
            ]
        if sort == BUDGET:
            # From each refill on only what was spent since then counts.
            moves = np.zeros(len(values), dtype=np.int64)
            for table, seconds in (
                (kinds.give_in - kinds.take, log.admitted),
                (kinds.give_out, log.finished),
            ):
                visits = kinds.visits(np.flatnonzero(table[:, resource]))
                visits = visits[(seconds[visits] != NEVER) & (seconds[visits] >= plan.begin)]
                refill = np.searchsorted(times, seconds[visits], side="right") - 1
                moves += sum_by(refill, table[kinds.of[visits], resource], len(moves)).astype(
                    np.int64
                )
            values = values + moves
        before[changes], levels[resource] = values[:-1], values[-1]
    return levels, before


def _steps(
    plan: Plan, kinds: Kinds, before: Ints, given_back: tuple[Ints, Ints, Ints]
) -> tuple[Ints, Ints, Ints, Ints]:
    """What calendars did, and what those who left gave back: `Events` has the four columns."""
    stage = np.repeat(np.arange(len(plan.stage_pause)), np.diff(plan.admit_start))
    parts: list[tuple[Ints, int, Ints, Ints]] = [
        (plan.change_time, CHANGE, plan.change_resource, before),
        (given_back[0], BACK, given_back[1], given_back[2]),
    ]
    # Where intervals touch the end comes first, so that the stage is open before, too.
    for column in (1, 0):
        parts.append((plan.admit[:, column], DOOR, stage, np.full(len(stage), column)))
    for number in np.flatnonzero(plan.stage_pause).tolist():
        times, states = _working(plan, kinds, number)
        parts.append((times[1:], WORK, np.full(len(times) - 1, number), states[:-1]))
    time, changed, was = (np.concatenate([part[column] for part in parts]) for column in (0, 2, 3))
    sort = np.repeat([part[1] for part in parts], [len(part[0]) for part in parts])
    inside = np.flatnonzero((time > 0) & (time < plan.end))
    inside = inside[np.argsort(time[inside], kind="stable")]
    return own(time[inside]), own(sort[inside]), own(changed[inside]), own(was[inside])


def _working(plan: Plan, kinds: Kinds, stage: int) -> tuple[Ints, Ints]:
    """Seconds from which on `State.works` of a stage that pauses is what, the first 0."""
    works, hours, duty = plan.works(stage), plan.works(stage), []
    if context_of(plan).hours:
        hours = context_of(plan).hours[stage]
        most = kinds.take[kinds.stage == stage].max(axis=0, initial=0)
        for resource in np.flatnonzero((most > 0) & (plan.resource_kind == SERVERS)).tolist():
            duty.append((resource, on_duty(plan, resource, int(most[resource]))))
    edges = (works, hours, *(there for _, there in duty))
    times = np.unique(np.concatenate([[0], *(intervals.ravel() for intervals in edges)]))
    times = times[times < plan.end]
    states = np.zeros(len(times), dtype=np.int64)
    for resource, there in reversed(duty):
        states[_within(hours, times) & ~_within(there, times)] = -1 - resource
    states[_within(works, times)] = 1
    return times, states


def _within(intervals: Intervals, seconds: Ints) -> np.ndarray:
    """Whether each second lies in one of some sorted intervals that do not overlap."""
    return np.asarray(np.searchsorted(intervals.ravel(), seconds, side="right") % 2 == 1)


def _last(
    plan: Plan,
    log: Log,
    spans: Spans,
    t: Static,
    levels: Ints,
    given_back: tuple[Ints, Ints, Ints],
) -> State:
    """The state of the last second."""
    kinds, context = spans.kinds, context_of(plan)
    free = levels.copy()
    for chosen, since in (
        (plan.resource_kind == SERVERS, 0),
        # What was spent and offered before the beginning is no part of what was left then.
        (plan.resource_kind == STORE, plan.begin),
    ):
        came, went = (
            np.bincount(kinds.of[seconds >= since], minlength=len(kinds))
            for seconds in (log.admitted, log.finished)
        )
        moves = went @ kinds.give_out - came @ (kinds.take - kinds.give_in)
        free[chosen] += moves[chosen]
    np.add.at(free, given_back[1], given_back[2])
    causes = 2 * t.resources + 3 * t.stages + 1
    return State(
        free=free,
        capacity=levels,
        lack_until=np.full(len(t.lack_count), plan.end, dtype=np.int64),
        admits=_goes_on(plan, plan.admit, plan.admit_start),
        works=_ints(
            [
                int(_working(plan, kinds, stage)[1][-1]) if pauses else 1
                for stage, pauses in enumerate(plan.stage_pause.tolist())
            ]
        ),
        head=_nobody(t.lines),
        tail=_nobody(t.lines),
        before=np.empty(len(t.kind), dtype=np.int32),
        after=np.empty(len(t.kind), dtype=np.int32),
        weights=_nothing(t.lines, len(context.class_names)),
        waiting_holds=_nothing(t.lines, t.tracked),
        working_holds=_nothing(t.stages, t.tracked),
        missing=_nobody(t.lines),
        link=_nobody(t.lines),
        watch=_nothing(t.lines),
        fresh=_nothing(t.lines),
        row=_nothing(t.lines),
        lacking=np.zeros(len(t.kind), dtype=np.int8),
        active=_nothing(t.lines),
        slot=_nothing(t.lines),
        sizes=_ints([0, 1]),
        first=_nobody(t.lines * causes),
        steps=_nothing(t.lines + 1),
        claimed=_nobody(t.resources),
        passed=_nothing(t.lines),
        free_then=_nothing(t.resources),
        lack_then=_nothing(len(t.lack_count)),
    )


def _fill(plan: Plan, log: Log, spans: Spans, t: Static, s: State) -> None:
    """Enter who waits and who works as the run ends."""
    unfinished = np.flatnonzero((log.finished == NEVER) & spans.reached)
    admitted = log.admitted[unfinished] != NEVER
    working, waiting = unfinished[admitted], unfinished[~admitted]
    np.add.at(s.working_holds, plan.visit_stage[working], t.held_working[t.kind[working]])
    inside = log.outcome[spans.truck[waiting]] == INSIDE
    waiting = waiting[inside & (log.queued[waiting] < plan.end)]
    truck, line = spans.truck[waiting], t.kind_line[t.kind[waiting]]
    aside = t.aside[plan.visit_stage[waiting]]
    line = np.where((s.lacking[waiting] == 1) & (aside != NOBODY), aside, line)
    priority = t.rank[t.kind[waiting]] if len(t.rank) else plan.priority[truck]
    order = np.lexsort((waiting, log.queued[waiting], priority, line))
    waiting, truck, line = waiting[order], truck[order], line[order]
    np.add.at(s.weights, (line, t.cls[truck]), t.weight[truck])
    np.add.at(s.waiting_holds, line, t.held_waiting[t.kind[waiting]])
    for number in np.unique(line).tolist():
        visits = waiting[line == number]
        s.head[number], s.tail[number] = visits[0], visits[-1]
        s.before[visits], s.after[visits] = (
            np.append(NOBODY, visits[:-1]),
            np.append(visits[1:], NOBODY),
        )
        s.active[s.sizes[0]], s.slot[number], s.fresh[number] = number, s.sizes[0], 1
        s.sizes[0] += 1


def _goes_on(plan: Plan, rows: Ints, start: Ints) -> Ints:
    """Whether the last interval of each stage lasts to the end."""
    lasts = np.zeros(len(start) - 1, dtype=np.int64)
    some = np.flatnonzero(np.diff(start))
    lasts[some] = rows[start[some + 1] - 1, 1] >= plan.end
    return lasts
