"""Hours and servers that were told, as calendars and rosters of a scenario.

Plain values only: what a person would write in the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portsim.fitting.roster import Roster
from portsim.fitting.weeks import SLOT_S, Week
from portsim.scenario.value_text import spelt_week

__all__ = ["Level", "levels", "written_week"]


@dataclass(frozen=True, slots=True)
class Level:
    """Servers that have the same hours."""

    count: int
    """How many."""
    first: int
    """The first of them when they are counted from those with the longest hours, from 1."""
    calendar: dict[str, Any]
    """Their calendar, as a file says it."""


def levels(rosters: Sequence[Roster]) -> list[Level]:
    """Servers with the same hours together, those with the longest hours first.

    Args:
        rosters: of one stage, one after the other.
    """
    most = max(span.servers for roster in rosters for day in roster.week for span in day)
    told: list[Level] = []
    for number in range(1, most + 1):
        calendar = _calendar(rosters, number)
        if told and told[-1].calendar == calendar:
            told[-1] = Level(told[-1].count + 1, told[-1].first, calendar)
        else:
            told.append(Level(1, number, calendar))
    return told


def _calendar(rosters: Sequence[Roster], number: int) -> dict[str, Any]:
    """When at least so many servers are there."""
    hours = [written_week(roster.week, number) for roster in rosters]
    calendar: dict[str, Any] = {"hours": hours[0]}
    periods = []
    for place, week in enumerate(hours[1:], 1):
        period = {"valid_from": rosters[place].first.isoformat()}
        if place + 1 < len(hours):
            period["valid_to"] = rosters[place].last.isoformat()
        periods.append({**period, "hours": week})
    if all(week == hours[0] for week in hours):
        periods = []
    for roster in rosters:
        for date, pattern in sorted(roster.exceptions.items()):
            if not any(span.servers >= number for span in pattern):
                calendar.setdefault("closed", []).append(date.isoformat())
                continue
            day = {"valid_from": date.isoformat(), "valid_to": date.isoformat()}
            periods.append({**day, "hours": written_week((pattern,) * 7, number)})
    if periods:
        calendar["periods"] = periods
    return calendar


def written_week(week: Week, number: int) -> Any:
    """Hours of a week in which at least so many servers are there, as a file says them."""
    spans: list[tuple[tuple[int, int], ...]] = []
    for pattern in week:
        day: list[tuple[int, int]] = []
        for begin, end, servers in pattern:
            if servers < number:
                continue
            if day and day[-1][1] == begin * SLOT_S:
                day[-1] = (day[-1][0], end * SLOT_S)
            else:
                day.append((begin * SLOT_S, end * SLOT_S))
        spans.append(tuple(day))
    return spelt_week(tuple(spans))
