"""Intervals against a line of seconds, each open or not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from portsim.calendars import (
    Intervals,
    advance,
    clip,
    contains,
    intersect,
    measure_within,
    merge,
    shorten,
    subtract,
    total,
    union,
)

N = 60
ROWS = st.lists(st.tuples(st.integers(0, N), st.integers(0, N)), max_size=8)
SECONDS = st.lists(st.tuples(st.integers(-5, N + 5), st.integers(0, N)), min_size=1, max_size=20)


def line(intervals: Intervals | list[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which of the seconds -10 … N + 9 are open."""
    is_open = np.zeros(N + 20, bool)
    for a, b in np.asarray(intervals, np.int64).reshape(-1, 2):
        is_open[a + 10 : max(b, a) + 10] = True
    return is_open


def well_formed(found: Intervals) -> None:
    assert found.dtype == np.int64
    assert found.ndim == 2
    assert found.shape[1] == 2
    assert np.all(found[:, 0] < found[:, 1])
    assert np.all(found[1:, 0] > found[:-1, 1])


def test_merge_unites_what_touches_and_drops_what_is_empty() -> None:
    assert merge([(5, 7), (0, 3), (3, 5), (9, 9), (12, 11)]).tolist() == [[0, 7]]
    assert merge([]).shape == (0, 2)


def test_by_hand() -> None:
    morning, noon = merge([(8, 12), (13, 17)]), merge([(10, 14), (15, 19)])

    assert intersect(morning, noon).tolist() == [[10, 12], [13, 14], [15, 17]]
    assert union(morning, noon).tolist() == [[8, 19]]
    assert subtract(morning, noon).tolist() == [[8, 10], [14, 15]]
    assert total(morning) == 8


def test_shorten_cuts_each_stretch_once() -> None:
    assert shorten(np.array([[0, 4], [4, 10], [20, 22], [30, 33]]), 2).tolist() == [
        [0, 8],
        [30, 31],
    ]
    with pytest.raises(ValueError, match="last entry"):
        shorten(merge([(0, 4)]), -1)


def test_shorten_leaves_its_input_alone() -> None:
    given_intervals = merge([(0, 10)])
    shorten(given_intervals, 3)

    assert given_intervals.tolist() == [[0, 10]]


@given(ROWS)
def test_merge(rows: list[tuple[int, int]]) -> None:
    found = merge(rows)

    well_formed(found)
    assert np.array_equal(line(found), line(rows))
    assert total(found) == line(rows).sum()


@given(ROWS, ROWS)
def test_two_sets(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    a, b = merge(first), merge(second)
    results = (
        (intersect(a, b), line(first) & line(second)),
        (union(a, b), line(first) | line(second)),
        (subtract(a, b), line(first) & ~line(second)),
    )

    for found, expected in results:
        well_formed(found)
        assert np.array_equal(line(found), expected)


@given(ROWS, st.integers(-5, N + 5), st.integers(-5, N + 5))
def test_clip(rows: list[tuple[int, int]], start: int, stop: int) -> None:
    found = clip(merge(rows), start, stop)
    window = np.zeros(N + 20, bool)
    window[start + 10 : max(stop, start) + 10] = True

    well_formed(found)
    assert np.array_equal(line(found), line(rows) & window)


@given(ROWS, st.integers(0, N))
def test_shorten(rows: list[tuple[int, int]], last_entry: int) -> None:
    found = shorten(merge(rows), last_entry)
    is_open = line(rows)
    admitted = [
        bool(is_open[t : t + last_entry + 1].all()) if t + last_entry < len(is_open) else False
        for t in range(len(is_open))
    ]

    well_formed(found)
    assert line(found).tolist() == admitted


@given(ROWS, st.lists(st.integers(-10, N + 9), max_size=20))
def test_contains(rows: list[tuple[int, int]], instants: list[int]) -> None:
    t = np.array(instants, np.int64)

    assert contains(merge(rows), t).tolist() == line(rows)[t + 10].tolist()


@given(ROWS, st.lists(st.tuples(st.integers(-9, N + 9), st.integers(-9, N + 9)), max_size=20))
def test_measure_within(rows: list[tuple[int, int]], stretches: list[tuple[int, int]]) -> None:
    pairs = np.array(stretches, np.int64).reshape(-1, 2)
    found = measure_within(merge(rows), pairs[:, 0], pairs[:, 1])

    assert found.dtype == np.int64
    assert found.tolist() == [int(line(rows)[a + 10 : max(a, b) + 10].sum()) for a, b in stretches]


@given(ROWS, SECONDS)
def test_advance(rows: list[tuple[int, int]], work: list[tuple[int, int]]) -> None:
    pairs = np.array(work, np.int64)
    is_open = line(rows)
    expected = []
    for start, seconds in work:
        ends = (t for t in range(start, N + 10) if is_open[start + 10 : t + 10].sum() >= seconds)
        expected.append(next(ends, -1))

    found = advance(merge(rows), pairs[:, 0], pairs[:, 1])

    assert found.dtype == np.int64
    assert found.tolist() == expected


def test_advance_by_hand() -> None:
    hours = merge([(8, 12), (13, 17)])
    starts, work = np.array([9, 9, 9, 12, 9, 3]), np.array([3, 4, 0, 0, 8, 8])

    assert advance(hours, starts, work).tolist() == [12, 14, 9, 12, -1, 17]
    with pytest.raises(ValueError, match="negative"):
        advance(hours, starts, -work)
    assert advance(merge([]), np.array([4, 4]), np.array([0, 1])).tolist() == [4, -1]
