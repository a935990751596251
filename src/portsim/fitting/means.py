"""The mean of work times, and how surely: what a queue depends on most.

Stamps are cut to their step and some works follow nothing; where starts are not stamped, works are
told, and what is told wrongly of one is told wrongly of its neighbours. Families may not enter.
"""

from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from portsim.arrays import Reals
from portsim.fitting.work import Law, of_family, work_law

__all__ = ["law_of", "mean_of"]

_LONGEST_S = 86_400.0
_FAR = 20.0
"""Medians beyond which a work is first taken for a stray."""
_STRAYS, _ROUNDS, _SETTLED = 0.02, 15, 1e-4
_CONSTANT = 0.03
_ALIKE = 0.01
"""Share of a step to which the phases of works that are all alike are spread evenly."""
_HARDLY = 2e-5
"""Chance that a work goes on for longer, below which one whose end was not seen is a stray: with
most works of minutes, one of hours would make all of them longer."""
_TOLD = 1.1
"""Standard errors of works that are told, over those of as many that are stamped: known ports."""


def mean_of(
    seconds: Reals, opened: NDArray[np.bool_], step: float, *, stamped: bool
) -> tuple[float, tuple[float, float], int]:
    """Mean of work times with its 95 % interval.

    A stamp says the step in which something happened. Differences of two are right in the mean,
    but for works that begin in the very second of an opening: half a step is added to those. The
    standard error is that of the differences, with the rounding in them; to it comes, squared, what
    the phases of openings and of works alike may hide, and, where works are told, the share of
    strays of the mean: what such a work has too much its neighbours may lack.

    Args:
        seconds: float64[n], n ≥ 1, work times with strays.
        opened: bool[n], which began in the second of an opening.
        step: of the stamps, seconds.
        stamped: whether starts are stamped; else they are told.

    Returns:
        Mean, limits, seconds; and of how many works.
    """
    weight = _regular(seconds, step)
    total = float(weight.sum())
    exact = seconds + step / 2 * opened
    mean = float(weight @ exact) / total
    away = exact - mean
    n = max(round(total), 1)
    # The t distribution: of few works the spread is not known either.
    error = sqrt(float(weight @ away**2) / total / max(total - 1, 1.0))
    hidden = step / sqrt(12) * float(weight @ opened) / total
    if error * sqrt(total) < step:
        hidden = hypot(hidden, _ALIKE * step)
    if not stamped:
        error *= _TOLD
        hidden = hypot(hidden, (1 - total / len(seconds)) * mean)
    half = float(stats.t.ppf(0.975, max(n - 1, 1))) * hypot(error, hidden)
    return mean, (max(mean - half, 0.0), mean + half), n


def law_of(
    seconds: Reals,
    opened: NDArray[np.bool_],
    step: float,
    *,
    stamped: bool,
    cut: Reals | None = None,
) -> tuple[Law, int, dict[str, tuple[float, float]]]:
    """The distribution of work times as `work_law` tells it, with the mean of `mean_of`.

    Args:
        seconds: float64[n], n ≥ 1, work times with strays.
        opened: bool[n], which began in the second of an opening.
        step: of the stamps, seconds.
        stamped: whether starts are stamped; else they are told.
        cut: float64[k], for how long works went on whose end was not seen, seconds.

    Returns:
        The law; of how many works; 95 % intervals of ``mean`` (seconds) and ``cv``.
    """
    law, _, limits = work_law(seconds, step)
    longer = 1.0
    if cut is not None and len(cut):
        seen = law
        # Who seems to be at work for longer than anybody has left without a stamp.
        cut = cut[1 - seen.cdf(cut) > _HARDLY]
        law, _, limits = work_law(seconds, step, cut)
        # As much longer as likelihood makes the works when those that were cut count as censored.
        longer = law.mean / seen.mean
    mean, (low, high), n = mean_of(seconds, opened, step, stamped=stamped)
    between = low * longer, high * longer
    return of_family(law.family, mean * longer, law.cv), n, {**limits, "mean": between}


def _regular(seconds: Reals, step: float) -> Reals:
    """How likely each work is no stray: float64[n].

    Works are a gamma or a lognormal beside strays that may take anything of a day, with the share
    of strays that makes them likeliest (Dempster, Laird & Rubin 1977). Cutting off what is long
    would make the mean of skew works too short.
    """
    times, back, count = np.unique(
        np.maximum(seconds, step / 4), return_inverse=True, return_counts=True
    )
    middle = float(np.median(seconds))
    best, likeliest = np.ones(len(times)), -np.inf
    for lognormal in (False, True):
        regular = (times <= max(_FAR * middle, step)).astype(np.float64)
        strays, score = _STRAYS, -np.inf
        for _ in range(_ROUNDS):
            weight = regular * count
            if weight.sum() < 1.0:
                break
            mean = float(weight @ times / weight.sum())
            variance = float(weight @ (times - mean) ** 2 / weight.sum())
            cv = max(sqrt(variance) / mean, _CONSTANT)
            if lognormal:
                sigma = sqrt(np.log1p(cv**2))
                density = stats.lognorm.pdf(times, sigma, scale=mean / sqrt(1 + cv**2))
            else:
                density = stats.gamma.pdf(times, cv**-2, scale=mean * cv**2)
            own, other = (1 - strays) * density, strays / _LONGEST_S
            score = float(count @ np.log(own + other))
            before, regular = regular, own / (own + other)
            strays = max(float(count @ (1 - regular)) / len(seconds), 1e-6)
            if float(np.abs(regular - before).max()) < _SETTLED:
                break
        if score > likeliest:
            best, likeliest = regular, score
    whole = best[back]
    return whole if whole.sum() > 0.5 else np.ones(len(seconds))
