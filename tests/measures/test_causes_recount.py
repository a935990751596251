"""Causes of waiting, tried on random small plans against a recount second by second."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from measures.causes_recount import recount
from measures.test_properties import until_all_seen, weighed
from portsim.engines import GAVE_UP, INSIDE, RELEASED
from portsim.engines.compiled import run as run_compiled
from portsim.engines.simpy import run
from portsim.engines.together import plan_together
from portsim.engines.went import as_it_went
from portsim.measures import Measurement, measure, unit_of, waits
from portsim.measures.spans import Spans
from portsim.plan.contract import NEVER
from portsim.scenario.measure_catalogue import WAITS, Cause, named
from thorough import cases

few = settings(
    deadline=None, max_examples=cases(35, 100), suppress_health_check=[HealthCheck.too_slow]
)


def told(plan, log, **words):
    """What the package says, as the recount says it."""
    frame = waits(Measurement(plan, log), **words).frame()
    keys = zip(frame["stage"], frame["missing"], frame["root"], frame["truck_class"], strict=True)
    return Counter(dict(zip(keys, frame["seconds"].tolist(), strict=True)))


@given(weighed(choosing=True))
@few
def test_every_cause_and_root_equals_a_recount_second_by_second(plan):
    log = run(plan)
    assert told(plan, log) == recount(plan, log)


@given(weighed(choosing=True))
@few
def test_the_causes_of_each_stage_add_up_to_its_waiting_whoever_waits(plan):
    """With the logs of both engines, and whatever became of the trucks."""
    context = plan.context
    for log in (run(plan), run_compiled(plan)):
        found, stage_of = Spans(plan, log), as_it_went(plan, log).visit_stage
        waited = found.until - np.maximum(log.queued, context.start)
        waited = np.where(found.reached, np.maximum(waited, 0), 0) * context.pieces[found.truck]
        sums = Counter()
        for (stage, missing, root, cls), seconds in told(plan, log).items():
            assert "unexplained" not in (missing, root)
            sums[stage, cls] += seconds
        for number, stage in enumerate(context.stage_names):
            for cls, name in enumerate(context.class_names):
                mine = (stage_of == number) & (context.truck_class[found.truck] == cls)
                assert sums[stage, name] == waited[mine].sum()


@given(weighed(choosing=True))
@few
def test_where_trucks_take_alike_what_is_shut_or_off_duty_is_what_counts_as_closed(plan):
    log = run(plan)
    found = Measurement(plan, log).spans
    closed, every = Counter(), plan_together(as_it_went(plan, log))
    for (stage, missing, _, _), seconds in told(plan, log).items():
        closed[stage] += seconds * missing.endswith((": hours", ": off duty"))
    for number, stage in enumerate(plan.context.stage_names):
        mine = every.visit_stage[: plan.visits] == number
        after = found.truck[mine]
        kinds = np.unique(every.visit_kind[every.visit_stage == number]).tolist()
        could = every.could_take or [(take,) for take in every.kind_take.tolist()]
        if len({frozenset(could[kind]) for kind in kinds}) == 1 and plan.context.start == 0:
            pieces = plan.context.pieces[after]
            assert closed[stage] == (found.wait_closed[mine] * pieces).sum()


@given(weighed(choosing=True))
@few
def test_the_rows_of_every_place_and_class_add_up_to_the_waiting_there(plan):
    """Those by what was missing and those by root, to the waiting while open and while closed."""
    log = run(plan)
    measured = measure(Measurement(plan, log))
    sums = Counter()
    for cls, place, name, value in measured.causes:
        assert value > 0
        assert unit_of(name) == "h"
        cause = Cause.read(name)
        base = named(name).base
        assert cause.of(base) == name
        sums[cls, place, base] += value
    table = measured.figures.set_index(["truck_class", "place", "measure"])["value"]
    for (cls, place, measure_), _ in table.items():
        if measure_ != "wait_open_mean_h":
            continue
        waited = table[cls, place, measure_] + table[cls, place, "wait_closed_mean_h"]
        for base in WAITS:
            found = sums.pop((cls, place, base), 0.0)
            assert found == pytest.approx(0.0 if np.isnan(waited) else waited, rel=1e-9, abs=1e-12)
    assert not sums
    assert measure(Measurement(plan, log), with_causes=False).causes == []


@given(weighed(choosing=True))
@few
def test_the_cohort_of_the_rows_is_that_of_the_waiting(plan):
    """Counted anew: the seconds of the trucks whose stay counts, by their visits or by truck."""
    log = run(plan)
    context, start = plan.context, plan.context.start
    staying = (log.outcome == INSIDE) | (log.outcome == RELEASED)
    staying &= (plan.arrival >= start) & (plan.arrival < plan.end - context.limit)
    alone = replace(plan, context=replace(context, pieces=np.where(staying, context.pieces, 0)))
    seconds = Counter()
    for (stage, missing, root, cls), value in recount(alone, log).items():
        for place in (stage, ""):
            seconds[cls, place, f"wait_for_mean_h[{missing}]"] += value
            seconds[cls, place, f"wait_root_mean_h[{root}]"] += value
    truck = np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit))
    stage_of = as_it_went(plan, log).visit_stage
    found = {}
    for cls, place, name, value in measure(Measurement(plan, log)).causes:
        if cls in context.class_names:
            mine = staying & (context.truck_class == context.class_names.index(cls))
            count = context.pieces[mine].sum()
            if place:
                here = mine[truck] & (stage_of == context.stage_names.index(place))
                count = context.pieces[truck[here & (log.queued != NEVER)]].sum()
            found[cls, place, name] = round(value * count * 3600, 6)
    assert found == {key: value for key, value in seconds.items() if value}


def test_a_cause_is_read_off_its_measure():
    kinds = {
        "a: hours": "hours",
        "a: off duty": "off duty",
        "a: claim": "claim",
        "a: convoy": "convoy",
        "a: papers": "papers",
        "a": "servers",
    }
    for text, kind in kinds.items():
        assert Cause.read(f"wait_for_mean_h[{text}]") == Cause(kind, "a")
    assert Cause.read("throughput_per_day[2024-09]") is None
    assert Cause.read("wait_for_mean_h") is None
    assert Cause.read("wait_root_mean_h[unexplained]") == Cause("unexplained", "")


def test_the_random_plans_reach_every_kind_of_cause():
    seen = set()

    def look(plan):
        log = run_compiled(plan)
        result = waits(Measurement(plan, log))
        kinds = [cause.kind for cause in result.causes]
        for missing, root in zip(result.missing.tolist(), result.root.tolist(), strict=True):
            seen.add(kinds[missing])
            if missing != root:
                seen.add((kinds[missing], kinds[root]))
        for outcome in (INSIDE, GAVE_UP):
            if ((log.outcome == outcome) & (plan.arrival < log.left.max(initial=0))).any():
                seen.add(outcome)

    wanted = {
        "servers", "budget", "store", "off duty", "hours", "claim", "papers", "convoy", INSIDE,
        GAVE_UP,
        ("servers", "hours"), ("servers", "off duty"),  # from servers to servers: by hand
        ("store", "hours"), ("store", "servers"),
        ("claim", "servers"), ("servers", "convoy"),
    }  # fmt: skip
    until_all_seen(look, seen, wanted, 2000)
