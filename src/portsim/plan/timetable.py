"""The timetable: when stages admit and work and what resources have, as the calendars foresee it.

Calendars become intervals and steps in plan seconds here, once a scenario. Nothing that is drawn
enters: neither trucks nor closures nor breakdowns.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints
from portsim.calendars import (
    MARGIN_S,
    Intervals,
    capacity_steps,
    clip,
    intersect,
    local_seconds,
    merge,
    shorten,
    to_utc,
    zone,
)
from portsim.demand import Recurring, Window, calendar_intervals, real_calendar, window
from portsim.plan.contract import Context, Leaving, Openings, Paces
from portsim.plan.draft import draft_key
from portsim.plan.duties import duties
from portsim.plan.openings import openings
from portsim.plan.paces import paces
from portsim.plan.steps import Steps
from portsim.scenario.legs import legs
from portsim.scenario.model import Scenario
from portsim.scenario.resources import Resource

__all__ = ["Timetable", "timetable"]

_DAY_S, _HOUR_S, _MONDAY = 86_400, 3600, 3
Calendars = Callable[[str], Intervals]
"""Gives the open intervals of a calendar, epoch seconds, a little beyond the run."""


@dataclass(frozen=True, eq=False, slots=True)
class Timetable:
    """The calendars of a scenario in plan seconds; read-only, for any number of threads."""

    scenario: Scenario
    run: Window
    admits: tuple[Intervals, ...]
    """When each stage admits: its work time without the last entry at the end of each interval."""
    works: tuple[Intervals, ...]
    """Work time of each stage: where all its calendars are open."""
    steps: tuple[Steps, ...]
    """Capacity or level of each resource."""
    openings: Openings | None
    """Servers opened by the queue."""
    leaving: Leaving | None
    """Shifts that overlap with the next ones."""
    paces: Paces | None
    """How works depend on the hour in which they begin."""
    context: Context
    """The marks of days, months and hours, without a truck."""
    draft_key: str
    """Key of the drafts that may be laid on it."""

    @property
    def end(self) -> int:
        """The run is [0, end) seconds."""
        return self.run.stop - self.run.origin

    @property
    def interrupted(self) -> bool:
        """Whether closures or breakdowns that nobody foresees come on top of it."""
        scenario = self.scenario
        return any(stage.closures for stage in scenario.stages.values()) or any(
            resource.breakdowns for resource in scenario.resources.values()
        )


def timetable(scenario: Scenario, days: Recurring | None = None) -> Timetable:
    """Work out the timetable of a scenario.

    Args:
        scenario: calendars, hours and rosters.
        days: the days of the period laid one after the other, for a run in these; else the run is
            the scenario's own.
    """
    run = window(scenario) if days is None else days.run

    @cache
    def calendar(name: str) -> Intervals:
        if days is not None:
            return days.intervals(real_calendar(scenario, name))
        return calendar_intervals(scenario, name, run.origin - MARGIN_S, run.stop + MARGIN_S)

    @cache
    def works(names: tuple[str, ...]) -> Intervals:
        return _together(names, run, calendar)

    @cache
    def admits(names: tuple[str, ...], entry: int) -> Intervals:
        return _in_plan(shorten(works(names), entry), run)

    def local(seconds: Ints) -> Ints:
        if days is not None:
            return days.local(seconds + run.origin)
        return local_seconds(seconds + run.origin, zone(scenario.timezone))

    stages = scenario.stages.values()
    return Timetable(
        scenario=scenario,
        run=run,
        admits=tuple(admits(stage.hours, round(stage.last_entry)) for stage in stages),
        works=tuple(_in_plan(works(stage.hours), run) for stage in stages),
        steps=tuple(
            _steps(scenario, resource, run, calendar, days)
            for resource in scenario.resources.values()
        ),
        openings=openings(
            scenario, lambda name: _in_plan(calendar(name), run), run.stop - run.origin
        ),
        leaving=_leaving(scenario, run, calendar),
        paces=paces(scenario, local, run.stop - run.origin),
        context=_context(scenario, run, calendar, days),
        draft_key=draft_key(scenario),
    )


def _together(names: tuple[str, ...], run: Window, calendar: Calendars) -> Intervals:
    """Intervals in which all of these calendars are open; always, if there are none."""
    open_ = merge([(run.origin - MARGIN_S, run.stop + MARGIN_S)])
    for name in names:
        open_ = intersect(open_, calendar(name))
    return open_


def _in_plan(intervals: Intervals, run: Window) -> Intervals:
    """Cut epoch intervals to the run and count them from its start."""
    return clip(intervals, run.origin, run.stop) - run.origin


def _steps(
    scenario: Scenario,
    resource: Resource,
    run: Window,
    calendar: Calendars,
    days: Recurring | None,
) -> Steps:
    if resource.kind == "store":
        none = np.zeros(0, dtype=np.int64)
        return Steps(resource.level or 0, none, none)
    if resource.kind == "budget":
        return _refills(resource, scenario, run, days)
    shifts, constant = [], 0
    if resource.roster:
        # Shifts of one calendar are one shift: a roster may have very many.
        counts: Counter[str] = Counter()
        for shift in resource.roster:
            counts[shift.calendar] += shift.count
        shifts = [(_in_plan(calendar(name), run), count) for name, count in counts.items()]
    elif resource.calendar is not None:
        shifts = [(_in_plan(calendar(resource.calendar), run), resource.capacity or 0)]
    else:
        constant = resource.capacity or 0
    times, values = capacity_steps(shifts, constant, 0, run.stop - run.origin)
    return Steps(int(values[0]), times[1:], values[1:])


def _leaving(scenario: Scenario, run: Window, calendar: Calendars) -> Leaving | None:
    """When shifts end that overlap with the next ones; None if none do."""
    resources = scenario.resources.values()
    overlaps = np.array([resource.handover == "overlap" for resource in resources], dtype=bool)
    if not overlaps.any():
        return None
    ends: Counter[tuple[int, int]] = Counter()
    for number, resource in enumerate(resources):
        if resource.handover != "overlap":
            continue
        shifts = [(shift.calendar, shift.count) for shift in resource.roster]
        if resource.calendar is not None:
            shifts.append((resource.calendar, resource.capacity or 0))
        for name, count in shifts:
            for second in _in_plan(calendar(name), run)[:, 1].tolist():
                if 0 < second < run.stop - run.origin and count:
                    ends[second, number] += count
    rows = [(*key, count) for key, count in sorted(ends.items())]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    seconds, numbers, counts = (np.ascontiguousarray(column) for column in columns)
    return Leaving(seconds, numbers, counts, overlaps)


def _refills(resource: Resource, scenario: Scenario, run: Window, days: Recurring | None) -> Steps:
    """Plan seconds after the start at which a budget is set to its level, and these levels."""
    refill = resource.refill
    assert refill is not None
    timezone = refill.timezone or scenario.timezone
    begins = dt.datetime.fromtimestamp(
        run.origin if days is None else int(days.real_seconds(np.array([run.origin]))[0]),
        zone(timezone),
    )
    # A day more at both ends, for the zone may be another than the port's.
    span = window(scenario)
    first = dt.datetime.fromtimestamp(span.origin, zone(timezone)).date() - dt.timedelta(days=1)
    last = first + dt.timedelta(days=(span.stop - span.origin) // _DAY_S + 3)
    on = tuple(day for day in _days(first, last) if day.weekday() in refill.days)
    times = np.array([_each_day(on, timezone, at) for at in refill.at], dtype=np.int64)
    level = np.array([resource.level_on(day) for day in on], dtype=np.int64)
    # Of two dates that share a midnight, 24:00 and 00:00, the later one counts.
    real, later = np.unique(times.T.ravel()[::-1], return_index=True)
    level = np.repeat(level, len(refill.at))[::-1][later]
    if days is None:
        seconds = real - run.origin
    else:
        seconds, who = days.instants_of(real)
        seconds, level = seconds - run.origin, level[who]
    inside = (seconds > 0) & (seconds < run.stop - run.origin)
    return Steps(resource.level_on(begins.date()), seconds[inside], level[inside])


def _days(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    return tuple(first + dt.timedelta(days=number) for number in range((last - first).days + 1))


# Policies, and whoever asks again and again, have the days of one period in common.
@lru_cache(maxsize=32)
def _each_day(days: tuple[dt.date, ...], timezone: str, at: int) -> Ints:
    """Epoch seconds of a time of day on some local days."""
    place = zone(timezone)
    return np.array([to_utc(day, at, place, later=False) for day in days], dtype=np.int64)


def _context(
    scenario: Scenario, run: Window, calendar: Calendars, laid: Recurring | None
) -> Context:
    place, none = zone(scenario.timezone), np.zeros(0, dtype=np.int64)
    period = scenario.period
    days = _days(period.first_day, period.last_day + dt.timedelta(days=1))
    midnights = _each_day(days, scenario.timezone, 0)
    nights = _each_day(days[:-1], scenario.timezone, 4 * _HOUR_S)
    firsts = [number for number, day in enumerate(days[:-1]) if number == 0 or day.day == 1]
    parts = None
    if laid is None and not period.whole_days:
        lengths = np.diff(midnights)
        midnights, firsts = np.clip(midnights, run.start, run.stop), []
        nights = nights[(nights >= run.start) & (nights < run.stop)]
        parts = np.diff(midnights) / lengths
    hours = np.arange(run.start, run.stop, _HOUR_S, dtype=np.int64)
    if laid is not None:
        # Days that recur are no months: they are one, named after the first.
        midnights, firsts, hours = laid.edges, [0], laid.real_seconds(hours)
        nights = laid.instants(nights)
        nights = nights[(nights >= run.start) & (nights < run.stop)]
    hours = local_seconds(hours, place)
    if np.any(hours[:1] % _HOUR_S):
        hours = none
    classes = sorted(scenario.traffic.classes.items())
    clock = scenario.completion.from_
    nothing = np.zeros(0)
    return Context(
        origin=run.origin,
        start=run.start - run.origin,
        limit=round(scenario.completion.limit),
        clock_wanted=clock == "wanted",
        clock_stage=-1 if clock in ("arrival", "wanted") else list(scenario.stages).index(clock),
        class_names=tuple(name for name, _ in classes),
        directions=tuple(cls.direction for _, cls in classes),
        stage_names=tuple(scenario.stages),
        routes=np.array(
            [
                [
                    any(stage in (step.stage, *step.others) for step in cls.route)
                    for _, cls in classes
                ]
                for stage in scenario.stages
            ],
            dtype=bool,
        ).reshape(len(scenario.stages), len(classes)),
        resource_names=tuple(scenario.resources),
        truck_class=none,
        pieces=none,
        tonnes=nothing,
        value=nothing,
        residents=none,
        day_edges=midnights - run.origin,
        month_edges=np.append(midnights[firsts], midnights[-1:] if firsts else none) - run.origin,
        month_names=tuple(days[number].strftime("%Y-%m") for number in firsts),
        nights=nights - run.origin,
        hour_of_week=((hours // _DAY_S + _MONDAY) % 7) * 24 + hours % _DAY_S // _HOUR_S,
        open_hours=_in_plan(_together(scenario.open_hours, run, calendar), run),
        day_parts=parts,
        clock_admitted=scenario.completion.event == "admitted",
        rostered=np.array(
            [bool(r.calendar or r.roster) for r in scenario.resources.values()], dtype=bool
        ),
        again=_again(scenario),
        duties=duties(scenario),
    )


def _again(scenario: Scenario) -> NDArray[np.bool_] | None:
    """Which stages some route may pass more than once; None if it has no such stage."""
    again = {
        leg.stage
        for cls in scenario.traffic.classes.values()
        for leg in legs(cls)
        if leg.number > 1
    }
    return np.array([stage in again for stage in scenario.stages], dtype=bool) if again else None
