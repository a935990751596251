"""Bands of curves against numpy, point by point."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portsim.measures.curve import Curve
from portsim.statistics import band
from portsim.statistics.curves import CURVES

QUANTILES = ["q05", "q25", "q50", "q75", "q95"]


def curve(y, x=None, name="queue", place="", x_unit="h"):
    y = np.asarray(y, dtype=np.float64)
    x = np.arange(len(y), dtype=np.float64) if x is None else np.asarray(x, dtype=np.float64)
    return Curve("all", place, name, x_unit, "1", x, y)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 30), st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_agrees_with_numpy(runs, seed, missing):
    rng = np.random.default_rng(seed)
    y = rng.normal(100, 20, (runs, 12))
    y[rng.random(y.shape) < missing] = np.nan
    table = band({"base": [[curve(row)] for row in y]}.items())
    for point in range(12):
        known = y[~np.isnan(y[:, point]), point]
        row = table.iloc[point]
        assert row["replications"] == len(known)
        if len(known):
            expected = np.quantile(known, [0.05, 0.25, 0.5, 0.75, 0.95])
            np.testing.assert_allclose(row[QUANTILES].astype(float), expected, rtol=1e-6)
            assert row["mean"] == pytest.approx(known.mean(), rel=1e-6)
        else:
            assert row[["mean", *QUANTILES]].isna().all()


def test_order_columns_and_dtypes():
    runs = [[curve([1, 2]), curve([3, 4, 5], name="stay", place="gate")]] * 2
    table = band({"zeta": runs, "alpha": runs}.items())
    assert list(table.columns) == CURVES
    assert table["scenario"].tolist() == ["zeta"] * 5 + ["alpha"] * 5
    assert table["curve"].tolist() == ["queue"] * 2 + ["stay"] * 3 + ["queue"] * 2 + ["stay"] * 3
    assert table["place"].tolist()[:5] == ["", "", "gate", "gate", "gate"]
    assert table["x"].tolist()[:5] == [0, 1, 0, 1, 2]
    assert table["mean"].tolist()[:5] == [1, 2, 3, 4, 5]
    assert all(str(table[c].dtype) == "category" for c in ("scenario", "truck_class", "unit"))
    assert [str(table[c].dtype) for c in ("x", "mean", "replications")] == [
        "float64",
        "float32",
        "int32",
    ]


def test_a_curve_missing_from_a_replication_is_not_counted():
    table = band({"base": [[curve([1.0])], [], [curve([3.0])]]}.items())
    assert table[["mean", "replications"]].to_numpy().tolist() == [[2.0, 2]]
    assert list(band({}.items()).columns) == CURVES
    assert band({"base": [[curve([])]]}.items()).empty


@pytest.mark.parametrize(
    "other", [curve([1, 2], x=[0, 2]), curve([1, 2, 3]), curve([1, 2], x_unit="d")]
)
def test_replications_must_share_x_and_units(other):
    with pytest.raises(ValueError, match=r"'base': the curve \('all', '', 'queue'\) must have"):
        band({"base": [[curve([1, 2])], [other]]}.items())


def test_a_curve_twice_in_one_replication_is_refused():
    with pytest.raises(ValueError, match="stands twice in one replication"):
        band({"base": [[curve([1, 2]), curve([1, 2])]]}.items())
