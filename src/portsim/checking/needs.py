"""Checks of stages: they know what happens when they close, and what they need can be had."""

from portsim.calendars import Intervals, intersect
from portsim.checking.findings import Findings, Path
from portsim.checking.hours import Hours, needs
from portsim.scenario.model import Scenario
from portsim.scenario.stages import Stage

__all__ = ["check_need", "check_opening", "check_stages"]


def check_stages(findings: Findings, scenario: Scenario) -> None:
    """`at_close` where it matters, and needs within the largest capacity."""
    causes: dict[str, tuple[str, object]] = {}
    for name, stage in scenario.stages.items():
        where: Path = ("stages", name)
        closing = _what_closes(stage, scenario)
        timed = stage.hours or findings.written(*where, "hours")
        may_pause = bool(timed) or findings.written(*where, "closures")
        if closing and stage.at_close is None:
            hint = f"{closing}: say whether trucks being served then are finished or wait "
            hint += "for the next opening"
            if not may_pause:
                # Only what stops the stage stops its work: do not offer what is refused below.
                hint = f"{closing}: trucks being served then are finished; for work that waits for "
                hint += "the next opening give the stage `hours` and write `at_close: pause`"
            finish = "`at_close: finish`"
            findings.error(
                (*where, "at_close"),
                "at-close",
                f"{finish} or `at_close: pause`" if may_pause else finish,
                hint,
                "no `at_close`",
            )
        _check_attended(findings, where, stage, scenario)
        if stage.at_close == "pause" and not (may_pause or stage.attended):
            findings.error(
                (*where, "at_close"),
                "at-close",
                "hours or closures for a stage that pauses",
                "a roster does not stop work that has begun: write `finish`, give the stage the "
                "calendar as hours, or write attended: true: then it does",
            )
        if stage.last_entry and not timed:
            expected = "`hours` for a stage with a last entry"
            findings.error((*where, "last_entry"), "last-entry", expected)
        for resource, take in stage.takes.items():
            check_need(findings, (*where, "takes", resource), take.count, scenario, resource)
        for resource, amount in stage.spends.items():
            check_need(findings, (*where, "spends", resource), amount.count, scenario, resource)
        for number, closure in enumerate(stage.closures):
            words = (closure.every, closure.lasts)
            known = causes.setdefault(closure.name, (name, words))
            if known[1] != words:
                findings.error(
                    (*where, "closures", number, "name"),
                    "closure",
                    f"the same times for {closure.name} as at stage {known[0]}",
                    "stages that name the same cause are closed together; another cause needs "
                    "another name",
                )


def _check_attended(findings: Findings, where: Path, stage: Stage, scenario: Scenario) -> None:
    if not stage.attended:
        return
    if stage.at_close == "finish":
        expected = "`at_close: pause` for a stage whose work waits for its officers"
        findings.error((*where, "attended"), "attended", expected, "`finish` means it never waits")
    known = [scenario.resources[name] for name in stage.takes if name in scenario.resources]
    for name in stage.takes:
        resource = scenario.resources.get(name)
        if resource and any(some.work != "finished" for some in resource.breakdowns):
            findings.error(
                (*where, "attended"),
                "attended",
                f"either `attended` or breakdowns of {name} that stop the work",
                f"work that is attended waits for {name} anyhow; take out one of the two",
            )
    if not any(resource.calendar or resource.roster or resource.breakdowns for resource in known):
        expected = "a stage that takes servers with a calendar, a roster or breakdowns"
        hint = "the work waits for those that it takes; here they are always there"
        findings.error((*where, "attended"), "attended", expected, hint)


def _what_closes(stage: Stage, scenario: Scenario) -> str:
    if stage.hours:
        return "the stage has hours"
    if stage.closures:
        return "the stage has closures"
    for name in stage.takes:
        resource = scenario.resources.get(name)
        if resource is None:
            continue
        # Breakdowns that stop the work say themselves what becomes of it.
        breaks = any(each.work == "finished" for each in resource.breakdowns)
        causes = {
            "calendar": resource.calendar,
            "roster": resource.roster,
            "breakdowns": breaks,
        }
        why = next((cause for cause, there in causes.items() if there), "")
        if why:
            return f"{name} has a {why}".replace("a breakdowns", "breakdowns")
    return ""


def check_need(
    findings: Findings, path: Path, count: int | str, scenario: Scenario, name: str
) -> None:
    """Note a fault if so many are more than the resource ever has."""
    resource = scenario.resources.get(name)
    if resource is None or resource.kind == "store":
        return
    need = resource.largest if count == "all" else int(count)
    if need > resource.largest or need == 0:
        findings.error(
            path,
            "need",
            f"at most the {resource.largest} that {name} ever has",
            "a truck that needs more would wait for ever",
            f"a need of {need}" if need else f"all of {name}, which is none",
        )


def check_opening(findings: Findings, scenario: Scenario, hours: Hours) -> None:
    """Some second of the run in which each stage is open with every need within capacity."""
    for name, stage in scenario.stages.items():
        admits = hours.admits(name)
        if admits is None:
            continue
        if not len(admits):
            _never_open(findings, ("stages", name), stage, hours.works(name))
            continue
        for resource, count in needs(stage, scenario):
            enough = hours.there(resource, count)
            if enough is None:
                continue
            path: Path = ("stages", name, "takes", resource)
            if not len(enough):
                expected = f"no more than {resource} has at one time in the period"
                hint = "shifts that never work together do not add up"
                findings.error(path, "need", expected, hint, f"a need of {count}")
                break
            admits = intersect(admits, enough)
            if not len(admits):
                expected = f"a stage that is open while {resource} is staffed"
                hint = "the hours of the stage and of what it takes never meet in the period"
                findings.error(path, "never-open", expected, hint, f"`{resource}`", key=True)
                break


def _never_open(findings: Findings, where: Path, stage: Stage, hours: Intervals | None) -> None:
    if hours is not None and len(hours) and stage.last_entry:
        expected = "a last entry shorter than the hours"
        findings.error((*where, "last_entry"), "never-open", expected)
        return
    several = "these calendars are never open together" if len(stage.hours) > 1 else ""
    findings.error(
        (*where, "hours"),
        "never-open",
        "hours that are open at some time of the period",
        several or "look at its hours, valid_from, valid_to, closed dates and holidays",
        f"`{', '.join(stage.hours)}`, never open",
    )
