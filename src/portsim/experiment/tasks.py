"""One task of a study: one run of one scenario in one replication, measured.

A task needs nothing but what it is given and leaves nothing behind, so it may run anywhere.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from portsim.arrays import Ints
from portsim.demand import Trucks
from portsim.engines import Log, check_stuck, engine
from portsim.measures import Measured, capacity, measure
from portsim.plan import NEVER, Context, Plan, build, check_needs
from portsim.scenario.model import Scenario

__all__ = ["SATURATED", "Done", "Task", "perform"]

SATURATED = 4.0
"""Times the demand at which the capacity of a port is measured."""
OUTCOMES = ("inside", "released", "diverted", "given up")


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """What to run: a scenario with its base trucks, at its own demand or saturated."""

    scenario: Scenario
    trucks: Trucks
    engine: str
    saturated: bool
    logs: bool


@dataclass(frozen=True, eq=False, slots=True)
class Done:
    """What came of a task."""

    scenario: str
    replication: int
    capacity: float | None = None
    """Releases a day, of a saturated run only."""
    measured: Measured | None = None
    logs: dict[str, pd.DataFrame] | None = None


def perform(task: Task) -> Done:
    """Plan, run and measure.

    Raises:
        PlanError: some need can never be met.
        StuckError: trucks ended in a circular wait.
    """
    scenario, trucks = task.scenario, task.trucks
    plan = build(scenario, trucks.at(scenario, SATURATED if task.saturated else 1.0))
    check_needs(plan)
    log = engine(task.engine)(plan)
    check_stuck(plan, log)
    where = scenario.name, trucks.replication
    if task.saturated:
        return Done(*where, capacity=capacity(plan, log))
    logs = _frames(scenario, plan, log, trucks.replication) if task.logs else None
    return Done(*where, measured=measure(plan, log), logs=logs)


def _frames(scenario: Scenario, plan: Plan, log: Log, replication: int) -> dict[str, pd.DataFrame]:
    """The log as two tables with names and local times."""
    context = plan.context
    assert context is not None
    named = {"scenario": scenario.name, "replication": replication}
    classes = np.array(context.class_names, dtype=object)[context.truck_class]
    directions = np.array(context.directions, dtype=object)[context.truck_class]
    trucks = pd.DataFrame(
        {
            **named,
            "truck": np.arange(plan.trucks),
            "class": classes,
            "direction": directions,
            "pieces": context.pieces,
            "tonnes": context.tonnes,
            "cny": context.cny,
            "residents": context.residents,
            "arrival": _instants(plan.arrival, context, scenario.timezone),
            "outcome": np.array(OUTCOMES, dtype=object)[log.outcome],
            "left": _instants(log.left, context, scenario.timezone),
        }
    )
    stages = np.array(context.stage_names, dtype=object)
    activities = np.array([stage.activity for stage in scenario.stages.values()], dtype=object)
    visits = pd.DataFrame(
        {
            **named,
            "truck": np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit)),
            "stage": stages[plan.visit_stage],
            "activity": activities[plan.visit_stage],
            "queued": _instants(log.queued, context, scenario.timezone),
            "admitted": _instants(log.admitted, context, scenario.timezone),
            "finished": _instants(log.finished, context, scenario.timezone),
            "work_s": plan.visit_work,
        }
    )
    return {"trucks": trucks, "visits": visits}


def _instants(seconds: Ints, context: Context, timezone: str) -> pd.DatetimeIndex:
    epoch = (seconds + context.origin).astype("datetime64[s]")
    epoch[seconds == NEVER] = np.datetime64("NaT")
    return pd.DatetimeIndex(epoch).tz_localize("UTC").tz_convert(timezone)
