"""One stage, first come first served: each truck takes the server that can begin with it first.

No events and no clock: every server has the second from which it is free and its own open spans,
and the trucks are gone through in the order in which they came.
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from known_ports.hours import Spans, merged

Reals = NDArray[np.float64]
NEVER = float("inf")


def sweep(queue: Reals, work: Reals, servers: Sequence[Spans], pause: bool) -> tuple[Reals, Reals]:
    """When each truck is begun with and when its work ends.

    Args:
        queue: float64[n], seconds at which the trucks join the queue, in any order. Who comes first
            goes first; of two in one second the one of the smaller number.
        work: float64[n], seconds of work.
        servers: the open spans of each server. Nobody begins outside of them.
        pause: work rests while the stage is closed, that is while none of its servers is there.
            Without it what has begun is finished, however late.

    Returns:
        Starts and ends, float64[n] each; infinite where the spans end before.
    """
    count = len(servers)
    opens = [[span[0] for span in spans] for spans in servers]
    closes = [[span[1] for span in spans] for spans in servers]
    at = [0] * count
    free = [-NEVER] * count
    clock = _Resting(merged(span for spans in servers for span in spans)) if pause else None
    start, end = np.full(len(queue), NEVER), np.full(len(queue), NEVER)
    for truck in np.lexsort((np.arange(len(queue)), queue)).tolist():
        came = float(queue[truck])
        if came == NEVER:
            break
        best, who = NEVER, -1
        for k in range(count):
            ready = max(came, free[k])
            # No later truck can be ready sooner, so closed spans stay behind.
            while at[k] < len(closes[k]) and closes[k][at[k]] <= ready:
                at[k] += 1
            if at[k] == len(closes[k]):
                continue
            ready = max(ready, opens[k][at[k]])
            if ready < best:
                best, who = ready, k
        if who < 0:
            continue
        start[truck] = best
        seconds = float(work[truck])
        end[truck] = free[who] = best + seconds if clock is None else clock.after(best, seconds)
    return start, end


class _Resting:
    """Work that goes on in open spans only."""

    def __init__(self, spans: Spans) -> None:
        self._opens = [span[0] for span in spans]
        lengths = np.array([closes - opens for opens, closes in spans])
        self._passed = np.concatenate([[0.0], np.cumsum(lengths)])

    def after(self, start: float, seconds: float) -> float:
        """When so many seconds have been worked since a second within a span."""
        span = bisect_right(self._opens, start) - 1
        done = self._passed[span] + start - self._opens[span] + seconds
        last = int(np.searchsorted(self._passed, done, side="left")) - 1
        if last >= len(self._opens):
            return NEVER
        return float(self._opens[max(last, 0)] + done - self._passed[max(last, 0)])
