"""All engines tell the same of every plan: random days that reach every rule."""

from collections import Counter
from random import Random

from engines.agreed import agreed
from engines.reached import BRANCHES, reached
from plans_strategy import random_day
from thorough import cases

PLANS, LEAST = cases(400, 800), 3


def test_every_log_is_the_one_of_the_rules_word_by_word_for_plans_that_reach_every_rule():
    """Plans of up to 60 visits: equal integer by integer, outcomes and leaving seconds too.

    The engines, and the slow one that is written after the rules and nothing else. Each branch of
    each rule comes to matter in 3 of the plans at least, or they would be toys; there are more of
    them until it has. The days are always the same; `make proof` looks at many others.
    """
    mattered: Counter[str] = Counter()
    for number in range(5 * PLANS):
        if number >= PLANS and min(map(mattered.__getitem__, BRANCHES)) >= LEAST:
            break
        day = random_day(Random(number))
        plan = day.plan()
        by_word, branches = reached(day, plan)
        mattered.update(branches)
        agreed(plan, by_word)
    assert min(map(mattered.__getitem__, BRANCHES)) >= LEAST, [
        branch for branch in BRANCHES if mattered[branch] < LEAST
    ]
