"""Doubts about effects: a policy, or one of its keys, that no plan ever shows.

Two scenarios with the same plans have the same runs, second by second; that is what is looked at.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from pydantic import ValidationError

from portsim.checking.findings import Findings
from portsim.demand import Trucks, draw
from portsim.errors import PortsimError
from portsim.plan import Context, Draft, Plan, Site, Timetable, draft, draft_key, timetable
from portsim.reading.text import dotted
from portsim.scenario.identity import SHOWN
from portsim.scenario.model import Scenario
from portsim.scenario.plain import plain

__all__ = ["check_effect", "idle_keys", "same_plans"]

Path = tuple[str, ...]
_REPLICATIONS = (1, 2, 3)
_MOVE_NONE = SHOWN | {"observed", "shifts", "value_of_time", "replications", "seed", "open_hours"}
_WORDS = {"label", "activity", "side", "cost_per_staffed_hour", "cost_per_overtime_hour"}
_WORDS |= {"cost_per_week", "places", "fits", "dimensions"}
"""What is said for tables, pictures and prices, and what is checked and not run."""
_LATER = {
    *("label", "scale", "priority", "preferred", "patience", "tolerance", "route", "channels"),
    *("dimensions", "rises_every", "urgent"),
}
"""What of a class is asked of trucks that are drawn already."""
_MOST_KEYS = 40
_MOST_NAMED = 6


def check_effect(
    findings: Findings, scenario: Scenario, base: Scenario, *, keys: bool = True
) -> None:
    """Note a policy without any effect, and with `keys` each of its keys that has none."""
    changed = [path for path in _changed(plain(base), plain(scenario)) if _counts(path)]
    if not changed and keys:
        # Who says again what the base says means to pin it down; a comparison would show it.
        return
    if same_plans(scenario, base):
        paths = ", ".join(dotted(path) for path in changed[:_MOST_NAMED])
        findings.warn_of_all(
            "no-effect",
            "a policy that changes something for some truck",
            f"no truck meets what it changes: {paths}" if changed else "both say the same",
            f"the very same plan as under {base.name}",
            base.name,
        )
        return
    for path in idle_keys(scenario, base, changed) if keys else ():
        findings.warn(
            path,
            "no-effect",
            "a value that changes something for some truck",
            f"with the value of {base.name} every truck would fare the same",
            f"`{path[-1]}`, which has no effect",
        )


def same_plans(scenario: Scenario, other: Scenario) -> bool:
    """Whether the trucks of three replications meet the same in both, second by second."""
    try:
        return _Plans(scenario).same(other)
    except (PortsimError, KeyError, ValueError):
        return False


def idle_keys(
    scenario: Scenario, base: Scenario, changed: Iterable[Path] | None = None
) -> list[Path]:
    """The keys that a scenario says otherwise than another, and which change no plan.

    A key is idle if the plan stays the same with the other's value in its place, alone and
    together with all others that are idle. What the scenario only takes away is none.

    Args:
        scenario: the policy.
        base: what it is held against.
        changed: the keys to look at; all in which they differ if None.
    """
    values, base_values = plain(scenario), plain(base)
    if changed is None:
        changed = [path for path in _changed(base_values, values) if _counts(path)]
    candidates = [
        path
        for path in changed
        # Where a stage that never closed comes to, `at_close` must be said, whatever it does.
        if _stands(values, path) and (path[-1] != "at_close" or _stands(base_values, path))
    ][:_MOST_KEYS]
    plans = _Plans(scenario)
    idle = [path for path in candidates if _keeps(plans, _with([path], values, base_values))]
    if len(idle) > 1 and not _keeps(plans, _with(idle, values, base_values)):
        return []
    return idle


def _stands(data: Mapping[str, Any], path: Path) -> bool:
    inside: Any = data
    for part in path:
        if not isinstance(inside, dict) or part not in inside:
            return False
        inside = inside[part]
    return True


def _keeps(plans: "_Plans", data: dict[str, Any]) -> bool:
    """Whether a scenario with other values has the same plans; not if these make no scenario."""
    try:
        other = Scenario.model_validate(data).from_origin(plans.scenario.origin)
        return plans.same(other)
    except (ValidationError, PortsimError, KeyError, ValueError, AssertionError):
        return False


class _Plans:
    """The plans of a scenario, beside which others are laid; drawn and laid out once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._table = timetable(scenario)
        self._trucks: dict[tuple[int, str], Trucks] = {}
        self._drafts: dict[tuple[int, bool, str, str], Draft] = {}

    def same(self, other: Scenario) -> bool:
        """Whether another scenario has the same plans."""
        table = timetable(other)
        if not _equal(self._table, table, ("admits", "works", "steps", "end")):
            return False
        # Most differences show in the trucks that come once, a quarter of those that are drawn.
        looks = [(1, False), *((replication, True) for replication in _REPLICATIONS)]
        return all(self._look(other, table, *look) for look in looks)

    def _look(self, other: Scenario, table: Timetable, replication: int, every: bool) -> bool:
        own, others = (
            self._draft(scenario, replication, every) for scenario in (self.scenario, other)
        )
        if own.trucks.class_names != others.trucks.class_names or not np.array_equal(
            own.trucks.come(self.scenario), others.trucks.come(other)
        ):
            return False
        return _equal_plans(Site(self._table, own).all(), Site(table, others).all())

    def _draft(self, scenario: Scenario, replication: int, every: bool) -> Draft:
        demand = _demand(scenario)
        run = replication, demand
        if run not in self._trucks:
            self._trucks[run] = draw(scenario, self.scenario.seed, replication)
        scales = "" if every else str(_scales(scenario))
        key = replication, every, demand + scales, draft_key(scenario)
        if key not in self._drafts:
            trucks = self._trucks[run] if every else self._trucks[run].at(scenario)
            laid_out = draft(scenario, trucks)
            if scenario is not self.scenario:
                return laid_out
            self._drafts[key] = laid_out
        return self._drafts[key]


def _demand(scenario: Scenario) -> str:
    """What the base trucks depend on: all but what is asked of trucks that are drawn."""
    parts = {"calendars", "period", "timezone", "position", "slots"}
    classes = scenario.traffic.classes.items()
    # Which slots are taken depends on who comes.
    asking = any(cls.arrivals.slots is not None for _, cls in classes)
    return "\n".join(
        [
            scenario.model_dump_json(include=parts),
            scenario.traffic.model_dump_json(include={"day_factor"}),
            str(sorted(scenario.origin.digests.items())),
            str(_scales(scenario) if asking else ""),
            *(f"{name} {cls.model_dump_json(exclude=_LATER)}" for name, cls in sorted(classes)),
        ]
    )


def _scales(scenario: Scenario) -> list[float]:
    traffic = scenario.traffic
    return [traffic.scale, *(traffic.classes[name].scale for name in sorted(traffic.classes))]


def _equal_plans(plan: Plan, other: Plan) -> bool:
    names = [field.name for field in fields(Plan) if field.name != "context"]
    marks = [field.name for field in fields(Context)]
    return _equal(plan, other, names) and _equal(plan.context, other.context, marks)


def _equal(first: Any, second: Any, names: Iterable[str]) -> bool:
    return all(_alike(getattr(first, name), getattr(second, name)) for name in names)


def _alike(first: Any, second: Any) -> bool:
    if isinstance(first, np.ndarray):
        return np.array_equal(first, second)
    if isinstance(first, tuple):
        return len(first) == len(second) and all(map(_alike, first, second))
    if hasattr(first, "__dataclass_fields__"):
        return type(first) is type(second) and _equal(first, second, first.__dataclass_fields__)
    return bool(first == second)


def _counts(path: Path) -> bool:
    return path[0] not in _MOVE_NONE and _WORDS.isdisjoint(path[2:])


def _changed(base: Mapping[str, Any], over: Mapping[str, Any], path: Path = ()) -> Iterator[Path]:
    """Paths of the keys that differ: of things and classes each key, of arrivals each part.

    A thing that only one of them has is no key of a thing.
    """
    for key in dict.fromkeys((*base, *over)):
        value, base_value = over.get(key), base.get(key)
        if value == base_value and type(value) is type(base_value):
            continue
        deeper = not path or len(path) == 1 or (path[0] == "traffic" and key == "arrivals")
        if (
            isinstance(value, dict)
            and isinstance(base_value, dict)
            and deeper
            and _section(path, key)
        ):
            yield from _changed(base_value, value, (*path, key))
        elif len(path) != 1 or path[0] not in ("calendars", "resources", "stages", "traffic"):
            yield (*path, key)


def _section(path: Path, key: str) -> bool:
    return bool(path) or key in ("calendars", "resources", "stages", "traffic")


def _with(
    paths: Iterable[Path], values: Mapping[str, Any], base_values: Mapping[str, Any]
) -> dict[str, Any]:
    """One scenario's values with the other's at some paths."""
    data = copy.deepcopy(dict(values))
    for path in paths:
        inside, other = data, base_values
        for part in path[:-1]:
            inside, other = inside[part], other[part]
        if path[-1] in other:
            inside[path[-1]] = other[path[-1]]
        else:
            inside.pop(path[-1], None)
    return data
