"""Ranks of the SimPy engine: who goes first by kind of visit, and how levels rise with the wait."""

from typing import NamedTuple

import numpy as np

from portsim.plan.contract import NEVER, Plan

__all__ = ["Rank", "ranks_of", "rise_at"]


class Rank(NamedTuple):
    """The rank of a kind of visit."""

    priority: int
    rises: int
    """Seconds of waiting that are worth one level, or NEVER."""
    claims: bool

    def level(self, waited: int) -> int:
        """What the priority has come to after so many seconds."""
        return self.priority if self.rises == NEVER else self.priority - waited // self.rises


def ranks_of(plan: Plan) -> list[Rank] | list[None]:
    """The rank of each kind, None where it is that of the truck."""
    ranks = plan.ranks
    if ranks is None:
        return [None] * len(plan.kind_stage)
    columns = (ranks.priority, ranks.rises, ranks.claims)
    return [Rank(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def rise_at(plan: Plan, stage: int) -> bool:
    """Whether visits of some kind rise at a stage."""
    return plan.ranks is not None and bool(
        np.any(plan.ranks.rises[plan.kind_stage == stage] != NEVER)
    )
