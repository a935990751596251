"""When stages admit and work, and how resources change: in plan seconds, on paper."""

import numpy as np

from demand.ports import DAY, HOUR, plan_of, port
from portsim.demand import recurring
from portsim.plan import BUDGET, SERVERS, STORE, timetable

TEXT = """\
name: timetable
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-06}
calendars:
  day: {hours: "10:00-14:00, 15:00-19:00"}
  short: {hours: "09:00-17:00"}
  night: {hours: "22:00-06:00"}
resources:
  lanes: {capacity: 3}
stages:
  gate:
    time: 1 min
traffic:
  tea: {direction: export, arrivals: {rate: 100 per day}, route: [gate]}
"""


def made(tmp_path, *changes):
    return plan_of(port(tmp_path, *changes, text=TEXT))


def gate(tmp_path, words, *changes):
    """Admission and work time of the gate, in hours."""
    plan = made(tmp_path, ("    time: 1 min", f"    time: 1 min\n    {words}"), *changes)
    return (plan.admits(0) / HOUR).tolist(), (plan.works(0) / HOUR).tolist()


def every_day(*rows, days=3):
    return [[24 * day + a, 24 * day + b] for day in range(days) for a, b in rows]


def steps(plan, name):
    number = plan.context.resource_names.index(name)
    mine = plan.change_resource == number
    times = (plan.change_time[mine] / HOUR).tolist()
    return int(plan.resource_initial[number]), list(
        zip(times, plan.change_value[mine].tolist(), strict=True)
    )


def test_a_stage_without_hours_is_always_open(tmp_path):
    assert gate(tmp_path, "share: 0.5") == ([[0, 72]], [[0, 72]])


def test_hours_are_where_all_calendars_are_open(tmp_path):
    rows = every_day((10, 14), (15, 17))
    assert gate(tmp_path, "hours: [day, short]\n    at_close: finish") == (rows, rows)


def test_last_entry_shortens_admission_but_not_work(tmp_path):
    admits, works = gate(
        tmp_path, "hours: [day, short]\n    at_close: pause\n    last_entry: 90 min"
    )
    assert admits == every_day((10, 12.5), (15, 15.5))
    assert works == every_day((10, 14), (15, 17))


def test_closures_are_cut_out_of_both_and_nobody_foresees_them(tmp_path):
    """Closed from 5 to 6, 11 to 12, 17 to 18 and 23 to 24 o'clock: the gate admits again at 12,
    and its last entry is half an hour before 14 and 19, not before 11 and 17."""
    admits, works = gate(
        tmp_path,
        "hours: day\n    at_close: pause\n    last_entry: 30 min\n"
        "    closures: [{name: wind, every: 5 h, lasts: 1 h}]",
    )
    assert admits == every_day((10, 11), (12, 13.5), (15, 17), (18, 18.5))
    assert works == every_day((10, 11), (12, 14), (15, 17), (18, 19))


def test_two_stages_are_closed_by_one_cause_together(tmp_path):
    times = "every: {exponential: {mean: 9 h}}, lasts: {exponential: {mean: 2 h}}"
    wind = f"closures: [{{name: wind, {times}}}]\n    at_close: finish\n    time: 1 min"
    other = wind.replace("name: wind", "name: fog")
    plan = made(
        tmp_path,
        ("    time: 1 min", f"    {wind}\n  yard:\n    {wind}\n  road:\n    {other}"),
        ("route: [gate]", "route: [gate, yard, road]"),
    )  # fmt: skip
    assert len(plan.admits(0)) > 2
    assert plan.admits(0).tolist() == plan.admits(1).tolist() == plan.works(0).tolist()
    assert plan.admits(2).tolist() != plan.admits(0).tolist()


def test_the_ends_of_a_run_do_not_look_like_closing_time(tmp_path):
    """22:00 to 06:00 with a last entry at 05:00: open at second 0, and until the very end."""
    words = "hours: night\n    at_close: pause\n    last_entry: 1 h"
    admits, works = gate(tmp_path, words)
    assert admits == [[0, 5], [22, 29], [46, 53], [70, 72]]
    assert works == [[0, 6], [22, 30], [46, 54], [70, 72]]


def test_a_last_entry_of_many_hours_after_the_end_counts(tmp_path):
    """Open without a break to five hours after the end, last entry six hours before that."""
    long = '{valid_to: 2024-03-06, hours: {daily: "05:00-00:00, 00:00-05:00"}}'
    admits, works = gate(
        tmp_path,
        "hours: long\n    at_close: pause\n    last_entry: 6 h",
        ("  short:", f"  long: {long}\n  short:"),
    )  # fmt: skip
    assert works == [[0, 72]]
    assert admits == [[0, 66]]


# ---- resources ---------------------------------------------------------------------------------


def test_constant_capacity(tmp_path):
    assert steps(made(tmp_path), "lanes") == (3, [])


def test_capacity_by_calendar(tmp_path):
    plan = made(tmp_path, ("{capacity: 3}", "{capacity: 3, calendar: night}"))
    assert steps(plan, "lanes") == (
        3, [(6, 0), (22, 3), (30, 0), (46, 3), (54, 0), (70, 3)],
    )  # fmt: skip


def test_capacity_by_roster_is_the_sum_of_the_shifts_at_work(tmp_path):
    shifts = ("day, count: 2", "short, count: 1", "short, count: 4")
    roster = "{roster: [" + ", ".join(f"{{calendar: {shift}}}" for shift in shifts) + "]}"
    plan = made(tmp_path, ("{capacity: 3}", roster), ("to: 2024-03-06", "to: 2024-03-05"))
    day = [(9, 5), (10, 7), (14, 5), (15, 7), (17, 2), (19, 0)]
    assert steps(plan, "lanes") == (0, day + [(24 + hour, value) for hour, value in day])


def test_breakdowns_take_off_some_and_never_below_none(tmp_path):
    """Two fail from 11 to 12 and from 23 to 24 o'clock each day; the calendar gives 3 or 0. The
    breakdown that ends with the run is no change in it."""
    broken = "{capacity: 3, calendar: day, breakdowns: [{every: 11 h, repair: 1 h, count: 2}]}"
    plan = made(tmp_path, ("{capacity: 3}", broken))
    day = [(10, 3), (11, 1), (12, 3), (14, 0), (15, 3), (19, 0)]
    assert steps(plan, "lanes") == (0, [(24 * n + h, v) for n in range(3) for h, v in day])
    always = made(tmp_path, ("{capacity: 3}", broken.replace("calendar: day, ", "")))
    day = [(11, 1), (12, 3), (23, 1), (24, 3)]
    assert steps(always, "lanes") == (3, [(24 * n + h, v) for n in range(3) for h, v in day][:-1])
    assert always.change_time.max() < always.end
    assert always.change_time.min() > 0


def test_two_kinds_of_breakdowns_add_up(tmp_path):
    two = "{every: 11 h, repair: 1 h}, {every: 10 h, repair: 2 h, count: 2}"
    broken = f"{{capacity: 3, breakdowns: [{two}]}}"
    day = [(10, 1), (11, 0), (12, 3), (22, 1), (23, 0), (24, 3)]
    plan = made(tmp_path, ("{capacity: 3}", broken))
    assert steps(plan, "lanes") == (3, [(24 * n + h, v) for n in range(3) for h, v in day][:-1])


def test_a_later_end_or_a_warm_up_moves_no_breakdown(tmp_path):
    times = "every: {exponential: {mean: 7 h}}, repair: {exponential: {mean: 2 h}}"
    broken = f"{{capacity: 3, breakdowns: [{{{times}}}]}}"
    change = ("{capacity: 3}", broken)
    plan = made(tmp_path, change)
    later = made(tmp_path, change, ("to: 2024-03-06", "to: 2024-06-30"))
    warmer = made(tmp_path, change, ("03-06}", "03-06, warm_up: 2 weeks}"))
    assert len(plan.change_time) > 5
    mine = later.change_time < plan.end
    assert later.change_time[mine].tolist() == plan.change_time.tolist()
    mine = warmer.change_time > 14 * DAY
    assert (warmer.change_time[mine] - 14 * DAY).tolist() == plan.change_time.tolist()


def test_a_budget_is_refilled_by_its_own_clock(tmp_path):
    """Almaty was two hours behind Beijing until 2024-02-29 and has been three hours behind since
    the midnight that began 2024-03-01, which it saw an hour later."""
    permits = (
        "{kind: budget, level: 8, refill: {at: [00:00, '08:00', 24:00], timezone: Asia/Almaty}}"
    )
    plan = made(
        tmp_path,
        ("resources:\n", f"resources:\n  permits: {permits}\n"),
        ("from: 2024-03-04, to: 2024-03-06", "from: 2024-02-29, to: 2024-03-01"),
    )
    assert steps(plan, "permits") == (8, [(2, 8), (10, 8), (24 + 3, 8), (24 + 11, 8)])


def test_a_budget_may_be_refilled_on_some_weekdays(tmp_path):
    permits = "{kind: budget, level: 8, refill: {at: 12:00, days: 'Tue, Sun'}}"
    plan = made(
        tmp_path,
        ("resources:\n", f"resources:\n  permits: {permits}\n"),
        ("03-06}", "03-12}"),
    )
    assert steps(plan, "permits") == (8, [(36, 8), (6 * 24 + 12, 8), (8 * 24 + 12, 8)])


def test_a_refill_at_second_0_is_the_level_it_begins_with(tmp_path):
    permits = "{kind: budget, level: 8, refill: 00:00}"
    plan = made(
        tmp_path,
        ("resources:\n", f"resources:\n  permits: {permits}\n  swaps: {{kind: store, level: 2}}\n"),
    )
    assert steps(plan, "permits") == (8, [(24, 8), (48, 8)])
    assert steps(plan, "swaps") == (2, [])
    assert plan.resource_kind.tolist() == [BUDGET, STORE, SERVERS]


def test_in_one_second_capacities_change_before_refills_each_in_order_of_resource(tmp_path):
    plan = made(
        tmp_path,
        (
            "resources:\n",
            (
                "resources:\n  b: {kind: budget, level: 1, refill: 10:00}\n"
                "  z: {capacity: 5, calendar: day}\n  c: {kind: budget, level: 2, refill: 10:00}\n"
            ),
        ),
        ("{capacity: 3}", "{capacity: 3, calendar: day}"),
    )  # fmt: skip
    at = plan.change_time == 10 * HOUR
    names = [plan.context.resource_names[n] for n in plan.change_resource[at]]
    assert names == ["z", "lanes", "b", "c"]
    assert plan.change_value[at].tolist() == [5, 3, 1, 2]
    assert (np.diff(plan.change_time) >= 0).all()


def test_a_change_of_zone_shows_in_plan_seconds(tmp_path):
    """09:00 to 18:00 in Almaty is 11:00 to 20:00 in Beijing on 29 February, 12:00 to 21:00 on 1
    March; Beijing's own hours stay where they are."""
    plan = made(
        tmp_path,
        ("calendars:\n", 'calendars:\n  kz: {timezone: Asia/Almaty, hours: "09:00-18:00"}\n'),
        ("from: 2024-03-04, to: 2024-03-06", "from: 2024-02-29, to: 2024-03-01"),
        (
            "    time: 1 min",
            (
                "    time: 1 min\n    hours: kz\n    at_close: finish\n"
                "  yard:\n    time: 1 min\n    hours: [kz, day]\n    at_close: finish"
            ),
        ),
        ("route: [gate]", "route: [gate, yard]"),
    )  # fmt: skip
    assert (plan.works(0) / HOUR).tolist() == [[11, 20], [24 + 12, 24 + 21]]
    assert (plan.works(1) / HOUR).tolist() == [[11, 14], [15, 19], [36, 38], [39, 43]]


LEVELS = (
    "{kind: budget, level: 8, refill: {at: [00:00, 24:00], timezone: Asia/Almaty}, levels: ["
    "{valid_from: 2024-03-05, level: 5}, {valid_from: 2024-03-06, valid_to: 2024-03-06, level: 0}]}"
)


def test_a_budget_has_the_level_of_the_date_of_its_own_clock(tmp_path):
    """Midnight in Almaty is three hours later; of 24:00 and 00:00 the date that begins counts."""
    changes = ("resources:\n", f"resources:\n  permits: {LEVELS}\n"), ("03-06}", "03-07}")
    plan = made(tmp_path, *changes)
    assert steps(plan, "permits") == (8, [(3, 8), (27, 5), (51, 0), (75, 5)])
    later = made(tmp_path, *changes, ("from: 2024-03-04", "from: 2024-03-06"))
    # At its first midnight it is still the 5th in Almaty.
    assert steps(later, "permits") == (5, [(3, 0), (27, 5)])


def test_levels_recur_with_their_days(tmp_path):
    changes = ("resources:\n", f"resources:\n  permits: {LEVELS}\n"), ("03-06}", "03-07}")
    scenario = port(tmp_path, *changes, text=TEXT)
    days = recurring(scenario, least=8, most=8, warm_up=0)
    table = timetable(scenario, days)
    (permits,) = (
        s for name, s in zip(scenario.resources, table.steps, strict=True) if name[0] == "p"
    )
    assert permits.values.tolist() == [8, 5, 0, 5] * 2
    assert (permits.times / HOUR).tolist() == [3, 27, 51, 75, 99, 123, 147, 171]


def test_paces_follow_the_port_s_clock(tmp_path):
    """On 31 March 2024 Warsaw's clock skips 2:00 to 3:00, and the night is an hour shorter."""
    words = (
        "    time: 1 min",
        "    time: 1 min\n    time_by_hour: {22:00-06:00: 1.3, 02:00-03:00: 2}",
    )
    plan = made(
        tmp_path,
        words,
        ("Asia/Shanghai", "Europe/Warsaw"),
        ("from: 2024-03-04, to: 2024-03-06", "from: 2024-03-30, to: 2024-03-31"),
    )
    since, milli = plan.paces.of(0)
    hours = [0, 2, 3, 6, 22, 24 + 5, 24 + 21]
    assert (since / HOUR).tolist() == hours
    assert milli.tolist() == [1300, 2000, 1300, 1000, 1300, 1000, 1300]
    assert made(tmp_path).paces is None


def test_a_run_that_begins_within_an_hour_has_its_pace(tmp_path):
    words = ("    time: 1 min", "    time: 1 min\n    time_by_hour: {10:00-11:00: 0.5}")
    plan = made(
        tmp_path, words, ("2024-03-04, to: 2024-03-06", "2024-03-04 10:50, to: 2024-03-06 10:20")
    )
    since, milli = plan.paces.of(0)
    assert (since / 60).tolist() == [0, 10, 23 * 60 + 10, 24 * 60 + 10, 47 * 60 + 10]
    assert milli.tolist() == [500, 1000, 500, 1000, 500]
