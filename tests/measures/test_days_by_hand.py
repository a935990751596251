"""Measures of days worked out on paper: value, count and note."""

import math
from dataclasses import replace

import numpy as np
import pytest

from plans import (
    DAY,
    DIVERTED,
    HOUR,
    INSIDE,
    MINUTE,
    NEVER,
    RELEASED,
    Stage,
    Truck,
    Visit,
    at,
    budget,
    plan,
    servers,
    store,
)  # fmt: skip
from portsim.engines import Log
from portsim.engines.simpy import run
from portsim.measures import Measurement, measure, offered_loads
from portsim.plan.contract import Duty

END = 2 * DAY
DESK = {"clerk": servers(1)}


def stay_at_desk(minutes, **more):
    return Visit("desk", minutes * MINUTE, {"clerk": 1}, **more)


class Found:
    """The figures of a run: `found(measure, place, class)`."""

    def __init__(self, made, log=None, **context):
        self.plan = replace(made, context=replace(made.context, **context))
        self.log = run(made) if log is None else log
        self.measured = measure(Measurement(self.plan, self.log))
        table = self.measured.figures
        self.rows = {
            (cls, place, what): (value, count, note)
            for cls, place, what, value, count, note in table.itertuples(index=False)
        }

    def __call__(self, what, place="", cls="all"):
        return self.rows[cls, place, what][0]

    def count(self, what, place="", cls="all"):
        return self.rows[cls, place, what][1]

    def note(self, what, place="", cls="all"):
        return self.rows[cls, place, what][2]

    def curve(self, name, cls="all", place=""):
        (one,) = [
            c for c in self.measured.curves if (c.curve, c.cls, c.place) == (name, cls, place)
        ]
        return one


def line(*arrivals_and_minutes, **more):
    """One clerk, first come first served."""
    return [
        Truck(at(when), [stay_at_desk(minutes)], **more) for when, minutes in arrivals_and_minutes
    ]


# ---- flow --------------------------------------------------------------------------------------


def test_flow_and_stay_of_three_trucks():
    """08:00 for 60 minutes, 08:30 for 30, 08:50 for 10: stays 60, 60 and 50 minutes."""
    made = plan(END, DESK, {"desk": Stage()}, line(("08:00", 60), ("08:30", 30), ("08:50", 10)))
    found = Found(
        made,
        tonnes=np.array([20.0, 10.0, 3.0]), value=np.array([5e4, 1e4, 2e4]),
        residents=np.array([7, 0, 2]), open_hours=np.array([[at("08:00"), at("12:00")]]),
    )  # fmt: skip
    assert [found(what) for what in ("arrived", "released", "diverted", "given_up")] == [3, 3, 0, 0]
    assert found("throughput_per_day") == 1.5
    assert found("throughput_tonnes_per_day") == 16.5
    assert found("throughput_value_per_day") == 4e4
    assert found("residents_per_day") == 4.5
    assert found("throughput_per_open_hour") == 0.75
    assert found("throughput_max_day") == found("arrived_max_day") == 3
    assert found("throughput_per_day", "desk") == 1.5
    assert found("stay_mean_h") == pytest.approx((60 + 60 + 50) / 180)
    assert found("stay_p50_h") == 1.0
    assert found("wait_open_mean_h") == pytest.approx((0 + 30 + 40) / 180)
    assert found("service_mean_h", "desk") == pytest.approx(100 / 180)
    assert found("stay_mean_h", "desk") == pytest.approx((60 + 60 + 50) / 180)
    assert found("stay_p95_h", "desk") == 1.0
    assert found("wait_closed_mean_h") == found("paused_mean_h") == 0
    assert found("completed_within_limit") == 1.0
    assert found.count("stay_mean_h") == found.count("completed_within_limit") == 3
    assert {note for *_, note in found.rows.values()} == {""}
    assert ("all", "desk", "blocked_mean_h") not in found.rows
    assert ("all", "desk", "given_up") not in found.rows


def test_convoys_weigh_in_every_count():
    made = plan(
        END, DESK, {"desk": Stage()},
        [*line(("08:00", 60), cls="wind", pieces=5), *line(("08:30", 30), ("12:00+1", 30))],
    )  # fmt: skip
    found = Found(made, tonnes=np.array([90.0, 20.0, 20.0]))
    assert (found("arrived"), found("arrived", cls="wind"), found("arrived", cls="truck")) == (
        7,
        5,
        2,
    )
    assert found("throughput_per_day") == 3.5
    assert found("throughput_max_day") == found("arrived_max_day") == 6
    assert found("throughput_tonnes_per_day") == 65.0  # the load is that of the whole convoy
    assert found("stay_mean_h") == pytest.approx((5 * 60 + 60) / 6 / 60)  # the third comes too late
    assert found.count("stay_mean_h") == 6
    assert found("inside_max") == 6
    assert found("queue_max", "desk") == 1
    assert found("inside_mean") == (5 * 60 + 60 + 30) * MINUTE / END


def test_directions_and_empty_classes():
    trucks = [*line(("08:00", 60), cls="tea"), *line(("10:00", 60), cls="cars")]
    made = plan(END, DESK, {"desk": Stage()}, trucks)
    found = Found(
        made,
        class_names=("tea", "cars", "nobody"),
        directions=("export", "import", "import"),
        routes=np.array([[True, True, False]]),
    )
    for cls in ("export", "import", "tea", "cars"):
        assert found("released", cls=cls) == found("completed_within_limit", cls=cls) == 1
    assert found("arrived", cls="nobody") == found("queue_mean", cls="nobody") == 0
    for what in ("stay_mean_h", "stay_p95_h", "wait_open_mean_h", "completed_within_limit"):
        assert math.isnan(found(what, cls="nobody"))
        assert found.count(what, cls="nobody") == 0
    assert ("nobody", "desk", "service_mean_h") not in found.rows
    assert ("nobody", "desk", "queue_mean") not in found.rows
    assert found("throughput_per_day", "desk", "cars") == 0.5
    one = Found(plan(END, DESK, {"desk": Stage()}, line(("08:00", 60))))
    assert ("import", "", "arrived") not in one.rows


def test_events_on_the_first_second_and_the_last_of_the_period():
    """Released at the first second of the period: flow of the period, and inside at its start."""
    made = plan(
        END,
        {},
        {"desk": Stage()},
        [
            Truck(DAY - 60, [Visit("desk", 60)]),
            Truck(DAY, [Visit("desk", 0)]),
            Truck(END - 1, [Visit("desk", 1)]),
        ],
        start=DAY,
    )
    found = Found(made)
    assert (found("inside_at_start"), found("arrived"), found("released")) == (1, 2, 2)
    assert found("inside_at_end") == 1
    assert found("growth_per_day") == 0
    assert found("inside_max") == 1


def test_trucks_of_the_warm_up_count_for_flow_and_state_only():
    """Two came in the warm-up: one is released within the period, one before it."""
    made = plan(
        3 * DAY, DESK, {"desk": Stage()},
        line(("10:00", 60), ("23:30", 60), ("12:00+1", 30)), start=DAY,
    )  # fmt: skip
    found = Found(made)
    assert (found("arrived"), found("released"), found("inside_at_start")) == (1, 2, 1)
    assert found("throughput_per_day") == found("throughput_per_day", "desk") == 1.0
    assert found.count("completed_within_limit") == found.count("stay_mean_h") == 1
    assert found("stay_mean_h") == 0.5
    assert found.count("service_mean_h", "desk") == 1
    assert found("growth_per_day") == -0.5
    assert found("inside_mean") == 60 * MINUTE / (2 * DAY)


def test_months():
    """January ends after the first day: one release in it, three on the two days of February."""
    made = plan(
        3 * DAY,
        DESK,
        {"desk": Stage()},
        line(("10:00", 10), ("23:55", 10), ("12:00+1", 60), ("12:30+1", 10), ("12:00+2", 10)),
    )
    months = {"month_edges": np.array([0, DAY, 3 * DAY]), "month_names": ("2024-01", "2024-02")}
    found = Found(made, limit=HOUR // 2, **months)
    assert found("throughput_per_day[2024-01]") == 1
    assert found("throughput_per_day[2024-02]") == 2
    assert found.count("throughput_per_day[2024-02]") == 4
    assert found("completed_within_limit[2024-01]") == 1
    assert found("completed_within_limit[2024-02]") == pytest.approx(1 / 3)
    assert found("completed_within_limit") == pytest.approx(3 / 5)
    # Two are late, both in February, of whose 48 hours the last half cannot be judged.
    assert found("late_per_day[2024-01]") == 0
    assert found("late_per_day[2024-02]") == pytest.approx(2 / (47.5 / 24))
    assert found("late_per_day") == pytest.approx(2 / (71.5 / 24))
    empty = Found(plan(3 * DAY, DESK, {"desk": Stage()}, line(("10:00", 10))), **months)
    assert math.isnan(empty("completed_within_limit[2024-02]"))
    assert empty("late_per_day[2024-02]") == 0
    assert found.curve("month").x.tolist() == [202401, 202402]
    assert found.curve("month").y.tolist() == [1, 2]
    assert found.curve("month_completed").y.tolist() == [1, pytest.approx(1 / 3)]


# ---- the promise -------------------------------------------------------------------------------


def test_the_limit_is_kept_to_the_second_and_broken_a_second_later():
    trucks = [Truck(0, [Visit("desk", HOUR)]), Truck(0, [Visit("desk", HOUR + 1)])]
    found = Found(plan(END, {}, {"desk": Stage()}, trucks), limit=HOUR)
    assert found("completed_within_limit") == 0.5


def test_the_cohort_ends_a_limit_before_the_end():
    """A truck of the last limit's first second is out, however soon it left."""
    trucks = [Truck(DAY - 1, [Visit("desk", 5)]), Truck(DAY, [Visit("desk", 5)])]
    found = Found(plan(END, {}, {"desk": Stage()}, trucks))
    assert found.count("completed_within_limit") == found.count("stay_mean_h") == 1
    assert found.count("service_mean_h", "desk") == 1
    assert found("released") == 2


def test_who_turned_away_or_gave_up_never_completes_but_has_no_stay():
    """The clerk is busy 08:00 to 09:00; two wait; one gives up at 08:20, one turns away at 08:15.
    The one that waits is done at 09:10."""
    trucks = [
        Truck(at("08:00"), [stay_at_desk(60)]),
        Truck(at("08:05"), [stay_at_desk(10)]),
        Truck(at("08:10"), [stay_at_desk(10, patience=10 * MINUTE)], pieces=2),
        Truck(at("08:15"), [stay_at_desk(10, tolerance=2)]),
    ]
    found = Found(plan(END, DESK, {"desk": Stage(), "exit": Stage()}, trucks))
    assert [found(what) for what in ("arrived", "released", "diverted", "given_up")] == [5, 2, 1, 2]
    assert (found("diverted", "desk"), found("given_up", "desk")) == (1, 2)
    assert ("all", "exit", "diverted") not in found.rows
    assert found("completed_within_limit") == pytest.approx(2 / 5)
    assert found.count("completed_within_limit") == 5
    assert found.count("stay_mean_h") == 2
    assert found("stay_mean_h") == pytest.approx((60 + 65) / 120)
    assert found("wait_open_mean_h", "desk") == pytest.approx(55 / 120)
    # Queues hold whoever waited: 55 minutes of one, 10 of two.
    assert found("queue_mean", "desk") == (55 + 2 * 10) * MINUTE / END
    assert found("queue_max", "desk") == 3
    assert found("inside_mean") == (60 + 65 + 2 * 10) * MINUTE / END


def test_where_trucks_may_leave_but_none_did_there_is_a_row_of_zero():
    """Else a mean over replications would leave out the good ones."""
    trucks = [
        Truck(0, [stay_at_desk(1, patience=HOUR, tolerance=9)], cls=cls) for cls in ("a", "b")
    ]
    made = plan(END, DESK, {"desk": Stage(), "yard": Stage()}, trucks)
    found = Found(made, routes=np.ones((2, 2), dtype=bool))
    for cls in ("all", "export", "a", "b"):
        assert found("diverted", "desk", cls) == found("given_up", "desk", cls) == 0
        assert found("queue_max", "yard", cls) == found("throughput_per_day", "yard", cls) == 0


def test_a_clock_that_starts_at_a_stage():
    """The clock starts in the queue of the desk: two hours on the road before do not count. Who is
    still on the road, or skips the desk, is not judged; who came in the warm-up may be."""
    road, desk = Visit("road", 2 * HOUR), Visit("desk", HOUR)
    trucks = [
        Truck(DAY - HOUR, [road, desk]),  # desk 01:00 of the period, out at 02:00
        Truck(DAY, [road, Visit("desk", HOUR + 1)]),  # a second too late
        Truck(DAY + HOUR, [road]),  # skips the desk
        Truck(3 * DAY - 3 * HOUR, [road, desk]),  # at the desk in the last hour
        Truck(3 * DAY - HOUR, [road, desk]),  # never at the desk
    ]
    made = plan(3 * DAY, {}, {"road": Stage(), "desk": Stage()}, trucks, start=DAY)
    found = Found(made, limit=HOUR, clock_stage=1)
    assert found.count("completed_within_limit") == 2
    assert found("completed_within_limit") == 0.5
    assert found.count("stay_mean_h") == 3  # stays begin with the arrival in the period


def test_a_clock_that_starts_when_a_stage_admits():
    """One desk, work of 40 minutes, a promise of an hour. The clock does not run in the queue; who
    joined it an hour before the end and is never admitted counts as not completed."""
    desk = Visit("desk", 40 * MINUTE, {"clerk": 1})
    late = Visit("desk", 2 * HOUR, {"clerk": 1})
    lost = Visit("desk", 40 * MINUTE, {"clerk": 1}, patience=10 * MINUTE)
    park = Visit("park", 50 * MINUTE)
    trucks = [
        Truck(DAY, [desk]),  # 00:00 to 00:40
        Truck(DAY + MINUTE, [desk]),  # admitted at 00:40, out at 01:20: 80 minutes after it came
        Truck(DAY + 2 * MINUTE, [lost]),  # gives up at 00:12 and is judged
        Truck(DAY + 3 * MINUTE, [late]),  # admitted at 01:20, out at 03:20: too late
        Truck(DAY + 4 * HOUR, [desk, park]),  # admitted at 04:00, out at 05:30: too late
        Truck(DAY + 5 * HOUR, [park]),  # not at the desk: not judged
        Truck(2 * DAY - 3 * HOUR, [Visit("desk", DAY, {"clerk": 1})]),  # admitted at 21:00, inside
        Truck(2 * DAY - 2 * HOUR, [desk]),  # still waiting: judged, not completed
        Truck(2 * DAY - HOUR, [desk]),  # joined in the last hour: not judged
    ]
    made = plan(
        2 * DAY, {"clerk": servers(1)}, {"desk": Stage(), "park": Stage()}, trucks, start=DAY
    )
    found = Found(made, limit=HOUR, clock_stage=0, clock_admitted=True)
    assert found.count("completed_within_limit") == 7
    assert found("completed_within_limit") == pytest.approx(2 / 7)
    queued = Found(made, limit=HOUR, clock_stage=0)
    assert queued.count("completed_within_limit") == 7
    assert queued("completed_within_limit") == pytest.approx(1 / 7)


def test_who_is_admitted_in_the_last_hour_is_not_judged_by_it():
    """Joined two hours before the end, admitted half an hour before: the promise is open."""
    trucks = [
        Truck(DAY - 3 * HOUR, [Visit("desk", 150 * MINUTE, {"clerk": 1})]),
        Truck(DAY - 2 * HOUR, [Visit("desk", MINUTE, {"clerk": 1})]),
    ]
    made = plan(DAY, {"clerk": servers(1)}, {"desk": Stage()}, trucks)
    admitted = Found(made, limit=HOUR, clock_stage=0, clock_admitted=True)
    assert (admitted.count("completed_within_limit"), admitted("completed_within_limit")) == (1, 0)
    queued = Found(made, limit=HOUR, clock_stage=0)
    assert (queued.count("completed_within_limit"), queued("completed_within_limit")) == (2, 0)


# ---- where the time goes -----------------------------------------------------------------------


def test_waiting_open_and_closed():
    """The desk admits 08:00 to 12:00 and 13:00 to 18:00, the clerk is on duty from 09:00. A truck
    of 07:00 waits closed to 08:00 (hours) and to 09:00 (roster); that of 08:30 closed to 09:00,
    open to 11:30; that of 09:00 open to 12:00, closed to 13:00, then goes."""
    made = plan(
        END, {"clerk": servers(0, (at("09:00"), 1))},
        {"desk": Stage([(at("08:00"), at("12:00")), (at("13:00"), at("18:00"))]), "exit": Stage()},
        line(("07:00", 150), ("08:30", 60), ("09:00", 10)),
    )  # fmt: skip
    found = Found(made)
    assert found("wait_closed_mean_h", "desk") == pytest.approx((2 + 0.5 + 1) / 3)
    assert found("wait_open_mean_h", "desk") == pytest.approx((0 + 2.5 + 3) / 3)


def test_last_entry_and_too_small_a_roster_are_closed():
    """Needs two clerks; one is there until 10:00. Nobody is admitted after 11:30."""
    made = plan(
        END, {"clerk": servers(1, (at("10:00"), 2))},
        {
            "desk": Stage(
                [(at("08:00"), at("12:00")), (at("08:00+1"), at("12:00+1"))],
                last_entry=30 * MINUTE,
            )
        },
        [
            Truck(at("09:00"), [Visit("desk", HOUR, {"clerk": 2})]),
            Truck(at("11:45"), [Visit("desk", 5, {"clerk": 2})]),
        ],
    )  # fmt: skip
    found = Found(made)
    assert found("wait_closed_mean_h") == pytest.approx((1 + 20.25) / 2)
    assert found("wait_open_mean_h") == 0


def test_a_pause_is_neither_service_nor_waiting_and_rows_add_up_to_the_stay():
    """Three hours of work from 16:00, 18:00 closes, 09:00 opens: 2 h, 15 h of pause, 1 h."""
    made = plan(
        END, DESK,
        {"desk": Stage([(at("09:00"), at("18:00")), (at("09:00+1"), at("18:00+1"))], pause=True)},
        line(("08:00", 480), ("08:30", 180)),
    )  # fmt: skip
    found = Found(made)
    assert found("paused_mean_h", "desk") == pytest.approx(15 / 2)
    assert found("service_mean_h", "desk") == pytest.approx((8 + 3) / 2)
    assert found("wait_open_mean_h") == pytest.approx((0 + 8) / 2)
    assert found("wait_closed_mean_h") == pytest.approx((1 + 0.5) / 2)
    parts = [found(f"{part}_mean_h") for part in ("wait_open", "wait_closed", "service", "paused")]
    assert sum(parts) == pytest.approx(found("stay_mean_h"), rel=1e-14)


def chain(*arrivals):
    """A lane is kept until the desk admits."""
    return [
        Truck(
            at(when),
            [
                Visit("gate", 10 * MINUTE, {"lane": 1}, give_out={}),
                Visit("desk", 60 * MINUTE, {"clerk": 1}, give_in={"lane": 1}),
            ],
        )
        for when in arrivals
    ]


def test_blocked_is_standing_with_the_lane_kept():
    """B is done at the gate at 08:20 and enters the desk at 09:10: blocked 50 minutes, which are
    waiting of the desk. C has no lane until then."""
    made = plan(
        END,
        {"lane": servers(1), "clerk": servers(1)},
        {"gate": Stage(), "desk": Stage()},
        chain("08:00", "08:00", "08:00"),
    )
    found = Found(made)
    assert found("blocked_mean_h", "gate") == pytest.approx((0 + 50 + 50) / 180)
    assert found("wait_open_mean_h", "desk") == pytest.approx((0 + 50 + 50) / 180)
    assert found("wait_open_mean_h", "gate") == pytest.approx((0 + 10 + 70) / 180)
    assert ("all", "desk", "blocked_mean_h") not in found.rows
    # The lane is in use from 08:00 to the admission of C at the desk, 10:10.
    assert found("utilisation", "lane") == 130 * MINUTE / END
    assert found("load", "lane") == 30 * MINUTE / END
    assert found("load", "clerk") == 180 * MINUTE / END


@pytest.mark.parametrize("others", [0, 1])
def test_standing_that_is_cut_by_the_end_is_at_least(others):
    """The clerk never comes: B's work at the gate is over, its standing is not."""
    made = plan(
        END,
        {"lane": servers(1), "clerk": servers(0)},
        {"gate": Stage(), "desk": Stage(), "yard": Stage()},
        [*others * [Truck(at("07:00"), [Visit("yard", 0)])], *chain("08:00")],
    )
    found = Found(made)
    assert found("blocked_mean_h", "gate") == pytest.approx(48 - 8 - 1 / 6)
    assert found.note("blocked_mean_h", "gate") == "at least"
    assert found.note("service_mean_h", "gate") == ""
    assert found.note("wait_open_mean_h", "gate") == ""
    assert found.note("wait_closed_mean_h", "desk") == "at least"


def test_a_row_of_zero_where_nobody_was_blocked():
    made = plan(
        END,
        {"lane": servers(1), "clerk": servers(1)},
        {"gate": Stage(), "desk": Stage()},
        chain("08:00"),
    )
    assert Found(made)("blocked_mean_h", "gate") == 0.0


# ---- at least ----------------------------------------------------------------------------------


def long_log(cut, n=2000, stay=HOUR):
    """n trucks at second 0; those in `cut` are inside for ever, the others out after `stay`."""
    trucks = [Truck(0, [Visit("desk", stay)])] * n
    made = plan(END, {}, {"desk": Stage()}, trucks)
    log = run(made)
    never = np.isin(np.arange(n), cut)
    return made, Log(
        queued=log.queued, admitted=log.admitted,
        finished=np.where(never, NEVER, log.finished),
        outcome=np.where(never, INSIDE, RELEASED), left=np.where(never, NEVER, log.left),
    )  # fmt: skip


def test_a_mean_is_at_least_above_one_in_a_thousand():
    made, log = long_log(range(2))
    found = Found(made, log)
    assert found.note("stay_mean_h") == found.note("service_mean_h", "desk") == ""
    made, log = long_log(range(3))
    found = Found(made, log)
    means = (
        "stay_mean_h",
        "wait_open_mean_h",
        "wait_closed_mean_h",
        "service_mean_h",
        "paused_mean_h",
    )
    assert {found.note(what) for what in means} == {"at least"}
    assert found("stay_mean_h") == pytest.approx((1997 + 3 * 48) / 2000)
    # Each of them was admitted: its waiting is known, its work is not.
    assert found.note("wait_open_mean_h", "desk") == ""
    assert found.note("service_mean_h", "desk") == "at least"
    assert found.note("stay_p95_h") == found.note("stay_p50_h") == ""
    weights = np.where(np.arange(2000) < 1000, 9, 1)
    made, log = long_log(range(1000, 1008))
    assert Found(made, log, pieces=weights).note("stay_mean_h") == ""  # 8 of 10,000
    assert Found(made, log).note("stay_mean_h") == "at least"


def test_a_quantile_is_at_least_if_any_cut_stay_lies_below_it():
    """All others stay 30 hours. Of stays cut at 48 none is below a quantile, unless the quantile is
    among them; a truck that came 22 hours later is cut at 26, below all."""
    made, log = long_log(range(99), stay=30 * HOUR)
    assert Found(made, log).note("stay_p95_h") == ""
    # Between 30 hours and a stay that is cut: of 20 times that of the latter, one is in it.
    made, log = long_log(range(100), stay=30 * HOUR)
    assert Found(made, log)("stay_p95_h") == pytest.approx(30.9)
    assert Found(made, log).note("stay_p95_h") == "at least"
    made, log = long_log(range(101), stay=30 * HOUR)
    assert Found(made, log)("stay_p95_h") == 48
    assert Found(made, log).note("stay_p95_h") == "at least"
    assert Found(made, log).note("stay_p50_h") == ""
    late = [Truck(0, [Visit("desk", 30 * HOUR)])] * 500 + [Truck(22 * HOUR, [Visit("desk", END)])]
    found = Found(plan(END, {}, {"desk": Stage()}, late))
    assert (found("stay_p50_h"), found.note("stay_p50_h")) == (30, "at least")


# ---- state -------------------------------------------------------------------------------------


def test_who_leaves_and_who_joins_in_one_second_are_not_there_together():
    """A is admitted at the second in which B joins; C never waits."""
    made = plan(
        END,
        DESK,
        {"desk": Stage(), "yard": Stage()},
        line(("08:00", 60), ("08:30", 10), ("09:00", 10), ("12:00", 5)),
    )
    found = Found(made)
    assert found("queue_max", "desk") == found("queue_max") == 1
    assert found("queue_mean", "desk") == 40 * MINUTE / END
    assert found.count("queue_mean", "desk") == 2
    assert found("queue_max", "yard") == 0


def test_the_queue_of_the_port_is_all_queues_together():
    made = plan(
        END, {"clerk": servers(0)}, {"desk": Stage(), "yard": Stage()},
        [
            Truck(0, [stay_at_desk(1)]),
            Truck(0, [Visit("yard", HOUR, {"clerk": 1})]),
            Truck(DAY, [stay_at_desk(1)]),
        ],
    )  # fmt: skip
    found = Found(made)
    assert (found("queue_mean", "desk"), found("queue_mean", "yard"), found("queue_mean")) == (
        1.5,
        1,
        2.5,
    )
    assert found("queue_max") == found("inside_max") == found("inside_at_end") == 3


def test_stock_before_within_and_after():
    """In at 22:00 and out at 05:00; in at 03:00 and out at 04:00, which is not overnight."""
    trucks = [
        Truck(at("22:00"), [Visit("desk", 7 * HOUR)]),
        Truck(at("03:00+1"), [Visit("desk", HOUR)]),
        Truck(at("03:59:59+1"), [Visit("desk", 9 * HOUR)], pieces=4),
    ]
    found = Found(plan(3 * DAY, {}, {"desk": Stage()}, trucks, start=DAY))
    assert found("overnight_mean") == (1 + 4 + 0) / 2
    assert found.count("overnight_mean") == 2
    assert found("inside_at_start") == 1
    assert found("inside_max") == 6
    assert found("inside_mean") == (5 * HOUR + HOUR + 4 * 9 * HOUR) / (2 * DAY)


# ---- resources ---------------------------------------------------------------------------------


def test_utilisation_is_capped_at_the_roster_and_the_rest_is_overtime():
    """Two clerks 08:00 to 12:00, works of 60 and 150 minutes from 10:30: 1:00 + 1:30 within the
    roster's 8 h, one hour above it."""
    made = plan(
        END, {"clerk": servers(0, (at("08:00"), 2), (at("12:00"), 0))},
        {"desk": Stage()}, line(("10:30", 60), ("10:30", 150)),
    )  # fmt: skip
    found = Found(made)
    assert found("utilisation", "clerk") == pytest.approx(2.5 / 8)
    assert found("overtime_h_per_day", "clerk") == pytest.approx(0.5)
    assert found("staffed_h_per_day", "clerk") == 4
    assert found("load", "clerk") == pytest.approx(3.5 / 8)


def test_paused_time_is_no_overtime_and_finishing_is():
    """Both desks close at 18:00 with the roster. The pausing work of 3 h from 16:00 goes on at
    09:00; the other is finished at 19:00."""
    roster = [(at("09:00"), 1), (at("18:00"), 0), (at("09:00+1"), 1), (at("18:00+1"), 0)]
    hours = [(at("09:00"), at("18:00")), (at("09:00+1"), at("18:00+1"))]
    for pause, overtime, within in ((True, 0.0, 3 / 18), (False, 0.5, 2 / 18)):
        found = Found(
            plan(
                END,
                {"clerk": servers(0, *roster)},
                {"desk": Stage(hours, pause=pause)},
                line(("16:00", 180)),
            )
        )
        assert found("overtime_h_per_day", "clerk") == overtime
        assert found("utilisation", "clerk") == pytest.approx(within)


def test_a_kept_server_is_asked_for_during_all_works_on_its_way():
    """An escort is taken at the gate (10 min) and kept on the road (50 min) until the yard admits;
    the truck's work is paused on the road for an hour, and the escort's overtime with it."""
    road = Stage([(at("08:00"), at("08:30")), (at("09:30"), at("12:00"))], pause=True)
    truck = Truck(
        at("08:00"),
        [
            Visit("gate", 10 * MINUTE, {"escort": 1}, give_out={}),
            Visit("road", 50 * MINUTE),
            Visit("yard", 20 * MINUTE, give_in={"escort": 1}),
        ],
    )
    found = Found(
        plan(
            END,
            {"escort": servers(1, (at("08:30"), 0), (at("09:30"), 1))},
            {"gate": Stage(), "road": road, "yard": Stage()},
            [truck],
        )
    )
    assert found("load", "escort") == pytest.approx(1 / 47)
    assert found("utilisation", "escort") == pytest.approx(1 / 47)
    assert found("overtime_h_per_day", "escort") == 0


def test_a_truck_that_gives_up_gives_back_its_servers():
    """It holds the lane in the queue of the desk until it gives up after an hour."""
    truck = Truck(
        at("08:00"),
        [
            Visit("gate", 10 * MINUTE, {"lane": 1}, give_out={}),
            Visit("desk", MINUTE, {"clerk": 1}, give_in={"lane": 1}, patience=HOUR),
        ],
    )
    found = Found(
        plan(
            END,
            {"lane": servers(1), "clerk": servers(0, (at("12:00"), 1))},
            {"gate": Stage(), "desk": Stage()},
            [truck],
        )
    )
    assert found("utilisation", "lane") == 70 * MINUTE / END
    assert found("given_up", "desk") == 1
    # A figure of a resource rests on the visits that were given some of it.
    assert [found.count("utilisation", place) for place in ("lane", "clerk")] == [1, 0]
    assert math.isnan(found("stay_mean_h"))


def test_a_budget_is_spent_of_what_was_set():
    """Ten a day, set at midnight: the warm-up's do not count, leftovers do not carry over."""
    trucks = [
        Truck(when, [Visit("desk", 5, {"permit": 4})])
        for when in (HOUR, DAY + HOUR, DAY + HOUR, DAY + HOUR)
    ]
    resources = {"permit": budget(10, DAY, 2 * DAY), "swap": store(3)}
    found = Found(plan(3 * DAY, resources, {"desk": Stage()}, trucks, start=DAY))
    assert found("utilisation", "permit") == pytest.approx(12 / 20)
    assert found.count("utilisation", "permit") == 4
    assert not any(place == "swap" for _, place, _ in found.rows)
    whole = Found(plan(3 * DAY, resources, {"desk": Stage()}, trucks))
    assert whole("utilisation", "permit") == pytest.approx(16 / 30)


def test_nobody_on_duty_leaves_shares_undefined():
    found = Found(plan(END, {"clerk": servers(0)}, {"desk": Stage()}, []))
    assert math.isnan(found("utilisation", "clerk"))
    assert math.isnan(found("load", "clerk"))


def test_offered_loads():
    """A clerk 8 h a day is asked for 4 h on each of three days; permits 10 a day, 5 of each day."""
    steps = [
        (day * DAY + at(clock), n) for day in range(3) for clock, n in (("08:00", 1), ("16:00", 0))
    ]
    trucks = [
        Truck(
            day * DAY, [Visit("desk", 4 * HOUR, {"clerk": 1, "permit": 5}, give_out={"clerk": 1})]
        )
        for day in range(3)
    ]
    resources = {"clerk": servers(0, *steps), "permit": budget(10, DAY, 2 * DAY), "swap": store()}
    table = offered_loads(plan(3 * DAY, resources, {"desk": Stage()}, trucks))
    assert table[0].tolist() == [8, 8, 4, 0.5, 0.5]
    assert table[1].tolist() == [10, 10, 5, 0.5, 0.5]
    assert np.isnan(table[2]).all()


# ---- strain ------------------------------------------------------------------------------------


def test_what_may_be_an_overload_is_kept_day_by_day():
    """A clerk eight hours a day; of the second day's trucks one takes four hours, one six."""
    steps = [
        (day * DAY + at(clock), n) for day in range(3) for clock, n in (("08:00", 1), ("16:00", 0))
    ]
    trucks = line(("08:00", 120), ("08:00+1", 240), ("09:00+1", 360))
    made = plan(
        3 * DAY, {"clerk": servers(0, *steps), "idle": servers(9)}, {"desk": Stage()}, trucks
    )
    (clerk,) = Found(made).measured.strains
    assert (clerk.kind, clerk.place) == ("servers", "clerk")
    assert (clerk.demand / HOUR).tolist() == [2, 10, 0]
    assert (clerk.given / HOUR).tolist() == [8, 8, 8]
    assert clerk.grain == pytest.approx((120**2 + 240**2 + 360**2) / 720 * MINUTE)


def test_a_queue_that_grows_is_kept_though_nothing_is_asked_for():
    """A truck an hour comes and from day 5 on nobody is let in: 24 more wait at each midnight."""
    trucks = [Truck(hour * HOUR, [Visit("desk", MINUTE)]) for hour in range(8 * 24)]
    (desk,) = Found(plan(8 * DAY, {}, {"desk": Stage([(0, 5 * DAY)])}, trucks)).measured.strains
    assert desk.demand.tolist() == [24] * 8
    # Nobody waited in the five days in which it was open.
    assert desk.given.tolist() == [48] * 5 + [0] * 3
    assert Found(plan(8 * DAY, {}, {"desk": Stage()}, trucks)).measured.strains == []


def test_a_plan_without_context_is_refused():
    made = replace(plan(END, {}, {"desk": Stage()}, []), context=None)
    with pytest.raises(ValueError, match="context"):
        measure(Measurement(made, run(made)))


def test_nobody_comes():
    takes = (Duty(0, ((0, 1),), (0,)),)
    found = Found(plan(END, DESK, {"desk": Stage()}, []), duties=takes)
    assert found("arrived") == found("inside_max") == found("utilisation", "clerk") == 0
    assert math.isnan(found("stay_mean_h"))
    assert DIVERTED not in found.log.outcome
