"""All doubts about one scenario, gathered: alone, against its base, and against a baseline."""

from portsim.checking import loads
from portsim.checking.findings import Findings
from portsim.doubts.against import check_against
from portsim.doubts.effect import check_effect
from portsim.doubts.tolerances_and_breakdowns import check_drawn
from portsim.errors import Fault, ScenarioError
from portsim.scenario.current import current
from portsim.scenario.model import Scenario

__all__ = ["base_of", "doubts"]

_TITLES = ("name", "label", "summary", "role")


def doubts(scenario: Scenario, baseline: Scenario | None = None) -> tuple[Fault, ...]:
    """What is perhaps not meant, beyond what `portsim.load` warned of already.

    Args:
        scenario: a port or a policy.
        baseline: what its results will be held against, if they are.

    Returns:
        Warnings, each with place and hint. Whether a policy has an effect is judged by the trucks
        of three replications, at four times the demand.
    """
    findings = Findings(current(scenario)[0])
    check_drawn(findings, scenario)
    base = base_of(scenario)
    if base is not None:
        check_against(findings, scenario, base)
        check_effect(findings, scenario, base)
    if baseline is not None and not _alike(scenario, baseline):
        if base is None or not _alike(base, baseline):
            check_against(findings, scenario, baseline)
            check_effect(findings, scenario, baseline, keys=False)
    elif baseline is not None and scenario is not baseline:
        check_effect(findings, scenario, baseline, keys=False)
    warned = {fault.path for fault in scenario.origin.warnings if fault.code == "unmet"}
    distinct: dict[tuple[str, str], Fault] = {}
    for fault in findings.warnings:
        if not (fault.code == "no-effect" and fault.path in warned):
            distinct.setdefault((fault.code, fault.path), fault)
    return tuple(distinct.values())


def base_of(scenario: Scenario) -> Scenario | None:
    """What a policy is laid on; None for a port of its own, or if that is no whole scenario."""
    tree = scenario.origin.tree
    if tree is None or tree.base is None:
        return None
    try:
        return loads(tree.base)
    except ScenarioError:
        return None


def _alike(scenario: Scenario, other: Scenario) -> bool:
    """Whether two scenarios say the same, whatever they are called."""
    return scenario.model_dump(exclude={*_TITLES}) == other.model_dump(exclude={*_TITLES})
