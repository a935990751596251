"""Trend, closed days, convoys and loads told from traffic of which they are known."""

import datetime as dt

import numpy as np
import pytest

from fitting.test_arrivals import MONDAY, drawn, log_of
from portsim.fitting.arrivals import arrivals
from portsim.fitting.loads import load_told
from thorough import cases


def grown(growth, days):
    return (1 + growth) ** (np.arange(days) / (365.25 / 12))


@pytest.mark.parametrize("growth", [-0.08, 0.05])
def test_a_trend_is_in_its_interval_and_in_the_months(growth):
    luck, held, there = np.random.default_rng(1), 0, 0
    for _ in range(40):
        told = arrivals(log_of(drawn(luck, 140, 60, factors=grown(growth, 140), cv=0)))
        held += told.trend.low <= growth <= told.trend.high
        there += told.trend.there
        if told.trend.there:
            months = told.classes[0].months
            assert months[8].value == months[7].value
            # What the log does not have may be as much higher or lower as growth goes on.
            later = months[7].value * (1 + growth) ** 2
            assert months[9].low < later < months[9].high
            assert (months[3].value < months[7].value) == (growth > 0)
    assert held >= 35
    assert there >= 30


def test_without_a_trend_none_is_seen_also_where_days_differ():
    luck = np.random.default_rng(2)
    told = [
        arrivals(log_of(drawn(luck, 100, 60, cv=0.3))).trend.there for _ in range(cases(40, 80))
    ]
    assert sum(told) <= 3


def test_the_day_after_a_closed_day():
    luck = np.random.default_rng(3)
    factors = np.ones(140)
    closed = [MONDAY + dt.timedelta(n) for n in (24, 52, 80, 109)]
    for date in closed:
        factors[(date - MONDAY).days] = 0.2
        factors[(date - MONDAY).days + 1] = 1.5
    log = log_of(drawn(luck, 140, 60, factors=factors))
    told = arrivals(log, closed)
    assert told.closed.dates == tuple(closed)
    assert told.closed.low <= 0.2 <= told.closed.high
    assert told.after_closed.low <= 1.5 <= told.after_closed.high
    assert told.closed.there
    assert told.after_closed.there
    plain = arrivals(log_of(drawn(luck, 140, 60)), closed)
    assert not plain.closed.there
    assert not plain.after_closed.there
    assert arrivals(log).closed is None


def test_convoys_of_three_are_no_scatter_of_days():
    luck = np.random.default_rng(4)
    alone, heads = drawn(luck, 100, 40), drawn(luck, 100, 15)
    seconds = np.concatenate([alone, np.repeat(heads, 3)])
    names = np.repeat(["alone", "convoy"], [len(alone), 3 * len(heads)]).astype(object)
    told = arrivals(log_of(seconds, names, step=1))
    assert {each.name: each.together for each in told.classes} == {"alone": 1, "convoy": 3}
    assert told.scatter is None
    assert "come together" in told.platoons


def test_the_interval_of_an_hour():
    luck, held = np.random.default_rng(5), 0
    hours = np.repeat([3, 1], 12) / 48
    for _ in range(20):
        (told,) = arrivals(log_of(drawn(luck, 30, 60, hours=hours))).classes
        ends = zip(told.hour_limits, hours * 24, strict=True)
        held += sum(low <= weight <= high for (_, low, high), weight in ends)
    assert held / 480 == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize(
    ("draw", "families"),
    [
        (lambda luck: luck.lognormal(3, 0.3, 2000), {"lognormal"}),
        (lambda luck: np.round(luck.gamma(25, 0.8, 2000)), {"gamma", "lognormal"}),
        (lambda luck: luck.uniform(5, 30, 2000), {"uniform"}),
        (lambda luck: np.where(luck.random(2000) < 0.4, 0.0, 20 + luck.random(2000)),
         {"empirical"}),
        (lambda _: np.full(2000, 20.0), {"constant"}),
    ],
)  # fmt: skip
def test_loads(draw, families):
    tonnes = draw(np.random.default_rng(6))
    told = load_told(np.append(tonnes, np.nan))
    assert told.family in families
    assert told.n == 2000
    assert told.low <= tonnes.mean() <= told.high
    if told.family == "empirical":
        assert told.words["empirical"]["values"].count("0.00 t") == pytest.approx(40, abs=3)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_a_load(count):
    told = load_told(np.full(count, 12.0))
    assert (told is None) == (count == 0)
    assert told is None or told.words == "12.00 t"
