"""Who is inside when a replay begins: a queue that stood there before is not forgotten."""

import datetime as dt

import numpy as np
import pytest

from portsim.held import held_against
from portsim.held.already import inside_at, unseen_at
from portsim.held.seen import Seen
from portsim.held.spans import DAY_S
from small_logs import FIRST, came, csv, port, served


def seen(arrival, out, done=None):
    """Trucks through one stage."""
    n = len(arrival)
    return Seen(
        arrival=np.array(arrival, dtype=float),
        cls=np.zeros(n, dtype=np.int64),
        out=np.array(out, dtype=float),
        known=np.ones(n, dtype=bool),
        truck=np.arange(n),
        stage=np.zeros(n, dtype=np.int64),
        queue=np.array(arrival, dtype=float),
        start=np.full(n, np.nan),
        done=np.array(out if done is None else done, dtype=float),
        lost=np.zeros(n, dtype=bool),
    )


def test_who_had_come_and_was_not_out_is_inside():
    # Out before, inside, inside, later, never out, out weeks late; and many that were quick.
    arrival, out = [10, 80, 60, 120, 90, 50], [20, 130, 125, 140, np.nan, 9_000]
    log = seen(arrival + [200] * 40, out + [250] * 40)
    assert inside_at(100.0, log).tolist() == [2, 1]
    assert inside_at(5.0, log).tolist() == []


def test_as_many_stood_there_as_go_through_in_the_same_hours_a_week_later():
    # For ten hours after its beginning nobody of the log is through, then one each six minutes.
    ends = 36_000 + 360 * np.arange(2_000.0)
    log = seen(np.arange(2_000.0) * 360, ends)
    told = unseen_at(0.0, log)
    assert len(told) == 102
    assert (ends[told] >= 7 * DAY_S).all()
    # A log that began a month before knows who stands there.
    assert unseen_at(30.0 * DAY_S, log).tolist() == []


@pytest.mark.parametrize("starts", [False, True])
def test_a_queue_that_stood_there_when_the_log_began_is_there_in_its_replay(pair, starts):
    stock = 150
    arrivals = [FIRST + dt.timedelta(hours=6)] * stock + came(35, 59)
    rows = served(arrivals)[stock:]
    held = held_against(*pair(csv(rows, starts), port(rate=59)), replications=10)
    assert held.faults == []
    table = held.table[held.table["measure"].eq("stay_mean_h") & held.table["arrivals"].eq("log")]
    stay = table[table["place"].eq("")].iloc[0]
    assert stay["log"] > 24
    assert stay["simulated"] == pytest.approx(stay["log"], rel=0.05)
