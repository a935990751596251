"""What the page must know of calendars, stages and resources to lay them out anew.

Words become plain numbers here: local days since 1970, seconds after midnight, and the places at
which clocks change. What is drawn and who comes stand elsewhere.
"""

import datetime as dt
from typing import Any

import numpy as np

from portsim.calendars import (
    MARGIN_S,
    Intervals,
    holiday_dates,
    local_seconds,
    offsets,
    open_intervals,
    zone,
)
from portsim.checking.hours import needs
from portsim.demand import Window
from portsim.plan import Timetable
from portsim.scenario.calendar import Calendar, CalendarPeriod
from portsim.scenario.model import Scenario
from portsim.scenario.stages import Stage

__all__ = ["calendars_used", "clock_hours", "rules_of"]

_EPOCH, _DAY = dt.date(1970, 1, 1), dt.timedelta(days=1)
_DAY_S, _HOUR_S, _QUARTER_S = 86_400, 3600, 900
_AROUND_S = MARGIN_S + 4 * _DAY_S
_BEFORE_ALL, _AFTER_ALL = -1_000_000, 1_000_000
"""Local days since 1970 that stand for no limit."""
_KINDS = {"servers": 0, "budget": 1, "store": 2}


def rules_of(table: Timetable) -> dict[str, Any]:
    """Calendars, stages and resources of a scenario as JSON types."""
    scenario, run = table.scenario, table.run
    names = calendars_used(scenario)
    zones = {scenario.calendars[name].timezone or scenario.timezone for name in names}
    return {
        "run": {
            "origin": run.origin,
            "start": run.start - run.origin,
            "end": run.stop - run.origin,
            "margin": MARGIN_S,
        },
        "zones": {name: _zone(name, run) for name in sorted(zones | {scenario.timezone})},
        "portZone": scenario.timezone,
        "calendars": {name: _calendar(scenario, name, run) for name in names},
        "openHours": list(scenario.open_hours),
        "stages": [
            {
                "name": name,
                "hours": list(stage.hours),
                "entry": round(stage.last_entry),
                "pause": stage.at_close == "pause",
                "milli": [round(1000 * factor) for factor in stage.time_by_hour],
                "needs": _needs(scenario, stage),
                "instead": [
                    [list(scenario.resources).index(other), stage.takes[first].count]
                    for first, others in stage.instead_of.items()
                    for other in others
                ],
                "attended": [
                    [
                        list(scenario.resources).index(resource),
                        scenario.resources[resource].largest if take.count == "all" else take.count,
                    ]
                    for resource, take in (stage.takes.items() if stage.attended else ())
                ],
            }
            for name, stage in scenario.stages.items()
        ],
        "resources": [
            _resource(scenario, table, number) for number in range(len(scenario.resources))
        ],
        "openings": _openings(scenario),
        "clock": clock_hours(scenario, run),
    }


def _openings(scenario: Scenario) -> list[dict[str, Any]]:
    """The rules by which the queue opens servers."""
    stages = list(scenario.stages)
    return [
        {
            "resource": number,
            "after": round(words.after),
            "most": words.at_most,
            "until": words.until_waiting,
            "watch": [[stages.index(stage), n] for stage, n in words.when_waiting.items()],
            "within": words.within,
        }
        for number, resource in enumerate(scenario.resources.values())
        if (words := resource.opens) is not None
    ]


def _needs(scenario: Scenario, stage: Stage) -> list[list[int]]:
    """Number and count of the servers that one truck takes at a stage."""
    names = list(scenario.resources)
    return [[names.index(name), count] for name, count in needs(stage, scenario)]


def calendars_used(scenario: Scenario) -> list[str]:
    """Names of the calendars that stages, servers or the port's open hours mention."""
    used = {name for stage in scenario.stages.values() for name in stage.hours}
    for resource in scenario.resources.values():
        used |= {shift.calendar for shift in resource.roster}
        if resource.calendar is not None:
            used.add(resource.calendar)
        if resource.opens is not None and resource.opens.within is not None:
            used.add(resource.opens.within)
    used |= set(scenario.open_hours)
    return [name for name in scenario.calendars if name in used]


def clock_hours(scenario: Scenario, run: Window) -> list[list[int]]:
    """Plan seconds from which the port's clock shows another hour, and the hour, rising."""
    place = zone(scenario.timezone)
    first = -int(local_seconds(np.array([run.origin]), place)[0]) % _QUARTER_S
    seconds = np.unique(
        np.append(np.arange(first, run.stop - run.origin, _QUARTER_S, dtype=np.int64), 0)
    )
    hour = local_seconds(seconds + run.origin, place) % _DAY_S // _HOUR_S
    turns = np.append(True, np.diff(hour) != 0)
    return [[int(a), int(b)] for a, b in zip(seconds[turns], hour[turns], strict=True)]


def _zone(name: str, run: Window) -> list[list[int]]:
    """Epoch seconds from which on a clock is so many seconds ahead of UTC."""
    times, ahead = offsets(zone(name), run.origin - _AROUND_S, run.stop + _AROUND_S)
    return [[int(a), int(b)] for a, b in zip(times, ahead, strict=True)]


def _number(date: dt.date) -> int:
    return (date - _EPOCH).days


def _calendar(scenario: Scenario, name: str, run: Window) -> dict[str, Any]:
    words = scenario.calendars[name]
    first = _EPOCH + dt.timedelta(seconds=run.origin - _AROUND_S)
    last = _EPOCH + dt.timedelta(seconds=run.stop + _AROUND_S)
    off, stands_for = holiday_dates(words, range(first.year, last.year + 1))
    never_before = _BEFORE_ALL if words.valid_from is None else _number(words.valid_from)
    never_after = _AFTER_ALL if words.valid_to is None else _number(words.valid_to)
    # The last one that covers a date holds; the first covers all.
    rules = [_rule(words, _BEFORE_ALL, _AFTER_ALL)]
    for part in words.periods:
        begins = _BEFORE_ALL if part.valid_from is None else _number(part.valid_from)
        ends = _AFTER_ALL if part.valid_to is None else _number(part.valid_to)
        rules.append(_rule(part, begins, ends))
    return {
        "zone": words.timezone or scenario.timezone,
        "rules": rules,
        "valid": [never_before, never_after],
        "off": sorted(_number(date) for date in off if first <= date <= last),
        "standsFor": {
            str(_number(date)): weekday
            for date, weekday in stands_for.items()
            if first <= date <= last
        },
        "closed": [[_number(a), _number(b)] for a, b in words.closed],
        "light": None if words.daylight is None else _light(scenario, words, run).tolist(),
    }


def _rule(part: Calendar | CalendarPeriod, begins: int, ends: int) -> dict[str, Any]:
    return {
        "from": begins,
        "to": ends,
        "hours": [[list(span) for span in day] for day in part.hours],
        "lunch": [list(span) for span in part.lunch],
    }


def _light(scenario: Scenario, words: Calendar, run: Window) -> Intervals:
    """When it is light enough for a calendar, epoch seconds."""
    position = scenario.position
    assert position is not None
    return open_intervals(
        Calendar(daylight=words.daylight),
        port_zone=scenario.timezone,
        position=(position.latitude, position.longitude),
        start=run.origin - MARGIN_S,
        stop=run.stop + MARGIN_S,
    )


def _resource(scenario: Scenario, table: Timetable, number: int) -> dict[str, Any]:
    name = list(scenario.resources)[number]
    words, steps = scenario.resources[name], table.steps[number]
    shifts = [[shift.calendar, shift.count] for shift in words.roster]
    if not shifts and words.calendar is not None:
        shifts = [[words.calendar, words.capacity or 0]]
    told: dict[str, Any] = {"name": name, "kind": _KINDS[words.kind], "shifts": shifts}
    if words.kind != "servers":
        told["steps"] = [
            int(steps.initial),
            *([int(t), int(v)] for t, v in zip(steps.times, steps.values, strict=True)),
        ]
    elif not shifts:
        told["constant"] = words.capacity or 0
    told["roster"] = bool(words.roster)
    # What takes all of them takes so many: another number would make other visits.
    told["fixed"] = any(
        stage.takes[name].count == "all"
        for stage in scenario.stages.values()
        if name in stage.takes
    )
    told["breaks"] = [{"count": down.count, "work": down.work} for down in words.breakdowns]
    told["overlaps"] = words.handover == "overlap"
    told["places"] = words.places
    told["cost"] = words.cost_per_staffed_hour
    # Of each shift, a seventh of what one of it is paid a week.
    told["paid"] = [(shift.cost_per_week or 0.0) / 7 for shift in words.roster]
    told["overtime"] = words.cost_per_overtime_hour is not None
    return told
