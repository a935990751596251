"""Choices of some visits among those of a plan; rows are picked here, nothing is chosen."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints
from portsim.plan.contract import NEVER, Plan, Ways

__all__ = ["spread", "ways_of"]


def ways_of(ways: Ways, visits: Ints, open_: NDArray[np.bool_] | None = None) -> Ways:
    """The choices of some visits, told by their place among these.

    Args:
        ways: of all visits.
        visits: int64[k], those that are wanted; one may be wanted several times.
        open_: bool[w], choices that are kept; all if None.
    """
    most = max(int(visits.max(initial=0)), int(ways.visit.max(initial=0)))
    row_of = np.full(most + 1, NEVER)
    kept = slice(None) if open_ is None else np.flatnonzero(open_)
    row_of[ways.visit[kept]] = np.arange(len(ways.visit))[kept]
    place = np.flatnonzero(row_of[visits] != NEVER)
    rows = row_of[visits[place]]
    count = np.diff(ways.start)[rows]
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    of = np.repeat(ways.start[rows] - start[:-1], count) + np.arange(int(start[-1]))
    return Ways(place, ways.rule[rows], start, ways.kind[of], ways.work[of])


def spread(plan: Plan) -> Plan:
    """The plan without choices, for what can be said before anything is run: visits are shared out
    evenly among their ways, and of two where one is for what overflows all go the first."""
    ways = plan.ways
    if ways is None:
        return plan
    # Those with the same first way take turns.
    first = ways.kind[ways.start[:-1]]
    order = np.argsort(first, kind="stable")
    turn = np.empty(len(first), dtype=np.int64)
    turn[order] = np.arange(len(first)) - np.searchsorted(first[order], first[order])
    turn %= np.diff(ways.start)
    row = ways.start[:-1] + np.where(ways.rule > 0, 0, turn)
    kind, work = plan.visit_kind.copy(), plan.visit_work.copy()
    kind[ways.visit], work[ways.visit] = ways.kind[row], ways.work[row]
    return replace(plan, visit_kind=kind, visit_work=work, ways=None)
