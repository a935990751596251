"""Whether nothing in a scenario depends on the date or the clock.

Only the words of a scenario enter; nothing is run.
"""

from collections.abc import Iterator

from portsim.scenario.calendar import Calendar
from portsim.scenario.model import Scenario

__all__ = ["why_not_stationary"]


def why_not_stationary(scenario: Scenario) -> str:
    """Why a scenario is not stationary, as the rest of a sentence; empty if it is.

    Stationary is what has trucks that come at one rate all the time, no calendar that ever closes,
    no roster and no refill. Breakdowns and unplanned closures come by chance at any time alike.
    """
    return next(_reasons(scenario), "")


def _reasons(scenario: Scenario) -> Iterator[str]:
    yield from _of_the_traffic(scenario)
    yield from _of_the_port(scenario)


def _of_the_traffic(scenario: Scenario) -> Iterator[str]:
    if scenario.traffic.day_factor is not None:
        yield "days differ in their traffic"
    for name, cls in scenario.traffic.classes.items():
        arrivals = cls.arrivals
        if arrivals.rate is None:
            yield f"the trucks of {name} come by other rules than a rate"
        if arrivals.follow is not None:
            yield f"the trucks of {name} follow the hours of {arrivals.follow}"
        profiles = {"month": arrivals.months, "weekday": arrivals.weekdays, "hour": arrivals.hours}
        for period, factors in profiles.items():
            if len(set(factors)) > 1:
                yield f"the rate of {name} changes with the {period}"


def _of_the_port(scenario: Scenario) -> Iterator[str]:
    calendars = scenario.calendars
    for name, resource in scenario.resources.items():
        if resource.roster:
            yield f"{name} has a roster"
        if resource.refill is not None:
            yield f"{name} is refilled"
        if resource.calendar is not None and not _always(calendars[resource.calendar]):
            yield f"{name} keeps the hours of {resource.calendar}"
    for name, stage in scenario.stages.items():
        for calendar in stage.hours:
            if not _always(calendars[calendar]):
                yield f"{name} keeps the hours of {calendar}"


def _always(calendar: Calendar) -> bool:
    """Whether a calendar never closes."""
    hours = calendar.model_dump(exclude={"label", "side", "timezone"})
    return hours == Calendar().model_dump(exclude={"label", "side", "timezone"})
