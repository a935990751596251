"""What a forecast comes to in facts: closing, the last one out, what is about to go wrong.

Numbers and instants only; the words are those of the results room.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Reals
from portsim.forecasting.counts import QUARTER_S
from portsim.forecasting.futures import Seen
from portsim.forecasting.tables import instants, quantiles

__all__ = ["facts_of"]

_BAND = (0.1, 0.5, 0.9)
_GROWS, _GROWS_BY = 3.0, 0.2
"""A queue grows that is so many trucks and such a part longer than now."""
_BROKEN = 0.5


def facts_of(seen: Seen, closing: float) -> dict[str, Any]:
    """What one policy comes to, made of JSON types only.

    Args:
        seen: its futures.
        closing: UTC epoch second at which the port closes, NaN if it does not in the period.
    """
    m = len(seen.names)
    outs = np.array([future.out[:m] for future in seen.outs]).reshape(len(seen.outs), m)
    now = seen.table[0, :2, 0, 0].tolist() if len(seen.table) else [0, 0]
    return {
        "inside_now": int(now[1]),
        "waiting_now": int(now[0]),
        "closing": _at_closing(seen, closing, outs),
        "last_out": _last_out(seen, outs),
        "trouble": _trouble(seen, outs),
    }


def _band(values: NDArray[Any]) -> list[int]:
    """A count in 80 % of the futures, and its median."""
    return [int(value) for value in quantiles(np.asarray(values), _BAND)]


def _at_closing(seen: Seen, closing: float, outs: Reals) -> dict[str, Any]:
    if not np.isfinite(closing):
        return {}
    run = seen.timetable.run
    column = min(int((closing - run.start) // QUARTER_S), seen.table.shape[-1] - 1)
    waiting, inside = seen.table[:, 0, 0, column], seen.table[:, 1, 0, column]
    return {
        "at": instants(np.array([closing]), seen.scenario.timezone)[0],
        "waiting": _band(waiting),
        "inside": _band(inside),
        "of_now_inside": _band((~(outs < closing)).sum(axis=1)) if outs.shape[1] else [0, 0, 0],
    }


def _last_out(seen: Seen, outs: Reals) -> dict[str, Any]:
    """When the last of those inside is out; bands of what lies in the period."""
    if not outs.shape[1]:
        return {}
    timezone = seen.scenario.timezone
    last = np.sort(np.where(np.isnan(outs), np.inf, outs).max(axis=1))
    at = [last[min(round(level * (len(last) - 1)), len(last) - 1)] for level in _BAND]
    return {
        "band": instants(np.where(np.isfinite(at), at, np.nan), timezone),
        "share": round(float(np.isfinite(last).mean()), 6),
    }


def _trouble(seen: Seen, outs: Reals) -> dict[str, Any]:
    """What is about to go wrong: promises that break first, then the queue that grows most."""
    context, run, timezone = seen.timetable.context, seen.timetable.run, seen.scenario.timezone
    m = len(seen.names)
    due = seen.outs[0].arrival[:m] + context.limit
    told = np.flatnonzero(due < run.stop)
    late = np.where(np.isnan(outs), np.inf, outs)[:, told] > due[told]
    if len(told) and late.sum(axis=1).mean() >= _BROKEN:
        likely = np.flatnonzero(late.mean(axis=0) >= _BROKEN)
        first = likely if len(likely) else np.arange(len(told))
        moment = max(int(due[told][first].min()), run.start)
        return {
            "kind": "promise",
            "trucks": _band(late.sum(axis=1)),
            "already": int((due[told] <= run.start).sum()),
            "at": instants(np.array([moment]), timezone)[0],
        }
    middle = quantiles(seen.table[:, 0, 1:], (0.5,))[0]
    growth = middle.max(axis=1) - middle[:, 0]
    if len(growth):
        worst = int(np.argmax(growth))
        peak = int(np.argmax(middle[worst]))
        if growth[worst] >= max(_GROWS, _GROWS_BY * middle[worst, 0]):
            return {
                "kind": "queue",
                "stage": list(seen.scenario.stages)[worst],
                "now": int(middle[worst, 0]),
                "peak": _band(seen.table[:, 0, 1 + worst, peak]),
                "at": instants(np.array([run.start + QUARTER_S * peak]), timezone)[0],
            }
    return {}
