"""Days worked out on paper: trucks that pass a stage again, and trucks that come again."""

import numpy as np
import pytest

from engines.agreed import agreed
from plans import HOUR, MINUTE, NEVER, Day, Stage, Truck, Visit, at, clock, servers, story
from portsim.engines import as_it_came, comings, continued
from portsim.engines.audit import audit
from portsim.errors import AuditError
from portsim.measures import Measurement, measure
from portsim.plan.cut import cut


def check(minutes, patience=NEVER, tolerance=NEVER):
    return Visit("check", minutes * MINUTE, {"officer": 1}, patience=patience, tolerance=tolerance)


def day(*trucks, end="18:00"):
    return Day(at(end), {"officer": servers(1)}, {"check": Stage()}, trucks)


def figure(made, measure_name, place="check"):
    run = Measurement(made.plan(), agreed(made))
    rows = measure(run, with_causes=False, with_curves=False).rows
    return next(row[3] for row in rows if row[:3] == ("all", place, measure_name))


def test_whoever_is_sent_back_queues_behind_those_who_wait_already(told):
    """One officer. The first truck fails its check of 30 minutes at 09:30 and needs 10 more; the
    second one, there since 09:10, goes before it."""
    made = day(Truck(at("09:00"), [check(30), check(10)]), Truck(at("09:10"), [check(20)]))
    assert told(made) == [
        "09:00 09:00 09:30 | 09:30 09:50 10:00 | released 10:00",
        "09:10 09:30 09:50 | released 09:50",
    ]
    assert figure(made, "again_per_day") == 1
    # Each visit is a stay of its own at the stage: 30, 30 and 40 minutes.
    assert figure(made, "throughput_per_day") == 3


def test_a_truck_that_gave_up_comes_again_after_its_time_and_is_a_coming_of_its_own():
    """The officer is busy from 09:00 to 12:00. A truck of 09:10 waits for an hour, gives up at
    10:10, and is there again at 12:10, when the officer is free."""
    patient = Truck(at("09:10"), [check(20, HOUR)], again=[2 * HOUR])
    made = day(Truck(at("09:00"), [check(180)]), patient)
    plan, log = made.plan(), agreed(made)
    assert story(plan, log)[1:] == [
        "09:10 never never | gave up 10:10",
        "12:10 12:10 12:30 | released 12:30",
    ]
    told, _ = as_it_came(plan, log)
    assert [clock(second) for second in told.arrival.tolist()] == ["09:00", "09:10", "12:10"]
    assert (told.context.before.tolist(), told.context.expected.tolist()) == (
        [False, False, True],
        [False, True, False],
    )
    found = {
        name: figure(made, name, "") for name in
        ("arrived", "released", "given_up", "came_again", "lost", "inside_at_end")
    }  # fmt: skip
    assert list(found.values()) == [3, 2, 1, 1, 0, 0]
    assert audit(plan, log, plan.end) == 3


def test_whoever_may_not_come_again_is_lost_and_whoever_comes_after_the_end_is_not():
    """Three trucks find one that works and one that waits, and turn away: one for good, one that
    comes again after two hours, when nobody is there, and one that comes on the next day."""
    made = day(
        Truck(at("09:00"), [check(60)]),
        Truck(at("09:01"), [check(30)]),
        Truck(at("09:02"), [check(20, tolerance=1)]),
        Truck(at("09:03"), [check(20, tolerance=1)], again=[2 * HOUR, HOUR]),
        Truck(at("09:04"), [check(20, tolerance=1)], again=[24 * HOUR]),
    )
    plan, log = made.plan(), agreed(made)
    assert story(plan, log)[2:] == [
        "never never never | diverted 09:02",
        "never never never | diverted 09:03",
        "never never never | diverted 09:04",
        "11:03 11:03 11:23 | released 11:23",
        "never never never | stayed away",
        "never never never | stayed away",
    ]
    assert clock(int(comings(plan, log)[6])) == "09:04+1"
    names = ("arrived", "diverted", "came_again", "lost", "released")
    assert [figure(made, name, "") for name in names] == [6, 3, 1, 1, 3]


def test_a_truck_that_comes_again_in_the_second_of_another_goes_by_its_number():
    """At 10:00 the officer ends, a new truck comes, and one comes again: both join in this second.
    The new one has the smaller number, for those that come again stand behind all others."""
    made = day(
        Truck(at("09:00"), [check(60)]),
        Truck(at("09:01"), [check(20, tolerance=0)], again=[59 * MINUTE]),
        Truck(at("10:00"), [check(10)]),
    )
    assert story(made.plan(), agreed(made))[1:] == [
        "never never never | diverted 09:01",
        "10:00 10:00 10:10 | released 10:10",
        "never never never | diverted 10:00",
    ]


@pytest.mark.parametrize("second", ["09:30", "10:10", "11:00", "12:10", "12:20"])
def test_a_run_that_is_cut_knows_who_is_away(second):
    patient = Truck(at("09:10"), [check(20, HOUR)], again=[2 * HOUR, HOUR])
    made = day(Truck(at("09:00"), [check(180)]), patient, Truck(at("13:00"), [check(5)]))
    plan, log = made.plan(), agreed(made)
    rest, keep = continued(plan, log, at(second))
    visits = np.repeat(keep, np.diff(plan.first_visit))
    again = agreed(rest)
    assert np.array_equal(again.finished, log.finished[visits])
    assert np.array_equal(again.outcome, log.outcome[keep])


def test_a_plan_cut_short_keeps_those_who_come_in_the_place_of_others():
    patient = Truck(at("09:10"), [check(20, HOUR)], again=[2 * HOUR])
    made = day(Truck(at("09:00"), [check(180)]), patient, Truck(at("13:00"), [check(5)]))
    short = cut(made.plan(), at("12:30"))
    assert short.arrival.tolist() == [at("09:00"), at("09:10"), at("12:30")]
    assert story(short, agreed(short))[2] == "12:10 12:10 never | inside"


def test_the_audit_compares_those_who_came_again():
    patient = Truck(at("09:10"), [check(20, HOUR)], again=[2 * HOUR])
    plan = (made := day(Truck(at("09:00"), [check(180)]), patient)).plan()
    log = agreed(made)
    log.admitted[2] += 1
    assert audit(plan, log, at("12:10")) == 2
    with pytest.raises(AuditError, match="truck 2 at check"):
        audit(plan, log, plan.end)
