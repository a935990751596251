"""Offered loads: what the trucks of one drawn replication ask of each resource, nothing run."""

import math
from dataclasses import dataclass

import numpy as np

from portsim.demand import (
    base_start,
    calendar_intervals,
    draw,
    draw_later,
    slot_times,
    window,
)
from portsim.measures import offered_loads
from portsim.plan import Site, draft, timetable
from portsim.scenario.model import Scenario

__all__ = ["Load", "SlotLoad", "loads", "slot_loads"]


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of a resource against what it has."""

    resource: str
    kind: str
    """That of the resource, or ``places`` of servers that are no people."""
    largest: int
    """The most there are at once, or that are set at a time."""
    staffed_h: float
    """Server-hours on duty a day, or tokens set a day for a budget; NaN for a store and for
    places."""
    available_h: float
    """Of these the ones in which a stage that takes them is open."""
    asked_h: float
    """Server-hours asked for a day, or tokens."""
    load: float
    """Asked for over available."""
    worst: float
    """Load of the worst four weeks."""


@dataclass(frozen=True, slots=True)
class SlotLoad:
    """What is asked of one kind of slots against what is given out."""

    slots: str
    given: float
    """Slots a day that are given out in the period."""
    wanted: float
    """Trucks a day that want one then."""
    as_wanted: float
    """Share of these with the slot that they wanted; NaN without any."""
    wait_h: float
    """Mean wait at home of those with a slot, in hours; NaN without any."""
    without: float
    """Trucks a day that found none."""


def slot_loads(scenario: Scenario) -> list[SlotLoad]:
    """How its slots meet the trucks of a scenario's first replication; none without slots."""
    if not scenario.slots:
        return []
    told, run = draw(scenario, scenario.seed, 1).bookings, window(scenario)
    names, days = sorted(scenario.traffic.classes), scenario.period.days
    offered = []
    for name, slots in scenario.slots.items():
        words = [scenario.traffic.classes[cls].arrivals.slots for cls in names]
        of = np.array([wish is not None and wish.of == name for wish in words])
        if told is None or not of.any():
            continue
        open_ = calendar_intervals(scenario, slots.calendar, base_start(scenario), run.stop)
        times = slot_times(slots, open_, scenario.timezone)
        inside = (told.wanted >= run.start) & (told.wanted < run.stop)
        mine = np.flatnonzero(of[told.cls] & inside)
        has = mine[told.slot[mine] >= 0]
        wait = np.where(told.got[has], 0, told.slot[has] - told.wanted[has]) / 3600.0
        offered.append(
            SlotLoad(
                slots=name,
                given=float(times.quota[times.begin >= run.start].sum()) / days,
                wanted=len(mine) / days,
                as_wanted=float(told.got[mine].mean()) if len(mine) else np.nan,
                wait_h=float(wait.mean()) if len(wait) else np.nan,
                without=(len(mine) - len(has)) / days,
            )
        )
    return offered


def loads(scenario: Scenario) -> list[Load]:
    """Offered loads of a scenario, from the trucks of its first replication."""
    trucks = draw(scenario, scenario.seed, 1).at(scenario)
    hours = timetable(scenario)
    later = draw_later(scenario, scenario.seed, 1)
    plan = Site(hours, draft(scenario, trucks, later and later.at(scenario))).all()
    # Shifts that never work together do not add up: the steps know who is there when.
    largest = [int(max(steps.initial, *steps.values, 0)) for steps in hours.steps]
    offered = offered_loads(plan)
    return [
        Load(
            name,
            "places" if resource.places else resource.kind,
            largest[number],
            math.nan if resource.places else staffed,
            *rest,
        )
        for number, (name, resource) in enumerate(scenario.resources.items())
        for staffed, *rest in [offered[number].tolist()]
    ]
