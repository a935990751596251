"""The log: who was where and when, the one thing an engine gives.

Nothing is counted here; every figure is worked out from the log by `portsim.measures`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from portsim.arrays import Ints
from portsim.plan.contract import Plan

__all__ = [
    "DIVERTED",
    "GAVE_UP",
    "INSIDE",
    "RELEASED",
    "STAYED_AWAY",
    "Log",
    "no_papers",
    "no_ways",
    "opening_rows",
    "outcomes_before",
    "stop_rows",
]

INSIDE, RELEASED, DIVERTED, GAVE_UP, STAYED_AWAY = 0, 1, 2, 3, 4
"""Outcomes of a truck: inside at the end, released, turned away, gave up waiting; and of one that
would have come again, and did not."""


def stop_rows(rows: Sequence[tuple[int, int, int, int]] = ()) -> Ints:
    """Rows of `Log.stops` as a table; without any, a table of none."""
    return np.array(rows, dtype=np.int64).reshape(-1, 4)


def opening_rows(rows: Sequence[tuple[int, int, int, int]] = ()) -> Ints:
    """Rows of `Log.openings` as a table; without any, a table of none."""
    return np.array(rows, dtype=np.int64).reshape(-1, 4)


def outcomes_before(plan: Plan) -> Ints:
    """Outcomes of the trucks of a plan before anything has happened: int64[n]."""
    outcome = np.full(plan.trucks, INSIDE, dtype=np.int64)
    if plan.again is not None:
        outcome[int(np.searchsorted(plan.arrival, plan.end)) :] = STAYED_AWAY
        if plan.beginning is not None and plan.beginning.again is not None:
            outcome[plan.beginning.again] = INSIDE
    return outcome


def no_papers() -> Ints:
    """The table `Log.papers` of a run without papers."""
    return np.zeros((0, 3), dtype=np.int64)


def no_ways() -> Ints:
    """The column `Log.ways` of a run without any choice."""
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class Log:
    """What happened, in plan seconds; whatever would happen at or after the end is NEVER (-1).

    A truck that turned away at a visit has `queued` NEVER there; one that gave up has `queued`
    but not `admitted`.
    """

    queued: Ints
    """int64[v]: second at which the truck joined the queue of the visit's stage."""
    admitted: Ints
    """int64[v]: second of its admission."""
    finished: Ints
    """int64[v]: second at which its work ended."""
    outcome: Ints
    """int64[n]: INSIDE, RELEASED, DIVERTED, GAVE_UP or STAYED_AWAY."""
    left: Ints
    """int64[n]: second at which the truck left the port, NEVER while inside or away."""
    openings: Ints = field(default_factory=opening_rows)
    """int64[k, 4], what became of servers opened by the queue, change by change: second, resource,
    how many extra ones are there from then on, and the second at which one more will be there that
    has been decided, or NEVER."""
    papers: Ints = field(default_factory=no_papers)
    """int64[w, 3], of each visit of papers the seconds of joining, of admission, and of the end of
    its work."""

    stops: Ints = field(default_factory=stop_rows)
    """int64[k, 4], works that breakdowns have stopped and that went on, change by change: second,
    visit, work to be done then, and 1 where it goes on, else 0."""
    ways: Ints = field(default_factory=no_ways)
    """int64[w], which way was chosen for each of the visits that have several, from 0; NEVER where
    none has been."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Log):
            return NotImplemented
        return all(
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in (
                "queued",
                "admitted",
                "finished",
                "outcome",
                "left",
                "openings",
                "papers",
                "stops",
                "ways",
            )
        )

    __hash__ = None  # type: ignore[assignment]
