"""Doubts about a policy beside what it is held against: one party alone, a demand replaced."""

import numpy as np

from portsim.calendars import Intervals, intersect, subtract, total
from portsim.checking.findings import Findings
from portsim.checking.hours import Hours
from portsim.demand import draw
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import Step

__all__ = ["check_against"]

_SHORT_S, _DAY_S = 1800, 86_400


def check_against(findings: Findings, scenario: Scenario, base: Scenario) -> None:
    """Hours of one party extended while the next is shut; slots in place of the demand."""
    if (scenario.period, scenario.timezone) == (base.period, base.timezone):
        _check_extended(findings, scenario, base)
    _check_booked(findings, scenario, base)


def _check_extended(findings: Findings, scenario: Scenario, base: Scenario) -> None:
    hours, before = Hours(scenario), Hours(base)
    alone: dict[tuple[str, str], dict[str, None]] = {}
    for name in scenario.stages:
        works = hours.works(name)
        old = before.works(name) if name in base.stages else None
        if works is None or old is None or total(works) <= total(old):
            continue
        more = subtract(works, old)
        usual = hours.usual(more[more[:, 1] - more[:, 0] >= _SHORT_S])
        shut = _shut_after(scenario, hours, name, more) if usual else []
        if not shut:
            continue
        for calendar in _extended(scenario, base, name):
            alone.setdefault((calendar, usual), {}).update(dict.fromkeys(shut))
    for (calendar, usual), shut_ in alone.items():
        findings.warn(
            ("calendars", calendar),
            "one-party",
            "longer hours of all who come one after the other",
            "what passes there only waits at the next; open that as long, or expect little",
            f"{calendar} open longer than under {base.name}, {usual}, while "
            f"{', '.join(shut_)} after it stays shut",
        )


def _extended(scenario: Scenario, base: Scenario, stage: str) -> list[str]:
    """The calendars of a stage that are not what they were."""
    return [
        name
        for name in scenario.stages[stage].hours
        if scenario.calendars[name] != base.calendars.get(name)
        or name not in base.stages[stage].hours
    ]


def _shut_after(scenario: Scenario, hours: Hours, stage: str, more: Intervals) -> list[str]:
    """The stages with hours that come next, if all are shut in all of the time that is more.

    Those that only some of the trucks pass, such as a laboratory, hold up none of the others.
    """
    following: dict[str, None] = {}
    for cls in scenario.traffic.classes.values():
        route = [step.stage for step in cls.route]
        if stage not in route:
            continue
        later = cls.route[route.index(stage) + 1 :]
        after = next((step.stage for step in later if _holds_up(scenario, step)), None)
        if after is None:
            return []
        following[after] = None
    for after in following:
        works = hours.works(after)
        if works is None or hours.usual(intersect(more, works)):
            return []
    return list(following)


def _holds_up(scenario: Scenario, step: Step) -> bool:
    """Whether every truck that comes so far waits here for an opening."""
    stage = scenario.stages[step.stage]
    share = stage.share if step.share is None else step.share
    return bool(stage.hours) and share == 1.0 and not step.channels


def _check_booked(findings: Findings, scenario: Scenario, base: Scenario) -> None:
    """Note a class whose trucks came by themselves and now come by slots alone."""
    replaced = [
        name
        for name, cls in scenario.traffic.classes.items()
        if cls.arrivals.booked is not None
        and name in base.traffic.classes
        and base.traffic.classes[name].arrivals.booked is None
    ]
    if not replaced:
        return
    now, were = (_a_day(policy) for policy in (scenario, base))
    for name in replaced:
        booked = scenario.traffic.classes[name].arrivals.booked
        assert booked is not None
        findings.warn(
            ("traffic", name, "arrivals", "booked"),
            "demand-replaced",
            "slots that serve the trucks that come",
            f"keep the arrivals and write follow: {booked.calendar}, or make the slots a budget "
            "that is refilled by the hour and spent at the first stage",
            f"slots in place of the trucks of {base.name}: {now[name]:.1f} {name} a day come and "
            f"not {were[name]:.1f}",
        )


def _a_day(scenario: Scenario) -> dict[str, float]:
    """Trucks a day of each class, in the first replication."""
    trucks = draw(scenario, scenario.seed, 1)
    trucks = trucks.at(scenario)
    days = scenario.period.days + scenario.period.warm_up / _DAY_S
    a_day = np.bincount(trucks.cls, minlength=len(trucks.class_names)) / days
    return dict(zip(trucks.class_names, a_day.tolist(), strict=True))
