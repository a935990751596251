"""Events of a run put in order of time, as far as they change what anybody lacks."""

import numpy as np

from portsim.arrays import Ints, own
from portsim.compiling import compiled
from portsim.engines.log import Log
from portsim.measures.causes.forms import (
    ADMITTED,
    CODES,
    FINISHED,
    GAVE_IN,
    LEFT_QUEUE,
    PASSED,
    QUEUED,
    READY,
)
from portsim.measures.order import argsort_ints
from portsim.measures.spans import Spans
from portsim.plan.contract import NEVER, Plan

__all__ = ["sorted_events"]


def sorted_events(
    plan: Plan,
    log: Log,
    spans: Spans,
    start: int,
    kind: np.ndarray,
    counts: np.ndarray,
    lacking: Ints,
) -> tuple[Ints, Ints]:
    """What happened to visits after `start`, in order of time.

    Args:
        plan, log, spans: the run.
        start: the second of the earliest that matters is above it.
        kind: int32[v], row of `counts`.
        counts: bool[k, 3], whether admissions and ends of work change anything, and whether more
            comes back at admissions than is taken, of some resource.
        lacking: int64[v], second until which papers were missing; none is looked at without any.

    Returns:
        int64[m], seconds; int64[m], visit and what happened to it. Within a second what gives
        something back comes last.
    """
    time, code = (np.empty(5 * len(kind) + len(lacking), dtype=np.int64) for _ in range(2))
    columns = map(own, (log.queued, log.admitted, log.finished, spans.until, lacking))
    length = _collect(*columns, int(plan.end), start, kind, counts, time, code)
    order = argsort_ints(time[:length])
    return time[order], code[order]


@compiled
def _collect(
    queued: Ints, admitted: Ints, finished: Ints, until: Ints, lacking: Ints, end: int, start: int,
    kind: np.ndarray, counts: np.ndarray, time: Ints, code: Ints,
) -> int:  # fmt: skip
    length = 0
    for visit in range(len(kind)):
        if queued[visit] == NEVER or until[visit] <= start:
            continue
        waited = until[visit] > queued[visit]
        if waited and queued[visit] > start:
            time[length], code[length] = queued[visit], (visit << CODES) | QUEUED
            length += 1
        if len(lacking) and max(queued[visit], start) < lacking[visit] < until[visit]:
            time[length], code[length] = lacking[visit], (visit << CODES) | READY
            length += 1
        if admitted[visit] == NEVER:
            # Papers may be handed in and taken back in one second.
            if waited and until[visit] < end:
                time[length], code[length] = until[visit], (visit << CODES) | LEFT_QUEUE
                length += 1
        elif waited or counts[kind[visit], 0]:
            happened = ADMITTED if waited else PASSED
            time[length], code[length] = admitted[visit], (visit << CODES) | happened
            length += 1
    for visit in range(len(kind)):
        if admitted[visit] > start and counts[kind[visit], 2]:
            time[length], code[length] = admitted[visit], (visit << CODES) | GAVE_IN
            length += 1
        if finished[visit] > start and counts[kind[visit], 1]:
            time[length], code[length] = finished[visit], (visit << CODES) | FINISHED
            length += 1
    return length
