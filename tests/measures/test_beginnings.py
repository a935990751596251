"""A run that begins with trucks inside is measured as the run from which they were cut."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings

from measures.test_properties import weighed
from plans import Day, Stage, Truck, Visit, at, budget
from portsim.engines import compiled, continued, simpy
from portsim.measures import Measurement, measure, waits
from portsim.measures.staffing import _duties
from portsim.measures.visit_kinds import Kinds
from portsim.plan.contract import BUDGET, NEVER
from thorough import cases

few = settings(
    deadline=None, max_examples=cases(50, 150), suppress_health_check=[HealthCheck.too_slow]
)


ROWS = ("truck_class", "pieces", "tonnes", "value", "residents")


def cut(plan, log):
    """What is left of a run at the start of its period, with the context of those that are left."""
    rest, keep = continued(plan, log, plan.context.start)
    context = replace(plan.context, **{name: getattr(plan.context, name)[keep] for name in ROWS})
    return replace(rest, context=context)


@given(weighed())
@few
def test_the_period_is_measured_alike_whoever_left_before_it(plan):
    # What the routes take is known from the scenario, whoever comes.
    plan = replace(
        plan, context=replace(plan.context, duties=tuple(_duties(plan, Kinds.sort(plan))))
    )
    log = simpy.run(plan)
    rest = cut(plan, log)
    whole, left = (
        measure(Measurement(some, run)) for some, run in ((plan, log), (rest, compiled.run(rest)))
    )
    budgets = {
        name
        for name, kind in zip(plan.context.resource_names, plan.resource_kind, strict=True)
        if kind == BUDGET
    }
    values = [
        {
            row[:3]: row[3]
            for row in measured.rows
            # Of papers whose truck had left the rest does not tell that more was to be done.
            if row[1] not in budgets and row[2] != "papers_time_mean_h"
        }
        for measured in (whole, left)
    ]
    # Of those that left before, who might have turned away has rows, too, and the desks of papers.
    counted = ("diverted", "given_up", "interrupted_per_day", "papers_per_day", "papers_queue_mean")
    assert values[0].keys() >= values[1].keys()
    for key, value in values[0].items():
        other = values[1].get(key, 0.0 if key[2] in counted else np.nan)
        # Only they needed papers there, or kept servers: whoever is left neither waited nor stood.
        only = key[2] in ("wait_papers_mean_h", "blocked_mean_h")
        none = only and key not in values[1] and value == 0.0
        assert none or np.isclose(value, other, rtol=1e-9, equal_nan=True), key
    for here, there in zip(whole.curves, left.curves, strict=True):
        assert np.allclose(here.y, there.y, equal_nan=True), here.curve
    assert whole.causes == left.causes


@given(weighed())
@few
def test_what_is_waited_for_is_the_same_whoever_left_before(plan):
    log = compiled.run(plan)
    rest = cut(plan, log)
    frames = [
        waits(Measurement(some, run)).frame()
        for some, run in ((plan, log), (rest, compiled.run(rest)))
    ]
    assert frames[0].equals(frames[1])
    assert "unexplained" not in set(frames[1]["missing"]) | set(frames[1]["root"])


@given(weighed())
@few
def test_trucks_inside_are_no_arrivals_and_nothing_is_lost(plan):
    """Inside at the start and arrived are released, gone and inside at the end: the truck that
    was there is counted, and not as one that came."""
    rest = cut(plan, compiled.run(plan))
    log = compiled.run(rest)
    rows = {
        row[2]: row[3] for row in measure(Measurement(rest, log)).rows if row[:2] == ("all", "")
    }
    weight, begun = rest.context.pieces, rest.arrival < rest.begin
    assert rows["inside_at_start"] == weight[begun].sum()
    assert rows["arrived"] == weight[~begun].sum()
    gone = rows["released"] + rows["diverted"] + rows["given_up"]
    assert rows["inside_at_start"] + rows["arrived"] == gone + rows["inside_at_end"]
    assert gone == weight[log.left != NEVER].sum()


def test_of_a_budget_there_is_what_was_left_and_what_is_set_anew():
    """One permit is left at 22:00 and five are set at midnight: six, of which two are spent."""
    day = Day(
        at("02:00+1"),
        {"permit": budget(5, at("00:00+1"))},
        {"desk": Stage()},
        [
            Truck(at(came), [Visit("desk", 600, {"permit": 1})], past=[[at(came)]])
            for came in ("21:00", "21:10")
        ],
        begins=at("22:00"),
        left={"permit": 1},
    )
    plan = day.plan()
    rows = measure(Measurement(plan, simpy.run(plan))).rows
    assert {row[2]: row[3] for row in rows if row[1] == "permit"}["utilisation"] == 2 / 6
