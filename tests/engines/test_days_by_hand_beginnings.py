"""Days worked out on paper: ports that are not empty when the run begins."""

from engines.agreed import agreed
from plans import MINUTE, Day, Stage, Truck, Visit, at, budget, servers, store
from portsim.engines import levels_at


def inside(arrival, *visits, past, **more):
    """A truck inside at the beginning; `past` as clock times, one text a visit."""
    seconds = [tuple(at(clock) for clock in times.split()) for times in past]
    return Truck(at(arrival), visits, past=seconds, **more)


def desk(minutes, take=None, **more):
    return Visit("desk", round(minutes * MINUTE), {"officer": 1} if take is None else take, **more)


def test_an_empty_port_begins_as_any_other(told):
    """It begins at 10:00 with nobody inside: the truck of 10:05 goes at once."""
    day = Day(at("18:00"), {"officer": servers(1)}, {"desk": Stage()}, [], begins=at("10:00"))
    day.trucks = [Truck(at("10:05"), [desk(30)])]
    assert told(day) == ["10:05 10:05 10:35 | released 10:35"]


def test_a_full_port_goes_on_with_who_works_and_then_with_who_waits_longest(told):
    """One officer, at work since 09:50 with a truck of 30 minutes: free at 10:20. Two wait, since
    09:30 and 09:40; the one that comes at 10:00 stands behind them."""
    day = Day(
        at("18:00"),
        {"officer": servers(1)},
        {"desk": Stage()},
        [
            inside("09:30", desk(10), past=["09:30"]),
            inside("09:35", desk(30), past=["09:35 09:50"]),
            inside("09:40", desk(10), past=["09:40"]),
            Truck(at("10:00"), [desk(10)]),
        ],
        begins=at("10:00"),
    )
    assert told(day) == [
        "09:30 10:20 10:30 | released 10:30",
        "09:35 09:50 10:20 | released 10:20",
        "09:40 10:30 10:40 | released 10:40",
        "10:00 10:40 10:50 | released 10:50",
    ]


def test_whoever_waits_beside_a_free_officer_goes_in_the_first_second(told):
    """Two officers and one at work: a list made by hand has one waiting all the same. At 10:00
    it goes, before the truck that comes at that second."""
    day = Day(
        at("18:00"),
        {"officer": servers(2)},
        {"desk": Stage()},
        [
            inside("09:00", desk(90), past=["09:00 09:00"]),
            inside("09:40", desk(10), past=["09:40"]),
            Truck(at("10:00"), [desk(10)]),
        ],
        begins=at("10:00"),
    )
    assert told(day)[1:] == [
        "09:40 10:00 10:10 | released 10:10",
        "10:00 10:10 10:20 | released 10:20",
    ]


def test_a_port_that_is_shut_at_the_beginning_opens_to_those_who_stand_before_it(told):
    """The desk is open from 08:00 to 18:00 and the run begins at 20:00. Of 60 minutes of work
    begun at 17:30, 30 are left for the morning; the officer is bound until 08:30."""
    hours = [(at("08:00"), at("18:00")), (at("08:00+1"), at("18:00+1"))]
    day = Day(
        at("00:00+2"),
        {"officer": servers(1)},
        {"desk": Stage(hours, pause=True)},
        [
            inside("17:00", desk(60), past=["17:00 17:30"]),
            inside("17:40", desk(15), past=["17:40"]),
            Truck(at("21:00"), [desk(15)]),
        ],
        begins=at("20:00"),
    )
    assert told(day) == [
        "17:00 17:30 08:30+1 | released 08:30+1",
        "17:40 08:30+1 08:45+1 | released 08:45+1",
        "21:00 08:45+1 09:00+1 | released 09:00+1",
    ]


def test_what_should_have_ended_before_the_beginning_ends_at_it(told):
    """Somebody writes that work of 30 minutes has gone on for an hour: it ends at 10:00."""
    day = Day(
        at("18:00"),
        {"officer": servers(1)},
        {"desk": Stage()},
        [
            inside("09:00", desk(30), past=["09:00 09:00"]),
            inside("09:10", desk(5), past=["09:10"]),
        ],
        begins=at("10:00"),
    )
    assert told(day) == [
        "09:00 09:00 10:00 | released 10:00",
        "09:10 10:00 10:05 | released 10:05",
    ]


def test_servers_kept_from_a_stage_before_are_kept_at_the_beginning(told):
    """A yard of two places is taken at the gate and kept through the check. Two trucks hold one
    each, one checked until 10:30, one waiting for the inspector: the gate admits at 10:30."""
    kept, back = {"yard": 1}, {"yard": 1, "inspector": 1}

    def through(check):
        gate = Visit("gate", 0, kept, give_out={})
        return gate, Visit("check", check * MINUTE, {"inspector": 1}, give_out=back)

    day = Day(
        at("18:00"),
        {"yard": servers(2), "inspector": servers(1)},
        {"gate": Stage(), "check": Stage()},
        [
            inside("09:00", *through(60), past=["09:00 09:00 09:00", "09:00 09:30"]),
            inside("09:10", *through(60), past=["09:10 09:10 09:10", "09:10"]),
            inside("09:20", *through(10), past=["09:20"]),
        ],
        begins=at("10:00"),
    )
    assert told(day) == [
        "09:00 09:00 09:00 | 09:00 09:30 10:30 | released 10:30",
        "09:10 09:10 09:10 | 09:10 10:30 11:30 | released 11:30",
        "09:20 10:30 10:30 | 10:30 11:30 11:40 | released 11:40",
    ]


def test_who_gives_up_after_the_beginning_gives_back_what_it_held_before(told):
    """Patience counts from joining the queue: 90 minutes since 09:00 end at 10:30, and the place
    in the yard goes to the truck before the gate."""
    day = Day(
        at("18:00"),
        {"yard": servers(1), "inspector": servers(0)},
        {"gate": Stage(), "check": Stage()},
        [
            inside(
                "09:00",
                Visit("gate", 0, {"yard": 1}, give_out={}),
                Visit("check", 60, {"inspector": 1}, give_out={"yard": 1}, patience=90 * MINUTE),
                past=["09:00 09:00 09:00", "09:00"],
            ),
            inside("09:30", Visit("gate", 5 * MINUTE, {"yard": 1}), past=["09:30"]),
        ],
        begins=at("10:00"),
    )
    assert told(day) == [
        "09:00 09:00 09:00 | 09:00 never never | gave up 10:30",
        "09:30 10:30 10:35 | released 10:35",
    ]


def test_a_budget_has_what_is_left_until_it_is_set_anew(told):
    """Five permits a day from midnight; one is left at 22:00. The first of two takes it, the
    second waits for midnight."""
    day = Day(
        at("02:00+1"),
        {"permit": budget(5, at("00:00+1"))},
        {"desk": Stage()},
        [
            inside("21:00", desk(10, {"permit": 1}), past=["21:00"]),
            inside("21:10", desk(10, {"permit": 1}), past=["21:10"]),
        ],
        begins=at("22:00"),
        left={"permit": 1},
    )
    assert told(day) == [
        "21:00 22:00 22:10 | released 22:10",
        "21:10 00:00+1 00:10+1 | released 00:10+1",
    ]


def test_a_roster_that_fell_before_the_beginning_starts_nothing_new(told):
    """Two were on duty until 09:30 and one is since; both works of before go on, to 10:10 and
    10:40. The next truck waits for the second end: at 10:10 still one is in use."""
    day = Day(
        at("18:00"),
        {"officer": servers(2, (at("09:30"), 1))},
        {"desk": Stage()},
        [
            inside("09:00", desk(70), past=["09:00 09:00"]),
            inside("09:00", desk(100), past=["09:00 09:00"]),
            inside("09:15", desk(5), past=["09:15"]),
        ],
        begins=at("10:00"),
    )
    assert told(day)[2] == "09:15 10:40 10:45 | released 10:45"


def test_two_sides_find_each_others_tractors(told):
    """Trailers from one side wait for a tractor that trucks of the other side leave behind. None
    is there at 10:00; an import at work leaves one at 10:15, for the export of 08:00."""
    offers = desk(30, {}, give_out={"tractor": 1})
    spends = Visit("coupling", 5 * MINUTE, {"tractor": 1})
    day = Day(
        at("18:00"),
        {"tractor": store(2)},
        {"desk": Stage(), "coupling": Stage()},
        [
            inside("08:00", spends, past=["08:00"]),
            inside("08:30", spends, past=["08:30"]),
            inside("09:40", offers, past=["09:40 09:45"]),
            Truck(at("10:05"), [offers]),
        ],
        begins=at("10:00"),
        left={"tractor": 0},
    )
    assert told(day) == [
        "08:00 10:15 10:20 | released 10:20",
        "08:30 10:35 10:40 | released 10:40",
        "09:40 09:45 10:15 | released 10:15",
        "10:05 10:05 10:35 | released 10:35",
    ]


def test_what_is_left_is_told_in_the_order_of_a_second():
    """At noon a work ends that gives a permit, then the day's five are set and one is spent by a
    work of no time, which gives one: five are left after it, not six."""
    day = Day(
        at("18:00"),
        {"permit": budget(0, at("12:00"))},
        {"desk": Stage()},
        [
            Truck(at("11:30"), [desk(30, {}, give_out={"permit": 1})]),
            Truck(at("11:40"), [desk(0, {"permit": 1}, give_out={"permit": 1})]),
        ],
    )
    day.resources["permit"].changes[0] = (at("12:00"), 5)
    plan, log = day.plan(), agreed(day)
    assert levels_at(plan, log, at("12:00")).tolist() == [0]
    assert levels_at(plan, log, at("12:01")).tolist() == [5]
