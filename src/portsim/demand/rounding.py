"""Rounding: whole numbers drawn from a distribution, the slow ones by a table.

What comes out is what rounding `inverse` gives, to the last second; nothing is approximated here.
"""

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.demand.inverse import Observed, inverse
from portsim.scenario.distributions import Distribution

__all__ = ["Rounding"]

_SLOW = ("gamma", "erlang", "mixture")
_CELLS = 1 << 12
"""Cells of a table. A power of two, so that the cell of a uniform is found without rounding."""
_SLACK = 1e-9
"""Relative; the inverses err by 1e-14 for usual shapes, by 3e-11 for the widest a scenario may
have."""
_UNSURE = -1


class Rounding:
    """Rounds values of distributions; keeps the tables it made, so it belongs to one thread."""

    def __init__(self, observed: Observed) -> None:
        """Args: observed: values behind the empirical distributions."""
        self._observed = observed
        self._tables: dict[Distribution[float], Ints] = {}

    def values(self, distribution: Distribution[float], u: Reals) -> Ints:
        """Values rounded to the nearest whole number, halves to the even one.

        Args:
            distribution: what to draw from, of values that are 0 or more.
            u: float64[n] in [0, 1).

        Returns:
            int64[n], rising in u.
        """
        table = self._tables.get(distribution)
        if table is None:
            if len(u) < _CELLS or distribution.kind not in _SLOW:
                return self._directly(distribution, u)
            table = self._tables[distribution] = self._table(distribution)
        seconds = table[(u * _CELLS).astype(np.intp)]
        unsure = np.flatnonzero(seconds == _UNSURE)
        seconds[unsure] = self._directly(distribution, u[unsure])
        return seconds

    def _directly(self, distribution: Distribution[float], u: Reals) -> Ints:
        return np.rint(inverse(distribution, u, self._observed)).astype(np.int64)

    def _table(self, distribution: Distribution[float]) -> Ints:
        """The whole number of each cell of [0, 1), where both its edges have the same one."""
        edges = inverse(distribution, np.arange(_CELLS) / _CELLS, self._observed)
        low, high = np.rint(edges[:-1] * (1 - _SLACK)), np.rint(edges[1:] * (1 + _SLACK))
        # The last cell has no upper edge.
        return np.append(np.where(low == high, low, _UNSURE), _UNSURE).astype(np.int64)
