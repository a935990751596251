"""Means and t intervals against hand-worked numbers and scipy.stats."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from portsim.scenario.figure_notes import unite_notes
from portsim.statistics import summarise
from portsim.statistics.intervals import SUMMARY, moments, t_factor

UNITS = {"load": "share", "utilisation": "share", "queue_mean": "1", "growth_per_day": "1/d"}


def long(values, *, scenario="base", measure="queue_mean", place="", notes=None, first=1):
    n = len(values)
    return pd.DataFrame(
        {
            "scenario": [scenario] * n,
            "replication": range(first, first + n),
            "truck_class": ["all"] * n,
            "place": [place] * n,
            "measure": [measure] * n,
            "value": np.array(values, dtype=np.float64),
            "count": [10] * n,
            "note": notes or [""] * n,
        }
    )


def one(*frames):
    table = summarise(pd.concat(frames, ignore_index=True), UNITS.__getitem__)
    assert len(table) == 1
    return table.iloc[0]


def test_worked_by_hand():
    # 2, 4, 6: mean 4, sd 2, t(2; 0.975) = 4.302652730, half width 4.302652730 · 2 / √3.
    row = one(long([2.0, 4.0, 6.0], measure="growth_per_day"))
    assert row["mean"] == 4.0
    assert row["sd"] == 2.0
    assert row["ci_low"] == pytest.approx(4 - 4.968275, abs=1e-6)
    assert row["ci_high"] == pytest.approx(4 + 4.968275, abs=1e-6)
    assert (row["replications"], row["note"], row["unit"]) == (3, "", "1/d")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_agrees_with_scipy(values):
    row = one(long(values, measure="growth_per_day"))
    half = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
    scale = max(map(abs, values)) + 1e-300
    assert row["mean"] == pytest.approx(np.mean(values), abs=1e-9 * scale)
    assert row["ci_high"] - row["mean"] == pytest.approx(half, rel=1e-6, abs=1e-9 * scale)
    assert row["mean"] - row["ci_low"] == pytest.approx(half, rel=1e-6, abs=1e-9 * scale)


def test_columns_and_dtypes():
    table = summarise(long([1.0, 2.0]), UNITS.__getitem__)
    assert list(table.columns) == SUMMARY
    assert table["replications"].dtype == np.int64
    assert summarise(long([]), UNITS.__getitem__).columns.tolist() == SUMMARY


def test_one_replication_has_no_interval():
    row = one(long([3.5]))
    assert row["mean"] == 3.5
    assert row[["ci_low", "ci_high", "sd"]].isna().all()
    assert (row["replications"], row["note"]) == (1, "")


def test_undefined_replications_are_left_out_and_counted():
    row = one(long([1.0, math.nan, 3.0]))
    assert (row["mean"], row["replications"]) == (2.0, 2)
    row = one(long([math.nan, math.nan], notes=["", "overloaded"]))
    assert math.isnan(row["mean"])
    assert math.isnan(row["ci_low"])
    assert (row["replications"], row["note"]) == (0, "overloaded; undefined")


def test_equal_values_have_an_interval_of_no_width():
    row = one(long([0.1] * 7))
    assert (row["mean"], row["sd"], row["ci_low"], row["ci_high"]) == (0.1, 0.0, 0.1, 0.1)


@pytest.mark.parametrize(
    ("measure", "low", "high"), [("load", 0.0, 2.0), ("growth_per_day", -1.0, 2.0)]
)
def test_limits_stay_where_the_measure_can_be(measure, low, high):
    row = one(long([0.0, 1.0], measure=measure))
    half = stats.t.ppf(0.975, 1) * 0.5
    assert row["ci_low"] == pytest.approx(low if low == 0.0 else 0.5 - half)
    assert row["ci_high"] == pytest.approx(high if high == 1.0 else 0.5 + half)


def test_notes_are_united_in_a_fixed_order():
    assert unite_notes(["", "odd; overloaded", "at least", "undefined; odd"]) == (
        "at least; overloaded; undefined; odd"
    )
    row = one(long([1.0, 2.0, 3.0], notes=["overloaded", "", "at least; overloaded"]))
    assert row["note"] == "at least; overloaded"


def test_rows_keep_their_order_and_the_input_order_changes_no_number():
    rng = np.random.default_rng(1)
    frame = pd.concat(
        [
            long(rng.random(9), scenario=s, measure=m)
            for s in ("zeta", "alpha")
            for m in ("queue_mean", "load")
        ],
        ignore_index=True,
    )
    table = summarise(frame, UNITS.__getitem__)
    assert table["scenario"].tolist() == ["zeta", "zeta", "alpha", "alpha"]
    assert table["measure"].tolist() == ["queue_mean", "load"] * 2
    turned = summarise(frame.sort_values("replication", kind="stable"), UNITS.__getitem__)
    pd.testing.assert_frame_equal(turned, table, check_exact=True)
    other = summarise(frame.iloc[::-1], UNITS.__getitem__).iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(other, table, check_exact=True)


def test_a_figure_twice_in_one_replication_is_refused():
    with pytest.raises(ValueError, match=r"stands twice for one replication.*queue_mean"):
        summarise(pd.concat([long([1.0]), long([2.0])]), UNITS.__getitem__)


def test_moments_of_shifted_values_lose_no_digits():
    m = moments(np.array([[1e9 + 1, 1e9 + 2, 1e9 + 3, np.nan]]))
    assert (m.n[0], m.mean[0], m.sd[0]) == (3, 1e9 + 2, 1.0)


def test_bonferroni_widens():
    n = np.array([5, 20])
    assert (t_factor(n, comparisons=6) > t_factor(n)).all()
    expected = stats.t.ppf(1 - 0.05 / 12, n - 1) / np.sqrt(n)
    np.testing.assert_allclose(t_factor(n, comparisons=6), expected)
