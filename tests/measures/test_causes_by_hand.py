"""Small days of which it is plain what each truck waits for, and where that goes back to."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from measures.test_causes_recount import told
from plans import Stage, Truck, Visit, budget, plan, servers, store
from portsim.engines import DIVERTED, GAVE_UP
from portsim.engines.compiled import run
from portsim.measures import Measurement, waits
from portsim.plan.contract import FITTING


def causes(resources, stages, trucks, end=100, start=0):
    """Seconds by stage, what was missing and its root."""
    day = plan(end, resources, stages, trucks, start)
    found = Counter()
    for (stage, missing, root, _), seconds in told(day, run(day)).items():
        found[stage, missing, root] += seconds
    return dict(found)


def truck(arrival, *visits, **words):
    return Truck(arrival, [Visit(*visit) for visit in visits], **words)


def test_a_server_that_is_busy():
    desk = ("desk", 10, {"clerks": 1})
    trucks = [truck(0, desk), truck(0, desk), truck(4, desk)]
    # The third waits for the second and the first: both for clerks.
    wanted = {("desk", "clerks", "clerks"): 10 + 16}
    assert causes({"clerks": servers(1)}, {"desk": Stage()}, trucks) == wanted


def test_a_quota_that_is_spent():
    spend = ("gate", 5, {"permits": 1}, {}, {})
    day = {"permits": budget(1, 60)}, {"gate": Stage()}, [truck(0, spend), truck(2, spend)]
    assert causes(*day) == {("gate", "permits", "permits"): 58}


def test_a_closed_door_and_nobody_on_duty_come_before_all_else():
    desk = ("desk", 10, {"clerks": 1})
    resources = {"clerks": servers(0, (30, 1))}
    stages = {"desk": Stage(hours=[(20, 100)])}
    wanted = {
        ("desk", "desk: hours", "desk: hours"): 40,
        ("desk", "clerks: off duty", "clerks: off duty"): 20,
        ("desk", "clerks", "clerks"): 10,
    }
    assert causes(resources, stages, [truck(0, desk), truck(0, desk)]) == wanted


def test_of_two_servers_that_would_do_it_is_the_one_on_duty_or_else_the_one_had_first():
    """The old lane is there from 5 to 50, the new one from 30 on.

    At 0 neither is, and the old one comes first: the first truck has it from 5 to 35. Until then
    the second lacks the old lane; that the new one is off duty until 30 does not matter. It has the
    new one from 30 to 40, and the third the old one from 35 to 65. The fourth gets the new one at
    40. The fifth lacks both: the new one is had first, at 50, not the old one, off duty from 50 on.
    """
    old = Visit("gate", 30, {"old": 1})
    lanes = Visit("gate", 10, {"new": 1}, ways=[old], rule=FITTING)
    resources = {"new": servers(0, (30, 1)), "old": servers(0, (5, 1), (50, 0))}
    trucks = [Truck(arrival, [lanes]) for arrival in (0, 10, 32, 36, 37)]
    day_ = plan(100, resources, {"gate": Stage()}, trucks)
    log = run(day_)
    assert log.admitted.tolist() == [5, 30, 35, 40, 50]
    found = Measurement(day_, log)
    assert found.spans.wait_open.tolist() == [0, 20, 3, 4, 13]
    assert found.spans.wait_closed.tolist() == [5, 0, 0, 0, 0]
    # The third lacks both, and has the old lane at 35; the fourth and the fifth the new one.
    wanted = {
        ("gate", "old: off duty", "old: off duty"): 5,
        ("gate", "old", "old"): 20 + 3,
        ("gate", "new", "new"): 4 + 13,
    }
    assert causes(resources, {"gate": Stage()}, trucks) == wanted


def test_a_breakdown_and_a_closure_are_hours_and_duty_too():
    desk = ("desk", 10, {"clerks": 1})
    resources = {"clerks": servers(1, (5, 0), (25, 1))}
    stages = {"desk": Stage(closures=[(15, 20)])}
    # The first works from 0 to 10. The second lacks him until 5, then he is off duty, but for the
    # closure.
    wanted = {
        ("desk", "clerks", "clerks"): 5,
        ("desk", "clerks: off duty", "clerks: off duty"): 15,
        ("desk", "desk: hours", "desk: hours"): 5,
    }
    assert causes(resources, stages, [truck(0, desk), truck(0, desk)]) == wanted


def test_of_what_is_missing_at_once_it_is_what_is_had_last():
    resources = {"clerks": servers(1), "lanes": servers(1), "cranes": servers(1)}
    stages = {name: Stage() for name in ("a", "b", "c", "gate")}
    trucks = [
        truck(0, ("a", 10, {"clerks": 1})),
        truck(0, ("b", 20, {"lanes": 1})),
        truck(0, ("c", 20, {"cranes": 1})),
        truck(0, ("gate", 5, {"clerks": 1, "lanes": 1, "cranes": 1})),
    ]
    # Lanes and cranes are had at the same second: the first of them in the list.
    assert causes(resources, stages, trucks) == {("gate", "lanes", "lanes"): 20}


@pytest.mark.parametrize("overtaking", [False, True])
def test_who_stands_behind_waits_for_what_the_first_lacks(overtaking):
    resources = {"clerks": servers(2), "cranes": servers(1)}
    heavy, light = ("desk", 30, {"clerks": 1, "cranes": 1}), ("desk", 30, {"clerks": 1})
    trucks = [truck(0, heavy), truck(1, heavy), truck(2, light)]
    found = causes(resources, {"desk": Stage(overtaking=overtaking)}, trucks)
    if overtaking:
        # The light one goes at once. From then on clerks are had at 30 as well as the crane.
        wanted = {("desk", "cranes", "cranes"): 1, ("desk", "clerks", "clerks"): 28}
    else:
        wanted = {("desk", "cranes", "cranes"): 29 + 28}
    assert found == wanted


STRIP = {"near-officers": servers(2), "strip": servers(1), "far-officers": servers(1)}
NEAR = ("near", 5, {"near-officers": 1, "strip": 1}, {}, {"near-officers": 1})
FAR = ("far", 20, {"far-officers": 1}, {"strip": 1}, {"far-officers": 1})


def test_a_full_strip_goes_back_to_the_officers_beyond_it():
    trucks = [truck(0, NEAR, FAR) for _ in range(3)]
    # 0: first near; 5 first far until 25, second near until 10, at the far side until 25: third.
    wanted = {
        # Only the work of the first on the strip stands in the way.
        ("near", "strip", "strip"): 5 + 5 + 5,
        # The second stands on it and waits for the officers.
        ("near", "strip", "far-officers"): 15,
        ("far", "far-officers", "far-officers"): 15 + 15,
    }
    assert causes(STRIP, {"near": Stage(), "far": Stage()}, trucks) == wanted


def test_a_full_strip_goes_back_to_the_lunch_of_the_far_side():
    stages = {"near": Stage(), "far": Stage(hours=[(0, 4), (40, 100)])}
    wanted = {
        ("near", "strip", "strip"): 5,
        ("near", "strip", "far: hours"): 35,
        ("far", "far: hours", "far: hours"): 35,
        ("far", "far-officers", "far-officers"): 15,
    }
    assert causes(STRIP, stages, [truck(0, NEAR, FAR), truck(0, NEAR, FAR)]) == wanted


def test_a_chain_of_three_goes_back_to_its_end():
    resources = {"road": servers(1), "yard": servers(1), "scanners": servers(1)}
    stages = {"gate": Stage(), "park": Stage(), "scan": Stage(hours=[(50, 100)])}
    gate = ("gate", 1, {"road": 1}, {}, {})
    park = ("park", 1, {"yard": 1}, {"road": 1}, {})
    scan = ("scan", 1, {"scanners": 1}, {"yard": 1}, {"scanners": 1})
    found = causes(resources, stages, [truck(0, gate, park, scan) for _ in range(3)])
    # 0 gate, 1 park, 2 scan, shut until 50: the second stands on the road from 2, the third before.
    wanted = {
        ("scan", "scan: hours", "scan: hours"): 48,
        ("park", "yard", "scan: hours"): 48,
        ("gate", "road", "road"): 1 + 1 + 1,
        ("gate", "road", "scan: hours"): 48,
    }
    assert found == wanted


def test_a_yard_full_of_trucks_that_wait_for_one_inspector_is_the_inspectors():
    """Though each place that comes free is that of the truck at work: more places only add to
    those who wait."""
    resources = {"yard": servers(3), "inspectors": servers(1)}
    enter = ("gate", 0, {"yard": 1}, {}, {})
    inspect = ("inspect", 10, {"inspectors": 1}, {}, {"inspectors": 1, "yard": 1})
    stages = {"gate": Stage(), "inspect": Stage()}
    found = causes(resources, stages, [truck(0, enter, inspect) for _ in range(5)])
    waits_at_inspection = 10 + 20 + 20 + 20
    assert found == {
        ("inspect", "inspectors", "inspectors"): waits_at_inspection,
        ("gate", "yard", "inspectors"): 10 + 20,
    }


def test_a_yard_where_most_work_is_its_own_cause_though_one_waits():
    resources = {"yard": servers(4), "inspectors": servers(1)}
    unload = ("unload", 50, {"yard": 1})
    enter = ("gate", 0, {"yard": 1}, {}, {})
    inspect = ("inspect", 10, {"inspectors": 1}, {}, {"inspectors": 1, "yard": 1})
    stages = {"unload": Stage(), "gate": Stage(), "inspect": Stage()}
    trucks = [*(truck(0, unload) for _ in range(2)), truck(0, enter, inspect)]
    trucks += [truck(1, enter, inspect), truck(1, enter, inspect)]
    # Two unload, one is inspected and one waits until 10: as many here as there, which is stuck.
    found = causes(resources, stages, trucks)
    assert found["gate", "yard", "inspectors"] == 9
    more = dict(resources, yard=servers(5))
    trucks.insert(0, truck(0, unload))
    assert causes(more, stages, trucks)["gate", "yard", "yard"] == 9


def test_a_store_goes_back_to_what_those_wait_for_who_bring_it():
    resources = {"tractors": store(), "clerks": servers(1)}
    stages = {"swap": Stage(), "post": Stage(hours=[(0, 10), (40, 100)])}
    bring = ("post", 8, {"clerks": 1}, {}, {"clerks": 1, "tractors": 1})
    take = ("swap", 5, {"tractors": 1}, {}, {})
    found = causes(resources, stages, [truck(0, take), truck(20, bring)])
    assert found == {
        # Nobody is there to bring one; who comes waits for the post; then it is at work.
        ("swap", "tractors", "tractors"): 20 + 8,
        ("swap", "tractors", "post: hours"): 20,
        ("post", "post: hours", "post: hours"): 20,
    }


def test_a_claim_goes_back_to_what_the_claimant_lacks():
    resources = {"lanes": servers(2)}
    stages = {"gate": Stage(), "wide": Stage(claims=True)}
    trucks = [truck(0, ("gate", 30, {"lanes": 1})), truck(1, ("wide", 10, {"lanes": 2}))]
    trucks.append(truck(2, ("gate", 5, {"lanes": 1})))
    found = causes(resources, stages, trucks)
    assert found == {
        ("wide", "lanes", "lanes"): 29,
        ("gate", "wide: claim", "lanes"): 28,
        ("gate", "lanes", "lanes"): 10,
    }


def test_work_that_pauses_keeps_officers_from_others_in_its_hours():
    resources = {"officers": servers(1)}
    stages = {"day": Stage(hours=[(0, 10), (60, 100)], pause=True), "night": Stage()}
    trucks = [truck(0, ("day", 15, {"officers": 1})), truck(2, ("night", 5, {"officers": 1}))]
    assert causes(resources, stages, trucks) == {
        ("night", "officers", "officers"): 8 + 5,
        ("night", "officers", "day: hours"): 50,
    }


def test_work_that_waits_for_its_officers_keeps_posts_from_others_off_duty():
    """The stage is open from 0 to 60; its officers are there until 10 and again from 40 on."""
    resources = {"posts": servers(1), "officers": servers(1, (10, 0), (40, 1))}
    stages = {"check": Stage(hours=[(0, 60)], pause=True), "other": Stage()}
    trucks = [
        truck(0, ("check", 35, {"posts": 1, "officers": 1})),
        truck(2, ("other", 5, {"posts": 1})),
    ]
    day = plan(100, resources, stages, trucks)
    hours = (np.array([[0, 60]]), np.array([[0, 100]]))
    # Ten seconds of work, then none until 40, then twenty until the stage shuts for good.
    attended = np.array([[0, 10], [40, 60], [0, 100]])
    context = replace(day.context, hours=hours)
    day = replace(day, work=attended, work_start=np.array([0, 2, 3]), context=context)
    found = {key[:3]: seconds for key, seconds in told(day, run(day)).items()}
    assert found == {
        ("other", "posts", "posts"): 8 + 20,
        ("other", "posts", "officers: off duty"): 30,
        ("other", "posts", "check: hours"): 40,
    }


def test_a_circle_goes_back_to_what_the_first_of_it_lacks():
    resources = {"a": servers(1), "b": servers(1)}
    stages = {name: Stage() for name in ("one", "two", "other", "end")}
    first = [("one", 5, {"a": 1}, {}, {}), ("two", 5, {"b": 1}, {}, {"a": 1, "b": 1})]
    second = [("other", 6, {"b": 1}, {}, {}), ("end", 5, {"a": 1}, {}, {"a": 1, "b": 1})]
    found = causes(resources, stages, [truck(0, *first), truck(0, *second)], end=20)
    assert found == {("two", "b", "b"): 15, ("end", "a", "b"): 14}


def test_who_gives_up_turns_away_or_stays_inside_counts_as_long_as_it_waits():
    desk = Visit("desk", 90, {"clerks": 1})
    trucks = [
        Truck(0, [desk]),
        Truck(1, [Visit("desk", 5, {"clerks": 1}, patience=7)]),
        Truck(2, [Visit("desk", 5, {"clerks": 1}, tolerance=1)]),
        Truck(3, [desk]),
    ]
    day = plan(50, {"clerks": servers(1)}, {"desk": Stage()}, trucks)
    log = run(day)
    assert [log.outcome[1], log.outcome[2]] == [GAVE_UP, DIVERTED]
    assert sum(told(day, log).values()) == 7 + 47


def test_only_the_period_counts_and_pieces_do():
    desk = ("desk", 60, {"clerks": 1})
    trucks = [truck(0, desk), truck(0, desk, pieces=3)]
    found = causes({"clerks": servers(1)}, {"desk": Stage()}, trucks, start=50)
    assert found == {("desk", "clerks", "clerks"): 30}


def test_the_root_of_most_of_the_waiting_is_named():
    stages = {"near": Stage(), "far": Stage(hours=[(0, 4), (40, 100)])}
    day = plan(100, STRIP, stages, [truck(0, NEAR, FAR), truck(0, NEAR, FAR)])
    found = waits(Measurement(day, run(day)))
    assert [(cause.text, seconds) for cause, seconds in found.by_root()] == [
        ("far: hours", 70),
        ("far-officers", 15),
        ("strip", 5),
    ]
    assert found.main_root().text == "far: hours"
    assert found.main_root({"servers"}).name == "far-officers"
    assert found.main_root({"budget"}) is None
