"""The laws of work times against scipy's."""

from math import gamma, log1p, sqrt

import numpy as np
import pytest
from scipy import stats

from portsim.fitting.work import of_family


def scipys(family, mean, cv):
    """The distribution of a family with this mean and coefficient of variation."""
    sigma = sqrt(log1p(cv**2))
    narrow, flat = min(sqrt(6) * cv * mean, mean), min(sqrt(3) * cv * mean, mean)
    shape = of_family("weibull", mean, cv).shape["shape"]
    return {
        "gamma": lambda: stats.gamma(cv**-2, scale=mean * cv**2),
        "lognormal": lambda: stats.lognorm(sigma, scale=mean / sqrt(1 + cv**2)),
        "exponential": lambda: stats.expon(scale=mean),
        "constant": lambda: stats.norm(mean, 0.01 * mean),
        "triangular": lambda: stats.triang(0.5, loc=mean - narrow, scale=2 * narrow),
        "uniform": lambda: stats.uniform(mean - flat, 2 * flat),
        "weibull": lambda: stats.weibull_min(shape, scale=mean / gamma(1 + 1 / shape)),
    }[family]()


@pytest.mark.parametrize("cv", [0.2, 0.5, 1.4])
@pytest.mark.parametrize(
    "family",
    ["gamma", "lognormal", "exponential", "constant", "triangular", "uniform", "weibull"],
)
def test_cumulated_shares_are_those_of_scipy(family, cv):
    seconds = np.linspace(-60.0, 3_000.0, 400)
    law = of_family(family, 300.0, cv)
    assert law.cdf(seconds) == pytest.approx(scipys(family, 300.0, cv).cdf(seconds), abs=1e-9)
    assert law.mean == 300.0
