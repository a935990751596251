"""The room of the replay: what the page must know of a day, as plain numbers; no page."""

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from portsim.errors import InputError
from portsim.results.logs import PortLog

__all__ = ["GONE", "day_data", "directions", "layout", "links"]

GONE = -1
"""Code of a truck that has left. Others are twice the place, and one more while work is done."""
_COLUMNS = 6
_COME_IN = ("import", "inbound", "entry")
"""Directions that are drawn from right to left."""


def day_data(log: PortLog, day: dt.date) -> dict[str, Any]:
    """A day of the log as JSON types.

    Args:
        log: the log.
        day: a local day of the period.

    Returns:
        ``length`` of the day in s; ``offsets`` from UTC as (second, s); ``places`` with name,
        column, row, hours and the class numbers that pass; ``port`` hours; ``classes`` with name,
        direction and whether that is the way ``back``; ``links`` between places as pairs; and the
        trucks that were there at any second: ``kind`` class of each, ``first`` where its events
        begin in ``at`` (s after midnight) and ``code`` (see `GONE`). A truck that was there at
        midnight has an event at or before second 0.

    Raises:
        InputError: the day is not in the period, or no truck was there.
    """
    begin, end = log.bounds(day)
    trucks = log.trucks
    there = (trucks["arrival"] < end) & ~(trucks["left"] <= begin)
    trucks = trucks[there]
    if trucks.empty:
        msg = f"--day {day}: no truck of {log.entry.name} was at the port; choose another day"
        raise InputError(msg)
    length = int((end - begin).total_seconds())
    places = layout(log.entry.resolved, list(log.visits["stage"].unique()))
    number = {place["stage"]: index for index, place in enumerate(places)}
    visits = log.visits[log.visits["truck"].isin(trucks["truck"])]
    events = _events(visits, trucks, begin, number)
    events = events[events["at"] < length]
    # Of what happened before midnight only the last matters.
    before = events[events["at"] <= 0].groupby("truck", sort=False).tail(1)
    events = pd.concat([before, events[events["at"] > 0]]).sort_values(
        ["truck", "order"], kind="stable"
    )
    names = sorted(trucks["truck_class"].unique())
    labels, stages = log.labels("traffic"), log.labels("stages")
    ways = trucks.groupby("truck_class")["direction"].first()
    _, back = directions(log.entry.resolved)
    kind = {name: index for index, name in enumerate(names)}
    order = events["truck"].drop_duplicates()
    counts = events.groupby("truck", sort=False).size()
    for place in places:
        stage = place.pop("stage")
        place["name"] = stages.get(stage, stage)
        place["open"] = _spans(log.hours, stage, begin, length)
    return {
        "length": length,
        "offsets": _offsets(begin, length),
        "places": places,
        "port": _spans(log.hours, "", begin, length),
        "classes": [
            {
                "name": labels.get(n, n),
                "direction": str(ways[n]),
                "back": str(ways[n]) == back,
            }
            for n in names
        ],
        "links": links(log.entry.resolved, number),
        "kind": trucks.set_index("truck")["truck_class"].map(kind)[order].tolist(),
        "first": [0, *np.cumsum(counts.to_numpy()).tolist()],
        "at": events["at"].tolist(),
        "code": events["code"].tolist(),
    }


def _events(
    visits: pd.DataFrame, trucks: pd.DataFrame, begin: pd.Timestamp, number: Mapping[str, int]
) -> pd.DataFrame:
    place = visits["stage"].map(number)
    row = np.arange(len(visits))
    parts = [
        pd.DataFrame({"truck": visits["truck"], "order": order, "code": code, "when": visits[when]})
        for order, code, when in (
            (2 * row, 2 * place, "queued"),
            (2 * row + 1, 2 * place + 1, "admitted"),
        )
    ]
    last = {"truck": trucks["truck"], "order": 2 * len(row), "code": GONE, "when": trucks["left"]}
    events = pd.concat([*parts, pd.DataFrame(last)], ignore_index=True).dropna(subset=["when"])
    events["at"] = (events["when"] - begin).dt.total_seconds().astype(np.int64)
    return events.sort_values(["truck", "order"], kind="stable")


def _spans(hours: pd.DataFrame, stage: str, begin: pd.Timestamp, length: int) -> list[list[int]]:
    open_hours = hours[(hours["stage"] == stage) & (hours["what"] == "open")]
    low, high = (
        (open_hours[name] - begin).dt.total_seconds().clip(0, length).astype(np.int64).tolist()
        for name in ("begins", "ends")
    )
    return [[a, b] for a, b in zip(low, high, strict=True) if b > a]


def _offsets(begin: pd.Timestamp, length: int) -> list[list[int]]:
    """Seconds east of UTC from which second on: a day on which clocks change has two."""
    offsets: list[list[int]] = []
    for second in range(0, length, 900):
        offset = (begin + pd.Timedelta(seconds=second)).utcoffset()
        east = int(offset.total_seconds()) if offset is not None else 0
        if not offsets or offsets[-1][1] != east:
            offsets.append([second, east])
    return offsets


def _routes(resolved: Mapping[str, Any]) -> list[list[str]]:
    """The stages of each class from left to right: routes of those that come back turned round."""
    routes, (_, back) = [], directions(resolved)
    for words in (resolved.get("traffic") or {}).values():
        if not isinstance(words, Mapping) or "route" not in words:
            continue
        route = [
            step["stage"] if isinstance(step, Mapping) else str(step) for step in words["route"]
        ]
        routes.append(route[::-1] if words.get("direction") == back else route)
    return routes


def directions(resolved: Mapping[str, Any]) -> tuple[str, str]:
    """The direction that goes from left to right and the one that comes back; empty for none."""
    traffic = (resolved.get("traffic") or {}).values()
    written = {w.get("direction") for w in traffic if isinstance(w, Mapping) and "route" in w}
    ways = sorted(str(way) for way in written - {None})
    back = next((way for way in _COME_IN if way in ways), ways[1] if len(ways) > 1 else "")
    return next((way for way in ways if way != back), ""), back


def layout(resolved: Mapping[str, Any], visited: list[str]) -> list[dict[str, Any]]:
    """Where the stages stand: one direction goes from column 0 up, the other comes back.

    Stages are in the order of the mean of their places in the routes, the first of a route at 0
    and its last at 1, and fill the columns evenly. Stages that no truck visits are left out.
    """
    routes = _routes(resolved)
    mean: dict[str, float] = {}
    for stage in visited:
        places = [
            route.index(stage) / max(len(route) - 1, 1) for route in routes if stage in route
        ] or [0.5]
        mean[stage] = float(np.mean(places))
    most = min(max((len(route) for route in routes), default=1), _COLUMNS)
    order = sorted(mean, key=lambda name: (mean[name], name))
    high = -(-len(order) // max(most, 1))
    return [
        {"stage": stage, "column": rank // high, "row": rank % high}
        for rank, stage in enumerate(order)
    ]


def links(resolved: Mapping[str, Any], number: Mapping[str, int]) -> list[list[int]]:
    """Pairs of places between which some class goes, by the numbers of their stages."""
    pairs = {
        (number[a], number[b])
        for route in _routes(resolved)
        for kept in [[stage for stage in route if stage in number]]
        for a, b in pairwise(kept)
        if a != b
    }
    return [list(pair) for pair in sorted(pairs)]
