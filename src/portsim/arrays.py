"""The two kinds of arrays that pass from room to room, and their one form in compiled code."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ints", "Reals", "own"]

Ints = NDArray[np.int64]
"""Counts, indices and seconds."""
Reals = NDArray[np.float64]
"""Quantities."""


def own(values: Ints) -> Ints:
    """The array in the one form that loops are compiled for; a copy only where it has another.

    Arrays that came from another process may be read-only, which is a type of its own to Numba.
    """
    if values.dtype == np.int64 and values.flags.carray:
        return values
    return np.require(values, np.int64, ["C", "A", "W"])
