"""The ordinary week: what recurs, and hours in words."""

import numpy as np
import pytest

from portsim.calendars import WEEK_MIN, merge, recurring, week_in_words, zone

UTC, WARSAW = zone("UTC"), zone("Europe/Warsaw")
MONDAY = 1_704_067_200  # 2024-01-01 00:00 UTC
DAY, HOUR = 86_400, 3600


def week(*spans: tuple[int, float, float]) -> np.ndarray:
    """Minutes of a week from (weekday, hour, hour)."""
    minutes = np.zeros(WEEK_MIN, dtype=bool)
    for day, start, stop in spans:
        at = np.arange(round(day * 1440 + start * 60), round(day * 1440 + stop * 60))
        minutes[at % WEEK_MIN] = True
    return minutes


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (week(), "never"),
        (week((0, 0, 168)), "round the clock"),
        (week(*((day, 10, 22) for day in range(7))), "daily 10:00-22:00"),
        (
            week(*((day, *span) for day in range(5) for span in ((8, 13), (14, 20))), (5, 9, 12.5)),
            "Mon-Fri 08:00-13:00, 14:00-20:00; Sat 09:00-12:30",
        ),
        (week(*((day, 22, 30) for day in range(7))), "daily 22:00-06:00"),
        (week((6, 22, 30)), "Sun 22:00-06:00"),
        (week((0, 8, 9), (2, 8, 9), (3, 8, 9)), "Mon, Wed-Thu 08:00-09:00"),
        (week((0, 0, 120)), "Mon-Fri 00:00-24:00"),
        (week((0, 8, 56)), "Mon 08:00-24:00; Tue 00:00-24:00; Wed 00:00-08:00"),
        (week((1, 0, 24)), "Tue 00:00-24:00"),
    ],
)
def test_hours_in_words(minutes, words):
    assert week_in_words(minutes) == words


def test_what_comes_in_most_weeks_recurs_and_a_single_day_does_not():
    """Four weeks of Mondays 8 to 10, the third shut; and one Tuesday."""
    rows = [(MONDAY + 7 * DAY * k + 8 * HOUR, MONDAY + 7 * DAY * k + 10 * HOUR) for k in (0, 1, 3)]
    rows.append((MONDAY + DAY, MONDAY + 2 * DAY))
    found = recurring(merge(rows), MONDAY, MONDAY + 28 * DAY, UTC)
    assert week_in_words(found) == "Mon 08:00-10:00"


def test_the_clock_is_that_of_the_place():
    """8 to 10 in Warsaw is 7 to 9 UTC in winter and 6 to 8 in summer."""
    days = np.arange(7 * 30) * DAY + MONDAY
    summer = days >= 1_711_846_800  # 31 March 2024, 01:00 UTC
    start = days + 7 * HOUR - HOUR * summer
    open_ = np.column_stack([start, start + 2 * HOUR])
    found = recurring(open_, MONDAY, MONDAY + 210 * DAY, WARSAW)
    assert week_in_words(found) == "daily 08:00-10:00"


def test_less_than_a_week_knows_only_its_own_days():
    open_ = merge([(MONDAY + 8 * HOUR, MONDAY + 10 * HOUR)])
    assert week_in_words(recurring(open_, MONDAY, MONDAY + 2 * DAY, UTC)) == "Mon 08:00-10:00"
