"""The gate log's trucks while they are cleaned: a row a truck, a column a stamp.

How they stood in the files may not enter; which row of the log each stamp comes from is kept.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals

__all__ = ["ARRIVAL", "Draft", "Key"]

Key = tuple[str, str]
"""A stage and its stamp."""
ARRIVAL: Key = ("", "arrival")


@dataclass(frozen=True, slots=True)
class Draft:
    """n trucks with k stamps."""

    keys: tuple[Key, ...]
    """k stamps; the arrival at the port is `ARRIVAL`."""
    seconds: Reals
    """float64[n, k], UTC epoch seconds; NaN where there is none."""
    doubled: NDArray[np.bool_]
    """bool[n, k], of times that the clock shows twice; the first of the two is given."""
    where: Ints
    """int64[n, k], row of the log from which a stamp comes; −1 where there is none."""
    first: Ints
    """int64[n], first row of the log that tells of the truck."""
    facts: pd.DataFrame
    """n rows: truck, truck_class, direction, load, value."""
    resources: dict[str, pd.Categorical]
    """By stage: n names; missing where there is none."""
    again: pd.DataFrame
    """Visits of a stage that a truck had passed before: truck (int64, a row of this), stage, queue,
    start, end, resource."""

    @property
    def stages(self) -> tuple[str, ...]:
        """In the order of the columns."""
        return tuple(dict.fromkeys(stage for stage, _ in self.keys if stage))

    def at(self, key: Key) -> int:
        """Column of a stamp; −1 if there is none."""
        return self.keys.index(key) if key in self.keys else -1

    def of(self, stage: str) -> list[int]:
        """Columns of a stage."""
        return [number for number, (name, _) in enumerate(self.keys) if name == stage]

    def firsts(self) -> Reals:
        """float64[n]: the arrival, or the first stamp there is; NaN without any."""
        return _without_warning(self.seconds, np.fmin)

    def lasts(self) -> Reals:
        """float64[n]: the last stamp there is."""
        return _without_warning(self.seconds, np.fmax)

    def take(self, rows: Ints | NDArray[np.bool_]) -> "Draft":
        """The same of some trucks, in the order given."""
        chosen: Ints = np.arange(len(self.first))[rows]
        number = np.full(len(self.first), -1, dtype=np.int64)
        number[chosen] = np.arange(len(chosen))
        again = self.again.assign(truck=number[self.again["truck"].to_numpy(np.int64)])
        return Draft(
            self.keys,
            self.seconds[chosen],
            self.doubled[chosen],
            self.where[chosen],
            self.first[chosen],
            self.facts.iloc[chosen].reset_index(drop=True),
            {stage: names.take(chosen) for stage, names in self.resources.items()},
            again[again["truck"] >= 0].reset_index(drop=True),
        )

    def arranged(self, keys: tuple[Key, ...]) -> "Draft":
        """The same with the columns in another order."""
        chosen = [self.keys.index(key) for key in keys]
        return replace(
            self,
            keys=keys,
            seconds=self.seconds[:, chosen],
            doubled=self.doubled[:, chosen],
            where=self.where[:, chosen],
        )


def _without_warning(seconds: Reals, choose: np.ufunc) -> Reals:
    if not seconds.shape[1]:
        return np.full(len(seconds), np.nan)
    return np.asarray(choose.reduce(seconds, axis=1))
