"""The gate log's two tables: clean trucks with their stamps become trucks and visits.

Nothing is found odd here any more.
"""

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.gatelog.draft import ARRIVAL, Draft
from portsim.gatelog.gaps import Passed
from portsim.gatelog.mapping import STAMPS
from portsim.gatelog.words import direction_of

__all__ = ["trucks_and_visits"]

_ANY_CLASS = "truck"


def trucks_and_visits(draft: Draft, through: Passed) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables `trucks` and `visits` of a `portsim.gatelog.GateLog`."""
    n = len(draft.first)
    arrival = _arrival(draft)
    order = np.lexsort((draft.first, np.where(np.isnan(arrival), draft.firsts(), arrival)))
    number = np.empty(n, dtype=np.int64)
    number[order] = np.arange(n)
    facts = draft.facts
    plate = facts["truck"].astype(object).fillna("")
    trucks = pd.DataFrame(
        {
            "truck": plate.astype("str"),
            "truck_class": facts["truck_class"].astype("str").fillna(_ANY_CLASS),
            "direction": _directions(facts["direction"].astype("str")),
            "load": facts["load"].to_numpy(np.float64),
            "value": facts["value"].to_numpy(np.float64),
            "arrival": arrival,
        }
    )
    visits = [_visits(draft, through, rank, arrival) for rank in range(len(draft.stages))]
    if len(draft.again):
        rank = {stage: each for each, stage in enumerate(draft.stages)}
        visits.append(draft.again.assign(rank=draft.again["stage"].map(rank)))
    # A log of nothing but arrivals has no visits.
    none = draft.again.iloc[:0].assign(rank=0)
    whole = pd.concat([each for each in visits if len(each)] or [none], ignore_index=True)
    whole["truck"] = number[whole["truck"].to_numpy(np.int64)]
    began = whole[list(STAMPS)].min(axis=1)
    whole = whole.assign(at=began).sort_values(["truck", "rank", "at"], kind="stable")
    whole = whole[["truck", "stage", *STAMPS, "resource"]].reset_index(drop=True)
    for name in ("stage", "resource"):
        whole[name] = whole[name].astype("str")
    return trucks.iloc[order].reset_index(drop=True), whole


def _directions(directions: pd.Series) -> pd.Series:
    """``import`` and ``export`` where that is what they say, in whatever language."""
    return directions.map(
        {text: direction_of(text) for text in directions.dropna().unique()}
    ).astype("str")


def _arrival(draft: Draft) -> Reals:
    """When trucks arrived: as stamped, else when they joined the queue of the first stage."""
    arrival = np.full(len(draft.first), np.nan)
    first = (draft.stages[0], "queue") if draft.stages else ARRIVAL
    for key in (ARRIVAL, first):
        column = draft.at(key)
        if column >= 0:
            arrival = np.where(np.isnan(arrival), draft.seconds[:, column], arrival)
    return arrival


def _visits(draft: Draft, through: Passed, rank: int, arrival: Reals) -> pd.DataFrame:
    stage = draft.stages[rank]
    rows = np.flatnonzero(through.stages[stage])
    frame = pd.DataFrame({"truck": rows, "stage": stage, "rank": rank})
    for stamp in STAMPS:
        column = draft.at((stage, stamp))
        values = draft.seconds[:, column] if column >= 0 else np.full(len(draft.first), np.nan)
        if rank == 0 and stamp == "queue":
            values = np.where(np.isnan(values), arrival, values)
        frame[stamp] = values[rows]
    names = draft.resources.get(stage)
    frame["resource"] = None if names is None else np.asarray(names.astype(object))[rows]
    return frame
