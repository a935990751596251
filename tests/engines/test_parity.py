"""Both engines tell the same of every plan: random days that reach every rule."""

from collections import Counter

from hypothesis import HealthCheck, given, settings

from engines.reached import BRANCHES, reached
from plans_strategy import days
from portsim.engines import compiled, simpy, stuck

PLANS, LEAST = 3000, 0.01


def test_the_compiled_log_is_the_simpy_log_for_plans_that_reach_every_rule():
    """3,000 plans of up to 60 visits: equal integer by integer, outcomes and leaving seconds too.

    Each branch of each rule comes to matter in 1 % of them at least, or they would be toys.
    """
    mattered: Counter[str] = Counter()

    @given(days())
    @settings(deadline=None, max_examples=PLANS, suppress_health_check=list(HealthCheck))
    def look(day):
        plan = day.plan()
        by_word, branches = reached(day, plan)
        mattered.update({"plans", *branches})
        log, reference = compiled.run(plan), simpy.run(plan)
        assert log == reference == by_word
        assert stuck(plan, log) == stuck(plan, reference)

    look()
    assert mattered["plans"] >= PLANS
    share = {branch: mattered[branch] / mattered["plans"] for branch in BRANCHES}
    assert min(share.values()) >= LEAST, sorted(share.items(), key=lambda item: item[1])
