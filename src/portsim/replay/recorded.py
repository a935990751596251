"""The room of the replay: a port's own records as a log that can be played beside a simulated one.

No stage and no class is recognised here, and no page enters.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from portsim.gatelog import GateLog
from portsim.results.logs import PortLog

__all__ = ["recorded"]

_STAMPS = ["queue", "start", "end"]
_STILL_S = 2 * 86_400
"""A truck without its last stamp may be inside if its last one is so near to the end of the log."""


def recorded(
    log: PortLog,
    gate: GateLog,
    name: str,
    stages: Mapping[str, str],
    classes: Mapping[tuple[str, str], str],
) -> PortLog:
    """The trucks of a gate log, at the places and by the hours of a simulated log.

    A truck joins a queue when the log says so, else when its stage before was over; where no start
    is stamped it is drawn waiting until it goes on. It leaves with its last stamp, unless the log
    ends so soon after it that it may still be inside: then it waits where it must go next.

    Args:
        log: of which scenario the map and the hours are.
        gate: the records.
        name: what they are called on the page.
        stages: stage of the scenario by stage of the records; visits of others are left out.
        classes: class of the scenario by class and direction (empty for none) in the records;
            those that are missing keep theirs.
    """
    traffic = log.entry.resolved.get("traffic") or {}
    written = gate.trucks["direction"].fillna("")
    kinds = zip(gate.trucks["truck_class"], written, strict=True)
    own = [classes.get(kind, kind[0]) for kind in kinds]
    ways = [
        (traffic.get(cls) or {}).get("direction") or way
        for cls, way in zip(own, written, strict=True)
    ]
    visits = _visits(gate, stages)
    must = {stages[stage] for stage in gate.always if stage in stages}
    next_ = _next(gate, visits, [_route(traffic.get(cls), must) for cls in own])
    left = gate.lasts.copy()
    left[list(next_)] = np.nan
    going = [truck for truck, stage in next_.items() if stage]
    waits = pd.DataFrame(
        {
            "truck": going,
            "stage": [next_[truck] for truck in going],
            "queued": gate.lasts[going],
            "admitted": np.nan,
        }
    )
    # A frame without a row has no types of its own.
    visits = pd.concat([visits, waits], ignore_index=True) if going else visits
    trucks = pd.DataFrame(
        {
            "truck": gate.trucks.index,
            "name": _names(gate),
            "truck_class": own,
            "direction": ways,
            "arrival": _instants(gate.firsts, log),
            "left": _instants(left, log),
        }
    )
    return replace(
        log,
        entry=replace(log.entry, name=name),
        recorded=True,
        trucks=trucks.dropna(subset=["arrival"]),
        visits=visits.assign(
            queued=_instants(visits["queued"].to_numpy(np.float64), log),
            admitted=_instants(visits["admitted"].to_numpy(np.float64), log),
        ),
    )


def _visits(gate: GateLog, stages: Mapping[str, str]) -> pd.DataFrame:
    """By truck and in their order: truck, stage of the scenario, queued, admitted, and done; UTC
    epoch seconds, NaN for what is not known."""
    visits = gate.visits[gate.visits["stage"].isin(list(stages))]
    # Records have one order of stages; who comes back passes them the other way round.
    order = visits[["start", "end"]].min(axis=1).fillna(visits["queue"])
    visits = visits.assign(at=order).sort_values(["truck", "at"], kind="stable")
    first = pd.Series(gate.firsts).reindex(visits["truck"]).to_numpy()
    by = np.repeat(visits["truck"].to_numpy(), 3)
    told = pd.Series(visits[_STAMPS].to_numpy(np.float64).ravel())
    # No truck goes back in time: a stamp before an earlier one counts as that, as does the arrival
    # that stands as the queue of the first stage of the records, where it is not the truck's first.
    told = told.groupby(by).cummax()
    before = told.groupby(by).ffill().groupby(by).shift(1).to_numpy().reshape(-1, 3)[:, 0]
    stamps = told.to_numpy().reshape(-1, 3)
    queued = np.where(np.isnan(stamps[:, 0]), before, stamps[:, 0])
    return pd.DataFrame(
        {
            "truck": visits["truck"].to_numpy(np.int64),
            "stage": visits["stage"].map(dict(stages)).to_numpy(),
            "queued": np.where(np.isnan(queued), first, queued),
            "admitted": stamps[:, 1],
            "over": ~np.isnan(stamps[:, 2])
            | ~visits["stage"].map({one: "end" in gate.stamped[one] for one in stages}),
        }
    )


def _route(words: Any, must: set[str]) -> list[str]:
    """The stages of a class that every truck of the records passes, in its order."""
    route = words.get("route") or () if isinstance(words, Mapping) else ()
    names = [step["stage"] if isinstance(step, Mapping) else str(step) for step in route]
    return [name for name in names if name in must]


def _next(gate: GateLog, visits: pd.DataFrame, routes: list[list[str]]) -> dict[int, str]:
    """Trucks that are inside when the log ends, and the stage that each waits for; empty for the
    one in which it is."""
    late = np.flatnonzero(gate.lasts > gate.last - _STILL_S)
    last = visits.groupby("truck").tail(1).set_index("truck")
    following: dict[int, str] = {}
    for truck in late.tolist():
        route = routes[truck]
        if truck in last.index and not last.at[truck, "over"]:
            following[truck] = ""
            continue
        stage = str(last.at[truck, "stage"]) if truck in last.index else ""
        ahead = route[route.index(stage) + 1 :] if stage in route else [] if stage else route
        if ahead:
            following[truck] = ahead[0]
    return following


def _names(gate: GateLog) -> pd.Series:
    """The plates, or numbers where there are none; who comes again has a number behind it."""
    plates = gate.trucks["truck"]
    plates = plates.where(plates != "", gate.trucks.index.astype("str").to_numpy())
    again = plates.groupby(plates).cumcount() + 1
    return plates.where(again == 1, plates + " (" + again.astype("str") + ")")


def _instants(seconds: "np.typing.NDArray[np.float64]", log: PortLog) -> pd.DatetimeIndex:
    return pd.to_datetime(seconds, unit="s", utc=True).as_unit("s").tz_convert(log.zone)
