"""Checks of shifts: the posts are there, somebody can do them, and shifts cover the open hours."""

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints
from portsim.calendars import recurring, union, week_in_words, zone
from portsim.checking.findings import Findings, Path
from portsim.checking.hours import Hours
from portsim.scenario.model import Scenario
from portsim.scenario.shifts import Shifts
from portsim.scenario.tours import WEEK_MIN, Tour, tours_of

__all__ = ["check_shifts", "check_uncovered"]


def check_shifts(findings: Findings, scenario: Scenario) -> None:
    """Names that shifts use; minutes that a clock has."""
    shifts = scenario.shifts
    if shifts is None:
        return
    able = {post for people in shifts.people.values() for post in people.posts}
    for name, people in shifts.people.items():
        path: Path = ("shifts", "people", name, "posts")
        for number, post in enumerate(people.posts):
            _check_post(findings, scenario, findings.item(path, number), post)
        spans = [round(length) for length in people.lengths]
        spans += [round(a) for some in people.breaks for a in (*some.after, some.lasts)]
        if any(seconds % 60 for seconds in spans):
            findings.error(
                ("shifts", "people", name),
                "shift",
                "shifts and breaks of whole minutes",
                "write e.g. 8 h, or 7 h 30 min",
                key=True,
            )
    for name, words in shifts.posts.items():
        where: Path = ("shifts", "posts", name)
        if not _check_post(findings, scenario, where, name, key=True):
            continue
        if name not in able and able <= scenario.resources.keys():
            findings.error(
                where,
                "no-skill",
                "a post that some of the people can do",
                f"nobody can do {name}: add it to `posts` of those who can, below shifts.people",
                key=True,
            )
        if words.most is not None and words.most < words.fewest:
            findings.error(
                (*where, "most"), "fewest", f"{words.fewest} or more, the fewest on duty"
            )


def _check_post(
    findings: Findings, scenario: Scenario, path: Path, name: str, key: bool = False
) -> bool:
    if not findings.known(path, name, scenario.resources, "resource", key=key):
        return False
    resource = scenario.resources[name]
    if resource.kind != "servers":
        expected = "servers, who are on duty or not"
        found = f"a resource of kind {resource.kind}"
        findings.error(path, "wrong-kind", expected, found=found, key=key)
        return False
    if resource.places:
        findings.error(
            path, "wrong-kind", "servers who work", found=f"`{name}`, which are places", key=key
        )
        return False
    return True


def check_uncovered(findings: Findings, scenario: Scenario, hours: Hours) -> None:
    """Open hours that no shift covers: where somebody must be there it is a fault.

    Where the fewest is 0 it is one only if no shift touches an open hour at all.
    """
    shifts = scenario.shifts
    if shifts is None:
        return
    place = zone(shifts.timezone or scenario.timezone)
    all_tours = [tour for name, people in shifts.people.items() for tour in tours_of(name, people)]
    for name in shifts.staffed:
        open_ = _open_minutes(scenario, hours, name)
        if open_ is None:
            continue
        wanted = recurring(open_, hours.start, hours.stop, place)
        can = covered(shifts, all_tours, name)
        words = shifts.posts.get(name)
        missed = wanted & ~can
        where: Path = ("shifts", "posts", name) if words is not None else ("shifts", "people")
        needed = words is not None and words.fewest > 0
        if missed.any() and (needed or not (wanted & can).any()):
            findings.error(
                where,
                "uncovered",
                f"shifts that cover the open hours of {name}",
                f"no shift of those who can do it covers {week_in_words(missed)}; add starts or "
                "lengths" + (", or say under `within` when the fewest must be there" * needed),
                key=True,
            )


def _open_minutes(scenario: Scenario, hours: Hours, name: str) -> Ints | None:
    """When the fewest must be there, or a stage that takes these servers works."""
    shifts = scenario.shifts
    words = None if shifts is None else shifts.posts.get(name)
    if words is not None and words.within is not None:
        return hours.calendar(words.within)
    open_: Ints = np.zeros((0, 2), dtype=np.int64)
    for key, stage in scenario.stages.items():
        if name in stage.takes and key in scenario.traffic.visited:
            works = hours.works(key)
            if works is None:
                return None
            open_ = union(open_, works)
    return open_


def covered(shifts: Shifts, every: list[Tour], post: str) -> NDArray[np.bool_]:
    """bool[10080], minutes of the week in which some shift has somebody at a post."""
    can = np.zeros(WEEK_MIN, dtype=bool)
    for tour in every:
        if post not in shifts.people[tour.people].posts:
            continue
        for day, shift in tour.duty:
            for start, end in shift.answering:
                can[(day * 1440 + np.arange(start // 60, end // 60)) % WEEK_MIN] = True
    return can
