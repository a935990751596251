"""Names of the two kinds of arrays that pass from room to room; nothing else may enter."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ints", "Reals"]

Ints = NDArray[np.int64]
"""Counts, indices and seconds."""
Reals = NDArray[np.float64]
"""Quantities."""
