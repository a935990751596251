"""Checks of servers opened by the queue: the queues are there, and what takes such servers can."""

from portsim.checking.findings import Findings, Path
from portsim.scenario.model import Scenario

__all__ = ["check_opens"]


def check_opens(findings: Findings, scenario: Scenario) -> None:
    """The stages that are watched exist and are passed; whoever takes such servers may do so."""
    visited = scenario.traffic.visited
    for name, resource in scenario.resources.items():
        if resource.opens is None:
            continue
        for stage in resource.opens.when_waiting:
            path: Path = ("resources", name, "opens", "when_waiting", stage)
            known = findings.known(path, stage, scenario.stages, "stage", key=True)
            if known and stage not in visited:
                expected = "a stage that some route passes"
                findings.error(path, "opens", expected, "nobody ever waits there", key=True)
        _check_takers(findings, scenario, name)


def _check_takers(findings: Findings, scenario: Scenario, name: str) -> None:
    for key, stage in scenario.stages.items():
        if name not in stage.takes:
            continue
        if stage.takes[name].count == "all":
            findings.error(
                ("stages", key, "takes", name),
                "opens",
                f"a number of {name}, some of which the queue opens",
                "nobody knows beforehand how many all of them are; write how many it takes",
                "`all`",
            )
        if stage.attended:
            findings.error(
                ("stages", key, "attended"),
                "opens",
                f"work that does not wait for {name}, some of which the queue opens",
                "its hours would depend on the queue; extra servers finish what they hold: take "
                "out attended, or opens",
            )
