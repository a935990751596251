"""A day of a gate log replayed, worked out on paper: classes, directions, loads, ways and work."""

from pathlib import Path

import numpy as np
import pytest

import portsim
from portsim.demand import draw, draw_recurring, recurring, steady
from portsim.engines import engine
from portsim.plan import build, draft

LIST = """\
plate;cargo;way;arrival;tonnes;gate min;inspection min
A1;general;import;16.09.2024 09:00;18,5;10;
B2;empty;export;16.09.2024 09:01;0;4;
C3;general;;16.09.2024 09:02;;12,5;30
D4;general;import;16.09.2024 09:03;3;;20
E5;empty;export;16.09.2024 17:55;0;8;
"""
PORT = """\
timezone: Asia/Shanghai
period: {from: 2024-09-16, to: 2024-09-18}
replications: 1
calendars:
  day: {hours: "09:00-18:00"}
resources:
  lanes: {capacity: 1, calendar: day}
  inspectors: {capacity: 1}
stages:
  gate: {takes: {lanes: 1}, hours: day, at_close: pause, time: 7 min}
  inspection: {takes: {inspectors: 1}, time: 99 min}
traffic:
  log:
    direction: import
    arrivals:
      recorded:
        file: gate.csv
        truck_class: cargo
        direction: way
        load: tonnes
        work: {gate: gate min, inspection: inspection min}
        passes: {inspection: inspection min}
    load: 20 t
    route: [gate, {stage: inspection, share: 0.3}]
"""
SHORT = "extends: port.yaml\nname: short\ncalendars: {day: {hours: '09:00-17:58'}}\n"
MORE = "extends: port.yaml\nname: more\nresources: {lanes: {capacity: 2}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"gate.csv": LIST, "port.yaml": PORT, "short.yaml": SHORT,
                       "more.yaml": MORE}.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def visits(scenario, kind: str, day: int = 16) -> list[str]:
    """Each visit: class, direction, tonnes, stage, queued, admitted, finished."""
    study = portsim.run(scenario, jobs=1, logs="first", engine=kind)
    trucks = study.trucks.set_index("truck")
    told = []
    for visit in study.visits.itertuples():
        truck = trucks.loc[visit.truck]
        times = [visit.queued, visit.admitted, visit.finished]
        clocks = " ".join(f"{t:%H:%M:%S}" + ("+1" if t.day > day else "") for t in times)
        told.append(
            f"{truck.truck_class} {truck.direction} {truck.tonnes:g} {visit.stage} {clocks}"
        )
    return told


@pytest.mark.parametrize("kind", ["simpy", "compiled"])
def test_a_day_of_two_classes_to_the_second(folder, kind):
    """One lane from 09:00. A1 takes 10 minutes, B2 4, C3 12:30; D4 has no time in the list and
    takes the stage's 7. C3 and D4 have a time of inspection, so they pass there and nobody else
    does, whatever the share: C3 from 09:26:30 for 30 minutes, D4, ready at 09:33:30, waits. E5
    comes at 17:55, works 5 minutes until 18:00 and the other 3 the next morning."""
    assert visits(portsim.load(folder / "port.yaml"), kind) == [
        "general import 18.5 gate 09:00:00 09:00:00 09:10:00",
        "empty export 0 gate 09:01:00 09:10:00 09:14:00",
        "general import 20 gate 09:02:00 09:14:00 09:26:30",
        "general import 20 inspection 09:26:30 09:26:30 09:56:30",
        "general import 3 gate 09:03:00 09:26:30 09:33:30",
        "general import 3 inspection 09:33:30 09:56:30 10:16:30",
        "empty export 0 gate 17:55:00 17:55:00 09:03:00+1",
    ]


@pytest.mark.parametrize("kind", ["simpy", "compiled"])
def test_under_a_policy_every_truck_keeps_its_work(folder, kind):
    """With two lanes B2 has its 4 minutes from 09:01, C3 its 12:30 from 09:05, D4 the stage's 7
    from 09:10. D4 is ready at 09:17 and inspected for its 20 minutes, C3, ready at 09:17:30, then.

    With hours until 17:58 E5 has 5 of its 8 minutes left for the morning."""
    assert visits(portsim.load(folder / "more.yaml"), kind) == [
        "general import 18.5 gate 09:00:00 09:00:00 09:10:00",
        "empty export 0 gate 09:01:00 09:01:00 09:05:00",
        "general import 20 gate 09:02:00 09:05:00 09:17:30",
        "general import 20 inspection 09:17:30 09:37:00 10:07:00",
        "general import 3 gate 09:03:00 09:10:00 09:17:00",
        "general import 3 inspection 09:17:00 09:17:00 09:37:00",
        "empty export 0 gate 17:55:00 17:55:00 09:03:00+1",
    ]
    last = visits(portsim.load(folder / "short.yaml"), kind)[-1]
    assert last == "empty export 0 gate 17:55:00 17:55:00 09:05:00+1"


def long_list(seed: int, days: int) -> str:
    """Trucks at whole minutes, each with work that nobody else has."""
    rng = np.random.default_rng(seed)
    minutes = np.sort(rng.choice(days * 1440, 60 * days, replace=False))
    rows = [
        f"{'empty' if n % 3 else 'general'};{'export' if n % 3 else 'import'};"
        f"{np.datetime64('2024-09-16T00:00') + minute};{n % 31};{1 + n / 100:.2f};"
        f"{'' if n % 4 else 2 + n / 50}"
        for n, minute in enumerate(minutes.tolist())
    ]
    rng.shuffle(rows)
    return "cargo;way;arrival;tonnes;gate min;inspection min\n" + "\n".join(rows) + "\n"


def test_a_smaller_scale_leaves_trucks_out_and_the_others_as_they_are(folder):
    (folder / "gate.csv").write_text(long_list(1, 3), encoding="utf-8")
    whole = portsim.load(folder / "port.yaml")
    half = whole.replace({"traffic.scale": 0.5}, name="half")
    works = []
    for scenario in (whole, half):
        trucks = draw(scenario, 1, 1).at(scenario)
        plan = build(scenario, trucks)
        gate = plan.visit_stage == list(plan.context.stage_names).index("gate")
        works.append(
            dict(zip(trucks.arrival.tolist(), plan.visit_work[gate].tolist(), strict=True))
        )
    assert len(works[0]) == 180
    assert 60 < len(works[1]) < 120
    assert works[1].items() <= works[0].items()


def test_both_engines_replay_a_longer_log_alike(folder):
    (folder / "gate.csv").write_text(long_list(2, 3), encoding="utf-8")
    scenario = portsim.load(folder / "port.yaml")
    plan = build(scenario, draw(scenario, 1, 1).at(scenario))
    one, other = (engine(kind)(plan) for kind in ("simpy", "compiled"))
    for column in ("queued", "admitted", "finished", "left", "outcome"):
        assert np.array_equal(getattr(one, column), getattr(other, column))


def test_where_days_recur_each_truck_keeps_its_load_and_work(folder):
    (folder / "gate.csv").write_text(long_list(3, 3), encoding="utf-8")
    scenario = portsim.load(folder / "port.yaml")
    days = recurring(scenario, least=9, most=9, warm_up=0)
    trucks = draw_recurring(scenario, days, steady(scenario), 1, 1, 1.0)
    visits = draft(scenario, trucks).visits
    gate = visits.work[visits.first[:-1]]
    came = days.real_seconds(trucks.arrival)
    times, again = np.unique(came, return_counts=True)
    assert len(times) == 180
    assert again.min() >= 2
    records = [scenario.origin.record(cls.arrivals.recorded)
               for cls in scenario.traffic.classes.values()]  # fmt: skip
    told = {
        second: (tonnes, round(work))
        for record in records
        for second, tonnes, work in zip(
            record.arrival.tolist(), record.tonnes.tolist(), record.work["gate"].tolist(),
            strict=True,
        )
    }  # fmt: skip
    for second, tonnes, work in zip(
        came.tolist(), trucks.tonnes.tolist(), gate.tolist(), strict=True
    ):
        assert told[second] == (tonnes, work)
