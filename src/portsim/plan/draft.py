"""A draft: the visits of a replication's trucks, laid out once and shared by many plans.

What depends on trucks, routes, work times and token lists stands here; calendars, hours and
capacities do not enter, so that scenarios which differ in these only have one draft in common.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from portsim.arrays import Ints
from portsim.demand import Trucks
from portsim.plan.tokens import Lists
from portsim.plan.visits import Visits, lay_out
from portsim.scenario.model import Scenario

__all__ = ["Draft", "draft", "draft_key"]


@dataclass(frozen=True, eq=False, slots=True)
class Draft:
    """The laid-out visits of the trucks of one replication; read-only, for any number of threads.

    Token lists are those of `portsim.plan.Plan`.
    """

    key: str
    """What the visits depend on besides the trucks: `draft_key` of the scenarios it is for."""
    trucks: Trucks
    visits: Visits
    list_start: Ints
    list_resource: Ints
    list_count: Ints


def draft(scenario: Scenario, trucks: Trucks) -> Draft:
    """Lay out the visits of trucks.

    Args:
        scenario: stages and routes; any of those with the same `draft_key`.
        trucks: all that plans may be asked for: the base trucks as drawn, or fewer.
    """
    lists = Lists(list(scenario.resources))
    visits = lay_out(scenario, trucks, lists)
    return Draft(draft_key(scenario), trucks, visits, *lists.table())


def draft_key(scenario: Scenario) -> str:
    """What a draft depends on besides its trucks; scenarios alike in it may share one.

    Returns:
        A text that is equal for two scenarios if the same trucks make the same visits in both:
        the same stages with the same work, tokens, patience and tolerance.
    """
    classes = scenario.traffic.classes
    # Priorities are for the plan, as are hours.
    matters: dict[str, Any] = dict.fromkeys(("pieces", "patience", "tolerance", "route"), True)
    matters["preferred"] = {"share", "skips"}
    parts = {
        "stages": [
            (name, stage.model_dump_json(include={"takes", "spends", "offers", "time", "share"}))
            for name, stage in scenario.stages.items()
        ],
        "classes": [
            (name, cls.model_dump_json(include=matters)) for name, cls in sorted(classes.items())
        ],
        # In the order of the file: it says which luck means which channel.
        "channels": [
            (name, list(scenario.channels_of(cls).items())) for name, cls in sorted(classes.items())
        ],
        "resources": list(scenario.resources),
        "largest": {
            what: scenario.resources[what].largest
            for stage in scenario.stages.values()
            for what, take in stage.takes.items()
            if take.count == "all"
        },
        "observed": [
            (*name, hashlib.sha256(values.tobytes()).hexdigest())
            for name, values in sorted(scenario.origin.observed.items())
        ],
    }
    return json.dumps(parts, sort_keys=True)
