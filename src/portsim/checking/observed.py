"""Checks of observed figures: the measure, its place and its classes must exist in the results."""

import datetime as dt
from collections.abc import Collection

from portsim.checking.findings import Findings, Path
from portsim.reading.text import nearest, short
from portsim.scenario.measure_catalogue import (
    MEASURES,
    STAFF_COST,
    TIME_COST,
    TOTAL_COST,
    WAITING_COST,
    Measure,
    named,
)
from portsim.scenario.model import Scenario
from portsim.scenario.observed import Observed

__all__ = ["check_observed"]

_FORMER = {"throughput_cny_per_day": "throughput_value_per_day"}
"""Measures that had other names."""


def check_observed(findings: Findings, scenario: Scenario) -> None:
    """Each figure has a name of its own and a row in the results of this scenario."""
    seen: set[str] = set()
    months = _months(scenario)
    for number, figure in enumerate(scenario.observed):
        path: Path = ("observed", number)
        if figure.name in seen:
            expected = "a name of its own for each figure"
            findings.error((*path, "name"), "name-twice", expected, found=f"`{figure.name}` again")
        seen.add(figure.name)
        measure = _check_measure(findings, scenario, figure, months, (*path, "measure"))
        if measure is not None:
            _check_place(findings, scenario, figure, measure, path)
            _check_total(findings, figure, measure, path)
        _check_classes(findings, scenario, figure, measure, path)


def _check_measure(
    findings: Findings, scenario: Scenario, observed: Observed, months: Collection[str], path: Path
) -> Measure | None:
    """What is known of the measure; None if there is no such measure."""
    written = named(observed.measure)
    known = written.measure
    strange = str(written) != observed.measure or (written.inside and not written.month)
    if known is None or (strange and not known.by_cause):
        near = _FORMER.get(written.base) or nearest(written.base, MEASURES)
        hint = f"did you mean `{near}`?" if near else f"measures are {', '.join(MEASURES)}"
        expected = "the name of a measure in summary.csv"
        findings.error(path, "unknown-measure", expected, hint, f"`{short(observed.measure)}`")
        return None
    if known.by_cause:
        expected = "a measure that is not given by cause"
        findings.error(path, "measure", expected, found=f"`{short(observed.measure)}`")
        return None
    if not written.month:
        return known
    if not known.monthly:
        monthly = sorted(name for name, measure in MEASURES.items() if measure.monthly)
        expected = f"a measure without a month; months have {' and '.join(monthly)}"
        findings.error(path, "month", expected, found=f"`{short(observed.measure)}`")
        return None
    if written.month not in months:
        expected = f"a month of the period, {scenario.period.text}"
        if not months:
            expected = f"a period of whole days for a month, and not {scenario.period.text}"
        findings.error(path, "month", expected, found=f"`{written.month}`")
        return None
    return known


def _months(scenario: Scenario) -> set[str]:
    if not scenario.period.whole_days:
        return set()
    first, last = scenario.period.first_day, scenario.period.last_day
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return {f"{day:%Y-%m}" for day in days}


def _check_place(
    findings: Findings, scenario: Scenario, figure: Observed, measure: Measure, path: Path
) -> None:
    where = (*path, "place") if findings.written(*path, "place") else path
    kinds = {
        "the whole port": "port" in measure.places,
        # Months are told of the whole port only.
        "a stage": "stage" in measure.places and measure.name == figure.measure,
        "a resource": "resource" in measure.places,
    }
    may = [kind for kind, there in kinds.items() if there]
    if not figure.place:
        if "port" not in measure.places:
            hint = f"write place: with the name of {' or '.join(may)}"
            findings.error(where, "place", f"{' or '.join(may)} for `{figure.measure}`", hint)
        return
    places = [*scenario.stages, *scenario.resources]
    if not _known(findings, where, figure.place, places, "stages", "resources"):
        return
    kind = "a stage" if figure.place in scenario.stages else "a resource"
    if kind not in may:
        hint = 'leave place: out, or write ""' if "port" in measure.places else ""
        expected = f"{' or '.join(may)} for `{figure.measure}`"
        findings.error(where, "place", expected, hint, f"`{figure.place}`, {kind}")


def _check_total(findings: Findings, figure: Observed, measure: Measure, path: Path) -> None:
    if figure.total and not measure.per_day:
        per_day = ", ".join(name for name, other in MEASURES.items() if other.per_day)
        findings.error(
            (*path, "total"),
            "total",
            "`total` only with a measure per day",
            f"measures per day are {per_day}",
            f"`{figure.measure}`, which is not per day",
        )


def _check_classes(
    findings: Findings, scenario: Scenario, figure: Observed, measure: Measure | None, path: Path
) -> None:
    classes = scenario.traffic.classes
    choices: Collection[str] = ("all", *scenario.traffic.directions, *classes)
    if not figure.classes:
        where = (*path, "class") if findings.written(*path, "class") else path
        known = _known(findings, where, figure.class_, choices, "traffic")
        if known and measure is not None and not measure.by_class and figure.class_ != "all":
            expected = f"`all`: `{figure.measure}` is not told apart by class"
            findings.error(where, "class", expected, found=f"`{figure.class_}`")
        if known and measure is not None:
            _check_rows(findings, scenario, figure, measure.name, where)
        return
    for number, name in enumerate(figure.classes):
        where = (*path, "classes", number)
        _known(findings, where, name, list(classes), "traffic")
        if name in figure.classes[:number]:
            findings.error(where, "class", "each class once", found=f"`{name}` again")
    if measure is not None and (not measure.summable or figure.place):
        flows = sorted(name for name, other in MEASURES.items() if other.summable)
        expected = f"measures of the port that can be summed: {', '.join(flows)}"
        hint = "write one figure for each class"
        found = f"`{figure.measure}` of several classes" + (" at a place" if figure.place else "")
        findings.error((*path, "classes"), "class", expected, hint, found, key=True)


def _check_rows(
    findings: Findings, scenario: Scenario, figure: Observed, base: str, where: Path
) -> None:
    """A known class may yet have no such figure: off its route, or of others' oversized loads."""
    priced = [name for name, resource in scenario.resources.items() if resource.priced]
    if base == STAFF_COST and not (figure.place in priced if figure.place else priced):
        expected = "servers with a `cost_per_staffed_hour`, for a cost of staff"
        findings.error((*where[:2], "measure"), "measure", expected, found=f"`{figure.measure}`")
    if base in (WAITING_COST, TIME_COST, TOTAL_COST) and not (
        scenario.value_of_time and (priced or base != TOTAL_COST)
    ):
        expected = "a `value_of_time`, and of both together a price of staff"
        findings.error((*where[:2], "measure"), "measure", expected, found=f"`{figure.measure}`")
    classes, found = scenario.traffic.classes, f"`{figure.class_}`"
    if figure.place in scenario.stages and not scenario.traffic.passes(figure.class_, figure.place):
        expected = f"a class with `{figure.place}` in its route"
        findings.error(where, "class", expected, found=found)
    if base == "completion_ceiling" and scenario.completion.from_ != "arrival":
        expected = "a clock of the promise that starts at the arrival, for a ceiling"
        findings.error(where, "measure", expected, found=f"`from: {scenario.completion.from_}`")
    if base.startswith("oversized_"):
        big = {name for name, cls in classes.items() if cls.dimensions is not None}
        others = {g for name in classes.keys() - big for g in (name, classes[name].direction)}
        if not big or figure.class_ not in {"all", *others} or not others:
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
        code, kind = ("class", "class") if of_traffic else ("place", "stage or a resource")
        found = f"`{short(name)}`"
        findings.error(where, f"unknown-{code}", f"the name of a {kind}", hint, found)
    return False
