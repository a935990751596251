"""A case as a plan of portsim, and the engines that may be there to run it."""

from collections.abc import Callable
from functools import cache
from importlib import import_module

import numpy as np

from portsim.engines.log import Log
from portsim.plan.contract import NEVER, SERVERS, Plan
from workload import Case, Station

Run = Callable[[Plan], Log]


@cache
def engine(name: str) -> Run | None:
    """The `run` of an engine of portsim, or None where this checkout has no such engine."""
    module = f"portsim.engines.{name}"
    try:
        run: Run = import_module(module).run
    except ModuleNotFoundError as missing:
        if missing.name not in {module, "numba"}:
            raise
        print(f"{module} cannot be had ({missing}); it is left out")
        return None
    return run


def plan_of(case: Case) -> Plan:
    if case.hours is None:
        opening = np.array([[0, case.end]], dtype=np.int64)
    else:
        days = np.arange(case.end // case.day, dtype=np.int64)[:, None] * case.day
        opening = days + np.array(case.hours, dtype=np.int64)
    return line(case.stations, case.arrival, case.work, opening, case.end)


def line(
    stations: tuple[Station, ...],
    arrival: np.ndarray,
    work: np.ndarray,
    opening: np.ndarray,
    end: int,
    priority: np.ndarray | None = None,
) -> Plan:
    """Trucks that pass stations in a row, which all begin work in the intervals of `opening`."""
    trucks, stages = work.shape
    stops = work >= 0
    stage = np.nonzero(stops)[1].astype(np.int64)
    none = np.zeros(len(stage), dtype=np.int64)
    never = np.full(len(stage), NEVER, dtype=np.int64)
    each = np.arange(stages, dtype=np.int64)
    servers = each + 1  # token list k + 1 is one server of station k, list 0 is empty
    rows = np.arange(stages + 1, dtype=np.int64) * len(opening)
    return Plan(
        end=end,
        arrival=arrival,
        priority=np.zeros(trucks, dtype=np.int64) if priority is None else priority,
        first_visit=np.concatenate([[0], np.cumsum(stops.sum(axis=1))]).astype(np.int64),
        visit_kind=stage,
        visit_work=work[stops],
        visit_patience=never,
        visit_tolerance=never,
        kind_stage=each,
        kind_take=servers,
        kind_give_in=np.zeros_like(each),
        kind_give_out=servers,
        list_start=np.concatenate([[0], np.arange(stages + 1)]).astype(np.int64),
        list_resource=each,
        list_count=np.ones(stages, dtype=np.int64),
        resource_kind=np.full(stages, SERVERS, dtype=np.int64),
        resource_initial=np.array([station.servers for station in stations], dtype=np.int64),
        change_time=none[:0],
        change_resource=none[:0],
        change_value=none[:0],
        stage_pause=np.zeros(stages, dtype=bool),
        stage_claims=np.zeros(stages, dtype=bool),
        stage_overtaking=np.zeros(stages, dtype=bool),
        admit_start=rows,
        admit=np.tile(opening, (stages, 1)),
        work_start=rows,
        work=np.tile(opening, (stages, 1)),
    )
