"""Trucks that come together: convoys of one size, and platoons of any.

Only stamps of arrivals enter.
"""

import numpy as np
from scipy import stats

from portsim.arrays import Reals
from portsim.fitting.daily import LEVEL

__all__ = ["platoons", "together"]

_COARSEST_S, _WINDOW_S, _FINE_S = 900, 600, 60
_EXCESS = 1.25
"""Platoons are told from so many times the pairs in one step that chance brings."""
_FEW, _MOST = 40, 51
_IN_CONVOYS = 0.85
"""Share of a class that comes in convoys before it does so; some stamps are blank."""


def platoons(seconds: Reals, step: int) -> str:
    """A sentence if trucks come together more often than by chance, else an empty text.

    Pairs within one step of the stamps are held against those of trucks that come at random.

    Of trucks laid at random over the m steps of a window, each pair meets in one step with chance
    1/m, pairwise independently.

    Args:
        seconds: float64[n], arrivals.
        step: of the stamps, seconds.
    """
    if step > _COARSEST_S or len(seconds) < 2:
        return ""
    bins = max(_WINDOW_S // step, 10)
    cells = np.floor(seconds / step).astype(np.int64)
    together = np.unique(cells, return_counts=True)[1]
    around = np.unique(cells // bins, return_counts=True)[1]
    met = int((together * (together - 1) // 2).sum())
    chance = float((around * (around - 1) / 2).sum()) / bins
    if met <= _EXCESS * chance or stats.poisson.sf(met - 1, max(chance, 1e-12)) >= LEVEL:
        return ""
    return (
        f"Trucks come together: {met} pairs within one step of {step} s where chance brings "
        f"{chance:.0f}; platoons, or stamps that were rounded or written in one go."
    )


def together(seconds: Reals, step: int) -> int:
    """Trucks of a class that nearly always have the same arrival stamp, as a convoy; else 1.

    Args:
        seconds: float64[n], arrivals of a class.
        step: of the stamps, seconds; a coarse one throws together who came apart.
    """
    if len(seconds) < _FEW or step > _FINE_S:
        return 1
    sizes = np.unique(seconds, return_counts=True)[1]
    whole = [float(sizes[sizes % k == 0].sum()) / len(seconds) for k in range(2, _MOST)]
    fitting = [k for k, part in enumerate(whole, 2) if part >= _IN_CONVOYS]
    return max(fitting, default=1)
