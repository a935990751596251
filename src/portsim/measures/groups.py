"""Groups of trucks for which each figure is given: all, each direction, each class."""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.measures.order import argsort_ints
from portsim.measures.sums import sum_by
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
    layers: tuple[Ints, ...]
    """The groups in layers that each hold every class once, int64[c]: all, directions, classes."""

    @classmethod
    def of(cls, context: Context) -> "Groups":
        """all, the directions that occur, then the classes."""
        directions = sorted(set(context.directions))
        names = ("all", *directions, *context.class_names)
        classes = len(context.class_names)
        layers = (
            np.zeros(classes, dtype=np.int64),
            np.array([names.index(d) for d in context.directions], dtype=np.int64),
            np.arange(classes) + 1 + len(directions),
        )
        table = np.zeros((len(names), classes), dtype=bool)
        for layer in layers:
            table[layer, np.arange(classes)] = True
        return cls(names, table, layers)

    def sums(self, classes: Ints, values: Ints | Reals) -> Reals:
        """Sum of values of each group, float64[g], given the class of each value."""
        return np.asarray(self.table @ sum_by(classes, values, self.table.shape[1]))

    def tables(self, classes: Ints, column: Ints, columns: int, values: Ints | Reals) -> Reals:
        """The same by columns, float64[g, columns], given the column of each value, too."""
        size = self.table.shape[1] * columns
        by_class = sum_by(classes * columns + column, values, size)
        return np.asarray(self.table @ by_class.reshape(-1, columns))

    def pass_by(self, context: Context) -> np.ndarray:
        """Which groups have a figure at a stage, bool[s, g] for s stages.

        All, always; others if the route of one of their classes has the stage.
        """
        passes = np.asarray(context.routes @ self.table.T)
        passes[:, 0] = True
        return passes

    def members(self, classes: Ints) -> list[Ints]:
        """Positions of each group's classes in `classes`, ascending."""
        order = argsort_ints(classes)
        edges = np.searchsorted(classes[order], np.arange(self.table.shape[1] + 1))
        return [
            order[edges[own_classes[0]] : edges[own_classes[0] + 1]]
            if len(own_classes) == 1
            else np.flatnonzero(row[classes])
            for row, own_classes in ((row, np.flatnonzero(row)) for row in self.table)
        ]
