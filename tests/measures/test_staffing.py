"""Hours in which servers can work, worked out on paper: load, utilisation, staffed hours, overtime.

A server without a calendar is on duty whenever a stage that takes it is open, not around the clock.
"""

import math

import numpy as np
import pytest

from measures.test_days_by_hand import Found
from plans import DAY, HOUR, MINUTE, Opens, Stage, Truck, Visit, at, budget, plan, servers
from portsim.measures import offered_loads

END = 2 * DAY
DAYTIME = [(at("08:00"), at("16:00")), (at("08:00+1"), at("16:00+1"))]
FREE = np.array([False])


def hours(found, what="lane"):
    """staffed, available, overtime of a day in hours; load and utilisation."""
    return [
        found(measure, what)
        for measure in
        ("staffed_h_per_day", "available_h_per_day", "overtime_h_per_day", "load", "utilisation")
    ]  # fmt: skip


def at_gate(*arrivals, minutes=70, stage="gate", **more):
    return [Truck(at(when), [Visit(stage, minutes * MINUTE, {"lane": 1}, **more)])
            for when in arrivals]  # fmt: skip


def test_a_lane_without_a_calendar_has_the_hours_of_its_gate():
    """17 trucks of 70 min in 16 h: seven begin on the first day, the last of them at 15:00."""
    trucks = at_gate(*["08:00"] * 17)
    made = plan(END, {"lane": servers(1)}, {"gate": Stage(DAYTIME)}, trucks)
    found = Found(made, rostered=FREE)
    # On each day 7 h 60 min are used before 16:00, and 10 min after it.
    assert hours(found) == pytest.approx([8, 8, 1 / 6, 17 * 70 / 60 / 16, 1.0])
    assert offered_loads(found.plan)[0, :4] == pytest.approx([8, 8, 17 * 70 / 120, 17 * 70 / 960])


def test_around_the_clock_is_what_a_roster_says():
    """The same lane paid for around the clock: the load is that of the gate's hours all the same;
    and what is finished after closing is within the roster."""
    made = plan(END, {"lane": servers(1)}, {"gate": Stage(DAYTIME)}, at_gate(*["08:00"] * 17))
    found = Found(made, rostered=~FREE)
    assert hours(found) == pytest.approx([24, 8, 0, 17 * 70 / 60 / 16, 1.0])


def test_the_hours_of_several_stages_that_take_a_lane_are_united():
    stages = {
        "gate": Stage([(at("08:00"), at("12:00"))]),
        "desk": Stage([(at("10:00"), at("14:00")), (at("20:00"), at("22:00"))]),
        "elsewhere": Stage(),
    }
    trucks = [*at_gate("08:00"), *at_gate("08:00", stage="desk"),
              Truck(at("09:00"), [Visit("elsewhere", HOUR)])]  # fmt: skip
    found = Found(plan(END, {"lane": servers(2)}, stages, trucks), rostered=FREE)
    assert hours(found)[:2] == [8, 8]  # of 08:00-14:00 and 20:00-22:00, two lanes, over two days


def test_the_last_entry_is_no_closing_time():
    made = plan(END, {"lane": servers(1)}, {"gate": Stage(DAYTIME, 2 * HOUR)}, at_gate("08:00"))
    assert hours(Found(made, rostered=FREE))[:2] == [8, 8]


def test_a_closure_is_closed():
    stage = Stage(DAYTIME, closures=[(at("10:00"), at("14:00"))])
    made = plan(END, {"lane": servers(1)}, {"gate": stage}, at_gate("08:00"))
    assert hours(Found(made, rostered=FREE))[:2] == [6, 6]


def test_a_lane_is_of_no_use_without_its_officers():
    """The gate has no hours, its two officers come from 08:00 to 12:00; a truck takes both."""
    resources = {"lane": servers(3), "officers": servers(0, (at("08:00"), 2), (at("12:00"), 0))}
    trucks = [Truck(at("08:00"), [Visit("gate", HOUR, {"lane": 1, "officers": 2})])]
    found = Found(plan(END, resources, {"gate": Stage()}, trucks), rostered=np.array([False, True]))
    assert hours(found) == pytest.approx([6, 6, 0, 1 / 12, 1 / 12])
    assert hours(found, "officers") == pytest.approx([4, 4, 0, 2 / 8, 2 / 8])


def test_a_place_held_while_its_stage_is_shut_is_neither_used_nor_over_time():
    """Near side 08:00-16:00, far side 00:00-08:00: a truck of 60 min at 15:30 holds its place until
    the far side opens. Half an hour of it is before closing, another is work after it."""
    stages = {"near": Stage(DAYTIME), "far": Stage([(DAY, at("08:00+1"))])}
    truck = Truck(
        at("15:30"),
        [
            Visit("near", HOUR, {"place": 1}, give_out={}),
            Visit("far", HOUR, {"officer": 1}, give_in={"place": 1}),
        ],
    )
    resources = {"place": servers(1), "officer": servers(1)}
    made = plan(END, resources, stages, [truck])
    found = Found(made, rostered=np.array([False, False]))
    assert hours(found, "place") == pytest.approx([8, 8, 0.25, 1 / 16, 0.5 / 16])
    assert hours(found, "officer") == pytest.approx([4, 4, 0, 1 / 8, 1 / 8])


def test_a_place_kept_during_the_work_of_later_stages_has_their_hours_too():
    """Taken in the morning, kept until the end of the yard's work at night."""
    stages = {
        "gate": Stage([(at("08:00"), at("12:00"))]),
        "yard": Stage([(at("20:00"), at("23:00"))]),
    }
    truck = Truck(
        at("08:00"),
        [
            Visit("gate", HOUR, {"place": 1}, give_out={}),
            Visit("yard", HOUR, give_out={"place": 1}),
        ],
    )
    found = Found(plan(END, {"place": servers(1)}, stages, [truck]), rostered=FREE)
    # Held from 08:00 to 21:00, of which 08:00-12:00 and 20:00-21:00 count.
    assert hours(found, "place") == pytest.approx([3.5, 3.5, 0, 2 / 7, 5 / 7])


def test_paused_work_is_not_over_time():
    stage = Stage(DAYTIME, pause=True)
    made = plan(END, {"lane": servers(1)}, {"gate": stage}, at_gate("15:30"))
    assert hours(Found(made, rostered=FREE)) == pytest.approx([8, 8, 0, 7 / 96, 7 / 96])


def test_what_no_stage_takes_is_never_available():
    trucks = [Truck(0, [Visit("gate", HOUR)])]
    for own, staffed in ((False, 0), (True, 24)):
        made = plan(END, {"lane": servers(1)}, {"gate": Stage()}, trucks)
        found = Found(made, rostered=np.array([own]))
        assert hours(found)[:3] == [staffed, 0, 0]
        assert math.isnan(found("load", "lane"))
        assert math.isnan(found("utilisation", "lane"))


def test_a_stage_that_never_opens_gives_no_hours():
    made = plan(END, {"lane": servers(1)}, {"gate": Stage([])}, at_gate("08:00"))
    found = Found(made, rostered=FREE)
    assert hours(found)[:3] == [0, 0, 0]
    assert math.isnan(found("load", "lane"))


def test_quotas_of_closed_days_are_no_quotas():
    """Four permits at each midnight of four days; the office opens on the first and the last."""
    open_ = [(at("08:00"), at("16:00")), (at("08:00+3"), at("16:00+3"))]
    trucks = [Truck(day * DAY + HOUR, [Visit("office", 5, {"permit": 3})]) for day in range(4)]
    resources = {"permit": budget(4, DAY, 2 * DAY, 3 * DAY)}
    found = Found(plan(4 * DAY, resources, {"office": Stage(open_)}, trucks))
    assert found("load", "permit") == 12 / 8
    # One truck on the first day, and of the three others one on the last.
    assert found("utilisation", "permit") == 6 / 8
    assert offered_loads(found.plan)[0, :4].tolist() == [2, 2, 3, 1.5]


# ---- servers opened by the queue ---------------------------------------------------------------


@pytest.mark.parametrize("rostered", [False, True])
def test_what_the_queue_opens_is_staffed_and_used_while_it_is_there(rostered):
    """Three trucks of 70 minutes at 08:00, one lane. The second waits: another lane is there at
    08:20 and serves it until 09:30; at 09:10 the last one goes, the queue is empty and the extra
    lane closes, with 20 minutes of work in hand. It is there for 50 minutes; of 16:00 to 24:00
    nothing counts without a roster, but the lane around the clock with one."""
    lane = servers(1, opens=Opens({"gate": 1}, 0, 20 * MINUTE))
    made = plan(END, {"lane": lane}, {"gate": Stage(DAYTIME)}, at_gate(*["08:00"] * 3))
    found = Found(made, rostered=FREE | rostered)
    extra, own, used = 50 / 60, 24.0 if rostered else 8.0, (140 + 50) / 60
    days = 2
    assert found("extra_h_per_day", "lane") == pytest.approx(extra / days)
    assert found("opened_per_day", "lane") == 1 / days
    assert hours(found) == pytest.approx(
        [
            own + extra / days,
            8 + extra / days,
            20 / 60 / days,
            3.5 / (16 + extra),
            used / (16 + extra),
        ]
    )


def test_servers_that_no_queue_opens_have_no_such_figures():
    made = plan(END, {"lane": servers(1)}, {"gate": Stage(DAYTIME)}, at_gate("08:00"))
    assert not [key for key in Found(made).rows if key[2] in ("extra_h_per_day", "opened_per_day")]


def test_a_server_that_opens_serves_and_closes_in_one_second_worked_over_time():
    """A truck that alone waits is served at once by an extra lane, which closes as nobody waits
    any more: the capacity never changes, and all of its work is over time."""
    lane = servers(1, opens=Opens({"gate": 1}, 0))
    made = plan(END, {"lane": lane}, {"gate": Stage()}, at_gate("08:00", "08:00", minutes=60))
    found = Found(made)
    assert found("extra_h_per_day", "lane") == 0.0
    assert found("opened_per_day", "lane") == 1 / 2
    assert found("overtime_h_per_day", "lane") == pytest.approx(1 / 2)
    assert found("utilisation", "lane") == pytest.approx(1 / 48)


def test_who_waits_for_the_extra_lane_waits_for_lanes():
    """Before it is there and after it has gone: the lane of the roster is busy, nobody is off."""
    lane = servers(1, opens=Opens({"gate": 1}, 0, 20 * MINUTE))
    made = plan(END, {"lane": lane}, {"gate": Stage(DAYTIME)}, at_gate(*["08:00"] * 3))
    found = Found(made)
    (row,) = [
        row for row in found.measured.causes if row[:2] == ("all", "gate") and "root" in row[2]
    ]
    assert row[2] == "wait_root_mean_h[lane]"
    assert row[3] * 3 == pytest.approx((20 + 70) / 60)
