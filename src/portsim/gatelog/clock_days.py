"""The gate log's clocks that were off for whole days: which clock, by how much, on which days.

A clock that is fast lengthens the gap before its stamps and shortens the one after them by the same
amount, and its stage seems to open and close later, on the very same days. Only what waiting, other
hours or fewer people cannot do is called a clock. Stamps are not moved here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Reals
from portsim.gatelog.clock_signs import HALF_HOUR_S, ClockSigns, Floor, Says
from portsim.gatelog.draft import Key

__all__ = ["OffDays", "are_rivals", "off_days", "sure_ones"]

_MOST_HALF_HOURS = 48
_MOST_OF_SIDES = 4
"""Of all clocks on one side: summer time, or a zone that was changed."""
_MOST_DAYS = 0.45
"""A clock that is off on more days than these is no fault that can be told from the port."""
_MOSTLY = 0.3
"""Of the days that are known so many must show it."""
_RARELY = 0.2
"""Of the days that show something so many may show the contrary."""
_SURE = 4.0
"""Standard errors by which the hours of the days fit one of two better than the other."""
_FEWEST_DAYS = 3
"""Days that tell what is usual, or a clock by an impossible gap alone."""
_FITS = 3.0
"""A day whose hours fit it so much better (logarithm of a ratio of likelihoods) is one more."""
_SLIP_S = -60
"""A gap of so much is shorter than nothing, even where clocks tell minutes only."""
_MOST_OPENINGS = 0.6
"""A stage that opens at one time makes its first stamp of so many days at one time."""
_FROM_MIDNIGHT_S = 3600
"""A stage that is open all day has no opening: its first stamps are about midnight."""


@dataclass(frozen=True, slots=True)
class OffDays:
    """A clock that was, or may have been, off on some days."""

    columns: tuple[int, ...]
    """Its stamps: neighbours in one stage, or the arrival; or all up to there, or from there on, of
    several clocks that went alike, as on two sides of which one has changed to summer time."""
    shift: int
    """Seconds that it was fast; below zero, slow."""
    days: tuple[int, ...]
    """Numbers of the local days since 1970, as its stamps tell them."""
    gaps: tuple[int, int]
    """What the gaps before and after it say: 1 for it, −1 against it, 0 nothing."""
    hours: int
    """The same of the hours of the day at which it stamps."""
    shown: int
    """Days on which a gap shows it."""
    impossible: bool
    """Whether a gap is shorter than nothing then."""
    alone: bool
    """Whether it is one clock."""
    spread: bool
    """Whether gaps that are shorter, or trucks that hardly waited at any time of the day, show
    it."""

    @property
    def possible(self) -> bool:
        """Whether nothing speaks against it, but something for it."""
        return min(*self.gaps, self.hours) >= 0 and max(*self.gaps, self.hours) > 0

    @property
    def weight(self) -> tuple[int, int, int]:
        """By which clocks that may be off on the same days are compared."""
        return sum(self.gaps) + self.hours, self.shown, len(self.columns)

    @property
    def sure(self) -> bool:
        """Whether a gap and another sign tell it, which nothing but a clock does."""
        if not self.possible or not self.alone or max(self.gaps) < 1:
            return False
        if sum(self.gaps) == 2:
            # On one day two gaps may be half an hour off by chance.
            far = self.impossible and abs(self.shift) > HALF_HOUR_S
            return self.shown > 1 or self.hours == 1 or far
        return self.hours == 1 and self.spread


def off_days(signs: ClockSigns, keys: tuple[Key, ...]) -> list[OffDays]:
    """All clocks that may have been off, each with its days and what speaks for it.

    Args:
        signs: of the log.
        keys: its k stamps.
    """
    stages = [stage for stage, _ in keys]
    last = len(keys) - 1
    spans = [
        (first, end)
        for first in range(len(keys))
        for end in range(first, len(keys))
        if stages[first] == stages[end] or first == 0 or end == last
    ]
    return [
        each
        for first, end in spans
        if (first, end) != (0, last)
        for each in _of_clock(signs, stages, first, end)
        if each.possible
    ]


def sure_ones(clocks: list[OffDays]) -> list[OffDays]:
    """The clocks that were off for sure, and no other can have been instead; none on the same days
    as another.

    Args:
        clocks: those that may have been.
    """
    sure: list[OffDays] = []
    taken: set[int] = set()
    for each in sorted(clocks, key=lambda clock: clock.weight, reverse=True):
        if not each.alone or taken & set(each.days) or not (each.sure or each.impossible):
            continue
        rivals = [other for other in clocks if are_rivals(each, other)]
        outweighed = any(other.weight[0] >= each.weight[0] for other in rivals)
        if (each.sure and not outweighed) or (
            each.impossible and each.shown >= _FEWEST_DAYS and not rivals
        ):
            sure.append(each)
            taken |= set(each.days)
    return sure


def are_rivals(first: OffDays, second: OffDays) -> bool:
    """Whether one of two may have been off, but hardly both: they would explain the same gap."""
    if first is second or not set(first.days) & set(second.days):
        return False
    nested = set(first.columns) <= set(second.columns) or set(second.columns) <= set(first.columns)
    return max(second.gaps) > 0 and not (nested and first.alone and second.alone)


def _of_clock(signs: ClockSigns, stages: list[str], first: int, last: int) -> Iterator[OffDays]:
    alone = stages[first] == stages[last]
    most = _MOST_HALF_HOURS if alone else _MOST_OF_SIDES
    floors = (
        signs.floor(first, 0, alone) if first else None,
        signs.floor(last, 1, alone) if last < len(stages) - 1 else None,
    )
    columns = tuple(range(first, last + 1))
    openings = [signs.opening(column) for column in columns if alone]
    shifts = floors[0].shifts() if floors[0] else set()
    shifts |= {-shift for shift in floors[1].shifts()} if floors[1] else set()
    shifts = shifts.union(*(opening.shifts() for opening in openings if opening))
    for shift in sorted(shifts):
        if abs(shift) > most * HALF_HOUR_S:
            continue
        before, after = _says(signs, floors[0], shift), _says(signs, floors[1], -shift)
        opens = [
            _says(signs, opening, shift) for opening in openings if _is_opening(opening, shift)
        ]
        shown, denied = (before > 0) | (after > 0), (before < 0) | (after < 0)
        runs = list(_runs(shown & ~denied, denied))
        for each in opens:
            # Where waiting hides all gaps the hours are left.
            hours_only = _runs((each > 0) & ~denied, denied | (each < 0))
            runs += [days for days in hours_only if not (shown & days).any()]
        for days in runs:
            gaps = _verdict(before[days]), _verdict(after[days])
            if days.sum() > _MOST_DAYS * len(days) or min(gaps) < 0:
                continue
            hours, fits = _hours(signs, columns, stages, shift, days)
            if not hours and alone:
                verdicts = [_verdict(each[days]) for each in opens]
                hours = int(1 in verdicts and -1 not in verdicts)
                for each in opens if hours else ():
                    fits |= each > 0
            if hours < 0 or max(*gaps, hours) < 1:
                continue
            shorter = 1 if shift > 0 else 0
            least = floors[shorter]
            # Only where it matters: it is dear to look for.
            spread = gaps[shorter] > 0 or (
                alone
                and hours > 0
                and signs.spread((last, first)[shorter], 1 - shorter, abs(shift), days)
            )
            yield OffDays(
                columns,
                shift,
                tuple(signs.days[_wider(days, denied, fits)].tolist()),
                gaps,
                hours,
                int(days.sum()) if max(gaps) < 1 else int((shown & days).sum()),
                gaps[shorter] > 0 and least is not None and least.usual < abs(shift) + _SLIP_S,
                alone,
                spread,
            )


def _says(signs: ClockSigns, floor: Floor | None, longer: int) -> Says:
    return np.zeros(len(signs.days), dtype=np.int8) if floor is None else floor.says(longer)


def _is_opening(opening: Floor | None, shift: int) -> bool:
    """Whether stamps begin at one time of most days that midnight cannot hide."""
    return (
        opening is not None
        and opening.alike >= _MOST_OPENINGS
        and opening.usual > abs(shift) + _FROM_MIDNIGHT_S
    )


def _runs(shown: NDArray[np.bool_], denied: NDArray[np.bool_]) -> Iterator[NDArray[np.bool_]]:
    """Days from the first to the last that show it, with none between that shows the contrary."""
    number = np.cumsum(denied)
    for each in np.unique(number[shown]).tolist():
        run_days = np.flatnonzero(shown & (number == each))
        run = np.zeros(len(shown), dtype=bool)
        run[run_days[0] : run_days[-1] + 1] = True
        yield run


def _wider(
    days: NDArray[np.bool_], denied: NDArray[np.bool_], fits: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """The days with those before and after on which waiting hides it, but not the hours."""
    wide = days.copy()
    known = np.flatnonzero(days)
    for start, step in ((int(known[0]), -1), (int(known[-1]), 1)):
        day = start + step
        while 0 <= day < len(days) and fits[day] and not denied[day]:
            wide[day] = True
            day += step
    return wide


def _verdict(says: Says) -> int:
    """What a sign says of some days."""
    shows, denies = int((says > 0).sum()), int((says < 0).sum())
    if shows >= max(1.0, _MOSTLY * len(says)) and denies <= _RARELY * shows:
        return 1
    return -1 if denies > _RARELY * shows else 0


def _hours(
    signs: ClockSigns,
    columns: tuple[int, ...],
    stages: list[str],
    shift: int,
    days: NDArray[np.bool_],
) -> tuple[int, NDArray[np.bool_]]:
    """What the hours of the stamps say of some days, and which days fit it by themselves."""
    verdicts: dict[str, int] = {}
    fits = np.zeros(len(days), dtype=bool)
    for column in columns:
        score = signs.profile(column).prefers(shift, days)
        verdict = _fitting(score[days], score[~days])
        if verdict < 0:
            return -1, np.zeros(len(days), dtype=bool)
        if verdict:
            fits |= score > _FITS
        verdicts[stages[column]] = max(verdict, verdicts.get(stages[column], 0))
    return min(verdicts.values()), fits


def _fitting(doubted: Reals, usual: Reals) -> int:
    """What it says that hours of some days fit it so much better, and hours of the others not."""
    doubted, usual = doubted[~np.isnan(doubted)], usual[~np.isnan(usual)]
    if not len(doubted) or len(usual) < _FEWEST_DAYS:
        return 0
    # Days as usual have the mean of the others; those that are off have it with the other sign.
    expected, error = (
        float(usual.mean()) * len(doubted),
        float(usual.std() + 1.0) * np.sqrt(len(doubted)),
    )
    total = float(doubted.sum())
    if expected >= 0:
        return 0
    if total > 0 and total - expected > _SURE * error:
        return 1
    return -1 if total < 0 and total + expected < -_SURE * error else 0
