"""Who is served by which servers at the beginning, where others may do in place of those named.

A state need not say it. Then it is assumed as a truck would have found it: the named ones as long
as there are any, then the others in their order. No hours are looked at.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from portsim.scenario.inside import TrucksInside
from portsim.scenario.model import Scenario

__all__ = ["first_free", "served", "taken"]


def served(scenario: Scenario, inside: TrucksInside) -> TrucksInside:
    """The trucks inside, all at work with the servers that they have.

    Args:
        scenario: its stages and resources are known.
        inside: of some it may be told who does in place of others (`by`).
    """
    stages = scenario.stages
    if not any(stages[name].instead_of for name in inside.stages):
        return inside
    by, used = list(inside.by), Counter[str]()
    at_work = np.flatnonzero(inside.working)
    told = [row for row in at_work.tolist() if by[row] or not stages[inside.stages[row]].instead_of]
    rest = sorted(set(at_work.tolist()) - set(told), key=lambda row: (inside.since[row], row))
    for row in told:
        used += taken(scenario, inside.stages[row], by[row])
    for row in rest:
        by[row] = first_free(scenario, inside.stages[row], used) or ""
        used += taken(scenario, inside.stages[row], by[row])
    return replace(inside, by=tuple(by))


def first_free(scenario: Scenario, stage: str, used: Mapping[str, int]) -> str | None:
    """The first servers, of those that do for a truck at a stage, of which enough are not in use.

    Returns:
        What does in place of those named, empty for these themselves; None if all are in use.
    """
    words = scenario.stages[stage]
    for by in ("", *words.instead):
        takes = taken(scenario, stage, by)
        if all(used[name] + n <= scenario.resources[name].largest for name, n in takes.items()):
            return by
    return None


def taken(scenario: Scenario, stage: str, by: str = "") -> Counter[str]:
    """Servers that the work of one truck takes at a stage, where `by` does in place of another."""
    words = scenario.stages[stage]
    instead = {name: first for first, some in words.instead_of.items() for name in some}
    takes: Counter[str] = Counter()
    for name, take in words.takes.items():
        resource = by if by and instead[by] == name else name
        if isinstance(take.count, int):
            takes[resource] += take.count
        elif resource in scenario.resources:
            takes[resource] += scenario.resources[resource].largest
    return takes
