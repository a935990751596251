"""Trucks whose next stamp is not there: where they wait, and who is inside no more.

Numbers only, of a log or of a simulated period.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals

__all__ = ["behind", "passed_by", "stamped_yet", "waiting", "whole"]

_MANY = 30
"""So many trucks do not overtake another."""
_SELDOM = 0.05
"""Ways that a smaller part of the trucks goes tell nothing of who was overtaken."""
Bools = NDArray[np.bool_]


def whole(truck: Ints, stage: Ints, needed: Sequence[int], trucks: int) -> Bools:
    """bool[trucks], which have visits of all stages that none leaves out."""
    all_ = np.ones(trucks, dtype=bool)
    for number in needed:
        all_ &= np.isin(np.arange(trucks), truck[stage == number])
    return all_


def stamped_yet(truck: Ints, stamps: Sequence[Reals]) -> Bools:
    """bool[v], visits that have a stamp, or are followed by one of the same truck that has.

    In: truck, int64[v], of visits by truck and in their order; their stamps, float64[v] each, NaN
    where there is none.
    """
    there = ~np.isnan(np.array(stamps)).all(axis=0)
    last = np.full(int(truck.max(initial=-1)) + 1, -1)
    last[truck[there]] = np.flatnonzero(there)
    return np.asarray(np.arange(len(truck)) <= last[truck])


def behind(arrival: Reals, visits: tuple[Ints, Ints], kind: Ints, through: Bools) -> Bools:
    """Trucks without a stamp after their arrival, though many of their kind that came later are
    through, wherever they went first: not inside, but left out of the log."""
    truck, stage = visits
    lost = np.zeros(len(arrival), dtype=bool)
    bare = np.bincount(truck, minlength=len(arrival)) == 0
    first = np.full(len(arrival), -1)
    first[truck[::-1]] = stage[::-1]
    for number in np.unique(kind[bare]):
        rows = np.flatnonzero(bare & (kind == number))
        others = through & (kind == number) & ~np.isnan(arrival)
        later = _overtakers(arrival[rows], arrival[others], first[others])
        lost[rows] = later >= _MANY
    return lost


def _overtakers(at: Reals, others: Reals, ways: Ints) -> Ints:
    """How many of other trucks were later, on the way on which fewest were: whoever waits for one
    stage is passed by all that do not go there.

    Args:
        at: float64[n], seconds of the trucks that are asked for.
        others: float64[m], seconds of the others.
        ways: int64[m], which way each of these went.
    """
    fewest = np.full(len(at), len(others))
    any_way = False
    for way in np.unique(ways).tolist():
        some = np.sort(others[ways == way])
        if len(some) >= _SELDOM * len(others):
            any_way = True
            later = len(some) - np.searchsorted(some, at, side="right")
            fewest = np.minimum(fewest, later)
    return fewest if any_way else np.zeros(len(at), dtype=np.int64)


def waiting(
    visits: tuple[Ints, Ints], kind: Ints, needed: Sequence[int], stamps: tuple[Reals, Reals]
) -> tuple[Ints, Ints]:
    """Visits that are not stamped yet: of trucks that lack a stage which none leaves out.

    They queue where most trucks of their kind go next, after the stage that they passed last; if
    many that went there were later and are through, where the next most go.

    Args:
        visits: truck and stage, int64[v], of what is stamped, by truck and in their order.
        kind: int64[n], trucks of one kind go one way.
        needed: stages that all trucks pass.
        stamps: when each truck came, float64[n], and when each visit was done, float64[v].

    Returns:
        Truck and stage of each of these visits.
    """
    truck, stage = visits
    arrival, done = stamps
    all_ = whole(truck, stage, needed, len(kind))
    first = np.append(True, truck[1:] != truck[:-1])[: len(truck)]
    before = np.where(first, -1, np.append(-1, stage[:-1])[: len(stage)])
    since = np.where(first, arrival[truck], np.append(np.nan, done[:-1])[: len(stage)])
    last, left = np.full(len(kind), -1), arrival.copy()
    last[truck], left[truck] = stage, done
    lack = np.flatnonzero(~all_)
    place = np.full(len(lack), -1)
    for own, at in {(k, p) for k, p in zip(kind[lack].tolist(), last[lack].tolist(), strict=True)}:
        rows = (kind[lack] == own) & (last[lack] == at)
        steps = all_[truck] & (kind[truck] == own) & (before == at)
        place[rows] = _next(left[lack[rows]], since[steps], stage[steps])
    return lack[place >= 0], place[place >= 0]


def _next(left: Reals, others: Reals, ways: Ints) -> Ints:
    """Where trucks wait that left a stage, by when others left it and which way these went."""
    place = np.full(len(left), -1)
    names, counts = np.unique(ways, return_counts=True)
    common = names[np.argsort(-counts, kind="stable")]
    if not len(common):
        return place
    for way in [each for each in common if np.sum(ways == each) >= _SELDOM * len(ways)]:
        some = np.sort(others[(ways == way) & ~np.isnan(others)])
        later = len(some) - np.searchsorted(some, left, side="right")
        place[(place < 0) & ((later < _MANY) | np.isnan(left))] = way
    return np.where(place < 0, common[0], place)


def passed_by(
    stage: Ints, truck: Ints, stamps: Sequence[Reals], final: Bools, through: Bools
) -> Bools:
    """Trucks whose last stamp lies so far back that many who were stamped there later are through:
    not inside, but without a stamp."""
    passed = np.zeros(len(through), dtype=bool)
    inside = final & ~through[truck]
    following = np.where(final, -1, np.append(stage[1:], -1)[: len(stage)])
    for number in np.unique(stage[inside]):
        rows = np.flatnonzero(inside & (stage == number))
        others = through[truck] & (stage == number)
        left = np.ones(len(rows), dtype=bool)
        for each in reversed(stamps):
            known = left & ~np.isnan(each[rows])
            there = others & ~np.isnan(each)
            # Who is done waits for the next stage, and all that go elsewhere pass by.
            ways = following[there] if each is stamps[-1] else np.zeros(there.sum(), dtype=np.int64)
            later = _overtakers(each[rows[known]], each[there], ways)
            passed[truck[rows[known]]] = later >= _MANY
            left &= ~known
    return passed
