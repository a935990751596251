"""Causes of waiting, tried on random small plans against a recount second by second."""

from collections import Counter

import numpy as np
from hypothesis import HealthCheck, given, settings

from measures.causes_recount import recount
from measures.test_properties import weighed
from portsim.engines import GAVE_UP, INSIDE
from portsim.engines.compiled import run as run_compiled
from portsim.engines.simpy import run
from portsim.measures import spans, waits

few = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])


def told(plan, log, **words):
    """What the package says, as the recount says it."""
    frame = waits(plan, log, **words).frame()
    keys = zip(frame["stage"], frame["missing"], frame["root"], frame["class"], strict=True)
    return Counter(dict(zip(keys, frame["seconds"].tolist(), strict=True)))


@given(weighed())
@few
def test_every_cause_and_root_equals_a_recount_second_by_second(plan):
    log = run(plan)
    assert told(plan, log) == recount(plan, log)


@given(weighed())
@few
def test_the_causes_of_each_stage_add_up_to_its_waiting_whoever_waits(plan):
    """With the logs of both engines, and whatever became of the trucks."""
    context = plan.context
    for log in (run(plan), run_compiled(plan)):
        found = spans(plan, log)
        waited = found.until - np.maximum(log.queued, context.start)
        waited = np.where(found.reached, np.maximum(waited, 0), 0) * context.pieces[found.truck]
        sums = Counter()
        for (stage, missing, root, cls), seconds in told(plan, log, found=found).items():
            assert "unexplained" not in (missing, root)
            sums[stage, cls] += seconds
        for number, stage in enumerate(context.stage_names):
            for cls, name in enumerate(context.class_names):
                mine = (plan.visit_stage == number) & (context.truck_class[found.truck] == cls)
                assert sums[stage, name] == waited[mine].sum()


@given(weighed())
@few
def test_where_trucks_take_alike_what_is_shut_or_off_duty_is_what_counts_as_closed(plan):
    log = run(plan)
    found = spans(plan, log)
    closed = Counter()
    for (stage, missing, _, _), seconds in told(plan, log, found=found).items():
        closed[stage] += seconds * missing.endswith((": hours", ": off duty"))
    for number, stage in enumerate(plan.context.stage_names):
        mine = plan.visit_stage == number
        after = found.truck[mine]
        if len(np.unique(plan.visit_take[mine])) == 1 and plan.context.start == 0:
            pieces = plan.context.pieces[after]
            assert closed[stage] == (found.wait_closed[mine] * pieces).sum()


def test_the_random_plans_reach_every_kind_of_cause():
    seen = set()

    @given(weighed())
    @settings(few, max_examples=400, derandomize=True, database=None)
    def look(plan):
        log = run(plan)
        result = waits(plan, log)
        kinds = [cause.kind for cause in result.causes]
        for missing, root in zip(result.missing.tolist(), result.root.tolist(), strict=True):
            seen.add(kinds[missing])
            if missing != root:
                seen.add((kinds[missing], kinds[root]))
        for outcome in (INSIDE, GAVE_UP):
            if ((log.outcome == outcome) & (plan.arrival < log.left.max(initial=0))).any():
                seen.add(outcome)

    look()
    assert seen >= {
        "servers", "budget", "store", "off duty", "hours", "claim", INSIDE, GAVE_UP,
        ("servers", "servers"), ("servers", "hours"), ("servers", "off duty"),
        ("store", "hours"), ("store", "servers"),
        ("claim", "servers"),
    }  # fmt: skip
