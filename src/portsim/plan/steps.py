"""Steps: how the capacity or level of a resource changes in plan seconds.

Only counts and seconds enter; where they come from is said by calendars and luck elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints
from portsim.plan.contract import SERVERS

__all__ = ["Steps", "changes"]


@dataclass(frozen=True, eq=False, slots=True)
class Steps:
    """A resource over the run: what it has at second 0 and each change in (0, end)."""

    initial: int
    times: Ints
    values: Ints


def changes(steps: Sequence[Steps], kinds: Ints) -> tuple[Ints, Ints, Ints]:
    """All changes in the order in which a second takes them: steps before refills, by resource.

    Args:
        steps: one for each resource.
        kinds: int64[r], SERVERS, BUDGET or STORE.

    Returns:
        times, resources and new values, int64[c] each.
    """
    none = np.zeros(0, dtype=np.int64)
    times = np.concatenate([none, *(step.times for step in steps)])
    values = np.concatenate([none, *(step.values for step in steps)])
    resources = np.repeat(np.arange(len(steps)), [len(step.times) for step in steps])
    order = np.lexsort((resources, kinds[resources] != SERVERS, times))
    return times[order], resources[order], values[order]
