"""Days worked out on paper: a load that needs all lanes at once, and what its claim does.

The gate has three lanes. Cars come every four minutes from 08:00 and take one lane for ten minutes,
so that a lane is often free but never all three. A wind turbine blade comes at 08:01 to a stage of
its own on the same lanes and needs all three for fifteen minutes.
"""

from dataclasses import replace

from plans import MINUTE, Day, Stage, Truck, Visit, at, budget, servers

END = at("12:00")
PASSED = "{0} {0} {1} | released {1}"


def car(clock, priority=0, stage="gate"):
    return Truck(at(clock), [Visit(stage, 10 * MINUTE, {"lane": 1})], priority)


def gate(blade, cars=9, resources=None, more=(), **wide):
    trucks = [car(f"08:{4 * k:02}") for k in range(cars)] + [blade, *more]
    return Day(
        END,
        {"lane": servers(3)} | (resources or {}),
        {"gate": Stage(), "wide gate": Stage(**wide), "office": Stage()},
        sorted(trucks, key=lambda truck: truck.arrival),
    )


def blade(priority=0, **visit):
    visit.setdefault("take", {"lane": 3})
    return Truck(at("08:01"), [Visit("wide gate", 15 * MINUTE, **visit)], priority)


UNHINDERED = [f"{8 + k // 60:02}:{k % 60:02}" for k in range(0, 36, 4)]


def passes(line, clock):
    """A car that came at `clock` was admitted then."""
    return line.startswith(f"{clock} {clock} ")


def test_without_claims_a_load_that_needs_all_lanes_starves(told):
    """At no second are three lanes free while cars come: the blade waits until the last car, of
    08:32, is through at 08:42. No car waits."""
    first, wide, *cars = told(gate(blade()))
    assert wide == "08:01 08:42 08:57 | released 08:57"
    assert all(passes(line, clock) for line, clock in zip([first, *cars], UNHINDERED, strict=True))


def test_with_claims_it_goes_as_soon_as_those_in_service_are_through(told):
    """The first car is through at 08:10; the cars of 08:04 and 08:08 came after the blade and may
    not take the free lanes. The blade is served from 08:10 to 08:25, then the cars follow, three at
    a time."""
    assert told(gate(blade(), claims=True)) == [
        "08:00 08:00 08:10 | released 08:10",
        "08:01 08:10 08:25 | released 08:25",
        "08:04 08:25 08:35 | released 08:35",
        "08:08 08:25 08:35 | released 08:35",
        "08:12 08:25 08:35 | released 08:35",
        "08:16 08:35 08:45 | released 08:45",
        "08:20 08:35 08:45 | released 08:45",
        "08:24 08:35 08:45 | released 08:45",
        "08:28 08:45 08:55 | released 08:55",
        "08:32 08:45 08:55 | released 08:55",
    ]


def test_a_claim_refuses_larger_keys_only(told):
    """The blade has the lower priority 1: every car has the smaller key and passes the claim."""
    wide = told(gate(blade(priority=1), claims=True))[1]
    assert wide == "08:01 08:42 08:57 | released 08:57"


def test_a_claim_refuses_only_the_servers_it_needs(told):
    """Officers at the office are none of the blade's business: a truck that needs one goes."""
    clerk = Truck(at("08:05"), [Visit("office", MINUTE, {"officer": 1})])
    lines = told(gate(blade(), resources={"officer": servers(1)}, more=[clerk], claims=True))
    assert PASSED.format("08:05", "08:06") in lines


def test_a_claim_covers_every_server_it_needs(told):
    """If the blade needs an officer besides the lanes, it claims the officer as well, although one
    is free: the truck for the office waits from 08:05 until the blade is through at 08:25."""
    clerk = Truck(at("08:05"), [Visit("office", MINUTE, {"officer": 1})])
    day = gate(
        blade(take={"lane": 3, "officer": 1}),
        resources={"officer": servers(1)},
        more=[clerk],
        claims=True,
    )
    assert "08:05 08:25 08:26 | released 08:26" in told(day)


def test_without_its_permit_a_load_claims_nothing(told):
    """The blade needs a permit, and there is none before 08:18: until then it could not go anyway
    and holds nobody back. From 08:18 on it claims the lanes: the cars of 08:12 and 08:16 are in
    service, the latter until 08:26; the car of 08:20 waits for 08:41."""
    permits = budget(0)
    permits.changes = [(at("08:18"), 1)]
    day = gate(
        blade(take={"lane": 3, "permit": 1}), cars=6, resources={"permit": permits}, claims=True
    )
    assert told(day) == [
        PASSED.format("08:00", "08:10"),
        "08:01 08:26 08:41 | released 08:41",
        PASSED.format("08:04", "08:14"),
        PASSED.format("08:08", "08:18"),
        PASSED.format("08:12", "08:22"),
        PASSED.format("08:16", "08:26"),
        "08:20 08:41 08:51 | released 08:51",
    ]


def test_a_claim_lifts_when_the_truck_gives_up(told):
    """The blade turns round at 08:06; the car of 08:04, held back for two minutes, goes then."""
    assert told(gate(blade(patience=5 * MINUTE), cars=3, claims=True)) == [
        "08:00 08:00 08:10 | released 08:10",
        "08:01 never never | gave up 08:06",
        "08:04 08:06 08:16 | released 08:16",
        "08:08 08:08 08:18 | released 08:18",
    ]


def test_a_claim_lifts_when_its_stage_closes(told):
    """The wide gate closes at 08:05: the car of 08:04 goes at that second. The wide gate opens
    again at 08:13, the cars of 08:04 and 08:08 are through at 08:18, and the blade follows."""
    hours = [(0, at("08:05")), (at("08:13"), END)]
    assert told(gate(blade(), cars=3, claims=True, hours=hours)) == [
        "08:00 08:00 08:10 | released 08:10",
        "08:01 08:18 08:33 | released 08:33",
        "08:04 08:05 08:15 | released 08:15",
        "08:08 08:08 08:18 | released 08:18",
    ]


def test_a_claim_lifts_when_another_stage_spends_the_permit_it_needs(told):
    """One permit is left, and a clerk at the office, who needs no lane at all, spends it at 08:05.
    Without it the blade cannot go, so the car of 08:04 goes at that second."""
    clerk = Truck(at("08:05"), [Visit("office", MINUTE, {"permit": 1})])
    day = gate(
        blade(take={"lane": 3, "permit": 1}),
        cars=2,
        resources={"permit": budget(1)},
        more=[clerk],
        claims=True,
    )
    assert told(day) == [
        "08:00 08:00 08:10 | released 08:10",
        "08:01 never never | inside",
        "08:04 08:05 08:15 | released 08:15",
        PASSED.format("08:05", "08:06"),
    ]


def test_a_load_at_the_head_of_a_shared_queue_holds_back_its_own_queue_only(told):
    """Where cars and blade share one queue without overtaking, the blade at its head blocks it even
    without claims; a second gate on the same lanes goes on and lets the blade starve."""
    shared = blade()
    shared = replace(shared, visits=[replace(shared.visits[0], stage="gate")])
    day = gate(shared, cars=2, more=[car("08:05", stage="office"), car("08:09", stage="office")])
    assert told(day) == [
        "08:00 08:00 08:10 | released 08:10",
        "08:01 08:19 08:34 | released 08:34",
        "08:04 08:34 08:44 | released 08:44",
        "08:05 08:05 08:15 | released 08:15",
        "08:09 08:09 08:19 | released 08:19",
    ]


def test_two_claims_are_honoured_in_the_order_of_their_keys(told):
    """Two blades, of 08:01 and 08:02: the second may not go before the first, and the car of 08:04
    goes after both."""
    second = replace(blade(), arrival=at("08:02"))
    assert told(gate(blade(), cars=2, more=[second], claims=True)) == [
        "08:00 08:00 08:10 | released 08:10",
        "08:01 08:10 08:25 | released 08:25",
        "08:02 08:25 08:40 | released 08:40",
        "08:04 08:40 08:50 | released 08:50",
    ]
