"""The room of statistics: how precise means are, and when there are replications enough; no files.

Whoever calls hands over figures already measured and adds the replications asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite

import numpy as np

from portsim.statistics.intervals import LEVEL, Floats, moments, t_factor
from portsim.statistics.shares import may_differ, share_limits

__all__ = ["BLOCK", "FEWEST", "Goal", "Reached", "more", "needs", "reached", "settled"]

FEWEST = 10
"""Observations that come before the first look: a standard deviation of fewer is not to be
trusted to end a study."""
BLOCK = 10
"""Observations are added in multiples of this."""
_RARE = 0.05
"""Values all alike say nothing of their spread; they are believed when at most this share of
periods may differ."""


@dataclass(frozen=True, slots=True)
class Goal:
    """How precise one mean shall be.

    Attributes:
        half_width: largest half of the interval's width; in the measure's unit, or a share of
            `scale` if relative.
        relative: the half-width is held against the estimate of the scale.
        share: the values lie in [0, 1], see `portsim.statistics.shares`.
    """

    half_width: float
    relative: bool = False
    share: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """What came of a goal.

    Attributes:
        half_width: of the interval, the larger side; NaN for fewer than two observations.
        allowed: what it must not exceed, in the measure's unit.
        met: whether it does not.
        alike: all values are the same; then the width says nothing.
        n: observations.
    """

    half_width: float
    allowed: float
    met: bool
    alike: bool
    n: int


def reached(values: Floats, goal: Goal, comparisons: int, scale: Floats | None = None) -> Reached:
    """Hold the interval of a mean against a goal.

    In: float64[n], one value an observation, NaN left out; the goal; the number of intervals that
    hold together at 95 % (Bonferroni); float64[n], whose mean a relative goal refers to, the
    values themselves if left out. Out: `Reached`.

    A relative goal γ is met when half / |mean| ≤ γ / (1 + γ): the estimated mean stands in for the
    true one (Law 2015, section 9.4.1). Values that are all alike meet no goal until at most 5 % of
    periods may differ (59 observations, `portsim.statistics.shares.may_differ`).
    """
    m = moments(values[None, :])
    n, mean, sd = int(m.n[0]), m.mean, m.sd
    half = t_factor(m.n, LEVEL, comparisons) * sd
    if goal.share:
        low, high = share_limits(mean, half)
        half = np.maximum(mean - low, high - mean)
    allowed = goal.half_width
    if goal.relative:
        unit = mean if scale is None else moments(scale[None, :]).mean
        allowed = goal.half_width / (1.0 + goal.half_width) * float(abs(unit[0]))
    width = float(half[0])
    alike = n > 1 and float(sd[0]) == 0.0
    enough = width <= allowed if not alike else may_differ(n) <= _RARE
    return Reached(width, allowed, bool(n > 1 and enough), alike, n)


def more(goals: Sequence[Reached], n: int, most: int) -> int:
    """How many observations there should be at the next look.

    In: what came of each goal with n observations; the most there may be. Out: between n + 1 and
    `most`. The number rises to what the widest interval seems to need, to twice n at most, in
    multiples of `BLOCK`: it depends on the values alone, never on who runs them.
    """
    need = max((needs(goal) or 0 for goal in goals if not goal.met), default=0)
    aim = min(max(need, n + BLOCK), max(2 * n, n + BLOCK))
    return min(most, n + BLOCK * ceil((aim - n) / BLOCK))


def needs(goal: Reached) -> int | None:
    """Observations that a goal seems to need: the width falls with their root.

    In: what came of it. Out: n (half-width / asked)², rounded up; None where it cannot be told: no
    width, no scale, or values all alike.
    """
    if goal.alike or not (isfinite(goal.half_width) and goal.allowed > 0.0):
        return None
    return ceil(goal.n * (goal.half_width / goal.allowed) ** 2)


def settled(met: Sequence[bool]) -> bool:
    """Whether a goal is met for good: at the last two looks, or at the only one.

    In: whether it was met at each look so far. The first look may be lucky: replications go on to
    one look more, which restores the coverage that stopping at the first fit loses. Source: Hoad,
    Robinson and Davies 2010, Journal of the Operational Research Society 61, 1632-1644 (look-ahead
    of kLimit replications; here it is one block). So whoever may go on must not stop at the first
    look; a study whose number was fixed beforehand has one look only, and nothing to be restored.
    """
    return all(met[-2:])
