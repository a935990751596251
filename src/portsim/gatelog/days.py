"""The gate log's calendar: days without a record, closed by habit, or lost.

Which hours a port keeps is not estimated here.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import local_seconds
from portsim.gatelog.cleaning import Cleaning
from portsim.gatelog.draft import ARRIVAL, Draft

__all__ = ["BareDay", "bare_days", "day_numbers"]

_DAY_S = 86_400
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
_HABIT = 0.75
_FEWEST = 5.0
"""Trucks on a usual day of that weekday; of fewer none may come by chance."""
_MOST_DAYS = 20_000
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True)
class BareDay:
    """A day without a record."""

    date: dt.date
    kind: str
    """``closed`` if its weekday nearly always is; ``shut`` if trucks were inside all day, so that
    nothing is missing but work; ``lost`` if none was, or work went on without arrivals."""


def day_numbers(seconds: Reals, place: ZoneInfo) -> Ints:
    """int64 of the same shape: number of the local day since 1970; −1 where there is no stamp."""
    known = ~np.isnan(seconds)
    days = np.full(seconds.shape, -1, dtype=np.int64)
    days[known] = local_seconds(seconds[known].astype(np.int64), place) // _DAY_S
    return days


def bare_days(draft: Draft, place: ZoneInfo, file: str, cleaning: Cleaning) -> tuple[BareDay, ...]:
    """Days between the first and the last stamp without a stamp, or with work and no arrival.

    Args:
        draft: the trucks.
        place: zone in which days are told.
        file: name of the log, for the list.
        cleaning: notes each day.
    """
    days = day_numbers(draft.seconds, place)
    known = days[days >= 0]
    if not len(known) or int(known.max() - known.min()) > _MOST_DAYS:
        return ()
    start, span = int(known.min()), int(known.max() - known.min()) + 1
    stamps = np.bincount(known - start, minlength=span)
    column = draft.at(ARRIVAL)
    arrivals = stamps
    if column >= 0:
        arrival_days = days[:, column]
        arrivals = np.bincount(arrival_days[arrival_days >= 0] - start, minlength=span)
    weekday = (np.arange(span) + start + _EPOCH_DAY - 1) % 7
    bare: list[BareDay] = []
    if stamps[stamps > 0].mean() < _FEWEST or not arrivals.any():
        return ()
    first, last = day_numbers(draft.firsts(), place), day_numbers(draft.lasts(), place)
    came = np.flatnonzero(arrivals)
    for day in np.flatnonzero((stamps == 0) | (arrivals == 0)).tolist():
        if stamps[day] and not came[0] <= day <= came[-1]:
            # Who was inside when the log began or ended; nobody's arrival is missing.
            continue
        alike = weekday == weekday[day]
        counts = stamps if stamps[day] == 0 else arrivals
        none = int((counts[alike] == 0).sum())
        habit = none >= _HABIT * alike.sum() and alike.sum() > 1
        usual = (
            float(np.mean(counts[alike & (counts > 0)])) if (alike & (counts > 0)).any() else 0.0
        )
        if not habit and usual < _FEWEST:
            continue
        inside = int(((first >= 0) & (first < start + day) & (last > start + day)).sum())
        kind = "closed" if habit else "shut" if stamps[day] == 0 and inside else "lost"
        if stamps[day] and habit:
            continue
        date = dt.date.fromordinal(start + day + _EPOCH_DAY)
        bare.append(BareDay(date, kind))
        name = _WEEKDAYS[weekday[day]]
        treatments = {
            "closed": f"taken as closed: {none} of {alike.sum()} {name} have none",
            "shut": f"taken as closed: {inside} trucks were inside all day",
            "lost": f"taken as lost: other {name} have {usual:.0f}",
        }
        oddity = f"no {'record' if stamps[day] == 0 else 'arrival'} on {date}"
        cleaning.say(file, 0, oddity, treatments[kind])
    return tuple(bare)
