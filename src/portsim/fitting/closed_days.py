"""Dates on which a stage was closed though its weekday is open: holidays, as the log shows them.

Told from works that did not begin while trucks waited; the calendar of no state enters.
"""

import datetime as dt

import numpy as np

from portsim.fitting.likelihood import Evidence
from portsim.fitting.weeks import Clock

__all__ = ["closed_dates"]

_FEWEST = 8.0
"""Works on a usual day of the weekday; of fewer none may come by chance."""
_LATE = 0.05
"""Share of them that may end on it: work that was begun the day before."""
_WAITED, _STRAY = 0.3, 0.003
_MOSTLY = 0.6
_ALIKE = 3
"""Days of the weekday before one of them may be unlike the others."""


def closed_dates(evidence: Evidence, timezone: str) -> tuple[dt.date, ...]:
    """Local dates, between the first and the last work, without a work that was due.

    A date counts if works ended on nearly all other days of its weekday, hardly any on it, and
    trucks were there, three in ten of those served on a usual one: in the queue when it began, or
    joining it.

    Args:
        evidence: visits of a stage.
        timezone: IANA zone of its clock.
    """
    if not len(evidence.end):
        return ()
    first, last = float(evidence.queue.min()), float(np.nanmax(evidence.end))
    clock = Clock(timezone, first, last)
    n = len(clock.dates)
    ended, _ = clock.slots(evidence.start[np.isfinite(evidence.start)])
    if not evidence.has_starts:
        ended, _ = clock.slots(evidence.end)
    works = np.bincount(ended, minlength=n)
    since, _ = clock.slots(evidence.queue)
    until, _ = clock.slots(np.where(np.isfinite(evidence.end), evidence.end, evidence.queue))
    change = np.bincount(since, minlength=n + 1) - np.bincount(until + 1, minlength=n + 2)[: n + 1]
    there = np.cumsum(change)[:n]
    # A stray stamp weeks later does not make the log longer.
    passed = np.cumsum(works) / max(int(works.sum()), 1)
    seen = np.searchsorted(passed, [_STRAY, 1 - _STRAY])
    closed = []
    for day in range(int(seen[0]) + 1, int(seen[-1])):
        own = clock.weekdays == clock.weekdays[day]
        own[day] = False
        alike = works[own]
        alike = alike[alike > 0]
        if not len(alike) or works[day] > _LATE * np.median(alike):
            continue
        others = int((clock.weekdays[seen[0] : seen[-1] + 1] == clock.weekdays[day]).sum())
        usual = len(alike) >= max(_ALIKE, _MOSTLY * others)
        if usual and np.median(alike) >= _FEWEST and there[day] >= _WAITED * np.median(alike):
            closed.append(clock.dates[day])
    return tuple(closed)
