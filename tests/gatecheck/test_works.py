"""The works by which periods are held against each other, by hand and by what they promise."""

import numpy as np
import pytest

from portsim.held.works import POWERS, best_power, counted, implied

NONE = np.zeros(0)


def test_works_are_implied_by_the_servers_that_there_are() -> None:
    # Two trucks come at 0, one at 5; all done at 10, 20 and 25.
    queue, done = np.array([0.0, 0.0, 5.0]), np.array([10.0, 20.0, 25.0])
    for servers, works in ((1, [10, 10, 5]), (2, [10, 20, 15]), (3, [10, 20, 20])):
        work, start = implied(queue, done, np.zeros(1), np.array([servers]), pauses=False)
        assert work.tolist() == works
        assert start.tolist() == (done - works).tolist()


def test_in_any_order_of_rows_and_with_an_end_that_is_not_stamped() -> None:
    queue, done = np.array([5.0, 0.0, 0.0]), np.array([25.0, np.nan, 10.0])
    work, start = implied(queue, done, np.zeros(1), np.array([1]), pauses=False)
    # The usual of 10 and 15 seconds keeps the server busy from 10 on.
    assert np.isnan(work).tolist() == [False, True, False]
    assert (work[2], start[0]) == (10.0, 22.5)


@pytest.mark.parametrize(("pauses", "work"), [(False, 20.0), (True, 10.0)])
def test_work_that_rests_is_as_long_as_it_was_open(pauses: bool, work: float) -> None:
    times, servers = np.array([0.0, 5.0, 15.0]), np.array([1, 0, 1])
    told, _ = implied(NONE + 0, NONE + 0, times, servers, pauses=pauses)
    assert len(told) == 0
    told, _ = implied(np.zeros(1), np.array([20.0]), times, servers, pauses=pauses)
    assert told.tolist() == [work]


@pytest.mark.parametrize("power", range(len(POWERS)))
def test_a_tenth_more_is_a_tenth_more_to_every_power(power: int) -> None:
    work = np.random.default_rng(1).gamma(2.0, 300.0, 1000)
    one, other = (counted(each, np.zeros(1000)) for each in (work, 1.1 * work))
    assert other.means[power] == pytest.approx(1.1 * one.means[power])


def test_the_errors_are_those_of_many_periods() -> None:
    luck = np.random.default_rng(2)
    many = [counted(luck.exponential(600.0, 500), np.zeros(500)) for _ in range(400)]
    seen = np.std([each.means for each in many], axis=0) / np.mean([e.means for e in many], axis=0)
    said = np.mean([each.errors for each in many], axis=0) / np.sqrt(500)
    assert said == pytest.approx(seen, rel=0.12)


def test_of_exponential_works_the_mean_tells_most_and_of_lognormal_ones_the_logarithm() -> None:
    luck = np.random.default_rng(3)
    none = np.zeros(20_000)
    assert best_power([counted(luck.exponential(600.0, 20_000), none)]) == 0
    assert best_power([counted(600.0 * np.exp(luck.normal(0, 1.0, 20_000)), none)]) == 2


def test_classes_apart_do_not_make_works_differ() -> None:
    work = np.array([300.0] * 50 + [900.0] * 50)
    assert counted(work, np.repeat([0, 1], 50)).errors[0] == 0.0
    assert counted(work, np.zeros(100)).errors[0] == pytest.approx(0.5)


def test_what_ends_before_it_begins_is_counted() -> None:
    each = counted(np.array([-300.0, -100.0, 500.0, 500.0]), np.zeros(4), step=60.0)
    assert each.impossible == 0.25
    assert counted(NONE, NONE).n == 0
