"""Plans at the edge of what a plan may be: every engine tells the same of them, and what it should.

Where an engine packs numbers into bits, sorts events beforehand or shares arrays, it is tried here.
"""

from dataclasses import replace

import numpy as np
import pytest

from engines.agreed import agreed, arrays_of, with_arrays
from plans import (
    DIVERTED,
    GAVE_UP,
    INSIDE,
    NEVER,
    RELEASED,
    Day,
    Stage,
    Truck,
    Visit,
    budget,
    servers,
    store,
)
from portsim.engines import compiled, simpy
from portsim.engines.compiled import loop

LANE, NOTHING = {"lane": 1}, {}
GATE = {"gate": Stage()}


def one_lane(*trucks: Truck, end: int = 60, **stages: Stage) -> Day:
    return Day(end, {"lane": servers(1)}, stages or GATE, trucks)


def a_busy_day() -> Day:
    """A day on which every array of a plan holds something."""
    resources = {"lane": servers(1, (20, 2)), "quota": budget(3, 30), "pool": store()}
    stages = {
        "gate": Stage(hours=[(0, 15), (20, 60)], last_entry=2, pause=True),
        "yard": Stage(claims=True, overtaking=True),
    }
    visits = [
        Visit("gate", 4, {"lane": 1, "quota": 1}, patience=25),
        Visit("yard", 3, {"lane": 1}, give_out={"lane": 1, "pool": 1}, tolerance=4),
        Visit("yard", 0, {"pool": 1}, give_out={}),
    ]
    trucks = [Truck(2 * k, visits, priority=k % 3) for k in range(12)]
    return Day(60, resources, stages, trucks)


# ---- little or nothing -------------------------------------------------------------------------


def test_a_day_without_a_truck():
    log = agreed(one_lane())
    assert len(log.queued) == len(log.left) == 0


def test_trucks_without_a_visit_leave_as_they_come():
    log = agreed(one_lane(Truck(0, []), Truck(3, []), Truck(3, [Visit("gate", 2)]), Truck(59, [])))
    assert log.left.tolist() == [0, 3, 5, 59]
    assert set(log.outcome.tolist()) == {RELEASED}


def test_nobody_enters_a_stage_that_never_admits():
    visits = [Visit("gate", 1, LANE, patience=9)]
    day = one_lane(Truck(0, visits), Truck(1, [Visit("gate", 1)]), gate=Stage(hours=[]))
    log = agreed(day)
    assert log.admitted.tolist() == [NEVER, NEVER]
    assert log.outcome.tolist() == [GAVE_UP, INSIDE]


def test_a_port_without_a_resource():
    log = agreed(Day(20, {}, GATE, [Truck(0, [Visit("gate", 5)]), Truck(0, [Visit("gate", 5)])]))
    assert log.left.tolist() == [5, 5]


def test_a_run_of_one_second():
    """In which the first truck goes twice, for its number is the smaller."""
    visits = [Visit("gate", 0, LANE), Visit("gate", 1, LANE)]
    log = agreed(one_lane(Truck(0, visits), Truck(0, visits), Truck(0, []), end=1))
    assert log.finished.tolist() == [0, NEVER, NEVER, NEVER]
    assert log.outcome.tolist() == [INSIDE, INSIDE, RELEASED]


def test_a_stage_may_admit_while_its_work_rests():
    """Whoever goes in before, between or after the hours of work waits for the next of them."""
    trucks = [Truck(t, [Visit("gate", 3)]) for t in (0, 12, 20, 25, 39, 40)]
    plan = one_lane(*trucks, gate=Stage(pause=True)).plan()
    hours = np.array([[10, 20], [30, 40]])
    log = agreed(replace(plan, work_start=np.array([0, 2]), work=hours))
    assert log.admitted.tolist() == plan.arrival.tolist()
    assert log.finished.tolist() == [13, 15, 33, 33, NEVER, NEVER]


# ---- large numbers -----------------------------------------------------------------------------


def test_priorities_may_be_negative_and_far_apart():
    spread = [5, -(2**62), 0, 2**62, -1, -(2**62)]
    trucks = [Truck(0, [Visit("gate", 3, LANE)], p) for p in spread]
    log = agreed(one_lane(Truck(0, [Visit("gate", 3, LANE)], 2**62), *trucks))
    assert np.argsort(log.admitted).tolist() == [2, 6, 5, 3, 1, 0, 4]


def test_a_million_million_servers_are_never_short():
    many = 10**12
    resources = {"lane": servers(many, (5, many - 1), (9, many)), "pool": store(many)}
    visits = [Visit("gate", 4, {"lane": many - 1}), Visit("gate", 1, {"lane": 1, "pool": many})]
    log = agreed(Day(60, resources, GATE, [Truck(0, visits), Truck(0, visits)]))
    assert log.admitted.tolist() == [0, 4, 4, NEVER]


@pytest.mark.parametrize("pause", [False, True])
@pytest.mark.parametrize("work", [60, 61, 2**32 - 1, 2**32, 2**32 + 1, 2**62])
def test_work_longer_than_the_run_never_ends(work, pause):
    stages = {"gate": Stage(pause=pause)}
    log = agreed(one_lane(Truck(0, [Visit("gate", work, LANE)]), **stages))
    assert log.finished.tolist() == [NEVER]


@pytest.mark.parametrize("patience", [59, 60, 2**31, 2**32, 2**62])
def test_patience_beyond_the_run_is_patience_without_end(patience):
    trucks = [
        Truck(1, [Visit("gate", 90, LANE)]),
        Truck(1, [Visit("gate", 1, LANE, {}, None, patience)]),
    ]
    log = agreed(one_lane(*trucks))
    assert log.outcome.tolist() == [INSIDE, INSIDE]


def test_a_plan_that_fills_all_63_bits_of_a_key():
    """16 bits of trucks, 15 of priorities and 32 of seconds."""
    rng = np.random.default_rng(5)
    rank = rng.integers(0, 2**15 - 1, 2**15)
    rank[: 2**14] = rng.permutation(2**15 - 1)[: 2**14]
    visits = [Visit("gate", 65_000, LANE), Visit("gate", 65_000, {"lane": 2})]
    template = Day(
        2**32 - 2, {"lane": servers(3)}, GATE, [Truck(0, visits[k % 2 :][:1]) for k in range(2**15)]
    ).plan()
    late = np.sort(rng.integers(0, 2**31, 2**15))
    plan = replace(template, arrival=late, priority=rank * 2**40)
    bits = [int(n).bit_length() for n in (plan.trucks, plan.end, len(np.unique(rank)))]
    assert sum(bits) == 63
    log = agreed(plan)
    assert log.left.max() > 2**30


@pytest.mark.parametrize(
    ("trucks", "priorities", "end"),
    [(1, 1, 2**32), (2**16, 2**15, 2**31), (2**16, 2**14, 2**32 - 2)],
)
def test_a_plan_beyond_the_keys_is_refused_and_told_where_to_go(trucks, priorities, end):
    day = Day(end, {"lane": servers(1)}, GATE, [Truck(0, [])] * trucks)
    plan = replace(day.plan(), priority=np.arange(trucks) % priorities)
    told = rf"{trucks} trucks, {end} seconds and {priorities} priorities .* engine simpy"
    with pytest.raises(OverflowError, match=told):
        compiled.run(plan)
    assert set(simpy.run(plan).outcome.tolist()) == {RELEASED}


# ---- one second --------------------------------------------------------------------------------


def test_rounds_of_one_second_bring_trucks_back_out_of_order():
    """Forty trucks whose works take no time: each round lets later numbers join before earlier."""
    rng = np.random.default_rng(8)
    stages = {name: Stage(overtaking=name == "b") for name in "abc"}
    routes = [rng.permutation([*"abcabc"])[: rng.integers(1, 7)].tolist() for _ in range(8)]
    kinds = [[Visit(place, 0, {"lane": 1 + (place == "b")}) for place in route] for route in routes]
    trucks = [
        Truck(5, kinds[k], int(p))
        for k, p in zip(rng.integers(0, 8, 40), rng.integers(0, 3, 40), strict=True)
    ]
    log = agreed(Day(9, {"lane": servers(2, (6, 3))}, stages, trucks))
    assert set(log.left.tolist()) == {5}
    few = [replace(truck, visits=[replace(v, work=w % 2) for w, v in enumerate(truck.visits)])
           for truck in trucks]  # fmt: skip
    agreed(Day(60, {"lane": servers(2, (6, 3))}, stages, few))


def test_patience_that_ends_as_a_server_comes_back_has_ended():
    waiting = [Visit("gate", 1, LANE, patience=6)]
    log = agreed(
        one_lane(Truck(0, [Visit("gate", 10, LANE)]), Truck(4, waiting), Truck(5, waiting))
    )
    assert log.left.tolist() == [10, 10, 11]
    assert log.outcome.tolist() == [RELEASED, GAVE_UP, RELEASED]


def test_patience_ends_in_the_last_second_of_a_run_but_not_after_it():
    trucks = [Truck(0, [Visit("gate", 90, LANE)])]
    trucks += [Truck(50, [Visit("gate", 1, LANE, patience=p)]) for p in (9, 10)]
    log = agreed(one_lane(*trucks))
    assert log.left.tolist() == [NEVER, 59, NEVER]
    assert log.outcome.tolist() == [INSIDE, GAVE_UP, INSIDE]


def test_work_ends_in_the_last_second_of_a_run_but_not_after_it():
    log = agreed(one_lane(*(Truck(50, [Visit("gate", work)]) for work in (9, 10))))
    assert log.left.tolist() == [59, NEVER]


def test_patience_without_a_visible_end_has_none_in_the_run():
    trucks = [Truck(0, [Visit("gate", 90, LANE)])]
    trucks += [Truck(50, [Visit("gate", 1, LANE, patience=2**63 - 1)])]
    assert agreed(one_lane(*trucks)).outcome.tolist() == [INSIDE, INSIDE]


def test_patience_that_ends_as_the_gate_opens_or_a_shift_begins_has_ended():
    visits = [Visit("gate", 1, LANE, patience=6)]
    at_opening = one_lane(Truck(4, visits), gate=Stage(hours=[(10, 60)]))
    at_shift = Day(60, {"lane": servers(0, (10, 1))}, GATE, [Truck(4, visits)])
    for day in (at_opening, at_shift):
        assert agreed(day).outcome.tolist() == [GAVE_UP]


def test_whoever_gives_up_makes_room_for_whoever_comes_in_that_second():
    """The queue is counted after the impatient have left it; who gives up gives back as well."""
    keeps = [
        Visit("gate", 1, LANE, give_out={}),
        Visit("yard", 1, LANE, LANE, patience=5),
    ]
    stages = {"gate": Stage(), "yard": Stage(hours=[(40, 60)])}
    trucks = [
        Truck(0, keeps),
        Truck(2, [Visit("gate", 1, LANE)]),
        Truck(6, [Visit("yard", 1, tolerance=1)]),
        Truck(6, [Visit("yard", 1, tolerance=1)]),
    ]
    log = agreed(one_lane(*trucks, **stages))
    assert log.left.tolist() == [6, 7, 41, 6]
    assert log.outcome.tolist() == [GAVE_UP, RELEASED, RELEASED, DIVERTED]


def test_the_deadline_of_a_queue_left_behind_means_nothing():
    """Not at work, not in the next queue, whether patient there or not, not after leaving."""
    gone = Truck(0, [Visit("gate", 1, patience=4)])
    working = Truck(0, [Visit("gate", 20, patience=4)])
    next_queue = Truck(0, [Visit("gate", 2, patience=4), Visit("yard", 1)])
    again = Truck(0, [Visit("gate", 2, patience=4), Visit("yard", 0, patience=8)])
    stages = {"gate": Stage(), "yard": Stage(hours=[(9, 60)])}
    log = agreed(one_lane(gone, working, next_queue, again, **stages))
    assert log.left.tolist() == [1, 20, 10, 9]


# ---- how the arrays lie in memory --------------------------------------------------------------


def read_only(array: np.ndarray) -> np.ndarray:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def every_other(array: np.ndarray) -> np.ndarray:
    return np.repeat(array, 2, axis=0)[::2]


def not_aligned(array: np.ndarray) -> np.ndarray:
    raw = np.zeros(array.nbytes + 1, dtype=np.uint8)
    moved = raw[1:].view(array.dtype).reshape(array.shape)
    moved[...] = array
    return moved


@pytest.mark.parametrize("form", [read_only, every_other, not_aligned, np.asfortranarray])
def test_arrays_in_any_form_give_the_same_log_without_compiling_again(form):
    plan = a_busy_day().plan()
    log = agreed(plan)
    before = len(loop.simulate.signatures)
    assert agreed(with_arrays(plan, form)) == log
    assert len(loop.simulate.signatures) == before


def test_an_engine_leaves_its_plan_as_it_was(run):
    plan = a_busy_day().plan()
    before = {name: array.copy() for name, array in arrays_of(plan).items()}
    log = run(plan)
    for name, array in arrays_of(plan).items():
        assert np.array_equal(array, before[name]), name
    log.queued[:] = log.left[:] = 7
    assert run(plan) != log
