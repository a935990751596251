"""A scenario over the days of a log: with its own trucks, or with those of the log.

The engine runs what it always runs; nothing of a log but its trucks enters.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.demand import draw, uniforms, window
from portsim.engines import Log, as_it_came, check_stuck, engine
from portsim.gatelog import GateLog
from portsim.held.already import inside_at, unseen_at
from portsim.held.lost_days import trucks_of
from portsim.held.seen import Seen
from portsim.held.spans import DAY_S, Window
from portsim.plan import Plan, Site, draft, timetable
from portsim.scenario.model import Scenario
from portsim.scenario.recorded import MassColumn, Record, Recorded, record_key
from portsim.scenario.traffic import Arrivals

__all__ = ["over", "runs", "with_trucks_of"]

_OWN_WARM_UP = 7 * DAY_S
_FILE = "the gate log"


def over(scenario: Scenario, window: Window, *, own: bool) -> Scenario:
    """The scenario over the days of a window.

    Args:
        scenario: checked.
        window: the days.
        own: with its own trucks, which can fill the port for as long as the scenario says, as those
            of the log do, and for a week at least; those of a log come as early as there are some.
    """
    warm_up = float(window.warm_up_days * DAY_S)
    if own:
        warm_up = max(scenario.period.warm_up, _OWN_WARM_UP, warm_up)
    period = scenario.period.model_copy(
        update={"from_": window.first, "to": window.last, "warm_up": warm_up}
    )
    # Whoever was inside at another beginning is not at this one.
    updated = {"period": period, "inside": None}
    return scenario.model_copy(update=updated).from_origin(scenario.origin)


def with_trucks_of(
    scenario: Scenario, log: GateLog, seen: Seen, step: int, mix: Reals, replication: int = 1
) -> Scenario:
    """The scenario with the trucks of a log in place of its own: when each came, of which class,
    with what load. On days whose records are lost come those of a day like them, which is another
    one in another period; who was inside when it begins comes then.

    Args:
        scenario: over the days of the log.
        log: its trucks.
        seen: the same log; its classes are those of the scenario, in the order of their names.
        step: seconds of a step of its arrivals: within it each truck comes at a second of its own,
            in the order of the rows, or all would wait for the end of their minute.
        mix: float64[classes], how many trucks of each class there are, in any unit: trucks whose
            class nobody knows are given one by it, the same in every replication.
        replication: number of the simulated period.
    """
    names = sorted(scenario.traffic.classes)
    cls = _of_a_class(seen.cls, mix, scenario.seed)
    load = log.trucks["load"].to_numpy(np.float64)
    lost = {day.date for day in log.lost.days if day.kind == "lost"}
    again, when = trucks_of(seen.arrival, lost, scenario.timezone, (scenario.seed, replication))
    begin = window(scenario).origin
    inside = np.append(unseen_at(begin, seen), inside_at(begin, seen))
    again = np.append(again, inside)
    cls, load = np.append(cls, cls[again]), np.append(load, load[again])
    arrival = _within_steps(np.append(seen.arrival, when), step, scenario.seed)
    arrival = np.append(arrival, begin + np.arange(len(inside)))
    there = ~np.isnan(arrival)
    classes, records = {}, {}
    for number, name in enumerate(names):
        rows = np.flatnonzero(there & (cls == number))
        rows = rows[np.argsort(arrival[rows], kind="stable")]
        words = Recorded(file=_FILE, only={"truck_class": (name,)}, load=MassColumn(column="load"))
        records[record_key(words)] = Record(
            np.floor(arrival[rows]).astype(np.int64), tonnes=load[rows]
        )
        arrivals = Arrivals(recorded=words)
        old = scenario.traffic.classes[name]
        classes[name] = old.model_copy(update={"arrivals": arrivals, "scale": 1.0})
    traffic = scenario.traffic.model_copy(update={**classes, "scale": 1.0})
    origin = replace(scenario.origin, records={**scenario.origin.records, **records}, checked="")
    return scenario.model_copy(update={"traffic": traffic}).from_origin(origin)


def _within_steps(arrival: Reals, step: int, seed: int) -> Reals:
    """Arrivals at any second of their step, those of one step in the order of the rows."""
    known = np.flatnonzero(~np.isnan(arrival))
    order = known[np.argsort(arrival[known], kind="stable")]
    spread = arrival[order] + np.floor(step * uniforms(seed, 1, _FILE, "second", len(order)))
    placed = np.full(len(arrival), np.nan)
    placed[order] = np.sort(spread)
    return placed


def _of_a_class(cls: Ints, mix: Reals, seed: int) -> Ints:
    """Classes of trucks, those that nobody knows by the mix."""
    luck = uniforms(seed, 1, _FILE, "class", len(cls))
    shares = mix / mix.sum() if mix.sum() > 0 else np.full(len(mix), 1.0 / len(mix))
    drawn = np.searchsorted(np.cumsum(shares)[:-1], luck, side="right")
    return np.where(cls < 0, drawn, cls).astype(np.int64)


def runs(
    scenario: Scenario, seed: int, replications: int, first: int = 1
) -> Iterator[tuple[Plan, Log]]:
    """Plans and logs of so many replications, from one of them on.

    Raises:
        StuckError: trucks ended in a circular wait.
    """
    table, run = timetable(scenario), engine("compiled")
    for number in range(first, first + replications):
        trucks = draw(scenario, seed, number).at(scenario)
        plan = Site(table, draft(scenario, trucks)).all()
        log = run(plan)
        check_stuck(plan, log)
        yield as_it_came(plan, log)
