"""The gate log's order: in which stages trucks pass, and stamps of single trucks that defy it.

Of two stamps that stand in each other's place both are set right; others that cannot be are
dropped.
"""

from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.draft import ARRIVAL, Draft, Key
from portsim.gatelog.mapping import STAMPS

__all__ = [
    "COMMON",
    "RARE",
    "arrange",
    "mend_doubled",
    "mend_order",
    "must_follow",
    "note_contrary",
]

_HOUR_S = 3600
RARE = 0.05
"""A smaller share of trucks in which two stamps come the other way round is a fault of the log."""
COMMON = 0.2
"""Stamps of one stage come in their order unless more trucks say otherwise."""
_SWAPPED = "two stamps swapped"
_LATE = "a stamp out of order"


def arrange(draft: Draft, stages: tuple[str, ...]) -> Draft:
    """Bring columns into the order in which trucks pass the stages.

    Args:
        draft: the trucks.
        stages: some or all stages in their order, as somebody said; empty if nobody did.

    Returns:
        The same with the arrival first, then stage by stage queue, start and end. A stage comes
        before another if it does in more than half of the trucks that passed both; where that is
        no order, the stage that comes before most others is the first.
    """
    names = draft.stages
    times = np.column_stack(
        [_time_of(draft, stage) for stage in names] or [np.zeros((len(draft.first), 0))]
    )
    start = draft.firsts()
    wins, late = np.zeros(len(names)), np.zeros(len(names))
    for number in range(len(names)):
        own = times[:, [number]]
        first = (own < times).sum(axis=0) > (own > times).sum(axis=0)
        wins[number] = first.sum()
        known = ~np.isnan(times[:, number])
        late[number] = np.median((times[:, number] - start)[known]) if known.any() else np.inf
    stated = {stage: number for number, stage in enumerate(stages)}
    order = sorted(
        range(len(names)), key=lambda each: (-wins[each], late[each], names.index(names[each]))
    )
    if stated:
        order.sort(key=lambda each: stated.get(names[each], len(stated)))
    keys: list[Key] = [ARRIVAL] if ARRIVAL in draft.keys else []
    keys += [
        (names[each], stamp)
        for each in order
        for stamp in STAMPS
        if (names[each], stamp) in draft.keys
    ]
    return draft.arranged(tuple(keys))


def _time_of(draft: Draft, stage: str) -> Reals:
    """When trucks are at a stage: its end, else its start, else its queue."""
    time = np.full(len(draft.first), np.nan)
    for stamp in STAMPS:
        column = draft.at((stage, stamp))
        if column >= 0:
            other = draft.seconds[:, column]
            time = np.where(np.isnan(other), time, other)
    return time


def must_follow(draft: Draft, rare: float = RARE, common: float = COMMON) -> NDArray[np.bool_]:
    """Which stamp must come no earlier than which other: bool[k, k], the first before the second.

    The arrival is before all others and stamps of one stage follow each other, unless more than
    a fifth of the trucks say otherwise; other stamps follow each other if in all trucks but one,
    or in 95 % of them, they do.

    Args:
        draft: the trucks, stages in their order.
        rare: share of trucks that may come the other way round, of two stages.
        common: the same within a stage, and after the arrival.
    """
    k = len(draft.keys)
    strict = np.zeros((k, k), dtype=bool)
    for first, second in combinations(range(k), 2):
        gap = draft.seconds[:, second] - draft.seconds[:, first]
        both, wrong = int((~np.isnan(gap)).sum()), int((gap < 0).sum())
        sure = first == draft.at(ARRIVAL) or draft.keys[first][0] == draft.keys[second][0]
        if sure:
            strict[first, second] = wrong <= max(1, common * both)
        else:
            strict[first, second] = both > 0 and wrong <= max(int(both > 2), rare * both)
    return strict


def note_contrary(draft: Draft, file: str, cleaning: Cleaning) -> None:
    """Say which stamps of a stage come the wrong way round in so many trucks that it is no slip.

    Args:
        draft: the trucks.
        file: name of the log, for the list.
        cleaning: notes each two stamps.
    """
    for first, second in combinations(range(len(draft.keys)), 2):
        if first != draft.at(ARRIVAL) and draft.keys[first][0] != draft.keys[second][0]:
            continue
        gap = draft.seconds[:, second] - draft.seconds[:, first]
        both, wrong = int((~np.isnan(gap)).sum()), int((gap < 0).sum())
        if wrong > max(1, COMMON * both):
            names = [" ".join(draft.keys[number]).strip() for number in (first, second)]
            oddity = f"{names[1]} before {names[0]} in {wrong} of {both} trucks"
            treatment = "left as it is; a clock of another zone? write timezone: beside the column"
            cleaning.say(file, 0, oddity, treatment)


def mend_doubled(draft: Draft, strict: NDArray[np.bool_], cleaning: Cleaning) -> Draft:
    """Take the second of two hours that the clock shows twice where the first is before its time.

    Args:
        draft: the trucks.
        strict: which stamp must follow which, see `must_follow`.
        cleaning: notes what is done.
    """
    if not draft.doubled.any():
        return draft
    seconds = draft.seconds.copy()
    for row, column in np.argwhere(draft.doubled & ~np.isnan(seconds)).tolist():
        before = seconds[row, strict[:, column]]
        rows = np.array([draft.where[row, column]])
        if (before > seconds[row, column]).any():
            seconds[row, column] += _HOUR_S
            treatment = "taken as the second, which comes after the stamps before it"
        else:
            treatment = "taken as the first"
        stage = draft.keys[column][0] or "arrival"
        cleaning.add(rows, stage, "a time that the clock shows twice", treatment)
    return replace(draft, seconds=seconds)


def mend_order(draft: Draft, strict: NDArray[np.bool_], cleaning: Cleaning) -> Draft:
    """Swap two stamps back, or drop the stamps, where they defy the order of all others.

    Args:
        draft: the trucks.
        strict: which stamp must follow which, see `must_follow`.
        cleaning: notes what is done.
    """
    pairs = np.argwhere(strict)
    wrong = np.zeros(len(draft.first), dtype=bool)
    for first, second in pairs.tolist():
        wrong |= draft.seconds[:, first] > draft.seconds[:, second]
    if not wrong.any():
        return draft
    seconds, where = draft.seconds.copy(), draft.where.copy()
    swapped: dict[str, list[int]] = {}
    dropped: dict[str, list[int]] = {}
    for row in np.flatnonzero(wrong).tolist():
        stamps = seconds[row]
        swap = _swap(stamps, pairs, draft.keys)
        if swap is not None:
            for column in swap:
                swapped.setdefault(_place(draft.keys[column]), []).append(where[row, column])
            stamps[list(swap)] = stamps[list(swap[::-1])]
            continue
        while (column := _worst(stamps, pairs)) >= 0:
            dropped.setdefault(_place(draft.keys[column]), []).append(where[row, column])
            stamps[column], where[row, column] = np.nan, -1
    for stage, rows in swapped.items():
        treatment = "swapped back, which makes the order right"
        cleaning.add(np.array(rows), stage, _SWAPPED, treatment)
    for stage, rows in dropped.items():
        cleaning.add(np.array(rows), stage, _LATE, "the stamp is dropped")
    return replace(draft, seconds=seconds, where=where)


def _place(key: Key) -> str:
    return key[0] or "arrival"


def _defied(stamps: Reals, pairs: Ints) -> Ints:
    return pairs[stamps[pairs[:, 0]] > stamps[pairs[:, 1]]]


def _swap(stamps: Reals, pairs: Ints, keys: tuple[Key, ...]) -> tuple[int, int] | None:
    """Two stamps that are in order in each other's place: of one stage first, near ones first."""
    defied = [(int(first), int(second)) for first, second in _defied(stamps, pairs)]
    defied.sort(key=lambda pair: (keys[pair[0]][0] != keys[pair[1]][0], pair[1] - pair[0], pair))
    for first, second in defied:
        other = stamps.copy()
        other[[first, second]] = other[[second, first]]
        if not len(_defied(other, pairs)):
            return first, second
    return None


def _worst(stamps: Reals, pairs: Ints) -> int:
    """The stamp that defies most others, the farthest from the rest among equals; −1 if none."""
    defied = _defied(stamps, pairs)
    if not len(defied):
        return -1
    counts = np.bincount(defied.ravel(), minlength=len(stamps))
    far = np.abs(stamps - np.nanmedian(stamps))
    return max(np.flatnonzero(counts).tolist(), key=lambda each: (counts[each], far[each]))
