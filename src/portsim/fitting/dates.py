"""Dates on which a stage did not keep its week: shut though trucks waited, or at work when closed.

Hours and servers are known here; days whose records are lost are told by the log, not here.
"""

import datetime as dt
from collections.abc import Collection, Mapping

import numpy as np

from portsim.fitting.likelihood import Evidence
from portsim.fitting.weeks import SLOT_S, SLOTS, Clock, Pattern, Week, tidy

__all__ = ["exceptions", "moved_by"]

_USUAL = 5
"""Works that end on a usual day of that weekday; of fewer none may by chance."""
_LIVELY = 0.3
"""Share of the works of a usual day that a day must have to be one of work."""


def exceptions(
    evidence: Evidence, clock: Clock, week: Week, longest: float, lost: Collection[dt.date]
) -> Mapping[dt.date, Pattern]:
    """Dates that were not as their weekday is.

    A date on which the stage should have been open counts as shut if no work ended between the
    first opening and the last closing of the day (nor later, where it works round the clock) while
    a truck stood before it, though some five do on such weekdays. A date on which it should have
    been closed counts as one of work if a third of the works of a usual day ended on it.

    Args:
        evidence: visits of the stage.
        clock: the days of the log.
        week: its hours and servers.
        longest: seconds by which nearly every work in hand is finished.
        lost: dates whose records are lost.

    Returns:
        The hours of each such date; none where it was shut.
    """
    known = np.isfinite(evidence.end)
    queue, end = evidence.queue[known], np.sort(evidence.end[known])
    order = np.argsort(evidence.end[known])
    waiting = queue[order]
    if not len(end):
        return {}
    spread = np.full(len(clock.dates), np.nan)
    spans = {}
    for number, date in enumerate(clock.dates):
        pattern = week[int(clock.weekdays[number])]
        midnight = clock.second(number, 0)
        opens = clock.second(number, pattern[0].begin) if pattern else midnight
        closes = clock.second(number, pattern[-1].end) if pattern else midnight + SLOTS * SLOT_S
        yesterday = week[(int(clock.weekdays[number]) - 1) % 7]
        if not pattern or (yesterday and yesterday[-1].end == SLOTS and pattern[0].begin == 0):
            # What was begun the day before may still be finished.
            opens = opens + longest
        if opens >= closes or closes < end[0] or opens > end[-1]:
            continue
        spans[date] = number, opens, closes
        spread[number] = np.searchsorted(end, closes) - np.searchsorted(end, opens)
    usual = {
        day: float(np.median(spread[own]))
        for day in range(7)
        if (own := (clock.weekdays == day) & np.isfinite(spread)).any()
    }
    open_days = [usual[day] for day in usual if week[day]]
    busy = float(np.median(open_days)) if open_days else 0.0
    hours = max((pattern for pattern in week if pattern), key=week.count, default=())
    told: dict[dt.date, Pattern] = {}
    for date, (number, opens, closes) in spans.items():
        day = int(clock.weekdays[number])
        count = spread[number]
        if date in lost:
            continue
        if week[day] and count == 0 and usual[day] >= _USUAL:
            later = np.searchsorted(end, closes)
            if bool((waiting[later:] < opens + (closes - opens) / 2).any()):
                told[date] = ()
        elif not week[day] and count >= max(_USUAL, _LIVELY * busy):
            told[date] = hours
    return told


def moved_by(pattern: Pattern, seconds: int) -> Pattern:
    """The hours of a day so much later, whole slots; what reaches to midnight still does."""
    slots = round(seconds / SLOT_S)

    def at(edge: int) -> int:
        return edge if edge in (0, SLOTS) else min(max(edge + slots, 0), SLOTS)

    return tidy([span._replace(begin=at(span.begin), end=at(span.end)) for span in pattern])
