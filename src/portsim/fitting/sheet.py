"""The sheet on which a fit is written: values of the scenario and rows of the table, side by side.

Nothing is estimated here; what a value is called and how surely it is told is said once.
"""

from collections.abc import Mapping
from itertools import pairwise
from math import hypot
from typing import Any

import pandas as pd

from portsim.fitting.arrivals import Told
from portsim.fitting.goodness import Goodness
from portsim.fitting.work import Law, of_family

__all__ = ["Sheet"]

_STEEPEST = 100.0
"""Largest shape that a scenario may have."""
_COLUMNS = ("path", "value", "low", "high", "unit", "method", "n", "identifiable", "note")


class Sheet:
    """Rows of the table, and values as a file says them."""

    def __init__(self, files: str) -> None:
        """An empty one; `files` are named as the source of each value."""
        self._files = files
        self._rows: list[tuple[Any, ...]] = []

    @property
    def table(self) -> pd.DataFrame:
        """A row a value, in the order in which they were told."""
        return pd.DataFrame(self._rows, columns=list(_COLUMNS))

    def value(
        self, value: Any, limits: Any, n: int, mark: str, shape: str = "normal"
    ) -> dict[str, Any]:
        """A value with its source, its mark and its range, of which the shape is stated."""
        said = {
            "value": value,
            "source": f"fitted from {self._files}, n = {n:,}",
            "confidence": mark,
        }
        return said if limits is None else {**said, "range": limits, "shape": shape}

    def row(self, path: str, value: Any, low: Any, high: Any, *rest: Any) -> None:
        """A row of the table: unit, method, n, identifiable and note follow the limits."""
        self._rows.append((path, value, low, high, *rest))

    def time(self, path: str, seconds: float, limits: tuple[float, float], n: int, mark: str,
              method: str) -> dict[str, Any]:  # fmt: skip
        """A duration in minutes, with its row."""
        low, high = (max(limit, 0.0) / 60 for limit in limits)
        value = seconds / 60
        self.row(path, f"{value:.3f}", f"{low:.3f}", f"{high:.3f}", "min", method, n, "yes", "")
        ranged = f"{low:.3f} min..{high:.3f} min" if low < high else None
        return self.value(f"{value:.3f} min", ranged, n, mark)

    def law(self, path: str, law: Law, n: int, limits: Mapping[str, tuple[float, float]],
            stamped: bool, goodness: Goodness) -> dict[str, Any]:  # fmt: skip
        """A work time as the language says it, with how far the works are from it."""
        mark = "A" if stamped else "D"
        method = "stamped works" if stamped else "works told first come first served"
        method = f"{law.family} by moments, family by cross-validation; {method}"
        own = f"{path}.{law.family}"
        self._fits(f"{path}.fit", law, goodness)
        if law.family == "constant":
            return {"constant": self.time(own, law.mean, limits["mean"], n, mark, method)}
        if law.family in ("triangular", "uniform"):
            return {law.family: self._ends(own, law, n, limits, mark, method)}
        mean = self.time(f"{own}.mean", law.mean, limits["mean"], n, mark, method)
        said: dict[str, Any] = {} if law.family == "empirical" else {"mean": mean}
        if law.family != "exponential":
            low, high = max(limits["cv"][0], 0.01), limits["cv"][1]
            self.row(f"{own}.cv", f"{law.cv:.3f}", f"{low:.3f}", f"{high:.3f}", "", method, n,
                     "yes", "")  # fmt: skip
            ranged = [round(low, 3), round(high, 3)] if round(low, 3) < round(high, 3) else None
            if law.family in ("gamma", "lognormal"):
                said["cv"] = self.value(round(law.cv, 3), ranged, n, mark)
        if law.family == "weibull":
            # The wider the works, the smaller the shape.
            ends = [of_family("weibull", 1.0, cv).shape["shape"] for cv in (high, low)]
            low, high = (round(end, 3) for end in ends)
            shape = round(law.shape["shape"], 3)
            self.row(f"{own}.shape", shape, low, high, "", method, n, "yes", "as the cv")
            ranged = [low, high] if 0 < low < high <= _STEEPEST else None
            said["shape"] = self.value(min(shape, _STEEPEST), ranged, n, mark)
        if law.family == "empirical":
            values = [f"{seconds / 60:.3f} min" for seconds in law.values]
            return {"empirical": self.value({"values": values}, None, n, mark)}
        return {law.family: said}

    def _fits(self, path: str, law: Law, goodness: Goodness) -> None:
        """How far works are from the law with a name."""
        known = "yes" if goodness.fits else "partly"
        note = f"p = {goodness.p:.2f} that a right {goodness.family} is as far by chance"
        if law.family == "empirical":
            note += "; no law with a name fits: the works themselves are written"
        elif not goodness.fits:
            note += "; works are a mixture: see the classes, or too few to be written themselves"
        self.row(path, f"{goodness.distance:.4f}", "", "", "share of the works",
                 f"distance of Kolmogorov and Smirnov from the {goodness.family}, bootstrapped",
                 goodness.n, known, note)  # fmt: skip

    def _ends(self, path: str, law: Law, n: int, limits: Mapping[str, tuple[float, float]],
              mark: str, method: str) -> dict[str, Any]:  # fmt: skip
        """Low, mode and high, as far off as mean and spread may be together."""
        spread = law.cv * law.mean
        of_mean = limits["mean"][1] - law.mean
        of_spread = (limits["cv"][1] - law.cv) * law.mean
        ends = {}
        for word, seconds in law.shape.items():
            away = hypot(of_mean, of_spread * (seconds - law.mean) / max(spread, 1e-9))
            ends[word] = (max(seconds - away, 0.0), seconds, seconds + away)
        # Ends that may lie beyond each other have no range: drawn alone they would be out of order.
        ordered = all(a[2] < b[0] for a, b in pairwise(ends.values()))
        said = {}
        for word, (low, seconds, high) in ends.items():
            value = self.time(f"{path}.{word}", seconds, (low, high), n, mark, method)
            if not ordered:
                value.pop("range", None)
            said[word] = value
        return said

    def noted(self, words: Any, n: int, mark: str) -> Any:
        """A distribution as the language says it, each of its values with source and mark."""
        if not isinstance(words, dict):
            return self.value(words, None, n, mark)
        return {
            family: self.value(said, None, n, mark)
            if family == "empirical"
            else {word: self.value(each, None, n, mark) for word, each in said.items()}
            for family, said in words.items()
        }

    def factor(self, path: str, told: Told) -> None:
        """A row for a factor of the rate."""
        value, low, high = (round(float(x), 4) for x in (told.value, told.low, told.high))
        self.row(path, value, low, high, "", told.method, told.n, told.identifiable, told.note)

    def told(self, path: str, told: Told, unit: str, *, digits: int, per: str = "") -> Any:
        """A value of the traffic, with its row."""
        value, low, high = (round(float(x), digits) for x in (told.value, told.low, told.high))
        self.row(path, value, low, high, unit, told.method, told.n, told.identifiable, told.note)
        limits: Any = None
        if 0 < low < high:
            limits = f"{low}{per}..{high}{per}" if per else [low, high]
        shape = "lognormal"
        return self.value(f"{value}{per}" if per else value, limits, told.n, "A", shape)
