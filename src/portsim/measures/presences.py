"""Counting what is present: half-open presences of some weight, each in one of several rows.

A row is whatever is counted apart, e.g. a class of trucks. Sums are exact as long as the
weight-seconds of a run stay below 2**53.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals, own
from portsim.measures.order import argsort_ints
from portsim.measures.sums import sum_by

__all__ = ["Presences"]


@dataclass(frozen=True, eq=False, slots=True)
class Presences:
    """k presences [begin, finish), in seconds from 0 up."""

    begin: Ints
    """int64[k]."""
    finish: Ints
    """int64[k]."""
    weight: Ints
    """int64[k]."""
    row: Ints
    """int64[k], the row of each, in [0, rows)."""
    rows: int

    def merged(self, sort: Ints, sorts: int) -> "Presences":
        """The same presences with rows merged: int64[rows], the new row of each of the old ones."""
        return Presences(self.begin, self.finish, self.weight, sort[self.row], sorts)

    def across(self, second: int) -> Reals:
        """Weight begun before a second and not finished before it: float64[rows]."""
        there = (self.begin < second) & (self.finish >= second)
        return sum_by(self.row, self.weight * there, self.rows)

    def overlap(self, start: int, end: int) -> Reals:
        """Integral over [start, end) of the weight present, in weight-seconds: float64[rows]."""
        length = np.minimum(self.finish, end) - np.maximum(self.begin, start)
        return sum_by(self.row, np.maximum(length, 0) * self.weight, self.rows)

    def integral(self, start: int, end: int) -> int:
        """What `spread` adds up to for all rows together: what comes stays until it goes."""
        came, went = (end - np.clip(seconds, start, end) for seconds in (self.begin, self.finish))
        return int(self.weight @ came) - int(self.weight @ went)

    def present(self, seconds: Ints) -> Reals:
        """Weight present at some seconds: begun at or before, finished after.

        Args:
            seconds: int64[m], ascending.

        Returns:
            float64[rows, m].
        """
        return self._passed(self.begin, seconds) - self._passed(self.finish, seconds)

    def _passed(self, since: Ints, seconds: Ints) -> Reals:
        spots = len(seconds) + 1
        code = self.row * spots + np.searchsorted(seconds, since)
        steps = sum_by(code, self.weight, self.rows * spots)
        return np.cumsum(steps.reshape(self.rows, spots)[:, :-1], axis=1)

    def spread(self, start: int, end: int, width: int) -> Reals:
        """Weight-seconds present in each span of `width` seconds from `start` on.

        Returns:
            float64[rows, m]; the last of the m spans ends with `end`.
        """
        spans = -(-(end - start) // width)
        ends = np.minimum(start + (np.arange(spans) + 1) * width, end)
        rest, before = np.zeros((2, self.rows, spans))
        for sign, seconds in ((1, self.begin), (-1, self.finish)):
            # What comes fills the rest of its span, and all of those after it.
            since = np.clip(seconds, start, end)
            span = np.minimum((since - start) // width, spans - 1)
            left, code = (ends[span] - since) * self.weight, self.row * spans + span
            rest += sign * sum_by(code, left, rest.size).reshape(rest.shape)
            came = sum_by(code, self.weight, rest.size).reshape(rest.shape)
            before += sign * (np.cumsum(came, axis=1) - came)
        return np.asarray(rest + before * np.diff(ends, prepend=start))

    def count(self) -> Reals:
        """How many presences there are, whatever their weight: float64[rows]."""
        return np.bincount(self.row, minlength=self.rows).astype(np.float64)

    def largest(self, start: int, sortings: Sequence[Ints], sorts: int) -> Ints:
        """Largest weight present at any second from `start` on; presences of 0 s do not count.

        Args:
            start: second from which on to look.
            sortings: int64[rows] each, the sort of each row; no two of them share a sort.
            sorts: how many sorts there are.

        Returns:
            int64[sorts], the largest weight of each sort of presences.
        """
        # Whoever only reads results need not wait until Numba is loaded.
        from portsim.measures.passes import most_present  # noqa: PLC0415

        begin = np.maximum(self.begin, start)
        there = np.flatnonzero(self.finish > begin)
        # The order is stable: those that go at a second come before those that come at it.
        order = argsort_ints(np.concatenate([self.finish[there], begin[there]]))
        sums, peaks = np.zeros((2, sorts), dtype=np.int64)
        if len(there):
            table = own(np.stack(sortings))
            most_present(order, own(self.row[there]), own(self.weight[there]), table, sums, peaks)
        return peaks
