"""One run of a study: a scenario in a replication, simulated, audited and measured.

A run needs nothing but what it is given and leaves nothing behind, so it may be done anywhere.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from portsim.arrays import Ints
from portsim.calendars import Intervals
from portsim.engines import check_stuck, engine
from portsim.engines.audit import audit
from portsim.experiment.common_draws import SharedDraws
from portsim.experiment.costs import money_rows, needed, of_staff
from portsim.experiment.counterfactuals import counterfactuals
from portsim.measures import (
    CauseRow,
    Curve,
    Measurement,
    Row,
    Strain,
    frame_of,
    measure,
    tally,
)
from portsim.plan import NEVER, Context, Plan, Site
from portsim.scenario.measure_catalogue import LOG, measure_of
from portsim.scenario.model import Scenario

__all__ = ["AUDITED_DAYS", "RunResult", "Task", "run_one"]

AUDITED_DAYS = 14
"""So many days after the warm-up SimPy looks over the shoulder of another engine."""
OUTCOMES = ("inside", "released", "diverted", "given_up")
"""Names of the outcomes in the order of their codes: those of the measures."""
_DAY_S = 86_400


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """What to run."""

    scenario: Scenario
    replication: int
    shared: SharedDraws
    engine: str
    logs: bool = False
    audit: str = "none"
    """``default``: SimPy runs the beginning too; ``full``: all of it; ``none``."""
    counterfactuals: bool = True
    """Conduct the counterfactual runs too."""
    curves: bool = True
    from_empty: bool = False
    """Keep the curve that begins with the warm-up."""
    measures: frozenset[str] | None = None
    """Figures that are kept; all if None."""


@dataclass(frozen=True, eq=False, slots=True)
class RunResult:
    """What came of a run."""

    scenario: str
    replication: int
    rows: list[Row]
    """class, place, measure, value, count, note of each figure; those of counterfactual runs and of
    all staff together among them."""
    curves: list[Curve]
    strains: list[Strain]
    """Where the run may be overloaded."""
    causes: list[CauseRow] = field(default_factory=list)
    """Waiting by cause, where it occurs."""
    audit: str = "none"
    audited: int = 0
    """Visits on which SimPy agrees."""
    logs: dict[str, pd.DataFrame] | None = None

    @property
    def figures(self) -> pd.DataFrame:
        """The rows as a frame with truck_class, place, measure, value, count, note."""
        return frame_of(self.rows)


def run_one(task: Task) -> RunResult:
    """Plan, run, audit and measure; then, if asked, the counterfactual runs.

    Raises:
        StuckError: trucks ended in a circular wait.
        AuditError: SimPy says something else.
    """
    scenario, run = task.scenario, engine(task.engine)
    site = Site(task.shared.timetable.get(), task.shared.draft.get())
    plan = site.at()
    log = run(plan)
    check_stuck(plan, log)
    audited = 0
    if task.audit != "none":
        audited = audit(plan, log, _audited_until(plan, task.audit))
    measurement = Measurement(plan, log)
    measured = measure(
        measurement,
        names=_worked_out(task.measures),
        with_curves=task.curves,
        from_empty=task.from_empty,
        with_causes=task.measures is None,
    )
    logs = _frames(scenario, measurement, task.replication) if task.logs else None
    real = tally(measurement) if _hypothetical(task) else None
    del plan, log, measurement
    rows = [*of_staff(scenario, measured.rows), *money_rows(scenario, measured.rows)]
    if real is not None:
        rows += counterfactuals(scenario, site, task.engine, real)
    if task.measures is not None:
        rows = [row for row in rows if row[2] in task.measures]
    return RunResult(
        scenario=scenario.name,
        replication=task.replication,
        rows=rows,
        curves=measured.curves,
        strains=measured.strains,
        causes=measured.causes,
        audit=task.audit,
        audited=audited,
        logs=logs,
    )


def _worked_out(names: frozenset[str] | None) -> frozenset[str] | None:
    """What must be measured for some figures: money is reckoned from hours and trucks."""
    return names if names is None else names | needed(names)


def _hypothetical(task: Task) -> bool:
    """Whether a figure is wanted that takes a run of its own."""
    return task.counterfactuals and (
        task.measures is None or any(measure_of(name).found_by != LOG for name in task.measures)
    )


def _audited_until(plan: Plan, mode: str) -> int:
    assert plan.context is not None
    return plan.end if mode == "full" else plan.context.start + AUDITED_DAYS * _DAY_S


def _frames(scenario: Scenario, run: Measurement, replication: int) -> dict[str, pd.DataFrame]:
    """The log as tables with names and local times: trucks, visits, and when what was open."""
    plan, log, context, spans = run.plan, run.log, run.context, run.spans
    named = {"scenario": scenario.name, "replication": replication}
    classes = np.array(context.class_names, dtype=object)[context.truck_class]
    directions = np.array(context.directions, dtype=object)[context.truck_class]
    trucks = pd.DataFrame(
        {
            **named,
            "truck": np.arange(plan.trucks),
            "truck_class": classes,
            "direction": directions,
            "pieces": context.pieces,
            "tonnes": context.tonnes,
            "value": context.value,
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
            "truck": spans.truck,
            "stage": stages[plan.visit_stage],
            "activity": activities[plan.visit_stage],
            "queued": _instants(log.queued, context, scenario.timezone),
            "admitted": _instants(log.admitted, context, scenario.timezone),
            "finished": _instants(log.finished, context, scenario.timezone),
            "work_s": plan.visit_work,
            "wait_closed_s": spans.wait_closed,
            "paused_s": spans.paused,
        }
    )
    return {"trucks": trucks, "visits": visits, "hours": _hours(scenario, run, named)}


def _hours(scenario: Scenario, run: Measurement, named: dict[str, object]) -> pd.DataFrame:
    """When the port and its stages were open, drawn closures and breakdowns taken out.

    A row an interval: ``stage``, empty for the port, ``what`` (open: trucks can go in; work: the
    work of a stage that pauses goes on), ``begins``, ``ends``.
    """
    plan, context = run.plan, run.context
    rows: list[tuple[str, str, Intervals]] = [("", "open", context.open_hours)]
    for stage, open_ in enumerate(run.spans.opened):
        rows.append((context.stage_names[stage], "open", open_))
        if plan.stage_pause[stage]:
            rows.append((context.stage_names[stage], "work", plan.works(stage)))
    spans_ = np.concatenate([intervals for *_, intervals in rows])
    counts = [len(intervals) for *_, intervals in rows]
    return pd.DataFrame(
        {
            **named,
            "stage": np.repeat(np.array([stage for stage, *_ in rows], dtype=object), counts),
            "what": np.repeat(np.array([kind for _, kind, _ in rows], dtype=object), counts),
            "begins": _instants(spans_[:, 0], context, scenario.timezone),
            "ends": _instants(spans_[:, 1], context, scenario.timezone),
        }
    )


def _instants(seconds: Ints, context: Context, timezone: str) -> pd.DatetimeIndex:
    epoch = (seconds + context.origin).astype("datetime64[s]")
    epoch[seconds == NEVER] = np.datetime64("NaT", "s")
    return pd.DatetimeIndex(epoch).tz_localize("UTC").tz_convert(timezone)
