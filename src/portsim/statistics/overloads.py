"""The room of statistics, on overload: is more asked than can be given, beyond chance?

In come daily sums of several replications, out comes a verdict; no ports, no logs, no words.

The test is of the hypothesis that in the long run no more than `SPARED` of what can be given is
asked: a mean excess over its standard error, by Student's t, on one side, at the level `ALARM`.
Daily sums of one replication are held against the mean of that day over the replications, so that
no pattern of days, weeks or seasons counts as chance (Satterthwaite 1946 for their degrees of
freedom). A verdict wants an estimate of 1 or more as well. How often it is wrong, and how much
excess it sees, is in docs/proof/overload.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

__all__ = ["ALARM", "SPARED", "Verdict", "more_than_can_be_given"]

Floats = NDArray[np.float64]

SPARED = 0.95
"""Load up to which a verdict of overload is a false alarm."""
ALARM = 0.002
"""Level of the test, for all windows of a series together."""
_WEEK, _WEEKS = 7, 28
_OWN_SPREAD = 10
"""So many replications are enough to know the spread of whole windows by itself."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """When more was asked than could be given."""

    load: float
    """Asked over given; infinite where nothing was given."""
    first_day: int
    days: int


def more_than_can_be_given(
    demand: Floats,
    given: Floats,
    grain: Sequence[float],
    *,
    least: float = 1.0,
    weeks: bool = False,
) -> Verdict | None:
    """Judge a series over its worst four weeks and over the whole period.

    In: float64[n, d] of what was asked and what could be given on d days of n replications; for a
    single replication, of which nothing else tells the spread, the variance of what is asked by
    what is asked; the estimate from which on there is a verdict; whether only whole weeks can be
    judged, the last of the period. Out: the verdict, None if there is none.
    """
    replications, days = demand.shape
    if weeks:
        first = days % _WEEK
        if days < _WEEK:
            return None
    else:
        first = 0
    if not replications or not days:
        return None
    if days > _WEEKS:
        loads = _loads(demand, given, _WEEKS)
        worst = int(loads.argmax())
        level = ALARM / 2 / -(-days // _WEEKS)
        window = slice(worst, worst + _WEEKS)
        if loads[worst] >= least and _beyond_chance(
            demand[:, window], given[:, window], grain, level
        ):
            return Verdict(float(loads[worst]), worst, _WEEKS)
    whole = float(_loads(demand[:, first:], given[:, first:], days - first)[0])
    level = ALARM / 2 if days > _WEEKS else ALARM
    if whole >= least and _beyond_chance(demand[:, first:], given[:, first:], grain, level):
        return Verdict(whole, first, days - first)
    return None


def _loads(demand: Floats, given: Floats, span: int) -> Floats:
    """Asked over given in each window, over all replications."""
    sums = [np.concatenate([[0.0], np.cumsum(rows.sum(axis=0))]) for rows in (demand, given)]
    work, had = (total[span:] - total[:-span] for total in sums)
    nothing = np.where(work > 0, np.inf, 0.0)
    return np.where(had > 0, work / np.where(had > 0, had, 1.0), nothing)


def _beyond_chance(demand: Floats, given: Floats, grain: Sequence[float], level: float) -> bool:
    """Whether the mean excess over what is spared is too large for chance."""
    excess = demand - SPARED * given
    replications, days = excess.shape
    total = float(excess.sum()) / replications
    if replications > 1:
        variances = excess.var(axis=0, ddof=1)
        variance, freedom = _pooled(variances, replications - 1)
        if replications >= _OWN_SPREAD:
            # Days that hang together spread more than so many single ones.
            own = float(excess.sum(axis=1).var(ddof=1))
            if own > variance:
                variance, freedom = own, replications - 1.0
    else:
        variance, freedom = float(grain[0] * demand.sum()), np.inf
        if days >= 2 * _WEEK:
            residual = excess[0].copy()
            for weekday in range(_WEEK):
                residual[weekday::_WEEK] -= residual[weekday::_WEEK].mean()
            own = float((residual**2).sum()) * days / (days - _WEEK)
            if own > variance:
                variance, freedom = own, float(days - _WEEK)
    factor = -ndtri(level) if np.isinf(freedom) else float(stdtrit(freedom, 1 - level))
    return bool(total > factor * math.sqrt(variance / replications))


def _pooled(variances: Floats, freedom: float) -> tuple[float, float]:
    """Variance of a sum of independent days, and its degrees of freedom."""
    total, squares = float(variances.sum()), float((variances**2).sum())
    return total, freedom * total**2 / squares if squares else np.inf
