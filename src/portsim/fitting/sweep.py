"""First come first served, given when works ended: the second at which each work began.

The i-th admission is at the latest of its queue second, the one before it, the end of a work that
frees a server, and an opening. Numbers only; no stamp is read and nothing is guessed here.
"""

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.measures.causes.compiling import compiled

__all__ = ["begun"]

_MOST = 512


def begun(queue: Reals, end: Reals, times: Reals, servers: Ints) -> Reals:
    """When each work began.

    Larson (1990), "The queue inference engine", uses the same order of events the other way round.

    Args:
        queue: float64[n], second of joining the queue, ascending.
        end: float64[n], second at which the work ended.
        times: float64[k], ascending; from each on there are so many servers.
        servers: int64[k].

    Returns:
        float64[n], seconds; not ascending only where `queue` is not. A start after its own end
        says that the servers were too few.
    """
    start, busy = np.empty(len(queue)), np.empty(_MOST)
    _sweep(queue, end, times, servers, start, busy)
    return start


@compiled
def _sweep(
    queue: Reals, end: Reals, times: Reals, servers: Ints, start: Reals, busy: Reals
) -> None:  # fmt: skip
    working, now, last, before = 0, 0, len(times) - 1, -1e18
    for truck in range(len(queue)):
        second = max(queue[truck], before)
        while True:
            while now < last and times[now + 1] <= second:
                now += 1
            number = 0
            while number < working:
                if busy[number] <= second:
                    working -= 1
                    busy[number] = busy[working]
                else:
                    number += 1
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
        if end[truck] > second and working < len(busy) - 1:
            busy[working] = end[truck]
            working += 1
