"""Offered loads: what the trucks of one drawn replication ask of each resource, nothing run."""

from dataclasses import dataclass

import numpy as np

from portsim.demand import draw
from portsim.measures import offered_loads
from portsim.plan import build
from portsim.scenario.model import Scenario

__all__ = ["Load", "loads"]


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of a resource against what it has."""

    resource: str
    kind: str
    largest: int
    staffed_h: float
    """Server-hours on duty a day, or tokens set a day for a budget; NaN for a store."""
    asked_h: float
    """Server-hours asked for a day, or tokens."""
    load: float
    worst: float
    """Load of the worst four weeks."""


def loads(scenario: Scenario) -> list[Load]:
    """Offered loads of a scenario, from the trucks of its first replication."""
    trucks = draw(scenario, scenario.seed, 1).at(scenario)
    found = offered_loads(build(scenario, trucks))
    return [
        Load(name, resource.kind, resource.largest, *(float(x) for x in found[number]))
        if resource.kind != "store"
        else Load(name, resource.kind, resource.largest, np.nan, np.nan, np.nan, np.nan)
        for number, (name, resource) in enumerate(scenario.resources.items())
    ]
