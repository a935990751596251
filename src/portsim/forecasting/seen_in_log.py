"""Who was inside, as a whole log shows it: what a forecast is scored by once it is the past.

Whatever was known at the minute of a forecast is read elsewhere, from the log as it stood then.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Reals
from portsim.forecasting.counts import QUARTER_S
from portsim.gatelog import GateLog
from portsim.held.names import partners
from portsim.scenario.model import Scenario

__all__ = ["Present", "gone_unseen", "present"]

_STAMPS = ["queue", "start", "end"]
_OVERTAKING = 12
"""Trucks that no longer overtake by chance, a faster server or a priority."""
_AN_HOUR = 3600 // QUARTER_S


@dataclass(frozen=True, eq=False, slots=True)
class Present:
    """A log by quarters of an hour: k rows, the whole port and its stages; t steps."""

    begin: int
    """UTC epoch second of the first step, a whole quarter."""
    stages: tuple[str, ...]
    """Names in the scenario; the first is empty and means the whole port."""
    inside: Reals
    """float64[k, t], before anything of the second of a step."""
    came: Reals
    """float64[k, t], in the quarter before a step."""
    left_an_hour: Reals
    """float64[k, t], a quarter's part of those who left in the hour around a step."""


def present(log: GateLog, scenario: Scenario) -> Present:
    """Count who was inside.

    Raises:
        InputError: log and scenario have no stage in common.
    """
    ways = log.trucks["direction"].astype(object).where(log.trucks["direction"].notna(), "")
    kinds = zip(log.trucks["truck_class"].astype(str), ways.astype(str), strict=True)
    names = partners(scenario, log.stages, kinds)
    begin = int(np.ceil(log.first / QUARTER_S)) * QUARTER_S
    steps = int((log.last - begin) // QUARTER_S) + 1
    visits = log.visits
    stamps = visits[_STAMPS].to_numpy(np.float64)
    truck = visits["truck"].to_numpy(np.int64)
    over = np.fmax.reduce(stamps, axis=1)
    firsts = log.firsts
    before = np.append(np.nan, over[:-1])
    before[np.flatnonzero(np.append(True, truck[1:] != truck[:-1]))] = np.nan
    # Where nobody stamps who joins a queue, it was joined when the stage before was done.
    joined = np.where(np.isnan(stamps[:, 0]), before, stamps[:, 0])
    joined = np.where(np.isnan(joined), firsts[truck], joined)
    final = np.append(truck[1:] != truck[:-1], True)
    later = np.append(joined[1:], np.inf)
    # A blank end lies before the next stage; of the last one nobody knows it.
    done = np.where(np.isnan(stamps[:, 2]), np.where(final, np.inf, later), over)
    spans, told = [(np.zeros(0), np.zeros(0))], []
    left = log.lasts
    for named, stage in names.stages.items():
        rows = np.flatnonzero(visits["stage"].eq(named).to_numpy())
        if "end" in log.stamped[named]:
            gone = gone_unseen(joined[rows], done[rows])
            rows, lacking = rows[~gone], rows[~gone & np.isinf(done[rows])]
            left[truck[lacking]] = np.inf
        spans.append((joined[rows], done[rows]))
        told.append(stage)
    spans[0] = firsts, left
    tables = [_counted(came, left, begin, steps) for came, left in spans]
    came, left = (np.stack([table[number] for table in tables]) for number in (0, 1))
    inside = np.cumsum(came - left, axis=1)
    around = np.cumsum(np.pad(left, ((0, 0), (_AN_HOUR, 0))), axis=1)
    hourly = (around[:, _AN_HOUR:] - around[:, :-_AN_HOUR]) / _AN_HOUR
    return Present(begin, ("", *told), inside, came, hourly)


def gone_unseen(joined: Reals, done: Reals) -> NDArray[np.bool_]:
    """Which visits of a stage lack their end though they are over: so many went after them.

    Args:
        joined: float64[n], when each joined the queue.
        done: float64[n], when it was done; infinite where nobody stamped it.

    Returns:
        bool[n]: without an end, and of those who joined later more are done than can have
        overtaken one that is still there.
    """
    over = np.sort(joined[np.isfinite(done)])
    after = len(over) - np.searchsorted(over, joined, side="right")
    return np.asarray(np.isinf(done) & (after >= _OVERTAKING))


def _counted(came: Reals, left: Reals, begin: int, steps: int) -> tuple[Reals, Reals]:
    """How many came and left in the quarter before each step; those of before the first there."""
    found = []
    for seconds in (came, left):
        known = seconds[np.isfinite(seconds)]
        step = np.clip((known - begin) // QUARTER_S + 1, 0, steps).astype(np.int64)
        found.append(np.bincount(step, minlength=steps + 1)[:steps].astype(np.float64))
    return found[0], found[1]
