"""The gate log's clocks that were set during a day: found where trucks seem to leave before they
came, on the same days and in many trucks.

A clock that is an hour fast adds an hour to the time before its stamps and takes it from the time
after them. Clocks that were off for whole days are not looked for here; stamps are not moved.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.gatelog.clock_signs import FEWEST, HALF_HOUR_S, nearest

__all__ = ["part_off"]

_MOST_HALF_HOURS = 48
_IMPOSSIBLE = 0.1
"""Share of a day's trucks with an impossible gap that shows a clock, and is no slip of people."""
_EARLY = 0.02
"""Of the times between two stamps this quantile, nearly free of waiting, is looked at."""
_NEAR = 0.5
"""A gap that should be longer by the shift is, if it is longer by half of it to one and a half."""
_BLURRED, _APART = 0.8, 0.25
"""Or by less, if the other clocks that it may be are farther from it."""
_CLEAR = 0.15
"""Or by so little less or more in those trucks that show it, if it was off for part of a day."""
_SOME = 3
"""Impossible gaps that show that a clock was off the day before or after as well."""
_MOST_DAYS = 0.4
"""A clock that is off on more days than these is no fault that can be told from the port."""


@dataclass(frozen=True, slots=True)
class _Side:
    """Gaps to the stamp before or after, by day."""

    quantile: Reals
    """float64[days], NaN where there are too few."""
    usual: float
    """Median over the days."""
    impossible: Reals
    """float64[days], share of gaps below zero, 0 where there are too few of them."""


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A clock that may be off."""

    column: int
    shift: int
    """Seconds that it would be fast; below zero, slow."""
    days: tuple[int, ...]
    """Days on which gaps on one side are impossible by as much."""
    away: float
    """How far the gap on the other side is from being longer by the shift, in shifts: the median of
    the days. NaN if there is no other side."""
    partly: float
    """The same of the trucks with an impossible gap alone."""


def part_off(
    seconds: Reals, order: NDArray[np.bool_], day_of: Ints, left: set[int]
) -> tuple[int, Ints] | None:
    """The clock that was off on most days; None if nobody can tell that one was.

    A clock is suspected on days on which at least a tenth of the trucks (and five) have a gap below
    zero on one side of its stamp. It is off if the gap on the other side is longer by half of that
    to one and a half, in the median of those days. The first and the last stamp have one side only:
    they are off if no clock beside them is, and not both may be.

    Args:
        seconds: float64[n, k], UTC epoch seconds, NaN where there is no stamp.
        order: bool[k, k], which stamp must follow which.
        day_of: int64[n, k], number of the local day of each stamp; −1 for none.
        left: days on which nobody can tell which clock it was.

    Returns:
        Column of the stamp, and the seconds by which the clock was fast, int64[n].
    """
    suspects = _suspects(seconds, order, day_of)
    guilty = _guilty([each for each in suspects if not left & set(each.days)])
    if guilty is None:
        return None
    shift = _rows(seconds, order, day_of, _beyond(seconds, order, day_of, guilty))
    return (guilty.column, shift) if shift.any() else None


def _suspects(seconds: Reals, order: NDArray[np.bool_], day_of: Ints) -> list[_Suspect]:
    """Clocks that may be off."""
    suspects = []
    for column in range(seconds.shape[1]):
        before, after = (nearest(seconds, order, column, side) for side in (0, 1))
        days, which = np.unique(day_of[:, column], return_inverse=True)
        gaps = seconds[:, column] - before, after - seconds[:, column]
        for sign, shrunk, grown in ((1, gaps[1], gaps[0]), (-1, gaps[0], gaps[1])):
            side, other = _side(shrunk, which, len(days)), _side(grown, which, len(days))
            # A clock may be off for a part of the day: those who show it are looked at alone, too.
            shown = _side(np.where(shrunk < 0, grown, np.nan), which, len(days))
            sizes = np.array([_size(side, day) for day in range(len(days))]) * (days >= 0)
            for size in np.unique(sizes[sizes > 0]).tolist():
                alike = sizes == size
                if alike.sum() > _MOST_DAYS * len(days):
                    continue
                away, partly = (
                    _away(quantile[alike] - other.usual, size)
                    for quantile in (other.quantile, shown.quantile)
                )
                dates = tuple(days[alike].tolist())
                suspects.append(_Suspect(column, sign * size, dates, away, partly))
    return suspects


def _away(longer: Reals, size: int) -> float:
    known = longer[~np.isnan(longer)]
    return abs(float(np.median(known)) / size - 1.0) if len(known) else np.nan


def _guilty(suspects: list[_Suspect]) -> _Suspect | None:
    """The clock that is off on most days; None if nobody can tell which one is."""
    sure = [suspect for suspect in suspects if suspect.away <= _NEAR]
    sure = sure or [suspect for suspect in suspects if suspect.partly <= _CLEAR]
    if sure:
        return max(sure, key=lambda suspect: (len(suspect.days), -suspect.away))
    for suspect in sorted(suspects, key=lambda suspect: (np.isnan(suspect.away), suspect.away)):
        beside = [
            other
            for other in suspects
            if other is not suspect and set(other.days) & set(suspect.days)
        ]
        # Waiting blurs it; those beside it are innocent all the same.
        if suspect.away <= _BLURRED and all(
            other.away >= suspect.away + _APART for other in beside
        ):
            return suspect
    lone = [suspect for suspect in suspects if np.isnan(suspect.away)]
    for suspect in sorted(lone, key=lambda suspect: -len(suspect.days)):
        others = [
            other
            for other in lone
            if other.column != suspect.column and set(other.days) & set(suspect.days)
        ]
        if not others:
            return suspect
    return None


def _beyond(seconds: Reals, order: NDArray[np.bool_], day_of: Ints, guilty: _Suspect) -> _Suspect:
    """The same with days before and after on which fewer trucks show it, and none the contrary."""
    column = guilty.column
    before, after = (nearest(seconds, order, column, side) for side in (0, 1))
    stamps, right = seconds[:, column], seconds[:, column] - guilty.shift
    wrong = (stamps < before) | (stamps > after)
    good = (right < before) | (right > after)
    days, which = np.unique(day_of[:, column], return_inverse=True)
    shown = np.bincount(which[wrong & ~good], minlength=len(days))
    denied = np.bincount(which[good & ~wrong], minlength=len(days))
    more = (shown >= _SOME) & (denied < shown) & (days >= 0)
    off = np.isin(days, guilty.days)
    for step in (1, -1):
        for number in range(len(days))[::step]:
            beside = number - step
            if more[number] and 0 <= beside < len(days) and off[beside]:
                off[number] = True
    return replace(guilty, days=tuple(days[off].tolist()))


def _side(gaps: Reals, which: Ints, days: int) -> _Side:
    known = ~np.isnan(gaps)
    counts = np.bincount(which[known], minlength=days)
    order = np.lexsort((gaps[known], which[known]))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    ranks = starts + np.floor(_EARLY * np.maximum(counts - 1, 0)).astype(np.int64)
    enough = counts >= FEWEST
    quantile = np.full(days, np.nan)
    quantile[enough] = gaps[known][order][ranks[enough]]
    negative = np.bincount(which[known], weights=gaps[known] < 0, minlength=days)
    share = np.where(negative >= FEWEST, negative / np.maximum(counts, 1), 0.0)
    usual = float(np.nanmedian(quantile)) if enough.sum() >= FEWEST else np.nan
    return _Side(quantile, usual, share)


def _size(side: _Side, day: int) -> int:
    """By how many seconds gaps are shorter than they can be; 0 if they are not, or not known."""
    shorter = side.usual - side.quantile[day]
    if side.impossible[day] < _IMPOSSIBLE or np.isnan(shorter):
        return 0
    steps = round(shorter / HALF_HOUR_S)
    return steps * HALF_HOUR_S if 0 < steps <= _MOST_HALF_HOURS else 0


def _rows(
    seconds: Reals,
    order: NDArray[np.bool_],
    day_of: Ints,
    guilty: _Suspect,
) -> Ints:
    """Seconds by which the stamp of each truck is off.

    On a day on which the clock was set, trucks with an impossible gap show from when on it was
    off, and those whose gap would be impossible otherwise when it was right; the others are as
    the nearest of them.
    """
    shift = np.zeros(len(seconds), dtype=np.int64)
    column = guilty.column
    before, after = (nearest(seconds, order, column, side) for side in (0, 1))
    stamps = seconds[:, column]
    for day in guilty.days:
        rows = np.flatnonzero(day_of[:, column] == day)
        rows = rows[np.argsort(stamps[rows], kind="stable")]
        right = stamps[rows] - guilty.shift
        wrong = (stamps[rows] < before[rows]) | (stamps[rows] > after[rows])
        good = (right < before[rows]) | (right > after[rows])
        clear = np.flatnonzero(wrong ^ good)
        if not len(clear):
            continue
        times = stamps[rows]
        next_one = np.searchsorted(times[clear], times).clip(0, len(clear) - 1)
        last_one = (next_one - 1).clip(0)
        nearer = np.abs(times - times[clear[last_one]]) < np.abs(times - times[clear[next_one]])
        off = wrong[clear[np.where(nearer, last_one, next_one)]] & ~good
        shift[rows[off]] = guilty.shift
    return shift
