"""Forecasts without a model: series of which the next values are known by hand."""

import numpy as np
import pytest

from portsim.statistics.baselines import fluid, last_value, weekly_profile

WEEK = 4


def test_the_profile_is_what_earlier_weeks_had_at_that_time():
    #               week 0      week 1      week 2, now is its second step
    past = np.array([1, 2, 3, 4, 11, 12, 13, 14, 21, 22], dtype=float)
    told = weekly_profile(past, WEEK, np.array([1, 2]))
    assert sorted(told[0].tolist()) == [3.0, 13.0]
    assert sorted(told[1].tolist()) == [4.0, 14.0]


def test_the_profile_never_takes_what_is_not_seen_yet():
    past = np.arange(10, dtype=float)
    # Five steps after now are more than a week: the week before has only one of them.
    told = weekly_profile(past, WEEK, np.array([5]))
    assert told.tolist() == [[9 + 5 - 8]]
    assert np.isnan(weekly_profile(past[:3], WEEK, np.array([1]))).all()


def test_the_last_value_moves_as_it_did_in_earlier_weeks():
    past = np.array([0, 5, 3, 0, 2, 1, 9, 0, 4, 7], dtype=float)
    # From the second step of a week on: 5 to 3, 1 to 9; now 7.
    assert sorted(last_value(past, WEEK, np.array([1]))[0].tolist()) == [5.0, 15.0]
    # 5 to 0, 1 to 0.
    assert sorted(last_value(past, WEEK, np.array([2]))[0].tolist()) == [2.0, 6.0]
    assert last_value(past[:2], WEEK, np.array([1, 2])).tolist() == [[5.0], [5.0]]


def test_the_last_value_is_never_below_nothing():
    past = np.array([9, 9, 0, 0, 1, 1], dtype=float)
    assert last_value(past, WEEK, np.array([1])).tolist() == [[0.0]]


def test_a_fluid_fills_while_it_is_shut_and_empties_afterwards():
    arrivals = np.full(6, 2.0)
    capacity = np.array([0.0, 0.0, 5.0, 5.0, 5.0, 1.0])
    assert fluid(1.0, arrivals, capacity) == pytest.approx([3, 5, 2, 0, 0, 1])
