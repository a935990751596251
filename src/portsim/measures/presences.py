"""Counting what is present: half-open presences of some weight, each in one of several rows.

A row is whatever is counted apart, e.g. a class of trucks. Sums are exact as long as the
weight-seconds of a run stay below 2**53.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.measures.order import in_order
from portsim.measures.sums import by_row

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

    def across(self, second: int) -> Reals:
        """Weight begun before a second and not finished before it: float64[rows]."""
        there = (self.begin < second) & (self.finish >= second)
        return by_row(self.row, self.weight * there, self.rows)

    def overlap(self, start: int, end: int) -> Reals:
        """Integral over [start, end) of the weight present, in weight-seconds: float64[rows]."""
        length = np.minimum(self.finish, end) - np.maximum(self.begin, start)
        return by_row(self.row, np.maximum(length, 0) * self.weight, self.rows)

    def present(self, at: Ints) -> Reals:
        """Weight present at some seconds: begun at or before, finished after.

        Args:
            at: int64[m], ascending.

        Returns:
            float64[rows, m].
        """
        return self._passed(self.begin, at) - self._passed(self.finish, at)

    def _passed(self, since: Ints, at: Ints) -> Reals:
        spots = len(at) + 1
        code = self.row * spots + np.searchsorted(at, since)
        steps = by_row(code, self.weight, self.rows * spots)
        return np.cumsum(steps.reshape(self.rows, spots)[:, :-1], axis=1)

    def spread(self, start: int, end: int, width: int) -> Reals:
        """Weight-seconds present in each span of `width` seconds from `start` on.

        Returns:
            float64[rows, m]; the last of the m spans ends with `end`.
        """
        spans = -(-(end - start) // width)
        seconds = np.concatenate([self.begin, self.finish])
        np.clip(seconds, start, end, out=seconds)
        span = np.minimum((seconds - start) // width, spans - 1)
        ends = np.minimum(start + (np.arange(spans) + 1) * width, end)
        code = np.concatenate([self.row, self.row]) * spans + span
        steps = np.concatenate([self.weight, -self.weight])
        size, shape = self.rows * spans, (self.rows, spans)
        # What comes fills the rest of its span, and all of those after it.
        rest = by_row(code, (ends[span] - seconds) * steps, size)
        came = by_row(code, steps, size).reshape(shape)
        before = np.cumsum(came, axis=1) - came
        return np.asarray(rest.reshape(shape) + before * np.diff(ends, prepend=start))

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
        begin = np.maximum(self.begin, start)
        there = np.flatnonzero(self.finish > begin)
        # The order is stable: those that go at a second come before those that come at it.
        order = in_order(np.concatenate([self.finish[there], begin[there]]))
        steps = np.concatenate([-self.weight[there], self.weight[there]])[order]
        row = np.concatenate([self.row[there], self.row[there]])[order]
        found = np.zeros(sorts, dtype=np.int64)
        for sorting in sortings:
            sort = sorting[row]
            count = np.bincount(sort, minlength=sorts)
            some = np.flatnonzero(count)
            if len(some):
                # The steps of a sort add up to 0, so that one sum runs over all sorts.
                sums = np.cumsum(steps[in_order(sort)] if len(some) > 1 else steps)
                found[some] = np.maximum.reduceat(sums, (np.cumsum(count) - count)[some])
        return found
