"""The gate log's clocks: days on which one clock of a port went wrong against the others.

A clock that is an hour fast adds an hour to the time before its stamps and takes it from the time
after them, on the same days and in all trucks; nothing else in a port does that.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.draft import Draft
from portsim.gatelog.order import must_follow

__all__ = ["mend_clocks"]

_HALF_HOUR_S = 1800
_MOST_HALF_HOURS = 48
_FEWEST = 5
"""Trucks of a day, and days, that show the clock."""
_EARLY = 0.1
"""Of the times between two stamps this quantile, nearly free of waiting, is looked at."""
_NEAR_S = 300.0
"""Half hours are told apart so far; days differ less where clocks are right."""
_MOST_DAYS = 0.4
"""A clock that is off on more days than these is no fault that can be told from the port."""


@dataclass(frozen=True, slots=True)
class _Side:
    """Gaps to a neighbouring stamp, by day."""

    quantile: Reals
    """float64[days], NaN where there are too few."""
    usual: float
    """Median over the days."""
    negative: Reals
    """Share of gaps below zero."""


def mend_clocks(draft: Draft, day_of: Ints, cleaning: Cleaning) -> Draft:
    """Set stamps right of days on which their clock was off by half hours.

    Stamps between two others are looked at first: only of those that have none on one side it
    takes what is impossible to show that the clock, and not the port, was slow.

    Args:
        draft: the trucks, stages in their order.
        day_of: int64[n, k], number of the local day of each stamp; −1 for none.
        cleaning: notes each stamp that is moved.
    """
    # The order as most trucks have it: on bad days many seem to defy it.
    order = must_follow(draft, _MOST_DAYS, _MOST_DAYS)
    seconds = draft.seconds.copy()
    for both_sides in (True, False):
        for column in range(len(draft.keys)):
            before = _neighbour(seconds, order[:, column], column, -1)
            after = _neighbour(seconds, order[column], column, 1)
            if both_sides != (not np.isnan(before).all() and not np.isnan(after).all()):
                continue
            days, which = np.unique(day_of[:, column], return_inverse=True)
            into = _side(seconds[:, column] - before, which, len(days))
            out = _side(after - seconds[:, column], which, len(days))
            shifts = np.array([_shift(into, out, day) for day in range(len(days))])
            off = (shifts != 0) & (days >= 0)
            if not off.any() or off.sum() > _MOST_DAYS * (days >= 0).sum():
                continue
            shift = np.where(off, shifts, 0)[which]
            right = seconds[:, column] - shift
            moved = (shift != 0) & ~np.isnan(seconds[:, column])
            moved &= ~(right < before) & ~(right > after)
            _note(draft, column, np.where(moved, shift, 0), cleaning)
            seconds[moved, column] = right[moved]
    return replace(draft, seconds=seconds)


def _note(draft: Draft, column: int, shift: Ints, cleaning: Cleaning) -> None:
    for amount in np.unique(shift[shift != 0]).tolist():
        rows = np.flatnonzero(shift == amount)
        hours = f"{abs(amount) / 3600:g} h"
        what = f"a clock {hours} {'fast' if amount > 0 else 'slow'}"
        treatment = f"moved {'back' if amount > 0 else 'on'} by {hours}"
        stage = draft.keys[column][0] or "arrival"
        cleaning.add(draft.where[rows, column], stage, what, treatment)


def _neighbour(seconds: Reals, strict: NDArray[np.bool_], column: int, way: int) -> Reals:
    """Of each truck the nearest stamp before or after that must be there; NaN if none is."""
    nearest = np.full(len(seconds), np.nan)
    columns = range(column - 1, -1, -1) if way < 0 else range(column + 1, seconds.shape[1])
    for other in columns:
        if strict[other]:
            nearest = np.where(np.isnan(nearest), seconds[:, other], nearest)
    return nearest


def _side(gaps: Reals, which: Ints, days: int) -> _Side:
    known = ~np.isnan(gaps)
    counts = np.bincount(which[known], minlength=days)
    order = np.lexsort((gaps[known], which[known]))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    at = starts + np.floor(_EARLY * np.maximum(counts - 1, 0)).astype(np.int64)
    enough = counts >= _FEWEST
    quantile = np.full(days, np.nan)
    quantile[enough] = gaps[known][order][at[enough]]
    negative = np.bincount(which[known], weights=gaps[known] < 0, minlength=days)
    usual = float(np.nanmedian(quantile)) if enough.sum() >= _FEWEST else np.nan
    return _Side(quantile, usual, negative / np.maximum(counts, 1))


def _shift(into: _Side, out: _Side, day: int) -> int:
    """By how many seconds the clock is fast on a day; 0 if it is right or nobody can say."""
    longer = into.quantile[day] - into.usual
    shorter = out.usual - out.quantile[day]
    if np.isnan(longer) and np.isnan(shorter):
        return 0
    if np.isnan(longer) or np.isnan(shorter):
        # With one neighbour only what is impossible shows it.
        side, size = (out, shorter) if np.isnan(longer) else (into, longer)
        if side.negative[day] < 0.5:
            return 0
        longer = shorter = size
    steps = round((longer + shorter) / 2 / _HALF_HOUR_S)
    if steps == 0 or abs(steps) > _MOST_HALF_HOURS:
        return 0
    shift = steps * _HALF_HOUR_S
    near = max(abs(longer - shift), abs(shorter - shift)) <= _NEAR_S
    return shift if near else 0
