"""Scores of forecasts against hand-worked ones, theory, and the package scoringrules."""

import importlib
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from portsim.statistics.scores import below, crps, pinball, within

values = st.floats(-1e3, 1e3)
forecasts = st.integers(2, 9).flatmap(
    lambda m: st.lists(st.tuples(st.lists(values, min_size=m, max_size=m), values), min_size=1)
)


def test_a_band_by_hand():
    members = np.arange(1.0, 10.0)[None, :]
    # Of ten places between and beyond nine members the middle eight are the band of 80 %.
    assert within(members, 0.8, np.array([5.5])) == pytest.approx(1.0)
    for seen in (0.5, 11.0):
        assert within(members, 0.8, np.array([seen])) == pytest.approx(0.0)
    # As many as two of nine: one place beside what is seen, one in common with it.
    assert within(members, 0.8, np.array([1.0])) == pytest.approx(0.5)
    assert within(
        members,
        0.8,
        np.array(
            [
                np.nan,
            ]
        ),
    ) != within(members, 0.8, np.array([5.0]))
    assert within(np.tile(members, (2, 1)), 0.8, np.array([np.nan, 5.0])) == pytest.approx(1.0)
    assert within(np.zeros((1, 4)), 0.8, np.zeros(1)) == pytest.approx(0.8)


def test_the_share_below_a_quantile_by_hand():
    levels = np.array([0.0, 0.1, 0.5, 0.9, 1.0])
    # Four members: what is seen takes one of five places, and is spread over its own.
    members, seen = np.array([[1.0, 2.0, 3.0, 4.0]] * 2), np.array([0.0, 5.0])
    assert below(members, seen, levels) == pytest.approx([0.0, 0.25, 0.5, 0.75, 1.0])
    # Beside three of the four it is spread over four places, from 0 to 0.8.
    members, seen = np.array([[2.0, 2.0, 2.0, 4.0]]), np.array([2.0])
    assert below(members, seen, levels) == pytest.approx([0.0, 0.125, 0.625, 1.0, 1.0])
    assert np.isnan(below(members, np.array([np.nan]), levels)).all()


@pytest.mark.parametrize("rate", [0.3, 2.0, 40.0])
@pytest.mark.parametrize("band", [0.5, 0.8, 0.95])
def test_an_ensemble_as_wide_as_the_truth_covers_its_band_of_counts_too(rate, band):
    luck = np.random.default_rng(3)
    members, seen = luck.poisson(rate, (20_000, 39)), luck.poisson(rate, 20_000)
    share = within(members.astype(float), band, seen.astype(float))
    assert share == pytest.approx(band, abs=0.012)


def test_scores_by_hand():
    # |1-3|, |2-3|, |6-3| are 2 on average; two of three are (1 + 5 + 4) / 3 apart.
    members, seen = np.array([[6.0, 1.0, 2.0]]), np.array([3.0])
    assert crps(members, seen) == pytest.approx([2.0 - 10 / 3 / 2])
    assert crps(np.array([[6.0]]), seen) == pytest.approx([3.0])
    assert np.isnan(crps(members, np.array([np.nan]))).all()
    assert pinball(np.array([2.0, 4.0]), 0.9, np.array([3.0, 3.0])) == pytest.approx([0.9, 0.1])


@pytest.fixture(scope="module")
def scoringrules():
    """With Numba it would compile for seconds what nobody calls: its NumPy is asked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "numba", None)
        return importlib.import_module("scoringrules")


@given(cases=forecasts)
@settings(deadline=None, max_examples=60)
def test_the_package_scoringrules_says_the_same(scoringrules, cases):
    members = np.array([each for each, _ in cases])
    seen = np.array([value for _, value in cases])
    fair = scoringrules.crps_ensemble(seen, members, estimator="fair", backend="numpy")
    assert crps(members, seen) == pytest.approx(fair, rel=1e-9, abs=1e-8)
    for level in (0.1, 0.5, 0.975):
        loss = scoringrules.quantile_score(seen, members[:, 0], level, backend="numpy")
        assert pinball(members[:, 0], level, seen) == pytest.approx(loss, abs=1e-9)


def test_of_a_normal_it_is_what_theory_says_and_the_truth_scores_best():
    luck = np.random.default_rng(1)
    seen = luck.normal(size=4000)
    scores = {
        spread: crps(luck.normal(scale=spread, size=(4000, 200)), seen).mean()
        for spread in (0.5, 1.0, 2.0)
    }
    # Gneiting and Raftery 2007: the mean score of the truth itself is 1 / sqrt(pi).
    assert scores[1.0] == pytest.approx(1 / np.sqrt(np.pi), abs=0.02)
    assert scores[1.0] < min(scores[0.5], scores[2.0])
    losses = {
        level: pinball(np.full(4000, norm.ppf(level)), 0.9, seen).mean()
        for level in (0.8, 0.9, 0.97)
    }
    assert losses[0.9] == min(losses.values())


def test_a_small_ensemble_is_not_worse_for_being_small():
    luck = np.random.default_rng(2)
    seen = luck.normal(size=20_000)
    few, many = (crps(luck.normal(size=(20_000, m)), seen).mean() for m in (3, 50))
    assert few == pytest.approx(many, abs=0.02)
