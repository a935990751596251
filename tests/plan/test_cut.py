"""A plan cut short: the same port until an earlier end, with nothing known of what follows."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demand.ports import plan_of, port
from engines.test_properties import before, of_those_known
from plans_strategy import days
from portsim.engines import Log, simpy
from portsim.plan.contract import Plan
from portsim.plan.cut import begun_papers, cut

some = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


def beginning(plan: Plan, log: Log, short: Plan) -> Log:
    """What a log says of the seconds before the end of a shorter plan, of its trucks."""
    papers = begun_papers(plan.papers, short.trucks, short.end)[1]
    return of_those_known(plan, before(plan, log, short.end), short.end, papers)


@given(days(), st.data())
@some
def test_the_log_of_a_cut_plan_is_the_beginning_of_the_log_of_the_whole_one(day, data):
    plan = day.plan()
    short = cut(plan, data.draw(st.integers(1, plan.end), label="end"))
    assert simpy.run(short) == beginning(plan, simpy.run(plan), short)


@given(days(), st.data())
@some
def test_a_cut_plan_knows_nothing_of_what_follows(day, data):
    plan = day.plan()
    end = data.draw(st.integers(1, plan.end), label="end")
    short = cut(plan, end)
    assert short.end == end
    assert short.context is None
    assert np.all(short.change_time < end)
    assert np.all(short.arrival <= end)
    for stage in range(len(plan.admit_start) - 1):
        for whole, cut_short in ((plan.admits, short.admits), (plan.works, short.works)):
            open_then = [(a, min(b, end)) for a, b in whole(stage).tolist() if a < end]
            assert cut_short(stage).tolist() == [list(pair) for pair in open_then]
    # The trucks that have come by then, whole, and who comes in their place, but nobody else.
    came = np.count_nonzero(short.arrival < end)
    assert came == np.count_nonzero(plan.arrival < end)
    assert short.trucks == came or plan.again is not None
    assert len(short.visit_stage) == short.first_visit[-1]
    assert short.first_visit[: came + 1].tolist() == plan.first_visit[: came + 1].tolist()


@given(days())
@some
def test_a_plan_cut_at_its_own_end_is_the_same_plan(day):
    plan = day.plan()
    assert simpy.run(cut(plan, plan.end)) == simpy.run(plan)


def test_the_cut_holds_for_a_port_with_all_it_can_have(tmp_path):
    plan = plan_of(port(tmp_path))
    whole = simpy.run(plan)
    for part in (0.1, 0.35, 0.7):
        short = cut(plan, int(part * plan.end))
        assert simpy.run(short) == beginning(plan, whole, short)
