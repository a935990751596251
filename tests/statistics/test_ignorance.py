"""Intervals of ignorance against known distributions, and when an input is named."""

import numpy as np
import pandas as pd
import pytest

from portsim.statistics.comparison import compare
from portsim.statistics.ignorance import FEWEST, MOST, NORMAL, Inputs, explained, reach, uncertainty
from portsim.statistics.intervals import summarise


def test_with_39_draws_the_limits_are_the_smallest_and_the_largest():
    effects = np.random.default_rng(1).random((3, 39))
    far = reach(effects)
    assert far.ordered.all()
    assert np.allclose(far.low, effects.min(axis=1))
    assert np.allclose(far.high, effects.max(axis=1))
    assert not reach(effects[:, :38]).ordered.any()


def test_limits_between_two_draws_are_those_of_weibull_and_missing_draws_are_left_out():
    effects = np.full((1, 120), np.nan)
    effects[0, 10:110] = np.random.default_rng(2).normal(size=100)
    far = reach(effects)
    known = effects[0, 10:110]
    assert far.n.tolist() == [100]
    assert far.low[0] == pytest.approx(np.quantile(known, 0.025, method="weibull"))
    assert far.high[0] == pytest.approx(np.quantile(known, 0.975, method="weibull"))


@pytest.mark.parametrize("draws", [10, 60])
def test_one_more_draw_lies_within_95_of_a_hundred_times(draws):
    """Normal effects with few draws; of any distribution with many."""
    luck = np.random.default_rng(3)
    values = luck.normal(size=(20_000, draws + 1))
    if draws > 38:
        values = np.exp(values)
    far = reach(values[:, :-1])
    inside = (far.low <= values[:, -1]) & (values[:, -1] <= far.high)
    assert inside.mean() == pytest.approx(0.95, abs=0.006)


def test_no_limits_of_one_draw_and_a_point_where_nothing_moves():
    far = reach(np.array([[1.0, np.nan, np.nan], [2.0, 2.0, 2.0], [np.nan, np.nan, np.nan]]))
    assert far.n.tolist() == [1, 3, 0]
    assert np.isnan(far.low).tolist() == [True, False, True]
    assert (far.low[1], far.high[1]) == (2.0, 2.0)


def test_shares_of_an_additive_effect_are_those_of_its_variance():
    quantiles = np.random.default_rng(4).random((3, 4000))
    effects = (3.0 * quantiles[0] + quantiles[1])[None, :]
    shares = explained(effects, quantiles)[0]
    assert shares == pytest.approx([0.9, 0.1, 0.0], abs=0.03)
    assert np.isnan(explained(np.zeros((1, 4000)), quantiles)).all()


def table(scenario, values, measure="stay_mean_h"):
    return pd.DataFrame(
        {
            "scenario": scenario,
            "replication": np.arange(1, len(values) + 1),
            "truck_class": "all",
            "place": "",
            "measure": measure,
            "value": values,
            "note": "",
        }
    )


def of(written, drawn, quantiles):
    inputs = Inputs(
        [f"x{number}" for number in range(len(quantiles))],
        {"port": quantiles},
    )
    base = table("port", written)
    (row,) = uncertainty(
        base, table("port", drawn), summarise(base, lambda measure: "h"), None, inputs
    ).to_dict("records")
    return row


def test_chance_and_ignorance_are_told_apart_and_put_together():
    luck = np.random.default_rng(5)
    quantiles = luck.random((1, 100))
    written = 10.0 + luck.normal(size=100)
    row = of(written, written + 4.0 * quantiles[0] - 1.0, quantiles)
    (alone,) = summarise(table("port", written), lambda measure: "h").to_dict("records")
    assert (row["chance_low"], row["chance_high"]) == (alone["ci_low"], alone["ci_high"])
    assert row["shift"] == pytest.approx(1.0, abs=0.3)
    assert row["ignorance_low"] - row["mean"] == pytest.approx(-0.9, abs=0.25)
    assert row["ignorance_high"] - row["mean"] == pytest.approx(2.9, abs=0.25)
    centre = row["mean"] + row["shift"]
    sides = row["mean"] - row["chance_low"], centre - row["ignorance_low"]
    assert row["low"] == pytest.approx(centre - np.hypot(*sides))
    assert (row["most_of_it"], row["share"]) == ("x0", pytest.approx(1.0))


def test_an_input_is_named_only_if_it_surely_is_most_of_it():
    luck = np.random.default_rng(6)
    quantiles = luck.random((60, 30))
    named = [
        of(np.zeros(30), effect, quantiles)["most_of_it"] for effect in luck.normal(size=(100, 30))
    ]
    assert sum(map(bool, named)) <= 1
    # Of sixty inputs one explains half of ten draws by luck alone, more often than not.
    short = quantiles[:, :FEWEST]
    lucky = [
        explained(effect[None, :], short).max() > MOST for effect in luck.normal(size=(50, 10))
    ]
    named = [
        of(np.zeros(FEWEST), effect, short)["most_of_it"]
        for effect in luck.normal(size=(50, FEWEST))
    ]
    assert sum(lucky) > 25
    assert sum(map(bool, named)) <= 5
    few = quantiles[:1, : FEWEST - 1]
    row = of(np.zeros(FEWEST - 1), few[0], few)
    assert (row["most_of_it"], row["method"]) == ("", NORMAL)
    assert np.isnan(row["share"])


def test_what_comes_from_adding_in_another_order_is_no_effect():
    quantiles = np.random.default_rng(7).random((1, 40))
    written = np.full(40, 0.1 + 0.2)
    row = of(written, np.where(quantiles[0] > 0.5, 0.3, 0.1 + 0.2), quantiles)
    assert row["ignorance_low"] == row["ignorance_high"] == row["mean"]
    assert row["most_of_it"] == ""


def test_limits_stay_where_a_measure_can_be():
    quantiles = np.random.default_rng(8).random((1, 20))
    base = table("port", np.full(20, 0.99), "completed_within_limit")
    drawn = table("port", 0.9 + 0.1 * quantiles[0], "completed_within_limit")
    inputs = Inputs(["x"], {"port": quantiles})
    (row,) = uncertainty(
        base, drawn, summarise(base, lambda measure: "share"), None, inputs
    ).to_dict("records")
    assert row["ignorance_high"] == row["high"] == 1.0
    assert row["low"] < 0.9


def test_policies_drawn_again_apart_are_no_pair():
    """They share one input; in the last replication one of them had its second draw."""
    quantiles = np.random.default_rng(9).random((2, 40))
    again = quantiles.copy()
    again[0, -1] = 0.5
    again[1] = np.nan
    base = pd.concat([table("port", np.zeros(40)), table("other", np.zeros(40))])
    drawn = pd.concat(
        [table("port", quantiles.sum(axis=0)), table("other", np.append(quantiles[0, :-1], 9.0))]
    )
    inputs = Inputs(["x", "y"], {"port": quantiles, "other": again})
    summary = summarise(base, lambda measure: "h")
    differences = compare(base, "port", lambda measure: "h")
    rows = uncertainty(base, drawn, summary, differences, inputs).to_dict("records")
    assert [(row["scenario"], row["draws"]) for row in rows] == [
        ("port", 40),
        ("other", 40),
        ("other", 39),
    ]
    difference = rows[-1]
    assert difference["ignorance_low"] == pytest.approx(-quantiles[1, :-1].max())
    assert difference["ignorance_high"] == pytest.approx(-quantiles[1, :-1].min())
    assert difference["most_of_it"] == "y"
