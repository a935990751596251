"""Hours that a stage's own records leave open, as those of the port's other stages."""

from dataclasses import replace

import numpy as np
import pytest

from known_stage import MONDAY, ZONE, port, slots
from portsim.fitting.in_keeping import in_keeping
from portsim.fitting.rosters import rosters


def told(seed, hours, until=24.0):
    """A roster of two weeks of daily hours, nobody coming after an hour of the day."""
    evidence, _ = port(seed, 14, lambda _: hours, rate=60)
    return rosters(
        evidence.where((evidence.queue - evidence.queue[0]) % 86_400 < until * 3600), ZONE
    )


def with_limits(rosters_, edge, low, high):
    """A roster of which one edge of each day may lie between two slots."""
    (roster,) = rosters_
    return [replace(roster, limits={**roster.limits, **{(day, edge): (low, high)
                                                        for day in range(7)}})]  # fmt: skip


@pytest.fixture(scope="module")
def eight_to_six():
    return told(1, [(8, 18, 2)])


@pytest.fixture(scope="module")
def eight_to_eight():
    return told(2, [(8, 20, 2)])


@pytest.fixture(scope="module")
def always():
    return told(3, [(0, 24, 1)])


def test_a_closing_that_nobody_saw_is_that_of_who_opens_with_it(
    eight_to_six, eight_to_eight, always
):
    """The gate that never closes does not keep its opening, so it is not asked."""
    unsure = with_limits(eight_to_six, 216, 210, 288)
    agreed = in_keeping({"scanner": unsure, "scale": eight_to_eight, "gate": always})
    (roster,) = agreed["scanner"]
    assert set(roster.week) == {slots((8, 20, 2))}
    assert roster.limits[0, 240] == (210, 288)
    assert (0, 216) not in roster.limits
    # Of the hours that are new nobody knows the servers; of the others as before.
    assert not roster.counted[0, slots((18, 20, 2))[0]].sure
    assert roster.parts(0)[0] == eight_to_six[0].parts(0)[0]
    assert agreed["scale"][0] is eight_to_eight[0]


def test_what_is_told_or_beyond_the_limits_stays(eight_to_six, eight_to_eight):
    agreed = in_keeping({"scanner": eight_to_six, "scale": eight_to_eight})
    assert agreed["scanner"][0] is eight_to_six[0]
    near = with_limits(eight_to_six, 216, 210, 230)
    (roster,) = in_keeping({"scanner": near, "scale": eight_to_eight})["scanner"]
    assert set(roster.week) == {slots((8, 18, 2))}


def test_who_has_no_sure_hours_asks_all(eight_to_six, always):
    unsure = with_limits(with_limits(eight_to_six, 216, 210, 288), 96, 0, 97)
    (roster,) = in_keeping({"scale": unsure, "gate": always, "desk": always})["scale"]
    assert set(roster.week) == {slots((0, 24, 2))}
    assert sum(part.end - part.begin for part in roster.parts(0)) == 288


def test_a_weekday_on_which_nobody_came_is_said_to_be_unknown():
    evidence, _ = port(4, 28, lambda _: [(8, 18, 2)], rate=60)
    day, hour = np.divmod((evidence.queue - MONDAY) / 3600, 24)
    some = (day % 7 != 6) & (hour > 9) & (hour < 16)
    (roster,) = rosters(evidence.where(some), ZONE)
    assert roster.visited == frozenset(range(6))
