"""Passes over all visits of a stage that a search makes for every hours and servers it tries.

Numbers only, and nothing is judged here; the same steps stand beside in numpy in the tests.
"""

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.compiling import compiled

__all__ = ["looked_up", "passed", "quantiles"]


def passed(seconds: Reals, times: Reals, open_: NDArray[np.bool_]) -> Reals:
    """Open time that has passed at seconds.

    Args:
        seconds: float64[n], quickest where neighbours are near each other; NaN stays.
        times: float64[k], ascending: from each on it is open or closed.
        open_: bool[k].

    Returns:
        float64[n], seconds since the first of `times`; less than 0 before it, if it opens then.
    """
    passing = np.concatenate([[0.0], np.cumsum(np.diff(times) * open_[:-1])])
    told = np.empty(len(seconds))
    _pass(seconds, times, open_, passing, told)
    return told


def looked_up(
    seconds: Reals,
    classes: Ints,
    tables: tuple[Reals, Ints, Ints],
    scale: tuple[float, float, float],
) -> Reals:
    """What tables by class say at seconds, float64[n].

    Args:
        seconds: float64[n].
        classes: int64[n].
        tables: one after the other, float64[m]; where that of each class begins and how long it is,
            int64[classes] each, of length 0 where it has none.
        scale: least second that a table knows, its step, and what is said beyond.
    """
    told = np.empty(len(seconds))
    _look_up(seconds, classes, *tables, *scale, told)
    return told


def quantiles(values: Reals, shares: tuple[float, ...]) -> list[float]:
    """Quantiles of some values, between neighbours in proportion (Hyndman & Fan 1996, type 7).

    Args:
        values: float64[n], n ≥ 1, none of them NaN.
        shares: of the values that lie below, 0 to 1.
    """
    last = len(values) - 1
    below = [int(share * last) for share in shares]
    places = sorted({place for low in below for place in (low, min(low + 1, last))})
    sorted_ = np.partition(values, places)
    told = []
    for low, share in zip(below, shares, strict=True):
        left, right = float(sorted_[low]), float(sorted_[min(low + 1, last)])
        part = share * last - low
        # From the nearer of the two, as numpy does: both ways are not alike to the last digit.
        near = right - (right - left) * (1 - part) if part >= 0.5 else left + (right - left) * part
        told.append(near)
    return told


@compiled
def _pass(
    seconds: Reals, times: Reals, open_: NDArray[np.bool_], passing: Reals, told: Reals
) -> None:
    row, last = 0, len(times) - 1
    for number in range(len(seconds)):
        second = seconds[number]
        while row < last and times[row + 1] <= second:
            row += 1
        while row > 0 and times[row] > second:
            row -= 1
        told[number] = passing[row] + (second - times[row]) * open_[row]


@compiled
def _look_up(
    seconds: Reals, classes: Ints, tables: Reals, first: Ints, length: Ints, least: float,
    step: float, beyond: float, told: Reals
) -> None:  # fmt: skip
    for number in range(len(seconds)):
        second, own = seconds[number], classes[number]
        told[number] = beyond
        if own >= len(length) or length[own] == 0 or not second > least:
            continue
        place = np.rint(second / step)
        if place < length[own]:
            told[number] = tables[first[own] + max(int(place), 0)]
