"""Days worked out on paper: shifts that overlap, and those that do not."""

import pytest

from engines.agreed import agreed
from plans import MINUTE, Day, Stage, Truck, Visit, at, servers
from portsim.engines import continued, leaving_at


def day(capacity, steps, leaving, *arrivals, minutes=60):
    """Officers with (second, capacity) steps and so many who leave then."""
    rows = None if leaving is None else [(at(second), count) for second, count in leaving]
    officer = servers(capacity, *((at(second), n) for second, n in steps), leaving=rows)
    coming = [
        Truck(at(arrival), [Visit("desk", minutes * MINUTE, {"officer": 1})])
        for arrival in arrivals
    ]
    return Day(at("23:00"), {"officer": officer}, {"desk": Stage()}, coming)


ARRIVALS = ["19:30", "19:40", "19:50"]


def test_without_overlap_the_next_shift_waits_for_what_the_old_one_has_in_hand(told):
    """Two by day and two by night, change at 20:00: no change of the capacity at all."""
    assert told(day(2, [], None, *ARRIVALS))[2] == "19:50 20:30 21:30 | released 21:30"


def test_with_overlap_the_next_shift_begins_at_once(told):
    """The two of the day finish their trucks until 20:30 and 20:40; the night takes the third at
    20:00 with one of its two, and whoever comes at 20:10 with the other; the next waits until
    21:00, for what is given back before that comes from those who have gone home."""
    made = day(2, [], [("20:00", 2)], *ARRIVALS, "20:10", "20:20")
    assert told(made) == [
        "19:30 19:30 20:30 | released 20:30",
        "19:40 19:40 20:40 | released 20:40",
        "19:50 20:00 21:00 | released 21:00",
        "20:10 20:10 21:10 | released 21:10",
        "20:20 21:00 22:00 | released 22:00",
    ]


def test_those_who_stay_take_over_as_much_as_they_can(told):
    """Three, of whom two leave at 20:00, one stays, and one more comes. Two trucks are in hand: one
    is taken over, one goes on beside; the one that comes takes the third truck."""
    made = day(3, [("20:00", 2)], [("20:00", 2)], "19:30", "19:40", "20:00", "20:10")
    assert told(made)[2:] == [
        "20:00 20:00 21:00 | released 21:00",
        # The first end, at 20:30, is that of who left; the second frees the one who stayed.
        "20:10 20:40 21:40 | released 21:40",
    ]


def test_whoever_ends_a_work_in_the_second_of_the_end_of_the_shift_goes_without(told):
    made = day(1, [], [("20:30", 1)], "19:30", "19:40")
    assert told(made)[1] == "19:40 20:30 21:30 | released 21:30"
    assert leaving_at(made.plan(), agreed(made), at("21:00")).tolist() == [0]


@pytest.mark.parametrize(
    ("second", "left"), [("20:00", 0), ("20:01", 2), ("20:30", 2), ("20:31", 1), ("20:41", 0)]
)
def test_a_state_knows_whose_shift_has_ended(second, left):
    made = day(2, [], [("20:00", 2)], *ARRIVALS, "20:10", "20:20")
    plan, log = made.plan(), agreed(made)
    assert leaving_at(plan, log, at(second)).tolist() == [left]
    rest, keep = continued(plan, log, at(second))
    assert agreed(rest).finished.tolist() == log.finished[keep].tolist()
