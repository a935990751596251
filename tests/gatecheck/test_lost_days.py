"""Days whose records are lost, and arrivals that are blank: a replay is as full as the port was."""

import datetime as dt

import numpy as np
import pytest

from portsim.held import held_against
from portsim.held.lost_days import trucks_of, without
from portsim.held.names import partners
from portsim.held.seen import Form, Seen, of_log
from small_logs import FIRST, came, csv, port, served

DAY_S = 86_400.0
MONDAY = dt.datetime(2025, 3, 3, tzinfo=dt.UTC).timestamp()


def test_on_a_lost_day_come_trucks_of_the_days_that_are_like_it():
    # On four Mondays 4, 8, 12 and 16 trucks come, from ten o'clock on, on Tuesdays others.
    clock = [[36_000.0 + 60 * n for n in range(count)] for count in (4, 8, 0, 12, 16)]
    mondays = [MONDAY + 7 * DAY_S * week + s for week, some in enumerate(clock) for s in some]
    arrival = np.array([*mondays, *(MONDAY + DAY_S * np.arange(1.5, 7)), np.nan])
    counts = set()
    for number in range(1, 41):
        rows, seconds = trucks_of(arrival, {dt.date(2025, 3, 17)}, "UTC", (5, number))
        counts.add(len(rows))
        assert set(rows) <= set(range(40))
        assert (np.diff(seconds) >= 0).all()
        day = seconds - MONDAY - 14 * DAY_S
        np.testing.assert_allclose(day, 36_000 + 60 * np.arange(len(rows)))
        np.testing.assert_allclose((arrival[rows] - MONDAY) % DAY_S, day)
    # Nobody knows how full it was: each of its likes in some period.
    assert counts == {4, 8, 12, 16}


def test_who_has_no_like_is_not_made_up():
    arrival = MONDAY + 3600 * np.arange(24.0)
    rows, seconds = trucks_of(arrival, {dt.date(2025, 3, 4)}, "UTC", (5, 1))
    assert len(rows) == len(seconds) == 0


def test_a_period_without_the_trucks_of_a_day():
    nothing = np.full(4, np.nan)
    seen = Seen(
        arrival=np.array([5.0, 15.0, 25.0]),
        cls=np.array([0, 1, 2]),
        out=np.array([7.0, 30.0, 40.0]),
        known=np.array([True, True, False]),
        truck=np.array([0, 1, 1, 2]),
        stage=np.array([0, 0, 1, 0]),
        queue=np.array([5.0, 15.0, 20.0, 25.0]),
        start=nothing,
        done=nothing,
        lost=np.zeros(4, dtype=bool),
    )
    left = without(seen, np.array([[10.0, 20.0]]))
    assert left.arrival.tolist() == [5.0, 25.0]
    assert left.cls.tolist() == [0, 2]
    assert left.truck.tolist() == [0, 1]
    assert left.queue.tolist() == [5.0, 25.0]
    assert without(seen, np.zeros((0, 2))) is seen


def stay_of(held):
    rows = held.table[held.table["measure"].eq("stay_mean_h") & held.table["arrivals"].eq("log")]
    return rows[rows["place"].eq("") & rows["truck_class"].eq("all")].iloc[0]


@pytest.mark.parametrize("lost", [18, 21])
def test_a_lost_day_leaves_no_emptier_port(pair, lost):
    """In the morning after it the queue is as long as it was, and nobody is held to be late."""
    rows = served(came(28, 54), minutes=11)
    kept = [row for row in rows if (row[0] - FIRST).days != lost]
    held = held_against(*pair(csv(kept), port(work="11 min", rate=54)), replications=10)
    assert held.faults == []
    stay = stay_of(held)
    # How full the lost day was is luck; without its trucks a quarter of the stay would be missing.
    assert stay["simulated"] == pytest.approx(stay["log"], rel=0.1)
    assert stay["inside"] == "yes"
    arrivals = held.table[held.table["measure"].eq("arrivals_per_day")]
    simulated = arrivals[arrivals["arrivals"].eq("log")]["simulated"]
    assert simulated.iloc[0] == pytest.approx(arrivals["log"].iloc[0])


def test_a_blank_arrival_is_that_of_who_left_about_then(pair):
    rows = served(came(21, 50), opens=15, closes=24)
    lines = csv(rows).splitlines()
    blank = range(5, len(lines), 9)
    for number in blank:
        cells = lines[number].split(",")
        lines[number] = ",".join([cells[0], "", *cells[2:]])
    scenario, log = pair("\n".join(lines) + "\n", port(hours="15:00-24:00"))
    names = partners(scenario, log.stages, [("truck", "")])
    form = Form.of(log, names, list(scenario.traffic.classes), np.inf)
    seen = of_log(log, names, form, [False])
    true = {f"T{n:05}": row[0].replace(tzinfo=dt.UTC).timestamp() for n, row in enumerate(rows)}
    away = seen.arrival - log.trucks["truck"].map(true).to_numpy()
    unknown = log.trucks["arrival"].isna().to_numpy()
    assert unknown.sum() == len(blank)
    # They waited for hours; who is the first of a day may have come before those of the next.
    assert np.quantile(np.abs(away[unknown]), 0.9) < 3600
