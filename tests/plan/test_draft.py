"""Drafts: what they depend on and what not; the shipped policies share one."""

from pathlib import Path

import numpy as np
import pytest

from demand.ports import port
from portsim.checking import load
from portsim.demand import draw
from portsim.plan import draft, draft_key

BAKHTU = Path(__file__).parents[2] / "scenarios" / "bakhtu"
TEXT = """\
name: draft
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-08}
replications: 3
completion: {limit: 24 h, from: gate}
calendars:
  day: {hours: "10:00-19:00"}
open_hours: day
resources:
  lanes: {capacity: 4}
  crew: {capacity: 5}
  bays: {capacity: 5, breakdowns: [{every: 5 days, repair: 1 h}]}
  permits: {kind: budget, level: 100, refill: 00:00}
  tractors: {kind: store, level: 10}
stages:
  gate:
    takes: {lanes: {count: all, until: release}, crew: 2}
    spends: {permits: {count: 1, per: resident}}
    offers: {tractors: {count: 1, per: piece}}
    hours: day
    at_close: finish
    time: {per_truck: {erlang: {mean: 5 min, k: 3}}, per_tonne: 1 s, per_resident: 2 s}
  shed:
    takes: {bays: 1}
    at_close: finish
    share: 0.3
    time: {per_piece: {lognormal: {mean: 9 min, cv: 0.5}}}
  release:
    takes: {crew: 1}
    at_close: finish
    time: {per_truck: {empirical: {file: times.csv, column: wait, unit: min}}}
traffic:
  tea:
    direction: export
    arrivals: {rate: 60 per day}
    load: 20 t
    residents: {uniform: {low: 0, high: 4}}
    pieces: 2
    patience: {time: 5 h, stages: gate}
    tolerance: {waiting: 9.5, stages: gate}
    route: [gate, {stage: shed, share: 0.6}, {stage: release, time: 4 min}]
  cars:
    direction: import
    arrivals: {rate: 60 per day}
    load: 5 t
    residents: 1
    route: [gate, shed, release]
"""
TIMES = "wait\n1\n2\n5\n"

MATTERS = [
    ("lanes: {capacity: 4}", "lanes: {capacity: 3}"),  # taken with `all`
    ("  lanes: {capacity: 4}\n", "  posts: {capacity: 1}\n  lanes: {capacity: 4}\n"),
    ("stages:\n", "stages:\n  yard: {time: 1 min}\n"),
    ("mean: 5 min", "mean: 6 min"),
    ("k: 3", "k: 4"),
    ("per_tonne: 1 s", "per_tonne: 2 s"),
    ("per_resident: 2 s", "per_resident: 3 s"),
    ("cv: 0.5", "cv: 0.6"),
    ("share: 0.3", "share: 0.4"),
    ("share: 0.6", "share: 0.5"),
    ("time: 4 min", "time: 5 min"),
    ("crew: 2", "crew: 3"),
    ("until: release", "until: next"),
    ("count: all", "count: 1"),
    ("permits: {count: 1", "permits: {count: 2"),
    ("per: resident", "per: piece"),
    ("tractors: {count: 1", "tractors: {count: 2"),
    ("per: piece", "per: truck"),
    ("pieces: 2", "pieces: 3"),
    ("patience: {time: 5 h", "patience: {time: 6 h"),
    ("time: 5 h, stages: gate", "time: 5 h, stages: [gate, shed]"),
    ("waiting: 9.5", "waiting: 8.5"),
    ("waiting: 9.5, stages: gate", "waiting: 9.5, stages: release"),
    ("route: [gate, shed, release]", "route: [gate, release]"),
    ("route: [gate, shed, release]", "route: [shed, gate, release]"),
]
MATTERS_NOT = [
    ("10:00-19:00", "08:00-22:00"),
    ("calendars:\n", "calendars:\n  night: {hours: '22:00-06:00'}\n"),
    ("open_hours: day\n", ""),
    ("limit: 24 h, from: gate", "limit: 36 h"),
    ("replications: 3", "replications: 4\nseed: 9"),
    ("crew: {capacity: 5}", "crew: {roster: [{calendar: day, count: 9}]}"),
    ("bays: {capacity: 5, breakdowns: [{every: 5 days, repair: 1 h}]}", "bays: {capacity: 6}"),
    ("level: 100, refill: 00:00", "level: 300, refill: 12:00"),
    ("level: 10}", "level: 11}"),
    ("at_close: finish", "at_close: pause"),
    ("at_close: finish", "at_close: finish\n    last_entry: 1 h\n    claims: true"),
    ("at_close: finish", "at_close: finish\n    overtaking: true\n    label: Gate"),
    ("at_close: finish", "at_close: finish\n    closures: [{name: w, every: 9 h, lasts: 1 h}]"),
    ("    direction: export\n", "    direction: import\n    priority: -1\n    scale: 0.5\n"),
    ("traffic:\n", "traffic:\n  scale: 2\n"),
]


def made(folder, *changes, times=TIMES):
    return port(folder, *changes, text=TEXT, times=times)


def laid_out(scenario, trucks):
    """Every visit of a draft in words, truck by truck."""
    found = draft(scenario, trucks)
    visits, stages, names = found.visits, list(scenario.stages), list(scenario.resources)
    pairs = list(zip(found.list_resource.tolist(), found.list_count.tolist(), strict=True))

    def tokens(row):
        return [
            (what, names[what], count)
            for what, count in pairs[found.list_start[row] : found.list_start[row + 1]]
        ]

    kinds = visits.kinds
    truck = np.repeat(np.arange(len(visits.first) - 1), np.diff(visits.first))
    return [
        (
            k,
            int(kinds.stage[kind]),
            stages[kinds.stage[kind]],
            seconds,
            *(tokens(column[kind]) for column in (kinds.take, kinds.give_in, kinds.give_out)),
            int(visits.patience[k]) if kinds.patient[kind] else None,
            int(visits.tolerance[k]) if kinds.tolerant[kind] else None,
        )
        for k, kind, seconds in zip(
            truck.tolist(), visits.kind.tolist(), visits.work.tolist(), strict=True
        )
    ]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    scenario = made(tmp_path_factory.mktemp("base"))
    trucks = draw(scenario, 1, 1)
    return draft_key(scenario), trucks, laid_out(scenario, trucks)


@pytest.mark.parametrize("change", MATTERS)
def test_what_changes_visits_changes_the_key(base, tmp_path, change):
    key, trucks, visits = base
    scenario = made(tmp_path, change)
    assert laid_out(scenario, trucks) != visits
    assert draft_key(scenario) != key


@pytest.mark.parametrize("change", MATTERS_NOT)
def test_what_changes_no_visit_leaves_the_key(base, tmp_path, change):
    key, trucks, visits = base
    scenario = made(tmp_path, change)
    assert laid_out(scenario, trucks) == visits
    assert draft_key(scenario) == key


def test_observed_times_are_known_by_what_stands_in_the_file(base, tmp_path):
    key, trucks, visits = base
    scenario = made(tmp_path, times="wait\n1\n2\n6\n")
    assert laid_out(scenario, trucks) != visits
    assert draft_key(scenario) != key
    assert draft_key(made(tmp_path, times="wait\n5\n2\n1\n")) == key


def test_the_schedules_of_bakhtu_share_one_draft():
    policies = sorted(BAKHTU.glob("hours-*.yaml"))
    assert len(policies) == 7
    keys = {draft_key(load(path)) for path in policies}
    assert len(keys) == 1
    follow = load(f"{BAKHTU / 'hours-5x8.yaml'}+{BAKHTU / 'drivers-follow-hours.yaml'}")
    assert draft_key(follow) in keys
