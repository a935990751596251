"""All engines tell the same of every plan: random days that reach every rule."""

from collections import Counter

from hypothesis import HealthCheck, given, seed, settings

from engines.reached import BRANCHES, reached
from plans_strategy import days
from portsim.engines import ENGINES, engine, stuck

PLANS, LEAST = 1000, 10


def test_every_log_is_the_one_of_the_rules_word_by_word_for_plans_that_reach_every_rule():
    """1,000 plans of up to 60 visits: equal integer by integer, outcomes and leaving seconds too.

    The engines, and the slow one that is written after the rules and nothing else. Each branch of
    each rule comes to matter in 10 of the plans at least, or they would be toys; there are more of
    them until it has.
    """
    engines = [engine(name) for name in ENGINES]
    mattered: Counter[str] = Counter()

    def look(day):
        plan = day.plan()
        by_word, branches = reached(day, plan)
        mattered.update({"plans", *branches})
        logs = [run(plan) for run in engines]
        assert all(log == by_word for log in logs)
        of_stuck, *others = (stuck(plan, log) for log in logs)
        assert all(other == of_stuck for other in others)

    def enough():
        return mattered["plans"] >= PLANS and min(map(mattered.__getitem__, BRANCHES)) >= LEAST

    many = settings(max_examples=PLANS, deadline=None, suppress_health_check=list(HealthCheck))
    many(given(days())(look))()
    more = settings(many, max_examples=PLANS // 4, database=None)
    for number in range(60):
        if not enough():
            seed(number)(more(given(days())(look)))()
    assert enough(), sorted((mattered[branch], branch) for branch in BRANCHES)
