"""The room of calendars, its clocks: IANA zones from the pinned tables; no opening hours here.

A zone is read from the ``tzdata`` package alone. A system's own tables may be older than the
change of Asia/Almaty on 2024-03-01, and two machines would then give two answers.
"""

import datetime as dt
import difflib
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

__all__ = ["UnknownZone", "local_seconds", "offsets", "to_utc", "zone", "zone_names"]

Ints = NDArray[np.int64]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SECOND = dt.timedelta(seconds=1)
_EPOCH_DAY = _EPOCH.toordinal()
_DAY_S = 86_400
_BLOCK_S = 512 * _DAY_S
"""Offsets that are kept are those of whole blocks of so many seconds since 1970,"""
_FAR_S = 250_000_000_000
"""in years that datetime knows."""


class UnknownZone(ValueError):  # noqa: N818 - reads as the fault it names
    """A name that the pinned tables do not know. Write one of the names it lists.

    Attributes:
        name: the name that was asked for.
        nearest: known names that look like it; may be empty.
    """

    def __init__(self, name: str, nearest: tuple[str, ...]) -> None:
        self.name = name
        self.nearest = nearest
        hint = f"; did you mean {', '.join(nearest)}?" if nearest else ""
        super().__init__(f"no time zone is called {name!r}{hint}")

    def __reduce__(self) -> tuple[type["UnknownZone"], tuple[str, tuple[str, ...]]]:
        return (UnknownZone, (self.name, self.nearest))


@cache
def zone_names() -> tuple[str, ...]:
    """Every name the pinned tables know, links such as ``UTC`` included, in their own order."""
    text = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return tuple(text.split())


@cache
def zone(name: str) -> ZoneInfo:
    """Read a zone from the pinned ``tzdata`` package.

    In: an IANA name such as ``Asia/Almaty``, upper and lower case as IANA writes it. Out: the same
    object for the same name. It cannot be pickled: hand names, not zones, to other processes.
    Raises UnknownZone.
    """
    if name not in zone_names():
        raise UnknownZone(name, _nearest(name))
    path = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with path.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def _nearest(name: str) -> tuple[str, ...]:
    wanted = name.strip().lower().replace(" ", "_")
    known = {full.lower(): full for full in zone_names()}
    cities: dict[str, str] = {}
    for low, full in known.items():
        cities.setdefault(low.rpartition("/")[2], full)
    near = [known[low] for low in difflib.get_close_matches(wanted, known)]
    city = wanted.rpartition("/")[2]
    near += [cities[low] for low in difflib.get_close_matches(city, cities, cutoff=0.75)]
    return tuple(dict.fromkeys(near))[:3]


def _offset_at(zone: ZoneInfo, epoch: int) -> int:
    shift = (_EPOCH + epoch * _SECOND).astimezone(zone).utcoffset()
    assert shift is not None
    return shift // _SECOND


def _change_between(zone: ZoneInfo, before: int, after: int) -> int:
    """First instant in (before, after] with the offset of `after`; one change lies there."""
    new = _offset_at(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_at(zone, middle) == new:
            after = middle
        else:
            before = middle
    return after


def to_utc(date: dt.date, seconds_after_midnight: int, zone: ZoneInfo, *, later: bool) -> int:
    """Turn a wall-clock time into an instant, epoch seconds UTC.

    In: a local date; seconds that the wall clock shows after its midnight, where 86,400 and more
    mean the next day's wall clock; `later` chooses the second of two instants that the clock shows
    twice (closings) instead of the first (openings). A time that the clock skips gives the first
    instant after the skip.
    """
    wall = dt.datetime.combine(date, dt.time(), zone) + seconds_after_midnight * _SECOND
    first, second = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    assert first is not None
    assert second is not None
    shown = (date.toordinal() - _EPOCH_DAY) * _DAY_S + seconds_after_midnight
    if second > first:
        return _change_between(zone, shown - second // _SECOND, shown - first // _SECOND)
    return shown - (second if later else first) // _SECOND


def offsets(zone: ZoneInfo, start: int, stop: int) -> tuple[Ints, Ints]:
    """The offset of a zone as a step function over [start, stop), epoch seconds UTC.

    Out: (times int64[k], offset_s int64[k]): from times[i] on, the local clock is offset_s[i]
    seconds ahead of UTC; times[0] == start, neighbours differ. Every change since 1970 is found to
    the second: no zone of the pinned tables changes twice within the day between two probes.
    Raises ValueError if stop <= start.
    """
    if stop <= start:
        msg = f"an empty stretch of time, [{start}, {stop})"
        raise ValueError(msg)
    times, values = [start], [_offset_at(zone, start)]
    before = start
    while before < stop - 1:
        after = min(before + _DAY_S, stop - 1)
        value = _offset_at(zone, after)
        if value != values[-1]:
            times.append(_change_between(zone, before, after))
            values.append(value)
        before = after
    return np.array(times, np.int64), np.array(values, np.int64)


# Each day is probed for a change, and the same years are asked for again and again.
_known_offsets = lru_cache(maxsize=64)(offsets)


def local_seconds(epoch: Ints, zone: ZoneInfo) -> Ints:
    """What the wall clock shows, as seconds since 1970-01-01 00:00 on that same clock.

    In: epoch seconds UTC, int64[n], in any order. Out: int64[n], epoch plus the offset then;
    ``% 86_400`` is the time of day, ``// 86_400`` the day number (1970-01-01, a Thursday, is 0).
    """
    if epoch.size == 0:
        return epoch.astype(np.int64)
    first, last = int(epoch.min()), int(epoch.max()) + 1
    times, values = _known_offsets(
        zone,
        max(first // _BLOCK_S * _BLOCK_S, min(first, 0)),
        min(-(-last // _BLOCK_S) * _BLOCK_S, max(last, _FAR_S)),
    )
    return epoch + values[np.searchsorted(times, epoch, side="right") - 1]
