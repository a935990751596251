"""Building a plan: a scenario and its trucks become the arrays of the contract.

Pure arrangement: every draw was made with the trucks, every rule is the engines' business.
"""

import datetime as dt

import numpy as np

from portsim.arrays import Ints
from portsim.calendars import local_seconds, to_utc, zone
from portsim.demand import Trucks, Window, window
from portsim.plan.contract import Context, Plan
from portsim.plan.places import KINDS, Places, changes, resource_steps, stage_times
from portsim.plan.tokens import Lists
from portsim.plan.visits import lay_out
from portsim.scenario.model import Scenario

__all__ = ["build"]

_DAY_S, _HOUR_S, _MONDAY = 86_400, 3600, 3


def build(scenario: Scenario, trucks: Trucks) -> Plan:
    """Build the plan of one replication.

    Args:
        scenario: the port and its hours.
        trucks: those that come, as `Trucks.at` gives them.

    Returns:
        A plan with its context; seconds count from the start of the warm-up.
    """
    run = window(scenario)
    end = run.stop - run.origin
    places = Places(scenario, run, trucks.seed, trucks.replication)
    lists = Lists(list(scenario.resources))
    visits = lay_out(scenario, trucks, lists)
    kinds = np.array([KINDS[r.kind] for r in scenario.resources.values()], dtype=np.int64)
    steps = {number: resource_steps(places, name) for number, name in enumerate(scenario.resources)}
    times = [stage_times(places, name) for name in scenario.stages]
    change_time, change_resource, change_value = changes(steps, kinds)
    pairs = [pair for row in lists.rows for pair in row]
    priorities = np.array(
        [scenario.traffic.classes[name].priority for name in trucks.class_names], dtype=np.int64
    )
    stages = scenario.stages.values()
    return Plan(
        end=end,
        arrival=trucks.arrival - run.origin,
        priority=priorities[trucks.cls],
        first_visit=visits.first,
        visit_stage=visits.stage,
        visit_work=visits.work,
        visit_take=visits.take,
        visit_give_in=visits.give_in,
        visit_give_out=visits.give_out,
        visit_patience=visits.patience,
        visit_tolerance=visits.tolerance,
        list_start=_starts([len(row) for row in lists.rows]),
        list_resource=np.array([what for what, _ in pairs], dtype=np.int64),
        list_count=np.array([count for _, count in pairs], dtype=np.int64),
        resource_kind=kinds,
        resource_initial=np.array([step.initial for step in steps.values()], dtype=np.int64),
        change_time=change_time,
        change_resource=change_resource,
        change_value=change_value,
        stage_pause=np.array([stage.at_close == "pause" for stage in stages], dtype=bool),
        stage_claims=np.array([stage.claims for stage in stages], dtype=bool),
        stage_overtaking=np.array([stage.overtaking for stage in stages], dtype=bool),
        admit_start=_starts([len(admits) for admits, _ in times]),
        admit=np.concatenate([admits for admits, _ in times]),
        work_start=_starts([len(works) for _, works in times]),
        work=np.concatenate([works for _, works in times]),
        context=_context(scenario, trucks, run, places),
    )


def _starts(lengths: list[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _context(scenario: Scenario, trucks: Trucks, run: Window, places: Places) -> Context:
    place = zone(scenario.timezone)
    period = scenario.period
    days = [
        period.from_ + dt.timedelta(days=number)
        for number in range((period.to - period.from_).days + 2)
    ]
    midnights = np.array([to_utc(day, 0, place, later=False) for day in days], dtype=np.int64)
    nights = [to_utc(day, 4 * _HOUR_S, place, later=False) for day in days[:-1]]
    firsts = [number for number, day in enumerate(days[:-1]) if number == 0 or day.day == 1]
    hours = local_seconds(np.arange(run.start, run.stop, _HOUR_S, dtype=np.int64), place)
    classes = [scenario.traffic.classes[name] for name in trucks.class_names]
    clock = scenario.completion.from_
    return Context(
        origin=run.origin,
        start=run.start - run.origin,
        limit=round(scenario.completion.limit),
        clock_stage=-1 if clock == "arrival" else list(scenario.stages).index(clock),
        class_names=trucks.class_names,
        directions=tuple(cls.direction for cls in classes),
        stage_names=tuple(scenario.stages),
        resource_names=tuple(scenario.resources),
        truck_class=trucks.cls,
        pieces=np.array([cls.pieces for cls in classes], dtype=np.int64)[trucks.cls],
        tonnes=trucks.tonnes,
        cny=trucks.cny,
        residents=trucks.residents,
        day_edges=midnights - run.origin,
        month_edges=np.append(midnights[firsts], midnights[-1]) - run.origin,
        month_names=tuple(days[number].strftime("%Y-%m") for number in firsts),
        nights=np.array(nights, dtype=np.int64) - run.origin,
        hour_of_week=((hours // _DAY_S + _MONDAY) % 7) * 24 + hours % _DAY_S // _HOUR_S,
        open_hours=places.in_plan(places.together(scenario.open_hours)),
    )
