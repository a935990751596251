"""Whether nothing in a scenario depends on the date or the clock.

Only the words of a scenario enter; nothing is run.
"""

import itertools
from collections.abc import Iterator

from portsim.scenario.calendar import Calendar
from portsim.scenario.model import Scenario

__all__ = ["follows_the_clock"]


def follows_the_clock(scenario: Scenario) -> dict[str, str]:
    """The first thing in a scenario that depends on the date or the clock; empty if nothing does.

    Stationary is what has trucks that come at one rate all the time, no calendar that ever closes,
    no roster and no refill. Breakdowns and unplanned closures come by chance at any time alike.

    Returns:
        Its ``kind`` (a key of the scenario), the ``name`` of class, resource or stage, and the
        ``calendar`` if it is one.
    """
    return next(itertools.chain(_in_the_traffic(scenario), _in_the_port(scenario)), {})


def _in_the_traffic(scenario: Scenario) -> Iterator[dict[str, str]]:
    if scenario.traffic.day_factor is not None:
        yield {"kind": "day_factor"}
    for name, cls in scenario.traffic.classes.items():
        arrivals = cls.arrivals
        if arrivals.rate is None:
            yield {"kind": "rule", "name": name}
        if arrivals.follow is not None:
            yield {"kind": "follow", "name": name, "calendar": str(arrivals.follow)}
        profiles = {kind: getattr(arrivals, kind) for kind in ("months", "weekdays", "hours")}
        for kind, factors in profiles.items():
            if len(set(factors)) > 1:
                yield {"kind": kind, "name": name}


def _in_the_port(scenario: Scenario) -> Iterator[dict[str, str]]:
    calendars = scenario.calendars
    for name, resource in scenario.resources.items():
        if resource.roster:
            yield {"kind": "roster", "name": name}
        if resource.refill is not None:
            yield {"kind": "refill", "name": name}
        if resource.calendar is not None and not _always(calendars[resource.calendar]):
            yield {"kind": "calendar", "name": name, "calendar": resource.calendar}
        within = resource.opens.within if resource.opens is not None else None
        if within is not None and not _always(calendars[within]):
            yield {"kind": "calendar", "name": name, "calendar": within}
    for name, stage in scenario.stages.items():
        for calendar in stage.hours:
            if not _always(calendars[calendar]):
                yield {"kind": "calendar", "name": name, "calendar": calendar}


def _always(calendar: Calendar) -> bool:
    """Whether a calendar never closes."""
    hours = calendar.model_dump(exclude={"label", "side", "timezone"})
    return hours == Calendar().model_dump(exclude={"label", "side", "timezone"})
