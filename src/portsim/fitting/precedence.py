"""Which classes are served before others at a stage although they joined its queue later.

Held against first come first served, pair by pair of trucks that waited together. Work and hours
may not enter.
"""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Reals
from portsim.fitting.likelihood import Evidence

__all__ = ["Precedence", "precedence"]

_NEIGHBOURS = 60
"""Trucks behind each that are held against it."""
_FEW = 50
"""Pairs before anything is said of them."""
_MOSTLY, _SELDOM = 0.7, 0.15


@dataclass(frozen=True, slots=True, eq=False)
class Precedence:
    """How often a truck goes before one that joined the queue earlier, by their classes."""

    pairs: Reals
    """float64[c, c], pairs that waited together: class of the earlier, class of the later."""
    before: Reals
    """float64[c, c], those of them in which the later went first."""
    stamped: bool
    """Whether starts are stamped; else ends that are far apart stand for them."""

    def share(self, earlier: int, later: int) -> float:
        """Share of the pairs in which the later went first; NaN for too few."""
        n = self.pairs[earlier, later]
        return float(self.before[earlier, later] / n) if n >= _FEW else float("nan")

    def goes_before(self, favoured: int, other: int) -> bool:
        """Whether a class surely goes before another: nearly always, and hardly ever after."""
        ahead, behind = self.share(other, favoured), self.share(favoured, other)
        alike = [self.share(each, each) for each in (favoured, other)]
        return bool(
            ahead >= _MOSTLY and not behind > _SELDOM and not any(each > _SELDOM for each in alike)
        )

    @property
    def out_of_turn(self) -> float:
        """Share of all pairs in which the later went first; NaN for too few."""
        n = float(self.pairs.sum())
        return float(self.before.sum()) / n if n >= _FEW else float("nan")


def precedence(evidence: Evidence, classes: int) -> Precedence:
    """Count pairs of trucks of a stage that waited together, and who of them went first.

    Args:
        evidence: its visits in the order of their queue seconds.
        classes: how many classes there are.
    """
    stamped = evidence.has_starts
    # The end tells when a work began up to the work: only ends far apart tell who was first.
    slack = max(evidence.step, 1.0)
    served = evidence.start if stamped else evidence.end
    if not stamped and len(evidence.end):
        slack += 3.0 * float(np.quantile(evidence.end - evidence.queue, 0.1))
    pairs, before = np.zeros(classes**2), np.zeros(classes**2)
    codes = evidence.classes
    for lag in range(1, min(_NEIGHBOURS, len(codes) - 1) + 1):
        queue, later = evidence.queue[:-lag], evidence.queue[lag:]
        first, second = served[:-lag], served[lag:]
        with np.errstate(invalid="ignore"):
            together = (later > queue + evidence.step) & (later < first - slack)
            together &= np.isfinite(second)
            ahead = together & (second < first - slack)
        code = codes[:-lag] * classes + codes[lag:]
        pairs += np.bincount(code[together], minlength=classes**2)
        before += np.bincount(code[ahead], minlength=classes**2)
    shape = (classes, classes)
    return Precedence(pairs.reshape(shape), before.reshape(shape), stamped)
