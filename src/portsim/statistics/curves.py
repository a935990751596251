"""The room of statistics: bands of curves over replications; no logs, no files."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portsim.measures.curve import Curve
from portsim.statistics.intervals import Floats

__all__ = ["band"]

CURVES = [
    *("scenario", "truck_class", "place", "curve", "x", "x_unit", "unit"),
    *("mean", "q05", "q25", "q50", "q75", "q95", "replications"),
]
_LEVELS = (0.05, 0.25, 0.50, 0.75, 0.95)


def _quantiles(y: Floats, n: NDArray[np.int64]) -> list[Floats]:
    """Quantiles of each row of float64[p, r] sorted with its NaNs last, n of them real.

    Linear interpolation between order statistics (Hyndman & Fan 1996, type 7, numpy's default).
    numpy.nanquantile would call Python once per point.
    """
    quantiles = []
    last = np.maximum(n - 1, 0)
    for level in _LEVELS:
        position = level * last
        below = np.floor(position).astype(np.int64)
        above = np.minimum(below + 1, last)
        low = np.take_along_axis(y, below[:, None], axis=1)[:, 0]
        high = np.take_along_axis(y, above[:, None], axis=1)[:, 0]
        quantiles.append(low + (high - low) * (position - below))
    return quantiles


def _by_name(scenario: str, runs: Sequence[Sequence[Curve]]) -> dict[tuple[str, ...], list[Curve]]:
    """The curves of one scenario by name, one of each from every replication that has it."""
    named: dict[tuple[str, ...], list[Curve]] = {}
    for run in runs:
        once: set[tuple[str, ...]] = set()
        for curve in run:
            name = (curve.cls, curve.place, curve.curve)
            if name in once:
                msg = f"scenario {scenario!r}: the curve {name} stands twice in one replication"
                raise ValueError(msg)
            once.add(name)
            named.setdefault(name, []).append(curve)
    return named


def _check_alike(scenario: str, curves: Sequence[Curve]) -> None:
    first = curves[0]
    for other in curves:
        same_x = other.x is first.x or np.array_equal(other.x, first.x)
        same_unit = (other.x_unit, other.unit) == (first.x_unit, first.unit)
        if not (same_x and same_unit and other.y.shape == first.x.shape):
            msg = (
                f"scenario {scenario!r}: the curve {(first.cls, first.place, first.curve)} must "
                "have the same x, the same units and one y for each x in every replication"
            )
            raise ValueError(msg)


def _block(curves: Sequence[Curve]) -> dict[str, Any]:
    """Columns of numbers of one curve, arrays[n]."""
    y = np.stack([curve.y for curve in curves], axis=1).astype(np.float64)
    y.sort(axis=1)
    known = ~np.isnan(y)
    n = known.sum(axis=1, dtype=np.int64)
    total = np.where(known, y, 0.0).sum(axis=1)
    mean = np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)
    spread = _quantiles(y, n) if y.size else [mean] * len(_LEVELS)
    numbers = dict(zip(CURVES[7:], (a.astype(np.float32) for a in (mean, *spread)), strict=False))
    return {"x": curves[0].x.astype(np.float64), **numbers, "replications": n.astype(np.int32)}


def band(parts: Iterable[tuple[str, Sequence[Sequence[Curve]]]]) -> pd.DataFrame:
    """Spread of each curve over replications, point by point: the table curves.parquet.

    In: scenarios, each with its replications, and each of these with the curves measured. A
    scenario may come in several parts that hold some of its curves each, so that not all of them
    need be in memory at once. Out: one row per
    scenario, curve and point: scenario, class, place, curve, x_unit, unit (categoricals), x
    (float64), mean and the quantiles q05 … q95 over replications (float32: seven digits are more
    than any picture shows, and the file is half as large), replications (int32, those in which
    the point is defined; NaN otherwise left out). Scenarios and curves in the order given.

    Raises ValueError if a curve stands twice in one replication, or if x or the units of a curve
    differ between replications. Source of the quantiles: Hyndman & Fan 1996, type 7.
    """
    labels: list[tuple[str, ...]] = []
    blocks: list[dict[str, Any]] = []
    for scenario, runs in parts:
        for name, curves in _by_name(scenario, runs).items():
            _check_alike(scenario, curves)
            labels.append((scenario, *name, curves[0].x_unit, curves[0].unit))
            blocks.append(_block(curves))

    length = np.array([len(block["x"]) for block in blocks], dtype=np.int64)
    columns: dict[str, Any] = {}
    for i, column in enumerate(("scenario", "truck_class", "place", "curve", "x_unit", "unit")):
        words = list(dict.fromkeys(label[i] for label in labels))
        code = {word: k for k, word in enumerate(words)}
        codes = np.array([code[label[i]] for label in labels], dtype=np.int32)
        columns[column] = pd.Categorical.from_codes(
            np.repeat(codes, length), categories=pd.Index(words, dtype=str)
        )
    kinds = {"x": np.float64, "replications": np.int32}
    for column in ("x", *CURVES[7:]):
        values = [block[column] for block in blocks]
        empty = np.empty(0, dtype=kinds.get(column, np.float32))
        columns[column] = np.concatenate(values) if values else empty
    return pd.DataFrame(columns)[CURVES]
