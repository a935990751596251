"""The paired differences of a comparison, as pictures and pages want them; no sentence enters."""

import math
from dataclasses import dataclass

import pandas as pd

__all__ = ["Difference", "differences_of"]

_COLUMNS = ["scenario", "measure", "difference", "joint_low", "joint_high"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired difference to the baseline, with the interval that holds for all policies at once.

    Without an interval (``nan``) after a single replication.
    """

    mean: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether there is an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def more(self) -> bool:
        """Whether it is clearly above zero."""
        return self.sure and self.low > 0

    @property
    def fewer(self) -> bool:
        """Whether it is clearly below zero."""
        return self.sure and self.high < 0

    @property
    def clear(self) -> bool:
        """Whether it is clearly above or below zero."""
        return self.more or self.fewer

    def times(self, factor: float) -> "Difference":
        """The same in another unit; seen from the other side if the factor is below zero."""
        ends = (self.low, self.high) if factor > 0 else (self.high, self.low)
        return Difference(factor * self.mean, *(factor * end for end in ends))


def differences_of(comparison: pd.DataFrame | None) -> dict[tuple[str, str], Difference]:
    """The differences of whole ports, by policy and measure.

    Args:
        comparison: columns of comparison.csv; None if nothing was compared.
    """
    if comparison is None:
        return {}
    port = comparison[comparison["truck_class"].eq("all") & comparison["place"].eq("")]
    return {
        (str(policy), str(measure)): Difference(value, low, high)
        for policy, measure, value, low, high in port[_COLUMNS].itertuples(index=False, name=None)
        if pd.notna(value)
    }
