"""Counting what is present: time integrals and largest numbers of half-open presences."""

import numpy as np

from portsim.arrays import Ints, Reals

__all__ = ["integral", "largest", "overlap", "present"]


def overlap(begin: Ints, finish: Ints, weight: Ints, start: int, end: int) -> int:
    """Integral over [start, end) of the weight present, in weight-seconds.

    Args:
        begin, finish: int64[k], presences [begin, finish).
        weight: int64[k].
        start, end: limits of the integral.
    """
    length = np.minimum(finish, end) - np.maximum(begin, start)
    return int((np.maximum(length, 0) * weight).sum())


def largest(begin: Ints, finish: Ints, weight: Ints, start: int) -> int:
    """Largest weight present at any second from `start` on; presences of 0 s do not count."""
    there = finish > np.maximum(begin, start)
    begin, finish, weight = begin[there], finish[there], weight[there]
    if not len(begin):
        return 0
    times = np.concatenate([finish, np.maximum(begin, start)])
    steps = np.concatenate([-weight, weight])
    # A stable sort leaves those that go at a second before those that come at it.
    present = np.cumsum(steps[np.argsort(times, kind="stable")])
    return int(present.max())


def present(begin: Ints, finish: Ints, weight: Ints, at: Ints) -> Ints:
    """Weight present at some seconds, int64[m]: begun at or before, finished after."""
    return _passed(begin, weight, at) - _passed(finish, weight, at)


def _passed(since: Ints, weight: Ints, at: Ints) -> Ints:
    order = np.argsort(since, kind="stable")
    sums = np.concatenate([[0], np.cumsum(weight[order])])
    return np.asarray(sums[np.searchsorted(since[order], at, side="right")])


def integral(begin: Ints, finish: Ints, weight: Ints, at: Ints) -> Reals:
    """Weight-seconds present before each of some seconds.

    Args:
        begin, finish, weight: presences, int64[k].
        at: int64[m] seconds.

    Returns:
        float64[m], exact for totals below 2**53.
    """
    return _ramp(begin, weight, at) - _ramp(finish, weight, at)


def _ramp(since: Ints, weight: Ints, at: Ints) -> Reals:
    order = np.argsort(since, kind="stable")
    since, weight = since[order], weight[order]
    before = np.searchsorted(since, at)
    weights = np.concatenate([[0], np.cumsum(weight)])
    moments = np.concatenate([[0], np.cumsum(weight * since)])
    return np.asarray(weights[before] * at - moments[before], dtype=np.float64)
