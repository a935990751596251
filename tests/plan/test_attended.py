"""Work that waits for the officers: worked out by hand, and against a look at every minute."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demand.ports import DAY, HOUR, plan_of, port
from engines.agreed import agreed
from portsim.calendars import contains, total
from portsim.demand import draw
from portsim.plan import build, endless

# 5 January 2024 is a Friday.
TEXT = """\
name: hall
timezone: UTC
period: {from: 2024-01-01, to: 2024-01-10}
calendars:
  wk: {hours: {Mon-Fri: "09:00-18:00"}}
  hall: {hours: {Mon-Sat: "09:00-18:00"}}
resources:
  officers: {capacity: 4, calendar: wk}
  desks: {capacity: 6}
stages:
  docs:
    takes: {officers: 1, desks: 1}
    time: 2 h
    hours: hall
    at_close: pause
    attended: true
traffic:
  tea:
    direction: import
    arrivals: {recorded: {file: old.csv}}
    route: [docs]
"""
FOUR = "arrival\n" + "2024-01-05T17:30:00\n" * 4
FRIDAY, MONDAY = 4 * DAY, 7 * DAY


def ends(folder, *changes, old=FOUR):
    """When the files are done, by both engines."""
    plan = plan_of(port(folder, *changes, text=TEXT, old=old))
    return agreed(plan).finished.tolist()


def test_a_file_begun_on_friday_is_done_on_monday(tmp_path):
    """Half an hour on Friday, 90 minutes on Monday; on Saturday the hall is open and empty."""
    assert ends(tmp_path) == [MONDAY + 10 * HOUR + HOUR // 2] * 4


def test_without_the_word_it_ends_on_saturday_with_nobody_there(tmp_path):
    found = ends(tmp_path, ("    attended: true\n", ""))
    assert found == [FRIDAY + DAY + 10 * HOUR + HOUR // 2] * 4


def test_a_shift_on_saturday_goes_on_with_all_files_if_one_could(tmp_path):
    """One of four officers comes: as many as one truck takes, so the works of all go on."""
    roster = "officers: {roster: [{calendar: wk, count: 3}, {calendar: hall, count: 1}]}"
    found = ends(tmp_path, ("officers: {capacity: 4, calendar: wk}", roster))
    assert found == [FRIDAY + DAY + 10 * HOUR + HOUR // 2] * 4


def test_a_truck_that_takes_two_needs_both(tmp_path):
    roster = "officers: {roster: [{calendar: wk, count: 3}, {calendar: hall, count: 1}]}"
    change = ("officers: {capacity: 4, calendar: wk}", roster)
    found = ends(tmp_path, change, ("takes: {officers: 1", "takes: {officers: 2"))
    assert found[:2] == [MONDAY + 10 * HOUR + HOUR // 2] * 2


def test_every_kind_that_it_takes_must_be_there(tmp_path):
    """The porters work on Saturdays only: the hall works nothing, so nobody is ever done."""
    late = ("desks: {capacity: 6}", "desks: {capacity: 6, calendar: late}")
    calendar = ("calendars:\n", 'calendars:\n  late: {hours: {Mon-Sat: "15:00-20:00"}}\n')
    found = ends(tmp_path, late, calendar)
    # 17:30 to 18:00 on Friday, from 15:00 on Monday.
    assert found == [MONDAY + 16 * HOUR + HOUR // 2] * 4


def test_hours_of_its_own_are_not_needed(tmp_path):
    """The officers' roster alone: nights and Sundays go by."""
    assert ends(tmp_path, ("    hours: hall\n", "")) == [MONDAY + 10 * HOUR + HOUR // 2] * 4


def test_work_waits_while_a_machine_is_broken(tmp_path):
    """A scanner breaks every 10 hours for 4: a file of 20 h never works while it is broken."""
    broken = "capacity: 1, breakdowns: [{every: 10 h, repair: 4 h}]"
    text = TEXT.replace("capacity: 4, calendar: wk", broken)
    text = text.replace("hours: hall\n", "label: hall\n")
    scenario = port(tmp_path, text=text, old="arrival\n2024-01-05T17:30:00\n")
    plan = plan_of(scenario)
    (row,) = np.flatnonzero([name == "officers" for name in plan.context.resource_names])
    mine = plan.change_resource == row
    times, values = plan.change_time[mine], plan.change_value[mine]
    seconds = sum(
        int(end - begin)
        for begin, end, value in zip(times, [*times[1:], plan.end], values, strict=True)
        if value == 0
    )
    assert seconds
    assert total(plan.works(0)) == plan.end - seconds - (plan.resource_initial[row] == 0) * times[0]
    assert all(0 in values[times == begin] for begin in plan.works(0)[:-1, 1])


def test_with_servers_without_end_only_the_hours_are_left(tmp_path):
    plan = plan_of(port(tmp_path, text=TEXT, old=FOUR))
    assert total(plan.works(0)) == 8 * 9 * HOUR  # 8 working days, no Saturday
    assert total(endless(plan).works(0)) == 9 * 9 * HOUR
    assert endless(plan).admits(0).tolist() == plan.admits(0).tolist()


_alone = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_spans = st.sampled_from(["08:00-12:00", "10:00-18:00", "20:00-04:00", "round the clock", "closed"])


@_alone
@given(
    calendars=st.lists(_spans, min_size=3, max_size=3),
    counts=st.lists(st.integers(1, 3), min_size=2, max_size=2),
    need=st.integers(1, 3),
    hours=st.sampled_from(["", "    hours: c0\n", "    hours: [c0, c1]\n"]),
)
def test_work_time_is_where_a_look_at_each_minute_finds_enough(
    tmp_path, calendars, counts, need, hours
):
    text = TEXT.replace("    hours: hall\n", hours).replace(
        "officers: 1, desks: 1", f"officers: {need}"
    )
    lines = "".join(f'  c{k}: {{hours: "{span}"}}\n' for k, span in enumerate(calendars))
    shifts = ", ".join(f"{{calendar: c{k + 1}, count: {n}}}" for k, n in enumerate(counts))
    text = text.replace("calendars:\n", f"calendars:\n{lines}")
    text = text.replace("{capacity: 4, calendar: wk}", f"{{roster: [{shifts}]}}")
    try:
        scenario = port(tmp_path, text=text, old=FOUR)
    except Exception as error:
        assert "need" in str(error) or "open" in str(error)  # noqa: PT017
        return
    plan = build(scenario, draw(scenario, 1, 1).at(scenario))
    minutes = np.arange(0, plan.end, 60)
    of_day = minutes % DAY

    def open_(span: str) -> np.ndarray:
        if span == "round the clock":
            return np.ones(len(minutes), dtype=bool)
        if span == "closed":
            return np.zeros(len(minutes), dtype=bool)
        first, last = (int(clock[:2]) * HOUR for clock in span.split("-"))
        if first < last:
            return (of_day >= first) & (of_day < last)
        return (of_day >= first) | (of_day < last)

    masks = [open_(span) for span in calendars]
    staff = sum(n * masks[k + 1] for k, n in enumerate(counts))
    wanted = staff >= need
    for k in range(2):
        if f"c{k}" in hours:
            wanted = wanted & masks[k]
    assert contains(plan.works(0), minutes).tolist() == wanted.tolist()


@pytest.mark.parametrize(
    ("waiting", "lowest"),
    [("{exponential: {mean: 3}}", 1), ("{uniform: {low: 0, high: 2}}", 1), ("0", 0), ("0.5", 0)],
)
def test_a_tolerance_that_is_drawn_turns_nobody_away_from_an_empty_queue(tmp_path, waiting, lowest):
    rows = "".join(f"2024-01-0{day}T{hour:02}:00:00\n" for day in (2, 3) for hour in range(10, 16))
    scenario = port(
        tmp_path, ("    route", f"    tolerance: {waiting}\n    route"),
        ("time: 2 h", "time: 5 min"), text=TEXT, old="arrival\n" + rows * 20,
    )  # fmt: skip
    drawn = plan_of(scenario).visit_tolerance
    assert drawn.min() == lowest
    assert lowest == 0 or (drawn > 1).any() or waiting.startswith("{uniform")
