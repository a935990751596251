"""Inverse distribution functions against quadrature and SciPy."""

import math

import numpy as np
import pytest
from scipy import special, stats

from portsim.demand import MOST_DRAWN, inverse, mean_of
from portsim.scenario.distributions import Distribution

NODES, WEIGHTS = np.polynomial.legendre.leggauss(8)
Z = (np.arange(-8, 8, 0.0625)[:, None] + 0.03125 * (NODES + 1)).ravel()
DENSITY = 0.03125 * np.tile(WEIGHTS, 256) * np.exp(-Z * Z / 2) / math.sqrt(2 * math.pi)


def dist(**words) -> Distribution[float]:
    return Distribution[float].model_validate(words)


def lognorm(mean, cv):
    sigma = math.sqrt(math.log1p(cv * cv))
    return stats.lognorm(sigma, scale=mean * math.exp(-sigma * sigma / 2))


def weibull(mean, shape):
    return stats.weibull_min(shape, scale=mean / math.gamma(1 + 1 / shape))


def truncnorm(*words):
    law = stats.truncnorm(*words)
    return law.mean(), law.std() / law.mean()


class Mixed:
    """A mixture by SciPy: the root of the sum of distribution functions, by halving."""

    def __init__(self, *parts):
        self.parts = parts

    def cdf(self, x):
        return sum(weight * law.cdf(x) for weight, law in self.parts)

    def ppf(self, u):
        each = [law.ppf(u) for _, law in self.parts]
        low, high = np.min(each, axis=0), np.max(each, axis=0)
        # Halved until nothing lies between.
        for _ in range(100):
            middle = (low + high) / 2
            below = self.cdf(middle) < u
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return high

    @staticmethod
    def moments(*parts):
        """Mean and cv from weights, means and cvs."""
        mean = sum(weight * mean for weight, mean, _ in parts)
        square = sum(weight * mean**2 * (1 + cv**2) for weight, mean, cv in parts)
        return mean, math.sqrt(square - mean**2) / mean


MIXED = [
    {"weight": 6.0, "lognormal": {"mean": 30.0, "cv": 0.5}},
    {"weight": 3.0, "gamma": {"mean": 200.0, "cv": 0.5}},
    {"weight": 1.0, "uniform": {"low": 600.0, "high": 660.0}},
]
CASES = {
    "constant": (dist(constant=7.0), None, 7.0, 0.0),
    "exponential": (dist(exponential={"mean": 300.0}), stats.expon(scale=300), 300.0, 1.0),
    "lognormal": (dist(lognormal={"mean": 1500.0, "cv": 0.9}), lognorm(1500, 0.9), 1500.0, 0.9),
    "narrow lognormal": (dist(lognormal={"mean": 2.0, "cv": 0.01}), lognorm(2, 0.01), 2.0, 0.01),
    "gamma": (
        dist(gamma={"mean": 40.0, "cv": 0.7}), stats.gamma(0.7**-2, scale=40 * 0.49), 40.0, 0.7
    ),
    "wide gamma": (
        dist(gamma={"mean": 40.0, "cv": 1.5}), stats.gamma(1.5**-2, scale=40 * 2.25), 40.0, 1.5
    ),
    "erlang": (dist(erlang={"mean": 60.0, "k": 3}), stats.gamma(3, scale=20), 60.0, 1 / 3**0.5),
    "weibull": (
        dist(weibull={"mean": 9.0, "shape": 1.7}), weibull(9, 1.7), 9.0,
        weibull(9, 1.7).std() / 9,
    ),
    "triangular": (
        dist(triangular={"low": 5.0, "mode": 21.0, "high": 30.0}),
        stats.triang(16 / 25, loc=5, scale=25), 56 / 3,
        math.sqrt((25 + 441 + 900 - 105 - 150 - 630) / 18) / (56 / 3),
    ),
    "triangular, mode at an end": (
        dist(triangular={"low": 5.0, "mode": 5.0, "high": 30.0}),
        stats.triang(0, loc=5, scale=25), 40 / 3, 25 / math.sqrt(18) / (40 / 3),
    ),
    "truncated normal": (
        dist(truncated_normal={"mean": 20.0, "sd": 8.0, "low": 5.0, "high": 30.0}),
        stats.truncnorm(-15 / 8, 10 / 8, 20, 8), *truncnorm(-15 / 8, 10 / 8, 20, 8),
    ),
    "normal above nothing": (
        dist(truncated_normal={"mean": 20.0, "sd": 8.0}),
        stats.truncnorm(-20 / 8, np.inf, 20, 8), *truncnorm(-20 / 8, np.inf, 20, 8),
    ),
    "upper tail of a normal": (
        dist(truncated_normal={"mean": 20.0, "sd": 8.0, "low": 44.0}),
        stats.truncnorm(3, np.inf, 20, 8), *truncnorm(3, np.inf, 20, 8),
    ),
    "mixture": (
        dist(mixture=MIXED), Mixed((0.6, lognorm(30, 0.5)), (0.3, stats.gamma(4, scale=50)),
        (0.1, stats.uniform(600, 60))), *Mixed.moments((0.6, 30, 0.5), (0.3, 200, 0.5),
        (0.1, 630, 60 / math.sqrt(12) / 630)),
    ),
    "uniform": (
        dist(uniform={"low": 1.0, "high": 3.0}), stats.uniform(1, 2), 2.0, 1 / math.sqrt(3) / 2
    ),
}  # fmt: skip
cases = pytest.mark.parametrize("name", CASES)
U = np.concatenate([[0.0, 1e-12], np.linspace(1e-6, 1 - 1e-6, 3001), [1 - 1e-12]])


@cases
def test_moments_are_those_asked_for(name):
    """∫ F⁻¹(u)ᵏ du by Gauss–Legendre quadrature in z, u = Φ(z), |z| < 8, in panels of 1/16."""
    distribution, _, mean, cv = CASES[name]
    x = inverse(distribution, special.ndtr(Z), {})
    first, second = (DENSITY * x).sum(), (DENSITY * x * x).sum()
    # Where the values of a mixture have gaps, quadrature is rough.
    near = 2e-4 if distribution.kind == "mixture" else 2e-5
    assert first == pytest.approx(mean, rel=near)
    assert math.sqrt(max(0.0, second - first**2)) / first == pytest.approx(cv, rel=2e-3, abs=2e-6)
    assert mean_of(distribution, {}) == pytest.approx(mean, rel=1e-12)


@cases
def test_values_rise_with_the_uniform_and_agree_with_scipy(name):
    distribution, reference, *_ = CASES[name]
    x = inverse(distribution, U, {})
    assert x.dtype == np.float64
    assert np.isfinite(x).all()
    # A root is near to 1e-13 only.
    assert (np.diff(x) >= -1e-12 * x[1:] * (distribution.kind == "mixture")).all()
    assert (x >= 0).all()
    if reference is not None:
        # So near to 1 the part below a value is told to a few digits only.
        rough = distribution.kind in ("mixture", "truncated_normal")
        told = slice(1, -1 if rough else None)
        np.testing.assert_allclose(x[told], reference.ppf(U[told]), rtol=1e-8, atol=1e-12)


def test_a_mixture_with_values_of_their_own_chance_has_steps():
    """Of ten trucks two take 3 minutes, four as long as was seen, and four evenly up to 100 s."""
    mixed = dist(
        mixture=[
            {"weight": 0.2, "constant": 180.0},
            {"weight": 0.4, "empirical": {"values": [0.0, 50.0, 50.0, 400.0]}},
            {"weight": 0.4, "uniform": {"low": 0.0, "high": 100.0}},
        ]
    )
    # 0 with chance 0.1; then 0.4 evenly up to 50, where 0.2 stand; 0.2 more to 100; 180; 400.
    u = np.array([0.0, 0.05, 0.1, 0.2, 0.31, 0.4999, 0.6, 0.7001, 0.85, 0.9001, 0.999])
    x = [0.0, 0.0, 0.0, 25.0, 50.0, 50.0, 75.0, 180.0, 180.0, 400.0, 400.0]
    np.testing.assert_allclose(inverse(mixed, u, {}), x, rtol=1e-12, atol=1e-9)
    assert mean_of(mixed, {}) == pytest.approx(0.2 * 180 + 0.4 * 125 + 0.4 * 50, rel=1e-12)


def test_a_mixture_depends_on_each_uniform_alone():
    """So that more trucks move none."""
    mixed = dist(mixture=MIXED)
    alone = [float(inverse(mixed, U[k : k + 1], {})[0]) for k in range(0, len(U), 100)]
    assert alone == inverse(mixed, U, {})[::100].tolist()


def test_a_mixture_of_one_law_twice_is_that_law():
    law = {"erlang": {"mean": 60.0, "k": 3}}
    twice = dist(mixture=[{"weight": 2.0, **law}, {"weight": 0.5, **law}])
    np.testing.assert_allclose(
        inverse(twice, U[1:-1], {}), inverse(dist(**law), U[1:-1], {}), rtol=1e-9
    )


def test_a_distribution_without_spread_is_a_constant():
    for words in (
        {"triangular": {"low": 4.0, "mode": 4.0, "high": 4.0}},
        {"uniform": {"low": 4.0, "high": 4.0}},
    ):
        assert inverse(dist(**words), U, {}).tolist() == [4.0] * len(U)
    nothing = dist(lognormal={"mean": 0.0, "cv": 0.5})
    assert not inverse(nothing, U, {}).any()


def test_empirical_values_are_equally_likely():
    distribution = dist(empirical={"file": "a.csv", "column": "x", "unit": "min"})
    observed = {("a.csv", "x", "min"): np.array([60.0, 120.0, 120.0, 600.0])}
    u = np.array([0.0, 0.2499, 0.25, 0.5, 0.7499, 0.75, np.nextafter(1.0, 0.0)])
    assert inverse(distribution, u, observed).tolist() == [60, 60, 120, 120, 120, 600, 600]
    assert mean_of(distribution, observed) == 225.0


@pytest.mark.parametrize(
    "words",
    [
        {"weibull": {"mean": 1e15, "shape": 0.0001}},
        {"weibull": {"mean": 60.0, "shape": 0.01}},
        {"weibull": {"mean": 0.0, "shape": 0.001}},
        {"lognormal": {"mean": 1e15, "cv": 100.0}},
        {"gamma": {"mean": 1e15, "cv": 100.0}},
        {"exponential": {"mean": 1e15}},
        {"weibull": {"mean": 60.0, "shape": 5e-324}},
        {"gamma": {"mean": 60.0, "cv": 5e-324}},
        {"lognormal": {"mean": 60.0, "cv": 5e-324}},
    ],
)
def test_the_widest_tails_stay_within_what_can_be_counted(words):
    """Beyond, seconds and residents overflowed whole numbers and came out negative."""
    x = inverse(dist(**words), U, {})
    assert np.isfinite(x).all()
    assert (np.diff(x) >= 0).all()
    assert 0.0 <= x[0] <= x[-1] <= MOST_DRAWN
    assert (np.rint(x).astype(np.int64) >= 0).all()


def test_a_steep_weibull_goes_on_where_the_plain_formula_still_holds():
    """exp(ln) and the product agree on both sides of the shape at which one takes over."""
    steep, plain = (dist(weibull={"mean": 60.0, "shape": 0.02 + side}) for side in (-1e-9, 1e-9))
    low, high = inverse(steep, U[1:], {}), inverse(plain, U[1:], {})
    kept = high > 1e-200
    np.testing.assert_allclose(low[kept], high[kept], rtol=1e-4)
