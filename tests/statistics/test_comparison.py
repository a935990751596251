"""Paired differences and Fieller ratios against hand-worked numbers, scipy.stats and coverage."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from portsim.statistics import compare
from portsim.statistics.comparison import COMPARISON, fieller

NUMBERS = ["ci_low", "ci_high", "joint_low", "joint_high", "ratio_low", "ratio_high"]


def long(measures, notes=None):
    """A long table from {(scenario, measure): values}."""
    rows = [
        (s, r, "all", "", m, v, 1, (notes or {}).get((s, m), ""))
        for (s, m), values in measures.items()
        for r, v in enumerate(values, start=1)
    ]
    columns = [
        "scenario",
        "replication",
        "truck_class",
        "place",
        "measure",
        "value",
        "count",
        "note",
    ]
    return pd.DataFrame(rows, columns=columns).astype({"value": np.float64})


def versus(y, x, **more):
    frame = long({("base", "m"): x, ("new", "m"): y, **more})
    return compare(frame, "base", lambda _: "h").iloc[0]


def test_worked_by_hand():
    # x = 9, 10, 11 and y = 20, 20, 20: differences 11, 10, 9; t(2; 0.975) = 4.302652730.
    # Difference 10 ± 4.302652730 / √3 = 10 ± 2.484138.
    # Fieller: q = t²/3 = 6.170940; (100 − q) ρ² − 400 ρ + 400 = 0: ρ = 1.602033, 2.661039.
    row = versus([20, 20, 20], [9, 10, 11])
    assert (row["difference"], row["ratio"], row["pairs"]) == (10.0, 2.0, 3)
    assert row["ci_low"] == pytest.approx(10 - 2.484138, abs=1e-6)
    assert row["ci_high"] == pytest.approx(10 + 2.484138, abs=1e-6)
    assert row["ratio_low"] == pytest.approx(1.602033, abs=1e-6)
    assert row["ratio_high"] == pytest.approx(2.661039, abs=1e-6)
    assert (row["method"], row["note"]) == ("paired t; Bonferroni; Fieller", "")
    assert (row["baseline"], row["scenario"], row["unit"]) == ("base", "new", "h")


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 40), st.integers(0, 2**32 - 1))
def test_difference_agrees_with_ttest_rel(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(10, 3, n)
    y = x + rng.normal(1, 1, n)
    row = versus(y, x)
    interval = stats.ttest_rel(y, x).confidence_interval(0.95)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((interval.low, interval.high))


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 40), st.integers(0, 2**32 - 1))
def test_fieller_limits_are_where_the_t_test_turns(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(10, 1, n)
    y = 0.5 * x + rng.normal(2, 1, n)
    row = versus(y, x)
    assert row["ratio"] == pytest.approx(y.mean() / x.mean())
    for limit in (row["ratio_low"], row["ratio_high"]):
        assert stats.ttest_1samp(y - limit * x, 0.0).pvalue == pytest.approx(0.05, rel=1e-6)
    assert row["ratio_low"] < row["ratio"] < row["ratio_high"]


def test_fieller_covers_the_true_ratio():
    rng = np.random.default_rng(20_240_101)
    x = rng.normal(5.0, 1.5, (20_000, 10))
    y = 0.8 * x + rng.normal(1.0, 1.0, x.shape)
    r = fieller(y, x)
    covered = np.mean((r.low <= 1.0) & (r.high >= 1.0))
    assert covered == pytest.approx(0.95, abs=0.006)


def test_joint_intervals_hold_for_all_scenarios_of_a_measure():
    rng = np.random.default_rng(3)
    names = ["base", "a", "b", "c"]
    frame = long({(s, "m"): rng.normal(10, 1, 12) for s in names})
    table = compare(frame, "base", lambda _: "h")
    assert table["scenario"].tolist() == ["a", "b", "c"]
    assert (table["joint_low"] < table["ci_low"]).all()
    assert (table["joint_high"] > table["ci_high"]).all()
    wider = stats.t.ppf(1 - 0.05 / 6, 11) / stats.t.ppf(0.975, 11)
    widths = (table["joint_high"] - table["joint_low"]) / (table["ci_high"] - table["ci_low"])
    np.testing.assert_allclose(widths, wider)


def test_joint_intervals_cover_together():
    rng = np.random.default_rng(4)
    luck = rng.normal(0, 2, (1500, 1, 8))
    values = luck + rng.normal(0, 1, (1500, 4, 8))
    frames = [long({(s, f"m{k}"): values[k, i] for k in range(1500)}) for i, s in enumerate("zabc")]
    table = compare(pd.concat(frames, ignore_index=True), "z", lambda _: "h")
    inside = (table["joint_low"] <= 0) & (table["joint_high"] >= 0)
    together = inside.groupby(table["measure"]).all().mean()
    assert 0.94 <= together <= 0.985


def test_one_scenario_more_leaves_joint_equal_to_single():
    row = versus([3.0, 4.0, 6.0], [1.0, 2.0, 3.0])
    assert (row["joint_low"], row["joint_high"]) == (row["ci_low"], row["ci_high"])


def test_ratio_is_undefined_where_the_baseline_reaches_zero():
    row = versus([1.0, 2.0, 3.0], [0.0, 0.0, 1.0])
    assert row["difference"] == pytest.approx(5 / 3)
    assert row[["ratio", "ratio_low", "ratio_high"]].isna().all()
    assert (row["note"], row["method"]) == ("undefined", "paired t; Bonferroni")
    assert versus([1.0, 2.0], [0.0, 0.0])["note"] == "undefined"


def test_one_pair_has_no_intervals():
    row = versus([6.0], [4.0])
    assert (row["difference"], row["ratio"], row["pairs"]) == (2.0, 1.5, 1)
    assert row[NUMBERS].isna().all()
    assert (row["note"], row["method"]) == ("", "")
    row = versus([6.0], [0.0])
    assert math.isnan(row["ratio"])
    assert row["note"] == "undefined"


def test_only_common_replications_are_paired():
    row = versus([30.0, math.nan, 7.0, 40.0], [10.0, 2.0, math.nan, 10.0])
    assert (row["pairs"], row["difference"], row["ratio"]) == (2, 25.0, 3.5)
    row = versus([5.0, math.nan], [math.nan, 2.0])
    assert (row["pairs"], row["note"]) == (0, "undefined")
    assert math.isnan(row["difference"])


@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_proportional_policies_have_an_exact_ratio(factor):
    x = np.array([9.1, 10.3, 11.7])
    row = versus(factor * x, x)
    assert (row["ratio"], row["ratio_low"], row["ratio_high"]) == pytest.approx((factor,) * 3)


def test_same_figures_collapse_to_a_point():
    x = [9.1, 10.3, 11.7]
    row = versus(x, x)
    assert row[["difference", "ci_low", "ci_high", "joint_low", "joint_high"]].eq(0.0).all()
    assert row[["ratio", "ratio_low", "ratio_high"]].eq(1.0).all()
    row = versus([2.0, 3.0, 4.0], [1.0, 2.0, 3.0])
    assert row[["difference", "ci_low", "ci_high"]].eq(1.0).all()


def test_rows_are_those_both_scenarios_have():
    frame = long(
        {
            ("b", "only b"): [1.0, 2.0],
            ("b", "m"): [1.0, 2.0],
            ("a", "m"): [2.0, 2.0],
            ("a", "only a"): [1.0, 1.0],
        },
        notes={("a", "m"): "overloaded", ("b", "m"): "at least"},
    )
    table = compare(frame, "a", lambda _: "h")
    assert list(table.columns) == COMPARISON
    assert table[["baseline", "scenario", "measure"]].to_numpy().tolist() == [["a", "b", "m"]]
    assert table["note"].tolist() == ["at least; overloaded"]
    assert table["pairs"].dtype == np.int64
    alone = compare(frame[frame["scenario"] == "a"], "a", lambda _: "h")
    assert alone.empty
    assert list(alone.columns) == COMPARISON


def test_an_unknown_baseline_is_refused():
    with pytest.raises(ValueError, match="'old' has no figures; scenarios: a"):
        compare(long({("a", "m"): [1.0]}), "old", lambda _: "h")
