"""Days worked out on paper: who goes first, who turns away, who gives up, and where a day ends."""

import pytest

from plans import MINUTE, Day, Stage, Truck, Visit, at, budget, servers

END = at("12:00")


def desk(*trucks, stages=None, end=END, **resources):
    return Day(
        end,
        {"officer": servers(1), **resources},
        stages or {"desk": Stage()},
        trucks,
    )


def truck(clock, minutes=10, priority=0, **visit):
    visit.setdefault("take", {"officer": 1})
    return Truck(at(clock), [Visit("desk", minutes * MINUTE, **visit)], priority)


# ---- the order of a queue ----------------------------------------------------------------------


def test_the_smaller_priority_goes_first_and_never_interrupts(told):
    """At 08:00 an ordinary truck (1) is admitted, at 08:01 another queues, at 08:02 a truck with
    fruit (0). The fruit waits for the end of the work that has begun, then passes the other."""
    assert told(desk(truck("08:00", 10, 1), truck("08:01", 10, 1), truck("08:02", 10, 0))) == [
        "08:00 08:00 08:10 | released 08:10",
        "08:01 08:20 08:30 | released 08:30",
        "08:02 08:10 08:20 | released 08:20",
    ]


def test_priority_goes_by_the_truck_and_across_stages(told):
    """One officer serves two desks. At 08:10 the head of one has waited since 08:01, the head of
    the other, with the smaller priority, since 08:09: it goes first."""
    day = desk(
        truck("08:00", 10, 5),
        truck("08:01", 10, 5),
        Truck(at("08:09"), [Visit("other desk", 10 * MINUTE, {"officer": 1})], 2),
        stages={"desk": Stage(), "other desk": Stage()},
    )
    assert told(day)[1:] == [
        "08:01 08:20 08:30 | released 08:30",
        "08:09 08:10 08:20 | released 08:20",
    ]


def test_first_come_counts_from_joining_this_queue(told):
    """The first truck arrived first, but joins the desk from the gate at 08:05, after the second,
    which came straight at 08:04."""
    day = desk(
        Truck(at("08:00"), [Visit("gate", 5 * MINUTE), Visit("desk", MINUTE, {"officer": 1})]),
        truck("08:01", 9),
        truck("08:04", 9),
        stages={"gate": Stage(), "desk": Stage()},
    )
    assert told(day) == [
        "08:00 08:00 08:05 | 08:05 08:19 08:20 | released 08:20",
        "08:01 08:01 08:10 | released 08:10",
        "08:04 08:10 08:19 | released 08:19",
    ]


@pytest.mark.parametrize(
    ("overtaking", "small"),
    [
        (False, "08:02 08:20 08:30 | released 08:30"),
        (True, "08:02 08:02 08:12 | released 08:12"),
    ],
)
def test_a_small_need_passes_a_large_one_only_with_overtaking(told, overtaking, small):
    """Two lanes, one in use until 08:10. The truck of 08:01 needs both, the one of 08:02 needs one
    and finds it free: it passes where overtaking is allowed, and the large one then waits until
    08:12; otherwise it stays behind the large one."""
    day = Day(
        END,
        {"lane": servers(2)},
        {"desk": Stage(overtaking=overtaking)},
        [
            truck("08:00", take={"lane": 1}),
            truck("08:01", take={"lane": 2}),
            truck("08:02", take={"lane": 1}),
        ],
    )
    large = "08:12" if overtaking else "08:10"
    assert told(day)[1].startswith(f"08:01 {large} ")
    assert told(day)[2] == small


def test_overtaking_keeps_the_order_of_equal_needs(told):
    """No permit is left. Trucks that need none pass those that do, each kind in its own order."""
    day = desk(
        truck("08:00", 10, take={"officer": 1, "permit": 1}),
        truck("08:01", 10),
        truck("08:02", 10),
        truck("08:03", 10, take={"officer": 1, "permit": 1}),
        stages={"desk": Stage(overtaking=True)},
        permit=budget(0, at("08:15")),
    )
    day.resources["permit"].changes = [(at("08:15"), 2)]
    assert told(day) == [
        "08:00 08:21 08:31 | released 08:31",
        "08:01 08:01 08:11 | released 08:11",
        "08:02 08:11 08:21 | released 08:21",
        "08:03 08:31 08:41 | released 08:41",
    ]


def test_ties_go_by_truck_number(told):
    """Two trucks join the desk at 08:10:00. Truck 1 was admitted at its gate before truck 0 was at
    another, yet truck 0 goes first. Truck 2 arrives at that second and comes third."""
    day = desk(
        Truck(at("07:50"), [Visit("north", 10 * MINUTE), Visit("desk", MINUTE, {"officer": 1})]),
        Truck(at("07:51"), [Visit("south", 19 * MINUTE), Visit("desk", MINUTE, {"officer": 1})]),
        truck("08:10", 1),
        stages={"north": Stage([(at("08:00"), END)]), "south": Stage(), "desk": Stage()},
    )
    assert told(day) == [
        "07:50 08:00 08:10 | 08:10 08:10 08:11 | released 08:11",
        "07:51 07:51 08:10 | 08:10 08:11 08:12 | released 08:12",
        "08:10 08:12 08:13 | released 08:13",
    ]


# ---- the rounds of one second --------------------------------------------------------------------


def test_works_of_no_time_go_on_in_the_next_round_of_the_same_second(told):
    """Three stamps of 0 s, one officer for all of them: three trucks of 08:00 pass in one second,
    because the officer is given back and taken again round by round."""
    stamps = [Visit("desk", 0, {"officer": 1}) for _ in range(3)]
    day = desk(*[Truck(at("08:00"), stamps) for _ in range(3)])
    assert told(day) == [" | ".join(["08:00 08:00 08:00"] * 3 + ["released 08:00"])] * 3


def test_a_truck_that_comes_in_a_later_round_finds_the_token_taken(told):
    """The first truck passes a stamp of 0 s and joins the desk in the second round of 08:00:00; the
    second truck came straight and took the officer in the first round, although its number is
    larger."""
    day = desk(
        Truck(at("08:00"), [Visit("stamp", 0), Visit("desk", MINUTE, {"officer": 1})]),
        truck("08:00", 10),
        stages={"stamp": Stage(), "desk": Stage()},
    )
    assert told(day) == [
        "08:00 08:00 08:00 | 08:00 08:10 08:11 | released 08:11",
        "08:00 08:00 08:10 | released 08:10",
    ]


# ---- turning away ------------------------------------------------------------------------------


def test_a_truck_turns_away_from_a_queue_as_long_as_it_tolerates(told):
    """One is served and not counted, one waits. A truck that tolerates fewer than one waiting turns
    away at once, one that tolerates fewer than two stays; the next finds two and turns away."""
    day = desk(
        truck("08:00"),
        truck("08:01"),
        truck("08:02", tolerance=1),
        truck("08:03", tolerance=2),
        truck("08:04", tolerance=2),
    )
    assert told(day)[2:] == [
        "never never never | diverted 08:02",
        "08:03 08:20 08:30 | released 08:30",
        "never never never | diverted 08:04",
    ]


def test_turning_away_counts_before_the_admissions_of_the_round(told):
    """Three trucks come at 08:00:00 to a free officer, each turning away from one waiting truck.
    The first joins and is admitted in that second, but when the others look, it still waits."""
    assert told(desk(*[truck("08:00", tolerance=1)] * 3)) == [
        "08:00 08:00 08:10 | released 08:10",
        "never never never | diverted 08:00",
        "never never never | diverted 08:00",
    ]


def test_turning_away_counts_after_the_admissions_of_earlier_rounds(told):
    """The same, but the second truck passes a stamp of 0 s first: in its round the first is
    admitted, nobody waits, and it joins."""
    day = desk(
        truck("08:00", tolerance=1),
        Truck(at("08:00"), [Visit("stamp", 0), Visit("desk", MINUTE, {"officer": 1}, tolerance=1)]),
        stages={"stamp": Stage(), "desk": Stage()},
    )
    assert told(day)[1] == "08:00 08:00 08:00 | 08:00 08:10 08:11 | released 08:11"


def test_a_truck_that_tolerates_nobody_turns_away_from_an_empty_queue(told):
    """A tolerance of 0 is reached by an empty queue."""
    assert told(desk(truck("08:00", tolerance=0))) == ["never never never | diverted 08:00"]


def test_turning_away_counts_those_who_have_just_given_up_no_more(told):
    """The waiting truck gives up at 08:05:00; the truck that comes in that second does not see it
    and stays."""
    day = desk(truck("08:00"), truck("08:01", patience=4 * MINUTE), truck("08:05", tolerance=1))
    assert told(day)[1:] == [
        "08:01 never never | gave up 08:05",
        "08:05 08:10 08:20 | released 08:20",
    ]


# ---- giving up ---------------------------------------------------------------------------------


def test_patience_ends_before_the_admissions_of_its_second(told):
    """The officer is free at 08:10:00, and the patience of the truck of 08:05 ends then: it leaves.
    The truck of 08:06, with a second more, is served."""
    day = desk(
        truck("08:00"),
        truck("08:05", patience=5 * MINUTE),
        truck("08:06", patience=4 * MINUTE + 1),
    )
    assert told(day)[1:] == [
        "08:05 never never | gave up 08:10",
        "08:06 08:10 08:20 | released 08:20",
    ]


def test_patience_runs_while_the_stage_is_closed(told):
    """The desk opens at 08:00; a truck of 06:00 with an hour's patience is gone by then."""
    day = desk(
        truck("06:00", patience=60 * MINUTE),
        truck("06:30"),
        stages={"desk": Stage([(at("08:00"), END)])},
    )
    assert told(day) == [
        "06:00 never never | gave up 07:00",
        "06:30 08:00 08:10 | released 08:10",
    ]


def test_patience_is_for_waiting_not_for_work(told):
    """Admitted after four of its five minutes, a truck stays for all of its work."""
    assert told(desk(truck("08:00", 5), truck("08:01", 30, patience=5 * MINUTE)))[1] == (
        "08:01 08:05 08:35 | released 08:35"
    )


def test_patience_starts_anew_in_each_queue(told):
    """Ten minutes of patience at each of two desks: nine are spent at the first, nine more are
    bearable at the second."""
    day = Day(
        END,
        {"officer": servers(1), "inspector": servers(1)},
        {"desk": Stage(), "inspection": Stage()},
        [
            truck("08:00", 10),
            Truck(at("08:00"), [Visit("inspection", 20 * MINUTE, {"inspector": 1})]),
            Truck(
                at("08:01"),
                [
                    Visit("desk", MINUTE, {"officer": 1}, patience=10 * MINUTE),
                    Visit("inspection", MINUTE, {"inspector": 1}, patience=10 * MINUTE),
                ],
            ),
        ],
    )
    assert told(day)[2] == "08:01 08:10 08:11 | 08:11 08:20 08:21 | released 08:21"


@pytest.mark.parametrize(
    ("mood", "line"),
    [
        ({"patience": 10 * MINUTE}, "08:05 never never | gave up 08:15"),
        ({"tolerance": 1}, "never never never | diverted 08:05"),
    ],
)
def test_a_truck_that_leaves_gives_back_what_it_kept(told, mood, line):
    """The yard has one place. The second truck holds it, after the gate, while it queues for the
    officer; when it leaves from that queue, the place goes to the third in the same second."""

    def passing(clock, **mood):
        gate = Visit("gate", 0, {"place": 1}, give_out={})
        return Truck(
            at(clock), [gate, Visit("desk", MINUTE, {"officer": 1}, {}, {"place": 1}, **mood)]
        )

    day = desk(
        truck("08:00", 20),
        truck("08:01", 20),
        passing("08:05", **mood),
        Truck(at("08:05"), [Visit("gate", MINUTE, {"place": 1})]),
        stages={"gate": Stage(), "desk": Stage()},
        place=servers(1),
    )
    left = line[-5:]
    assert told(day)[2] == f"08:05 08:05 08:05 | {line}"
    assert told(day)[3].startswith(f"08:05 {left} ")


# ---- the end -----------------------------------------------------------------------------------


def test_nothing_happens_at_the_end_or_after_it(told):
    """The run is [0, 12:00). Work that ends at 12:00:00 is logged as unfinished, an admission that
    could be at 12:00:00 is not made, patience that ends then does not count; a second earlier all
    of it does."""
    day = desk(
        truck("11:00", 60),
        truck("11:30", patience=30 * MINUTE),
        truck("11:31", patience=29 * MINUTE - 1),
        Truck(at("11:59:59"), [Visit("stamp", 0), Visit("road", 1)]),
        Truck(at("11:59:59"), [Visit("late", 0)]),
        stages={
            "desk": Stage(),
            "stamp": Stage(),
            "road": Stage(),
            "late": Stage([(at("12:00"), at("13:00"))]),
        },
    )
    assert told(day) == [
        "11:00 11:00 never | inside",
        "11:30 never never | inside",
        "11:31 never never | gave up 11:59:59",
        "11:59:59 11:59:59 11:59:59 | 11:59:59 11:59:59 never | inside",
        "11:59:59 never never | inside",
    ]


def test_work_that_ends_in_the_last_second_counts(told):
    """Work begun at 11:50 that lasts 9 min 59 s is done at 11:59:59."""
    day = desk(truck("11:50", 10))
    day.trucks[0].visits[0].work -= 1
    assert told(day) == ["11:50 11:50 11:59:59 | released 11:59:59"]


def test_a_truck_without_visits_passes_through(told):
    """A truck that has nothing to do is released in the second in which it arrives."""
    assert told(desk(Truck(at("08:00"), []), truck("08:00"), Truck(at("08:01"), []))) == [
        "released 08:00",
        "08:00 08:00 08:10 | released 08:10",
        "released 08:01",
    ]


def test_a_day_without_trucks(told):
    """An empty day has an empty log."""
    assert told(desk()) == []


def test_a_circular_wait_stays_where_it_is(told):
    """The first truck holds the lane and wants the desk, the second holds the desk and wants the
    lane: neither ever goes on, and the log leaves both where they are."""

    def crossing(first, second):
        return Truck(
            at("08:00"),
            [
                Visit(first, MINUTE, {first: 1}, give_out={}),
                Visit(second, MINUTE, {second: 1}, {first: 1}),
            ],
        )

    day = Day(
        END,
        {"lane": servers(1), "desk": servers(1)},
        {"lane": Stage(), "desk": Stage()},
        [crossing("lane", "desk"), crossing("desk", "lane")],
    )
    assert told(day) == ["08:00 08:00 08:01 | 08:01 never never | inside"] * 2
