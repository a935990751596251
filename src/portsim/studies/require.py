"""The cheapest way: which points of a sweep surely keep a promise, and what they cost.

Nothing is run here; a finished sweep enters, a table of its points comes out.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from portsim.errors import InputError
from portsim.reading.text import nearest, short
from portsim.results.sweep import COST, FRONTIER, STAFFED, circumstances, keys
from portsim.scenario.figure_notes import AT_LEAST, noted
from portsim.scenario.measure_catalogue import MEASURES, Named, measure_of, named
from portsim.statistics.intervals import moments, t_factor
from portsim.statistics.shares import share_limits
from portsim.studies.points import Grid, Point

__all__ = [
    "Requirement",
    "evaluate",
    "parse_minimise",
    "parse_require",
    "rank",
    "spending",
    "unpriced",
]

_WORDS = re.compile(r"(?P<of>[^<>]+)(?P<sign>>=|<=)\s*(?P<value>[^\s%]+)\s*(?P<pc>%?)\s*")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A promise: a measure of a class or a place that must reach a value, or not exceed it."""

    measure: str
    cls: str
    place: str
    at_least: bool
    value: float

    @property
    def of(self) -> str:
        """The measure with its class and place."""
        where = [word for word in (self.cls if self.cls != "all" else "", self.place) if word]
        return f"{self.measure}[{', '.join(where)}]" if where else self.measure

    def __str__(self) -> str:
        return f"{self.of}{'>=' if self.at_least else '<='}{self.value:g}"


def parse_require(text: str, points: Grid) -> Requirement:
    """Read ``completed_within_limit>=0.95``, or ``stay_p95_h[export]<=24``.

    Args:
        text: as it stands on a command line; in brackets a class, a direction, a stage or a
            resource, or two of them with a comma between.
        points: whose names may stand in the brackets.

    Raises:
        InputError: it cannot be read, or names what does not exist.
    """
    found = _WORDS.fullmatch(text)
    asked = None if found is None else named(found["of"])
    if found is None or asked is None or not asked.written:
        raise InputError(
            f"--require {short(text)}: write a measure, >= or <=, and a number, e.g. "
            '"completed_within_limit>=0.95" or "stay_p95_h[export]<=24"'
        )
    measure = asked.base
    _known(measure, f"--require {short(text)}")
    try:
        value = float(found["value"]) / (100 if found["pc"] else 1)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"--require {short(text)}: {found['value']} is no number")
    if found["pc"] and MEASURES[measure].unit != "share":
        raise InputError(f"--require {short(text)}: {measure} is no share; write it without %")
    if MEASURES[measure].share and not 0.0 <= value <= 1.0:
        raise InputError(f"--require {short(text)}: {measure} is a share, from 0 to 1")
    return _placed(asked, found["sign"] == ">=", value, f"--require {short(text)}", points)


def parse_minimise(text: str, points: Grid) -> Requirement:
    """Read a measure that is to be small, such as ``stay_mean_h`` or ``stay_mean_h[export]``.

    Args:
        text: as it stands on a command line.
        points: whose names may stand in the brackets.

    Returns:
        The measure with its class and place; its value says nothing.

    Raises:
        InputError: it cannot be read, or names what does not exist.
    """
    said = f"--minimise {short(text)}"
    asked = named(text)
    if not asked.written:
        raise InputError(f"{said}: write cost, staffed_hours or a measure, e.g. stay_mean_h")
    _known(asked.base, said)
    return _placed(asked, False, 0.0, said, points)


def _known(measure: str, said: str) -> None:
    swept = [name for name, one in MEASURES.items() if one.of_a_run]
    if measure not in swept:
        near = nearest(measure, swept)
        hint = f"\n    hint: did you mean {near}?" if near else ""
        raise InputError(f"{said}: a sweep has no measure {measure}{hint}")


def _placed(asked: Named, at_least: bool, value: float, said: str, points: Grid) -> Requirement:
    """A requirement of the class and the place that stand between brackets."""
    cls, place = "all", ""
    port = points.policies[0]
    classes = ["all", *port.traffic.directions, *port.traffic.classes]
    places = [*port.stages, *port.resources]
    for word in asked.parts:
        if word in classes:
            cls = word
        elif word in places:
            place = word
        else:
            near = nearest(word, [*classes, *places])
            hint = f"\n    hint: did you mean {near}?" if near else ""
            raise InputError(f"{said}: no class or place is called {word}{hint}")
    one = Requirement(asked.base, cls, place, at_least, value)
    if wrong := _misplaced(one, points):
        raise InputError(f"{said}: {wrong}")
    return one


def _misplaced(one: Requirement, points: Grid) -> str:
    """Why a measure is not to be had of a class or a place; empty if it is."""
    port = points.policies[0]
    places = measure_of(one.measure).places
    if "resource" in places:
        whole = "port" in places
        if one.cls != "all" or (one.place not in port.resources and not (whole and not one.place)):
            name = next(iter(port.resources), "lanes")
            what = "the port and of resources" if whole else "resources"
            return f"{one.measure} is one of {what}; write e.g. {one.measure}[{name}]"
    elif one.place in port.resources:
        return f"{one.measure} is not one of resources"
    elif one.place and "stage" not in places:
        return f"{one.measure} is one of the whole port, not of a stage"
    elif not one.place and "port" not in places:
        return (
            f"{one.measure} is one of stages; write e.g. {one.measure}[{next(iter(port.stages))}]"
        )
    elif one.place and not any(
        other.traffic.passes(one.cls, one.place) for other in points.policies
    ):
        return f"{one.cls} has not {one.place} in its route"
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
        found = [common | evaluate(rows, one, together) for one in required]
        judged.setdefault(traffic, []).append(found)
    spent = COST if costly else STAFFED
    tables = [_ranked(alike, spent, required) for alike in judged.values()]
    return pd.concat(tables, ignore_index=True)[["rank", *where, *list(FRONTIER)[1:]]]


def unpriced(points: Grid) -> list[str] | None:
    """Names of servers without a cost per staffed hour; None if no server has one."""
    servers = {
        name: resource.cost_per_staffed_hour
        for point in points.points
        for name, resource in point.scenario.resources.items()
        if resource.kind == "servers"
    }
    if all(cost is None for cost in servers.values()):
        return None
    return [name for name, cost in servers.items() if cost is None]


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
    for one in required:
        mine = table[table["requirement"].eq(str(one))]
        table.loc[_undominated(mine, spent, one.at_least), "frontier"] = "yes"
    return table


def spending(rows: pd.DataFrame, point: Point, costly: bool) -> dict[str, float]:
    """Staffed hours and cost a day of a point, given its figures; NaN if nothing has a cost."""
    staffed = rows[
        rows["measure"].eq(STAFFED) & rows["truck_class"].eq("all") & rows["place"].ne("")
    ]
    hours = staffed.groupby("place", observed=True)["value"].mean().to_dict()
    cost = sum(
        hours.get(name, 0.0) * (resource.cost_per_staffed_hour or 0.0)
        for name, resource in point.scenario.resources.items()
    )
    return {COST: cost if costly else math.nan, STAFFED: sum(hours.values())}


def evaluate(rows: pd.DataFrame, one: Requirement, together: int) -> dict[str, Any]:
    """A requirement at one point: the mean, its limits, and what part of it is missed."""
    mine = rows[
        rows["measure"].eq(one.measure)
        & rows["truck_class"].eq(one.cls)
        & rows["place"].eq(one.place)
    ]
    m = moments(mine["value"].to_numpy(np.float64)[None, :])
    half = t_factor(m.n, comparisons=together) * m.sd
    known = measure_of(one.measure)
    low, high = np.maximum(m.mean - half, known.lowest), m.mean + half
    if known.share:
        low, high = share_limits(m.mean, half)
    if any(noted(note, AT_LEAST) for note in mine["note"]):
        # Some stays still went on at the end: nobody knows how long they are.
        high = np.full_like(high, np.inf)
    sign = 1.0 if one.at_least else -1.0
    away, missed = (
        sign * (one.value - float(reached[0])) / (abs(one.value) or 1.0)
        for reached in (low if one.at_least else high, m.mean)
    )
    return {
        "requirement": str(one),
        "mean": float(m.mean[0]),
        "low": float(low[0]),
        "high": float(high[0]),
        "met": "yes" if away <= 0.0 else "no",
        "away": math.inf if math.isnan(away) else away,
        "missed": math.inf if math.isnan(missed) else max(missed, 0.0),
    }


def _undominated(rows: pd.DataFrame, spent: str, at_least: bool) -> list[int]:
    """Index labels of the rows whose mean is better than that of all of the same cost or less."""
    sign = -1.0 if at_least else 1.0
    ordered = rows.assign(worse=sign * rows["mean"]).sort_values([spent, "worse"], kind="stable")
    best, found = math.inf, []
    for index, worse in zip(ordered.index.tolist(), ordered["worse"].tolist(), strict=True):
        if worse < best:
            best = worse
            found.append(index)
    return found
