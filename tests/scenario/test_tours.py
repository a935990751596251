"""Turns of shifts by hand: who begins what on which weekday, how long, for how much."""

from itertools import pairwise

import numpy as np
import pytest

from portsim.scenario.shifts import People
from portsim.scenario.tours import Shift, tours_of

H = 3600
WORDS = {"posts": ["lanes"], "starts": "08:00", "lengths": ["8 h"], "wage": "10 CNY"}


def turns(**words):
    return tours_of("staff", People.model_validate({**WORDS, **words}))


def test_five_on_two_off_has_seven_turns_of_one_person():
    made = turns(patterns="5 on 2 off")
    assert len(made) == 7
    for number, tour in enumerate(made):
        days = {day for (day, _), count in tour.duty.items() if count == 1}
        assert days == {(number + k) % 7 for k in range(5)}
        assert (tour.persons, tour.hours, tour.cost) == (1, 40.0, 400.0)


def test_twelve_on_twenty_four_off_takes_three_people_round_the_clock():
    (tour,) = turns(patterns="12 h on 24 off", lengths=["12 h"])
    assert tour.persons == 3
    assert tour.hours == 56.0  # 168 h are shared by three
    assert {(day, shift.start // H) for day, shift in tour.duty} == {
        (day, hour) for day in range(7) for hour in (8, 20)
    }
    assert tour.cost == 1680.0


def test_a_day_on_three_off_takes_four_people():
    (tour,) = turns(patterns="24 h on 72 off", lengths=["24 h"])
    assert (tour.persons, tour.hours, len(tour.duty)) == (4, 42.0, 7)


def test_four_on_four_off_takes_eight_people_of_whom_four_are_there_each_day():
    (tour,) = turns(patterns="4 on 4 off")
    assert tour.persons == 8
    assert set(tour.duty.values()) == {4}
    assert tour.hours == 28.0  # 3.5 days of 8 h


@pytest.mark.parametrize("pattern", ["5 on 2 off", "4 on 4 off", "10 on 4 off", "3 on 2 off",
                                     "12 h on 36 off", "12 h on 24 off",
                                     "24 h on 72 off"])  # fmt: skip
def test_a_turn_is_that_of_people_who_work_it_one_after_the_other(pattern):
    """Each of them is followed hour by hour over many weeks; together every week is the same."""
    length = "8 h" if " h on" not in pattern else pattern.partition(" on")[0]
    on, off = (int(word) for word in pattern.split() if word.isdigit())
    for tour in turns(patterns=pattern, lengths=[length]):
        unit = 1 if " h on" in pattern else 24
        cycle = (on + off) * unit
        weeks = tour.persons * cycle // np.gcd(cycle, 168)
        starts = np.zeros((weeks, 168), dtype=int)
        first = min((day * 24 + shift.start // H) for day, shift in tour.duty)
        hours_of_one = 0
        step = np.gcd(cycle, 168)
        # The first of them may begin his turn on any day; one of these must give the week.
        found = []
        for phase in range(8, 8 + cycle, 24 if unit == 24 else 1):
            starts[:] = 0
            for who in range(tour.persons):
                for hour in range(weeks * 168):
                    into = (hour - phase - who * step) % cycle
                    begins = into % 24 == 0 and into < on * unit if unit == 24 else into == 0
                    if begins:
                        starts[hour // 168, hour % 168] += 1
                        hours_of_one += who == 0
            if all((a == b).all() for a, b in pairwise(starts)):
                found.append(starts[0].copy())
        wanted = np.zeros(168, dtype=int)
        for (day, shift), count in tour.duty.items():
            wanted[day * 24 + shift.start // H] = count
        assert wanted[first] > 0
        assert any((week == wanted).all() for week in found)


def test_breaks_take_people_from_the_post_and_unpaid_ones_from_the_wage():
    made = turns(
        patterns="Mon", breaks=[{"after": ["3 h", "4 h"], "lasts": "30 min", "paid": False}]
    )
    assert len(made) == 2
    ((_, shift),) = made[0].duty
    assert shift.spans == ((8 * H, 11 * H), (11 * H + 1800, 16 * H))
    assert shift.answering == shift.spans
    assert (made[0].hours, made[0].cost) == (7.5, 75.0)
    open_break = Shift(8 * H, 8 * H, ((3 * H, 1800, False, True),))
    assert open_break.answering == ((8 * H, 16 * H),)
    assert open_break.spans == shift.spans


def test_night_weekend_and_overtime_are_paid_more_and_the_dearer_of_two_counts():
    night = {"night": {"times": 1.5}, "weekend": {"times": 2}}
    made = {tour.pattern: tour for tour in turns(patterns=["Fri", "Sun"], starts="20:00", **night)}
    # Friday: two hours by day, two of the night of Friday, four hours of Saturday, double.
    assert made["Fri"].cost == 10 * (2 + 2 * 1.5 + 4 * 2)
    # Sunday: four hours double, four of the night of Monday.
    assert made["Sun"].cost == 10 * (4 * 2 + 4 * 1.5)
    (long,) = turns(patterns="Mon-Sat", overtime={"over": "40 h", "times": 1.5})
    assert long.cost == 10 * (48 + 8 * 0.5)
