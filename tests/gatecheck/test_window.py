"""The days over which a log is held: how early its trucks come, so that the port is as full."""

import datetime as dt

import numpy as np

from portsim.held.spans import window_of

DAY_S = 86_400
MONDAY = 1_740_960_000
"""2025-03-03 00:00 UTC."""
LAST_WEEK = (dt.date(2025, 3, 24), dt.date(2025, 3, 30))


def came(days=28, a_day=24):
    """A truck an hour for four weeks."""
    return MONDAY + np.arange(days * a_day) * (DAY_S / a_day)


def days_of(left, *, first=LAST_WEEK):
    return window_of(came(), "UTC", float(DAY_S), first, left=left).warm_up_days


def test_a_port_that_is_empty_at_night_is_warmed_up_by_a_week():
    assert days_of(came() + 3600) == 7
    assert window_of(came(), "UTC", float(DAY_S), LAST_WEEK).warm_up_days == 7


def test_a_port_that_fills_for_weeks_is_filled_by_all_of_them():
    """After d days those of the last d / 4 are inside: more than half a day's from day 2 on."""
    assert days_of(MONDAY + (came() - MONDAY) * 4 / 3 + 1800) == 21 - 2


def test_a_port_that_was_empty_in_the_second_week_is_filled_from_then_on():
    # At midnight of the 12th day those of the last half day are inside, a day later two thirds.
    since = came() - MONDAY
    stay = np.where(since < 10 * DAY_S, 3600, 3600 + (since - 10 * DAY_S) / 3)
    assert days_of(came() + stay) == 9


def test_a_log_that_has_no_week_before_warms_nothing_up():
    first = dt.date(2025, 3, 6), dt.date(2025, 3, 30)
    assert days_of(came() + 20 * DAY_S, first=first) == 0
