"""A forecast says what replications of the same scenario say: drawn otherwise, of the same laws."""

import numpy as np
import pytest

import portsim
from portsim.checking import load
from portsim.forecasting import known_of
from portsim.forecasting.futures import run_futures

PORT = """\
name: many
timezone: Asia/Shanghai
period: {from: 2025-04-14 10:00, to: 2025-04-15 04:00}
seed: 3
calendars: {day: {hours: "08:00-20:00"}}
resources:
  lane: {capacity: 1}
  clerk: {capacity: 2, calendar: day, breakdowns: [{every: 9 h, repair: {constant: 1 h}}]}
stages:
  gate: {takes: {lane: 1}, time: {exponential: {mean: 4 min}}, closures: [
    {name: wind, every: {exponential: {mean: 20 h}}, lasts: {uniform: {low: 1 h, high: 3 h}}}],
    at_close: finish}
  desk: {takes: {clerk: 1}, hours: day, at_close: pause, time: {gamma: {mean: 20 min, cv: 0.8}}}
traffic:
  day_factor: {gamma: {mean: 1, cv: 0.4}}
  vans: {direction: export, arrivals: {rate: 70 per day, hours: {"06:00-22:00": 1}}, load: 3 t,
    patience: {exponential: {mean: 5 h}}, route: [gate, {stage: desk, share: 0.8}]}
  pairs: {direction: import, arrivals: {rate: 20 per day, together: 2}, load: 2 t, route: [desk]}
  slots: {direction: import, arrivals: {booked: {calendar: day, per_hour: 2, no_show: 0.2,
    late: {exponential: {mean: 20 min}}}}, load: 2 t, route: [gate]}
inside:
  - {truck: A, class: vans, stage: desk, status: working, since: 2025-04-14 09:40}
  - {truck: B, class: vans, stage: desk, since: 2025-04-14 09:10}
  - {truck: C, class: pairs, stage: desk, status: working, since: 2025-04-14 09:55}
  - {truck: D, class: vans, stage: gate, since: 2025-04-14 09:58}
"""
RUNS = 120


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    file = tmp_path_factory.mktemp("many") / "many.yaml"
    file.write_text(PORT, encoding="utf-8")
    port = load(file)
    wanted = ["inside_at_end", "released", "arrived", "given_up"]
    runs = portsim.run(port, replications=RUNS, jobs=1, audit="none").replications
    whole = runs[runs["truck_class"].eq("all") & runs["place"].eq("")]
    figures = {name: whole[whole["measure"].eq(name)]["value"].to_numpy() for name in wanted}
    (begun,) = known_of([port], "2025-04-14 10:00", hours=18).policies
    return figures, run_futures(begun, 3, RUNS, None, 1, lambda n: None)


def alike(one, other):
    """Means within four standard errors, deviations about as far apart."""
    error = np.hypot(one.std(), other.std()) / np.sqrt(RUNS)
    assert abs(one.mean() - other.mean()) < 4 * error
    assert other.std() == pytest.approx(one.std(), rel=0.36)


def test_as_many_arrive_leave_and_are_left(both):
    figures, seen = both
    alike(figures["inside_at_end"], seen.table[:, 1, 0, -1])
    alike(figures["released"], seen.table[:, 2, 0, -1])
    arrived = np.array([len(future.arrival) - 4 for future in seen.outs])
    alike(figures["arrived"], arrived)


def test_stages_add_up_to_the_port(both):
    _, seen = both
    waiting, inside, released = seen.table[:, 0], seen.table[:, 1], seen.table[:, 2]
    assert np.array_equal(waiting[:, 0], waiting[:, 1:].sum(axis=1))
    assert np.array_equal(inside[:, 0], inside[:, 1:].sum(axis=1))
    assert waiting.min() >= 0
    assert np.all(np.diff(released, axis=2) >= 0)
    # At the beginning nothing has happened yet.
    assert np.all(waiting[:, :, 0] == [2, 1, 1])
    assert np.all(inside[:, :, 0] == [4, 1, 3])
    assert np.all(released[:, :, 0] == 0)
