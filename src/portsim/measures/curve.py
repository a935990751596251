"""The room of measures, its shape of a curve: a line over x in one replication; no sums here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Curve"]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One curve of one replication, e.g. the hourly mean queue before a stage.

    Attributes:
        cls: class of trucks, a direction or ``all``.
        place: empty for the whole port, else a stage or a resource.
        curve: which curve, e.g. ``queue`` or ``stay``.
        x_unit: unit of ``x``, e.g. ``h``.
        unit: unit of ``y``, e.g. ``1``.
        x: float64[n], ascending; the same in every replication of a scenario.
        y: float64[n]; NaN where the curve is undefined in this replication.
    """

    cls: str
    place: str
    curve: str
    x_unit: str
    unit: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
