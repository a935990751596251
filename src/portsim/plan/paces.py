"""Paces: how much longer or shorter work is by the hour in which it begins, as arrays of a plan.

The calendar of hours becomes seconds here; who is admitted when is not known yet.
"""

from collections.abc import Callable

import numpy as np

from portsim.arrays import Ints
from portsim.plan.contract import Paces
from portsim.scenario.model import Scenario

__all__ = ["paces"]

_DAY_S, _HOUR_S, _QUARTER_S = 86_400, 3600, 900


def paces(scenario: Scenario, local: Callable[[Ints], Ints], end: int) -> Paces | None:
    """The paces of a scenario's stages; None where all works are what they are at any hour.

    Args:
        scenario: its stages.
        local: gives the seconds that the port's clock shows at plan seconds, days counted through.
        end: the run is [0, end).
    """
    if all(set(stage.time_by_hour) == {1.0} for stage in scenario.stages.values()):
        return None
    # No clock of any zone turns within a quarter of an hour.
    first = -int(local(np.zeros(1, dtype=np.int64))[0]) % _QUARTER_S
    seconds = np.unique(np.append(np.arange(first, end, _QUARTER_S, dtype=np.int64), 0))
    hour = local(seconds) % _DAY_S // _HOUR_S
    since, milli = [], []
    for stage in scenario.stages.values():
        factors = np.rint(1000.0 * np.asarray(stage.time_by_hour)).astype(np.int64)[hour]
        turns = np.append(True, np.diff(factors) != 0)
        since.append(seconds[turns])
        milli.append(factors[turns])
    return Paces(
        start=np.cumsum([0, *map(len, since)]).astype(np.int64),
        since=np.concatenate(since),
        milli=np.concatenate(milli),
    )
