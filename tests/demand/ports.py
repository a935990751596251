"""A small port in words, changed text by text, for the tests of what is drawn and planned."""

from pathlib import Path

import numpy as np

from portsim.checking import load
from portsim.demand import Trucks, draw
from portsim.plan import Plan, build
from portsim.scenario.model import Scenario

HOUR, DAY = 3600, 86_400

PORT = """\
name: small
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-24, warm_up: 1 week}
seed: 7
calendars:
  day: {hours: "10:00-14:00, 15:00-19:00"}
  week: {hours: {Mon-Fri: "09:00-17:00"}}
  night: {hours: "22:00-06:00"}
open_hours: day
resources:
  lanes: {capacity: 2}
stages:
  gate:
    takes: {lanes: 1}
    hours: day
    at_close: finish
    time: {lognormal: {mean: 5 min, cv: 0.9}}
  inspection:
    share: 0.3
    time: {per_truck: {gamma: {mean: 20 min, cv: 0.5}}, per_piece: {exponential: {mean: 3 min}}}
  release:
    time: {per_tonne: {uniform: {low: 1 s, high: 3 s}}}
traffic:
  tea:
    direction: export
    arrivals: {rate: 30 per day, months: {Mar: 1.5}, weekdays: {Sun: 0.2}, hours: {06:00-22:00: 1}}
    load: {triangular: {low: 5 t, mode: 21 t, high: 30 t}}
    value: {lognormal: {mean: 90000 CNY, cv: 0.6}}
    residents: {quota: 8000 CNY}
    patience: {exponential: {mean: 5 h}}
    route: [gate, inspection, release]
  convoy:
    direction: export
    arrivals: {rate: 9 per day, together: 3}
    load: {uniform: {low: 10 t, high: 60 t}}
    price: {uniform: {low: 3000 CNY/t, high: 5000 CNY/t}}
    pieces: 3
    tolerance: {uniform: {low: 5, high: 30}}
    route: [gate, {stage: inspection, share: 0.5}, release]
  fruit:
    direction: import
    arrivals:
      booked: {calendar: night, per_hour: 2, early: {exponential: {mean: 2 h}}, no_show: 0.2}
    load: 20 t
    route: [gate, release]
  cars:
    direction: import
    arrivals: {rate: 20 per day, follow: night}
    load: 1 t
    route: [gate, release]
  clerks:
    direction: import
    arrivals: {rate: 12 per day, follow: week}
    load: 1 t
    route: [gate, release]
  old:
    direction: import
    arrivals: {recorded: {file: old.csv}}
    load: {erlang: {mean: 18 t, k: 4}}
    route: [gate, inspection, release]
"""


def old_csv() -> str:
    """Arrivals of three months, every 47 minutes, not in order."""
    start = np.datetime64("2024-02-01T00:03:00")
    times = start + np.arange(2500) * np.timedelta64(47, "m")
    return "plate,arrival\n" + "".join(f"x,{time}\n" for time in reversed(times.tolist()))


def port(folder: Path, *changes: tuple[str, str], text: str = PORT, **files: str) -> Scenario:
    """Load the port with some texts replaced, each of which must stand there."""
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    for name, content in {"old": old_csv(), **files}.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def trucks_of(scenario: Scenario, replication: int = 1, times: float = 1.0) -> Trucks:
    return draw(scenario, scenario.seed, replication).at(scenario, times)


def plan_of(scenario: Scenario, replication: int = 1) -> Plan:
    return build(scenario, trucks_of(scenario, replication))


def facts(scenario: Scenario, replication: int = 1, times: float = 1.0) -> dict:
    """Everything drawn for each truck, by class and index, with arrivals in epoch seconds."""
    trucks = trucks_of(scenario, replication, times)
    plan = build(scenario, trucks)
    names = np.array(plan.context.stage_names, dtype=object)[plan.visit_stage]
    found = {}
    for n in range(plan.trucks):
        visits = slice(plan.first_visit[n], plan.first_visit[n + 1])
        moods = (
            {int(x) for x in plan.visit_patience[visits]},
            {int(x) for x in plan.visit_tolerance[visits]},
        )
        found[trucks.class_names[trucks.cls[n]], int(trucks.index[n])] = (
            int(trucks.arrival[n]),
            float(trucks.tonnes[n]),
            float(trucks.value[n]),
            int(trucks.residents[n]),
            tuple(zip(names[visits], plan.visit_work[visits].tolist(), strict=True)),
            moods,
        )
    assert len(found) == plan.trucks
    return found
