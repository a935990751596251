"""The room of the replay: what the page must know of a day, as plain numbers; no page."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from portsim.errors import InputError
from portsim.replay.layout import Port, port_of
from portsim.results.logs import PortLog
from portsim.scenario.sizes import Dimensions

__all__ = ["GONE", "classes_of", "day_data"]

GONE = -1
"""Code of a truck that has left. Others are twice the place, and one more while work is done."""
_GAP_M = 4
"""Between a load longer than a usual truck and the next one."""


def day_data(log: PortLog, day: dt.date) -> dict[str, Any]:
    """A day of the log as JSON types.

    Args:
        log: the log.
        day: a local day of the period.

    Returns:
        ``length`` of the day in s; ``offsets`` from UTC as (second, s); ``other``, the same of the
        side with another clock, and ``side`` 0 or 1 for left or right, None for none; ``map`` and
        ``places`` as of `portsim.replay.layout.Port`, each place with its name and its ``open``
        hours; ``port`` hours, None where the port has none of its own; ``classes`` as of
        `classes_of`; and the trucks that were there at any second: its number or name in
        ``trucks``, ``kind`` class of each, ``first`` where its events begin in ``at`` (s after
        midnight) and ``code`` (see `GONE`). A truck that was there at midnight has an event at or
        before second 0.

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
    port = port_of(log.entry.resolved, log.visits["stage"].unique().tolist())
    places = port.places
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
    # Without hours of its own a port is never closed, whatever its places are.
    kept = bool(log.entry.resolved.get("open_hours"))
    own = _spans(log.hours, "", begin, length) if kept else None
    labels, stages = log.labels("traffic"), log.labels("stages")
    ways = trucks.groupby("truck_class")["direction"].first()
    called = trucks.set_index("truck")["name"] if "name" in trucks else None
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
        "other": _other(port, begin, length),
        "map": port.map,
        "places": places,
        "port": own,
        "classes": [
            {**words, "name": labels.get(words["name"], words["name"])}
            for words in classes_of(
                log.entry.resolved, port, {name: str(ways[name]) for name in names}
            )
        ],
        "trucks": (order if called is None else called[order]).tolist(),
        "kind": trucks.set_index("truck")["truck_class"].map(kind)[order].tolist(),
        "first": [0, *np.cumsum(counts.to_numpy()).tolist()],
        "at": events["at"].tolist(),
        "code": events["code"].tolist(),
    }


def classes_of(
    resolved: Mapping[str, Any], port: Port, ways: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What the page must know of classes: ``name``, ``direction``, whether that is the way
    ``back``, and ``metres``, how long one of them is drawn with the gap behind it.

    Args:
        resolved: what a scenario says, as a manifest keeps it.
        port: its map.
        ways: direction of each class, by name, in the order wanted.
    """
    return [
        {
            "name": name,
            "direction": way,
            "back": way == port.back,
            "metres": _metres((resolved.get("traffic") or {}).get(name), port.map["truck"]),
        }
        for name, way in ways.items()
    ]


def _metres(words: Any, truck: float) -> float:
    """A load that is longer than a truck is drawn so, and a convoy as long as its vehicles."""
    if not isinstance(words, Mapping):
        return truck
    sizes = words.get("dimensions")
    long = Dimensions.model_validate(sizes).overall if isinstance(sizes, Mapping) else None
    pieces = words.get("pieces")
    one = max(truck, (long or 0) + _GAP_M)
    return round(one * (pieces if isinstance(pieces, int) else 1), 1)


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


def _other(port: Port, begin: pd.Timestamp, length: int) -> dict[str, Any] | None:
    if port.other is None:
        return None
    side, zone = port.other
    offsets = _offsets(begin.tz_convert(zone), length)
    return None if offsets == _offsets(begin, length) else {"side": side, "offsets": offsets}


def _offsets(begin: pd.Timestamp, length: int) -> list[list[int]]:
    """Seconds east of UTC from which second on: a day on which clocks change has two."""
    offsets: list[list[int]] = []
    for second in range(0, length, 900):
        offset = (begin + pd.Timedelta(seconds=second)).utcoffset()
        east = int(offset.total_seconds()) if offset is not None else 0
        if not offsets or offsets[-1][1] != east:
            offsets.append([second, east])
    return offsets
