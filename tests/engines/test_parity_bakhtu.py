"""Both engines tell the same of the port that the package is about."""

import numpy as np
import pytest

from engines.agreed import agreed
from engines.bakhtu import FOLLOWED, POLICIES, SEASON, plan_of


@pytest.mark.parametrize("policy", [*POLICIES, FOLLOWED])
def test_six_busy_weeks_of_bakhtu_are_told_alike(policy):
    """Every policy over its own hours, and one whose drivers follow them, with the demand of 2024:
    `make proof` does the same with all eleven months."""
    plan = plan_of(policy, SEASON)
    log = agreed(plan)
    weeks = plan.end / (7 * 86_400)
    assert weeks == 6
    assert np.count_nonzero(log.finished >= 0) > 50_000


def test_all_seven_policies_are_compared():
    assert len(POLICIES) == 7
