"""The cheapest way: which points of a sweep surely keep a promise, and what they cost.

Nothing is run here; a finished sweep enters, a table of its points comes out.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from portsim.results.sweep import COST, FRONTIER, STAFFED, circumstances, keys
from portsim.scenario.figure_notes import AT_LEAST, noted
from portsim.scenario.measure_catalogue import measure_of
from portsim.scenario.model import Scenario
from portsim.statistics.intervals import moments, t_factor
from portsim.statistics.shares import share_limits
from portsim.studies.points import Grid, Point
from portsim.studies.requirement import Objective, Requirement

__all__ = [
    "estimate",
    "evaluate",
    "rank",
    "spending",
    "spent_on",
    "unpriced",
]

_OVERTIME = "overtime_h_per_day"


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
        if resource.kind == "servers" and not resource.places
    }
    if not any(servers.values()):
        return None
    return [name for name, priced in servers.items() if not priced]


def spent_on(scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """Measures of a run from which `spending` is worked out."""
    resources = (resource for port in scenarios for resource in port.resources.values())
    paid = any(resource.cost_per_overtime_hour is not None for resource in resources)
    return (STAFFED, _OVERTIME) if paid else (STAFFED,)


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
        for name in (STAFFED, _OVERTIME)
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
