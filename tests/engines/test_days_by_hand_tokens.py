"""Days worked out on paper: servers, rosters, budgets, stores, and tokens kept for long."""

from plans import MINUTE, Day, Stage, Truck, Visit, at, budget, servers, store

END = at("00:00+3")


def one_stage(resources, *arrivals_and_minutes, take=None):
    """One desk that never closes, where each truck takes one of every resource."""
    take = take or dict.fromkeys(resources, 1)
    trucks = [
        Truck(at(arrival), [Visit("desk", minutes * MINUTE, take)])
        for arrival, minutes in arrivals_and_minutes
    ]
    return Day(END, resources, {"desk": Stage()}, trucks)


def test_a_smaller_roster_lets_work_go_on_and_starts_nothing_new(told):
    """Three officers until noon, then one. Three works run over noon and end at 12:10, 12:20 and
    12:30. The truck of 11:55 would find the one officer of the new shift at noon if the shift
    worked on top of the old one; but two are in use until 12:20, one until 12:30, then it goes."""
    officers = servers(3, (at("12:00"), 1))
    day = one_stage(
        {"officer": officers}, ("11:50", 20), ("11:50", 30), ("11:50", 40), ("11:55", 10)
    )
    assert told(day) == [
        "11:50 11:50 12:10 | released 12:10",
        "11:50 11:50 12:20 | released 12:20",
        "11:50 11:50 12:30 | released 12:30",
        "11:55 12:30 12:40 | released 12:40",
    ]


def test_a_new_shift_of_the_same_size_adds_nobody(told):
    """One officer hands over to another at noon, with a gap of one second in the roster: the work
    of 11:50 goes on to 12:10 and keeps its post until then."""
    officers = servers(1, (at("11:59:59"), 0), (at("12:00"), 1))
    assert told(one_stage({"officer": officers}, ("11:50", 20), ("11:55", 5))) == [
        "11:50 11:50 12:10 | released 12:10",
        "11:55 12:10 12:15 | released 12:15",
    ]


def test_a_roster_that_rises_below_what_is_in_use_adds_nobody(told):
    """Three at work at 11:50 until 12:30. The roster falls to none at 12:00 and is two at 12:10:
    still one too many at work, so the next truck waits for 12:30, when two go at once."""
    officers = servers(3, (at("12:00"), 0), (at("12:10"), 2))
    day = one_stage({"officer": officers}, *[("11:50", 40)] * 3, *[("11:55", 10)] * 3)
    assert told(day)[3:] == [
        "11:55 12:30 12:40 | released 12:40",
        "11:55 12:30 12:40 | released 12:40",
        "11:55 12:40 12:50 | released 12:50",
    ]


def test_a_stage_with_nobody_on_duty_is_open_and_waits_for_the_roster(told):
    """No officer at night; two from 08:00:00, and the trucks of the night start at that second."""
    officers = servers(0, (at("08:00"), 2))
    day = one_stage({"officer": officers}, ("03:00", 10), ("04:00", 10), ("05:00", 10))
    assert told(day) == [
        "03:00 08:00 08:10 | released 08:10",
        "04:00 08:00 08:10 | released 08:10",
        "05:00 08:10 08:20 | released 08:20",
    ]


def test_a_truck_needs_all_its_tokens_at_once(told):
    """Two lanes, but one officer until 08:05 and two after: a lane without an officer is idle. The
    truck that waits holds neither."""
    day = one_stage(
        {"lane": servers(2), "officer": servers(1, (at("08:05"), 2))},
        *[("08:00", 10)] * 3,
    )
    assert told(day) == [
        "08:00 08:00 08:10 | released 08:10",
        "08:00 08:05 08:15 | released 08:15",
        "08:00 08:10 08:20 | released 08:20",
    ]


def test_a_stage_that_needs_nothing_is_a_delay(told):
    """Four trucks drive the same ten minutes side by side."""
    day = one_stage({}, *[("08:00", 10)] * 4)
    assert told(day) == ["08:00 08:00 08:10 | released 08:10"] * 4


def test_a_blocking_chain_dissolves_in_one_second(told):
    """Gate, declaration and release have one place each, kept until the next stage admits. A is at
    the release until 08:30; B, at the declaration, is done at 08:15 and C, at the gate, at 08:20,
    and both stand; D queues at the gate. At 08:30 A leaves, and all three move up in that
    second."""

    def route(*minutes):
        gate, declaration, release = (m * MINUTE for m in minutes)
        return [
            Visit("gate", gate, {"lane": 1}, give_out={}),
            Visit("declaration", declaration, {"desk": 1}, give_in={"lane": 1}, give_out={}),
            Visit("release", release, {"bay": 1}, give_in={"desk": 1}),
        ]

    day = Day(
        END,
        {"lane": servers(1), "desk": servers(1), "bay": servers(1)},
        {"gate": Stage(), "declaration": Stage(), "release": Stage()},
        [
            Truck(at("08:00"), route(2, 3, 25)),
            Truck(at("08:01"), route(3, 10, 5)),
            Truck(at("08:02"), route(15, 10, 5)),
            Truck(at("08:03"), route(4, 10, 5)),
        ],
    )
    a, b, c, d = told(day)
    assert a == "08:00 08:00 08:02 | 08:02 08:02 08:05 | 08:05 08:05 08:30 | released 08:30"
    assert b == "08:01 08:02 08:05 | 08:05 08:05 08:15 | 08:15 08:30 08:35 | released 08:35"
    assert c == "08:02 08:05 08:20 | 08:20 08:30 08:40 | 08:40 08:40 08:45 | released 08:45"
    assert d == "08:03 08:30 08:34 | 08:34 08:40 08:50 | 08:50 08:50 08:55 | released 08:55"


def test_an_exchange_of_the_same_token_needs_no_second_one(told):
    """One bay serves both halves of a job and is kept between them: at 08:10 the truck gives its
    bay back and takes it again in one admission, ahead of the truck that waits for the bay."""
    day = Day(
        END,
        {"bay": servers(1)},
        {"unload": Stage(), "load": Stage()},
        [
            Truck(
                at("08:00"),
                [
                    Visit("unload", 10 * MINUTE, {"bay": 1}, give_out={}),
                    Visit("load", 10 * MINUTE, {"bay": 1}, give_in={"bay": 1}),
                ],
            ),
            Truck(at("08:01"), [Visit("unload", 5 * MINUTE, {"bay": 1})]),
        ],
    )
    assert told(day) == [
        "08:00 08:00 08:10 | 08:10 08:10 08:20 | released 08:20",
        "08:01 08:20 08:25 | released 08:25",
    ]


def test_a_shift_that_has_gone_cannot_be_exchanged_for(told):
    """The same bay, but it is struck off the roster at 08:05: work goes on, yet the second half is
    a new start and finds capacity 0 − 1 in use + 1 given back = 0, too little, until 08:30."""
    day = Day(
        END,
        {"bay": servers(1, (at("08:05"), 0), (at("08:30"), 1))},
        {"unload": Stage(), "load": Stage()},
        [
            Truck(
                at("08:00"),
                [
                    Visit("unload", 10 * MINUTE, {"bay": 1}, give_out={}),
                    Visit("load", 10 * MINUTE, {"bay": 1}, give_in={"bay": 1}),
                ],
            ),
        ],
    )
    assert told(day) == ["08:00 08:00 08:10 | 08:10 08:30 08:40 | released 08:40"]


def test_what_an_admission_frees_goes_to_the_smallest_key(told):
    """B keeps the only lane from the north gate, is done there at 08:05 and waits for a desk. A, at
    the north gate since 08:01, and C, at the south gate since 08:06, need the lane and a desk. At
    08:10 three desks are staffed: A is looked at first and lacks the lane; B goes and gives it
    back; now it is A's turn again, before C's."""
    both = {"lane": 1, "desk": 1}
    day = Day(
        END,
        {"lane": servers(1), "desk": servers(0, (at("08:10"), 3))},
        {"north": Stage(), "south": Stage(), "declaration": Stage()},
        [
            Truck(
                at("08:00"),
                [
                    Visit("north", 5 * MINUTE, {"lane": 1}, give_out={}),
                    Visit("declaration", 5 * MINUTE, {"desk": 1}, give_in={"lane": 1}),
                ],
            ),
            Truck(at("08:01"), [Visit("north", 5 * MINUTE, both)]),
            Truck(at("08:06"), [Visit("south", 5 * MINUTE, both)]),
        ],
    )
    assert told(day) == [
        "08:00 08:00 08:05 | 08:05 08:10 08:15 | released 08:15",
        "08:01 08:10 08:15 | released 08:15",
        "08:06 08:15 08:20 | released 08:20",
    ]


def test_a_token_kept_until_a_later_stage(told):
    """One escort car is taken at the gate and given back at the admission to the yard, two stages
    on. The second truck waits for it at the gate until 08:15, while the lane there is free."""

    def route():
        return [
            Visit("gate", 5 * MINUTE, {"escort": 1}, give_out={}),
            Visit("road", 10 * MINUTE),
            Visit("yard", 20 * MINUTE, give_in={"escort": 1}),
        ]

    day = Day(
        END,
        {"escort": servers(1)},
        {"gate": Stage(), "road": Stage(), "yard": Stage()},
        [Truck(at("08:00"), route()), Truck(at("08:00"), route())],
    )
    assert told(day) == [
        "08:00 08:00 08:05 | 08:05 08:05 08:15 | 08:15 08:15 08:35 | released 08:35",
        "08:00 08:15 08:20 | 08:20 08:20 08:30 | 08:30 08:30 08:50 | released 08:50",
    ]


def test_a_token_kept_until_the_exit(told):
    """The yard has one place from gate to exit: the second truck enters as the first drives out."""

    def route():
        return [
            Visit("gate", 5 * MINUTE, {"place": 1}, give_out={}),
            Visit("yard", 20 * MINUTE, give_out={"place": 1}),
        ]

    day = Day(
        END,
        {"place": servers(1)},
        {"gate": Stage(), "yard": Stage()},
        [Truck(at("08:00"), route()), Truck(at("08:10"), route())],
    )
    assert told(day) == [
        "08:00 08:00 08:05 | 08:05 08:05 08:25 | released 08:25",
        "08:10 08:25 08:30 | 08:30 08:30 08:50 | released 08:50",
    ]


def test_a_budget_is_set_at_midnight_and_leftovers_lapse(told):
    """Two permits a day. One is used on day 0 and the other lapses at midnight: day 1 has two, not
    three, and its third truck waits for the midnight that begins day 2."""
    permits = budget(2, at("00:00+1"), at("00:00+2"))
    day = one_stage({"permit": permits}, ("09:00", 5), *[("09:00+1", 5)] * 3)
    assert told(day) == [
        "09:00 09:00 09:05 | released 09:05",
        "09:00+1 09:00+1 09:05+1 | released 09:05+1",
        "09:00+1 09:00+1 09:05+1 | released 09:05+1",
        "09:00+1 00:00+2 00:05+2 | released 00:05+2",
    ]


def test_refill_and_capacity_step_in_one_second(told):
    """No permit is left and no officer on duty; at 08:00:00 two permits and three officers come,
    and an arrival too. Two trucks go in that second, for the permits; which of them is settled by
    who joined first, not by which change came first."""
    day = one_stage(
        {"officer": servers(0, (at("08:00"), 3)), "permit": budget(0)},
        *[("07:00", 10), ("07:30", 10), ("08:00", 10)],
    )
    day.resources["permit"].changes = [(at("08:00"), 2)]
    assert told(day) == [
        "07:00 08:00 08:10 | released 08:10",
        "07:30 08:00 08:10 | released 08:10",
        "08:00 never never | inside",
    ]


def test_a_work_that_ends_as_the_roster_falls_frees_nobody(told):
    """Two officers until 12:00, then one. One of the two works ends at 12:00:00: that second one is
    still in use and one on duty, so the next truck waits for 12:10."""
    officers = servers(2, (at("12:00"), 1))
    assert told(one_stage({"officer": officers}, ("11:50", 10), ("11:50", 20), ("11:55", 5))) == [
        "11:50 11:50 12:00 | released 12:00",
        "11:50 11:50 12:10 | released 12:10",
        "11:55 12:10 12:15 | released 12:15",
    ]


def test_two_sides_find_each_other_through_stores(told):
    """A Chinese trailer is met by a Kazakh tractor: each side reports in at its first stage, which
    offers its own token, and waits at its second, which spends the other's; neither takes time.
    Trailers come at 08:00 and 08:10, tractors at 09:00 and 10:00: the pairs leave at 09:00 and
    10:00, first come first served, each pair in one second."""

    def trailer(clock):
        return Truck(
            at(clock),
            [
                Visit("report trailer", 0, give_out={"trailer": 1}),
                Visit("await tractor", 0, {"tractor": 1}),
            ],
        )

    def tractor(clock):
        return Truck(
            at(clock),
            [
                Visit("report tractor", 0, give_out={"tractor": 1}),
                Visit("await trailer", 0, {"trailer": 1}),
            ],
        )

    stages = ["report trailer", "await tractor", "report tractor", "await trailer"]
    day = Day(
        END,
        {"trailer": store(), "tractor": store()},
        {name: Stage() for name in stages},
        [trailer("08:00"), trailer("08:10"), tractor("09:00"), tractor("10:00")],
    )
    assert told(day) == [
        "08:00 08:00 08:00 | 08:00 09:00 09:00 | released 09:00",
        "08:10 08:10 08:10 | 08:10 10:00 10:00 | released 10:00",
        "09:00 09:00 09:00 | 09:00 09:00 09:00 | released 09:00",
        "10:00 10:00 10:00 | 10:00 10:00 10:00 | released 10:00",
    ]
