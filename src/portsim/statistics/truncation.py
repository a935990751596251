"""The room of statistics: where a series that began empty has settled; series only.

What the series counts, and what is done about its beginning, may not enter.
"""

import numpy as np

from portsim.arrays import Reals

__all__ = ["BATCH", "mser5"]

BATCH = 5
"""Values in a batch."""


def mser5(series: Reals) -> int | None:
    """How much of the beginning of a series to leave out: MSER-5.

    Args:
        series: float64[m], equally spaced in time, without NaN.

    Returns:
        Number of values to leave out, a multiple of five; None where no answer can be trusted: the
        best place lies in the second half of the series, or there are fewer than ten batches.

    Of the k means of five values z, those before d are left out where
    sum((z[d:] - mean(z[d:]))²) / (k - d)² is least, the first such d. Source: White (1997),
    Simulation 69(6), 323–334; batches of five and the refusal of the second half: White, Cobb &
    Spratt (2000), Winter Simulation Conference; Hoad, Robinson & Davies (2010), Journal of the
    Operational Research Society 61, 1389–1403.
    """
    count = len(series) // BATCH
    if count < 2 * BATCH:
        return None
    means = series[: count * BATCH].reshape(count, BATCH).mean(axis=1)
    # Sums from the end on, of distances to one value, so that equal values have no spread at all.
    away = (means - means[-1])[::-1]
    left = np.arange(1, count + 1)
    squares = np.maximum(np.cumsum(away**2) - np.cumsum(away) ** 2 / left, 0.0)
    error = (squares / left**2)[::-1]
    # The last batches alone have next to no spread, whatever came before them.
    cut = int(np.argmin(error[:-BATCH]))
    return cut * BATCH if cut <= count // 2 else None
