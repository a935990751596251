"""The compiled engine: the rules of `portsim.engines.simpy` once more, for speed alone.

For every plan its log equals that of the SimPy engine, integer by integer; a property test holds
them together. `tables` prepares, `loop` runs. Numba compiles the loop when it is first called, and
keeps the outcome on disk for the next time.
"""

import numpy as np

from portsim.engines.compiled.lists import OPENINGS, STOPS, Lists, arguments_of
from portsim.engines.compiled.loop import simulate
from portsim.engines.log import Log
from portsim.plan.contract import Plan

__all__ = ["run"]

_ROOM = 4096
"""Openings for which there is room at first."""


def run(plan: Plan) -> Log:
    """Run a plan in compiled code.

    Args:
        plan: the whole contract of an engine.

    Returns:
        The log of [0, plan.end), determined by the plan alone.

    Raises:
        OverflowError: the plan has more seconds, trucks and priorities than 63 bits can number.
    """
    lists = _simulated(plan, 0 if plan.openings is None else _ROOM)
    columns, visits = (lists.queued, lists.admitted, lists.finished), plan.visits
    queued, admitted, finished = (column[:visits] for column in columns)
    return Log(
        queued=queued,
        admitted=admitted,
        finished=finished,
        outcome=lists.outcome[: plan.trucks],
        left=lists.left[: plan.trucks],
        openings=lists.openings[: lists.size[OPENINGS]],
        stops=lists.stops[: lists.size[STOPS]],
        ways=lists.ways,
        papers=np.column_stack([column[visits:] for column in columns]),
    )


def _simulated(plan: Plan, room: int) -> Lists:
    """The lists of a run; where there was no room for all openings, of a second one with room."""
    tables, lists = arguments_of(plan, room)
    looked_at = plan.openings is not None or plan.convoys is not None
    simulate(tables, lists, True if looked_at else None)
    needed = int(lists.size[OPENINGS])
    return lists if needed <= room else _simulated(plan, needed)
