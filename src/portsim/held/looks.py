"""Looks: one number of the log beside the same number of every simulated period.

A look says how surprising the log would be if the scenario were right. How many looks there are
sets how surprising one must be: all together raise a false alarm in three checks of a hundred, at
most.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtr, stdtrit

from portsim.arrays import Reals

__all__ = ["ENOUGH", "FALSE_ALARMS", "Look", "bands", "limits", "look"]

FALSE_ALARMS = 0.03
"""Probability that a check of a right scenario says anything, all looks together."""
ENOUGH = 39
"""Periods of which the 95 % spread need suppose nothing: (39 + 1) · 2.5 % = 1."""
_TRUST, _REFUTED = 40, 1.5
"""A standard deviation of twenty periods is once in a thousand times half as large again as it is
by chance."""
_FEWEST = 8
"""A look that fewer simulated periods know is none."""


@dataclass(frozen=True, slots=True)
class Look:
    """One number of the log and of the simulated periods."""

    log: float
    mean: float
    """Of the simulated periods."""
    low: float
    high: float
    """The 95 % spread of one period."""
    chance: float
    """Probability of a period as far from the mean as the log, two-sided."""
    large: bool
    """Whether the difference is large enough to be worth a word."""
    n: int
    """Simulated periods that have the number."""
    degrees: int = 0
    """Degrees of freedom of the standard deviation; 0: n − 1."""

    @property
    def difference(self) -> float:
        """Of the log to the scenario."""
        return self.log - self.mean

    def told_from(self, periods: float) -> "Look":
        """The same of a scenario that was itself told from so many other periods.

        What it is told is off by chance as well: by as much as the mean of such periods is, so that
        the standard deviation of a further period is sd · √(1 + 1/n + 1/periods) rather than
        sd · √(1 + 1/n) (Hahn & Meeker 1991, section 4.7, with a second mean).
        """
        wider = np.sqrt((1.0 + 1.0 / self.n) / (1.0 + 1.0 / self.n + 1.0 / periods))
        degrees = self.degrees or self.n - 1
        away = float(stdtrit(degrees, self.chance / 2.0))
        return replace(self, chance=2.0 * float(stdtr(degrees, away * wider)))


def look(
    log: float,
    simulated: Sequence[float] | Reals,
    floor: float,
    least: float,
    expected: float | None = None,
) -> Look | None:
    """Look at a number.

    Args:
        log: of the log.
        simulated: float64[r], of the simulated periods; NaN where there was nothing to measure.
        floor: smallest standard deviation that is believed: a number that all periods share says
            nothing of how exact stamps are.
        least: smallest difference worth a word.
        expected: the standard deviation that the number should have, if that can be told from what
            it is the mean of.

    Returns:
        The probability is that of a t distribution for one further value (Hahn & Meeker 1991,
        Statistical Intervals, section 4.7); None where the log or most periods have no number.
        Of few periods the standard deviation is hardly known: it is moved towards the one that is
        expected, as if that were seen in `_TRUST` periods more (Smyth 2004, Statistical
        Applications in Genetics and Molecular Biology 3(1), 3), unless the periods refute it.
    """
    values = np.asarray(simulated, dtype=np.float64)
    values = values[~np.isnan(values)]
    if np.isnan(log) or len(values) < max(_FEWEST, len(simulated) / 2):
        return None
    mean, n = float(values.mean()), len(values)
    spread, degrees = float(values.std(ddof=1)), n - 1
    if expected is not None and spread <= _REFUTED * expected:
        spread = float(np.sqrt((degrees * spread**2 + _TRUST * expected**2) / (degrees + _TRUST)))
        degrees += _TRUST
    sd = max(spread, floor) * np.sqrt(1.0 + 1.0 / n)
    chance = 2.0 * float(stdtr(degrees, -abs(log - mean) / sd)) if sd > 0 else float(log == mean)
    low, high = limits(values)
    return Look(log, mean, low, high, chance, abs(log - mean) >= least, n, degrees)


def limits(values: Reals) -> tuple[float, float]:
    """The limits between which 95 % of such periods lie.

    In: float64[r] without NaN. Out: order statistics of 39 values or more, else those of a normal
    distribution, mean ± t(r − 1) · sd · √(1 + 1/r); NaN for fewer than two values.
    """
    if len(values) < 2:
        return float("nan"), float("nan")
    low, high = bands(values[:, None])
    return float(low[0]), float(high[0])


def bands(values: Reals) -> tuple[Reals, Reals]:
    """The same point by point. In: float64[r, k], r of 2 or more. Out: float64[k] twice."""
    n = len(values)
    if n >= ENOUGH:
        ordered = np.sort(values, axis=0)
        rank = int((n + 1) * 0.025)
        return np.asarray(ordered[rank - 1]), np.asarray(ordered[n - rank])
    half = stdtrit(n - 1, 0.975) * values.std(axis=0, ddof=1) * np.sqrt(1.0 + 1.0 / n)
    mean = values.mean(axis=0)
    return np.asarray(mean - half), np.asarray(mean + half)
