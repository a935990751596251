"""Checks of who goes first: urgent trucks do, and priorities that rise stand beside no claims."""

from collections.abc import Iterator

from portsim.checking.findings import Findings, Path
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import TruckClass

__all__ = ["check_ranks"]


def check_ranks(findings: Findings, scenario: Scenario) -> None:
    """Priorities by stage, that rise, and of urgent trucks, beside whatever else there is."""
    classes = scenario.traffic.classes
    for name, cls in classes.items():
        where: Path = ("traffic", name)
        if cls.urgent:
            _check_urgent(findings, scenario, name, cls)
        if cls.rises_every is not None:
            for claiming in _claims(scenario):
                findings.error(
                    (*where, "rises_every"),
                    "rises",
                    "no trucks that claim servers where priorities rise",
                    "who may claim would change while nothing happens; take out one of the two",
                    claiming,
                    key=True,
                )
        if not any(other.papers for other in classes.values()):
            continue
        words = [(*where, word) for word in ("rises_every", "urgent") if getattr(cls, word)]
        words += [
            (*where, "route", number, "priority")
            for number, step in enumerate(cls.route)
            if step.priority is not None
        ]
        for path in words:
            findings.error(
                path,
                "ranks",
                "one priority for each class where trucks have papers",
                "papers go by the priority of their truck, whatever the stage; take out one of "
                "the two",
                f"`{path[-1]}`, and papers",
                key=True,
            )


def _claims(scenario: Scenario) -> Iterator[str]:
    for name, stage in scenario.stages.items():
        if stage.claims:
            yield f"`rises_every`, and `claims` of {name}"
    for name, cls in scenario.traffic.classes.items():
        if cls.urgent:
            yield f"`rises_every`, and {name}, which are `urgent`"


def _check_urgent(findings: Findings, scenario: Scenario, name: str, cls: TruckClass) -> None:
    """Urgent trucks have a smaller priority than whoever may take the same servers."""
    wanted = _at_stages(cls)
    servers = {
        resource: stage
        for stage in wanted
        if stage in scenario.stages
        for resource in scenario.stages[stage].takes
    }
    for other, words in scenario.traffic.classes.items():
        if words.urgent:
            continue
        for stage, first in _at_stages(words).items():
            takes = scenario.stages[stage].takes if stage in scenario.stages else {}
            shared = next((resource for resource in takes if resource in servers), None)
            if shared is None or max(wanted[servers[shared]]) < min(first):
                continue
            findings.error(
                ("traffic", name, "urgent"),
                "urgent",
                "a priority before that of all others that take the same servers",
                f"give it e.g. priority: {min(first) - 1}: servers are kept from those that go "
                "after it",
                f"priority {max(wanted[servers[shared]])}, and {min(first)} of {other} at {stage}",
                key=True,
            )
            return


def _at_stages(cls: TruckClass) -> dict[str, set[int]]:
    """The priorities with which trucks of a class come to each stage of their route."""
    priorities: dict[str, set[int]] = {}
    words = cls.preferred
    for step in cls.route:
        for stage in (step.stage, *step.others):
            here = priorities.setdefault(stage, set())
            here.add(cls.priority if step.priority is None else step.priority)
            if words is not None:
                here.add(cls.priority if words.priority is None else words.priority)
    return priorities
