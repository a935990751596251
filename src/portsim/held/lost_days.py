"""Days whose records are lost: who may have come, and periods as a log without them shows them.

Which days are lost is said by the log; nothing of a scenario enters.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.calendars import local_seconds, to_utc, zone
from portsim.demand import uniforms
from portsim.held.seen import Seen
from portsim.held.spans import DAY_S

__all__ = ["trucks_of", "without"]

_EPOCH = dt.date(1970, 1, 1)
_WEEK, _DAYS = 7, 4


def trucks_of(
    arrival: Reals, lost: Collection[dt.date], timezone: str, luck: tuple[int, int]
) -> tuple[Ints, Reals]:
    """Trucks that stand for those of lost days: of each day those of one of the four nearest days
    of the same weekday, or of as many as there are; which of them, is luck.

    Without them a port would be emptier than it was when the records go on; with the same ones in
    every simulated period it would seem to be known how full the lost day was.

    Args:
        arrival: float64[n], UTC epoch seconds of the trucks of the log, NaN where not known.
        lost: local dates.
        timezone: IANA zone of the dates.
        luck: seed and number of the period.

    Returns:
        Which trucks come once more, int64[k], and when: float64[k], UTC epoch seconds. None for a
        day that has no other of its weekday.
    """
    place = zone(timezone)
    known = np.flatnonzero(~np.isnan(arrival))
    day = local_seconds(np.floor(arrival[known]).astype(np.int64), place) // DAY_S
    rows, seconds = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for date in sorted(lost):
        number = (date - _EPOCH).days
        alike = np.unique(day[(day - number) % _WEEK == 0])
        # A day on which nobody came has nobody who could come again.
        alike = alike[alike != number]
        if not len(alike):
            continue
        alike = alike[np.abs(alike - number).argsort(kind="stable")][:_DAYS]
        drawn = uniforms(*luck, "the gate log", f"lost {date}", 1)[0]
        again = int(alike[int(drawn * len(alike))])
        some = known[day == again]
        some = some[np.argsort(arrival[some], kind="stable")]
        begin, there = (
            to_utc(_EPOCH + dt.timedelta(days=each), 0, place, later=False)
            for each in (again, number)
        )
        rows.append(some)
        seconds.append(arrival[some] - begin + there)
    return np.concatenate(rows), np.concatenate(seconds)


def without(seen: Seen, spans: Reals) -> Seen:
    """A period without the trucks that came in some spans, float64[k, 2], UTC epoch seconds."""
    gone = np.zeros(len(seen.arrival), dtype=np.bool_)
    for begin, end in spans.tolist():
        gone |= (seen.arrival >= begin) & (seen.arrival < end)
    return _of(seen, ~gone) if gone.any() else seen


def _of(seen: Seen, trucks: NDArray[np.bool_]) -> Seen:
    number = np.cumsum(trucks) - 1
    rows = trucks[seen.truck]
    return replace(
        seen,
        **{name: getattr(seen, name)[trucks] for name in ("arrival", "cls", "out", "known")},
        **{name: getattr(seen, name)[rows] for name in ("stage", "queue", "start", "done", "lost")},
        truck=np.asarray(number[seen.truck[rows]], dtype=np.int64),
    )
