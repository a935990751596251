"""What trucks hold: kinds of visits told apart by it, and what who leaves unserved gives back."""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, own
from portsim.compiling import compiled, part
from portsim.engines.log import DIVERTED, GAVE_UP, Log
from portsim.measures.visit_kinds import Kinds
from portsim.plan.contract import NEVER, SERVERS, STORE, Plan

__all__ = ["Holdings", "given_back", "reached_last"]

_NOBODY = -1


@dataclass(frozen=True, eq=False, slots=True)
class Holdings:
    """The v visits of a plan by kind and by what their trucks hold: k kinds so told apart.

    Of h resources this is tracked: of servers that trucks keep, or that work which pauses holds;
    and of stores what a truck will yet offer there, as who lacks it waits for that truck.
    """

    which: np.ndarray
    """int32[v], the kind of each visit here."""
    kind: Ints
    """int64[k], the kind of `Kinds` of each."""
    tracked: Ints
    """int64[h], the resources."""
    waiting: Ints
    """int64[k, h], what is held of them while waiting."""
    working: Ints
    """int64[k, h], what is held of them at work."""

    @classmethod
    def of(cls, plan: Plan, kinds: Kinds) -> "Holdings":
        """Tell the visits of a plan apart."""
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
        return cls(which, kind, np.array([*kept, *offered], dtype=np.int64), waiting, working)

    def at_work(self, server: int) -> Ints:
        """How many of some servers that are tracked each kind holds at work: int64[k]."""
        return self.working[:, int(np.flatnonzero(self.tracked == server)[0])]


def given_back(plan: Plan, log: Log, kinds: Kinds, holdings: Holdings) -> tuple[Ints, Ints, Ints]:
    """Servers that trucks gave back as they left unserved.

    Returns:
        int64[m] each: second, resource and how many, all above 0.
    """
    lost = np.flatnonzero((log.outcome == DIVERTED) | (log.outcome == GAVE_UP))
    reached = reached_last(plan, log, lost) if len(lost) else lost
    # Who lost patience at its first visit holds nothing.
    later = reached > plan.first_visit[lost]
    lost, last = lost[later], reached[later] - 1
    rows = [np.zeros((3, 0), dtype=np.int64)]
    for server in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        if len(lost) and kinds.keeps(server):
            held = holdings.at_work(server)[holdings.which[last]]
            kept = held - kinds.give_out[kinds.of[last], server]
            some = np.flatnonzero(kept)
            rows.append(np.stack([log.left[lost[some]], np.full(len(some), server), kept[some]]))
    time, resource, count = np.concatenate(rows, axis=1)
    return time, resource, count


def reached_last(plan: Plan, log: Log, trucks: Ints) -> Ints:
    """The first visit that each of some trucks did not finish; one past its last if all are."""
    first = plan.first_visit
    done = np.concatenate([[0], np.cumsum(log.finished != NEVER)])
    return np.asarray(first[trucks] + done[first[trucks + 1]] - done[first[trucks]])


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
        met, follows = np.full((2, room, count), _NOBODY, dtype=np.int64)
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
            if met[held, kind] == _NOBODY:
                met[held, kind] = sizes[0]
                rows[sizes[0], 0], rows[sizes[0], 1] = kind, held
                sizes[0] += 1
                follows[held, kind] = _sum(sums, sizes, moves, held, kind)
                if follows[held, kind] == _NOBODY:
                    return False
            number[visit] = met[held, kind]
            held = follows[held, kind]
    return True


@part
def _sum(sums: Ints, sizes: Ints, moves: Ints, held: int, kind: int) -> int:
    """Number of a sum after a move."""
    if sizes[1] == len(sums):
        return _NOBODY
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
