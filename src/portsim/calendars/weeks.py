"""The room of calendars, its ordinary week: what recurs from week to week, and how to say it.

Open time in seconds goes in, minutes of a week and hours in words come out; no names enter here.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from portsim.calendars.intervals import Intervals, clip, merge
from portsim.calendars.zones import local_seconds
from portsim.wording import say, weekdays

__all__ = ["WEEK_MIN", "recurring", "week_in_words"]

WEEK_MIN = 10_080
"""Minutes of a week, from Monday 00:00 on."""
_DAY_MIN = 1440
_MONDAY = 3  # 1970-01-01 was a Thursday


def recurring(
    intervals: Intervals, start: int, stop: int, place: ZoneInfo, share: float = 0.5
) -> NDArray[np.bool_]:
    """The minutes of the week that lie within the intervals in most weeks.

    In: intervals; the stretch [start, stop) that is looked at, epoch seconds; the zone whose clock
    tells the minute; `share` of the weeks that is exceeded. Out: bool[10080]; a minute that never
    comes, in less than a week, is in none.
    """
    if not len(intervals):
        return np.zeros(WEEK_MIN, dtype=bool)

    def minutes(epoch: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of the wall clock, from a Monday on."""
        shown = np.rint(local_seconds(epoch, place) / 60).astype(np.int64)
        return shown + _MONDAY * _DAY_MIN

    whole = minutes(np.array([[start, max(start, stop)]], np.int64))
    # An hour that the clock shows twice is one of the week.
    inside = clip(merge(minutes(np.clip(intervals, start, stop))), *whole[0].tolist())
    return np.asarray(_weekly(inside) > share * _weekly(whole))


def _weekly(minutes: Intervals) -> NDArray[np.int64]:
    """How often each minute of the week lies within intervals of minutes: int64[10080]."""
    weeks, minute = np.divmod(minutes, WEEK_MIN)
    steps = np.zeros(WEEK_MIN + 1, np.int64)
    np.add.at(steps, minute.ravel(), np.tile([1, -1], len(minutes)))
    return np.asarray(np.cumsum(steps[:-1]) + (weeks[:, 1] - weeks[:, 0]).sum())


def week_in_words(minutes: NDArray[np.bool_]) -> str:
    """Minutes of a week as hours: ``Mon-Fri 08:00-13:00, 14:00-20:00; Sat 09:00-12:00``.

    In: bool[10080]. Hours across midnight belong to the day on which they begin.
    """
    if minutes.all():
        return say("round the clock")
    spans: list[list[str]] = [[] for _ in range(7)]
    for begin, end in _runs(minutes):
        at = begin
        while at < end:
            # More than a day at a stretch is told day by day.
            midnight = (at // _DAY_MIN + 1) * _DAY_MIN
            until = end if end - at <= _DAY_MIN else midnight
            spans[at // _DAY_MIN % 7].append(f"{_clock(at)}-{_clock(until, closing=True)}")
            at = until
    texts = [say(", ").join(sorted(day)) for day in spans]
    parts = [
        f"{days} {hours}"
        for days, hours in ((_named(texts, text), text) for text in dict.fromkeys(texts))
        if hours
    ]
    return say("; ").join(parts) or say("never")


def _runs(minutes: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches in a row, those over the end of the week whole: begin in the week, end beyond."""
    shut = int(np.flatnonzero(~minutes)[0])
    turned = np.roll(minutes, -shut)
    edges = np.flatnonzero(np.diff(turned.astype(np.int8), prepend=0, append=0)) + shut
    runs = [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
    return sorted((a % WEEK_MIN, a % WEEK_MIN + b - a) for a, b in runs)


def _clock(minute: int, closing: bool = False) -> str:
    of_day = minute % _DAY_MIN
    hours, rest = divmod(_DAY_MIN if closing and of_day == 0 else of_day, 60)
    return f"{hours:02}:{rest:02}"


def _named(texts: Sequence[str], text: str) -> str:
    """The weekdays with these hours."""
    return weekdays(number for number, other in enumerate(texts) if other == text)
