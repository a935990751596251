"""The compiled engine's notes: the lists that its loop writes beside the tables; made here only."""

from typing import NamedTuple

import numpy as np

from portsim.arrays import Ints
from portsim.engines.compiled.tables import Tables
from portsim.engines.log import INSIDE
from portsim.plan.contract import NEVER, Beginning

__all__ = ["LAST", "Lists", "lists_of"]

LAST = np.iinfo(np.int64).max
"""Larger than any key: what heaps hold beyond their size."""


class Lists(NamedTuple):
    """What the loop notes down besides the tables; n trucks, v visits, q lines, r resources.

    Trucks and visits with their papers behind them.
    """

    size: np.ndarray
    """uint64[4], lengths of the next three lists, and of the last one."""
    events: Ints
    """Heap of ends of work and ends of patience."""
    looked: np.ndarray
    """uint32[q], lines whose first truck may go in the coming dispatch."""
    movers: np.ndarray
    """uint32[n], trucks that go on to their next queue in this round, by number."""
    keys: Ints
    """int64[q], heap of the candidates' keys."""
    held: Ints
    """int64[r], servers of a truck that leaves from a queue."""
    queued: Ints
    """int64[v], as in the log."""
    admitted: Ints
    """int64[v], as in the log."""
    finished: Ints
    """int64[v], as in the log."""
    outcome: Ints
    """int64[n], as in the log."""
    left: Ints
    """int64[n], as in the log."""
    openings: Ints
    """int64[m, 4], room for the table of the log: what has no room is counted only."""


def lists_of(tables: Tables, beginning: Beginning | None = None, room: int = 0) -> Lists:
    """Lists with room for all that can happen to the tables, and what is known of the visits of
    the trucks inside at the beginning; `room` for so many openings.
    """
    trucks, visits, lines = len(tables.trucks), len(tables.visits), len(tables.lines)
    deadlines = visits if tables.moody else 0
    lists = Lists(
        size=np.zeros(4, dtype=np.uint64),
        events=np.full(trucks + deadlines + 4, LAST, dtype=np.int64),
        looked=np.empty(lines + 1, dtype=np.uint32),
        movers=np.empty(trucks + 1, dtype=np.uint32),
        keys=np.full(lines + 4, LAST, dtype=np.int64),
        held=np.zeros(len(tables.resources), dtype=np.int64),
        queued=np.full(visits, NEVER, dtype=np.int64),
        admitted=np.full(visits, NEVER, dtype=np.int64),
        finished=np.full(visits, NEVER, dtype=np.int64),
        outcome=np.full(trucks, INSIDE, dtype=np.int64),
        left=np.full(trucks, NEVER, dtype=np.int64),
        openings=np.empty((room, 4), dtype=np.int64),
    )
    if beginning is not None:
        for name in ("queued", "admitted", "finished"):
            known = getattr(beginning, name)
            getattr(lists, name)[: len(known)] = known
        if beginning.papers is not None:
            columns = (lists.queued, lists.admitted, lists.finished)
            for column, known in zip(columns, beginning.papers.T, strict=True):
                column[len(column) - len(known) :] = known
    return lists
