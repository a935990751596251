"""What the work of a stage leaves behind in a log: its times, its servers, its first and last hour.

Measured of a log and of a simulated period alike; what follows from it is said elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.held.doors import STEP_S, Doors
from portsim.held.figures import present
from portsim.held.seen import Form, Seen
from portsim.held.spans import DAY_S, HOUR_S, WEEK_H, Window
from portsim.held.works import Works, counted, implied

__all__ = ["Trace", "traces_of"]

_ENDS, _USUAL = 0.1, 0.98
_VAIN_S = 600.0
"""Who waits for so long while nobody is begun with waits for an opening."""


@dataclass(frozen=True, eq=False, slots=True)
class Trace:
    """One stage in one period; NaN where the log cannot tell."""

    work: float
    """Mean seconds of work: from start to end; without starts, of the middle 80 % of the trucks
    that found a server free."""
    works: int
    """How many of them."""
    work_day: Reals
    """float64[days], mean seconds of the stamped or implied works day by day."""
    works_day: Reals
    """float64[days], how many."""
    busy_day: Reals
    """float64[days], server seconds of work while a truck waits."""
    waited_day: Reals
    """float64[days], seconds in which a truck waits."""
    busy: Reals
    """float64[168], server seconds of work while a truck waits, by hour of the week."""
    waited: Reals
    """float64[168], seconds in which a truck waits."""
    sized: Works
    """The works by which work times are held: the stamped ones, else those implied by the servers
    of the scenario; begun in calm."""
    others: Mapping[int, Works]
    """Where starts are not stamped, the same with a server fewer (−1) and one more (1)."""
    pace: float
    """Works ended an hour, in hours in which no server can have been idle."""
    pace_hours: int
    """How many such hours."""
    first: Reals
    """float64[days], first work of the day in seconds from the local midnight, below 0 or beyond
    86,400 where the stage's day is not that of the calendar; NaN without any."""
    last: Reals
    """float64[days], last work."""
    kept_before: NDArray[np.bool_]
    """bool[days], whether a truck waited in vain before the first work while the scenario works."""
    kept_after: NDArray[np.bool_]
    """bool[days], whether one did after the last."""
    shut_before: NDArray[np.bool_]
    """bool[days], whether the first work was begun while the scenario is closed."""
    shut_after: NDArray[np.bool_]
    """bool[days], whether the last was."""
    count: Ints
    """int64[days], works."""
    left_over: NDArray[np.bool_]
    """bool[days], whether a truck waits as the day ends."""
    at_start: int
    """Trucks there as the period begins."""
    wait: float
    """Mean seconds of waiting, without the longest 2 %; of the whole stay at the stage where starts
    are not known."""


def traces_of(seen: Seen, form: Form, window: Window, doors: Sequence[Doors]) -> list[Trace]:
    """The traces of every stage of a period."""
    return [_trace(seen, form, window, stage, door) for stage, door in enumerate(doors)]


def _trace(seen: Seen, form: Form, window: Window, stage: int, door: Doors) -> Trace:
    here = seen.stage == stage
    good = here & ~seen.lost & ~(np.isnan(seen.start) & ~np.isnan(seen.done) & form.starts(stage))
    queue, start, done = seen.queue[good], seen.start[good], seen.done[good]
    cls = seen.cls[seen.truck[good]]
    # Visits without a stamp took servers as others did.
    more = float(here.sum()) / max(float(good.sum()), 1.0)
    seeing = window.seeing()
    busy = waited = np.full(WEEK_H, np.nan)
    busy_day = waited_day = np.zeros(window.days)
    pace, pace_hours = np.nan, 0
    if form.works(stage):
        inside = (queue >= window.start) & _in_inner(start, window, door)
        inside &= ~np.isnan(done - start)
        work, at = (done - start)[inside], start[inside]
        # What is finished after hours is not cut by them.
        told = inside if door.pauses else (start >= window.start) & ~np.isnan(done - start)
        step = float(form.steps[(stage, "end")])
        sized, others = counted((done - start)[told], cls[told], step), {}
        daily = work, at
        servers, waiting = _at_work(queue, start, done, window)
        hourly = servers * more * seeing, waiting * seeing
        busy, waited = (_folded(each, window.hour_of_week, WEEK_H) for each in hourly)
        day = np.searchsorted(window.day_edges, window.hour_edges[:-1], side="right") - 1
        steady = door.steady_week[window.hour_of_week]
        busy_day, waited_day = (_folded(each * steady, day, window.days) for each in hourly)
    else:
        work, at = _middle(*_unhindered(queue, done, window, door))
        works = {more: _implied(seen, here, window, door, more) for more in (-1, 0, 1)}
        steps = float(form.steps[(stage, "end")])
        others = {more: counted(*each[:2], steps) for more, each in works.items()}
        sized, daily = others.pop(0), (works[0][0], works[0][2])
        number = np.diff(present(seen, form, window, here, stage)) / HOUR_S
        pace, pace_hours = _pace(queue, done, number, window, door)
        pace *= more
    stamp = start if form.starts(stage) else done
    first, last, count, midnight = _days(stamp, window, door.cut)
    typical = float(np.median(work)) if len(work) else float(np.nan_to_num(sized.mean))
    first_at, last_at = first + midnight - window.start, last + midnight - window.start
    # An end lies behind the start by as long as work takes, and hardly more than three times that.
    early = 0.0 if form.starts(stage) else typical
    vain = first_at - early - _VAIN_S, last_at + typical + _VAIN_S
    asked = (queue >= window.start) & (queue < window.stop - window.limit)
    until = start if form.starts(stage) else done
    waits = (np.where(np.isnan(until), window.stop, until) - queue)[asked]
    if len(waits):
        waits = waits[waits <= np.quantile(waits, _USUAL)]
    return Trace(
        work=float(work.mean()) if len(work) else np.nan,
        works=len(work),
        work_day=_daily(*daily, window)[0],
        works_day=_daily(*daily, window)[1],
        sized=sized,
        others=others,
        busy_day=busy_day,
        waited_day=waited_day,
        busy=busy,
        waited=waited,
        pace=pace,
        pace_hours=pace_hours,
        first=first,
        last=last,
        kept_before=_waiting(queue, stamp, vain[0] + window.start) & ~door.closed(vain[0]),
        kept_after=_waiting(queue, stamp, vain[1] + window.start) & ~door.closed(vain[1]),
        shut_before=door.closed(first_at) & door.closed(first_at - 3 * early),
        shut_after=door.closed(last_at - 3 * early),
        count=count,
        left_over=_waiting(queue, stamp, midnight + DAY_S),
        at_start=int(_rank(queue, done, np.array([window.start * 1.0]))[0]),
        wait=float(waits.mean()) if len(waits) else np.nan,
    )


def _implied(
    seen: Seen, here: NDArray[np.bool_], window: Window, door: Doors, more: int
) -> tuple[Reals, Ints, Reals]:
    """Works that so many servers more imply, of those begun in calm; their classes, and when they
    were begun."""
    # Who has passed without a stamp took a server; where those are who are inside is a guess.
    rows = here & ~np.isnan(seen.queue)
    rows &= ~np.isnan(seen.done) | (seen.lost & seen.known[seen.truck])
    there = np.where(door.there > 0, np.maximum(door.there + more, 1), 0)
    work, start = implied(seen.queue[rows], seen.done[rows], door.times, there, pauses=door.pauses)
    good = ~np.isnan(work) & (seen.queue[rows] >= door.times[0])
    # Who is the first of a day begins when somebody comes, be that later than the hours say.
    good &= _in(door.calm, start, window, STEP_S) & ~np.isin(start, door.opens)
    return work[good], seen.cls[seen.truck[rows]][good], start[good]


def _folded(hourly: Reals, place: Ints, count: int) -> Reals:
    return np.bincount(place, hourly, minlength=count).astype(np.float64)


def _daily(work: Reals, at: Reals, window: Window) -> tuple[Reals, Reals]:
    """Mean of each day and how many."""
    day = np.searchsorted(window.day_edges, at, side="right") - 1
    inside = (day >= 0) & (day < window.days)
    count = np.bincount(day[inside], minlength=window.days).astype(np.float64)
    total = np.bincount(day[inside], work[inside], minlength=window.days)
    return np.where(count > 0, total / np.maximum(count, 1.0), np.nan), count


def _middle(work: Reals, at: Reals) -> tuple[Reals, Reals]:
    """The middle of some works: stays hold all that may be stamped wrongly."""
    if not len(work):
        return work, at
    low, high = np.quantile(work, [_ENDS, 1.0 - _ENDS])
    rows = (work >= low) & (work <= high)
    return np.asarray(work[rows]), np.asarray(at[rows])


def _waiting(queue: Reals, stamp: Reals, at: Reals) -> NDArray[np.bool_]:
    """Whether anybody waits at some seconds; not at NaN."""
    return ~np.isnan(at) & (_rank(queue, stamp, np.nan_to_num(at)) > 0)


def _in_inner(seconds: Reals, window: Window, door: Doors) -> NDArray[np.bool_]:
    """Whether seconds lie in hours that are open all around, so that no closing cuts the work."""
    return _in(door.inner, seconds, window)


def _in(
    parts: NDArray[np.bool_], seconds: Reals, window: Window, length: int = HOUR_S
) -> NDArray[np.bool_]:
    """Whether seconds lie in some of the parts of the period, hours as a rule; not at NaN."""
    part = np.floor((np.nan_to_num(seconds, nan=-1.0) - window.start) / length).astype(np.int64)
    inside = (part >= 0) & (part < len(parts))
    return inside & parts[np.clip(part, 0, len(parts) - 1)]


def _at_work(queue: Reals, start: Reals, done: Reals, window: Window) -> tuple[Reals, Reals]:
    """Server seconds while trucks wait, and seconds in which they do, hour by hour."""
    begun, ended = ~np.isnan(start), ~np.isnan(done)
    edges = window.hour_edges
    times = np.concatenate([queue, start[begun], done[ended], edges])
    sizes = (len(queue), int(begun.sum()), int(ended.sum()), len(edges))
    waits = np.repeat([1, -1, 0, 0], sizes)
    works = np.repeat([0, 1, -1, 0], sizes)
    times = np.clip(times, window.start, window.stop)
    order = np.argsort(times, kind="stable")
    times, waiting, working = times[order], np.cumsum(waits[order]), np.cumsum(works[order])
    length = np.diff(times) * (waiting[:-1] > 0)
    hour = np.floor((times[:-1] - window.start) / HOUR_S).astype(np.int64)
    hours = len(window.hour_of_week)
    cell = np.clip(hour, 0, hours - 1)
    return _folded(length * working[:-1], cell, hours), _folded(length * 1.0, cell, hours)


def _rank(queue: Reals, done: Reals, at: Reals) -> Ints:
    """How many are there just before some seconds."""
    came = np.searchsorted(np.sort(queue), at, side="left")
    return np.asarray(came - np.searchsorted(np.sort(done[~np.isnan(done)]), at, side="right"))


def _unhindered(queue: Reals, done: Reals, window: Window, door: Doors) -> tuple[Reals, Reals]:
    """Stays of trucks that found so few there that even one server fewer would have been free, and
    when they came."""
    hour = np.floor((queue - window.start) / HOUR_S).astype(np.int64)
    most = door.most[np.clip(hour, 0, len(door.most) - 1)]
    free = _rank(queue, done, queue) <= np.maximum(most - 2, 0)
    rows = free & _in_inner(queue, window, door) & ~np.isnan(done)
    return np.asarray((done - queue)[rows]), np.asarray(queue[rows])


def _pace(
    queue: Reals, done: Reals, number: Reals, window: Window, door: Doors
) -> tuple[float, int]:
    """Works ended an hour where more trucks are there all the time than one server more could take.

    The number there is looked at as the hour begins, in its middle and as it ends, and on average.
    """
    edges = window.hour_edges
    middle = (edges[:-1] + edges[1:]) / 2
    at = [_rank(queue, done, each) for each in (edges[:-1], middle, edges[1:])]
    crowded = np.minimum(np.min(at, axis=0), number) > door.most + 1
    rows = crowded & door.inner & window.seeing()
    if not rows.any():
        return np.nan, 0
    ended = np.histogram(done[~np.isnan(done)], edges)[0] if len(edges) > 1 else np.zeros(0)
    return float(ended[rows].mean()), int(rows.sum())


def _days(stamp: Reals, window: Window, cut: int) -> tuple[Reals, Reals, Ints, Reals]:
    """First and last of each day of a stage, and how many; a day before its cut is the day before.

    Only days that lie whole in the period have any. Behind them the midnights in epoch seconds.
    """
    inside = stamp[(stamp >= window.start) & (stamp < window.stop)]
    local = window.local(inside)
    midnight = int(window.local(np.array([window.start * 1.0]))[0])
    # The pause before the morning belongs to the day that begins then, the one after it as well.
    shift = cut if cut <= DAY_S // 2 else cut - DAY_S
    day = (local - midnight - shift) // DAY_S
    second = local - midnight - day * DAY_S
    count = np.bincount(day[(day >= 0) & (day < window.days)], minlength=window.days)
    first, last = np.full(window.days, np.inf), np.full(window.days, -np.inf)
    rows = (day >= 0) & (day < window.days)
    np.minimum.at(first, day[rows], second[rows])
    np.maximum.at(last, day[rows], second[rows])
    none = (count == 0) | window.blind
    # The first or the last day of the period lacks the hours beyond it.
    if shift:
        none[-1 if shift > 0 else 0] = True
    at = window.day_edges[:-1].astype(np.float64)
    return np.where(none, np.nan, first), np.where(none, np.nan, last), count, at
