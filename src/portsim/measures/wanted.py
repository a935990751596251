"""The room of measures, its order slip: which measures somebody wants, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from portsim.measures.groups import Row

__all__ = ["Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are wanted; all of them unless something is said."""

    names: frozenset[str] | None = None
    """Names of measures, those of a month with it in brackets; all if None."""
    port_only: bool = False
    """Nothing of single stages and resources."""

    def any(self, *measures: str) -> bool:
        """Whether one or more of some measures are wanted."""
        return self.names is None or not self.names.isdisjoint(measures)

    def monthly(self, measure: str) -> bool:
        """Whether a measure is wanted month by month."""
        return self.names is None or any(name.startswith(f"{measure}[") for name in self.names)

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """Those of some rows that are wanted, in their order."""
        return [
            row
            for row in rows
            if (self.names is None or row[2] in self.names) and not (self.port_only and row[1])
        ]
