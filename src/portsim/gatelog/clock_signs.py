"""The gate log's signs of a clock: what each day tells of how far a clock was off.

A sign is read from the stamps alone; what it proves, and which clock it was, is not judged here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals

__all__ = ["DAY_S", "FEWEST", "HALF_HOUR_S", "ClockSigns", "Floor", "Says", "gap_of", "nearest"]

Says = NDArray[np.int8]
"""int8[days]: 1 where a day shows it, −1 where it shows the contrary, 0 where it tells nothing."""
DAY_S = 86_400
HALF_HOUR_S = 1800
FEWEST = 5
"""Trucks of a day that say something of it."""
_LOW = (0.02, 0.1, 0.25)
"""Of the times between two stamps these quantiles of a day, nearly free of waiting, are looked at:
a clock moves all of them, a few stray trucks only the first."""
_FIRST = 2
"""The third stamp of a day is about its opening, and no stray."""
_TOLERANCE_S = 300
"""A day is as usual, or off by so much, within these seconds."""
_USUAL_DAYS, _USUAL_SHARE = 3, 0.2
"""So many days, and of all days this share, must be alike to be the usual."""
_SPREAD_S = 3 * 3600
"""Trucks that hardly waited on a day must be apart so much: a stage that opened late has only
those that waited as long as it was shut."""
_BINS = DAY_S // HALF_HOUR_S
_ANY_TIME = 0.02
"""Share of stamps at any time of the day at which nobody would wonder."""


def nearest(seconds: Reals, order: NDArray[np.bool_], column: int, side: int) -> Reals:
    """float64[n]: of each truck the nearest stamp before (side 0) or after (1) one, of those that
    must be there; NaN if none is.

    Args:
        seconds: float64[n, k].
        order: bool[k, k], which stamp must follow which.
        column: of the stamp.
        side: of it.
    """
    others = range(column + 1, len(order)) if side else range(column - 1, -1, -1)
    strict = order[column] if side else order[:, column]
    beside = np.full(len(seconds), np.nan)
    missing = np.arange(len(seconds))
    for other in others:
        if strict[other] and len(missing):
            beside[missing] = seconds[missing, other]
            missing = missing[np.isnan(beside[missing])]
    return beside


def gap_of(
    seconds: Reals, order: NDArray[np.bool_], column: int, side: int, alone: bool = True
) -> Reals:
    """float64[n]: seconds between a stamp and the one before (side 0) or after (1); or, if it is
    not alone, between the last of all up to there and the first of all after that.

    Args:
        seconds: float64[n, k], NaN where there is no stamp.
        order: bool[k, k], which stamp must follow which.
        column: of the stamp.
        side: of it.
        alone: whether the stamp is looked at alone.
    """
    if alone:
        beside = nearest(seconds, order, column, side)
        return seconds[:, column] - beside if side == 0 else beside - seconds[:, column]
    cut = column + side
    return _first_there(seconds[:, cut:]) - _first_there(seconds[:, :cut][:, ::-1])


def _first_there(seconds: Reals) -> Reals:
    """float64[n]: of each row the first that is not NaN."""
    first = np.full(len(seconds), np.nan)
    for column in range(seconds.shape[1]):
        first = np.where(np.isnan(first), seconds[:, column], first)
    return first


@dataclass(frozen=True, slots=True)
class Floor:
    """The least times between two stamps, by day. Waiting makes them longer, nothing shorter."""

    beyond: Reals
    """float64[levels, days], seconds above the usual; NaN where nobody knows. The first level is
    the one that is the same on most days."""
    usual: float
    """Usual seconds at the first level."""
    alike: float
    """Share of the days that have them there."""

    def says(self, shift: int) -> Says:
        """Whether each day's least times are longer by so many seconds: the contrary is shown if
        they are as usual, or shorter than waiting can explain."""
        with np.errstate(invalid="ignore"):
            shown = (np.abs(self.beyond - shift) <= _TOLERANCE_S).any(axis=0)
            usual = (np.abs(self.beyond) <= _TOLERANCE_S).any(axis=0)
            short = self.beyond[0] < shift - 2 * _TOLERANCE_S
        # Some as usual, some not: a part of the trucks, or of the day.
        shows = shown & ~usual & ~short
        denies = short | (usual & ~shown)
        return np.asarray(shows.astype(np.int8) - denies.astype(np.int8))

    def shifts(self) -> set[int]:
        """Whole half hours, but 0, by which one is off on at least one day, as seconds."""
        known = self.beyond[~np.isnan(self.beyond)]
        steps = np.rint(known / HALF_HOUR_S).astype(np.int64) * HALF_HOUR_S
        near = np.abs(known - steps) <= _TOLERANCE_S
        return set(np.unique(steps[near & (steps != 0)]).tolist())

    def least(self, gaps: Reals, shift: int) -> NDArray[np.bool_]:
        """bool[n]: which gaps are as short as can be with such a shift."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.abs(gaps - self.usual - shift) <= _TOLERANCE_S)

    def short(self, gaps: Reals) -> NDArray[np.bool_]:
        """bool[n]: which gaps are shorter than they ever are."""
        with np.errstate(invalid="ignore"):
            return np.asarray(gaps < min(self.usual, _TOLERANCE_S) - _TOLERANCE_S)


def floor_of(values: Reals, which: Ints, days: int, latest: int | None = None) -> Floor | None:
    """The floor of a gap, or of the time of day of a stamp; None if days are too unlike.

    Args:
        values: float64[n], seconds, NaN where there are none.
        which: int64[n], number of the day of each; −1 for none.
        days: how many there are.
        latest: no value of a day beyond this one, from 0, is looked at as its lowest.
    """
    known = ~np.isnan(values) & (which >= 0)
    counts = np.bincount(which[known], minlength=days)
    enough = np.flatnonzero(counts >= FEWEST)
    if len(enough) < _USUAL_DAYS:
        return None
    # One key of day and gap sorts far faster than two.
    least, span = float(values[known].min()), float(np.ptp(values[known])) + 1.0
    keys = np.sort(which[known] * span + (values[known] - least))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    levels: list[tuple[int, float, Reals]] = []
    for low in _LOW:
        rank = np.floor(low * np.maximum(counts - 1, 0)).astype(np.int64)
        ranks = starts + (rank if latest is None or levels else np.minimum(rank, latest))
        quantile = np.full(days, np.nan)
        quantile[enough] = keys[ranks[enough]] - enough * span + least
        ordered = np.sort(quantile[enough])
        ends = np.searchsorted(ordered, ordered + 2 * _TOLERANCE_S, side="right")
        sizes = ends - np.arange(len(ordered))
        first = int(sizes.argmax())
        if sizes[first] >= max(_USUAL_DAYS, _USUAL_SHARE * len(enough)):
            usual = float(np.median(ordered[first : ends[first]]))
            levels.append((int(sizes[first]), usual, quantile - usual))
    if not levels:
        return None
    levels.sort(key=lambda level: -level[0])
    return Floor(np.array([level[2] for level in levels]), levels[0][1], levels[0][0] / len(enough))


@dataclass(frozen=True, slots=True)
class Profile:
    """When in a day stamps are made, by day."""

    counts: Reals
    """float64[days, 48], stamps of each half hour of the local clock."""
    weekday: Ints
    """int64[days]."""

    @classmethod
    def of(cls, local: Ints, which: Ints, weekday: Ints) -> "Profile":
        """From the local seconds (int64[n]) and days (int64[n], −1 for none) of a stamp."""
        known = which >= 0
        bins = local[known] % DAY_S // HALF_HOUR_S
        counts = np.bincount(which[known] * _BINS + bins, minlength=len(weekday) * _BINS)
        return cls(counts.reshape(-1, _BINS).astype(np.float64), weekday)

    def prefers(self, shift: int, off: NDArray[np.bool_]) -> Reals:
        """float64[days]: how much better the stamps of each day fit the usual hours if the clock
        was off so many seconds, as the logarithm of a ratio of likelihoods; NaN where there are
        too few.

        Args:
            shift: whole half hours, in seconds.
            off: bool[days], those on which it may have been off; the others, but not the day
                itself, tell the usual hours, weekday by weekday as far as there are any.
        """
        steps = shift // HALF_HOUR_S
        good = np.where(off[:, np.newaxis], 0.0, self.counts)
        usual = good.sum(axis=0) - good
        for day in range(7):
            same_weekday = self.weekday == day
            own = good[same_weekday].sum(axis=0) - good[same_weekday]
            usual[same_weekday] = np.where(
                own.sum(axis=1, keepdims=True) > 0, own, usual[same_weekday]
            )
        share = usual / np.maximum(usual.sum(axis=1, keepdims=True), 1.0) + _ANY_TIME / _BINS
        score = (self.counts * np.log(np.roll(share, steps, axis=1) / share)).sum(axis=1)
        return np.asarray(np.where(self.counts.sum(axis=1) >= FEWEST, score, np.nan))


class ClockSigns:
    """Signs of a log's stamps, each read once."""

    def __init__(self, seconds: Reals, order: NDArray[np.bool_], local: Ints) -> None:
        """Signs of a log.

        Args:
            seconds: float64[n, k], UTC epoch seconds, NaN where there is no stamp.
            order: bool[k, k], which stamp must follow which.
            local: int64[n, k], seconds of the local clock.
        """
        self._seconds, self._order, self._local = seconds, order, local
        there = ~np.isnan(seconds)
        number = np.where(there, local // DAY_S, 0)
        first = int(number[there].min()) if there.any() else 0
        counts = np.bincount((number - first)[there])
        self.days: Ints = np.flatnonzero(counts) + first
        index = np.append(np.cumsum(counts > 0) - 1, -1)
        self.which: Ints = index[np.where(there, number - first, -1)]
        self._floors: dict[tuple[int, int, bool], Floor | None] = {}
        self._openings: dict[int, Floor | None] = {}
        self._profiles: dict[int, Profile] = {}

    def floor(self, column: int, side: int, alone: bool = True) -> Floor | None:
        """Of such a gap."""
        key = column, side, alone
        if key not in self._floors:
            which = self.which[:, column]
            if not alone:
                # The day of the nearest stamp on this side of the gap.
                outwards = self.which[:, column::-1] if side else self.which[:, column:]
                which = outwards[np.arange(len(outwards)), (outwards >= 0).argmax(axis=1)]
            self._floors[key] = floor_of(
                gap_of(self._seconds, self._order, *key), which, len(self.days)
            )
        return self._floors[key]

    def opening(self, column: int) -> Floor | None:
        """Of the time of the day at which a stamp is made first."""
        if column not in self._openings:
            which = self.which[:, column]
            time = (self._local[:, column] % DAY_S).astype(np.float64)
            self._openings[column] = floor_of(time, which, len(self.days), _FIRST)
        return self._openings[column]

    def profile(self, column: int) -> Profile:
        """Of a stamp."""
        if column not in self._profiles:
            local, which = self._local[:, column], self.which[:, column]
            weekday = (self.days + 3) % 7
            self._profiles[column] = Profile.of(local, which, weekday)
        return self._profiles[column]

    def spread(self, column: int, side: int, shift: int, days: NDArray[np.bool_]) -> bool:
        """Whether trucks that waited as little as can be are hours apart on these days."""
        floor = self.floor(column, side)
        if floor is None:
            return False
        which = self.which[:, column]
        rows = np.flatnonzero(
            floor.least(gap_of(self._seconds, self._order, column, side), shift) & (which >= 0)
        )
        rows = rows[days[which[rows]]]
        if not len(rows):
            return False
        day, local = which[rows], self._local[rows, column]
        apart = [np.ptp(local[day == each]) for each in np.unique(day).tolist()]
        return bool(np.median(apart) >= _SPREAD_S)
