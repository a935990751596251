"""Hours and servers told from stamps, of ports of which they are known."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from known_stage import DAY, MONDAY, ZONE, port, slots
from portsim.fitting.likelihood import Evidence
from portsim.fitting.rosters import rosters
from portsim.fitting.weeks import Clock, Span, of_row, row_of, tidy
from portsim.fitting.work import fitted, work_law
from portsim.held.starts import EVENLY


def day_and_lunch(day):
    return [(8, 12, 2), (13, 18, 2)] if day % 7 != 6 else []


def test_hours_lunch_the_closed_sunday_and_two_servers():
    evidence, _ = port(1, 42, day_and_lunch)
    (roster,) = rosters(evidence, ZONE)
    assert roster.week == (*[slots((8, 12, 2), (13, 18, 2))] * 6, ())
    assert not roster.pauses
    assert all(counted.sure for counted in roster.counted.values())
    assert np.nanmean(roster.works) == pytest.approx(480, rel=0.03)


def test_with_starts_stamped_it_is_told_as_well():
    evidence, starts = port(2, 42, day_and_lunch)
    stamped = Evidence(evidence.queue, starts, evidence.end, evidence.classes, evidence.step)
    (roster,) = rosters(stamped, ZONE)
    assert roster.week == (*[slots((8, 12, 2), (13, 18, 2))] * 6, ())


def test_work_that_rests_at_night_is_told_from_work_that_is_finished():
    evidence, _ = port(3, 42, lambda _: [(8, 18, 2)], mean=900.0, rate=60, pauses=True)
    (roster,) = rosters(evidence, ZONE)
    assert roster.pauses
    assert roster.week == (slots((8, 18, 2)),) * 7


def test_a_second_team_at_noon():
    evidence, _ = port(4, 42, lambda _: [(8, 11, 2), (11, 17, 4), (17, 20, 2)], rate=230)
    (roster,) = rosters(evidence, ZONE)
    # Those who go home at five finish what they began: the hand-over is told to five minutes.
    wanted = slots((8, 11, 2), (11, 17, 4), (17, 20, 2))
    assert [span.servers for span in roster.week[0]] == [2, 4, 2]
    edges = zip(roster.week[0], wanted, strict=True)
    assert all(abs(a.begin - b.begin) <= 1 and abs(a.end - b.end) <= 1 for a, b in edges)
    assert len(set(roster.week)) == 1


def test_an_officer_more_from_a_date_on():
    evidence, _ = port(5, 70, lambda day: [(8, 18, 2 if day < 30 else 3)], rate=110)
    before, after = rosters(evidence, ZONE)
    assert before.week == (slots((8, 18, 2)),) * 7
    assert after.week == (slots((8, 18, 3)),) * 7
    assert abs((after.first - dt.date(2025, 4, 2)).days) <= 2
    assert before.last + dt.timedelta(days=1) == after.first


def test_in_a_queue_of_days_the_date_is_that_of_the_servers_not_of_the_trucks():
    evidence, _ = port(10, 70, lambda day: [(8, 18, 2 if day < 35 else 3)], rate=165)
    before, after = rosters(evidence, ZONE)
    assert abs((after.first - dt.date(2025, 4, 7)).days) <= 2
    assert before.week == (slots((8, 18, 2)),) * 7
    assert after.week == (slots((8, 18, 3)),) * 7


def test_those_who_leave_at_five_finish_aside():
    evidence, _ = port(11, 60, lambda _: [(8, 11, 2), (11, 17, 4), (17, 20, 2)], rate=170,
                       mean=900.0)  # fmt: skip
    (roster,) = rosters(evidence, ZONE)
    assert [span.servers for span in roster.week[0]] == [2, 4, 2]
    edges = zip(roster.week[0], slots((8, 11, 2), (11, 17, 4), (17, 20, 2)), strict=True)
    assert all(abs(a.begin - b.begin) <= 1 and abs(a.end - b.end) <= 1 for a, b in edges)


def test_those_who_leave_in_a_queue_of_days_are_as_far_as_those_who_stay():
    # Seven are always at work when three of them leave, with works that have long to go.
    evidence, starts = port(12, 28, lambda _: [(8, 11, 4), (11, 17, 7), (17, 20, 4)], rate=105,
                            mean=2_400.0)  # fmt: skip
    stamped = Evidence(evidence.queue, starts, evidence.end, evidence.classes, evidence.step)
    (roster,) = rosters(stamped, ZONE)
    assert roster.handing == EVENLY
    assert [span.servers for span in roster.week[0]] == [4, 7, 4]
    edges = zip(roster.week[0], slots((8, 11, 4), (11, 17, 7), (17, 20, 4)), strict=True)
    assert all(abs(a.begin - b.begin) <= 1 and abs(a.end - b.end) <= 1 for a, b in edges)


def test_a_shorter_saturday():
    hours = {5: [(8, 13, 2)], 6: []}
    evidence, _ = port(6, 70, lambda day: hours.get(day % 7, [(8, 18, 2)]))
    (roster,) = rosters(evidence, ZONE)
    assert roster.week == (*[slots((8, 18, 2))] * 5, slots((8, 13, 2)), ())


def test_a_queue_that_never_empties_tells_as_much():
    evidence, _ = port(7, 42, lambda _: [(8, 18, 2)], rate=160)
    (roster,) = rosters(evidence, ZONE)
    assert roster.week == (slots((8, 18, 2)),) * 7


def test_round_the_clock():
    evidence, _ = port(8, 42, lambda _: [(0, 24, 1)], rate=140)
    (roster,) = rosters(evidence, ZONE)
    assert roster.week == (slots((0, 24, 1)),) * 7


def test_where_nobody_ever_waits_the_servers_are_not_told():
    evidence, _ = port(9, 28, lambda _: [(0, 24, 5)], rate=12, mean=120.0)
    (roster,) = rosters(evidence, ZONE)
    assert not any(counted.sure for counted in roster.counted.values())
    assert all(counted.low <= 5 <= counted.high or counted.open_end
               for counted in roster.counted.values())  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_a_truck_tells_hardly_anything(count):
    evidence, _ = port(1, 42, day_and_lunch)
    few = evidence.where(np.arange(len(evidence.queue)) < count)
    for roster in rosters(few, ZONE):
        assert not any(counted.sure for counted in roster.counted.values())


def test_a_clock_that_changes_moves_no_hour():
    # Berlin, 24 February to 6 April 2025: the hours are those of the wall clock.
    clock = Clock("Europe/Berlin", 1740355200.0, 1743900000.0)
    times, servers = clock.timeline(((Span(96, 216, 2),),) * 7)
    opened = times[servers > 0]
    day, slot = clock.slots(opened)
    assert set(slot.tolist()) == {96}
    assert len(set(day.tolist())) == len(clock.dates)


def test_patterns_and_rows_are_the_same():
    pattern = slots((8, 12, 2), (13, 17, 2), (17, 18, 1))
    assert of_row(row_of(pattern)) == pattern
    assert tidy([Span(0, 5, 1), Span(5, 9, 1), Span(9, 9, 4), Span(10, 12, 0)]) == (Span(0, 9, 1),)


@pytest.mark.parametrize(
    ("family", "draw", "cv"),
    [
        ("lognormal", lambda luck, n: 600 * np.exp(luck.normal(-0.32, 0.8, n)), 0.947),
        ("exponential", lambda luck, n: luck.exponential(600, n), 1.0),
        ("gamma", lambda luck, n: luck.gamma(11.1, 600 / 11.1, n), 0.3),
        ("uniform", lambda luck, n: luck.uniform(300, 900, n), 0.289),
        ("constant", lambda _, n: np.full(n, 600.0), 0.0),
    ],
)
def test_the_family_and_the_moments_of_work_times(family, draw, cv):
    seconds = draw(np.random.default_rng(4), 4000)
    begin = np.random.default_rng(5).uniform(0, 60, 4000)
    stamped = np.floor((begin + seconds) / 60) * 60 - np.floor(begin / 60) * 60
    law, n, interval = work_law(stamped, 60.0)
    assert law.family == family
    assert law.mean == pytest.approx(600, rel=0.04)
    assert law.cv == pytest.approx(cv, abs=0.06)
    assert interval["mean"][0] < law.mean < interval["mean"][1]
    assert n > 3700


def test_strays_do_not_move_the_work_times():
    luck = np.random.default_rng(1)
    seconds = np.concatenate([luck.gamma(4, 150, 2000), luck.uniform(10_000, 80_000, 30)])
    law = fitted(np.round(seconds / 60) * 60, np.zeros(2030, dtype=np.int64), 60.0).laws[0]
    assert law.mean == pytest.approx(600, rel=0.03)


def test_days_on_which_a_clock_may_have_been_off_do_not_tell_the_week():
    """An overloaded desk whose stamps are an hour late from the tenth day to the fourteenth."""
    evidence, _ = port(11, 28, lambda _: [(8, 20, 2)], rate=95, mean=900, cv=0.5)
    days = range(9, 14)
    late = np.isin((evidence.end - MONDAY) // DAY, days)
    wrong = replace(evidence, end=evidence.end + 3600.0 * late)
    dates = {dt.date(2025, 3, 3) + dt.timedelta(day): 3600 for day in days}
    (told,) = rosters(wrong, ZONE, moved=dates)
    assert set(told.week) == {slots((8, 20, 2))}
    assert told.exceptions == dict.fromkeys(dates, slots((9, 21, 2)))
    # Who only seems to have been off is told as everybody else.
    (right,) = rosters(evidence, ZONE, moved=dates)
    assert set(right.week) == {slots((8, 20, 2))}
    assert right.exceptions == {}
    assert len(right.works) == len(told.works) == len(evidence.queue)
