"""Plans of a line of stations, built from arrays: what the benchmarks feed the engine with."""

from typing import NamedTuple

import numpy as np

from portsim.plan.contract import NEVER, SERVERS, Plan


class Station(NamedTuple):
    name: str
    servers: int
    share: float = 1.0
    """Share of trucks that stop here."""


def line(
    stations: tuple[Station, ...],
    arrival: np.ndarray,
    work: np.ndarray,
    priority: np.ndarray | None = None,
    end: int | None = None,
) -> Plan:
    """Trucks that pass the stations in order; `work` is int64[n, stations], -1 to skip one."""
    trucks, stages = work.shape
    stops = work >= 0
    stage = np.nonzero(stops)[1].astype(np.int64)
    none = np.zeros(len(stage), dtype=np.int64)
    never = np.full(len(stage), NEVER, dtype=np.int64)
    end = end or int(arrival[-1] + work.sum()) + 1
    always = np.tile(np.array([[0, end]], dtype=np.int64), (stages, 1))
    return Plan(
        end=end,
        arrival=arrival,
        priority=np.zeros(trucks, dtype=np.int64) if priority is None else priority,
        first_visit=np.concatenate([[0], np.cumsum(stops.sum(axis=1))]).astype(np.int64),
        visit_stage=stage,
        visit_work=work[stops],
        visit_take=stage + 1,
        visit_give_in=none,
        visit_give_out=stage + 1,
        visit_patience=never,
        visit_tolerance=never,
        list_start=np.concatenate([[0], np.arange(stages + 1)]).astype(np.int64),
        list_resource=np.arange(stages, dtype=np.int64),
        list_count=np.ones(stages, dtype=np.int64),
        resource_kind=np.full(stages, SERVERS, dtype=np.int64),
        resource_initial=np.array([station.servers for station in stations], dtype=np.int64),
        change_time=none[:0],
        change_resource=none[:0],
        change_value=none[:0],
        stage_pause=np.zeros(stages, dtype=bool),
        stage_claims=np.zeros(stages, dtype=bool),
        stage_overtaking=np.zeros(stages, dtype=bool),
        admit_start=np.arange(stages + 1, dtype=np.int64),
        admit=always,
        work_start=np.arange(stages + 1, dtype=np.int64),
        work=always,
    )
