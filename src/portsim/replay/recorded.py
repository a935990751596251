"""The room of the replay: a port's own records as a log that can be played beside a simulated one.

No stage and no class is recognised here, and no page enters.
"""

from collections.abc import Mapping
from dataclasses import replace

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
    is stamped it is drawn waiting until it goes on. It leaves with its last stamp.

    Args:
        log: of which scenario the map and the hours are.
        gate: the records.
        name: what they are called on the page.
        stages: stage of the scenario by stage of the records; visits of others are left out.
        classes: class of the scenario by class and direction (empty for none) in the records;
            those that are missing keep theirs.
    """
    visits = gate.visits[gate.visits["stage"].isin(list(stages))]
    # Records have one order of stages; who comes back passes them the other way round, and the
    # arrival, which stands as the queue of the first of them, is then that of another.
    order = visits[["start", "end"]].min(axis=1).fillna(visits["queue"])
    visits = visits.assign(at=order).sort_values(["truck", "at"], kind="stable")
    first = pd.Series(gate.firsts).reindex(visits["truck"]).to_numpy()
    later = visits["truck"].duplicated().to_numpy()
    visits["queue"] = visits["queue"].mask(later & (visits["queue"].to_numpy() == first))
    by = np.repeat(visits["truck"].to_numpy(), 3)
    told = pd.Series(visits[_STAMPS].to_numpy(np.float64).ravel())
    # No truck goes back in time: a stamp before an earlier one counts as that.
    told = told.groupby(by).cummax()
    known = told.groupby(by).ffill()
    before = known.groupby(by).shift(1)
    stamps = told.to_numpy().reshape(-1, 3)
    queued = np.where(np.isnan(stamps[:, 0]), before.to_numpy().reshape(-1, 3)[:, 0], stamps[:, 0])
    queued = np.where(np.isnan(queued), first, queued)
    last = visits.groupby("truck").tail(1).set_index("truck")
    ends = last["stage"].map(lambda stage: "end" in gate.stamped[stage])
    open_ = (last["end"].isna() & ends).reindex(gate.trucks.index, fill_value=False).to_numpy(bool)
    left = np.where(open_ & (gate.lasts > gate.last - _STILL_S), np.nan, gate.lasts)
    kinds = zip(gate.trucks["truck_class"], gate.trucks["direction"].fillna(""), strict=True)
    traffic = log.entry.resolved.get("traffic") or {}
    own = [classes.get(kind, kind[0]) for kind in kinds]
    ways = [
        (traffic.get(cls) or {}).get("direction") or way
        for cls, way in zip(own, gate.trucks["direction"].fillna(""), strict=True)
    ]
    plates = gate.trucks["truck"].where(
        gate.trucks["truck"] != "", gate.trucks.index.astype("str").to_numpy()
    )
    again = plates.groupby(plates).cumcount() + 1
    plates = plates.where(again == 1, plates + " (" + again.astype("str") + ")")
    trucks = pd.DataFrame(
        {
            "truck": gate.trucks.index,
            "name": plates,
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
        visits=pd.DataFrame(
            {
                "truck": visits["truck"],
                "stage": visits["stage"].map(dict(stages)),
                "queued": _instants(queued, log),
                "admitted": _instants(stamps[:, 1], log),
            }
        ),
    )


def _instants(seconds: "np.typing.NDArray[np.float64]", log: PortLog) -> pd.DatetimeIndex:
    return pd.to_datetime(seconds, unit="s", utc=True).as_unit("s").tz_convert(log.zone)
