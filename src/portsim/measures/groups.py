"""Groups of trucks for which each figure is given: all, each direction, each class."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.plan.contract import Context

__all__ = ["Groups", "Row"]

Row = tuple[str, str, str, float, int, str]
"""class, place, measure, value, count, note."""


@dataclass(frozen=True, eq=False, slots=True)
class Groups:
    """Which classes belong to which group; g groups, c classes."""

    names: tuple[str, ...]
    table: np.ndarray
    """bool[g, c]."""

    @classmethod
    def of(cls, context: Context) -> "Groups":
        """all, the directions that occur, then the classes."""
        directions = [d for d in ("export", "import") if d in context.directions]
        rows = [np.ones(len(context.class_names), dtype=bool)]
        rows += [np.array([d == other for other in context.directions]) for d in directions]
        rows += list(np.eye(len(context.class_names), dtype=bool))
        return cls(("all", *directions, *context.class_names), np.array(rows))

    def __iter__(self) -> Iterator[tuple[str, np.ndarray]]:
        return iter(zip(self.names, self.table, strict=True))

    def sums(self, classes: Ints, values: Ints | Reals) -> Reals:
        """Sum of values of each group, float64[g], given the class of each value."""
        by_class = np.bincount(classes, weights=values, minlength=self.table.shape[1])
        return np.asarray(self.table @ by_class)
