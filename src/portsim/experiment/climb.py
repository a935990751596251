"""Raising the demand step by step until throughput stops rising, then narrowing.

Only multiples and throughputs enter; what is run to find one is no business of this corner.
"""

from collections.abc import Callable
from math import isnan, nan, sqrt
from typing import NamedTuple

from portsim.arrays import Reals

__all__ = ["NEAR", "RISING", "Climb", "Throughput", "climb", "filled", "luck_of"]

RISING = 0.01
"""A doubling of the demand that adds less than this share to the throughput adds nothing."""
NEAR = 0.002
"""Throughputs this close to the largest are as large."""
_LUCK, _MOST_LUCK = 2.0, 0.1
"""So many times the luck of its trucks may one throughput be larger than another by chance; but not
by a larger share: of a few trucks each counts."""
_SURE = 3.0
"""Standard errors beyond which fewer pass for sure, of some replications."""
_FINE = 1.05
"""Ratio of neighbouring multiples from which on they are close enough."""
_ROUNDS = 4
_LEAST = 2.0**-10

Throughput = Callable[[float], float]


class Climb(NamedTuple):
    """Where throughput stopped rising."""

    peak: float
    """Smallest tried multiple of the demand with the largest throughput; NaN if there is none."""
    tried: dict[float, float]
    """Throughput by multiple; NaN where trucks ended in a circular wait."""
    ended: bool
    """Whether it stopped rising before the search had to end."""
    through: Throughput
    """Gives the throughput at further multiples, up to `drawn`, of the same trucks."""
    drawn: float


def luck_of(throughput: float, days: float) -> float:
    """The share by which works alone make a throughput differ.

    Where servers are always at work they are done with N trucks in some days, and works with a
    coefficient of variation of 1 make that differ by the share 1/√N (central limit theorem for
    renewal processes; Ross 2010, Introduction to Probability Models, 7.3).
    """
    return 1.0 / sqrt(max(1.0, throughput * days))


def climb(draw: Callable[[float], Throughput], first: float, reach: float) -> Climb:
    """Find the multiple of the demand with the largest throughput.

    Args:
        draw: draws trucks for multiples up to the one it is given; what it gives tells the
            throughput at such a multiple, NaN if trucks ended in a circular wait.
        first: multiple to begin with.
        reach: largest multiple that may be tried.
    """
    drawn = min(4.0 * first, reach)
    through = draw(drawn)
    peak, tried, ended = first, {first: through(first)}, False
    while not isnan(tried[peak]):
        following = min(2.0 * peak, reach)
        if following <= peak:
            break
        if following > drawn:
            # Only what the same trucks did is compared.
            drawn, through = following, draw(following)
            tried = {peak: through(peak)}
        tried[following] = through(following)
        if not tried[following] > tried[peak] * (1.0 + RISING):
            # Where trucks end in a circular wait nobody knows whether more would have passed.
            ended = not isnan(tried[following])
            break
        peak = following
    low = min(tried)
    while low > first * _LEAST and not tried[low] < (1.0 - RISING) * _largest(tried):
        low /= 2.0
        tried[low] = through(low)
    if _peak(tried) == first == reach:
        # Fewer only bring fewer, and more cannot be had.
        return Climb(first, tried, ended, through, drawn)
    for _ in range(_ROUNDS):
        peak = _peak(tried)
        if isnan(peak):
            break
        left = max((multiple for multiple in tried if multiple < peak), default=peak)
        right = min((multiple for multiple in tried if multiple > peak), default=peak)
        # A larger share of more trucks never passes: fewer than that cannot bring as many.
        least = max(left, left * (1.0 - NEAR) * tried[peak] / tried[left]) if tried[left] else left
        if peak > _FINE * least:
            middle = sqrt(least * peak)
            tried[middle] = through(middle)
        if right > _FINE * peak and not tried[right] >= (1.0 - RISING) * tried[peak]:
            middle = sqrt(peak * right)
            tried[middle] = through(middle)
    peak = _peak(tried)
    above = min((multiple for multiple in tried if multiple > peak), default=peak)
    return Climb(peak, tried, ended and not isnan(tried[above]), through, drawn)


def filled(through: Callable[[float], Reals], low: float, high: float, days: float) -> float:
    """The smallest multiple of the demand at which, but for luck, as many pass as at `high`.

    Where works differ the largest of many throughputs is one of the lucky ones, and the demand at
    which it was tried tells nothing.

    Args:
        through: throughputs at a multiple, float64[r], by replication.
        low: fewer cannot bring as many.
        high: the port is full.
        days: in which each throughput is measured.
    """
    there = through(high)
    most = float(there.mean())
    luck = _LUCK * luck_of(most, days * len(there))

    def is_full(multiple: float) -> bool:
        lacking = there - through(multiple)
        error = float(lacking.std(ddof=1)) / sqrt(len(lacking)) if len(lacking) > 1 else 0.0
        near = max(NEAR * most, min(max(luck * most, _SURE * error), _MOST_LUCK * most))
        return float(lacking.mean()) <= near

    if not low < high or is_full(low):
        return min(low, high)
    while high > _FINE * low:
        middle = sqrt(low * high)
        if is_full(middle):
            high = middle
        else:
            low = middle
    return high


def _largest(tried: dict[float, float]) -> float:
    return max((value for value in tried.values() if not isnan(value)), default=nan)


def _peak(tried: dict[float, float]) -> float:
    least = (1.0 - NEAR) * _largest(tried)
    return min((multiple for multiple, value in tried.items() if value >= least), default=nan)
