"""Offered loads: what the trucks of one drawn replication ask of each resource, nothing run."""

from dataclasses import dataclass

from portsim.demand import draw, draw_later
from portsim.measures import offered_loads
from portsim.plan import Site, draft, timetable
from portsim.scenario.model import Scenario

__all__ = ["Load", "loads"]


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of a resource against what it has."""

    resource: str
    kind: str
    largest: int
    """The most there are at once, or that are set at a time."""
    staffed_h: float
    """Server-hours on duty a day, or tokens set a day for a budget; NaN for a store."""
    available_h: float
    """Of these the ones in which a stage that takes them is open."""
    asked_h: float
    """Server-hours asked for a day, or tokens."""
    load: float
    """Asked for over available."""
    worst: float
    """Load of the worst four weeks."""


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
        Load(name, resource.kind, largest[number], *(float(x) for x in offered[number]))
        for number, (name, resource) in enumerate(scenario.resources.items())
    ]
