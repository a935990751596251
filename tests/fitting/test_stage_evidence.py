"""What a stage's stamps say beside hours: blanks, single dates, order, servers that fit alike."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from known_stage import DAY, MONDAY, ZONE, port, slots
from portsim.fitting.census import Counted, alternatives, census
from portsim.fitting.means import mean_of
from portsim.fitting.order import order_of
from portsim.fitting.rosters import rosters
from portsim.fitting.weeks import Span

WEEKDAYS = [(8, 18, 2)]


def open_weekdays(*, shut=(), worked=()):
    """Monday to Saturday, without some days and with some Sundays: days from 0."""
    return lambda day: WEEKDAYS if (day % 7 != 6 and day not in shut) or day in worked else []


def date(day):
    return dt.date(2025, 3, 3) + dt.timedelta(days=day)


def test_a_holiday_and_a_worked_sunday_are_dates_of_the_calendar():
    evidence, _ = port(21, 56, open_weekdays(shut={16}, worked={34}), rate=55)
    (roster,) = rosters(evidence, ZONE)
    assert roster.week == (*[slots((8, 18, 2))] * 6, ())
    assert dict(roster.exceptions) == {date(16): (), date(34): slots((8, 18, 2))}
    # The queue of the holiday is served the day after, not held for a day.
    assert np.nanmax(roster.works) < 7200


def test_a_day_that_was_lost_is_no_holiday():
    evidence, _ = port(21, 56, open_weekdays(shut={16}), rate=55)
    (roster,) = rosters(evidence, ZONE, lost={date(16)})
    assert not roster.exceptions


def test_no_day_is_a_holiday_where_nobody_came():
    evidence, _ = port(22, 56, open_weekdays(), rate=55)
    day = (evidence.queue - MONDAY) // DAY
    (roster,) = rosters(evidence.where((day < 16) | (day > 16)), ZONE)
    assert not roster.exceptions


@pytest.mark.parametrize("lacking", ["end", "queue"])
def test_a_server_whose_truck_has_no_stamp_is_busy_all_the_same(lacking):
    evidence, _ = port(23, 70, lambda _: [(8, 18, 2)], rate=65)
    luck = np.random.default_rng(1)
    blank = luck.random(len(evidence.queue)) < 0.06
    end = np.where(blank, np.nan, evidence.end) if lacking == "end" else evidence.end
    (roster,) = rosters(replace(evidence, end=end, blank=blank), ZONE)
    assert roster.week == (slots((8, 18, 2)),) * 7
    assert np.isnan(roster.works[blank]).all()
    (left_out,) = rosters(evidence.where(~blank), ZONE)

    def mean(each):
        there = np.isfinite(each.works)
        return mean_of(each.works[there], each.opened[there], 60.0, stamped=False)

    assert mean(roster)[1][0] <= 480 <= mean(roster)[1][1]
    assert abs(mean(roster)[0] - 480) < abs(mean(left_out)[0] - 480)


def test_who_is_served_before_whom():
    evidence, starts = port(24, 28, lambda _: [(8, 18, 2)], rate=72)
    stamped = replace(evidence, start=starts, classes=np.arange(len(starts)) % 2)
    order = order_of(rosters(stamped, ZONE), ["empty", "loaded"], ZONE)
    assert (order.overtaking, order.note) == (0, "")
    # Empty trucks go before those that came up to two hours earlier.
    early = np.where(stamped.classes == 0, np.maximum(evidence.queue, starts - 7200), starts)
    first = replace(stamped, start=early, end=early + (evidence.end - starts))
    order = order_of(rosters(first, ZONE), ["empty", "loaded"], ZONE)
    assert order.overtaking > 0.1 * order.n
    assert order.note.startswith("empty before loaded")


def test_hours_in_which_nobody_waits_are_a_part_of_their_own():
    # Only what happens until 17:00 tells the number; after that any number does.
    def fits(spans):
        told = {slot: span.servers for span in spans for slot in range(span.begin, span.end)}
        return all(told.get(slot) == 3 for slot in range(96, 204))

    counted = census((Span(96, 228, 3),), fits)
    assert counted == {
        Span(96, 204, 3): Counted(3, 3, False),
        Span(204, 228, 3): Counted(1, 11, True),
    }


def test_servers_that_fit_alike_change_together_and_within_their_ranges():
    counted = {(0, Span(96, 204, 3)): Counted(3, 3, False),
               (0, Span(204, 228, 3)): Counted(2, 5, False)}  # fmt: skip
    week = (slots((8, 19, 3)), *[()] * 6)
    told = alternatives(week, counted)
    assert sorted(told) == [-1, 1, 2]
    assert told[-1][0] == slots((8, 17, 3), (17, 19, 2))
    assert told[2][0] == slots((8, 17, 3), (17, 19, 5))


@pytest.mark.parametrize("stamped", [False, True])
def test_who_was_elsewhere_until_shortly_before_holds_no_server(stamped):
    # One in a hundred seems to have queued hours before, at a stage whose stamp is missing.
    evidence, starts = port(25, 56, lambda _: [(0, 24, 1)], rate=140)
    luck = np.random.default_rng(2)
    elsewhere = luck.random(len(starts)) < 0.01
    away = np.where(elsewhere, luck.uniform(1, 8, len(starts)) * 3600, 0.0)
    queue = np.floor((evidence.queue - away) / 60) * 60
    order = np.lexsort((evidence.end, queue))
    soiled = replace(evidence, queue=queue, start=starts if stamped else evidence.start)
    (roster,) = rosters(soiled.where(order), ZONE)
    assert roster.week == (slots((0, 24, 1)),) * 7
    assert all(each.sure for each in roster.counted.values())
    there = np.isfinite(roster.works)
    low, high = mean_of(roster.works[there], roster.opened[there], 60.0, stamped=stamped)[1]
    assert low <= 480 <= high


@pytest.mark.parametrize("stamped", [False, True])
def test_an_end_that_is_weeks_late_holds_no_server(stamped):
    evidence, starts = port(26, 56, lambda _: [(8, 18, 1)], rate=60)
    late = np.random.default_rng(3).choice(len(starts), 4, replace=False)
    end = evidence.end.copy()
    end[late] += 16 * DAY
    soiled = replace(evidence, end=end, start=starts if stamped else evidence.start)
    (roster,) = rosters(soiled, ZONE)
    assert roster.week == (slots((8, 18, 1)),) * 7
    assert roster.follows > 0.98


def test_who_keeps_others_from_beginning_before_they_ended_was_not_there():
    # An hour or two are no longer than some works, but others cannot have waited for it.
    evidence, _ = port(27, 56, lambda _: [(8, 18, 3)], rate=150, cv=1.0)
    luck = np.random.default_rng(4)
    away = np.where(luck.random(len(evidence.queue)) < 0.01, luck.uniform(3600, 7200), 0.0)
    queue = np.floor((evidence.queue - away) / 60) * 60
    soiled = replace(evidence, queue=queue).where(np.lexsort((evidence.end, queue)))
    (roster,) = rosters(soiled, ZONE)
    assert roster.week == (slots((8, 18, 3)),) * 7
    assert roster.follows > 0.98
