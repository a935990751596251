"""Doubts about values: words that no truck ever meets, and words that take away more than meant.

Each of them can be meant, so nothing here is a fault.
"""

import datetime as dt

from portsim.checking.findings import Findings, Path
from portsim.scenario.calendar import Calendar
from portsim.scenario.clock import DAY_S
from portsim.scenario.model import Scenario
from portsim.scenario.resources import Resource
from portsim.scenario.traffic import Step, TruckClass

__all__ = ["check_unmet"]


def check_unmet(findings: Findings, scenario: Scenario) -> None:
    """Values of stages, classes and calendars that nothing follows."""
    _check_stages(findings, scenario)
    for name, cls in scenario.traffic.classes.items():
        _check_preferred(findings, scenario, name, cls)
        _check_tolerance(findings, name, cls)
    for name, calendar in scenario.calendars.items():
        _check_lunch(findings, name, calendar)
    for name, resource in scenario.resources.items():
        _check_levels(findings, scenario, name, resource)
    arrivals = [cls.arrivals for cls in scenario.traffic.classes.values()]
    drawn = any(channel.rate is not None or channel.total is not None for channel in arrivals)
    if scenario.traffic.day_factor is not None and arrivals and not drawn:
        findings.warn(
            ("traffic", "day_factor"),
            "unmet",
            "a class with a `rate` or a `total`, whose days it makes differ",
            "booked and recorded trucks come as they are",
        )


def _check_stages(findings: Findings, scenario: Scenario) -> None:
    """The share and the time of a stage, where each step has its own."""
    steps: dict[str, list[tuple[str, Step]]] = {}
    for name, cls in scenario.traffic.classes.items():
        for step in cls.route:
            steps.setdefault(step.stage, []).append((name, step))
    for stage, passing in steps.items():
        for key, own in (
            ("share", [step.share for _, step in passing]),
            ("time", [step.time for _, step in passing]),
        ):
            where: Path = ("stages", stage, key)
            if not findings.written(*where) or any(value is None for value in own):
                continue
            if key == "time" and not _of_a_policy(findings, where):
                # Every stage must have a time; only who changes it later means it.
                continue
            first = passing[0][0]
            names = [name for name, _ in passing]
            routes = f"routes of {', '.join(names)} say" if names[1:] else f"route of {first} says"
            findings.warn(
                where,
                "unmet",
                f"a {key} that some truck meets",
                f"the {routes} another; change it there, in a policy with "
                f"traffic: {{{first}: {{route: {{{stage}: {{{key}: …}}}}}}}}",
                f"`{key}` of {stage}, where each route has a {key} of its own",
            )


def _of_a_policy(findings: Findings, path: Path) -> bool:
    """Whether a value was written in another file than the thing it belongs to."""
    places, keys = findings.tree.places, findings.tree.key_places
    thing = keys.get(path[:-1])
    return thing is not None and path in places and places[path].file != thing.file


def _check_preferred(findings: Findings, scenario: Scenario, name: str, cls: TruckClass) -> None:
    words = cls.preferred
    if words is None:
        return
    where: Path = ("traffic", name, "preferred")
    if words.priority == cls.priority and not words.skips:
        expected = f"another priority than the {cls.priority} of its class"
        hint = "the smaller goes first"
        findings.warn((*where, "priority"), "unmet", expected, hint, f"`{words.priority}`")
    for step in cls.route:
        stage = scenario.stages.get(step.stage)
        if step.stage not in words.skips or stage is None or not words.share:
            continue
        share = stage.share if step.share is None else step.share
        staff = [
            name
            for name in stage.takes
            if name in scenario.resources
            and (scenario.resources[name].calendar or scenario.resources[name].roster)
        ]
        # A check that only some trucks get may well be waived; what all others need done, hardly.
        if staff and share == 1.0 and not step.channels:
            findings.warn(
                (*where, "skips"),
                "skipped-work",
                "stages at which a preferred truck has nothing done",
                "if they only go past the queue, give them a `priority`; their work is done then",
                f"{step.stage}, where {' and '.join(staff)} are spared their work, too",
            )


def _check_tolerance(findings: Findings, name: str, cls: TruckClass) -> None:
    if cls.tolerance is None or cls.tolerance.waiting.constant is None:
        return
    where: Path = ("traffic", name, "tolerance")
    if cls.tolerance.waiting.constant < 1:
        findings.warn(
            where,
            "tolerance",
            "a tolerance of 1 or more",
            "with 0 every truck turns away, where nobody waits, too; with 1 it bears no queue",
            f"{cls.tolerance.waiting.constant:g}",
        )


def _check_lunch(findings: Findings, name: str, calendar: Calendar) -> None:
    where: Path = ("calendars", name)
    parts = [(where, calendar.hours, calendar.lunch)]
    parts += [
        ((*where, "periods", number), period.hours, period.lunch)
        for number, period in enumerate(calendar.periods)
    ]
    for path, hours, lunch in parts:
        spans = [span for day in hours for span in day]
        met = any(
            start < end + turn and begin + turn < stop
            for start, stop in spans
            for begin, end in lunch
            for turn in (0, DAY_S)
        )
        if lunch and not met:
            findings.warn(
                (*path, "lunch"), "unmet", "a break within the hours", "it takes nothing out"
            )


def _check_levels(findings: Findings, scenario: Scenario, name: str, resource: Resource) -> None:
    """Levels of a budget for dates that the run does not see, or that later ones take back."""
    period = scenario.period
    first = (period.begins - dt.timedelta(seconds=period.warm_up)).date()
    days = (period.last_day - first).days + 1
    met = {
        max((n for n, part in enumerate(resource.levels) if part.covers(date)), default=-1)
        for date in (
            first + dt.timedelta(days=day) for day in range(days if resource.levels else 0)
        )
    }
    for number in range(len(resource.levels)):
        if number not in met:
            findings.warn(
                ("resources", name, "levels", number),
                "unmet",
                f"dates from {first} to {period.last_day} that no later level covers",
                "it holds on no day of the run",
            )
