"""Whether work times follow the law that tells them best, and what is written where none does.

Stamps are cut to their step, and a right law must not be refused for that. No law is chosen here.
"""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.fitting.work import Law, Times, around, finest_of, moments_of, of_family, usual_of

__all__ = ["Goodness", "judged"]

_DRAWS = 99
_SEED = 20_250_303
_FINER = 8
_LEAST_S = 1e-3
_LEVEL = 0.05
_NOTABLE = 0.04
"""Share of works that a law has elsewhere: less moves no queue that anybody could notice."""
_FEW = 100
_VALUES = 100
"""Most values of an empirical distribution that are written."""


@dataclass(frozen=True, slots=True)
class Goodness:
    """How far works are from a law."""

    family: str
    """The law that tells them best among those with a name."""
    distance: float
    """Largest difference of the cumulated shares (Kolmogorov–Smirnov)."""
    p: float
    """Chance of a distance as large if the law were right, by parametric bootstrap."""
    n: int
    """Works it is told from."""

    @property
    def fits(self) -> bool:
        """Whether the law may stand for the works: by chance as far, or too near to matter."""
        return self.p >= _LEVEL or self.distance <= _NOTABLE


def judged(law: Law, seconds: Reals, step: float, *, named: bool = False) -> tuple[Law, Goodness]:
    """A law held against the works, or the works themselves where no law of a name fits.

    The distance is that of Kolmogorov and Smirnov between shares of works on the grid of the
    stamps, with parameters told from the same works; its chance is found by parametric bootstrap
    (Stute, González Manteiga & Presedo Quindimil 1993, Metrika 40, 243–256) of stamps cut to the
    same step: 99 samples of a fixed seed.

    Args:
        law: as `portsim.fitting.work.work_law` tells it.
        seconds: float64[n], works with strays.
        step: of the stamps, seconds.
        named: the law stays, however far the works are from it.

    Returns:
        The law, or an empirical one of at most 100 values with the mean and the spread of the
        works, and how far the law with a name was off.
    """
    times = Times.of(seconds, step, finest_of(seconds, step))
    count = np.rint(usual_of(times)).astype(np.int64)
    n = int(count.sum())
    cells = np.zeros(round(times.seconds[-1] / times.grid) + 1, dtype=np.int64)
    cells[np.rint(times.seconds / times.grid).astype(np.int64)] = count
    # Beyond the longest that is no stray there is nothing to compare.
    cells = cells[: int(np.flatnonzero(cells)[-1]) + 1] if n else cells[:1]
    held = around(law.mean, _scatter(cells, times)) if law.family == "constant" else law
    distance = _distance(held, cells, times)
    luck, chances = np.random.default_rng(_SEED), _chances(held, len(cells), times)
    drawn = [luck.multinomial(n, chances) for _ in range(_DRAWS)]
    further = sum(_distance(_again(held, each, times), each, times) >= distance for each in drawn)
    told = Goodness(law.family, distance, (1 + further) / (1 + _DRAWS), n)
    if named or told.fits or n < _FEW:
        return law, told
    return _empirical(times, count), told


def _chances(law: Law, cells: int, times: Times) -> Reals:
    """Chance of each cell of the grid for a work that begins anywhere between two stamps.

    The difference of two stamps cut to a grid g is k·g with the chance that a triangle of width 2g
    around k·g has in the density of the works: the second difference of the integrated cumulated
    distribution over g. A finer step than the grid is rounded to it.
    """
    grid = times.grid
    if law.family == "constant" and law.cv * law.mean < grid / 2:
        # Without a spread of its own the triangle is all there is.
        chances = np.maximum(1 - np.abs(np.arange(cells) - law.mean / grid), 0.0)
    elif times.step < grid:
        edges = np.maximum((np.arange(cells + 1, dtype=np.float64) - 0.5) * grid, 0.0)
        chances = np.diff(law.cdf(edges))
    else:
        fine = np.arange(cells * _FINER + 1, dtype=np.float64) * (grid / _FINER)
        below = law.cdf(fine)
        area = np.concatenate([[0.0], np.cumsum((below[1:] + below[:-1]) / 2)]) * (grid / _FINER)
        at = np.concatenate([[0.0], area[::_FINER]])
        chances = np.diff(at, 2) / grid
    chances = np.maximum(chances, 0.0)
    total = float(chances.sum())
    return np.asarray(chances / total) if total > 0 else np.full(cells, 1.0 / cells)


def _distance(law: Law, cells: Ints, times: Times) -> float:
    seen = np.cumsum(cells) / max(int(cells.sum()), 1)
    return float(np.abs(seen - np.cumsum(_chances(law, len(cells), times))).max())


def _scatter(cells: Ints, times: Times) -> float:
    """Standard deviation of works that hardly differ, seconds, without what the step adds."""
    at, n = np.arange(len(cells)) * times.grid, max(int(cells.sum()), 1)
    mean = float(cells @ at) / n
    variance = float(cells @ (at - mean) ** 2) / n - times.grid**2 / 6
    return float(max(variance, _LEAST_S**2) ** 0.5)


def _again(law: Law, cells: Ints, times: Times) -> Law:
    """The same family, told from other works."""
    if law.family == "constant":
        return law
    known = np.flatnonzero(cells)
    others = Times(known.astype(np.float64) * times.grid, cells[known], times.step, times.grid)
    return of_family(law.family, *moments_of(others, others.count.astype(np.float64)))


def _empirical(times: Times, count: Ints) -> Law:
    """Means of works in rising order, equally many each, without the spread that the step adds."""
    mean, cv = moments_of(times, count.astype(np.float64))
    works = np.repeat(times.seconds, count)
    values = np.array([part.mean() for part in np.array_split(works, min(_VALUES, len(works)))])
    spread = float(values.std())
    if spread > 0:
        values = mean + (values - values.mean()) * min(cv * mean / spread, 1.0)
    values = np.maximum(values, 1.0)
    values *= mean / values.mean()

    def cdf(t: Reals) -> Reals:
        return np.searchsorted(values, t, side="right") / len(values)

    return Law("empirical", mean, cv, {}, cdf, tuple(values.tolist()))
