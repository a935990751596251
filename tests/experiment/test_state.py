"""A scenario that begins with the state of a run goes on as that run."""

import datetime as dt
import random

import numpy as np
import pandas as pd
import pytest

import portsim
from any_port import write
from portsim.demand import draw
from portsim.engines import as_it_went, compiled
from portsim.errors import InputError
from portsim.plan import NEVER, Site, draft, timetable

PORT = """\
name: small
timezone: Europe/Brussels
period: {from: 2024-03-28, to: 2024-03-31, warm_up: 1 week}
completion: {limit: 12 h}
calendars:
  day: {hours: "08:00-18:00", lunch: 12:00-13:00}
  always: {hours: round the clock}
resources:
  yard: {capacity: 6}
  lane: {capacity: 2, breakdowns: [{every: {exponential: {mean: 9 h}}, repair: 1 h}]}
  officer:
    roster: [{calendar: day, count: 2}, {calendar: always, count: 1}]
    opens:
      {when_waiting: {gate: 4, check: 2}, until_waiting: 1, after: 25 min, at_most: 2, within: day}
  permit: {kind: budget, level: 30, refill: [00:00, 12:00]}
  tractor: {kind: store, level: 3}
stages:
  gate:
    takes: {lane: {until: next}, yard: {until: exit}}
    time: {exponential: {mean: 5 min}}
    at_close: finish
  check:
    takes: {officer: 1}
    spends: {permit: 1}
    time: {per_truck: {gamma: {mean: 25 min, cv: 0.8}}, per_tonne: 20 s}
    hours: [day]
    at_close: pause
    closures: [{name: wind, every: {exponential: {mean: 1 day}}, lasts: 40 min}]
  inspection:
    takes: {officer: 2}
    time: {lognormal: {mean: 1 h, cv: 1}}
    share: 0.4
    claims: true
    overtaking: true
    at_close: finish
  leave: {offers: {tractor: 1}, time: 3 min}
  couple: {spends: {tractor: 1}, time: 6 min}
traffic:
  vans:
    direction: export
    arrivals: {rate: 40 per day}
    load: {uniform: {low: 1 t, high: 4 t}}
    patience: {time: {exponential: {mean: 6 h}}, stages: [check]}
    route: [gate, {stage: check, sent_back: {share: 0.3, to: gate, at_most: 2}}, inspection, leave]
  tankers:
    direction: import
    priority: -1
    arrivals: {rate: 25 per day}
    load: 20 t
    tolerance: {waiting: 12}
    preferred: {share: 0.2, skips: [inspection]}
    route:
      - {stage: gate, share: 0.5}
      - check
      - {stage: inspection, sent_back: 0.4}
      - gate
      - couple
"""


LANES = """\
name: lanes
timezone: Europe/Brussels
period: {from: 2024-03-28, to: 2024-03-31, warm_up: 1 week}
calendars:
  day: {hours: "08:00-18:00"}
resources:
  room: {capacity: 60}
  lane: {capacity: 1, breakdowns: [{every: {exponential: {mean: 9 h}}, repair: 1 h}]}
  lane 2: {capacity: 1}
  lane 3: {capacity: 1}
  new scanner: {capacity: 1}
  old scanner: {capacity: 1}
  clerk: {capacity: 1, calendar: day}
stages:
  yard: {takes: {room: {until: exit}}, time: 1 min}
  gate: {takes: {lane: 1}, time: {exponential: {mean: 19 min}}, at_close: finish}
  gate 2: {takes: {lane 2: 1}, time: {exponential: {mean: 25 min}}}
  gate 3: {takes: {lane 3: 1}, time: {exponential: {mean: 30 min}}}
  scan:
    takes: {new scanner: 1}
    instead_of: {new scanner: {old scanner: 1.7}}
    time: {per_truck: {gamma: {mean: 15 min, cv: 0.8}}, per_tonne: 20 s}
  desk: {takes: {clerk: 1}, time: 20 min, hours: day, at_close: pause}
  counter: {takes: {lane 3: 1}, time: 15 min}
traffic:
  vans:
    direction: export
    arrivals: {rate: 40 per day}
    load: {uniform: {low: 1 t, high: 4 t}}
    route:
      - yard
      - {stage: gate, or_shorter: {of: [gate 2, gate 3], sight: 2}}
      - {stage: scan, sent_back: {share: 0.3, to: gate, at_most: 2}}
      - {stage: desk, share: 0.5, overflow: {to: counter, when_waiting: 2}}
  tankers:
    direction: import
    arrivals: {rate: 30 per day}
    load: 20 t
    route: [{stage: gate, share: 0.6, overflow: {to: gate 2, when_waiting: 3}}, scan, gate 2]
"""


@pytest.fixture
def port(tmp_path):
    file = tmp_path / "port.yaml"
    file.write_text(PORT)
    return portsim.load(file)


def told(scenario, replication):
    """What becomes of each truck in a run, in UTC seconds, by class and number."""
    trucks = draw(scenario, scenario.seed, replication).at(scenario)
    plan = Site(timetable(scenario), draft(scenario, trucks)).at()
    log = compiled.run(plan)
    plan = as_it_went(plan, log)
    origin = plan.context.origin
    found = {}
    for truck in range(plan.trucks):
        rows = range(plan.first_visit[truck], plan.first_visit[truck + 1])
        found[trucks.class_names[trucks.cls[truck]], int(trucks.index[truck])] = (
            {
                int(plan.visit_stage[v]): [
                    int(column[v]) + origin if column[v] != NEVER else NEVER
                    for column in (log.queued, log.admitted, log.finished)
                ]
                for v in rows
            },
            int(log.outcome[truck]),
            int(log.left[truck]) + origin if log.left[truck] != NEVER else NEVER,
            float(plan.context.tonnes[truck]),
        )
    return found, origin + plan.begin


def check_continues(whole, rest, begins):
    """All that is told of the trucks of the rest from its beginning on is told of the whole."""
    for truck, (visits, outcome, left, tonnes) in rest.items():
        other = whole[truck]
        assert (outcome, left, tonnes) == other[1:], truck
        for stage, times in visits.items():
            if times[2] == NEVER or times[2] >= begins:
                for here, there in zip(times, other[0][stage], strict=True):
                    assert here == there or (here < begins and there < begins), (truck, stage)
    gone = {truck for truck, other in whole.items() if NEVER != other[2] < begins}
    assert set(whole) - gone == set(rest)


MINUTES = ["2024-03-28 00:00", "2024-03-28 11:59", "2024-03-28 12:00", "2024-03-29 02:17"]
MINUTES += [
    "2024-03-29 08:40",
    "2024-03-29 09:41",
    "2024-03-29 17:59",
    "2024-03-30 23:59",
    "2024-03-31 03:00",
]


@pytest.mark.parametrize("minute", MINUTES)
@pytest.mark.parametrize("replication", [1, 2])
def test_a_scenario_begun_from_the_state_of_a_run_goes_on_as_the_run(port, minute, replication):
    cut = portsim.state(port, minute, replication=replication, drawn=True)
    whole, _ = told(port, replication)
    rest, begins = told(cut.scenario(), replication)
    assert len(cut.trucks) > 3
    check_continues(whole, rest, begins)


@pytest.mark.parametrize("minute", MINUTES)
def test_where_trucks_choose_a_run_goes_on_from_its_state(tmp_path, minute):
    """Those who wait have chosen their line, but not yet their server."""
    file = tmp_path / "lanes.yaml"
    file.write_text(LANES)
    port = portsim.load(file)
    cut = portsim.state(port, minute, drawn=True)
    check_continues(told(port, 1)[0], *told(cut.scenario(), 1))


def test_a_state_says_what_the_queue_has_opened(port):
    """At noon the calendar of the extra officers ends: those that were there close just then."""
    known = [portsim.state(port, f"2024-03-28 {time}", drawn=True) for time in ("11:40", "12:00")]
    for state in known:
        assert state.opened["officer"]["extra"] == 2
        assert state.scenario().inside.opened["officer"].extra == 2
    due = portsim.state(port, "2024-03-29 08:40", drawn=True)
    assert due.opened == {"officer": {"extra": 1, "due_in": "600 s"}}
    assert due.scenario().inside.opened["officer"].due_in == 600.0
    assert portsim.state(port, "2024-03-28 12:01").opened == {}


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_a_state_in_a_file_says_the_same(port, tmp_path, ending):
    cut = portsim.state(port, "2024-03-29 09:41", drawn=True)
    cut.write(tmp_path / f"state.{ending}")
    listed = cut.scenario()
    (tmp_path / "more.yaml").write_text(
        "extends: port.yaml\nname: filed\n"
        "period: {from: 2024-03-29 09:41, to: 2024-03-31, warm_up: null}\n"
        f"inside: {{file: state.{ending}, left: {cut.left}, opened: {cut.opened}}}\n".replace(
            "'", ""
        )
    )
    filed = portsim.load(tmp_path / "more.yaml")
    assert filed.origin.inside.digest == listed.origin.inside.digest
    assert told(filed, 1) == told(listed, 1)


def test_without_their_numbers_trucks_have_luck_of_their_own_in_each_replication(port):
    cut = portsim.state(port, "2024-03-29 09:41").scenario()
    assert cut.origin.inside.drawn.tolist() == [-1] * len(cut.origin.inside)
    works = []
    for replication in (1, 2):
        trucks = draw(cut, 1, replication).at(cut)
        plan = Site(timetable(cut), draft(cut, trucks)).at()
        inside = plan.beginning
        at_work = (inside.admitted != NEVER) & (inside.finished == NEVER)
        works.append(plan.visit_work[: len(inside.queued)][at_work])
        assert at_work.any()
    assert not np.array_equal(*works)


def test_a_state_of_a_minute_outside_of_the_run(port):
    with pytest.raises(InputError, match="2024-04-02 00:00 is outside of the run"):
        portsim.state(port, "2024-04-02")


def test_a_state_can_be_cut_out_of_a_run_that_began_with_one(port):
    first = portsim.state(port, "2024-03-28 11:59", drawn=True).scenario()
    second = portsim.state(first, "2024-03-29 09:41", drawn=True)
    directly = portsim.state(port, "2024-03-29 09:41", drawn=True)
    pd.testing.assert_frame_equal(second.trucks, directly.trucks)
    assert second.left == directly.left


def test_trucks_of_a_list_keep_their_names(port):
    began = port.replace(
        {
            "period": {"from": "2024-03-29 09:00", "to": "2024-03-31"},
            "inside": [{"truck": "B-417", "class": "vans", "stage": "check", "status": "working",
                        "since": "2024-03-29 08:30", "remaining": "2 h"}],
        }
    )  # fmt: skip
    (row,) = (
        portsim.state(began, "2024-03-29 09:30").trucks.query("truck == 'B-417'").to_dict("records")
    )
    assert (row["stage"], row["status"], row["since"]) == (
        "check", "working", "2024-03-29T08:30:00+01:00",
    )  # fmt: skip
    # What it keeps from the gate until it leaves, and no more.
    assert row["holds"] == "yard 1"


def test_luck_is_not_kept_into_another_year(port):
    """Trucks are drawn from 1 January of the year before the period on."""
    winter = port.replace({"period": {"from": "2024-12-30", "to": "2025-01-02"}})
    assert portsim.state(winter, "2025-01-01 12:00").scenario().inside is not None
    with pytest.raises(InputError, match="begins in 2025 has others than one of 2024"):
        portsim.state(winter, "2025-01-01 12:00", drawn=True).scenario()


@pytest.mark.parametrize("seed", [1, 2, 5, 8, 10, 12, 13])
def test_any_port_goes_on_from_its_own_state(tmp_path, seed):
    """Random scenarios of the whole language, cut at a random minute."""
    whole, luck = portsim.load(write(seed, tmp_path, papers=False)), random.Random(seed)
    span = whole.period.ends - whole.period.begins - dt.timedelta(hours=1)
    minute = whole.period.begins + dt.timedelta(
        minutes=luck.randrange(int(span.total_seconds() / 60))
    )
    rest = portsim.state(whole, minute, drawn=True).scenario()
    check_continues(told(whole, 1)[0], *told(rest, 1))
