"""Places: when stages admit and work, and how resources change, in plan seconds.

Calendars and drawn closures become intervals and steps here; trucks do not enter.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints
from portsim.calendars import (
    Intervals,
    capacity_steps,
    clip,
    intersect,
    merge,
    shorten,
    subtract,
    subtract_down,
    to_utc,
    zone,
)
from portsim.demand import Window, base_start, calendar_intervals, inverse, mean_of, uniforms
from portsim.plan.contract import BUDGET, SERVERS, STORE
from portsim.scenario.distributions import Distribution
from portsim.scenario.model import Scenario
from portsim.scenario.resources import Refill, Resource
from portsim.scenario.stages import Stage

__all__ = ["KINDS", "Places", "Steps", "changes", "resource_steps", "stage_times"]

KINDS = {"servers": SERVERS, "budget": BUDGET, "store": STORE}
_DAY_S = 86_400
_MARGIN_S = 8 * _DAY_S
"""Calendars are read this much beyond the run, so that its end does not look like closing time."""


@dataclass(frozen=True, eq=False, slots=True)
class Steps:
    """A resource over the run: what it has at second 0 and each change after it."""

    initial: int
    times: Ints
    values: Ints


class Places:
    """The calendars of a scenario in one replication, each worked out once."""

    def __init__(self, scenario: Scenario, run: Window, seed: int, replication: int) -> None:
        self.scenario = scenario
        self.run = run
        self.seed = seed
        self.replication = replication
        self._calendars: dict[str, Intervals] = {}

    def calendar(self, name: str) -> Intervals:
        """Open intervals of a calendar, epoch seconds, a little beyond the run."""
        if name not in self._calendars:
            self._calendars[name] = calendar_intervals(
                self.scenario, name, self.run.origin - _MARGIN_S, self.run.stop + _MARGIN_S
            )
        return self._calendars[name]

    def together(self, names: tuple[str, ...]) -> Intervals:
        """Intervals in which all of these calendars are open; always, if there are none."""
        found = merge([(self.run.origin - _MARGIN_S, self.run.stop + _MARGIN_S)])
        for name in names:
            found = intersect(found, self.calendar(name))
        return found

    def in_plan(self, intervals: Intervals) -> Intervals:
        """Cut epoch intervals to the run and count them from its start."""
        return clip(intervals, self.run.origin, self.run.stop) - self.run.origin

    def drawn(
        self, owner: str, what: str, every: Distribution[float], lasts: Distribution[float]
    ) -> Intervals:
        """Closed intervals drawn for the whole history, epoch seconds, those that touch the run.

        The history begins with the base trucks', so that a later end moves no closure.
        """
        start = base_start(self.scenario)
        observed = self.scenario.origin.observed
        span = float(self.run.stop - start)
        mean = max(1.0, mean_of(every, observed) + mean_of(lasts, observed))
        count = int(span / mean * 1.5) + 16
        while True:
            up, down = (
                inverse(
                    words,
                    uniforms(self.seed, self.replication, owner, f"{what} {part}", count),
                    observed,
                )
                for part, words in (("every", every), ("lasts", lasts))
            )
            ends = np.cumsum(np.maximum(up, 1.0) + down)
            if ends[-1] > span:
                break
            count *= 2
        edges = start + np.rint(np.column_stack([ends - down, ends])).astype(np.int64)
        return clip(merge(edges[edges[:, 0] < edges[:, 1]]), self.run.origin, self.run.stop)


def stage_times(places: Places, name: str) -> tuple[Intervals, Intervals]:
    """When a stage admits, and its work time: int64[k, 2] in plan seconds each.

    Work time is the intersection of its calendars; admission time is that without the last entry
    at the end of each interval; unplanned closures are cut out of both.
    """
    stage: Stage = places.scenario.stages[name]
    hours = places.together(stage.hours)
    admits, works = shorten(hours, round(stage.last_entry)), hours
    for closure in stage.closures:
        closed = places.drawn(f"closure {closure.name}", "", closure.every, closure.lasts)
        admits, works = subtract(admits, closed), subtract(works, closed)
    return places.in_plan(admits), places.in_plan(works)


def resource_steps(places: Places, name: str) -> Steps:
    """A resource's capacity or level at second 0 and its changes in (0, end), plan seconds."""
    resource = places.scenario.resources[name]
    if resource.kind == "store":
        return Steps(resource.level or 0, _none(), _none())
    if resource.kind == "budget":
        assert resource.refill is not None
        times = _refills(places, resource.refill)
        level = resource.level or 0
        return Steps(level, times, np.full(len(times), level))
    times, values = _capacity(places, resource)
    for number, breakdowns in enumerate(resource.breakdowns):
        down = places.drawn(
            f"resource {name}", f"breakdown {number}", breakdowns.every, breakdowns.repair
        )
        times, values = subtract_down(times, values, down, breakdowns.count)
    times = times - places.run.origin
    later = (times > 0) & (times < places.run.stop - places.run.origin)
    return Steps(int(values[times <= 0][-1]), times[later], values[later])


def _capacity(places: Places, resource: Resource) -> tuple[Ints, Ints]:
    run = places.run
    if resource.roster:
        shifts = [
            (clip(places.calendar(shift.calendar), run.origin, run.stop), shift.count)
            for shift in resource.roster
        ]
        return capacity_steps(shifts, 0, run.origin, run.stop)
    capacity = resource.capacity or 0
    if resource.calendar is not None:
        open_ = clip(places.calendar(resource.calendar), run.origin, run.stop)
        return capacity_steps([(open_, capacity)], 0, run.origin, run.stop)
    return capacity_steps([], capacity, run.origin, run.stop)


def _refills(places: Places, refill: Refill) -> Ints:
    run = places.run
    name = refill.timezone or places.scenario.timezone
    place = zone(name)
    first = dt.datetime.fromtimestamp(run.origin, place).date()
    days = (run.stop - run.origin) // _DAY_S + 2
    seconds = {
        to_utc(day, at, place, later=False) - run.origin
        for day in (first + dt.timedelta(days=number) for number in range(days))
        if day.weekday() in refill.days
        for at in refill.at
    }
    return np.array(
        sorted(second for second in seconds if 0 < second < run.stop - run.origin), dtype=np.int64
    )


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


def changes(steps: Mapping[int, Steps], kinds: Ints) -> tuple[Ints, Ints, Ints]:
    """All changes in the order in which a second takes them: steps before refills, by resource.

    Returns:
        times, resources and new values, int64[c] each.
    """
    times = np.concatenate([step.times for step in steps.values()] or [_none()])
    values = np.concatenate([step.values for step in steps.values()] or [_none()])
    resources = np.repeat(
        np.array(list(steps), dtype=np.int64), [len(step.times) for step in steps.values()]
    )
    order = np.lexsort((resources, kinds[resources] != SERVERS, times))
    return times[order], resources[order], values[order]
