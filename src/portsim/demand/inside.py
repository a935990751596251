"""The trucks inside when a period begins: those that are told, and those that are mere counts.

Whom a count means, and since when each waits, is worked out from how fast such trucks come; no luck
is drawn for it. What becomes of the trucks may not enter.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.calendars import to_utc, total, zone
from portsim.demand.arrivals import expected
from portsim.demand.opened import calendar_intervals
from portsim.scenario.inside import TrucksInside
from portsim.scenario.model import Scenario

__all__ = ["Standing", "beginning_of", "standing", "trucks_inside"]

_WEEK_S = 604_800
_SLOW_S = 60
"""Seconds between two trucks of which none is known to come."""


@dataclass(frozen=True, eq=False, slots=True)
class Standing:
    """How the first m trucks of a replication stand when the period begins, in their order."""

    begins: int
    """UTC epoch second of the beginning."""
    names: tuple[str, ...]
    stages: tuple[str, ...]
    working: NDArray[np.bool_]
    since: Ints
    """int64[m], UTC epoch seconds."""
    remaining: Reals
    """float64[m], seconds; NaN where it is drawn."""
    holds: tuple[Mapping[str, int] | None, ...]
    own: NDArray[np.bool_]
    """bool[m], they have luck of their own, not that of a drawn truck."""
    passes: Ints
    """int64[m], the how-manieth time they are at their stage, from 1."""
    by: tuple[str, ...]
    """Servers that do in place of those named, empty where none do."""

    def __len__(self) -> int:
        return len(self.since)


def beginning_of(scenario: Scenario) -> int:
    """UTC epoch second at which the period begins."""
    minute = scenario.period.begins
    at = minute.hour * 3600 + minute.minute * 60
    return to_utc(minute.date(), at, zone(scenario.timezone), later=False)


def trucks_inside(scenario: Scenario) -> TrucksInside | None:
    """All trucks inside when the period of a scenario begins; None if it says nothing of them."""
    words = scenario.inside
    if words is None:
        return None
    told = scenario.origin.inside
    parts = [] if told is None else [told]
    for stage, count in words.counts.items():
        parts.append(_counted(scenario, stage, count))
    return _together(parts)


def standing(scenario: Scenario, inside: TrucksInside, order: Ints) -> Standing:
    """How the trucks inside stand, in the order int64[m] of their numbers."""
    return Standing(
        begins=beginning_of(scenario),
        names=tuple(inside.names[row] for row in order.tolist()),
        stages=tuple(inside.stages[row] for row in order.tolist()),
        working=inside.working[order],
        since=inside.since[order],
        remaining=inside.remaining[order],
        holds=tuple(inside.holds[row] for row in order.tolist()),
        own=inside.drawn[order] < 0,
        passes=inside.passes[order],
        by=tuple(inside.by[row] for row in order.tolist()),
    )


def _counted(scenario: Scenario, stage: str, count: int | Mapping[str, int]) -> TrucksInside:
    """Trucks that wait at a stage, one by one as fast as such trucks come."""
    begins = beginning_of(scenario)
    paces = {
        name: _pace(scenario, name, begins)
        for name, cls in sorted(scenario.traffic.classes.items())
        if any(stage in (step.stage, *step.others) for step in cls.route)
    }
    by_class = _shared_out(count, paces) if isinstance(count, int) else dict(count)
    number = sum(by_class.values())
    pace = sum(paces[name] for name in by_class if by_class[name])
    gap = 1.0 / pace if pace > 0.0 else _SLOW_S
    # Classes are mixed evenly: the k-th of n trucks of one stands at (k + 1/2) / n of the queue.
    places = sorted(((k + 0.5) / n, name) for name, n in sorted(by_class.items()) for k in range(n))
    back = np.ceil(gap * (np.arange(number, 0, -1) - 0.5)).astype(np.int64)
    since = begins - np.maximum(back, 1)
    none = np.full(number, np.nan)
    return TrucksInside(
        names=("",) * number,
        classes=tuple(name for _, name in places),
        stages=(stage,) * number,
        working=np.zeros(number, dtype=bool),
        since=since,
        arrived=since.copy(),
        tonnes=none,
        remaining=none.copy(),
        drawn=np.full(number, -1, dtype=np.int64),
        holds=(None,) * number,
        assumed=np.ones(number, dtype=bool),
        passes=np.ones(number, dtype=np.int64),
        by=("",) * number,
    )


def _shared_out(count: int, paces: Mapping[str, float]) -> dict[str, int]:
    """A count of trucks by class, in the ratio of their paces, by largest remainders."""
    whole = sum(paces.values())
    weights = {name: pace / whole if whole else 1.0 / len(paces) for name, pace in paces.items()}
    shares = {name: count * weight for name, weight in weights.items()}
    by_class = {name: int(share) for name, share in shares.items()}
    rest = sorted(shares, key=lambda name: (by_class[name] - shares[name], name))
    for name in rest[: count - sum(by_class.values())]:
        by_class[name] += 1
    return by_class


def _pace(scenario: Scenario, name: str, begins: int) -> float:
    """Trucks of a class that come in a second, on average over the week before."""
    cls, since = scenario.traffic.classes[name], begins - _WEEK_S
    arrivals, scale = cls.arrivals, cls.scale * scenario.traffic.scale
    if arrivals.recorded is not None:
        record = scenario.origin.record(arrivals.recorded)
        seconds = np.zeros(0) if record is None else record.arrival
        came = float(((seconds >= since) & (seconds < begins)).sum())
    elif arrivals.booked is not None:
        open_ = calendar_intervals(scenario, arrivals.booked.calendar, since, begins)
        came = arrivals.booked.per_hour * total(open_) / 3600.0 * (1.0 - arrivals.booked.no_show)
    else:
        came = expected(arrivals, scenario.timezone, since, begins)
    return scale * came / _WEEK_S


def _together(parts: list[TrucksInside]) -> TrucksInside:
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    flags = np.zeros(0, dtype=bool)

    def column(name: str, empty: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.concatenate([empty, *(getattr(part, name) for part in parts)])

    return TrucksInside(
        names=tuple(name for part in parts for name in part.names),
        classes=tuple(name for part in parts for name in part.classes),
        stages=tuple(name for part in parts for name in part.stages),
        working=column("working", flags).astype(bool),
        since=column("since", none).astype(np.int64),
        arrived=column("arrived", none).astype(np.int64),
        tonnes=column("tonnes", nothing).astype(np.float64),
        remaining=column("remaining", nothing).astype(np.float64),
        drawn=column("drawn", none).astype(np.int64),
        holds=tuple(held for part in parts for held in part.holds),
        assumed=column("assumed", flags).astype(bool),
        passes=column("passes", none).astype(np.int64),
        by=tuple(name for part in parts for name in part.by),
    )
