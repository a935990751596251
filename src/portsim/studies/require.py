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
from portsim.measures import UNITS, unit_of
from portsim.results.sweep import COST, FRONTIER, STAFFED, keys
from portsim.scenario.text import nearest, short
from portsim.statistics.intervals import is_share, may_be_negative, moments, t_factor
from portsim.statistics.shares import share_limits
from portsim.studies.points import Grid

__all__ = ["Requirement", "judge", "parse_require", "priced"]

_WORDS = re.compile(
    r"\s*(?P<measure>\w+)\s*(?:\[(?P<where>[^\]]*)\])?"
    r"\s*(?P<sign>>=|<=)\s*(?P<value>[^\s%]+)\s*(?P<pc>%?)\s*"
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A promise: a measure of a class or a place that must reach a value, or not exceed it."""

    measure: str
    cls: str
    place: str
    at_least: bool
    value: float

    def __str__(self) -> str:
        where = [word for word in (self.cls if self.cls != "all" else "", self.place) if word]
        inside = f"[{', '.join(where)}]" if where else ""
        return f"{self.measure}{inside}{'>=' if self.at_least else '<='}{self.value:g}"


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
    if found is None:
        raise InputError(
            f"--require {short(text)}: write a measure, >= or <=, and a number, e.g. "
            '"completed_within_limit>=0.95" or "stay_p95_h[export]<=24"'
        )
    measure = found["measure"]
    if measure == "capacity_per_day" or measure not in UNITS:
        near = nearest(measure, UNITS)
        hint = f"\n    hint: did you mean {near}?" if near else ""
        raise InputError(f"--require {short(text)}: a sweep has no measure {measure}{hint}")
    try:
        value = float(found["value"]) / (100 if found["pc"] else 1)
    except ValueError:
        raise InputError(f"--require {short(text)}: {found['value']} is no number") from None
    if found["pc"] and unit_of(measure) != "share":
        raise InputError(f"--require {short(text)}: {measure} is no share; write it without %")
    if is_share(measure, unit_of(measure)) and not 0.0 <= value <= 1.0:
        raise InputError(f"--require {short(text)}: {measure} is a share, from 0 to 1")
    cls, place = "all", ""
    port = points.policies[0]
    classes = ["all", "export", "import", *port.traffic.classes]
    places = [*port.stages, *port.resources]
    for word in filter(None, (part.strip() for part in (found["where"] or "").split(","))):
        if word in classes:
            cls = word
        elif word in places:
            place = word
        else:
            near = nearest(word, [*classes, *places])
            hint = f"\n    hint: did you mean {near}?" if near else ""
            raise InputError(f"--require {short(text)}: no class or place is called {word}{hint}")
    return Requirement(measure, cls, place, found["sign"] == ">=", value)


def priced(points: Grid) -> bool:
    """Whether any resource of any point has a cost per staffed hour."""
    return any(
        resource.cost_per_staffed_hour is not None
        for point in points.points
        for resource in point.scenario.resources.values()
    )


def judge(
    replications: pd.DataFrame, points: Grid, required: Sequence[Requirement]
) -> pd.DataFrame:
    """Hold every point of a sweep against the requirements, the cheapest first.

    In: the columns of sweep_replications.parquet, with the measures of the requirements and
    `STAFFED`; the points; one requirement or more. Out: a row a point and requirement, the points
    in order of rank: rank (1, 2 ... among the points that meet all requirements, 0 for the others,
    which follow, the nearest first); policy; varied paths; cost_per_day (sum over the resources of
    staffed hours times cost per staffed hour; NaN if none has a cost); staffed_h_per_day (hours of
    all servers); requirement; mean, low, high of its measure; met (yes, no); frontier (yes where no
    point of the same cost or less has a better mean in this measure, else no).

    Ranked by cost, or by staffed hours where nothing has a cost. The limits hold for all points and
    requirements together at 95 % (Bonferroni on the t interval, of shares on the logit scale): of
    many points the cheapest that seems to keep a promise is often one that was lucky. Source: Law
    2015, sections 9.4.1 and 10.3.
    """
    paths = list(points.varied)
    where = ["policy", *paths]
    costly, together = priced(points), len(points.points) * len(required)
    judged = []
    groups = dict(iter(replications.groupby(where, sort=False, observed=True)))
    for point in points.points:
        key = (point.policy, *keys(point.values, points.varied))
        rows = groups.get(key)
        if rows is None:
            continue
        staffed = rows[rows["measure"].eq(STAFFED) & rows["class"].eq("all")]
        hours = staffed.groupby("place", observed=True)["value"].mean().to_dict()
        cost = sum(
            hours.get(name, 0.0) * (resource.cost_per_staffed_hour or 0.0)
            for name, resource in point.scenario.resources.items()
        )
        common = {
            **dict(zip(where, key, strict=True)),
            COST: cost if costly else math.nan,
            STAFFED: sum(hours.values()),
        }
        judged.append([common | _held(rows, one, together) for one in required])
    spent = COST if costly else STAFFED
    good = [rows for rows in judged if all(row["met"] == "yes" for row in rows)]
    good.sort(key=lambda rows: rows[0][spent])
    rest = [rows for rows in judged if any(row["met"] != "yes" for row in rows)]
    rest.sort(key=lambda rows: (max(row["away"] for row in rows), rows[0][spent]))
    ranked = [row | {"rank": rank} for rank, rows in enumerate(good, 1) for row in rows]
    ranked += [row | {"rank": 0} for rows in rest for row in rows]
    table = pd.DataFrame(ranked)
    table["frontier"] = "no"
    for one in required:
        mine = table[table["requirement"].eq(str(one))]
        table.loc[_undominated(mine, spent, one.at_least), "frontier"] = "yes"
    return table[["rank", *where, *list(FRONTIER)[1:]]]


def _held(rows: pd.DataFrame, one: Requirement, together: int) -> dict[str, Any]:
    """A requirement at one point: the mean, its limits, and how far they are from what is asked."""
    mine = rows[
        rows["measure"].eq(one.measure) & rows["class"].eq(one.cls) & rows["place"].eq(one.place)
    ]
    m = moments(mine["value"].to_numpy(np.float64)[None, :])
    half = t_factor(m.n, comparisons=together) * m.sd
    low, high = m.mean - half, m.mean + half
    if is_share(one.measure, unit_of(one.measure)):
        low, high = share_limits(m.mean, half)
    elif not may_be_negative(one.measure):
        low = np.maximum(low, 0.0)
    away = float(one.value - low[0] if one.at_least else high[0] - one.value)
    return {
        "requirement": str(one),
        "mean": float(m.mean[0]),
        "low": float(low[0]),
        "high": float(high[0]),
        "met": "yes" if away <= 0.0 else "no",
        "away": math.inf if math.isnan(away) else away,
    }


def _undominated(rows: pd.DataFrame, spent: str, at_least: bool) -> list[int]:
    """Index labels of the rows that no row of the same cost or less beats in the mean."""
    sign = -1.0 if at_least else 1.0
    ordered = rows.assign(worse=sign * rows["mean"]).sort_values([spent, "worse"], kind="stable")
    best, found = math.inf, []
    for index, worse in zip(ordered.index.tolist(), ordered["worse"].tolist(), strict=True):
        if worse < best:
            best = worse
            found.append(index)
    return found
