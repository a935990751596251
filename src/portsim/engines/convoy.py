"""Convoys of the SimPy engine: when those who wait at a stage depart together.

A convoy knows who joined when and what time it is; it knows neither keys nor what trucks do.
"""

from heapq import heappop, heappush
from typing import Protocol

from portsim.plan.contract import NEVER, Plan

__all__ = ["Convoy", "count_of"]


class _Waiting(Protocol):
    number: int
    waiting: bool


class Convoy:
    """The rule of one stage, and who has waited longest there."""

    def __init__(self, plan: Plan, row: int) -> None:
        assert plan.convoys is not None
        self.stage = int(plan.convoys.stage[row])
        self.count = int(plan.convoys.count[row])
        self.after = int(plan.convoys.after[row])
        self._joined: list[tuple[int, int, _Waiting]] = []

    def join(self, queued: int, visit: _Waiting) -> None:
        """Note who has joined the queue, and when."""
        heappush(self._joined, (queued, visit.number, visit))

    def departs(self, waiting: int, now: int) -> bool:
        """Whether a convoy may go of so many who wait."""
        if waiting >= self.count:
            return True
        while self._joined and not self._joined[0][2].waiting:
            heappop(self._joined)
        return bool(self._joined) and self.after != NEVER and self._joined[0][0] + self.after <= now


def count_of(plan: Plan) -> int:
    """How many stages have convoys."""
    return 0 if plan.convoys is None else len(plan.convoys.stage)
