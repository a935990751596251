"""Openings: the rules by which queues open servers, as arrays of a plan.

Names become numbers here, and calendars come as intervals in plan seconds; nobody waits yet.
"""

from collections.abc import Callable

import numpy as np

from portsim.calendars import Intervals
from portsim.plan.contract import Openings
from portsim.scenario.model import Scenario

__all__ = ["openings"]


def openings(scenario: Scenario, calendar: Callable[[str], Intervals], end: int) -> Openings | None:
    """The rules of a scenario; None without any.

    Args:
        scenario: its resources and stages.
        calendar: gives the open intervals of a calendar in plan seconds, within the run.
        end: the run is [0, end).
    """
    numbers = {name: number for number, name in enumerate(scenario.stages)}
    rules = [
        (number, resource.opens)
        for number, resource in enumerate(scenario.resources.values())
        if resource.opens is not None
    ]
    if not rules:
        return None
    always = np.array([[0, end]], dtype=np.int64)
    within = [always if words.within is None else calendar(words.within) for _, words in rules]
    watched = [
        (numbers[stage], count) for _, words in rules for stage, count in words.when_waiting.items()
    ]
    stages, counts = np.array(watched, dtype=np.int64).T
    return Openings(
        resource=np.array([number for number, _ in rules], dtype=np.int64),
        after=np.array([round(words.after) for _, words in rules], dtype=np.int64),
        most=np.array([words.at_most for _, words in rules], dtype=np.int64),
        until=np.array([words.until_waiting for _, words in rules], dtype=np.int64),
        watch_start=np.cumsum([0, *(len(words.when_waiting) for _, words in rules)]),
        watch_stage=stages,
        watch_count=counts,
        within_start=np.cumsum([0, *map(len, within)]),
        within=np.concatenate(within),
    )
