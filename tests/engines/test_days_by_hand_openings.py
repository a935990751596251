"""Days worked out on paper: servers that the queue opens and closes."""

import pytest

from engines.agreed import agreed
from plans import HOUR, MINUTE, Day, Opens, Stage, Truck, Visit, at, clock, servers
from portsim.engines import continued, opened_at
from portsim.engines.audit import audit
from portsim.engines.compiled import _simulated
from portsim.errors import AuditError
from portsim.plan.cut import cut


def trucks(*arrivals, minutes=30, stage="desk"):
    return [
        Truck(at(arrival), [Visit(stage, minutes * MINUTE, {"officer": 1})]) for arrival in arrivals
    ]


def day(opens, *arrivals, minutes=30, roster=(), hours=None):
    officer = servers(1, *roster, opens=opens)
    coming = trucks(*arrivals, minutes=minutes)
    return Day(at("18:00"), {"officer": officer}, {"desk": Stage(hours)}, coming)


def opened(day):
    """What the log says of the officers, in clock times."""
    rows = agreed(day).openings.tolist()
    return [(clock(when), extra, clock(due)) for when, _, extra, due in rows]


def test_a_second_officer_comes_a_quarter_of_an_hour_after_two_wait_and_goes_when_none_does(told):
    """One officer, 30 minutes a truck. At 09:02 the second truck waits: another officer is called
    and there at 09:17, taking the second one; nobody waits but the third. At 09:30 that one goes,
    nobody waits, and the extra officer closes, holding a truck until 09:47. The fourth waits
    although the extra officer is done at 09:47: until 10:00."""
    made = day(Opens({"desk": 2}, 0, 15 * MINUTE), "09:00", "09:01", "09:02", "09:40")
    assert told(made) == [
        "09:00 09:00 09:30 | released 09:30",
        "09:01 09:17 09:47 | released 09:47",
        "09:02 09:30 10:00 | released 10:00",
        "09:40 10:00 10:30 | released 10:30",
    ]
    assert opened(made) == [("09:02", 0, "09:17"), ("09:17", 1, "never"), ("09:30", 0, "never")]


def test_another_is_decided_only_when_the_one_before_is_there_and_so_many_still_wait():
    """Five come at once and one is served; four wait, one more than asks for help. At 09:10 the
    first help is there and three wait: another is called; at 09:20 it is there, two wait, and no
    third is called. At 09:30 the first work ends and one waits, which sends nobody home; at 09:40
    the second ends, and nobody waits."""
    made = day(Opens({"desk": 3}, 0, 10 * MINUTE, 3), *["09:00"] * 5)
    assert opened(made) == [
        ("09:00", 0, "09:10"),
        ("09:10", 1, "never"),
        ("09:10", 1, "09:20"),
        ("09:20", 2, "never"),
        ("09:40", 0, "never"),
    ]


def test_help_that_is_there_at_once_serves_in_the_same_second(told):
    """Three come at 09:00, two may wait. The look after the admissions finds two, opens one, which
    admits at once; one is left, fewer than ask for another."""
    made = day(Opens({"desk": 2}, 0, 0, 5), "09:00", "09:00", "09:00")
    assert told(made) == [
        "09:00 09:00 09:30 | released 09:30",
        "09:00 09:00 09:30 | released 09:30",
        "09:00 09:30 10:00 | released 10:00",
    ]
    assert opened(made) == [("09:00", 1, "never"), ("09:30", 0, "never")]


def test_who_goes_at_once_has_not_waited():
    """A truck that finds the officer free joins the queue and leaves it in the same second: a rule
    that asks for one who waits sees nobody."""
    assert opened(day(Opens({"desk": 1}, 0), "09:00", "10:00")) == []


def test_help_is_called_off_when_the_queue_is_gone_before_it_is_there(told):
    """Works of 5 minutes: called at 09:01 for 09:31, but at 09:05 nobody waits any more."""
    made = day(Opens({"desk": 1}, 0, 30 * MINUTE), "09:00", "09:01", minutes=5)
    assert told(made)[1] == "09:01 09:05 09:10 | released 09:10"
    assert opened(made) == [("09:01", 0, "09:31"), ("09:05", 0, "never")]


def test_extra_officers_go_at_the_end_of_their_hours_and_come_back_with_them(told):
    """Help is there from 09:00 to 10:00 and from 12:00 on, at once. Works last two hours: the truck
    that the extra officer took at 09:00 is finished at 11:00, after hours; the third one goes to
    the officer of the roster then, at 11:00; the fourth gets the extra one of 12:00."""
    hours = [(at("09:00"), at("10:00")), (at("12:00"), at("18:00"))]
    made = day(Opens({"desk": 1}, within=hours), *["09:00"] * 4, minutes=120)
    assert told(made)[1:] == [
        "09:00 09:00 11:00 | released 11:00",
        "09:00 11:00 13:00 | released 13:00",
        "09:00 12:00 14:00 | released 14:00",
    ]
    assert opened(made) == [
        ("09:00", 1, "never"),
        ("10:00", 0, "never"),
        ("12:00", 1, "never"),
        ("12:00", 0, "never"),
    ]


def test_any_of_the_stages_asks_and_only_all_of_them_send_home():
    """One officer for the gate and the desk. The desk's queue asks at 09:01; then one truck that
    waits at the gate keeps the extra officer there although nobody waits at the desk."""
    opens = Opens({"desk": 2, "gate": 5}, 0, 0)
    made = Day(
        at("18:00"),
        {"officer": servers(1, opens=opens), "clerk": servers(1)},
        {"desk": Stage(), "gate": Stage()},
        [
            *trucks("09:00", "09:01", "09:01"),
            Truck(at("09:02"), [Visit("gate", HOUR, {"clerk": 1})]),
            Truck(at("09:03"), [Visit("gate", 10 * MINUTE, {"clerk": 1})]),
        ],
    )
    assert opened(made) == [("09:01", 1, "never"), ("10:02", 0, "never")]


def test_extra_officers_come_on_top_of_whatever_the_roster_has(told):
    """The roster goes home at 09:30 with its work unfinished; the extra officer, there since 09:10,
    serves the queue alone."""
    opens = Opens({"desk": 1}, 0, 9 * MINUTE)
    made = day(opens, "09:00", "09:01", "09:15", minutes=40, roster=[(at("09:30"), 0)])
    assert told(made) == [
        "09:00 09:00 09:40 | released 09:40",
        "09:01 09:10 09:50 | released 09:50",
        "09:15 09:50 10:30 | released 10:30",
    ]


@pytest.mark.parametrize(
    ("second", "extra", "due"),
    [("09:02", 0, "never"), ("09:03", 0, "09:17"), ("09:17", 0, "09:17"), ("09:20", 1, "never")],
)
def test_a_state_knows_what_is_open_and_what_is_due(second, extra, due):
    made = day(Opens({"desk": 2}, 0, 15 * MINUTE), "09:00", "09:01", "09:02", "09:03")
    plan, log = made.plan(), agreed(made)
    there, next_ = opened_at(plan, log, at(second))
    assert (int(there[0]), clock(int(next_[0]))) == (extra, due)
    rest, _ = continued(plan, log, at(second))
    assert agreed(rest).openings.tolist() == [
        row for row in log.openings.tolist() if row[0] >= at(second)
    ]


def test_a_run_of_many_openings_has_room_for_all():
    """More than there was room for: the run is conducted again with as much as it needs."""
    every = [f"{hour:02}:{minute:02}" for hour in range(8, 17) for minute in (0, 0, 0)]
    made = day(Opens({"desk": 1}, 0), *sorted(every), minutes=10)
    log = agreed(made)
    assert len(log.openings) > 10
    assert _simulated(made.plan(), 3).openings.tolist() == log.openings.tolist()


def test_the_audit_compares_what_was_opened():
    made = day(Opens({"desk": 1}, 0, 9 * MINUTE), "09:00", "09:01", "09:02")
    plan, log = made.plan(), agreed(made)
    assert audit(plan, log, plan.end) == 3
    log.openings[1, 2] += 1
    assert audit(plan, log, at("09:10")) == 3
    with pytest.raises(AuditError, match=r"servers opened by the queue .*\[\[33000, 0, 2, -1\]\]"):
        audit(plan, log, plan.end)


def test_a_plan_cut_short_opens_what_the_whole_one_opens():
    hours = [(at("08:00"), at("09:20")), (at("10:00"), at("12:00"))]
    made = day(Opens({"desk": 1}, 0, 9 * MINUTE, within=hours), *["09:00"] * 6)
    short = cut(made.plan(), at("09:20"))
    assert short.openings.within.tolist() == [[at("08:00"), at("09:20")]]
    whole = agreed(made).openings.tolist()
    assert agreed(short).openings.tolist() == [row for row in whole if row[0] < at("09:20")]
