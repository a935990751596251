"""A roster as the weeks of people: anonymous lines, and which line each works the week after."""

from collections.abc import Mapping
from typing import Any

from portsim.arrays import Ints
from portsim.results.roster_tables import DAY_NAMES
from portsim.rostering.overlay import shift_text
from portsim.rostering.week import Choices, Task

__all__ = ["people_rows"]


def people_rows(choices: Choices, chosen: Ints, count: Mapping[Task, int]) -> list[dict[str, Any]]:
    """The columns of people.csv.

    Args:
        choices: what could be chosen.
        chosen: int64[t + k].
        count: how many work each task.
    """
    rows: list[dict[str, Any]] = []
    left = dict(count)
    for number, tour in enumerate(choices.tours):
        able = choices.shifts.people[tour.people].posts
        for _ in range(int(chosen[number])):
            first = len(rows) + 1
            for who, line in enumerate(tour.lines):
                week = dict.fromkeys(DAY_NAMES, "")
                for day, shift in line:
                    # Each shift is given the first post for which somebody is still wanted in it.
                    post = next(
                        post for post in able if left.get(Task(tour.people, post, day, shift))
                    )
                    left[Task(tour.people, post, day, shift)] -= 1
                    text = f"{post} {shift_text(shift)}" if len(able) > 1 else shift_text(shift)
                    name = DAY_NAMES[day]
                    week[name] = f"{week[name]}, {text}" if week[name] else text
                rows.append(
                    {
                        "line": first + who,
                        "people": tour.people,
                        "pattern": tour.pattern,
                        **week,
                        "hours": tour.hours,
                        "cost": tour.cost / tour.persons,
                        "next": first + (who - tour.moves) % tour.persons,
                    }
                )
    return rows
