"""The sheet on which a fit is written: values of the scenario and rows of the table, side by side.

Nothing is estimated here; what a value is called and how surely it is told is said once.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from portsim.fitting.arrivals import Told
from portsim.fitting.work import Law

__all__ = ["Sheet"]

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
             stamped: bool) -> dict[str, Any]:  # fmt: skip
        """A work time as the language says it."""
        mark = "A" if stamped else "D"
        method = "stamped works" if stamped else "works told first come first served"
        method = f"{law.family} by moments, family by cross-validation; {method}"
        own = f"{path}.{law.family}"
        if law.shape:
            # As far off as the mean is: the ends of a distribution have no intervals of their own.
            off = (limits["mean"][1] - limits["mean"][0]) / 2.0 / law.mean

            def limited(seconds: float) -> str | None:
                low, high = (round((1 + side * off) * seconds / 60, 3) for side in (-1, 1))
                return f"{low} min..{high} min" if low < high else None

            return {
                law.family: {
                    word: self.value(f"{seconds / 60:.3f} min", limited(seconds), n, mark)
                    for word, seconds in law.shape.items()
                }
            }
        if law.family == "constant":
            return {"constant": self.time(own, law.mean, limits["mean"], n, mark, method)}
        said = {"mean": self.time(f"{own}.mean", law.mean, limits["mean"], n, mark, method)}
        if law.family != "exponential":
            low, high = max(limits["cv"][0], 0.01), limits["cv"][1]
            self.row(f"{own}.cv", f"{law.cv:.3f}", f"{low:.3f}", f"{high:.3f}", "", method, n,
                      "yes", "")  # fmt: skip
            ranged = [round(low, 3), round(high, 3)] if round(low, 3) < round(high, 3) else None
            said["cv"] = self.value(round(law.cv, 3), ranged, n, mark)
        return {law.family: said}

    def told(self, path: str, told: Told, unit: str, *, digits: int, per: str = "") -> Any:
        """A value of the traffic, with its row."""
        value, low, high = (round(float(x), digits) for x in (told.value, told.low, told.high))
        self.row(path, value, low, high, unit, told.method, told.n, told.identifiable, told.note)
        limits: Any = None
        if 0 < low < high:
            limits = f"{low}{per}..{high}{per}" if per else [low, high]
        shape = "lognormal"
        return self.value(f"{value}{per}" if per else value, limits, told.n, "A", shape)
