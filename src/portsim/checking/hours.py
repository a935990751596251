"""When things are open and who is there, in seconds, as the calendars of a scenario foresee it.

Calendars are read once and kept for all checks of a scenario; nothing is judged here.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import numpy as np

from portsim.arrays import Ints
from portsim.calendars import (
    MARGIN_S,
    Intervals,
    capacity_steps,
    clip,
    intersect,
    merge,
    open_intervals,
    recurring,
    shorten,
    to_utc,
    week_in_words,
    zone,
)
from portsim.scenario.model import Scenario
from portsim.scenario.stages import Stage

__all__ = ["Hours", "needs"]

_DAY_S = 86_400


class Hours:
    """The open time of a scenario over its run, warm-up included; epoch seconds.

    Its zones and holidays are known. What follows a calendar that is not there, or daylight without
    a position, has no hours: None.
    """

    def __init__(self, scenario: Scenario, at_least: int = 0) -> None:
        """Args: at_least: look so many seconds ahead, though the period may end before."""
        self._scenario = scenario
        self._zone = zone(scenario.timezone)
        begins, ends = (
            to_utc(minute.date(), minute.hour * 3600 + minute.minute * 60, self._zone, later=False)
            for minute in (scenario.period.begins, scenario.period.ends)
        )
        self.start = begins - round(scenario.period.warm_up)
        self.stop = max(ends, begins + at_least)
        # Many stages are alike in their hours, and many checks ask for each of them.
        self.calendar = cache(self._calendar)
        self._together = cache(self._all_open)
        self._entries = cache(self._admitting)
        self.there = cache(self._there)
        self._steps = cache(self._staffing)

    def _calendar(self, name: str) -> Intervals | None:
        """When a calendar is open; a day beyond both ends, so that these are no closing times."""
        calendar, place = self._scenario.calendars.get(name), self._scenario.position
        if calendar is None or (calendar.daylight and place is None):
            return None
        open_ = open_intervals(
            calendar,
            port_zone=self._scenario.timezone,
            position=(place.latitude, place.longitude) if place is not None else None,
            start=self.start - MARGIN_S,
            stop=self.stop + MARGIN_S,
        )
        return clip(open_, self.start - _DAY_S, self.stop + _DAY_S)

    def works(self, stage: str) -> Intervals | None:
        """When all calendars of a stage are open, a day beyond both ends."""
        return self._together(self._scenario.stages[stage].hours)

    def _all_open(self, names: tuple[str, ...]) -> Intervals | None:
        together = merge([(self.start - _DAY_S, self.stop + _DAY_S)])
        for name in names:
            calendar = self.calendar(name)
            if calendar is None:
                return None
            together = intersect(together, calendar)
        return together

    def admits(self, stage: str) -> Intervals | None:
        """When a stage admits trucks, within the run."""
        words = self._scenario.stages[stage]
        return self._entries(words.hours, round(words.last_entry))

    def _admitting(self, names: tuple[str, ...], entry: int) -> Intervals | None:
        works = self._together(names)
        if works is None:
            return None
        return clip(shorten(works, entry), self.start, self.stop)

    def _there(self, resource: str, count: int) -> Intervals | None:
        """When so many servers are on duty, within the run."""
        steps = self._steps(resource)
        if steps is None:
            return None
        times, values = steps
        ends = [*times[1:].tolist(), self.stop]
        rows = [
            (begin, end)
            for begin, end, value in zip(times.tolist(), ends, values.tolist(), strict=True)
            if value >= count
        ]
        return merge(rows)

    def staffed(self, resource: str, start: int) -> int:
        """Server-seconds on duty from `start` to the end of the run; 0 if that is not known."""
        steps = self._steps(resource)
        if steps is None:
            return 0
        times = np.append(steps[0], self.stop)
        lasts = np.diff(np.maximum(times, start))
        return int((lasts * steps[1]).sum())

    def _staffing(self, resource: str) -> tuple[Ints, Ints] | None:
        """Servers on duty from each of some seconds on."""
        words = self._scenario.resources[resource]
        shifts: Counter[str] = Counter()
        for shift in words.roster:
            shifts[shift.calendar] += shift.count
        constant = 0
        if words.calendar is not None:
            shifts[words.calendar] += words.capacity or 0
        elif not words.roster:
            constant = words.capacity or 0
        staffed = [(self.calendar(name), number) for name, number in shifts.items()]
        known = [(open_, number) for open_, number in staffed if open_ is not None]
        if len(known) < len(staffed):
            return None
        return capacity_steps(known, constant, self.start, self.stop)

    def usual(self, intervals: Intervals) -> str:
        """What of some intervals comes back in most weeks, in words; empty if nothing does."""
        minutes = recurring(intervals, self.start, self.stop, self._zone)
        return week_in_words(minutes) if minutes.any() else ""


def needs(stage: Stage, scenario: Scenario) -> Iterator[tuple[str, int]]:
    """The servers that one truck takes at a stage, if so many can be had at all."""
    for name, take in stage.takes.items():
        resource = scenario.resources.get(name)
        if resource is not None and resource.kind == "servers":
            need = resource.largest if take.count == "all" else take.count
            if 0 < need <= resource.largest:
                yield name, need
