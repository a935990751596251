"""Rows that rosters must keep, by hand and against rosters that are there."""

import numpy as np
import pytest

from portsim.rostering.cuts import time_cut
from portsim.rostering.search import SearchLimits
from rostering.ports import all_rosters, random_port, searching

HOURS = np.arange(168)


def test_a_single_hour_of_work_needs_its_servers_within_the_limit():
    """Ten server-hours come on Monday at 08; within 2 h there are 3 hours of the clock to do it."""
    arriving = np.zeros(168)
    arriving[8] = 10.0
    capacity = np.ones(168)
    weights, least = time_cut(capacity, arriving, HOURS, 10.0, 2.0)
    assert least == pytest.approx(10.0)
    assert weights[8:11].tolist() == pytest.approx([1, 1, 1])
    assert weights.sum() == pytest.approx(3.0)
    capacity[8:11] = [4, 4, 2]
    assert time_cut(capacity, arriving, HOURS, 10.0, 2.0) is None
    capacity[10] = 1
    assert time_cut(capacity, arriving, HOURS, 9.0, 2.0) is None
    assert time_cut(capacity, arriving, HOURS, 9.5, 2.0) is not None


def test_hours_of_another_week_are_those_of_the_same_roster():
    """Work of the second Monday alone: the row is one on the hours of every Monday."""
    arriving = np.zeros(336)
    arriving[168 + 8] = 6.0
    weights, least = time_cut(np.zeros(168), arriving, np.tile(HOURS, 2), 6.0, 1.0)
    assert least == pytest.approx(6.0)
    assert np.flatnonzero(weights).tolist() == [8, 9]


@pytest.mark.parametrize("seed", [0, 8, 14, 16])
def test_no_row_that_is_proven_refuses_a_roster_that_keeps_the_promise(seed):
    scenario, share = random_port(seed)
    search, targets = searching(scenario, share)
    search.run(targets, SearchLimits(seconds=600.0, gap=0.0, exact=True))
    programme, met = search.programme, 0
    for _, many in all_rosters(search.choices):
        chosen = np.array(many, dtype=np.int64)
        on_duty = search.choices.on_duty(chosen)
        if search.trials.reached(on_duty)[:, 0].mean() < share:
            continue
        met += 1
        for row in programme.times:
            assert row.usual or row.weight @ chosen >= row.least - 1e-6
        for few in programme.too_few:
            assert (on_duty.ravel()[few.where] > few.on_duty.ravel()[few.where]).any()
    assert met > 0
