"""Quantiles of mixtures: the one function of a distribution that no formula inverts.

A uniform is looked up between values at which the mixture's distribution function is known, and
from there the root is closed in on. Each uniform by itself, so that a value depends on no other.
"""

from collections.abc import Callable

import numpy as np

from portsim.arrays import Reals
from portsim.demand.cumulated import Observed, atoms, cumulated
from portsim.scenario.distributions import Distribution, Law

__all__ = ["quantiles"]

_CELLS = 256
"""Quantiles of each part that are known beforehand."""
_NEAR = 1e-13
"""Relative; what a value may be off."""
_SOME = 5e-324
_MOST_STEPS = 200
"""More than halving a span of all that can be counted takes."""


def quantiles(
    mixture: Distribution[float],
    u: Reals,
    observed: Observed,
    inverse: Callable[[Law[float], Reals], Reals],
) -> Reals:
    """The least values below or at which such parts of a mixture lie.

    Between two values of the table the distribution function is continuous: its steps lie between
    neighbours of it. The root there by regula falsi in the Illinois manner, halved where that is
    slow. Source: Dowell & Jarratt (1971), BIT 11, 168-174.

    Args:
        mixture: of several distributions.
        u: float64[n] in [0, 1).
        observed: values behind the empirical distributions.
        inverse: quantiles of one of its parts, finite.

    Returns:
        float64[n], rising in u, within 1e-13 of the root or the accuracy of the parts' functions.
    """

    def below(x: Reals) -> Reals:
        shares = np.zeros(len(x))
        for part, law in mixture.parts:
            shares += part * cumulated(law, x, observed)
        return shares

    table = _table(mixture, observed, inverse)
    known = np.maximum.accumulate(below(table))
    # The least value of all is the first that has some chance.
    u = np.maximum(u, _SOME)
    row = np.searchsorted(known, u, side="left")
    high = table[np.minimum(row, len(table) - 1)]
    beyond = np.flatnonzero(row == len(table))
    high[beyond] = np.maximum(high[beyond], _largest(mixture, u[beyond], inverse))
    low = table[np.maximum(row - 1, 0)]
    open_ = np.flatnonzero((row > 0) & (low < high))
    high[open_] = _closed_in(below, u[open_], low[open_], high[open_])
    return high


def _table(
    mixture: Distribution[float],
    observed: Observed,
    inverse: Callable[[Law[float], Reals], Reals],
) -> Reals:
    """Values of all parts, rising, each with a chance of its own beside the number before it."""
    cells = np.arange(_CELLS) / _CELLS
    values = []
    for _, law in mixture.parts:
        alone = atoms(law, observed)
        values += [inverse(law, cells), alone, np.nextafter(alone, -np.inf)]
    return np.unique(np.maximum(np.concatenate(values), 0.0))


def _largest(
    mixture: Distribution[float], u: Reals, inverse: Callable[[Law[float], Reals], Reals]
) -> Reals:
    """What no quantile of the mixture is above: the largest of its parts' quantiles."""
    return np.asarray(np.max([inverse(law, u) for _, law in mixture.parts], axis=0))


def _closed_in(below: Callable[[Reals], Reals], u: Reals, low: Reals, high: Reals) -> Reals:
    """The upper ends of spans with F(low) < u <= F(high), once these are as narrow as told."""
    low, high = low.copy(), high.copy()
    # Twice on one side, the other end counts for half; so it moves as well.
    short, over = below(low) - u, np.maximum(below(high) - u, 0.0)
    side = np.zeros(len(u), dtype=np.int8)
    for step in range(_MOST_STEPS):
        width = high - low
        going = np.flatnonzero(width > _NEAR * high)
        if not len(going):
            break
        a, b, f, g = low[going], high[going], short[going], over[going]
        middle = (a + b) / 2.0
        with np.errstate(invalid="ignore", divide="ignore"):
            guess = b - g * (b - a) / (g - f)
        # A step of a little more than the error, so that the far end comes near at last.
        least = 0.25 * _NEAR * b
        guess = np.clip(guess, a + least, b - least)
        x = np.where((step % 4 == 3) | ~np.isfinite(guess), middle, guess)
        stuck = (x <= a) | (x >= b)
        value = below(x) - u[going]
        above = (value >= 0.0) | stuck
        up, down = going[above & ~stuck], going[~above]
        high[up], over[up] = x[above & ~stuck], value[above & ~stuck]
        low[down], short[down] = x[~above], value[~above]
        short[up] /= np.where(side[up] == 1, 2.0, 1.0)
        over[down] /= np.where(side[down] == -1, 2.0, 1.0)
        side[up], side[down] = 1, -1
        low[going[stuck]] = high[going[stuck]]
    return high
