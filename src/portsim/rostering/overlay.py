"""A roster as words of a scenario: a calendar for each shift, and who is on duty in it."""

from collections.abc import Mapping
from typing import Any

from portsim.arrays import Ints
from portsim.rostering.week import Choices, Task
from portsim.scenario.clock import DAY_S
from portsim.scenario.model import Scenario
from portsim.scenario.tours import Shift
from portsim.scenario.value_text import spelt_days, spelt_time, spelt_week

__all__ = ["duties", "overlay", "shift_text"]

Counts = tuple[int, ...]


def shift_text(shift: Shift) -> str:
    """From when to when, as people write it."""
    end = shift.start + shift.length
    return f"{spelt_time(shift.start)}-{spelt_time(end if end <= DAY_S else end - DAY_S)}"


def duties(choices: Choices, count: Mapping[Task, int]) -> dict[tuple[str, str, Shift], Counts]:
    """How many begin a shift on each weekday, by post, people and shift, in order."""
    rows: dict[tuple[str, str, Shift], list[int]] = {}
    for task, many in count.items():
        key = task.post, task.people, task.shift
        rows.setdefault(key, [0] * 7)[task.day] += many
    place = {post: number for number, post in enumerate(choices.posts)}
    ordered = sorted(rows, key=lambda key: (place[key[0]], key[2], key[1]))
    return {key: tuple(rows[key]) for key in ordered}


def overlay(scenario: Scenario, choices: Choices, chosen: Ints) -> dict[str, Any]:
    """What a roster says, laid over its scenario: ``calendars`` and ``resources``.

    A calendar is one shift on the weekdays on which equally many begin it; what goes on beyond
    midnight is written on the day after. With each shift stands what one of it is paid a week.

    Args:
        scenario: with shifts.
        choices: what they let one choose.
        chosen: int64[t + k], how often each column.
    """
    shifts = scenario.shifts
    place = (shifts.timezone if shifts else None) or scenario.timezone
    calendars: dict[str, Any] = {}
    rosters: dict[str, list[dict[str, Any]]] = {post: [] for post in choices.posts}
    by_post: dict[tuple[str, Shift], list[int]] = {}
    paid: dict[tuple[str, Shift], list[float]] = {}
    pay = choices.pay(chosen)
    for (post, people, shift), counts in duties(choices, choices.spread(chosen)).items():
        row = by_post.setdefault((post, shift), [0] * 7)
        sums = paid.setdefault((post, shift), [0.0] * 7)
        for day, many in enumerate(counts):
            row[day] += many
            sums[day] += many * pay.get((people, (day, shift)), 0.0)
    for (post, shift), row in by_post.items():
        left = list(row)
        while any(left):
            days = [day for day, many in enumerate(left) if many]
            many = min(left[day] for day in days)
            name = _free_name(post, shift, days, {*scenario.calendars, *calendars})
            calendars[name] = {
                "label": f"{shift_text(shift)}, {spelt_days(days)}",
                "timezone": place,
                "hours": spelt_week(_week(days, shift)),
            }
            each = sum(paid[post, shift][day] / row[day] for day in days)
            wages = f"{round(each, 4):.12g} {scenario.currency}"
            rosters[post].append({"calendar": name, "count": many, "cost_per_week": wages})
            for day in days:
                left[day] -= many
    resources: dict[str, Any] = {}
    for post in choices.posts:
        old = scenario.resources[post]
        if not rosters[post]:
            resources[post] = {"capacity": 0}
            taken = [word for word in ("calendar", "roster") if getattr(old, word)]
        else:
            resources[post] = {"roster": rosters[post]}
            others = "capacity", "calendar", "cost_per_staffed_hour"
            taken = [word for word in others if getattr(old, word) is not None]
        resources[post] |= dict.fromkeys(taken)
    return {"calendars": calendars, "resources": resources}


def _free_name(post: str, shift: Shift, days: list[int], used: set[str]) -> str:
    """What a shift is called: post, times and weekdays, with no sign that a path may not hold."""
    when = f"{shift_text(shift)} {spelt_days(days)}".replace(":", "").replace(", ", "_")
    first = f"{post[:28]} {when}"[:56]
    names = (first, *(f"{first} {number}" for number in range(2, 1000)))
    return next(name for name in names if name not in used)


def _week(days: list[int], shift: Shift) -> list[list[tuple[int, int]]]:
    week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for day in days:
        for start, end in shift.spans:
            for late in (0, 1):
                low, high = max(start - late * DAY_S, 0), min(end - late * DAY_S, DAY_S)
                if low < high:
                    week[(day + late) % 7].append((low, high))
    return [_joined(sorted(spans)) for spans in week]


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    whole: list[tuple[int, int]] = []
    for start, end in spans:
        if whole and start <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(end, whole[-1][1])
        else:
            whole.append((start, end))
    return whole
