"""Checks of observed figures: the measure, its place and its classes must exist in the results."""

import datetime as dt
import re
from collections.abc import Collection

from portsim.checking.findings import Findings, Path
from portsim.reading.text import nearest, short
from portsim.scenario.measured import OF_STAFF, UNITS, unit_of
from portsim.scenario.model import Scenario
from portsim.scenario.observed import Observed

__all__ = ["check_observed"]

_OF_RESOURCES = OF_STAFF | {
    *("utilisation", "load", "overtime_h_per_day", "available_h_per_day"),
}
_OF_STAGES = frozenset(
    {
        *("throughput_per_day", "diverted", "given_up", "queue_mean", "queue_max"),
        *("wait_open_mean_h", "wait_closed_mean_h", "service_mean_h", "paused_mean_h"),
        *("blocked_mean_h", "stay_mean_h", "stay_p50_h", "stay_p95_h"),
    }
)
_OF_THE_PORT = frozenset(UNITS) - (_OF_RESOURCES - OF_STAFF) - {"blocked_mean_h"}
_OF_MONTHS = frozenset({"throughput_per_day", "completed_within_limit"})
_OF_ALL_ONLY = _OF_RESOURCES | {"capacity_per_day"}
_FLOWS = frozenset(
    {
        *("arrived", "released", "diverted", "given_up", "throughput_per_day"),
        *("throughput_tonnes_per_day", "throughput_value_per_day", "residents_per_day"),
    }
)
"""Measures that may be summed over classes: counts and amounts, never means or quantiles."""
_FORMER = {"throughput_cny_per_day": "throughput_value_per_day"}
"""Measures that had other names."""
_MONTH = re.compile(r"([a-z0-9_]+)\[(\d{4}-\d{2})\]")


def check_observed(findings: Findings, scenario: Scenario) -> None:
    """Each figure has a name of its own and a row in the results of this scenario."""
    seen: set[str] = set()
    months = _months(scenario)
    for number, one in enumerate(scenario.observed):
        path: Path = ("observed", number)
        if one.name in seen:
            expected = "a name of its own for each figure"
            findings.error((*path, "name"), "name-twice", expected, found=f"`{one.name}` again")
        seen.add(one.name)
        base = _check_measure(findings, scenario, one, months, (*path, "measure"))
        if base:
            _check_place(findings, scenario, one, base, path)
            _check_total(findings, one, path)
        _check_classes(findings, scenario, one, base, path)


def _check_measure(
    findings: Findings, scenario: Scenario, one: Observed, months: Collection[str], path: Path
) -> str:
    """The measure without its month; empty if there is no such measure."""
    monthly = _MONTH.fullmatch(one.measure)
    base = monthly[1] if monthly else one.measure
    if base not in UNITS:
        near = _FORMER.get(base) or nearest(base, UNITS)
        hint = f"did you mean `{near}`?" if near else f"measures are {', '.join(UNITS)}"
        expected = "the name of a measure in summary.csv"
        findings.error(path, "unknown-measure", expected, hint, f"`{short(one.measure)}`")
        return ""
    if monthly is None:
        return base
    if base not in _OF_MONTHS:
        expected = f"a measure without a month; months have {' and '.join(sorted(_OF_MONTHS))}"
        findings.error(path, "month", expected, found=f"`{short(one.measure)}`")
        return ""
    if monthly[2] not in months:
        expected = f"a month of the period, {scenario.period.from_} to {scenario.period.to}"
        findings.error(path, "month", expected, found=f"`{monthly[2]}`")
        return ""
    return base


def _months(scenario: Scenario) -> set[str]:
    first, last = scenario.period.from_, scenario.period.to
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return {f"{day:%Y-%m}" for day in days}


def _check_place(
    findings: Findings, scenario: Scenario, one: Observed, base: str, path: Path
) -> None:
    where = (*path, "place") if findings.written(*path, "place") else path
    kinds = {
        "the whole port": ("", base in _OF_THE_PORT),
        "a stage": (scenario.stages, base in _OF_STAGES and base == one.measure),
        "a resource": (scenario.resources, base in _OF_RESOURCES),
    }
    may = [what for what, (_, there) in kinds.items() if there]
    if not one.place:
        if base not in _OF_THE_PORT:
            hint = f"write place: with the name of {' or '.join(may)}"
            findings.error(where, "place", f"{' or '.join(may)} for `{one.measure}`", hint)
        return
    places = [*scenario.stages, *scenario.resources]
    if not _known(findings, where, one.place, places, "stages", "resources"):
        return
    kind = "a stage" if one.place in scenario.stages else "a resource"
    if kind not in may:
        hint = 'leave place: out, or write ""' if "the whole port" in may else ""
        expected = f"{' or '.join(may)} for `{one.measure}`"
        findings.error(where, "place", expected, hint, f"`{one.place}`, {kind}")


def _check_total(findings: Findings, one: Observed, path: Path) -> None:
    if one.total and not unit_of(one.measure).endswith("/d"):
        per_day = ", ".join(name for name, unit in UNITS.items() if unit.endswith("/d"))
        findings.error(
            (*path, "total"),
            "total",
            "`total` only with a measure per day",
            f"measures per day are {per_day}",
            f"`{one.measure}`, which is not per day",
        )


def _check_classes(
    findings: Findings, scenario: Scenario, one: Observed, base: str, path: Path
) -> None:
    classes = scenario.traffic.classes
    choices: Collection[str] = ("all", *scenario.traffic.directions, *classes)
    if not one.classes:
        where = (*path, "class") if findings.written(*path, "class") else path
        known = _known(findings, where, one.class_, choices, "traffic")
        if known and base in _OF_ALL_ONLY and one.class_ != "all":
            expected = f"`all`: `{one.measure}` is not told apart by class"
            findings.error(where, "class", expected, found=f"`{one.class_}`")
        if known:
            _check_rows(findings, scenario, one, base, where)
        return
    for number, name in enumerate(one.classes):
        where = (*path, "classes", number)
        _known(findings, where, name, list(classes), "traffic")
        if name in one.classes[:number]:
            findings.error(where, "class", "each class once", found=f"`{name}` again")
    if base and (base not in _FLOWS or one.place):
        expected = f"measures of the port that can be summed: {', '.join(sorted(_FLOWS))}"
        hint = "write one figure for each class"
        found = f"`{one.measure}` of several classes" + (" at a place" if one.place else "")
        findings.error((*path, "classes"), "class", expected, hint, found, key=True)


def _check_rows(
    findings: Findings, scenario: Scenario, one: Observed, base: str, where: Path
) -> None:
    """A known class may yet have no such figure: off its route, or of others' oversized loads."""
    priced = [name for name, r in scenario.resources.items() if r.cost_per_staffed_hour is not None]
    if base == "staff_cost_per_day" and not (one.place in priced if one.place else priced):
        expected = "servers with a `cost_per_staffed_hour`, for a cost of staffed hours"
        findings.error((*where[:2], "measure"), "measure", expected, found=f"`{one.measure}`")
    classes, found = scenario.traffic.classes, f"`{one.class_}`"
    if one.place in scenario.stages and not scenario.traffic.passes(one.class_, one.place):
        expected = f"a class with `{one.place}` in its route"
        findings.error(where, "class", expected, found=found)
    if base == "completion_ceiling" and scenario.completion.from_ != "arrival":
        expected = "a clock of the promise that starts at the arrival, for a ceiling"
        findings.error(where, "measure", expected, found=f"`from: {scenario.completion.from_}`")
    if base.startswith("oversized_"):
        big = {name for name, cls in classes.items() if cls.dimensions is not None}
        others = {g for name in classes.keys() - big for g in (name, classes[name].direction)}
        if not big or one.class_ not in {"all", *others} or not others:
            expected = "a class without `dimensions` beside one that has them"
            findings.error(where, "class", expected, found=found)


def _known(
    findings: Findings, where: Path, name: str, choices: Collection[str], *sections: str
) -> bool:
    """Note a fault unless the name is a choice, or its own entry is at fault already."""
    if name in choices:
        return True
    lost = not any(findings.written(section) for section in sections)
    if not lost and not any(findings.written(section, name) for section in sections):
        near = nearest(name, choices)
        hint = f"did you mean `{near}`?" if near else f"known: {', '.join(choices) or 'none'}"
        of_traffic = sections == ("traffic",)
        code, what = ("class", "class") if of_traffic else ("place", "stage or a resource")
        found = f"`{short(name)}`"
        findings.error(where, f"unknown-{code}", f"the name of a {what}", hint, found)
    return False
