"""Selecting the best: KN worked by hand, probability of correct selection, subsets."""

import numpy as np
import pytest
from scipy import stats

from portsim.statistics.selection import kn, leading

STUDIES = 1000
SLACK = 2.0 * np.sqrt(0.95 * 0.05 / STUDIES)


def test_worked_by_hand():
    # k = 2, α = 0.05, 3 observations first: η = (0.1^(−2/2) − 1) / 2 = 4.5, h² = 2 · 4.5 · 2 = 18.
    # Differences 1, 2, 3: variance 1; δ = 2: h² S² / δ² = 4.5, so it ends with 5 at the latest.
    # After 3 the sums differ by 6; out if the means differ by more than (2 / 6) (4.5 − 3) = 0.5.
    values = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    found = kn(values, 3, 2.0)
    assert (found.best, found.left, found.decided_with, found.most) == (0, (0,), 3, 5)
    # Differences 0, 1, −1: the same variance; a mean difference of 0 decides nothing.
    values = np.array([[0.0, 1.0, -1.0], [0.0, 0.0, 0.0]])
    found = kn(values, 3, 2.0)
    assert (found.best, found.left, found.decided_with, found.most) == (None, (0, 1), None, 5)
    # Two more, 0.3 and 0.4: after 4 the slack is (2 / 8) (4.5 − 4) = 0.125, the mean 0.075; after 5
    # the larger mean is taken.
    values = np.array([[0.0, 1.0, -1.0, 0.3, 0.4], [0.0] * 5])
    found = kn(values, 3, 2.0)
    assert (found.best, found.decided_with) == (0, 5)


def test_later_observations_change_nothing_once_it_is_decided():
    rng = np.random.default_rng(2)
    values = rng.normal([[0.0], [0.4], [1.0]], 1.0, (3, 200))
    whole = kn(values, 10, 0.5)
    assert whole.decided_with is not None
    for n in range(10, whole.decided_with):
        assert kn(values[:, :n], 10, 0.5).best is None
    for n in range(whole.decided_with, 200, 17):
        assert kn(values[:, :n], 10, 0.5) == whole


def systems(rng, k, n, delta, correlation):
    """The hardest case: one system better than all others by just δ; equal correlations."""
    common = rng.normal(0.0, np.sqrt(correlation), n)
    values = common + rng.normal(0.0, np.sqrt(1.0 - correlation), (k, n))
    values[-1] += delta
    return values


@pytest.mark.parametrize("correlation", [0.0, 0.8])
def test_the_best_is_selected_as_often_as_stated(correlation):
    rng = np.random.default_rng(20_240_301)
    delta = 0.6 * np.sqrt(1.0 - correlation)
    found = [kn(systems(rng, 4, 600, delta, correlation), 10, delta) for _ in range(STUDIES)]
    assert all(one.best is not None for one in found)
    assert np.mean([one.best == 3 for one in found]) > 0.95 - SLACK


def test_correlation_saves_observations():
    rng = np.random.default_rng(20_240_302)
    count = [
        np.mean([kn(systems(rng, 4, 1500, 0.3, r), 10, 0.3).decided_with for _ in range(100)])
        for r in (0.0, 0.9)
    ]
    assert count[1] < count[0] / 4


def test_systems_that_are_alike_end_at_once():
    found = kn(np.ones((3, 10)), 10, 0.1)
    assert (found.best, found.decided_with) == (0, 10)


def test_the_leading_hold_the_best_as_often_as_stated():
    rng = np.random.default_rng(20_240_303)
    found = [leading(systems(rng, 5, 12, 0.0, 0.7)) for _ in range(2000)]
    # Half of the 5 %: the trailing systems have the other half.
    assert np.mean([4 in one for one in found]) > 0.975 - 2.0 * np.sqrt(0.025 * 0.975 / 2000)
    found = [leading(systems(rng, 5, 12, 2.0, 0.7)) for _ in range(200)]
    assert np.mean([one == (4,) for one in found]) > 0.9


def test_of_two_the_verdict_is_the_two_sided_paired_t_test():
    rng = np.random.default_rng(7)
    for _ in range(40):
        values = rng.normal([[0.0], [0.5]], 1.0, (2, 15))
        p = stats.ttest_rel(values[1], values[0]).pvalue
        assert (len(leading(values)) == 2) == (p >= 0.05)


def test_equal_systems_stay_and_one_observation_decides_nothing():
    assert leading(np.array([[1.0, 2.0], [1.0, 2.0], [0.0, 1.0]])) == (0, 1)
    assert leading(np.array([[1.0], [2.0]])) == (1, 0)


def test_what_is_no_difference_worth_a_name_is_not_behind():
    values = np.array([[1.000, 2.000, 3.000], [1.001, 2.001, 3.001]])
    assert leading(values) == (1,)
    assert leading(values, near=0.01) == (1, 0)


def test_a_pair_counts_where_both_are_defined():
    values = np.array([[1.0, 2.0, np.nan, 4.0], [0.0, 1.0, 2.0, 3.0], [0.5, 1.5, 2.5, np.nan]])
    assert leading(values) == (0,)
