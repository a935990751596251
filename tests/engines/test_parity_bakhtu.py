"""Both engines tell the same of the port that the package is about."""

import datetime as dt

import numpy as np
import pytest

from engines.agreed import agreed
from engines.bakhtu import FOLLOWED, POLICIES, SEASON, plan_of

THREE_WEEKS = (dt.date(2024, 9, 9), dt.date(2024, 9, 29))


@pytest.mark.parametrize("policy", [*POLICIES, FOLLOWED])
def test_six_busy_weeks_of_bakhtu_are_told_alike(policy):
    """Every policy over its own hours, and one whose drivers follow them, with the demand of 2024:
    `make proof` does the same with all eleven months."""
    plan = plan_of(policy, SEASON)
    log = agreed(plan)
    weeks = plan.end / (7 * 86_400)
    assert weeks == 6
    assert np.count_nonzero(log.finished >= 0) > 50_000


def test_slots_pairing_and_a_wide_lane_are_told_alike():
    """Three weeks of September with all files laid over the hours that fit each other least."""
    laid = ("kazakh-electronic-queue", "drop-and-pull", "wind-busy-month", "wind-wide-lane")
    plan = plan_of("+".join(["hours-7x8-after-clock-change", *laid]), THREE_WEEKS)
    log = agreed(plan)
    assert np.count_nonzero(log.finished >= 0) > 40_000


def test_all_seven_policies_are_compared():
    assert len(POLICIES) == 7
