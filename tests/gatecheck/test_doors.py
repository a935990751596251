"""When a stage is open, and when the works begun there tell of servers alone, by hand."""

import numpy as np

from portsim.held.doors import STEP_S, doors_of
from portsim.held.replayed import over, runs
from portsim.held.spans import window_of
from small_logs import came, csv, port


def doors(pair, text):
    scenario, log = pair(csv([(day, day, day) for day in came(14)]), text)
    window = window_of(log.trucks["arrival"].to_numpy(), "UTC", 86_400.0, None)
    plan, _ = next(runs(over(scenario, window, own=True), 1, 1))
    return doors_of(plan, window, [0])[0]


def hours(steps):
    """Hours of the first day at which a row of steps changes."""
    return (np.flatnonzero(np.diff(steps[: 86_400 // STEP_S])) + 1) * STEP_S / 3600


def test_calm_begins_with_the_day_and_ends_an_hour_before_it_does(pair) -> None:
    door = doors(pair, port(hours="08:00-12:00, 13:00-18:00", servers=2))
    assert hours(door.open).tolist() == [8, 12, 13, 18]
    # The last step from which an hour lies before the closing is the one of 10:55.
    assert hours(door.calm).tolist() == [8, 11, 13, 17]
    assert ((door.opens - door.opens[0]) % 86_400).tolist()[:4] == [0, 5 * 3600] * 2


def test_where_some_leave_nothing_is_told_until_their_works_are_done(pair) -> None:
    text = port(servers=2, work="90 min").replace(
        "servers: {capacity: 2, calendar: day}",
        "servers: {roster: [{calendar: day, count: 2}, {calendar: early, count: 1}]}",
    )
    text = text.replace("resources:", '  early: {hours: "08:00-12:00"}\nresources:')
    door = doors(pair, text)
    # Three from 8 on, two from 12 on; who leaves then is done by 13:30.
    assert hours(door.calm).tolist() == [8, 11, 13 + 35 / 60, 17]
