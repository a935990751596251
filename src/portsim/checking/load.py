"""From a scenario file to a validated scenario: read, validate, hold the parts together.

Every fault that can be found is reported at once. Nothing is simulated here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any, Self, TypeAlias, TypeVar

from pydantic import ValidationError

from portsim.checking.attached import attach
from portsim.checking.changing import changed, given, spec_of, told
from portsim.checking.channels import check_channels
from portsim.checking.choices import check_choices
from portsim.checking.draws import check_draws
from portsim.checking.duty import check_duty
from portsim.checking.expanding import expand
from portsim.checking.findings import Findings
from portsim.checking.fitting import MISFIT, check_loads
from portsim.checking.handover import check_handover
from portsim.checking.hours import Hours
from portsim.checking.laid_on import check_laid_on
from portsim.checking.mending import mended, without_echoes
from portsim.checking.money import check_money, check_value_of_time
from portsim.checking.names import check_names
from portsim.checking.needs import check_opening, check_stages
from portsim.checking.observed import check_observed
from portsim.checking.opens import check_opens
from portsim.checking.papers import check_papers
from portsim.checking.period import check_period
from portsim.checking.possible import with_inside
from portsim.checking.ranks import check_ranks
from portsim.checking.recorded import check_recorded
from portsim.checking.routes import check_routes, check_traffic
from portsim.checking.shifts import check_shifts, check_uncovered
from portsim.checking.slots import check_slots
from portsim.checking.values_never_met import check_unmet
from portsim.checking.zones import check_holidays, check_zones
from portsim.errors import Fault, ScenarioError
from portsim.reading.merging import Tree, read_tree_and_faults
from portsim.reading.nodes import Node
from portsim.reading.text import dotted
from portsim.scenario import model
from portsim.scenario.current import current, unchanged
from portsim.scenario.identity import key
from portsim.scenario.origin import Origin
from portsim.scenario.validation_messages import faults_from
from portsim.scenario.writing import as_yaml, beside

__all__ = ["Scenario", "Spec", "assured", "load", "loads", "read_in"]

S = TypeVar("S", bound=model.Scenario)


class Scenario(model.Scenario):
    """A port, its traffic and the period of a study: immutable, and all that a run depends on.

    `portsim.load` reads one from files, `from_dict` from values in Python; `replace` makes another
    one of it. Its fields are the sections of the scenario language.
    """

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, folder: str | Path = ".") -> Self:
        """A scenario from plain values, checked like a file.

        Args:
            values: what a file says as YAML would give it: mappings, lists, texts with units,
                numbers, booleans, dates. ``extends``, ``null`` and annotated values
                ``{"value": …, "source": …}`` mean what they mean in a file; there is no file
                whose name could stand for a missing ``name``.
            folder: attached files and bases are named relative to it.

        Raises:
            ScenarioError: every fault of the values, each with its dotted path, and of the files
                that they name.
            InputError: something among them can stand in no file.
        """
        return _loaded(cls, *given(values, folder))

    def replace(self, values: Mapping[str, Any], *, name: str | None = None) -> Self:
        """Another scenario with other values at some places, checked in whole like a file.

        Args:
            values: by dotted path, e.g. ``resources.clerks.capacity`` or
                ``traffic.exports.route[2].share``, what stands there instead, written as in YAML:
                numbers, texts with their unit, lists, mappings. None takes a value out; a value
                with its source is ``{"value": …, "source": …, "confidence": …}``. Paths are those
                of the files or those that `portsim show` prints, and of sweeps.
            name: of the new scenario; its own name stays if None.

        Returns:
            The new scenario. The source of a replaced value is "set in Python" unless it brings
            one along; this scenario stays as it is.

        Raises:
            ScenarioError: there is no such path, or the values are refused, alone or beside the
                others; each fault says which values were tried.
            InputError: a value can stand in no file.
        """
        tree, _ = current(self)
        wanted = dict(values) if name is None else {**values, "name": name}
        return _loaded_with(type(self), changed(tree, wanted), spec_of(tree), values)

    def to_yaml(self, folder: str | Path | None = None) -> str:
        """The text of a scenario file without bases that says the same, with the sources it knows.

        Args:
            folder: where the file will stand: names of attached files become relative to it. They
                stay as they are if None, relative to the files in which they stand.

        Returns:
            YAML 1.2. Read again beside its attached files, it gives the same scenario: the same
            runs, journals and results.
        """
        tree, _ = current(self)
        return as_yaml(tree if folder is None else beside(tree, Path(folder)))

    def __repr__(self) -> str:
        return (
            f"<Scenario {self.name}: {self.period.text}; stages: {len(self.stages)}, "
            f"resources: {len(self.resources)}, classes: {len(self.traffic.classes)}>"
        )

    __str__ = __repr__

    def _repr_html_(self) -> str:
        rows = {
            "period": f"{self.period.text}, {self.timezone}",
            "stages": ", ".join(self.stages),
            "resources": ", ".join(self.resources),
            "classes of trucks": ", ".join(self.traffic.classes),
            "calendars": ", ".join(self.calendars),
        }
        cells = "".join(
            f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in rows.items()
        )
        head = f"<b>{escape(self.name)}</b> {escape(self.summary)}"
        return f"<p>{head}</p><table>{cells}</table>"


_AHEAD_S = 4 * 604_800
"""So far ahead a stage must be open at some time, however short the period."""
Spec: TypeAlias = str | Path | Scenario
"""A scenario, or its file, or a stack of overlays: ``base.yaml+overlay.yaml``."""


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


def read_in(*specs: Spec) -> list[Scenario]:
    """Scenarios, checked, or what files or stacks of overlays say; no file is read twice.

    Raises:
        ScenarioError: as `load`, with the faults of all of them.
    """
    files: dict[str, Node] = {}
    scenarios: list[Scenario] = []
    faults: dict[Fault, None] = {}
    for spec in specs:
        try:
            scenarios.append(
                loads(*read_tree_and_faults(spec, files=files))
                if isinstance(spec, str | Path)
                else assured(spec)
            )
        except ScenarioError as error:
            faults |= dict.fromkeys(error.faults)
    if faults:
        raise ScenarioError(faults)
    return scenarios


def loads(tree: Tree, known: Iterable[Fault] = (), *, misfits: bool = False) -> Scenario:
    """Check a tree that has been read; see `load`.

    Args:
        tree: the tree.
        known: faults found while it was read, to be reported with the others.
        misfits: as for `load`.
    """
    return _loaded(Scenario, tree, known, misfits=misfits)


def assured(scenario: S) -> S:
    """A scenario as it is now, checked in whole.

    One that is as it was read is given back at once. One that was made or changed by other means,
    such as pydantic's ``model_validate`` or ``model_copy``, is checked like a file, and the files
    that it names are read.

    Raises:
        ScenarioError: its values are refused; each fault says what was changed.
        InputError: something in it can stand in no scenario.
    """
    if unchanged(scenario):
        return scenario
    tree, values = current(scenario)
    words = {dotted(path): value for path, value in values.items()}
    return _loaded_with(type(scenario), tree, spec_of(tree), words)


def _loaded_with(kind: type[S], tree: Tree, spec: str, values: Mapping[str, Any]) -> S:
    """A tree with other values than were read from a file."""
    try:
        return _loaded(kind, tree)
    except ScenarioError as error:
        if not values:
            raise
        raise ScenarioError(list(told(error, spec, values))) from None


def _loaded(kind: type[S], tree: Tree, known: Iterable[Fault] = (), *, misfits: bool = False) -> S:
    expanded = expand(tree)
    tree, faults = expanded.tree, [*known, *expanded.faults]
    try:
        scenario = kind.model_validate(tree.data)
    except ValidationError as error:
        faults += faults_from(error, tree, kind)
        rest, touched = mended(tree)
        if rest is not None:
            lost = any(len(path) == 1 for path in touched)
            faults += without_echoes(_check(tree, rest, lost)[0].faults, touched)
        raise ScenarioError(_in_order(tree, expanded.told(faults))) from None
    findings, origin = _check(tree, scenario)
    faults += [f for f in findings.faults if not (misfits and f.code == MISFIT)]
    if faults:
        raise ScenarioError(_in_order(tree, expanded.told(faults)))
    warnings = [fault for fault in expanded.told(findings.warnings) if not _left_over(tree, fault)]
    origin = replace(origin, warnings=_in_order(tree, warnings))
    # With loads that do not fit it may be looked at; to be run it must be checked again.
    checked = "" if misfits else key(scenario.from_origin(origin), {}, translations=True)
    return scenario.from_origin(replace(origin, checked=checked))


def _left_over(tree: Tree, fault: Fault) -> bool:
    """Whether something of the base is not used any more: a policy that goes another way means it.

    What the base itself does not use is said of the base.
    """
    return (
        tree.base is not None
        and fault.code in ("unused", "unvisited")
        and fault.file != tree.files[-1]
    )


def _check(tree: Tree, scenario: model.Scenario, lost: bool = False) -> tuple[Findings, Origin]:
    """Everything that the parts of a scenario say about each other."""
    findings = Findings(tree, lost)
    good_zones = check_zones(findings, scenario)
    check_holidays(findings, scenario)
    # A wrong zone is one fault, not one more in each row of a file.
    origin = attach(findings, scenario.timezone if good_zones else "UTC")
    if good_zones:
        check_period(findings, scenario)
        check_recorded(findings, scenario, origin)
        origin = with_inside(findings, scenario, origin)
    check_names(findings, scenario)
    check_stages(findings, scenario)
    check_opens(findings, scenario)
    check_handover(findings, scenario)
    check_shifts(findings, scenario)
    check_routes(findings, scenario)
    check_papers(findings, scenario)
    check_ranks(findings, scenario)
    check_choices(findings, scenario)
    check_channels(findings, scenario)
    check_slots(findings, scenario)
    check_loads(findings, scenario)
    check_traffic(findings, scenario)
    check_money(findings, scenario)
    check_value_of_time(findings, scenario)
    check_draws(findings, scenario, origin.observed)
    check_observed(findings, scenario)
    if good_zones and not any(fault.code == "unknown-holiday" for fault in findings.faults):
        # Of the next hours a port may be shut for all: that is no slip of the pen.
        short = scenario.inside is not None or not scenario.period.whole_days
        hours = Hours(scenario, _AHEAD_S if short else 0)
        check_opening(findings, scenario, hours)
        if not findings.faults:
            check_uncovered(findings, scenario, hours)
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
