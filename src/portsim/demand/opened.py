"""When a calendar of a scenario is open, in real seconds; what follows it may not enter."""

from portsim.calendars import Intervals, open_intervals
from portsim.scenario.model import Scenario

__all__ = ["calendar_intervals"]


def calendar_intervals(scenario: Scenario, name: str, start: int, stop: int) -> Intervals:
    """Open intervals of a calendar of the scenario, int64[k, 2] epoch seconds in [start, stop)."""
    position = scenario.position
    return open_intervals(
        scenario.calendars[name],
        port_zone=scenario.timezone,
        position=None if position is None else (position.latitude, position.longitude),
        start=start,
        stop=stop,
    )
