"""The cheapest way: which points of a sweep surely keep a promise, and what they cost.

Nothing is run here; a finished sweep enters, a table of its points comes out.
"""

import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from portsim.errors import InputError
from portsim.reading.text import nearest, short
from portsim.results.sweep import COST, FRONTIER, STAFFED, circumstances, keys
from portsim.scenario.figure_notes import AT_LEAST, noted
from portsim.scenario.measure_catalogue import MEASURES, Named, measure_of, named
from portsim.scenario.model import Scenario
from portsim.statistics.intervals import moments, t_factor
from portsim.statistics.shares import share_limits
from portsim.studies.points import Grid, Point
from portsim.studies.requirement import Objective, Requirement

__all__ = [
    "estimate",
    "evaluate",
    "parse_minimise",
    "parse_require",
    "rank",
    "spending",
    "spent_on",
    "unpriced",
]

OVERTIME = "overtime_h_per_day"
_WORDS = re.compile(r"(?P<of>[^<>]+)(?P<sign>>=|<=)\s*(?P<value>[^\s%]+)\s*(?P<pc>%?)\s*")


def parse_require(promise: str | Requirement, points: Grid) -> Requirement:
    """Read ``completed_within_limit>=0.95``, or ``stay_p95_h[export]<=24``.

    Args:
        promise: as it stands on a command line; in brackets a class, a direction, a stage or a
            resource, or two of them with a comma between. An object is only checked.
        points: whose names may stand in the brackets.

    Raises:
        InputError: it cannot be read, or names what does not exist.
    """
    if isinstance(promise, Requirement):
        where = f"require {promise}"
        _known(promise.measure, where)
        _check_share(promise.measure, promise.value, where)
        _check_object(promise, where, points)
        return promise
    where = f"--require {short(promise)}"
    match = _WORDS.fullmatch(promise)
    name = None if match is None else named(match["of"])
    if match is None or name is None or not name.written:
        raise InputError(
            f"{where}: write a measure, >= or <=, and a number, e.g. "
            '"completed_within_limit>=0.95" or "stay_p95_h[export]<=24"'
        )
    measure = name.base
    _known(measure, where)
    try:
        value = float(match["value"])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{where}: {match['value']} is no number")
    if match["pc"]:
        # In tens, so that 0.7 % is 0.007 to the last digit.
        value = float(Decimal(repr(value)) / 100)
    if match["pc"] and MEASURES[measure].unit != "share":
        raise InputError(f"{where}: {measure} is no share; write it without %")
    _check_share(measure, value, where)
    cls, place = _class_and_place(name, where, points)
    sign = "at_least" if match["sign"] == ">=" else "at_most"
    requirement = Requirement(measure, cls, place, **{sign: value})
    _check_place(requirement, where, points)
    return requirement


def parse_minimise(aim: str | Objective, points: Grid) -> Objective:
    """Read a measure that is to be small, such as ``stay_mean_h`` or ``stay_mean_h[export]``.

    Args:
        aim: as it stands on a command line. An object is only checked.
        points: whose names may stand in the brackets.

    Raises:
        InputError: it cannot be read, or names what does not exist.
    """
    if isinstance(aim, Objective):
        where = f"minimise {aim}"
        _known(aim.measure, where)
        _check_object(aim, where, points)
        return aim
    where = f"--minimise {short(aim)}"
    name = named(aim)
    if not name.written:
        raise InputError(f"{where}: write cost, staffed_hours or a measure, e.g. stay_mean_h")
    _known(name.base, where)
    objective = Objective(name.base, *_class_and_place(name, where, points))
    _check_place(objective, where, points)
    return objective


def _known(measure: str, where: str) -> None:
    swept = [name for name, known in MEASURES.items() if known.of_a_run]
    if measure not in swept:
        raise InputError(f"{where}: a sweep has no measure {measure}{_hint(measure, swept)}")


def _check_share(measure: str, value: float, where: str) -> None:
    if MEASURES[measure].share and not 0.0 <= value <= 1.0:
        raise InputError(f"{where}: {measure} is a share, from 0 to 1")


def _class_and_place(name: Named, where: str, points: Grid) -> tuple[str, str]:
    """The class and the place that stand between brackets."""
    cls, place = "all", ""
    classes, places = _classes(points), _places(points)
    for word in name.parts:
        if word in classes:
            cls = word
        elif word in places:
            place = word
        else:
            hint = _hint(word, [*classes, *places])
            raise InputError(f"{where}: no class or place is called {word}{hint}")
    return cls, place


def _check_object(goal: Requirement | Objective, where: str, points: Grid) -> None:
    """Check the class and the place of a goal that was made as an object."""
    classes, places = _classes(points), _places(points)
    if goal.truck_class not in classes:
        hint = _hint(goal.truck_class, classes)
        raise InputError(f"{where}: no truck_class is called {goal.truck_class}{hint}")
    if goal.place and goal.place not in places:
        raise InputError(f"{where}: no place is called {goal.place}{_hint(goal.place, places)}")
    _check_place(goal, where, points)


def _classes(points: Grid) -> list[str]:
    traffic = points.policies[0].traffic
    return ["all", *traffic.directions, *traffic.classes]


def _places(points: Grid) -> list[str]:
    return [*points.policies[0].stages, *points.policies[0].resources]


def _hint(word: str, names: Sequence[str]) -> str:
    near = nearest(word, names)
    return f"\n    hint: did you mean {near}?" if near else ""


def _check_place(goal: Requirement | Objective, where: str, points: Grid) -> None:
    """Refuse a measure that is not to be had of a class or a place."""
    if wrong := _misplaced(goal, points):
        raise InputError(f"{where}: {wrong}")


def _misplaced(goal: Requirement | Objective, points: Grid) -> str:
    """Why a measure is not to be had of a class or a place; empty if it is."""
    port = points.policies[0]
    measure, cls, place = goal.measure, goal.truck_class, goal.place
    places = measure_of(measure).places
    if "resource" in places:
        whole = "port" in places
        if cls != "all" or (place not in port.resources and not (whole and not place)):
            name = next(iter(port.resources), "lanes")
            owners = "the port and of resources" if whole else "resources"
            return f"{measure} is one of {owners}; write e.g. {measure}[{name}]"
    elif place in port.resources:
        return f"{measure} is not one of resources"
    elif place and "stage" not in places:
        return f"{measure} is one of the whole port, not of a stage"
    elif not place and "port" not in places:
        return f"{measure} is one of stages; write e.g. {measure}[{next(iter(port.stages))}]"
    elif place and not any(policy.traffic.passes(cls, place) for policy in points.policies):
        return f"{cls} has not {place} in its route"
    return ""


def rank(replications: pd.DataFrame, points: Grid, required: Sequence[Requirement]) -> pd.DataFrame:
    """Hold every point of a sweep against the requirements, the cheapest first.

    In: the columns of sweep_replications.parquet, with the measures of the requirements and
    `STAFFED`; the points; one requirement or more. Out: a row a point and requirement, the points
    in order of rank: rank (1, 2 ... among the points that meet all requirements, 0 for the others,
    which follow, the nearest first); policy; varied paths; cost_per_day (in the currency of the
    port, sum over the resources of staffed hours times cost per staffed hour; NaN if none has a
    cost);
    staffed_h_per_day (hours of all servers); requirement; mean, low, high of its measure; met (yes,
    no); frontier (yes where the mean is better than that of every point of the same cost or less).

    Ranked by cost, or by staffed hours where nothing has a cost. No port chooses its traffic: where
    paths below ``traffic`` are varied, points are ranked for each traffic by itself, one after the
    other. The nearest is the one whose mean misses the least part of what is asked, then the one
    whose limit does. The limits hold for all points and requirements together at 95 % (Bonferroni
    on the t interval, of shares on the logit scale): of many points the cheapest that seems to keep
    a promise is often one that was lucky. Source: Law 2015, sections 9.4.1 and 10.3.
    """
    paths = list(points.varied)
    where = ["policy", *paths]
    given = circumstances(paths)
    costly = unpriced(points) is not None
    together = len(points.points) * len(required)
    groups = dict(iter(replications.groupby(where, sort=False, observed=True)))
    judged: dict[tuple[Any, ...], list[list[dict[str, Any]]]] = {}
    for point in points.points:
        key = (point.policy, *keys(point.values, points.varied))
        rows = groups.get(key)
        if rows is None:
            continue
        common = dict(zip(where, key, strict=True)) | spending(rows, point, costly)
        traffic = tuple(common[path] for path in given)
        verdicts = [common | evaluate(rows, promise, together) for promise in required]
        judged.setdefault(traffic, []).append(verdicts)
    spent = COST if costly else STAFFED
    tables = [_ranked(alike, spent, required) for alike in judged.values()]
    return pd.concat(tables, ignore_index=True)[["rank", *where, *list(FRONTIER)[1:]]]


def unpriced(points: Grid) -> list[str] | None:
    """Names of servers without a cost per staffed hour; None if no server has one."""
    servers = {
        name: resource.priced
        for point in points.points
        for name, resource in point.scenario.resources.items()
        if resource.kind == "servers"
    }
    if not any(servers.values()):
        return None
    return [name for name, priced in servers.items() if not priced]


def spent_on(scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """Measures of a run from which `spending` is worked out."""
    resources = (resource for port in scenarios for resource in port.resources.values())
    paid = any(resource.cost_per_overtime_hour is not None for resource in resources)
    return (STAFFED, OVERTIME) if paid else (STAFFED,)


def _ranked(
    judged: list[list[dict[str, Any]]], spent: str, required: Sequence[Requirement]
) -> pd.DataFrame:
    """The rows of points that are ranked among each other, in their order."""
    good = [rows for rows in judged if all(row["met"] == "yes" for row in rows)]
    good.sort(key=lambda rows: rows[0][spent])
    rest = [rows for rows in judged if any(row["met"] != "yes" for row in rows)]
    rest.sort(
        key=lambda rows: (
            max(row["missed"] for row in rows),
            max(row["away"] for row in rows),
            rows[0][spent],
        )
    )
    ranked = [row | {"rank": rank} for rank, rows in enumerate(good, 1) for row in rows]
    ranked += [row | {"rank": 0} for rows in rest for row in rows]
    table = pd.DataFrame(ranked).assign(frontier="no")
    for requirement in required:
        rows = table[table["requirement"].eq(str(requirement))]
        table.loc[_undominated(rows, spent, requirement.sign), "frontier"] = "yes"
    return table


def spending(rows: pd.DataFrame, point: Point, costly: bool) -> dict[str, float]:
    """Staffed hours and cost a day of a point, given its figures; NaN if nothing has a cost."""
    placed = rows[rows["truck_class"].eq("all") & rows["place"].ne("")]
    hours, overtime = (
        placed[placed["measure"].eq(name)].groupby("place", observed=True)["value"].mean().to_dict()
        for name in (STAFFED, OVERTIME)
    )
    cost = sum(
        resource.cost_a_day(hours.get(name, 0.0), overtime.get(name, 0.0))
        for name, resource in point.scenario.resources.items()
    )
    return {COST: cost if costly else math.nan, STAFFED: sum(hours.values())}


def estimate(
    rows: pd.DataFrame, goal: Requirement | Objective, together: int
) -> tuple[float, float, float]:
    """The mean of a measure at one point and its limits, which hold with `together` others."""
    measured = rows[
        rows["measure"].eq(goal.measure)
        & rows["truck_class"].eq(goal.truck_class)
        & rows["place"].eq(goal.place)
    ]
    m = moments(measured["value"].to_numpy(np.float64)[None, :])
    half = t_factor(m.n, comparisons=together) * m.sd
    known = measure_of(goal.measure)
    low, high = np.maximum(m.mean - half, known.lowest), m.mean + half
    if known.share:
        low, high = share_limits(m.mean, half)
    if any(noted(note, AT_LEAST) for note in measured["note"]):
        # Some stays still went on at the end: nobody knows how long they are.
        high = np.full_like(high, np.inf)
    return float(m.mean[0]), float(low[0]), float(high[0])


def evaluate(rows: pd.DataFrame, required: Requirement, together: int) -> dict[str, Any]:
    """A requirement at one point: the mean, its limits, and what part of it is missed."""
    mean, low, high = estimate(rows, required, together)
    away, missed = (
        required.sign * (required.value - reached) / (abs(required.value) or 1.0)
        for reached in (low if required.sign > 0 else high, mean)
    )
    return {
        "requirement": str(required),
        "mean": mean,
        "low": low,
        "high": high,
        "met": "yes" if away <= 0.0 else "no",
        "away": math.inf if math.isnan(away) else away,
        "missed": math.inf if math.isnan(missed) else max(missed, 0.0),
    }


def _undominated(rows: pd.DataFrame, spent: str, sign: float) -> list[int]:
    """Index labels of the rows whose mean is better than that of all of the same cost or less."""
    ordered = rows.assign(worse=-sign * rows["mean"]).sort_values([spent, "worse"], kind="stable")
    best, undominated = math.inf, []
    for index, worse in zip(ordered.index.tolist(), ordered["worse"].tolist(), strict=True):
        if worse < best:
            best = worse
            undominated.append(index)
    return undominated
