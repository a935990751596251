"""A draft: the visits of a replication's trucks, laid out once and shared by many plans.

What depends on trucks, routes, work times and token lists stands here; calendars, hours and
capacities do not enter, so that scenarios which differ in these only have one draft in common.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from portsim.arrays import Ints
from portsim.demand import Trucks
from portsim.plan.papers import Filed, Later, file_later, file_papers
from portsim.plan.reach import Reach
from portsim.plan.tokens import Lists
from portsim.plan.visits import Visits, lay_out
from portsim.scenario.identity import every_class, key
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import TruckClass

__all__ = ["NO_PART_OF_A_DRAFT", "Draft", "draft", "draft_key"]

NO_PART_OF_A_DRAFT: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "scenario": {
            **dict.fromkeys(("name", "label", "summary", "role", "replications", "seed"), True),
            **dict.fromkeys(("sides", "map", "observed", "study", "value_of_time"), True),
            **dict.fromkeys(("timezone", "position", "period", "calendars", "open_hours"), True),
            "completion": True,
            "slots": True,
            # Of each class its own are added, whether they stand in a set or with the class.
            "channels": True,
        },
        "stage": dict.fromkeys(
            (
                *("label", "activity", "fits", "hours", "at_close", "last_entry", "closures"),
                *("claims", "overtaking", "time_by_hour", "convoy"),
            ),
            True,
        ),
        "traffic": dict.fromkeys(("scale", "day_factor"), True),
        "class": {
            # What stands in the trucks themselves, drawn before.
            **dict.fromkeys(("direction", "arrivals", "scale", "load", "value", "price"), True),
            **dict.fromkeys(("residents", "label", "dimensions", "channels", "priority"), True),
            "preferred": {"priority": True},
            "route": {"__all__": {"papers_only": True}},
            "papers": {"__all__": {"label": True}},
        },
    }
)
"""Fields on which no visit depends, given the trucks, by where they stand. Priorities and hours
are for the plan. A field that is new to the language counts until it is named here."""


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
    papers: Filed | None = None
    """What is done for the trucks beside them,"""
    later: Later | None = None
    """and for trucks that come after the end, before it."""


def draft(
    scenario: Scenario,
    trucks: Trucks,
    later: Trucks | None = None,
    *,
    reach: Mapping[int, Reach] = MappingProxyType({}),
) -> Draft:
    """Lay out the visits of trucks.

    Args:
        scenario: stages and routes; any of those with the same `draft_key`.
        trucks: all that plans may be asked for: the base trucks as drawn, or fewer.
        later: likewise those that come after the end; None if nothing is done for them before.
        reach: of classes, by number, whose visits are laid out for several shares at once.
    """
    lists = Lists(list(scenario.resources))
    visits = lay_out(scenario, trucks, lists, reach)
    papers = file_papers(scenario, trucks, visits, lists)
    of_later = file_later(scenario, later, lists)
    return Draft(draft_key(scenario), trucks, visits, *lists.table(), papers, of_later)


def draft_key(scenario: Scenario) -> str:
    """What a draft depends on besides its trucks; scenarios alike in it may share one.

    Returns:
        A text that is equal for two scenarios only if the same trucks make the same visits in
        both: the same stages with the same work, tokens, patience and tolerance. Every field of
        the language counts but those of `NO_PART_OF_A_DRAFT`; of resources their names and, where
        a stage takes all of one, the whole of it.
    """
    whole = {
        name
        for stage in scenario.stages.values()
        for name, take in stage.takes.items()
        if not isinstance(take.count, int)
    }
    without = {
        **NO_PART_OF_A_DRAFT["scenario"],
        "stages": {"__all__": NO_PART_OF_A_DRAFT["stage"]},
        "traffic": {
            **NO_PART_OF_A_DRAFT["traffic"],
            **every_class(scenario, NO_PART_OF_A_DRAFT["class"]),
        },
        "resources": {name: True for name in scenario.resources if name not in whole},
    }
    more = [
        list(scenario.resources),
        # In the order of the file: it says which luck means which channel.
        [
            [name, list(scenario.channels_of(cls).items())]
            for name, cls in sorted(scenario.traffic.classes.items())
        ],
        # Ways and work of the record of a class, which stand in no truck.
        [
            [name, _recorded_way(scenario, cls)]
            for name, cls in sorted(scenario.traffic.classes.items())
        ],
    ]
    return key(scenario, without, more)


def _recorded_way(scenario: Scenario, cls: TruckClass) -> str:
    words = cls.arrivals.recorded
    record = None if words is None else scenario.origin.record(words)
    return "" if record is None else record.way
