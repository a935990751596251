"""Antithetic pairs: every stream mirrored, luck of trucks, days, closures and breakdowns alike."""

import numpy as np
import pytest

from demand.ports import DAY, port
from portsim.demand import draw, streams, uniforms
from portsim.demand.arrivals import Luck
from portsim.plan import Site, draft, timetable
from portsim.plan.interruptions import Interruptions

GRID = 2.0**-53

PORT = """\
name: small
timezone: Asia/Shanghai
period: {from: 2024-01-01, to: 2024-03-31}
resources:
  lanes:
    capacity: 2
    breakdowns: [{every: {uniform: {low: 380 days, high: 420 days}}, repair: 2 h}]
stages:
  gate:
    takes: {lanes: 1}
    closures: [{name: wind, every: {uniform: {low: 390 days, high: 430 days}}, lasts: 3 h}]
    at_close: finish
    time: {uniform: {low: 2 min, high: 8 min}}
traffic:
  day_factor: {uniform: {low: 0.5, high: 1.5}}
  tea:
    direction: export
    arrivals: {rate: 30 per day}
    load: {uniform: {low: 10 t, high: 30 t}}
    route: [gate]
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return port(tmp_path_factory.mktemp("port"), text=PORT)


def test_a_pair_adds_up_to_one():
    address = "class tea", "load", 5000
    one, two = (uniforms(3, number, *address, antithetic=True) for number in (1, 2))
    assert (one + two == 1.0 - GRID).all()
    assert np.corrcoef(one, two)[0, 1] == pytest.approx(-1.0)
    # Odd replications are those of a study without pairs; the next pair has luck of its own.
    np.testing.assert_array_equal(one, uniforms(3, 1, *address))
    three, four = (uniforms(3, number, *address, antithetic=True) for number in (3, 4))
    assert (three + four == 1.0 - GRID).all()
    assert abs(np.corrcoef(one, three)[0, 1]) < 4.5 / np.sqrt(5000)


def test_a_uniform_of_0_has_a_mirror_below_1(monkeypatch):
    class Zeros:
        def __init__(self, _):
            pass

        def random(self, count):
            return np.array([0.0, 1.0 - GRID, 0.5])[:count]

    monkeypatch.setattr(streams.np.random, "Generator", Zeros)
    mirror = uniforms(1, 2, "class tea", "load", 3, antithetic=True)
    assert mirror.tolist() == [1.0 - GRID, 0.0, 0.5 - GRID]


def test_goods_of_a_pair_are_mirrored_about_their_mean(scenario):
    pair = [draw(scenario, 7, number, antithetic=True) for number in (3, 4)]
    tonnes = [dict(zip(t.index.tolist(), t.tonnes.tolist(), strict=True)) for t in pair]
    both = tonnes[0].keys() & tonnes[1].keys()
    assert len(both) > 1000
    sums = np.array([tonnes[0][k] + tonnes[1][k] for k in both])
    np.testing.assert_allclose(sums, 40.0)


def test_many_trucks_in_one_are_few_in_the_other(scenario):
    counts = np.array(
        [[len(draw(scenario, 7, n + i, True).at(scenario).arrival) for i in (0, 1)]
         for n in range(1, 61, 2)]
    )  # fmt: skip
    assert np.corrcoef(counts.T)[0, 1] < -0.4


def test_work_at_the_stages_is_mirrored(scenario):
    table, works = timetable(scenario), []
    for number in (1, 2):
        trucks = draw(scenario, 7, number, antithetic=True)
        plan = Site(table, draft(scenario, trucks)).all()
        works.append(dict(zip(trucks.index.tolist(), plan.visit_work.tolist(), strict=True)))
    both = works[0].keys() & works[1].keys()
    assert {works[0][k] + works[1][k] for k in both} <= {599, 600, 601}
    assert len({works[0][k] for k in both}) > 100


def test_days_of_the_port_are_mirrored():
    from portsim.scenario.distributions import Distribution  # noqa: PLC0415

    words = Distribution[float].model_validate({"uniform": {"low": 0.5, "high": 1.5}})
    pair = [Luck(7, n, "port", {}, antithetic=True).values(words, "day factor", 50) for n in (1, 2)]
    np.testing.assert_allclose(pair[0] + pair[1], 2.0)


def test_closures_and_breakdowns_are_mirrored(scenario):
    """The first of each falls 365 days and some after the history begins: the offsets of a pair
    add up to twice the mean time between two, less twice those 365 days."""
    table = timetable(scenario)
    pair = [Interruptions(table, 7, number, antithetic=True) for number in (5, 6)]
    down = [one.resources()[0][0].times[0] for one in pair]
    assert sum(down) == pytest.approx((2 * 400 - 2 * 365) * DAY, abs=2)
    shut = [one.stages()[0][0][0, 1] for one in pair]
    assert sum(shut) == pytest.approx((2 * 410 - 2 * 365) * DAY, abs=2)
    assert down[0] != down[1]
    # The site hands the pairing of its trucks on.
    sites = [Site(table, draft(scenario, draw(scenario, 7, n, True))).at() for n in (5, 6)]
    assert [int(site.change_time[0]) for site in sites] == down
