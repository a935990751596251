"""First come first served, given when works ended: the second at which each work began.

The i-th admission is at the latest of its queue second, the one before it, the end of a work that
frees a server, and an opening. Numbers only; no stamp is read and nothing is guessed here.
"""

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.compiling import compiled

__all__ = ["ALL_CHANGE", "COUNTED", "EVENLY", "STAYERS", "begun", "doubted", "overtaken"]

COUNTED, STAYERS, ALL_CHANGE, EVENLY = 0, 1, 2, 3
"""What becomes of works in hand where the number of servers changes while the stage stays open: all
count among those who are there then; those of servers who leave are finished aside, and are the
last to end; another crew takes over, and all are finished aside; those of servers who leave are
finished aside, and are as far as those of the ones who stay."""

_MOST = 512


def begun(queue: Reals, end: Reals, times: Reals, servers: Ints, handing: int = COUNTED,
          usual: Reals | None = None) -> Reals:  # fmt: skip
    """When each work began.

    Larson (1990), "The queue inference engine", uses the same order of events the other way round.

    Args:
        queue: float64[n], second of joining the queue, ascending.
        end: float64[n], second at which the work ended; NaN where nobody stamped it.
        times: float64[k], ascending; from each on there are so many servers.
        servers: int64[k].
        handing: `COUNTED`, `STAYERS`, `ALL_CHANGE` or `EVENLY`.
        usual: float64[n], seconds for which a server is busy where the end is not stamped; 0 for
            all, if it is not given.

    Returns:
        float64[n], seconds; not ascending only where `queue` is not. A start after its own end
        says that the servers were too few.
    """
    start, busy = np.empty(len(queue)), np.empty(_MOST)
    if usual is None:
        usual = np.zeros(len(queue))
    _sweep(queue, end, usual, times, servers, handing, start, busy)
    return start


def doubted(queue: Reals, end: Reals, start: Reals, times: Reals, servers: Ints,
            longest: float) -> NDArray[np.bool_]:  # fmt: skip
    """Which works may have begun at another second, as nobody knows when a server was free.

    Whoever has no end may still be at work until as many others are as there are servers, or until
    so long has passed. Meanwhile a start is sure only if there was a server for it in either case.

    Args:
        queue: float64[n], as for `begun`.
        end: float64[n], NaN where nobody stamped it.
        start: float64[n], what `begun` told.
        times: float64[k], ascending; from each on there are so many servers.
        servers: int64[k].
        longest: seconds that works hardly ever take.

    Returns:
        bool[n], False for those without an end.
    """
    doubt = np.zeros(len(queue), dtype=np.bool_)
    if np.isnan(end).any():
        _doubt(queue, end, start, times, servers, longest, doubt, np.empty(_MOST))
    return doubt


def overtaken(went: Reals, others: int) -> Reals:
    """When so many who joined the queue later had gone before each visit.

    Where first come is first served, a work is at least as long as from then to its end.

    Args:
        went: float64[n], when each went, in the order of their queue seconds; NaN where not known.
        others: how many, a few.

    Returns:
        float64[n], infinite where never so many did.
    """
    when = np.empty(len(went))
    _overtake(went, np.full(others, np.inf), when)
    return when


@compiled
def _overtake(went: Reals, first: Reals, when: Reals) -> None:
    for truck in range(len(went) - 1, -1, -1):
        when[truck] = first[-1]
        place = len(first) - 1
        if not went[truck] < first[place]:
            continue
        while place > 0 and first[place - 1] > went[truck]:
            first[place] = first[place - 1]
            place -= 1
        first[place] = went[truck]


@compiled
def _doubt(
    queue: Reals, end: Reals, start: Reals, times: Reals, servers: Ints, longest: float,
    doubt: NDArray[np.bool_], busy: Reals
) -> None:  # fmt: skip
    working, unknown, since, now = 0, 0, -1e18, 0
    for truck in range(len(queue)):
        second = start[truck]
        while now < len(times) - 1 and times[now + 1] <= second:
            now += 1
        working = _left(busy, working, second)
        if since + longest <= second:
            unknown = 0
        if np.isnan(end[truck]):
            unknown, since = unknown + 1, second
            continue
        waited = second > queue[truck] and second > times[now]
        doubt[truck] = unknown > 0 and (waited or working + unknown >= servers[now])
        if end[truck] <= second:
            # A server was free before the one that was waited for.
            unknown = max(unknown - 1, 0)
        elif working < len(busy) - 1:
            busy[working] = end[truck]
            working += 1
        if working >= servers[now]:
            unknown = 0


@compiled
def _left(busy: Reals, working: int, now: float) -> int:
    """How many works are still in hand; they stand first then."""
    number = 0
    while number < working:
        if busy[number] <= now:
            working -= 1
            busy[number] = busy[working]
        else:
            number += 1
    return working


@compiled
def _staying(busy: Reals, working: int, change: float, servers: int, handing: int) -> int:
    """How many works in hand at a change count on; where some leave the first to end of them, or
    some of them at even distances."""
    working = _left(busy, working, change)
    staying = 0 if handing == ALL_CHANGE else min(working, servers)
    for place in range(working if handing == EVENLY else staying):
        for other in range(place + 1, working):
            if busy[other] < busy[place]:
                busy[place], busy[other] = busy[other], busy[place]
    if handing == EVENLY:
        for place in range(staying):
            busy[place] = busy[(2 * place + 1) * working // (2 * staying)]
    return staying


@compiled
def _sweep(
    queue: Reals, end: Reals, usual: Reals, times: Reals, servers: Ints, handing: int, start: Reals,
    busy: Reals
) -> None:  # fmt: skip
    working, now, last, before = 0, 0, len(times) - 1, -1e18
    for truck in range(len(queue)):
        second = max(queue[truck], before)
        while True:
            while now < last and times[now + 1] <= second:
                now += 1
                if handing and servers[now] > 0 and servers[now - 1] > 0:
                    working = _staying(busy, working, times[now], servers[now], handing)
            working = _left(busy, working, second)
            if working < servers[now]:
                break
            following = 1e18
            if servers[now] > 0:
                for number in range(working):
                    following = min(following, busy[number])
            if now < last:
                following = min(following, times[now + 1])
            if following >= 1e17:
                break
            second = following
        start[truck] = before = second
        until = second + usual[truck] if np.isnan(end[truck]) else end[truck]
        if until > second and working < len(busy) - 1:
            busy[working] = until
            working += 1
