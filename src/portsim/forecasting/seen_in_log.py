"""Visits as a log shows them, put in order; and who was inside, by which forecasts are scored.

Where the trucks of one minute stand is read elsewhere, from the log as it stood then.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.forecasting.counts import QUARTER_S
from portsim.gatelog import GateLog
from portsim.held.names import Partners, partners
from portsim.scenario.model import Scenario

__all__ = [
    "Present",
    "Visits",
    "classes_of",
    "gone_unseen",
    "most_at_work",
    "present",
    "visits_of",
]

_STAMPS = ["queue", "start", "end"]
_OVERTAKING = 12
"""So many trucks no longer pass one by chance, for each that can be at work."""
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
    visits, left = visits_of(log, names), log.lasts
    cls = np.unique(classes_of(log, names, scenario), return_inverse=True)[1]
    spans, told = [(log.firsts, left)], []
    for named, stage in names.stages.items():
        rows = np.flatnonzero(visits.named == named)
        if "end" in log.stamped[named]:
            whose = cls[visits.truck[rows]]
            most = most_at_work(scenario, stage)
            gone = gone_unseen(visits.joined[rows], visits.done[rows], whose, most)
            left[visits.truck[rows[~gone & np.isinf(visits.done[rows])]]] = np.inf
            rows = rows[~gone]
        spans.append((visits.joined[rows], visits.done[rows]))
        told.append(stage)
    tables = [_counted(came, left, begin, steps) for came, left in spans]
    came, left = (np.stack([table[number] for table in tables]) for number in (0, 1))
    inside = np.cumsum(came - left, axis=1)
    around = np.cumsum(np.pad(left, ((0, 0), (_AN_HOUR, 0))), axis=1)
    hourly = (around[:, _AN_HOUR:] - around[:, :-_AN_HOUR]) / _AN_HOUR
    return Present(begin, ("", *told), inside, came, hourly)


@dataclass(frozen=True, eq=False, slots=True)
class Visits:
    """The v visits of a log at known stages, by truck in the order of their stamps."""

    truck: Ints
    """int64[v], row of the log's trucks."""
    named: NDArray[np.object_]
    """Stage of each, as the log calls it."""
    stamps: Reals
    """float64[v, 3]: queue, start, end."""
    joined: Reals
    """float64[v], when each joined the queue: as stamped, or when the stage before was done."""
    done: Reals
    """float64[v], when it was done: as stamped, or before the next; infinite if nobody knows."""


def visits_of(log: GateLog, names: Partners) -> Visits:
    """Order the visits of a log: it has its stages in the order in which most trucks pass them."""
    visits = log.visits[log.visits["stage"].isin(list(names.stages))]
    latest, earliest = visits[_STAMPS].max(axis=1), visits[_STAMPS].min(axis=1)
    visits = visits[latest.notna()].assign(latest=latest, earliest=earliest)
    visits = visits.sort_values(["truck", "latest", "earliest"], kind="stable")
    stamps = visits[_STAMPS].to_numpy(np.float64)
    truck = visits["truck"].to_numpy(np.int64)
    begins = np.append(True, truck[1:] != truck[:-1])[: len(truck)]
    ends = np.append(begins[1:], True)[: len(truck)]
    before = np.append(np.nan, np.fmax.reduce(stamps, axis=1)[:-1])[: len(truck)]
    first = log.firsts[truck]
    before[begins] = first[begins]
    # The arrival is the queue of the first stage of the log, whichever the truck's own is.
    untold = np.isnan(stamps[:, 0]) | (~begins & (stamps[:, 0] == first))
    joined = np.where(untold, before, stamps[:, 0])
    later = np.append(joined[1:], np.inf)[: len(truck)]
    later[ends] = np.inf
    done = np.where(np.isnan(stamps[:, 2]), later, stamps[:, 2])
    return Visits(truck, visits["stage"].to_numpy(object), stamps, joined, done)


def classes_of(log: GateLog, names: Partners, scenario: Scenario) -> list[str]:
    """Class of each truck of a log in the scenario; of one that it does not know the usual one."""
    ways = log.trucks["direction"].astype(object)
    ways = ways.where(log.trucks["direction"].notna(), "").astype(str)
    kinds = zip(log.trucks["truck_class"].astype(str), ways, strict=True)
    classes = [names.classes.get(kind, "") for kind in kinds]
    known = pd.Series([name for name in classes if name], dtype=object)
    usual = str(known.mode().iloc[0]) if len(known) else next(iter(scenario.traffic.classes))
    return [name or usual for name in classes]


def most_at_work(scenario: Scenario, stage: str) -> float:
    """How many trucks can ever be at work at a stage; infinite if any number."""
    most = np.inf
    words = scenario.stages[stage]
    for name, take in words.takes.items():
        room = 0
        for each in (name, *words.instead_of.get(name, ())):
            largest = scenario.resources[each].largest
            room += largest // max(largest if take.count == "all" else take.count, 1)
        most = min(most, room)
    return most


def gone_unseen(joined: Reals, done: Reals, cls: Ints, most: float) -> NDArray[np.bool_]:
    """Which visits of a stage lack their end though they are over: so many went after them.

    Args:
        joined: float64[n], when each joined the queue.
        done: float64[n], when it was done; infinite where nobody stamped it.
        cls: int64[n], class: who has priority passes many of others.
        most: how many can be at work; while one work goes on, the others do many.

    Returns:
        bool[n]: without an end, and of those of its class who joined later more are done than can
        have passed one that is still there: twelve for each that can be at work.
    """
    gone = np.zeros(len(joined), dtype=bool)
    for number in np.unique(cls).tolist():
        own = np.flatnonzero(cls == number)
        over = np.sort(joined[own][np.isfinite(done[own])])
        after = len(over) - np.searchsorted(over, joined[own], side="right")
        gone[own] = np.isinf(done[own]) & (after >= _OVERTAKING * most)
    return gone


def _counted(came: Reals, left: Reals, begin: int, steps: int) -> tuple[Reals, Reals]:
    """How many came and left in the quarter before each step; those of before the first there."""
    counts = []
    for seconds in (came, left):
        known = seconds[np.isfinite(seconds)]
        step = np.clip((known - begin) // QUARTER_S + 1, 0, steps).astype(np.int64)
        counts.append(np.bincount(step, minlength=steps + 1)[:steps].astype(np.float64))
    return counts[0], counts[1]
