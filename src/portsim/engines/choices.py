"""Choices of the SimPy engine: in which of several ways a truck makes a visit.

What is known here are the ways and who waits where; nobody is moved.
"""

from collections.abc import Callable, Sequence, Set
from typing import Generic, Protocol, TypeVar

from portsim.plan.contract import FITTING, NEVER, SHORTEST, Plan

__all__ = ["Choices"]


class _Recipe(Protocol):
    stage: int
    servers: set[int]


class _Stage(Protocol):
    waiting: int
    at_work: int


R = TypeVar("R", bound=_Recipe)


class Choices(Generic[R]):
    """The visits for which a way is to be chosen, and what has been chosen."""

    def __init__(
        self,
        plan: Plan,
        kinds: Sequence[R],
        is_open: Callable[[R], bool],
        fits: Callable[[R], bool],
    ) -> None:
        """Begin with nothing chosen.

        Args:
            plan: tells the ways.
            kinds: the recipe of each kind of visit.
            is_open: tells of a recipe whether its stage admits and its servers are there,
            fits: and whether what it takes is free.
        """
        ways = plan.ways
        self.open: dict[int, int] = {}
        """Row of each visit for which none has been chosen."""
        self.chosen = [] if ways is None else [NEVER] * len(ways.visit)
        self._rules = [] if ways is None else ways.rule.tolist()
        self._ways: list[list[tuple[R, int]]] = []
        self._is_open, self._fits = is_open, fits
        for row, visit in enumerate([] if ways is None else ways.visit.tolist()):
            assert ways is not None
            self.open[visit] = row
            self._ways.append([(kinds[kind], work) for kind, work in ways.of(row)])

    @property
    def recipes(self) -> set[R]:
        """All that may be chosen."""
        return {recipe for ways in self._ways for recipe, _ in ways}

    def joining(self, visit: int, stages: Sequence[_Stage]) -> tuple[R, int] | None:
        """The way of a truck that joins a queue; None where that is chosen at its admission."""
        row = self.open[visit]
        rule, ways = self._rules[row], self._ways[row]
        if rule == FITTING:
            return None
        if rule == SHORTEST:
            numbers = [n for n, (recipe, _) in enumerate(ways) if self._is_open(recipe)]

            def length(number: int) -> int:
                stage = stages[ways[number][0].stage]
                return stage.waiting + stage.at_work

            number = min(numbers or range(len(ways)), key=length)
        else:
            overflows = stages[ways[0][0].stage].waiting >= rule
            number = int(overflows and self._is_open(ways[1][0]))
        return self._choose(visit, number)

    def fitting(self, visit: int, claimed: Set[int]) -> tuple[R, int] | None:
        """The first way in which a truck may be admitted; None if there is none."""
        row = self.open[visit]
        if self._rules[row] != FITTING:
            return None
        for number, (recipe, _) in enumerate(self._ways[row]):
            if self._fits(recipe) and claimed.isdisjoint(recipe.servers):
                return self._choose(visit, number)
        return None

    def _choose(self, visit: int, number: int) -> tuple[R, int]:
        row = self.open.pop(visit)
        self.chosen[row] = number
        return self._ways[row][number]
