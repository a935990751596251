"""Capacity as a staircase, by hand and against a line of seconds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from portsim.calendars import capacity_steps, merge, subtract_down

Ints = NDArray[np.int64]
N = 40
ROWS = st.lists(st.tuples(st.integers(-5, N + 5), st.integers(-5, N + 5)), max_size=5)


def line(steps: tuple[Ints, Ints]) -> list[int]:
    times, values = steps
    assert times.dtype == values.dtype == np.int64
    assert times[0] == 0
    assert np.all(np.diff(times) > 0)
    assert np.all(np.diff(values) != 0)
    seconds: list[int] = values[np.searchsorted(times, np.arange(N), side="right") - 1].tolist()
    return seconds


def test_by_hand() -> None:
    day, evening = merge([(8, 16)]), merge([(14, 22)])

    times, values = capacity_steps([(day, 3), (evening, 2)], 1, 0, 24)

    assert times.tolist() == [0, 8, 14, 16, 22]
    assert values.tolist() == [1, 4, 6, 3, 1]


def test_a_shift_that_relieves_another_is_no_step() -> None:
    times, values = capacity_steps([(merge([(0, 12)]), 2), (merge([(12, 24)]), 2)], 0, 0, 24)

    assert times.tolist() == [0]
    assert values.tolist() == [2]


def test_nothing_but_a_constant() -> None:
    times, values = capacity_steps([], 4, 100, 200)

    assert times.tolist() == [100]
    assert values.tolist() == [4]
    with pytest.raises(ValueError, match="empty"):
        capacity_steps([], 4, 100, 100)


def test_breakdowns_by_hand() -> None:
    steps = capacity_steps([(merge([(8, 16)]), 2)], 1, 0, 24)

    times, values = subtract_down(*steps, np.array([[14, 20], [10, 15]]), 1)

    assert times.tolist() == [0, 8, 10, 14, 15, 16, 20]
    assert values.tolist() == [1, 3, 2, 1, 2, 0, 1]
    with pytest.raises(ValueError, match="negative"):
        subtract_down(*steps, np.array([[1, 2]]), -1)


@given(st.lists(st.tuples(ROWS, st.integers(0, 4)), max_size=4), st.integers(0, 3))
def test_capacity(shifts: list[tuple[list[tuple[int, int]], int]], constant: int) -> None:
    expected = [
        constant + sum(count for rows, count in shifts if any(a <= t < b for a, b in rows))
        for t in range(N)
    ]

    found = capacity_steps([(merge(rows), count) for rows, count in shifts], constant, 0, N)

    assert line(found) == expected
    assert found[0][-1] < N


@given(ROWS, ROWS, ROWS, st.integers(0, 2), st.integers(0, 2))
def test_breakdowns(
    shift: list[tuple[int, int]],
    first: list[tuple[int, int]],
    second: list[tuple[int, int]],
    one: int,
    two: int,
) -> None:
    def broken(t: int) -> int:
        return one * sum(a <= t < b for a, b in first) + two * sum(a <= t < b for a, b in second)

    steps = capacity_steps([(merge(shift), 3)], 1, 0, N)
    expected = [max(0, value - broken(t)) for t, value in enumerate(line(steps))]
    down = [np.array(rows, np.int64).reshape(-1, 2) for rows in (first, second)]

    found = subtract_down(*subtract_down(*steps, down[0], one), down[1], two)

    assert line(found) == expected
