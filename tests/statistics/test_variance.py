"""What pairing gave: variances with known answers."""

import numpy as np
import pytest

from portsim.statistics.variance import antithetic_gain, common_gain


def test_worked_by_hand():
    # y = 1, 2, 3 (variance 1), x = 1, 3, 5 (variance 4), y − x = 0, −1, −2 (variance 1).
    found = common_gain(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 5.0]))
    assert found.ratio == pytest.approx(1 / 5)
    assert (found.correlation, found.n) == (pytest.approx(1.0), 3)


def test_a_known_correlation_is_found():
    # Equal variances: var(y − x) / (var y + var x) = 1 − ρ.
    rng = np.random.default_rng(3)
    x = rng.normal(size=40_000)
    y = 0.8 * x + 0.6 * rng.normal(size=40_000)
    found = common_gain(y, x)
    assert found.correlation == pytest.approx(0.8, abs=0.01)
    assert found.ratio == pytest.approx(0.2, abs=0.01)


def test_what_does_not_vary_has_no_gain():
    flat = np.full(5, 0.1)
    assert common_gain(flat, flat).ratio is None
    found = common_gain(np.arange(5.0), flat)
    assert (found.ratio, found.correlation) == (pytest.approx(1.0), None)
    found = common_gain(np.array([1.0, np.nan]), np.array([2.0, 3.0]))
    assert (found.ratio, found.correlation, found.n) == (None, None, 1)


def test_antithetic_pairs_of_a_monotone_function():
    # u² on u and 1 − u: var = 4/45, cov = −7/90, so pairs have 1 + ρ = 1/8 of the variance.
    u = np.random.default_rng(4).random(60_000)
    assert antithetic_gain(np.column_stack([u**2, (1 - u) ** 2])) == pytest.approx(1 / 8, abs=0.005)
    # A linear one has no variance left; independent ones gain nothing.
    assert antithetic_gain(np.column_stack([u, 1 - u])) == pytest.approx(0.0, abs=1e-12)
    free = np.random.default_rng(5).random((60_000, 2))
    assert antithetic_gain(free) == pytest.approx(1.0, abs=0.02)


def test_no_gain_can_be_told():
    assert antithetic_gain(np.array([[1.0, 2.0]])) is None
    assert antithetic_gain(np.array([[1.0, 1.0], [1.0, 1.0]])) is None
    assert antithetic_gain(np.array([[1.0, np.nan], [1.0, 2.0]])) is None
