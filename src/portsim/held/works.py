"""The works of a stage as numbers by which two periods are held against each other.

Where starts are stamped a work is the time between two stamps, elsewhere what first come first
served implies of the ends, given when how many servers are there (`starts`). Which numbers tell
most is said here; what they tell is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.held.starts import begun

__all__ = ["POWERS", "Works", "best_power", "counted", "implied"]

POWERS = (1.0, 0.5, 0.25)
"""A tenth more of every work makes the mean of its power p larger by about p tenths. How surely
that is seen depends on the works: of exponential ones the mean is best, of lognormal ones that of
the logarithm, next to which a quarter comes."""
_MOST = 0.99
"""Longer works than such a part count as long as it: a mistyped hour is more than all others."""
_IMPOSSIBLE_STEPS = 2.0
_LARGEST = 500


@dataclass(frozen=True, eq=False, slots=True)
class Works:
    """Some works of a stage."""

    n: int
    """How many."""
    mean: float
    """Seconds; NaN of none."""
    means: Reals
    """float64[len(POWERS)], means of the works to each power, by that power's root: seconds."""
    errors: Reals
    """float64[len(POWERS)], relative standard errors of these for one work, classes apart."""
    rounding: float
    """Standard error of a mean that stamps leave which are cut, seconds."""
    impossible: float
    """Share of works that were over before they could begin; 0 where they are stamped."""


def counted(work: Reals, cls: Ints, step: float = 0.0) -> Works:
    """Works as numbers.

    Args:
        work: float64[n], seconds; below −2 steps of the stamps it cannot be.
        cls: int64[n], class of each, −1 for none.
        step: seconds.
    """
    if not len(work):
        none = np.full(len(POWERS), np.nan)
        return Works(0, np.nan, none, none, 0.0, 0.0)
    impossible = float((work < -_IMPOSSIBLE_STEPS * max(step, 1.0)).mean())
    # Stamps that are cut make a short work nothing; half a step stands for what was cut.
    sizes = np.clip(work, step / 2, max(float(np.quantile(work, _MOST)), step / 2))
    kinds = np.unique(cls, return_inverse=True)[1]
    count = np.bincount(kinds)
    means, errors = [], []
    for power in POWERS:
        raised = sizes**power
        each = np.bincount(kinds, raised) / count
        mean = float(raised.mean())
        spread = float(np.sqrt(np.mean((raised - each[kinds]) ** 2)))
        means.append(mean ** (1.0 / power))
        errors.append(spread / (power * mean) if mean > 0 else np.nan)
    # Two stamps are each off by up to a step, evenly: step² / 12 twice.
    rounding = step / float(np.sqrt(6.0 * len(work)))
    return Works(
        len(work), float(sizes.mean()), np.array(means), np.array(errors), rounding, impossible
    )


def best_power(simulated: Sequence[Works]) -> int:
    """Which of the powers tells a change of all works most surely, by simulated works: an index."""
    errors = np.array([each.errors for each in simulated if each.n])
    return int(np.argmin(np.nan_to_num(errors.mean(axis=0), nan=np.inf))) if len(errors) else 0


def implied(
    queue: Reals, done: Reals, times: Reals, servers: Ints, *, pauses: bool
) -> tuple[Reals, Reals]:
    """Works as first come first served implies them.

    Args:
        queue: float64[n], when each joined the queue, UTC epoch seconds.
        done: float64[n], when it was done; NaN where that is not known.
        times: float64[k], ascending; from each on there are so many servers.
        servers: int64[k].
        pauses: whether work rests while nobody is there.

    Returns:
        Work in seconds and when it began, float64[n] twice; NaN where it is not known. Whoever has
        no end keeps a server for as long as a usual work.
    """
    order = np.lexsort((done, queue))
    ends = done[order]
    some = np.minimum(servers, _LARGEST).astype(np.int64)
    start = begun(queue[order], ends, times, some)
    usual = float(np.nanmedian(ends - start)) if (~np.isnan(ends)).any() else 0.0
    if np.isnan(ends).any():
        start = begun(queue[order], ends, times, some, usual=np.full(len(ends), max(usual, 0.0)))
    work = ends - start
    if pauses:
        passing = np.concatenate([[0.0], np.cumsum(np.diff(times) * (some[:-1] > 0))])

        def passed(seconds: Reals) -> Reals:
            row = np.clip(np.searchsorted(times, seconds, side="right") - 1, 0, len(times) - 1)
            return np.asarray(passing[row] + (seconds - times[row]) * (some[row] > 0))

        work = passed(ends) - passed(start)
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return np.asarray(work[back]), np.asarray(np.where(np.isnan(work), np.nan, start)[back])
