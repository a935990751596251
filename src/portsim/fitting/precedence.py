"""Which classes are served before others at a stage although they joined its queue later.

Held against first come first served, pair by pair of trucks that waited together. Work and hours
may not enter.
"""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Reals
from portsim.fitting.likelihood import Evidence

__all__ = ["Precedence", "in_turn", "precedence"]

_NEIGHBOURS = 60
"""Trucks behind each that are held against it."""
_FEW = 50
"""Pairs before anything is said of them."""
_MOSTLY, _SELDOM = 0.7, 0.15
_BLANK, _NOTABLE, _MANY = 0.05, 0.25, 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Precedence:
    """How often a truck goes before one that joined the queue earlier, by their classes."""

    pairs: Reals
    """float64[c, c], pairs that waited together: class of the earlier, class of the later."""
    before: Reals
    """float64[c, c], those of them in which the later went first."""
    waited: int
    """Trucks that waited beside others."""
    overtaken: int
    """Of these, those before which a later one went."""
    n: int
    """Trucks of the stage."""
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
        """Share of the trucks that waited beside others and were overtaken; NaN for too few."""
        return self.overtaken / self.waited if self.waited >= _FEW else float("nan")

    @property
    def notable(self) -> bool:
        """Whether more are overtaken than blank stamps, which make queues seem longer, explain."""
        part = max(_BLANK * self.n, _NOTABLE * self.waited)
        return self.overtaken > min(part, _MANY * self.n)


def in_turn(evidence: Evidence, turns: Precedence) -> Evidence:
    """The visits in the order in which they were served, where some class goes before another.

    First come first served then tells servers and hours again: each truck stands behind all that
    began before it, as if it had joined the queue when the last of them did. Only stamped starts
    tell that order.

    Args:
        evidence: visits of a stage in the order of their queue seconds.
        turns: pairs of them.
    """
    classes = range(len(turns.pairs))
    favours = any(turns.goes_before(a, b) for a in classes for b in classes if a != b)
    if not evidence.has_starts or not favours:
        return evidence
    known = evidence.known
    known = known.where(np.isfinite(known.start))
    order = np.lexsort((known.end, known.queue, known.start))
    return Evidence(
        np.maximum.accumulate(known.queue[order]),
        known.start[order],
        known.end[order],
        known.classes[order],
        known.step,
    )


def precedence(evidence: Evidence, classes: int, longest: float | None = None) -> Precedence:
    """Count pairs of trucks of a stage that waited together, and who of them went first.

    Args:
        evidence: its visits in the order of their queue seconds.
        classes: how many classes there are.
        longest: of nearly all works, seconds, for stages without stamped starts: who ends so much
            later than another began later as well. Told from the shortest stays if not given.
    """
    stamped = evidence.has_starts
    # The end tells when a work began up to the work: only ends far apart tell who was first.
    slack = max(evidence.step, 1.0)
    served = evidence.start if stamped else evidence.end
    if not stamped and len(evidence.end):
        short = 3.0 * float(np.quantile(evidence.end - evidence.queue, 0.1))
        slack += short if longest is None else longest
    pairs, before = np.zeros(classes**2), np.zeros(classes**2)
    codes = evidence.classes
    waited, overtaken = (np.zeros(len(codes), dtype=bool) for _ in range(2))
    for lag in range(1, min(_NEIGHBOURS, len(codes) - 1) + 1):
        queue, later = evidence.queue[:-lag], evidence.queue[lag:]
        first, second = served[:-lag], served[lag:]
        with np.errstate(invalid="ignore"):
            together = (later > queue + evidence.step) & (later < first - slack)
            together &= np.isfinite(second)
            ahead = together & (second < first - slack)
        waited[:-lag] |= together
        overtaken[:-lag] |= ahead
        code = codes[:-lag] * classes + codes[lag:]
        pairs += np.bincount(code[together], minlength=classes**2)
        before += np.bincount(code[ahead], minlength=classes**2)
    shape = (classes, classes)
    return Precedence(
        pairs.reshape(shape), before.reshape(shape), int(waited.sum()), int(overtaken.sum()),
        len(codes), stamped,
    )  # fmt: skip
