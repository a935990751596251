"""Loads of trucks: the distribution of the language that is nearest to those recorded.

Times may not enter.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from portsim.arrays import Reals
from portsim.fitting.work import of_family

__all__ = ["LoadTold", "load_told"]

_FAMILIES = ("lognormal", "gamma", "triangular", "uniform", "weibull")
_NOTABLE = 0.05
_CONSTANT = 0.005
_VALUES = 100
_FEW = 3


@dataclass(frozen=True, slots=True)
class LoadTold:
    """Loads of a class, tonnes."""

    words: Any
    """As the language says them."""
    family: str
    mean: float
    low: float
    high: float
    """Ends of the 95 % interval of the mean."""
    distance: float
    """Largest difference of the cumulated shares (Kolmogorov–Smirnov)."""
    n: int


def load_told(tonnes: Reals) -> LoadTold | None:
    """Tell the loads of a class.

    Of the families of the language, told by moments, the nearest one is taken; if it is further off
    than chance and one truck in twenty explain, the loads themselves are, at most 100 of them.

    Args:
        tonnes: float64[n], NaN where not known.
    """
    known = np.sort(tonnes[np.isfinite(tonnes)])
    n = len(known)
    if not n:
        return None
    mean = float(known.mean())
    spread = float(known.std(ddof=1)) if n > 1 else 0.0
    away = 1.96 * spread / sqrt(n)
    if mean <= 0 or spread <= _CONSTANT * mean or n < _FEW:
        words: Any = f"{max(mean, 0.0):.2f} t"
        return LoadTold(words, "constant", mean, mean - away, mean + away, 0.0, n)
    laws = [of_family(family, mean, spread / mean) for family in _FAMILIES]
    values, counts = np.unique(known, return_counts=True)
    # Half of those with the same load, as written in whole tonnes, have less than that.
    seen = (np.cumsum(counts) - counts / 2) / n
    distances = [float(np.abs(law.cdf(values) - seen).max()) for law in laws]
    best = int(np.argmin(distances))
    law, distance = laws[best], distances[best]
    cv = round(law.cv, 3)
    said: dict[str, Any] = {"mean": f"{mean:.2f} t", "cv": cv}
    if law.family in ("triangular", "uniform"):
        said = {word: f"{max(at, 0.0):.2f} t" for word, at in law.shape.items()}
    elif law.family == "weibull":
        said = {"mean": f"{mean:.2f} t", "shape": min(round(law.shape["shape"], 3), 100.0)}
    family = law.family
    if distance > _NOTABLE + 1.36 / sqrt(n):
        parts = np.array_split(known, min(_VALUES, n))
        family, said = "empirical", {"values": [f"{part.mean():.2f} t" for part in parts]}
    return LoadTold({family: said}, family, mean, mean - away, mean + away, distance, n)
