"""Rounded values by table are those of the inverse, to the last one."""

import numpy as np
import pytest

from portsim.demand import Rounding, inverse
from portsim.demand.rounding import _CELLS
from portsim.scenario.distributions import Distribution

EDGES = np.arange(1, _CELLS) / _CELLS
UNIFORMS = np.concatenate(
    [
        np.random.default_rng(1).random(60_000),
        EDGES,
        np.nextafter(EDGES, 0.0),
        [0.0, 5e-324, 1e-300, 1e-17, 1e-9, 1 - 1e-9, 1 - 2.0**-53],
    ]
)


def direct(words, u):
    return np.rint(inverse(words, u, {})).astype(np.int64)


@pytest.mark.parametrize("mean", [0.0, 0.7, 90.0, 300.0, 86_400.0])
@pytest.mark.parametrize(
    "shape",
    [("erlang", "k", 1), ("erlang", "k", 3), ("erlang", "k", 400), ("gamma", "cv", 0.01),
     ("gamma", "cv", 0.9), ("gamma", "cv", 4.0), ("gamma", "cv", 60.0)],
)  # fmt: skip
def test_a_table_gives_what_rounding_the_inverse_gives(mean, shape):
    kind, name, value = shape
    words = Distribution[float].model_validate({kind: {"mean": mean, name: value}})
    rounding = Rounding({})
    first = rounding.values(words, UNIFORMS)
    assert first.dtype == np.int64
    np.testing.assert_array_equal(first, direct(words, UNIFORMS))
    # Few uniforms meet the table that many have made.
    np.testing.assert_array_equal(rounding.values(words, UNIFORMS[-50:]), first[-50:])
    np.testing.assert_array_equal(Rounding({}).values(words, UNIFORMS[-50:]), first[-50:])


def test_each_distribution_has_a_table_of_its_own():
    rounding = Rounding({})
    for mean in (90.0, 300.0, 90.0):
        words = Distribution[float].model_validate({"erlang": {"mean": mean, "k": 3}})
        np.testing.assert_array_equal(rounding.values(words, UNIFORMS), direct(words, UNIFORMS))


def test_halves_go_to_the_even_number():
    words = Distribution[float].model_validate({"uniform": {"low": 0.0, "high": 4.0}})
    u = np.array([0.125, 0.375, 0.625, 0.875])
    assert Rounding({}).values(words, u).tolist() == [0, 2, 2, 4]
