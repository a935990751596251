"""A verdict of overload: right where it is plain, rare where it would be wrong, sharp in between.

The counts of drawn series are of fixed seeds; docs/proof/overload.md has whole ports by the
thousand.
"""

import numpy as np
import pytest

from portsim.statistics import more_than_can_be_given
from portsim.statistics.overloads import Verdict


def judge(asked, given, grain=1.0, **more):
    asked = np.atleast_2d(np.asarray(asked, dtype=float))
    given = np.broadcast_to(np.asarray(given, dtype=float), asked.shape)
    return more_than_can_be_given(asked, given, [grain] * len(asked), **more)


def drawn(load, days, many, rate, studies=400, weekly=None, spread=0.0):
    """How many of some studies with Poisson days call a load an overload."""
    rng = np.random.default_rng(7)
    pattern = np.resize(np.ones(7) if weekly is None else np.asarray(weekly, dtype=float), days)
    found = 0
    for _ in range(studies):
        days_luck = rng.gamma(1 / spread**2, spread**2, (many, days)) if spread else 1.0
        asked = rng.poisson(rate * load * pattern * days_luck, (many, days))
        found += judge(asked, rate * pattern.mean()) is not None
    return found / studies


def test_what_does_not_vary_is_judged_by_its_load_alone():
    """The same trucks in each replication: 101 of 100 are too many, 100 just so, 99 are not."""
    assert judge([[101.0] * 7] * 3, 100) == Verdict(pytest.approx(1.01), 0, 7)
    assert judge([[100.0] * 7] * 3, 100) == Verdict(1.0, 0, 7)
    assert judge([[99.0] * 7] * 3, 100) is None
    assert judge([[100.0] * 7] * 3, 100, least=1.01) is None


def test_one_truck_is_no_overload_and_many_that_meet_nobody_are():
    assert judge([1.0] * 3, 0, grain=1.0) is None
    verdict = judge([100.0] * 3, 0, grain=1.0)
    assert verdict is not None
    assert verdict.load == np.inf


def test_the_worst_four_weeks_are_found():
    """From day 20 on for 28 days 110 of 100 are asked for, else 10."""
    asked = np.full((4, 60), 10.0)
    asked[:, 20:48] = 110.0
    assert judge(asked, 100) == Verdict(pytest.approx(1.1), 20, 28)
    # On 29 days 90 are asked for, but 400 on the first and the last: no four weeks are too much.
    asked = np.full((4, 29), 90.0)
    asked[:, [0, -1]] = 400.0
    found = judge(asked, 102.0)
    assert found == Verdict(pytest.approx((27 * 90 + 800) / 29 / 102), 0, 29)
    asked[:, -1] = 90.0
    assert judge(asked, 102.0) is None


def test_only_whole_weeks_are_judged_where_a_week_has_a_pattern():
    """A port that works on five days of seven: nine days with two Sundays are no growth."""
    asked = np.full((3, 9), 100.0)
    given = np.array([0, 0, 145, 145, 145, 145, 145, 0, 0])
    assert judge(asked, given) == Verdict(pytest.approx(900 / 725), 0, 9)
    assert judge(asked, given, weeks=True) is None
    # The last whole week alone is judged: two days of nothing before it change nothing.
    assert judge(asked, given - 10.0, weeks=True) == Verdict(pytest.approx(700 / 655), 2, 7)
    assert judge(np.full((3, 6), 200.0), 100, weeks=True) is None


WEEKLY = (1, 1, 1, 1, 2, 0.2, 0.8)


@pytest.mark.parametrize(("days", "many"), [(7, 1), (7, 2), (7, 5), (14, 1), (14, 30), (56, 3)])
@pytest.mark.parametrize("weekly", [None, WEEKLY])
def test_a_load_of_95_percent_is_called_an_overload_in_fewer_than_one_of_a_hundred(
    days, many, weekly
):
    assert drawn(0.95, days, many, 60, weekly=weekly) < 0.01


@pytest.mark.parametrize("many", [2, 5, 30])
def test_uneven_days_are_no_overload(many):
    assert drawn(0.95, 14, many, 100, spread=0.3) < 0.01


@pytest.mark.parametrize(("excess", "days"), [(0.10, 7), (0.03, 14)])
@pytest.mark.parametrize(("rate", "many"), [(1000, 1), (200, 5), (34, 30)])
def test_an_excess_of_a_tenth_is_seen_in_a_week_and_of_3_percent_in_two(excess, days, rate, many):
    assert drawn(1 + excess, days, many, rate, weekly=WEEKLY) > 0.95


def test_without_a_replication_or_a_day_there_is_no_verdict():
    assert more_than_can_be_given(np.zeros((0, 7)), np.zeros((0, 7)), []) is None
    assert more_than_can_be_given(np.zeros((2, 0)), np.zeros((2, 0)), [1.0, 1.0]) is None
