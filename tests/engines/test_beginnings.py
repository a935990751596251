"""A run begun from the state of another one at some second goes on as that one does."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines import slow_engine
from engines.agreed import agreed, first_difference
from plans import NEVER, Day, Paper, Stage, Truck, Visit, servers
from plans_strategy import days, random_day
from portsim.engines import Log, compiled, continued, simpy
from portsim.engines.beginning import papers_kept
from portsim.plan.contract import FITTING, Plan
from thorough import cases

many = settings(
    deadline=None, max_examples=cases(30, 150), suppress_health_check=[HealthCheck.too_slow]
)
RARE = (17, 15, 86, 973)
"""Among the random plans and cuts of these numbers is everything that there may be."""


def of_trucks(plan: Plan, log: Log, keep: np.ndarray, since: int) -> Log:
    """The log of some trucks alone, and of what queues opened since a second."""
    visits = np.repeat(keep, np.diff(plan.first_visit))
    return Log(
        *(column[visits] for column in (log.queued, log.admitted, log.finished)),
        *(column[keep] for column in (log.outcome, log.left)),
        openings=log.openings[log.openings[:, 0] >= since],
        stops=stops_of(log, visits, since),
        papers=log.papers[papers_kept(plan, log, since)[1]],
        ways=ways_of(plan, log, visits, since),
    )


def ways_of(plan: Plan, log: Log, visits: np.ndarray, since: int) -> np.ndarray:
    """What was chosen from a second on, or never, for some visits alone."""
    if plan.ways is None:
        return log.ways
    when = np.where(
        plan.ways.rule == FITTING, log.admitted[plan.ways.visit], log.queued[plan.ways.visit]
    )
    return log.ways[visits[plan.ways.visit] & ~((when != NEVER) & (when < since))]


def stops_of(log: Log, visits: np.ndarray, since: int) -> np.ndarray:
    """What is told of works that were stopped, of some visits alone, since a second."""
    rows = log.stops[log.stops[:, 0] >= since]
    rows = rows[visits[rows[:, 1]]]
    return np.column_stack([rows[:, 0], (np.cumsum(visits) - 1)[rows[:, 1]], rows[:, 2:]])


@pytest.mark.parametrize("run", [simpy.run, compiled.run, slow_engine.run])
def test_a_run_begun_from_its_own_state_goes_on_as_it_would_have(run):
    @given(days(), st.integers(0, 79))
    @many
    def holds(day, second):
        plan = day.plan()
        log = run(plan)
        second %= plan.end
        rest, keep = continued(plan, log, second)
        left, right = run(rest), of_trucks(plan, log, keep, second)
        assert left == right, first_difference(rest, left, right)

    holds()


@given(days(), st.integers(0, 79), st.integers(0, 79))
@many
def test_a_run_cut_twice_is_the_run_cut_once(day, first, second):
    plan = day.plan()
    first, second = sorted((first % plan.end, second % plan.end))
    log = agreed(plan)
    once, keep = continued(plan, log, first)
    of_once = of_trucks(plan, log, keep, first)
    twice, _ = continued(once, of_once, second)
    directly, _ = continued(plan, log, second)
    assert np.array_equal(twice.beginning.level, directly.beginning.level)
    assert np.array_equal(twice.beginning.queued, directly.beginning.queued)
    assert np.array_equal(twice.beginning.extra, directly.beginning.extra)
    assert np.array_equal(twice.beginning.due, directly.beginning.due)
    for name in ("again", "coming", "interrupted", "leaving"):
        of_twice, of_once = (getattr(rest.beginning, name) for rest in (twice, directly))
        assert (of_twice is None) == (of_once is None)
        assert of_twice is None or np.array_equal(of_twice, of_once)
    assert agreed(twice) == agreed(directly)


def test_papers_whose_truck_has_left_give_back_what_they_kept_for_later():
    """The truck leaves at 2 s; its papers keep the one clerk until 4 s."""
    keeps = Visit("desk", 4, {"clerks": 1}, give_out={})
    gives = Visit("desk", 0, {}, give_out={"clerks": 1})
    goes = Truck(0, [Visit("gate", 2)], papers=[Paper([keeps, gives], needed=None)])
    waits = Truck(1, [Visit("desk", 1, {"clerks": 1})])
    stages = {"gate": Stage(), "desk": Stage()}
    plan = Day(9, {"clerks": servers(1)}, stages, [goes, waits]).plan()
    rest, _ = continued(plan, agreed(plan), 3)
    assert agreed(rest).admitted.tolist() == [4]


def test_random_plans_are_cut_where_it_matters():
    """Cut somewhere, trucks wait, work, and hold what they took at stages before; servers opened
    by the queue are there, or due."""
    seen: Counter[str] = Counter()
    wanted = {
        f"{what} at the beginning"
        for what in (
            *("waiting", "working", "holding", "opened", "due", "about to come again"),
            "standing still",
        )
    } | {"came again before the beginning", "left before the beginning"}

    # Of the rarest one comes in some hundreds: on until it has, if not where it once was.
    for number in (*RARE, *range(5000)):
        luck = Random(number)
        plan = random_day(luck).plan()
        rest, _ = continued(plan, simpy.run(plan), luck.randrange(plan.end))
        slow_engine.run(rest, seen)
        if wanted <= set(+seen):
            break
    assert wanted <= set(+seen), wanted - set(+seen)
