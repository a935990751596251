"""Measures of slots: a day by hand, and a promise that starts at the time that was wanted."""

import numpy as np
import pytest

from demand.ports import plan_of
from demand.test_slots import CAME, recorded
from portsim.engines import compiled
from portsim.measures import Measurement
from portsim.measures.measure_run import figures

TIMES = ["08:05:00", "08:10:00", "08:20:00", "08:31:00", "16:40:00", "16:45:00", "16:50:00"]
"""Two as wanted; 10 min; as wanted; as wanted; 15 h 15 min; 15 h 10 min: of 8:00 tomorrow."""


def found(scenario):
    run = Measurement(plan_of(scenario), compiled.run(plan_of(scenario)))
    return {(c, m): v for c, place, m, v, *_ in figures(run) if not place}


def test_a_day_by_hand(tmp_path):
    rows = found(recorded(tmp_path, TIMES))
    days, waits = 14, [0, 0, 1 / 6, 0, 0, 15.25, 91 / 6]
    assert rows["all", "slots_wanted_per_day"] == 7 / days
    assert rows["tea", "slot_as_wanted"] == pytest.approx(4 / 7)
    assert rows["export", "slot_wait_mean_h"] == pytest.approx(np.mean(waits))
    assert rows["all", "slot_wait_p95_h"] == pytest.approx(np.quantile(waits, 0.95))
    assert rows["all", "no_slot_per_day"] == rows["all", "no_show_per_day"] == 0
    # The wait at home is no part of the stay.
    assert rows["all", "stay_mean_h"] == pytest.approx(5 / 60)


def test_who_finds_none_or_stays_away(tmp_path):
    rows = found(recorded(tmp_path, TIMES, CAME.replace("1 day", "15 h 12 min")))
    assert rows["all", "no_slot_per_day"] == 1 / 14
    assert rows["all", "slot_wait_mean_h"] == pytest.approx((1 / 6 + 91 / 6) / 6)
    assert rows["all", "arrived"] == 6
    rows = found(recorded(tmp_path, TIMES, CAME.replace("1 day", "1 day, no_show: 1")))
    assert rows["all", "no_show_per_day"] == 7 / 14
    assert rows["all", "slot_wait_mean_h"] == pytest.approx((1 / 6 + 15.25 + 91 / 6) / 7)
    assert rows["all", "arrived"] == 0


@pytest.mark.parametrize(
    ("words", "clock", "share"),
    [
        # Everybody is out 5 minutes after coming.
        (CAME, "arrival", 1.0),
        # Two wait at home for longer than the limit of 2 hours,
        (CAME, "wanted", 5 / 7),
        # one of them in vain; that it never comes is no excuse,
        (CAME.replace("1 day", "15 h 12 min"), "wanted", 5 / 7),
        (CAME.replace("1 day", "15 h 12 min"), "arrival", 1.0),
        # but who does not keep a slot is judged by nobody.
        (CAME.replace("1 day", "1 day, no_show: 1"), "wanted", None),
    ],
)
def test_a_promise_from_the_time_that_was_wanted(tmp_path, words, clock, share):
    scenario = recorded(
        tmp_path, TIMES, words, ("seed", f"completion: {{limit: 2 h, from: {clock}}}\nseed")
    )
    value = found(scenario)["all", "completed_within_limit"]
    assert np.isnan(value) if share is None else value == pytest.approx(share)


def test_where_nobody_asks_there_is_nothing(tmp_path):
    rows = found(recorded(tmp_path, TIMES, CAME.replace(", slots: {of: gate, at_most: 1 day}", "")))
    assert not [measure for _, measure in rows if "slot" in measure or "no_show" in measure]
