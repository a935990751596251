"""Days worked out on paper: servers that break amid work, which stands still and goes on."""

import pytest

from engines.agreed import agreed
from plans import MINUTE, Day, Stage, Truck, Visit, at, clock, servers
from portsim.engines import compiled, continued
from portsim.engines.audit import audit
from portsim.errors import AuditError
from portsim.measures import Measurement, measure


def trucks(*arrivals, minutes=60, lanes=1):
    return [
        Truck(at(arrival), [Visit("scan", minutes * MINUTE, {"lane": lanes})])
        for arrival in arrivals
    ]


def day(capacity, breaks, coming, *, stage=None, roster=(), end="20:00+1"):
    rows = [(at(start), at(stop), count, anew) for start, stop, count, anew in breaks]
    lane = servers(capacity, *roster, breaks=rows)
    return Day(at(end), {"lane": lane}, {"scan": stage or Stage()}, coming)


def stopped(day):
    """What the log says of works that were stopped, in clock times and minutes."""
    return [
        (clock(when), visit, left / MINUTE, "goes on" if goes else "stands")
        for when, visit, left, goes in agreed(day).stops.tolist()
    ]


def figures(day, place):
    run = Measurement(day.plan(), agreed(day))
    rows = measure(run, with_causes=False, with_curves=False).rows
    return {row[2]: row[3] for row in rows if row[:2] == ("all", place)}


def test_a_work_goes_on_where_it_was_when_the_server_is_repaired(told):
    """One lane, an hour a truck. It breaks at 09:20, with 40 minutes to go, until 10:00."""
    made = day(1, [("09:20", "10:00", 1, False)], trucks("09:00", "09:05"))
    assert told(made) == [
        "09:00 09:00 10:40 | released 10:40",
        "09:05 10:40 11:40 | released 11:40",
    ]
    assert stopped(made) == [("09:20", 0, 40, "stands"), ("10:00", 0, 40, "goes on")]
    found = figures(made, "scan")
    assert (found["interrupted_per_day"], found["paused_mean_h"]) == (0.5, pytest.approx(1 / 3))
    assert figures(made, "lane")["overtime_h_per_day"] == 0


def test_a_work_begins_anew_where_that_is_said(told):
    made = day(1, [("09:20", "10:00", 1, True)], trucks("09:00"))
    assert told(made) == ["09:00 09:00 11:00 | released 11:00"]
    assert figures(made, "scan")["service_mean_h"] == pytest.approx(80 / 60)


def test_the_one_admitted_last_stops_and_goes_on_with_the_server_of_another(told):
    """Two lanes. At 09:30 one breaks until the evening: the second truck stands still, with 40
    minutes to go, until the first is done at 10:00; the third waits for both."""
    made = day(2, [("09:30", "19:00", 1, False)], trucks("09:00", "09:10", "09:20"))
    assert told(made) == [
        "09:00 09:00 10:00 | released 10:00",
        "09:10 09:10 10:40 | released 10:40",
        "09:20 10:40 11:40 | released 11:40",
    ]


def test_an_idle_server_that_breaks_stops_nobody(told):
    made = day(2, [("09:30", "19:00", 1, False)], trucks("09:00", "09:40"))
    assert told(made) == [
        "09:00 09:00 10:00 | released 10:00",
        "09:40 10:00 11:00 | released 11:00",
    ]
    assert stopped(made) == []


def test_a_work_that_ends_in_the_second_of_the_breakdown_has_ended(told):
    made = day(1, [("10:00", "11:00", 1, False)], trucks("09:00", "09:30"))
    assert told(made)[0] == "09:00 09:00 10:00 | released 10:00"
    assert stopped(made) == []


def test_what_is_left_of_a_work_longer_than_the_run_is_told_whole():
    """Twenty hours from 09:00 on; the run ends at 09:30, and the lane breaks at 09:20."""
    made = day(1, [("09:20", "10:00", 1, False)], trucks("09:00", minutes=1200), end="09:30")
    assert stopped(made) == [("09:20", 0, 1180, "stands")]


def test_of_two_that_stand_the_first_goes_on_first(told):
    """Three lanes, two break at once: the third and the second truck stand. One is repaired at
    09:50 and the second goes on with 20 minutes; the first ends at 10:00, and the third goes on."""
    breaks = [("09:30", "09:50", 1, False), ("09:30", "19:00", 1, False)]
    made = day(3, breaks, trucks("09:00", "09:05", "09:10"))
    assert [line.split("|")[0] for line in told(made)] == [
        "09:00 09:00 10:00 ",
        "09:05 09:05 10:25 ",
        "09:10 09:10 10:40 ",
    ]


def test_a_shift_that_ends_does_not_stop_what_a_breakdown_would():
    """Two lanes until 09:20, one after that: both works go on. At 09:30 the last one of the roster
    breaks: of the two works one stands still, until the other is done and the lane repaired."""
    made = day(
        2, [("09:30", "10:30", 1, False)], trucks("09:00", "09:10"), roster=[(at("09:20"), 1)]
    )
    assert stopped(made) == [("09:30", 1, 40, "stands"), ("10:30", 1, 40, "goes on")]


def test_work_that_pauses_at_night_has_not_been_done_then(told):
    """Open until 10:00 and from 12:00. At 10:30, shut, the lane breaks until 13:00: 40 minutes were
    to be done at 10:00, and are at 13:00."""
    hours = [(at("09:00"), at("10:00")), (at("12:00"), at("20:00"))]
    made = day(1, [("10:30", "13:00", 1, False)], trucks("09:40"), stage=Stage(hours, pause=True))
    assert told(made) == ["09:40 09:40 13:40 | released 13:40"]
    # Shut for two hours, and broken for one more.
    assert figures(made, "scan")["paused_mean_h"] == 3


def test_a_truck_with_two_lanes_needs_both_again(told):
    made = day(2, [("09:30", "10:00", 1, True)], trucks("09:00", lanes=2))
    assert told(made) == ["09:00 09:00 11:00 | released 11:00"]


@pytest.mark.parametrize("second", ["09:10", "09:20", "09:30", "10:00", "10:10"])
def test_a_run_that_is_cut_amid_a_breakdown_goes_on(second):
    breaks = [("09:20", "10:00", 1, False), ("10:05", "10:15", 1, True)]
    made = day(1, breaks, trucks("09:00", "09:05"))
    plan, log = made.plan(), agreed(made)
    rest, _ = continued(plan, log, at(second))
    again = agreed(rest)
    assert again.finished.tolist() == log.finished.tolist()
    assert again.stops.tolist() == [row for row in log.stops.tolist() if row[0] >= at(second)]


def test_the_audit_compares_what_was_stopped():
    made = day(1, [("09:20", "10:00", 1, False)], trucks("09:00"))
    plan, log = made.plan(), compiled.run(made.plan())
    assert audit(plan, log, plan.end) == 1
    log.stops[0, 2] += 1
    assert audit(plan, log, at("09:20")) == 1
    with pytest.raises(AuditError, match="works that breakdowns have stopped"):
        audit(plan, log, plan.end)
