"""The same day with more servers, or with longer hours; and two days on which that is no gain."""

from dataclasses import replace

import numpy as np

from plans import NEVER, SERVERS, Day, Stage, Truck, Visit, at, servers
from portsim.engines import Log


def with_more_servers(day: Day, name: str, more: int = 1) -> Day:
    """So many servers of this name more, all day."""
    old = day.resources[name]
    assert old.kind == SERVERS
    changes = [(second, value + more) for second, value in old.changes]
    new = replace(old, initial=old.initial + more, changes=changes)
    return replace(day, resources={**day.resources, name: new})


def with_longer_hours(day: Day, name: str, extra: tuple[int, int]) -> Day:
    """A stage open in this interval too."""
    old = day.stages[name]
    hours = None if old.hours is None else [*old.hours, extra]
    return replace(day, stages={**day.stages, name: replace(old, hours=hours)})


def leaving(day: Day, log: Log) -> np.ndarray:
    """When each truck left, int64[trucks]; the end of the day for those still inside."""
    return np.where(log.left == NEVER, day.end, log.left)


def second_lane(lanes: int) -> Day:
    """With a second lane the long inspection passes the gate before the short one."""
    short = Truck(at("08:00"), [_gate(10), _inspection(5)])
    long = Truck(at("08:01"), [_gate(2), _inspection(20)])
    resources = {"lanes": servers(lanes), "scanner": servers(1)}
    return Day(at("09:00"), resources, {"gate": Stage(), "inspection": Stage()}, [short, long])


def early_gate(opens: str) -> Day:
    """Early at the gate, the oversized load is before the fruit at the only scanner."""
    oversized = Truck(at("07:30"), [_gate(1), _inspection(55)])
    fruit = [Truck(at("07:40"), [_gate(1), _inspection(10)], priority=-1) for _ in range(3)]
    resources = {"lanes": servers(1), "scanner": servers(1)}
    stages = {"gate": Stage([(at(opens), at("09:00"))]), "inspection": Stage()}
    return Day(at("08:40"), resources, stages, [oversized, *fruit])


def _gate(minutes: int) -> Visit:
    return Visit("gate", minutes * 60, {"lanes": 1})


def _inspection(minutes: int) -> Visit:
    return Visit("inspection", minutes * 60, {"scanner": 1})
