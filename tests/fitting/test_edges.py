"""How far the edges of a stage's hours may lie: as far as no truck tells otherwise."""

import numpy as np
import pytest

from known_stage import DAY, MONDAY, ZONE, slots
from portsim.fitting.edges import trimmed
from portsim.fitting.hours_and_servers import price, without_short_breaks
from portsim.fitting.likelihood import Evidence
from portsim.fitting.rosters import rosters
from portsim.fitting.weeks import SLOTS


def waits(*trucks):
    """Log likelihood of hours by hand: trucks that came and began at these hours of the day."""

    def told(pattern):
        away = 0.0
        for came, began in trucks:
            after = [max(span.begin, came * 12) for span in pattern if span.end > came * 12]
            away += abs(min(after, default=2 * SLOTS) - began * 12)
        return -away

    return told


def test_edges_lie_as_far_out_as_nobody_waits_for_them():
    # Found open from half past eight to half past five: who came at nine and at four was served
    # at once, and nobody came before or later.
    pattern, limits = trimmed(slots((8.5, 17.5, 1)), waits((9, 9), (16, 16)))
    assert pattern == slots((9, 16.5, 1))
    assert limits == {108: (0, 108), 198: (193, 288)}


def test_an_edge_that_somebody_waits_for_lies_where_it_is():
    pattern, limits = trimmed(slots((8, 12, 2), (13, 18, 2)), waits((7, 8), (11, 11), (12.25, 13)))
    assert [span.begin for span in pattern] == [96, 156]
    assert limits[96] == (96, 96)
    assert limits[156] == (156, 156)
    # The closing before lunch: after eleven, and before who came at a quarter past twelve.
    assert limits[pattern[0].end] == (133, 147)


def test_nobody_for_a_while_is_no_reason_to_close_at_midnight():
    pattern, limits = trimmed(slots((0, 24, 1)), waits((0.5, 0.5), (23.75, 23.75)))
    assert pattern == slots((0, 24, 1))
    assert limits == {0: (0, 6), 288: (286, 288)}
    # Of more than an hour nobody knows: it is drawn in.
    pattern, limits = trimmed(slots((0, 24, 1)), waits((1.5, 1.5), (23.75, 23.75)))
    assert pattern == slots((1.5, 24, 1))
    assert limits[18] == (0, 18)


def test_a_break_at_midnight_costs_as_much_as_one_at_noon():
    at_noon = price(slots((0, 12, 1), (12.5, 24, 1)))
    assert price(slots((0.5, 24, 1))) == price(slots((0, 23.5, 1))) == at_noon
    assert price(slots((0, 24, 1))) < at_noon
    assert price(slots((6, 22, 1))) == price(slots((0, 24, 1)))


def test_a_break_of_less_than_half_an_hour_is_none():
    assert without_short_breaks(slots((8, 12, 3), (12.25, 18, 2))) == slots(
        (8, 12.25, 3), (12.25, 18, 2)
    )
    lunch = slots((8, 12, 3), (12.5, 18, 2))
    assert without_short_breaks(lunch) == lunch


@pytest.mark.parametrize("early", [False, True])
def test_limits_of_a_stage_that_the_one_before_feeds_for_part_of_its_hours(early):
    """Open from eight to eight; trucks come in twos each half hour from nine to four, ten minutes
    of work each. A truck that comes at half past seven each day tells when it opens."""
    hours = np.repeat(np.arange(9, 16, 0.5), 2)
    queue, end = hours * 3600, hours * 3600 + np.tile([600.0, 1200.0], len(hours) // 2)
    if early:
        queue, end = np.append(7.5 * 3600, queue), np.append(8 * 3600 + 600.0, end)
    days = MONDAY + DAY * np.arange(28)[:, None]
    queue, end = (days + queue).ravel(), (days + end).ravel()
    count = len(queue)
    evidence = Evidence(queue, np.full(count, np.nan), end, np.zeros(count, dtype=int), 60.0)
    (roster,) = rosters(evidence, ZONE)
    (opens, *_, closes) = (edge for span in roster.week[0] for edge in span[:2])
    low, high = roster.limits[0, opens]
    assert low <= 96 <= high
    assert (low == high) is early
    assert roster.limits[0, closes][1] >= 240


def test_a_weekday_that_borrows_its_hours_from_others_says_so():
    """Each day a truck waits at half past seven for eight o'clock, then trucks come in twos each
    half hour, ten minutes of work each, on Saturdays until noon, else until half past six: whether
    it closes at seven on Saturdays as well, no truck tells."""
    rows = []
    for day in (day for day in range(28) if day % 7 != 6):
        midnight = MONDAY + DAY * day
        rows.append((midnight + 7.5 * 3600, midnight + 8 * 3600 + 600.0))
        for hour in np.arange(8.5, 12.5 if day % 7 == 5 else 19, 0.5):
            second = midnight + 3600 * hour
            rows += [(second, second + 600.0), (second, second + 1200.0)]
    queue, end = np.array(sorted(rows)).T
    count = len(queue)
    evidence = Evidence(queue, np.full(count, np.nan), end, np.zeros(count, dtype=int), 60.0)
    (roster,) = rosters(evidence, ZONE)
    assert [bool(pattern) for pattern in roster.week] == [True] * 6 + [False]
    assert roster.week[5] == roster.week[0]
    assert roster.groups() == [[0, 1, 2, 3, 4], [5]]
    closes = roster.week[0][-1].end
    assert roster.limits[0, closes][0] >= 18 * 12
    assert roster.limits[5, closes][0] <= 12.5 * 12
    assert not roster.surely(5, roster.week[5][-1])
    for day, sure in ((0, True), (5, False)):
        (afternoon,) = (part for part in roster.parts(day) if part.begin <= 16 * 12 < part.end)
        assert roster.counted[day, afternoon].sure is sure
