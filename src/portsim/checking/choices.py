"""Checks of choices: every way that a truck may choose can be gone, and none leaves a trace."""

from collections.abc import Iterator

from portsim.checking.findings import Findings, Path
from portsim.checking.routes import check_other_way
from portsim.scenario.model import Scenario
from portsim.scenario.stages import Stage
from portsim.scenario.traffic import Step

__all__ = ["check_choices"]


def check_choices(findings: Findings, scenario: Scenario) -> None:
    """Stages among which trucks choose, and servers that do in place of others."""
    for name, cls in scenario.traffic.classes.items():
        for number, step in enumerate(cls.route):
            if not step.others:
                continue
            path: Path = ("traffic", name, "route", number)
            path = (*path, "overflow", "to") if step.overflow else (*path, "or_shorter")
            _check_step(findings, scenario, path, step)
            if all(other.stage in scenario.stages for other in cls.route):
                for other_stage in step.others:
                    if other_stage in scenario.stages:
                        other = cls.with_other(number, other_stage)
                        check_other_way(findings, scenario, ("traffic", name), other)
    for name, stage in scenario.stages.items():
        if stage.instead_of:
            _check_servers(findings, scenario, ("stages", name, "instead_of"), name, stage)


def _check_step(findings: Findings, scenario: Scenario, path: Path, step: Step) -> None:
    known = {step.stage}
    for number, stage in enumerate(step.others):
        place = path
        if step.or_shorter is not None:
            listed = (*path, "of") if findings.written(*path, "of") else path
            place = findings.item(listed, number)
        if not findings.known(place, stage, scenario.stages, "stage"):
            continue
        if stage in known:
            expected = f"other stages than {step.stage}, each once"
            findings.error(place, "choice", expected, found=f"`{stage}`")
        known.add(stage)
        if scenario.stages[stage].convoy is not None:
            expected = "a stage that trucks do not leave in convoys"
            findings.error(place, "choice", expected, found=f"`{stage}`")
    ways = 1 + len(step.others)
    if step.or_shorter is not None and (step.or_shorter.sight or 0) > ways:
        findings.error(
            (*path, "sight"),
            "choice",
            f"at most {ways}, which are all of them",
            "leave it out where trucks see all",
        )
    names = [name for name in (step.stage, *step.others) if name in scenario.stages]
    between = f"{step.stage} and {', '.join(step.others)}"
    for name in dict.fromkeys(names):
        for resource, take in scenario.stages[name].takes.items():
            if take.until != "end":
                findings.error(
                    ("stages", name, "takes", resource, "until"),
                    "choice",
                    f"`end`, since trucks choose between {between}",
                    "what a truck keeps would depend on its choice; take out until, or the choice",
                    f"`{take.until}`",
                )
        if scenario.stages[name].instead_of:
            findings.error(
                ("stages", name, "instead_of"),
                "choice",
                f"either servers in place of others, or a choice between {between}",
                "a truck chooses once",
                key=True,
            )


def _check_servers(
    findings: Findings, scenario: Scenario, path: Path, name: str, stage: Stage
) -> None:
    for word in _beside(scenario, name, stage):
        findings.error(
            path,
            "choice",
            "a stage that neither claims, nor lets overtake, nor is attended",
            "what its next truck needs could not be told; take out one of the two",
            f"`instead_of`, and {word}",
            key=True,
        )
    for first, others in stage.instead_of.items():
        place: Path = (*path, first)
        if findings.known(place, first, stage.takes, "server taken here", key=True):
            take = stage.takes[first]
            if take.until != "end" or take.count == "all":
                findings.error(
                    ("stages", name, "takes", first),
                    "choice",
                    "a number of servers until the end of the work",
                    "which of them a truck has it knows only when it is admitted",
                )
        for other in others:
            here: Path = (*place, other)
            if not findings.known(here, other, scenario.resources, "resource", key=True):
                continue
            resource = scenario.resources[other]
            if resource.kind != "servers" or other in stage.takes:
                expected = f"other servers than {', '.join(stage.takes)}"
                findings.error(here, "choice", expected, found=f"`{other}`", key=True)
            elif first in stage.takes and isinstance(stage.takes[first].count, int):
                count = stage.takes[first].count
                if isinstance(count, int) and count > resource.largest:
                    expected = f"a resource of {count} or more"
                    hint = f"as many are taken as of {first}"
                    findings.error(here, "choice", expected, hint, f"{resource.largest}", key=True)


def _beside(scenario: Scenario, name: str, stage: Stage) -> Iterator[str]:
    for word in ("claims", "overtaking", "attended"):
        if getattr(stage, word):
            yield f"`{word}`"
    for key, cls in scenario.traffic.classes.items():
        if cls.urgent and any(name in (step.stage, *step.others) for step in cls.route):
            yield f"{key}, which are `urgent`"
