"""The gate log's clocks: stamps of days on which one clock went wrong are set right, or doubted.

How a clock is found out is told in other modules; here stamps are moved and every move is noted.
"""

import datetime as dt
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.calendars import local_seconds
from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.clock_days import OffDays, are_rivals, off_days, sure_ones
from portsim.gatelog.clock_parts import part_off
from portsim.gatelog.clock_signs import DAY_S, ClockSigns, gap_of
from portsim.gatelog.draft import Draft
from portsim.gatelog.order import must_follow

__all__ = ["DoubtedClock", "mend_clocks"]

_WRONG = 0.4
"""Share of trucks that may come the wrong way round: on bad days many seem to defy the order."""
_ENOUGH = 400
"""Trucks a day."""
_DOUBTED_DAYS = 3
"""A clock that may have been off on fewer days is not worth a word."""
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class DoubtedClock:
    """A clock that may have been off on some days; its stamps are left as they are."""

    stages: tuple[str, ...]
    """Whose it is; ``arrival`` for that of the arrival."""
    fast: int
    """Seconds; below zero it was slow."""
    dates: tuple[dt.date, ...]
    """Local dates, ascending."""
    hours: bool
    """Whether the hours at which it stamps are moved so on these dates."""


def mend_clocks(
    draft: Draft, place: ZoneInfo, file: str, cleaning: Cleaning
) -> tuple[Draft, tuple[DoubtedClock, ...]]:
    """Set stamps right of days on which their clock was off by half hours.

    First clocks that were off for whole days, each with all stamps of its stage, then those that
    were set during a day, stamp by stamp. A clock that may have been off, or may not, is left.

    Args:
        draft: the trucks, stages in their order.
        place: zone in which days are told.
        file: name of the log, for the list.
        cleaning: notes each stamp that is moved, and each clock that is doubted.

    Returns:
        The trucks, and the clocks that may have been off.
    """
    order = must_follow(draft, _WRONG, _WRONG)
    seconds = draft.seconds.copy()
    local = _local(seconds, place)
    clocks: list[OffDays] = []
    for _ in range(2 * len(draft.keys)):
        sample = _sample(local)
        signs = ClockSigns(seconds[sample], order, local[sample])
        clocks = off_days(signs, draft.keys)
        guilty: dict[tuple[tuple[int, ...], int], list[int]] = {}
        for clock in sure_ones(clocks):
            guilty.setdefault((clock.columns, clock.shift), []).extend(clock.days)
        for (columns, fast), days in guilty.items():
            evidence = _evidence(signs, seconds, order, columns, fast)
            there = _on_days(local[:, columns], np.array(days), fast)
            for number, column in enumerate(columns):
                # A gap tells of a stamp beyond its own only where all between them went alike.
                holds = there[:, : number + 1].all(axis=1), there[:, number:].all(axis=1)
                told = (each & held for each, held in zip(evidence, holds, strict=True))
                wrong, right, likely = np.logical_or(*told)
                shift = _shift(local[:, column], np.array(days), fast, wrong, right, likely)
                _note(draft, column, shift, cleaning)
                seconds[:, column] -= shift
                local[:, column] -= shift
        if not guilty:
            break
    doubted = _doubt(draft, clocks, file, cleaning)
    left = {date.toordinal() - _EPOCH_DAY for clock in doubted for date in clock.dates}
    for _ in range(2 * len(draft.keys)):
        part = part_off(seconds, order, np.where(np.isnan(seconds), -1, local // DAY_S), left)
        if part is None:
            break
        column, shift = part
        _note(draft, column, shift, cleaning)
        seconds[:, column] -= shift
        local[:, column] -= shift
    return replace(draft, seconds=seconds), tuple(doubted)


def _local(seconds: Reals, place: ZoneInfo) -> Ints:
    """int64 of the same shape: seconds of the local clock; 0 where there is no stamp."""
    known = ~np.isnan(seconds)
    local = np.zeros(seconds.shape, dtype=np.int64)
    local[known] = local_seconds(seconds[known].astype(np.int64), place)
    return local


def _sample(local: Ints) -> slice:
    """Rows that are enough to tell what days are like."""
    known = local[local > 0]
    days = int(np.ptp(known)) // DAY_S + 1 if len(known) else 1
    return slice(None, None, max(1, len(local) // (_ENOUGH * days)))


def _on_days(local: Ints, days: Ints, fast: int) -> NDArray[np.bool_]:
    """bool[n, k]: which stamps of a clock may stand on days on which it was off, or are missing.

    Args:
        local: int64[n, k], seconds of the local clock; 0 where there is no stamp.
        days: numbers of those days.
        fast: seconds.
    """
    shown, meant = np.isin(local // DAY_S, days), np.isin((local - fast) // DAY_S, days)
    return np.asarray(shown | meant | (local == 0))


def _evidence(
    signs: ClockSigns,
    seconds: Reals,
    order: NDArray[np.bool_],
    columns: tuple[int, ...],
    fast: int,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """bool[3, n] each, of the gap before a clock's stamps and of the one after them: whose stamps
    cannot be right as they stand, cannot be if they are moved back, and whose gap is as short as
    can be only if they are moved back."""

    def of(column: int, side: int, longer: int) -> NDArray[np.bool_]:
        floor = signs.floor(column, side)
        if floor is None:
            return np.zeros((3, len(seconds)), dtype=bool)
        gap = gap_of(seconds, order, column, side)
        likely = floor.least(gap, longer) & ~floor.least(gap, 0)
        return np.array([floor.short(gap), floor.short(gap - longer), likely])

    return of(columns[0], 0, fast), of(columns[-1], 1, -fast)


def _shift(
    local: Ints,
    days: Ints,
    fast: int,
    wrong: NDArray[np.bool_],
    right: NDArray[np.bool_],
    likely: NDArray[np.bool_],
) -> Ints:
    """int64[n]: seconds by which each stamp of a clock is off.

    Stamps that the clock took over midnight stand on the day beside; of that day's stamps those
    are off that cannot be right, or that hardly waited if they are off.

    Args:
        local: int64[n], seconds of the local clock; 0 where there is no stamp.
        days: numbers of the days on which it was off.
        fast: seconds.
        wrong: bool[n], stamps that cannot be right as they stand.
        right: bool[n], stamps that cannot be off.
        likely: bool[n], trucks that hardly waited if they are off.
    """
    on_day = np.isin(local // DAY_S, days) & (local > 0)
    from_day = np.isin((local - fast) // DAY_S, days) & (local > 0)
    off = (on_day & (wrong | ~right)) | (from_day & ~on_day & ~right & (wrong | likely))
    return np.where(off, fast, 0)


def _hours(shift: int) -> str:
    return f"{abs(shift) / 3600:g} h"


def _way(shift: int) -> str:
    return f"{_hours(shift)} {'fast' if shift > 0 else 'slow'}"


def _note(draft: Draft, column: int, shift: Ints, cleaning: Cleaning) -> None:
    for amount in np.unique(shift[shift != 0]).tolist():
        rows = np.flatnonzero(shift == amount)
        treatment = f"moved {'back' if amount > 0 else 'on'} by {_hours(amount)}"
        stage = draft.keys[column][0] or "arrival"
        cleaning.add(draft.where[rows, column], stage, f"a clock {_way(amount)}", treatment)


def _doubt(
    draft: Draft, clocks: list[OffDays], file: str, cleaning: Cleaning
) -> list[DoubtedClock]:
    """Say which clocks may have been off, but not where others are likelier."""
    doubted: list[DoubtedClock] = []
    for clock in sorted(clocks, key=lambda clock: clock.weight, reverse=True):
        rivals = [each for each in clocks if are_rivals(clock, each)]
        # One clock is likelier than several that went alike.
        least = clock.weight[0] + clock.alone
        if clock.shown < _DOUBTED_DAYS or any(
            each.weight[0] + each.alone > least for each in rivals
        ):
            continue
        stages = _stages(draft, clock)
        dates = tuple(dt.date.fromordinal(_EPOCH_DAY + day) for day in sorted(clock.days))
        if any(stages == each.stages and set(each.dates) & set(dates) for each in doubted):
            continue
        doubted.append(DoubtedClock(stages, clock.shift, dates, clock.hours > 0))
        whose = f"the clock{'s' if len(stages) > 1 else ''} of {', '.join(stages)}"
        oddity = f"perhaps {whose} {_way(clock.shift)} from {dates[0]} to {dates[-1]}"
        cleaning.say(file, 0, oddity, "left as it is: waits may have been as long, or hours others")
    return doubted


def _stages(draft: Draft, clock: OffDays) -> tuple[str, ...]:
    return tuple(dict.fromkeys(draft.keys[column][0] or "arrival" for column in clock.columns))
