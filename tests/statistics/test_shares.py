"""Intervals of shares: a case worked by hand, properties, coverage on known answers, no spread."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from portsim.statistics.intervals import moments, summarise, t_factor
from portsim.statistics.shares import may_differ, share_limits

STUDIES = 4000


def row(values, measure="completed_within_limit", antithetic=False):
    frame = pd.DataFrame({"replication": range(1, len(values) + 1), "value": values})
    frame = frame.assign(scenario="base", truck_class="all", place="", measure=measure, note="")
    return summarise(frame, lambda _: "share", antithetic).iloc[0]


def test_worked_by_hand():
    # 0.8, 0.9, 1.0: mean 0.9, sd 0.1, half width 4.302652730 · 0.1 / √3 = 0.248414. On the logit
    # scale ln 9 = 2.197225 ± 0.248414 / 0.09 = 2.760155: shares 0.362870 and 0.993018.
    found = row([0.8, 0.9, 1.0])
    assert found["mean"] == pytest.approx(0.9)
    assert found["ci_low"] == pytest.approx(0.362870, abs=2e-6)
    assert found["ci_high"] == pytest.approx(0.993018, abs=2e-6)
    assert found["note"] == ""


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=20))
def test_limits_are_shares_around_the_mean(values):
    found = row(values, "utilisation")
    assert 0.0 <= found["ci_low"] <= found["mean"] + 1e-12
    assert found["mean"] - 1e-12 <= found["ci_high"] <= 1.0


def test_with_little_spread_it_is_the_t_interval():
    rng = np.random.default_rng(5)
    values = 0.6 + 1e-4 * rng.normal(size=12)
    interval = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    found = row(values)
    assert (found["ci_low"], found["ci_high"]) == pytest.approx(tuple(interval), abs=1e-8)


def coverage(draw, truth, n):
    values = draw((STUDIES, n))
    m = moments(values)
    low, high = share_limits(m.mean, t_factor(m.n) * m.sd)
    return float(np.mean((low <= truth) & (truth <= high)))


def test_coverage_on_known_answers():
    # What was found with 20,000 studies stands in docs/how-to/precision.md.
    rng = np.random.default_rng(20_240_102)
    slack = 3.0 * np.sqrt(0.95 * 0.05 / STUDIES)
    trucks = coverage(lambda size: rng.binomial(500, 0.99, size) / 500, 0.99, 10)
    wide = coverage(lambda size: rng.beta(0.5, 0.5, size), 0.5, 10)
    assert min(trucks, wide) > 0.95 - slack


def test_near_one_it_covers_better_than_the_plain_interval():
    rng = np.random.default_rng(20_240_103)
    values = rng.binomial(500, rng.beta(9.7, 0.3, (STUDIES, 10))) / 500
    m = moments(values)
    half = t_factor(m.n) * m.sd
    low, high = share_limits(m.mean, half)
    ours = np.mean((low <= 0.97) & (high >= 0.97))
    plain = np.mean((m.mean - half <= 0.97) & (m.mean + half >= 0.97))
    assert ours > plain + 0.05


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_no_spread_is_a_point_with_a_note(share):
    found = row([share] * 6)
    assert (found["ci_low"], found["mean"], found["ci_high"]) == (share, share, share)
    assert found["note"] == "no spread"
    assert row([share])["note"] == ""


def test_the_rule_of_three():
    assert may_differ(59) == pytest.approx(0.0495, abs=1e-4)
    # 300 periods alike: at most about 3 / 300.
    assert may_differ(300) == pytest.approx(0.00994, abs=1e-4)
    assert pytest.approx(0.05, abs=0.003) == 0.9**29
    assert may_differ(29) == pytest.approx(0.1, abs=0.003)


def test_an_antithetic_pair_is_one_observation():
    # Pairs (0.7, 0.9), (0.8, 0.9), (0.9, 0.9): observations 0.8, 0.85, 0.9.
    found = row([0.7, 0.9, 0.8, 0.9, 0.9, 0.9], antithetic=True)
    assert (found["mean"], found["replications"]) == (pytest.approx(0.85), 3)
    assert found["sd"] == pytest.approx(0.05)
    # One of a pair alone is no observation.
    found = row([0.7, 0.9, 0.8, float("nan")], antithetic=True)
    assert (found["mean"], found["replications"]) == (pytest.approx(0.8), 1)
