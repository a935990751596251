"""Doubts about a policy as it is laid on its base: what it took away without saying so.

Only what is written is compared; whether it changes any figure is seen elsewhere.
"""

from typing import Any

from portsim.checking.findings import Findings
from portsim.scenario.model import Scenario

__all__ = ["check_laid_on"]


def check_laid_on(findings: Findings, scenario: Scenario) -> None:
    """Stages that a route has lost since a list replaced it whole."""
    base = findings.tree.base
    traffic = base.data.get("traffic") if base is not None else None
    if base is None or not isinstance(traffic, dict):
        return
    for name, cls in scenario.traffic.classes.items():
        path = ("traffic", name, "route")
        old = traffic[name].get("route") if isinstance(traffic.get(name), dict) else None
        # A route changed step by step keeps its place in the base.
        if not isinstance(old, list) or findings.tree.places[path] == base.places[path]:
            continue
        passed = {step.stage for step in cls.route}
        lost = [
            stage
            for stage in dict.fromkeys(map(_stage, old))
            if stage not in passed and stage in scenario.stages
        ]
        if lost:
            taken = ", ".join(f"{stage}: null" for stage in lost)
            kept = next(iter(cls.route)).stage
            findings.warn(
                path,
                "lost-stages",
                "a route that still passes the stages of its base",
                f"a list replaces the whole route; to change one step write route: {{{kept}: "
                f"{{share: 0.2}}}}, to take these out on purpose route: {{{taken}}}",
                f"a route of {name} without {', '.join(lost)}",
            )


def _stage(step: Any) -> str:
    """Name of the stage of a step as written."""
    return str(step.get("stage")) if isinstance(step, dict) else str(step)
