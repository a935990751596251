"""Whether a port can stand as it is said to stand at its beginning.

More at work than there are servers, servers kept that nobody could keep, more left of a budget than
there ever is: such a state is refused, with the row that shows it. Reading the rows is done before.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from portsim.checking.findings import Findings
from portsim.checking.hours import Hours
from portsim.checking.inside import Rows, read_inside, rows_of_file, rows_of_list
from portsim.checking.overdue import check_overdue
from portsim.checking.served import served, taken
from portsim.errors import InputError, ScenarioError
from portsim.scenario.current import current
from portsim.scenario.inside import Inside, TrucksInside
from portsim.scenario.legs import legs, places_at
from portsim.scenario.model import Scenario
from portsim.scenario.origin import Origin
from portsim.scenario.traffic import Step, TruckClass

__all__ = ["state_of", "with_inside"]


def with_inside(findings: Findings, scenario: Scenario, origin: Origin) -> Origin:
    """The origin with the trucks inside at the beginning, if any are told one by one.

    In: a scenario whose zones are known, and its origin.
    """
    words = scenario.inside
    if words is None:
        return origin
    if scenario.period.warm_up:
        findings.error(
            ("period", "warm_up"),
            "inside",
            "no warm-up for a port that is given as it stands",
            "who is `inside` at the beginning is told; take out warm_up, or inside",
        )
    _check_left(findings, scenario, words)
    _check_opened(findings, scenario, words)
    _check_counts(findings, scenario, words)
    rows = _rows(findings, words)
    if rows is None:
        return origin
    inside = read_inside(scenario, rows)
    classes = scenario.traffic.classes.values()
    # A stage that is unknown, or at fault itself, is told elsewhere.
    known = all(step.stage in scenario.stages for cls in classes for step in cls.route)
    if inside is not None and known:
        inside = served(scenario, inside)
        _check_kept(scenario, rows, inside)
        _check_use(scenario, rows, inside)
        check_overdue(findings, scenario, origin, inside)
    return replace(origin, inside=inside)


def state_of(scenario: Scenario, file: Path) -> TrucksInside:
    """The trucks of a file that another program wrote, inside when the period of a scenario begins.

    Args:
        scenario: checked; its stages, classes and hours are those the rows are held against.
        file: CSV, xlsx or parquet with the columns of `inside.trucks`.

    Raises:
        InputError: the file cannot be read.
        ScenarioError: every row that cannot be, with its line.
    """
    try:
        data = file.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{file}: cannot be read: {reason}") from None
    findings = Findings(scenario.origin.tree or current(scenario)[0])
    rows = rows_of_file(findings, file, data)
    inside = None if rows is None else read_inside(scenario, rows)
    if inside is not None and rows is not None:
        inside = served(scenario, inside)
        _check_kept(scenario, rows, inside)
        _check_use(scenario, rows, inside)
    if findings.faults or inside is None:
        raise ScenarioError(findings.faults)
    return inside


def _rows(findings: Findings, words: Inside) -> Rows | None:
    if not words.file:
        return rows_of_list(findings, words)
    file = Path(findings.tree.places[("inside", "file")].file).parent / words.file
    try:
        data = file.read_bytes()
    except (OSError, ValueError):
        # Told where files are looked for.
        return None
    return rows_of_file(findings, file, data)


def _check_left(findings: Findings, scenario: Scenario, words: Inside) -> None:
    resources = scenario.resources
    for name, count in words.left.items():
        path = ("inside", "left", name)
        if not findings.known(path, name, resources, "resource", key=True):
            continue
        resource = resources[name]
        if resource.kind == "servers":
            hint = "servers are in use or free: that is told by the trucks inside"
            findings.error(path, "inside", "a budget or a store", hint, f"`{name}`, servers")
        elif resource.kind == "budget" and count > resource.largest:
            expected = f"at most {resource.largest}, its level"
            findings.error(path, "inside", expected, found=f"{count} {name} left")


def _check_opened(findings: Findings, scenario: Scenario, words: Inside) -> None:
    hours = None
    for name, opened in words.opened.items():
        path = ("inside", "opened", name)
        if not findings.known(path, name, scenario.resources, "resource", key=True):
            continue
        rule = scenario.resources[name].opens
        if rule is None:
            expected = "servers with `opens`"
            findings.error(
                path, "inside", expected, "the queue opens none of these", name, key=True
            )
            continue
        there = opened.extra + (opened.due_in is not None)
        if there > rule.at_most:
            expected = f"at most {rule.at_most}, the one that is due among them"
            findings.error(path, "inside", expected, found=f"{there} extra {name}")
        if there and rule.within is not None:
            hours = hours or Hours(scenario)
            open_ = hours.calendar(rule.within)
            # At the very end of their hours they are about to close.
            if open_ is not None and not np.any(
                (open_[:, 0] < hours.start) & (open_[:, 1] >= hours.start)
            ):
                hint = "outside of it all extra servers have closed"
                expected = f"a period that begins while {rule.within} is open"
                findings.error(path, "inside", expected, hint, f"extra {name}")


def _check_counts(findings: Findings, scenario: Scenario, words: Inside) -> None:
    classes = scenario.traffic.classes
    total = 0
    for stage, count in words.counts.items():
        path = ("inside", "counts", stage)
        if not findings.known(path, stage, scenario.stages, "stage", key=True):
            continue
        total += count if isinstance(count, int) else sum(count.values())
        if isinstance(count, int):
            if count and not any(_place(cls, stage) >= 0 for cls in classes.values()):
                findings.error(path, "inside", "a stage that some class passes", key=True)
            continue
        for name in count:
            if not findings.known((*path, name), name, classes, "class", key=True):
                continue
            if _place(classes[name], stage) < 0:
                hint = f"the route of {name} is {', '.join(s.stage for s in classes[name].route)}"
                findings.error((*path, name), "inside", f"a class that passes {stage}", hint, name)
    if total:
        findings.warn(
            ("inside", "counts"),
            "assumed",
            "since when each of them waits, in a list of `trucks`",
            "it is assumed that they came one by one, as fast as such trucks come",
            f"{total} truck{'s' if total != 1 else ''} inside as mere counts",
        )


def _place(cls: TruckClass, stage: str, passing: int = 1) -> int:
    """Number of the leg at which a truck is at a stage for the n-th time; -1 if there is none."""
    return places_at(cls).get((stage, passing), -1)


def _kept(scenario: Scenario, cls: TruckClass, at: int, working: bool, sure: bool) -> Counter[str]:
    """Servers that a truck keeps from stages before leg `at` of its route.

    With `sure` those alone that every truck of the class keeps there; else all that one may.
    """
    driven = legs(cls)
    route, steps = [leg.stage for leg in driven], [cls.route[leg.step] for leg in driven]
    kept: Counter[str] = Counter()
    for number, step in enumerate(steps[:at]):
        if sure and not _all_pass(scenario, cls, step):
            continue
        for name, take in scenario.stages[step.stage].takes.items():
            try:
                due = take.given_at(number, route)
            except ValueError:
                continue  # an unknown stage: told elsewhere
            # Who waits has still what the admission will give back; and where stages are skipped,
            # what was to come back there.
            late = not sure and not working and _may_skip(scenario, cls, steps[due:at])
            if step.stage in route[number + 1 : at + working]:
                continue  # given back where the stage was passed once more
            if take.until != "end" and (due >= at + working or late):
                kept[name] += _count(scenario, name, take.count)
    return kept


def _may_skip(scenario: Scenario, cls: TruckClass, steps: Sequence[Step]) -> bool:
    return not any(_all_pass(scenario, cls, step) for step in steps)


def _all_pass(scenario: Scenario, cls: TruckClass, step: Step) -> bool:
    share = scenario.stages[step.stage].share if step.share is None else step.share
    skips = () if cls.preferred is None else cls.preferred.skips
    recorded = cls.arrivals.recorded
    told = recorded is not None and step.stage in recorded.passes
    return share == 1.0 and not step.channels and step.stage not in skips and not told


def _count(scenario: Scenario, name: str, count: int | str) -> int:
    if isinstance(count, int):
        return count
    return scenario.resources[name].largest if name in scenario.resources else 0


def _check_kept(scenario: Scenario, rows: Rows, inside: TrucksInside) -> None:
    """What a row holds must be what a truck of its class can keep where it stands."""
    for row, held in enumerate(inside.holds):
        cls = scenario.traffic.classes[inside.classes[row]]
        at = _place(cls, inside.stages[row], int(inside.passes[row]))
        working = bool(inside.working[row])
        may = _kept(scenario, cls, at, working, sure=False)
        for name, count in (held or {}).items():
            if count > may[name]:
                known = ", ".join(f"{n} {name_}" for name_, n in may.items() if n) or "nothing"
                where = f"at {inside.stages[row]}"
                rows.tell(
                    row,
                    "holds",
                    f"{count} {name}",
                    f"what {inside.classes[row]} keep from stages before {where}: {known}",
                    "what the work under way takes is known; write only what is kept for longer",
                )


def _check_use(scenario: Scenario, rows: Rows, inside: TrucksInside) -> None:
    """No more servers in use than there are at any time; each kind is told once."""
    used: Counter[str] = Counter()
    told: set[str] = set()
    for row, held in enumerate(inside.holds):
        cls = scenario.traffic.classes[inside.classes[row]]
        at = _place(cls, inside.stages[row], int(inside.passes[row]))
        working = bool(inside.working[row])
        has = Counter(held) if held is not None else _kept(scenario, cls, at, working, sure=True)
        if working:
            has += taken(scenario, inside.stages[row], inside.by[row])
        used += has
        for name in has:
            resource = scenario.resources.get(name)
            if resource is None:
                continue
            # One that has closed may still have its truck in hand.
            most = resource.largest + (resource.opens.at_most if resource.opens else 0)
            if used[name] > most and name not in told:
                told.add(name)
                rows.tell(
                    row,
                    "status" if working else "stage",
                    f"{used[name]} {name} in use with this truck",
                    f"at most {most}, which is all there are",
                    "who stands in a queue is `waiting`; or the capacity is too small",
                )
