"""The weeks that the live page shows: by default those in which most trucks come."""

import datetime as dt

import numpy as np

from portsim.calendars import local_seconds, zone
from portsim.demand import Trucks
from portsim.scenario.model import Scenario

__all__ = ["WEEKS", "busiest"]

WEEKS = 8
"""So many are shown if nobody says otherwise."""
_DAY_S, _WEEK = 86_400, 7


def busiest(scenario: Scenario, trucks: Trucks, weeks: int) -> Scenario:
    """The scenario with those weeks as its period in which most trucks come.

    Args:
        scenario: a period of whole days; its warm-up stays as long as it is.
        trucks: those of one replication, by which the weeks are found.
        weeks: how many; the period stays as it is if it is no longer.

    Returns:
        Weeks from Monday to Sunday, as far as the period has such; the first of several alike.
    """
    period = scenario.period
    days = (period.last_day - period.first_day).days + 1
    if not period.whole_days or days <= weeks * _WEEK:
        return scenario
    come = trucks.come(scenario)
    local = local_seconds(trucks.arrival[come], zone(scenario.timezone))
    number = local // _DAY_S - (period.first_day - dt.date(1970, 1, 1)).days
    per_day = np.bincount(number[(number >= 0) & (number < days)], minlength=days)
    sums = np.concatenate([[0], np.cumsum(per_day)])
    monday = -period.first_day.weekday() % _WEEK
    first = np.arange(monday, days - weeks * _WEEK + 1, _WEEK)
    if not len(first):
        first = np.array([0])
    best = int(first[np.argmax(sums[first + weeks * _WEEK] - sums[first])])
    begin = period.first_day + dt.timedelta(days=best)
    end = begin + dt.timedelta(days=weeks * _WEEK - 1)
    return scenario.model_copy(
        update={"period": period.model_copy(update={"from_": begin, "to": end})}
    )
