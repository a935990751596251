"""Kinds of visits once more, told apart by what trucks hold, too; events put in order of time."""

import numpy as np

from portsim.arrays import Ints, own
from portsim.compiling import compiled, part
from portsim.engines.log import Log
from portsim.measures.causes.forms import (
    ADMITTED,
    CODES,
    FINISHED,
    GAVE_IN,
    LEFT_QUEUE,
    NOBODY,
    PASSED,
    QUEUED,
    READY,
)
from portsim.measures.order import argsort_ints
from portsim.measures.spans import Spans
from portsim.plan.contract import NEVER, SERVERS, STORE, Plan

__all__ = ["held_kinds", "sorted_events"]


def held_kinds(plan: Plan, spans: Spans) -> tuple[np.ndarray, Ints, Ints, Ints, Ints]:
    """Tell kinds of visits apart by what the trucks hold.

    Of a store a truck holds what it will yet offer: who lacks it waits for that truck.

    Returns:
        int32[v], the kind of each visit; int64[k], the kind of `spans.kinds` of each; int64[h], the
        resources tracked; int64[k, h], what is held of them while waiting, and at work.
    """
    kinds = spans.kinds
    pausing = plan.stage_pause[kinds.stage]
    kept, offered = [], []
    for resource, sort in enumerate(plan.resource_kind.tolist()):
        takes = kinds.take[:, resource] > 0
        if sort == SERVERS and (kinds.keeps(resource) or (pausing & takes).any()):
            kept.append(resource)
        elif sort == STORE and kinds.give_out[:, resource].any() and takes.any():
            offered.append(resource)
    net = (kinds.take - kinds.give_in - kinds.give_out)[:, kept]
    past = _course(plan, kinds.of, net, 1)
    yet = _course(plan, kinds.of, kinds.give_out[:, offered], -1)
    if not offered:
        which, pairs = past[0], np.column_stack([past[1], past[2], np.zeros(len(past[1]), int)])
    else:
        # Few of all pairs occur.
        codes, which = np.unique(past[0] * len(yet[1]) + yet[0], return_inverse=True)
        first, second = np.divmod(codes, len(yet[1]))
        pairs = np.column_stack([past[1][first], past[2][first], yet[2][second]])
        which = which.astype(np.int32)
    kind, before, beyond = pairs.T
    waiting = np.concatenate(
        [past[3][before], yet[3][beyond] + kinds.give_out[kind][:, offered]], 1
    )
    entered = (kinds.take - kinds.give_in)[kind][:, kept]
    working = waiting.copy()
    working[:, : len(kept)] += entered
    return which, kind, np.array([*kept, *offered], dtype=np.int64), waiting, working


def _course(
    plan: Plan, kinds: Ints, moves: Ints, direction: int
) -> tuple[np.ndarray, Ints, Ints, Ints]:
    """How something adds up along the visits of each truck, forwards or backwards.

    Returns:
        int32[v], a number for each visit; int64[k], the kind, and int64[k], the sum before the
        visit, of each number; int64[m, h], the sums.
    """
    count = len(moves)
    moves = np.ascontiguousarray(moves, dtype=np.int64)
    number, room = np.empty(len(kinds), dtype=np.int32), 16
    while True:
        met, follows = np.full((2, room, count), NOBODY, dtype=np.int64)
        sums = np.zeros((room, moves.shape[1]), dtype=np.int64)
        rows = np.zeros((room * count, 2), dtype=np.int64)
        sizes = np.array([0, 1], dtype=np.int64)
        tables = met, follows, sums, rows, sizes
        if _number(own(kinds), own(plan.first_visit), moves, direction, number, *tables):
            filled = rows[: sizes[0]]
            return number, filled[:, 0].copy(), filled[:, 1].copy(), sums[: sizes[1]]
        room *= 8


@compiled
def _number(
    kinds: Ints, first: Ints, moves: Ints, direction: int, number: np.ndarray, met: Ints,
    follows: Ints, sums: Ints, rows: Ints, sizes: Ints,
) -> bool:  # fmt: skip
    """Number pairs of a sum and a kind as they come; false if there is no room for the sums."""
    for truck in range(len(first) - 1):
        held = 0
        for step in range(first[truck + 1] - first[truck]):
            visit = first[truck] + step if direction > 0 else first[truck + 1] - 1 - step
            kind = kinds[visit]
            if met[held, kind] == NOBODY:
                met[held, kind] = sizes[0]
                rows[sizes[0], 0], rows[sizes[0], 1] = kind, held
                sizes[0] += 1
                follows[held, kind] = _sum(sums, sizes, moves, held, kind)
                if follows[held, kind] == NOBODY:
                    return False
            number[visit] = met[held, kind]
            held = follows[held, kind]
    return True


@part
def _sum(sums: Ints, sizes: Ints, moves: Ints, held: int, kind: int) -> int:
    """Number of a sum after a move."""
    if sizes[1] == len(sums):
        return NOBODY
    new = sizes[1]
    for column in range(sums.shape[1]):
        sums[new, column] = sums[held, column] + moves[kind, column]
    for other in range(sizes[1]):
        same = True
        for column in range(sums.shape[1]):
            same = same and sums[other, column] == sums[new, column]
        if same:
            return other
    sizes[1] += 1
    return int(new)


def sorted_events(
    plan: Plan,
    log: Log,
    spans: Spans,
    start: int,
    kind: np.ndarray,
    counts: np.ndarray,
    lacking: Ints,
) -> tuple[Ints, Ints]:
    """What happened to visits after `start`, in order of time.

    Args:
        plan, log, spans: the run.
        start: the second of the earliest that matters is above it.
        kind: int32[v], row of `counts`.
        counts: bool[k, 3], whether admissions and ends of work change anything, and whether more
            comes back at admissions than is taken, of some resource.
        lacking: int64[v], second until which papers were missing; none is looked at without any.

    Returns:
        int64[m], seconds; int64[m], visit and what happened to it. Within a second what gives
        something back comes last.
    """
    time, code = (np.empty(5 * len(kind) + len(lacking), dtype=np.int64) for _ in range(2))
    columns = map(own, (log.queued, log.admitted, log.finished, spans.until, lacking))
    length = _collect(*columns, int(plan.end), start, kind, counts, time, code)
    order = argsort_ints(time[:length])
    return time[order], code[order]


@compiled
def _collect(
    queued: Ints, admitted: Ints, finished: Ints, until: Ints, lacking: Ints, end: int, start: int,
    kind: np.ndarray, counts: np.ndarray, time: Ints, code: Ints,
) -> int:  # fmt: skip
    length = 0
    for visit in range(len(kind)):
        if queued[visit] == NEVER or until[visit] <= start:
            continue
        waited = until[visit] > queued[visit]
        if waited and queued[visit] > start:
            time[length], code[length] = queued[visit], (visit << CODES) | QUEUED
            length += 1
        if len(lacking) and max(queued[visit], start) < lacking[visit] < until[visit]:
            time[length], code[length] = lacking[visit], (visit << CODES) | READY
            length += 1
        if admitted[visit] == NEVER:
            # Papers may be handed in and taken back in one second.
            if waited and until[visit] < end:
                time[length], code[length] = until[visit], (visit << CODES) | LEFT_QUEUE
                length += 1
        elif waited or counts[kind[visit], 0]:
            happened = ADMITTED if waited else PASSED
            time[length], code[length] = admitted[visit], (visit << CODES) | happened
            length += 1
    for visit in range(len(kind)):
        if admitted[visit] > start and counts[kind[visit], 2]:
            time[length], code[length] = admitted[visit], (visit << CODES) | GAVE_IN
            length += 1
        if finished[visit] > start and counts[kind[visit], 1]:
            time[length], code[length] = finished[visit], (visit << CODES) | FINISHED
            length += 1
    return length
