"""What holds of the measures of every run, tried on random small plans."""

import math
from collections import Counter
from dataclasses import replace
from functools import partial
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures.brute import Port
from measures.use_recount import recounted
from plans_strategy import random_day
from portsim.engines import DIVERTED, GAVE_UP, INSIDE, RELEASED, as_it_came
from portsim.engines.compiled import run as quick
from portsim.engines.simpy import run
from portsim.measures import Measurement, measure
from portsim.measures.order import argsort_ints, at_ranks
from portsim.measures.presences import Presences
from portsim.measures.server_use import server_use
from portsim.measures.spans import Spans
from portsim.plan.contract import NEVER, Context
from portsim.scenario.measure_catalogue import named
from thorough import cases

few = settings(
    deadline=None, max_examples=cases(40, 100), suppress_health_check=[HealthCheck.too_slow]
)


def weighed(**words):
    """Random plans with a context, see `random_plan`."""
    return st.randoms(use_true_random=True).map(partial(random_plan, **words))


def random_plan(luck, *, returning=False, choosing=False):
    """A plan with a context: classes, convoys, a warm-up, a limit, months, open hours; where trucks
    may come again, and choose, only if asked."""
    day = random_day(luck)
    if not returning:
        day = replace(day, trucks=[replace(truck, again=()) for truck in day.trucks])
    plan = day.plan()
    if not choosing:
        plan = replace(plan, ways=None)
    rng = np.random.default_rng(luck.getrandbits(32))
    start = luck.choice([0, plan.end // 4, plan.end // 2])
    inner = [
        0,
        *sorted(rng.choice(np.arange(1, plan.end - start), 2, replace=False)),
        plan.end - start,
    ]
    edges = start + np.array(inner, dtype=np.int64)
    open_ = np.sort(rng.choice(plan.end + 1, 4, replace=False)).astype(np.int64)
    n = plan.trucks
    cls = rng.choice([0, 1, 3], n).astype(np.int64)
    routes = rng.random((len(plan.stage_pause), 4)) < 0.3
    of_visit = np.repeat(cls, np.diff(plan.first_visit))
    routes[plan.visit_stage, of_visit] = True
    if plan.ways is not None:
        others = np.repeat(plan.ways.visit, np.diff(plan.ways.start))
        routes[plan.kind_stage[plan.ways.kind], of_visit[others]] = True
    context: Context = replace(
        plan.context,
        start=start,
        limit=luck.choice([0, 3, 10, 25]),
        clock_stage=luck.choice([-1, -1, 0, len(plan.stage_pause) - 1]),
        class_names=("cars", "fruit", "nobody", "tea"),
        directions=luck.choice([("import", "import", "export", "export"), ("export",) * 4]),
        truck_class=cls,
        routes=routes,
        pieces=rng.choice([1, 1, 1, 2, 5], n).astype(np.int64),
        tonnes=rng.uniform(0, 30, n),
        value=rng.uniform(0, 1e5, n),
        residents=rng.integers(0, 9, n),
        day_edges=edges,
        month_edges=edges[[0, 2, 3]],
        month_names=("2024-01", "2024-02"),
        nights=np.sort(rng.integers(start, plan.end, luck.randint(0, 3))),
        hour_of_week=np.array([167]),
        open_hours=open_.reshape(-1, 2),
        clock_admitted=bool(rng.integers(2)),
        rostered=None if rng.integers(2) else rng.integers(2, size=len(plan.resource_kind)) > 0,
    )
    return replace(plan, context=context)


@given(weighed(returning=True, choosing=True))
@settings(few, max_examples=cases(50, 160))
def test_every_figure_equals_a_count_second_by_second(plan):
    log = run(plan)
    measured = measure(Measurement(plan, log))
    wanted = Port(*as_it_came(plan, log)).figures()
    table = measured.figures
    table = table[table["measure"] != "chosen_share"]
    keys = list(zip(table["truck_class"], table["place"], table["measure"], strict=True))
    assert len(set(keys)) == len(keys)
    assert set(keys) == set(wanted)
    for key, value, note in zip(keys, table["value"], table["note"], strict=True):
        expected, words = wanted[key]
        assert value == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True), key
        assert note == words, key
        assert named(key[2]).measure is not None
    loads = {place: v for (_, place, what), (v, _) in wanted.items() if what == "load"}
    strained = {strain.place: strain for strain in measured.strains if strain.kind != "stage"}
    assert {place for place, load in loads.items() if load >= 0.3} <= set(strained)
    for place, strain in strained.items():
        work, given = strain.demand.sum(), strain.given.sum()
        assert (work / given if given else math.nan) == pytest.approx(loads[place], nan_ok=True)


@given(weighed())
@few
def test_the_balance_of_trucks_is_exact_for_every_class(plan):
    table = measure(Measurement(plan, run(plan))).figures
    port = table[table["place"] == ""].set_index(["truck_class", "measure"])["value"]
    for name in table.loc[table["measure"] == "arrived", "truck_class"]:
        row = port[name]
        assert row["inside_at_start"] + row["arrived"] == (
            row["released"] + row["diverted"] + row["given_up"] + row["inside_at_end"]
        )
    for what in ("arrived", "released", "inside_at_end"):
        assert port["all", what] == sum(port[name, what] for name in plan.context.class_names)


@given(weighed())
@few
def test_the_curves_of_coming_and_leaving_leave_the_stock_between_them(plan):
    measured = measure(Measurement(plan, run(plan)))
    drawn = {(c.cls, c.curve): c.y for c in measured.curves if not c.place}
    table = measured.figures[measured.figures["place"] == ""]
    port = table.set_index(["truck_class", "measure"])["value"]
    for name in {cls for cls, curve in drawn if curve == "arrivals"}:
        gone = sum(drawn[name, curve] for curve in ("releases", "diverted", "given_up"))
        inside = drawn[name, "arrivals"] - gone
        assert inside[-1] == port[name, "inside_at_end"]
        assert (
            0
            <= inside.min()
            <= inside.max()
            <= max(port[name, "inside_max"], port[name, "inside_at_start"])
        )


@given(weighed())
@few
def test_littles_law_holds_in_integers(plan):
    """The integral of the number present is the sum of the times present, at the port and in each
    queue, within the period; and each stay is the sum of what a truck did."""
    log = run(plan)
    context, found = plan.context, Spans(plan, log)
    start, end = context.start, plan.end

    def both(begin, finish, weight):
        count = np.zeros(end + 1, dtype=np.int64)
        np.add.at(count, begin, weight)
        np.add.at(count, finish, -weight)
        integral_ = int(np.cumsum(count)[start:end].sum())
        times = np.maximum(0, np.minimum(finish, end) - np.maximum(begin, start))
        there = Presences(begin, finish, weight, np.zeros_like(weight), 1)
        spread = there.spread(start, end, 3600).sum()
        return integral_, int((times * weight).sum()), *there.overlap(start, end).tolist(), spread

    assert len(set(both(plan.arrival, found.out, context.pieces))) == 1
    for stage in range(len(plan.stage_pause)):
        at = np.flatnonzero(found.reached & (plan.visit_stage == stage))
        assert len(set(both(log.queued[at], found.until[at], context.pieces[found.truck[at]]))) == 1
    for part in (found.wait_open, found.wait_closed, found.service, found.paused):
        assert (part >= 0).all()
    spent = found.wait_open + found.wait_closed + found.service + found.paused
    stays = np.bincount(found.truck, weights=spent, minlength=plan.trucks)
    assert stays.tolist() == (found.out - plan.arrival).tolist()


@given(weighed())
@settings(few, max_examples=cases(20, 50))
def test_the_parts_of_the_port_add_up_to_the_stay(plan):
    table = measure(Measurement(plan, run(plan))).figures
    port = table[table["place"] == ""].set_index(["truck_class", "measure"])["value"]
    for name in ("all", "cars", "tea", "nobody"):
        parts = sum(
            port[name, f"{part}_mean_h"]
            for part in ("wait_open", "wait_closed", "service", "paused")
        )
        assert parts == pytest.approx(port[name, "stay_mean_h"], abs=1e-12, nan_ok=True)


@given(weighed(), st.integers(2, 4))
@settings(few, max_examples=cases(12, 30))
def test_a_convoy_weighs_as_much_as_its_pieces(plan, k):
    """All pieces times k: flows, stocks and queues times k; means and shares stay."""
    log = run(plan)
    heavy = replace(plan, context=replace(plan.context, pieces=plan.context.pieces * k))
    one, many = (
        measure(Measurement(plan, log)).figures,
        measure(Measurement(heavy, log)).figures,
    )
    for (_, a), (_, b) in zip(one.iterrows(), many.iterrows(), strict=True):
        counted = a["measure"].startswith(
            ("arrived", "released", "diverted", "given_up", "throughput_per_", "throughput_max_",
             "queue_", "inside_", "again_", "interrupted_",
             "growth_", "overnight_", "late_per_day")
        )  # fmt: skip
        quantile = a["measure"].startswith("stay_p")
        if not quantile:
            wanted = a["value"] * (k if counted else 1)
            assert b["value"] == pytest.approx(wanted, rel=1e-9, abs=1e-12, nan_ok=True)
            assert a["note"] == b["note"]


presences = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 12), st.integers(1, 4), st.integers(0, 2)),
    max_size=8,
)


@given(presences, st.integers(0, 20), st.integers(1, 30))
@settings(deadline=None, max_examples=cases(100, 300))
def test_counting_equals_counting_on_the_fingers(rows, start, width):
    """Three rows of presences, each for itself and all of them together."""
    begin = np.array([a for a, *_ in rows], dtype=np.int64)
    finish = begin + np.array([n for _, n, *_ in rows], dtype=np.int64)
    weight = np.array([w for *_, w, _ in rows], dtype=np.int64)
    row = np.array([r for *_, r in rows], dtype=np.int64)
    counted = Presences(begin, finish, weight, row, 3)
    at = np.arange(50)
    there = np.array(
        [[sum(w for a, n, w, r in rows if r == k and a <= t < a + n) for t in at] for k in range(3)]
    )
    ways = [np.zeros(3, dtype=np.int64), np.array([1, 1, 2]), np.arange(3) + 3]
    sorts = [there.sum(axis=0), there[0] + there[1], there[2], *there]
    assert counted.largest(start, ways, 6).tolist() == [max(sort[start:]) for sort in sorts]
    assert counted.count().tolist() == [row.tolist().count(k) for k in range(3)]
    assert counted.overlap(start, 25).tolist() == there[:, start:25].sum(axis=1).tolist()
    assert counted.present(at).tolist() == there.tolist()
    assert counted.present(at[start::7]).tolist() == there[:, start::7].tolist()
    edges = range(start, 45, width)
    spread = [[sum(sort[t : min(t + width, 45)]) for t in edges] for sort in there]
    assert counted.spread(start, 45, width).tolist() == spread
    across = [sum(w for a, n, w, r in rows if r == k and a < start <= a + n) for k in range(3)]
    assert counted.across(start).tolist() == across


# Small enough to be counted, to be sorted with their places, and neither.
numbers = st.one_of(
    st.integers(0, 5), st.integers(0, 70_000), st.integers(0, 2**40), st.integers(0, 2**63 - 1)
)


@given(st.lists(numbers, max_size=30))
@settings(deadline=None, max_examples=cases(100, 300))
def test_the_order_is_that_of_a_stable_sort(keys):
    array = np.array(keys, dtype=np.int64)
    assert argsort_ints(array).tolist() == sorted(range(len(keys)), key=keys.__getitem__)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=30),
    st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=3),
)
@settings(deadline=None, max_examples=cases(40, 100))
def test_numbers_are_picked_by_their_ranks_in_their_rows(given, ranks):
    given = sorted(given, key=lambda pair: pair[1])
    row, rising = np.array(given, dtype=np.int64).reshape(-1, 2).T
    of_row = [[number for k, number in given if k == here] for here in range(3)]
    assert at_ranks(row, rising, np.array(ranks, dtype=np.int64)).tolist() == [
        [of_row[k][rank] if rank < len(of_row[k]) else 0 for k, rank in enumerate(wanted)]
        for wanted in ranks
    ]


def until_all_seen(look, seen, wanted, most):
    """Look at random plans, the same in every run, until all that is wanted was seen."""
    for number in range(most):
        if seen >= wanted:
            return
        look(random_plan(Random(number)))
    assert seen >= wanted


def test_the_random_plans_reach_every_outcome_and_note():
    seen = set()

    def look(plan):
        log = run(plan)
        seen.update(log.outcome.tolist())
        table = measure(Measurement(plan, log)).figures
        value = table.set_index(["truck_class", "place", "measure"])["value"]
        for what in ("blocked_mean_h", "paused_mean_h", "overtime_h_per_day", "wait_closed_mean_h"):
            if (table.loc[table["measure"] == what, "value"] > 0).any():
                seen.add(what)
        done = value["all", "", "completed_within_limit"]
        if not math.isnan(done) and 0 < done < 1:
            seen.add("completed")
        seen.update(table["note"])
        if ((log.admitted == NEVER) & (log.queued != NEVER)).any():
            seen.add("waiting")

    wanted = {
        INSIDE, RELEASED, DIVERTED, GAVE_UP, "blocked_mean_h", "paused_mean_h",
        "overtime_h_per_day", "wait_closed_mean_h", "completed", "waiting",
        "at least",
    }  # fmt: skip
    until_all_seen(look, seen, wanted, 500)


def test_servers_are_used_as_if_every_work_were_looked_at():
    """In one pass over what happens; here each course is laid over the rosters at once."""
    seen = Counter()

    def look(plan):
        nobody = np.zeros(len(plan.resource_kind), dtype=bool)
        for rostered in (plan.context.rostered, nobody):
            compare(replace(plan, context=replace(plan.context, rostered=rostered)))

    def compare(plan):
        measurement = Measurement(plan, quick(plan)).with_papers
        kinds, staffing = measurement.spans.kinds, measurement.staffing
        for server, told in server_use(measurement).items():
            assert told == recounted(measurement, server)
            fewer = bool((np.diff(staffing[server].on_duty) < 0).any())
            way = "kept" if kinds.keeps(server) else "own"
            plain = kinds.keeps(server) and (staffing[server].rostered or fewer)
            seen["plain" if plain else way] += told[1] > 0

    for number in range(2000):
        look(random_plan(Random(number)))
        if seen["own"] >= 20 and seen["kept"] >= 4:
            return
    raise AssertionError(seen)
