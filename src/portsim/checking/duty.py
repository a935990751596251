"""Doubts about rosters: people on duty where nothing is open, and open doors with nobody behind.

Both can be meant, so nothing here is a fault. What recurs in most weeks counts, not a single day.
"""

from collections.abc import Collection, Iterator

import numpy as np

from portsim.calendars import Intervals, clip, subtract, union
from portsim.checking.findings import Findings
from portsim.checking.hours import Hours, needs
from portsim.scenario.model import Scenario
from portsim.scenario.resources import Resource

__all__ = ["check_duty"]

_SHORT_S, _EARLY_S, _LATE_S = 1800, 3600, 7200
"""A stretch of this length is nothing; nor is one so long before an opening, or after a closing."""
_MOST_NAMES = 3


def check_duty(findings: Findings, scenario: Scenario, hours: Hours) -> None:
    """Staff on duty while every stage that takes them is shut; stages open with nobody there."""
    visited = scenario.traffic.visited
    for name, resource in scenario.resources.items():
        if (resource.calendar is not None or resource.roster) and not resource.places:
            takers = [s for s in scenario.stages if s in visited and _takes(scenario, s, name)]
            _check_idle(findings, scenario, hours, name, takers)
    for name in scenario.stages:
        if name in visited:
            _check_nobody(findings, scenario, hours, name)


def _takes(scenario: Scenario, stage: str, resource: str) -> bool:
    return resource in scenario.stages[stage].takes


def _check_idle(
    findings: Findings, scenario: Scenario, hours: Hours, name: str, takers: Collection[str]
) -> None:
    """Note those who are on duty while all that they are taken for is shut."""
    stages = [scenario.stages[stage] for stage in takers]
    # Who goes along to a later stage works there, too.
    if not stages or any(stage.takes[name].until != "end" for stage in stages):
        return
    there = hours.there(name, 1)
    open_ = np.zeros((0, 2), dtype=np.int64)
    for stage in takers:
        works = hours.works(stage)
        if works is None:
            return
        open_ = union(open_, works)
    if there is None:
        return
    finish = any(stage.at_close == "finish" for stage in stages)
    rows = [row for row in subtract(there, open_).tolist() if _matters(row, open_, finish)]
    usual = hours.usual(np.array(rows, dtype=np.int64).reshape(-1, 2))
    if not usual:
        return
    resource = scenario.resources[name]
    shut = _named(takers)
    breaks = any(row[1] in open_[:, 0] and row[0] in open_[:, 1] for row in rows)
    hint = (
        f"if they take their break in turns, give {shut} hours without a break: the roster alone "
        "then says who is there"
        if breaks and resource.roster
        else f"they are paid and do nothing; open {shut} too, or let {name} follow its hours"
    )
    findings.warn(
        ("resources", name, "roster" if resource.roster else "calendar"),
        "idle-staff",
        f"staff on duty while {'some stage' if len(takers) > 1 else 'the stage'} that takes them "
        "is open",
        hint,
        f"{name} on duty {usual} while {shut} {'are' if len(takers) > 1 else 'is'} shut",
    )


def _matters(row: list[int], open_: Intervals, finish: bool) -> bool:
    """Whether a stretch with staff and no stage is more than coming early or finishing work."""
    length = row[1] - row[0]
    reopens = row[1] in open_[:, 0]
    if length < _SHORT_S:
        return False
    if reopens and row[0] not in open_[:, 1]:
        return length > _EARLY_S
    return reopens or not finish or length > _LATE_S


def _check_nobody(findings: Findings, scenario: Scenario, hours: Hours, name: str) -> None:
    """Note a stage that is open, or goes on working, while nobody whom it takes is there."""
    stage = scenario.stages[name]
    works, admits = hours.works(name), hours.admits(name)
    if not stage.hours or works is None or admits is None or stage.attended:
        return
    pauses = stage.at_close == "pause"
    inside = clip(works, hours.start, hours.stop)
    always = len(inside) == 1 and inside[0].tolist() == [hours.start, hours.stop]
    for resource, missing in _missing(scenario, hours, name, inside if pauses else admits):
        if always and not pauses:
            # Round the clock says only that the people alone decide.
            continue
        long = _SHORT_S if pauses else _LATE_S + 1
        usual = hours.usual(missing[missing[:, 1] - missing[:, 0] >= long])
        if not usual:
            continue
        calendars = _calendars(scenario.resources[resource])
        if pauses:
            both = ", ".join(dict.fromkeys((*stage.hours, *calendars)))
            findings.warn(
                ("stages", name, "at_close"),
                "unattended",
                "work that goes on only while somebody is there, or a word that it need not",
                f"write attended: true below {name}: its work then waits for {resource} as well"
                + (f"; or hours: [{both}]" if len(calendars) == 1 else ""),
                f"`pause`, and the work goes on {usual} without {resource}",
            )
        else:
            findings.warn(
                ("stages", name, "hours"),
                "nobody-there",
                f"a stage that is open while {resource} is staffed",
                f"nobody is admitted then; take it out of the hours, or give {resource} a shift",
                f"{name} open {usual} with too few of {resource} on duty",
            )


def _missing(
    scenario: Scenario, hours: Hours, name: str, open_: Intervals
) -> Iterator[tuple[str, Intervals]]:
    """The staff that a stage takes, each with the open time in which too few are on duty."""
    for resource, count in needs(scenario.stages[name], scenario):
        if not _calendars(scenario.resources[resource]):
            continue
        there = hours.there(resource, count)
        if there is not None:
            yield resource, subtract(open_, there)


def _calendars(resource: Resource) -> tuple[str, ...]:
    if resource.calendar is not None:
        return (resource.calendar,)
    return tuple(dict.fromkeys(shift.calendar for shift in resource.roster))


def _named(stages: Collection[str]) -> str:
    names = list(stages)
    shown = names if len(names) <= _MOST_NAMES else [*names[: _MOST_NAMES - 1], "…"]
    return ", ".join(shown)
