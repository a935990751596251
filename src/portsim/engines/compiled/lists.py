"""The compiled engine's notes: the lists that its loop writes beside the tables; made here only."""

from typing import NamedTuple

import numpy as np

from portsim.arrays import Ints
from portsim.engines.compiled.tables import Tables, tables_of
from portsim.engines.log import INSIDE, outcomes_before
from portsim.plan.contract import NEVER, Plan
from portsim.plan.standing import Standing, standing

__all__ = ["LAST", "OPENINGS", "STOPS", "Lists", "arguments_of"]

OPENINGS, STOPS = 3, 4
"""Where `Lists.size` keeps how many rows these tables of the log have."""

LAST = np.iinfo(np.int64).max
"""Larger than any key: what heaps hold beyond their size."""


class Lists(NamedTuple):
    """What the loop notes down besides the tables; n trucks, v visits, q lines, r resources.

    Trucks and visits with their papers behind them.
    """

    size: np.ndarray
    """uint64[6], lengths of the next three lists, of openings, of stops, and of who stands."""
    events: Ints
    """Heap of ends of work and ends of patience."""
    looked: np.ndarray
    """uint32[q], lines whose first truck may go in the coming dispatch."""
    movers: np.ndarray
    """uint32[n], trucks that go on to their next queue in this round, by number."""
    keys: Ints
    """int64[q], heap of the candidates' keys; as many times that as there are levels that rise."""
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
    stops: Ints
    """int64[k, 4], the table of the log."""
    since: Ints
    """int64[n], second since which the work of a truck has gone on, where works may be stopped;"""
    to_do: Ints
    """int64[n], work to be done since then;"""
    ends: Ints
    """int64[n], second at which it ends; NEVER of who is not at work or stands still."""
    idle: Ints
    """int64[r], servers in the hands of works that stand still."""
    leaving: Ints
    """int64[r or 0], servers whose shift has ended and that have a truck in hand; none where no
    shifts overlap."""
    ways: Ints
    """int64[w], the column of the log."""
    stand: np.ndarray
    """uint32[n], the trucks whose works stand still, in the order in which they go on."""


def arguments_of(plan: Plan, room: int = 0) -> tuple[Tables, Lists]:
    """What the loop is given for a plan, with room for so many openings.

    Raises:
        OverflowError: seconds, trucks and priorities do not fit into one 63-bit key together.
    """
    begins = standing(plan)
    tables = tables_of(plan, begins)
    return tables, _lists_of(tables, plan, begins, room)


def _lists_of(tables: Tables, plan: Plan, begins: Standing, room: int) -> Lists:
    """Lists with room for all that can happen to the tables of a plan, and what is known of the
    visits of the trucks inside at its beginning; `room` for so many openings.
    """
    trucks, visits, lines = len(tables.trucks), len(tables.visits), len(tables.lines)
    deadlines = visits if tables.moody else 0
    # Each server that breaks stops a work at most, which goes on once.
    breaks = len(tables.interrupted) + int(tables.stops["count"].clip(max=trucks).sum())
    stoppable = trucks if plan.stops is not None else 0
    lists = Lists(
        size=np.zeros(6, dtype=np.uint64),
        events=np.full(trucks + deadlines + breaks + 4, LAST, dtype=np.int64),
        looked=np.empty(lines + 1, dtype=np.uint32),
        movers=np.empty(trucks + 1, dtype=np.uint32),
        keys=np.full(lines * max(1, len(tables.rising)) + 4, LAST, dtype=np.int64),
        held=np.zeros(len(tables.resources), dtype=np.int64),
        queued=np.full(visits, NEVER, dtype=np.int64),
        admitted=np.full(visits, NEVER, dtype=np.int64),
        finished=np.full(visits, NEVER, dtype=np.int64),
        outcome=np.concatenate(
            [outcomes_before(plan), np.full(trucks - plan.trucks, INSIDE, dtype=np.int64)]
        ),
        left=np.full(trucks, NEVER, dtype=np.int64),
        openings=np.empty((room, 4), dtype=np.int64),
        stops=np.empty((2 * breaks, 4), dtype=np.int64),
        since=np.full(stoppable, NEVER, dtype=np.int64),
        to_do=np.zeros(stoppable, dtype=np.int64),
        ends=np.full(stoppable, NEVER, dtype=np.int64),
        idle=np.zeros(len(tables.resources), dtype=np.int64),
        leaving=_leaving(plan),
        ways=np.full(len(tables.choices), NEVER, dtype=np.int64),
        stand=np.empty(stoppable, dtype=np.uint32),
    )
    if plan.beginning is not None:
        for name in ("queued", "admitted", "finished"):
            getattr(lists, name)[begins.visits] = getattr(plan.beginning, name)
        if plan.beginning.papers is not None:
            columns = (lists.queued, lists.admitted, lists.finished)
            for column, known in zip(columns, plan.beginning.papers.T, strict=True):
                column[len(column) - len(known) :] = known
    return lists


def _leaving(plan: Plan) -> Ints:
    if plan.leaving is None:
        return np.zeros(0, dtype=np.int64)
    known = None if plan.beginning is None else plan.beginning.leaving
    return np.zeros(len(plan.resource_kind), dtype=np.int64) if known is None else known.copy()
