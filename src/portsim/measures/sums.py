"""Sums by row, exact for whole numbers as long as they stay below 2**53."""

import numpy as np

from portsim.arrays import Ints, Reals, own
from portsim.compiling import runs_compiled

__all__ = ["sum_by"]


def sum_by(row: Ints, values: Ints | Reals, rows: int) -> Reals:
    """Sum of the values of each row.

    Args:
        row: int64[k], the row of each value, in [0, rows).
        values: int64[k] or float64[k].
        rows: how many rows there are.

    Returns:
        float64[rows].
    """
    # Whoever only reads results need not wait until Numba is loaded.
    from portsim.measures.passes import add_up  # noqa: PLC0415

    if values.dtype == np.int64 and runs_compiled(add_up):
        sums = np.zeros(rows)
        add_up(own(row), own(values.astype(np.int64, copy=False)), sums)
        return sums
    # Without any value numpy forgets that there were weights.
    return np.bincount(row, weights=values, minlength=rows).astype(np.float64, copy=False)
