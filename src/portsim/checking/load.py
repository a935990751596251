"""From a scenario file to a validated scenario: read, validate, hold the parts together.

Every fault that can be found is reported at once. Nothing is simulated here.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from portsim.checking.attached import attach
from portsim.checking.channels import check_channels
from portsim.checking.draws import check_draws
from portsim.checking.duty import check_duty
from portsim.checking.findings import Findings
from portsim.checking.fitting import MISFIT, check_loads
from portsim.checking.hours import Hours
from portsim.checking.laid_on import check_laid_on
from portsim.checking.mending import mended, without_echoes
from portsim.checking.money import check_money
from portsim.checking.names import check_names
from portsim.checking.needs import check_opening, check_stages
from portsim.checking.observed import check_observed
from portsim.checking.recorded import check_recorded
from portsim.checking.routes import check_routes, check_traffic
from portsim.checking.unmet import check_unmet
from portsim.checking.zones import check_holidays, check_zones
from portsim.errors import Fault, ScenarioError
from portsim.scenario.faults import faults_from
from portsim.scenario.merging import Tree, read_tree_and_faults
from portsim.scenario.model import Scenario
from portsim.scenario.origin import Origin

__all__ = ["load", "loads"]


def load(spec: str | Path, *, misfits: bool = False) -> Scenario:
    """Read a scenario file, or a stack of overlays, and check all of it.

    Args:
        spec: path of a YAML file, or ``base.yaml+overlay.yaml``.
        misfits: let loads pass that do not fit the lanes of their route, to look at them.

    Returns:
        The scenario; `scenario.origin` knows where each value stands and what was warned of.

    Raises:
        ScenarioError: every fault of the files, each with file, line and a hint.
    """
    return loads(*read_tree_and_faults(spec), misfits=misfits)


def loads(tree: Tree, known: Iterable[Fault] = (), *, misfits: bool = False) -> Scenario:
    """Check a tree that has been read; see `load`.

    Args:
        tree: the tree.
        known: faults found while it was read, to be reported with the others.
        misfits: as for `load`.
    """
    faults = list(known)
    try:
        scenario = Scenario.model_validate(tree.data)
    except ValidationError as error:
        faults += faults_from(error, tree, Scenario)
        rest, touched = mended(tree)
        if rest is not None:
            lost = any(len(path) == 1 for path in touched)
            faults += without_echoes(_check(tree, rest, lost)[0].faults, touched)
        raise ScenarioError(_in_order(tree, faults)) from None
    findings, origin = _check(tree, scenario)
    faults += [f for f in findings.faults if not (misfits and f.code == MISFIT)]
    if faults:
        raise ScenarioError(_in_order(tree, faults))
    warnings = [fault for fault in findings.warnings if not _left_over(tree, fault)]
    return scenario.from_origin(replace(origin, warnings=_in_order(tree, warnings)))


def _left_over(tree: Tree, fault: Fault) -> bool:
    """Whether something of the base is not used any more: a policy that goes another way means it.

    What the base itself does not use is said of the base.
    """
    return (
        tree.base is not None
        and fault.code in ("unused", "unvisited")
        and fault.file != tree.files[-1]
    )


def _check(tree: Tree, scenario: Scenario, lost: bool = False) -> tuple[Findings, Origin]:
    """Everything that the parts of a scenario say about each other."""
    findings = Findings(tree, lost)
    good_zones = check_zones(findings, scenario)
    check_holidays(findings, scenario)
    # A wrong zone is one fault, not one more in each row of a file.
    origin = attach(findings, scenario.timezone if good_zones else "UTC")
    if good_zones:
        check_recorded(findings, scenario, origin)
    check_names(findings, scenario)
    check_stages(findings, scenario)
    check_routes(findings, scenario)
    check_channels(findings, scenario)
    check_loads(findings, scenario)
    check_traffic(findings, scenario)
    check_money(findings, scenario)
    check_draws(findings, scenario, origin.observed)
    check_observed(findings, scenario)
    if good_zones and not any(fault.code == "unknown-holiday" for fault in findings.faults):
        hours = Hours(scenario)
        check_opening(findings, scenario, hours)
        if not findings.faults:
            # What is perhaps not meant is told of files that are right otherwise.
            check_duty(findings, scenario, hours)
    if not findings.faults:
        check_unmet(findings, scenario)
        check_laid_on(findings, scenario)
    return findings, origin


def _in_order(tree: Tree, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(dict.fromkeys(faults), key=_place_in(tree)))


def _place_in(tree: Tree) -> Callable[[Fault], tuple[int, int, int]]:
    order = {file: number for number, file in enumerate(tree.files)}

    def place(fault: Fault) -> tuple[int, int, int]:
        return order.get(fault.file, len(order)), fault.line, fault.column

    return place
