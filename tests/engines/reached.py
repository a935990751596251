"""Which rules came to matter on a day: asked of the slow engine, of the final state, of other days.

A rule that cannot be seen from within a plan (a closure looks like hours) matters where the day
without it has another log.
"""

from collections import Counter
from dataclasses import replace

from engines import slow_engine
from plans import SERVERS, Day
from portsim.engines import Log, simpy, stuck
from portsim.engines.together import plan_together
from portsim.plan.contract import Plan

RULES = slow_engine.RULES | {
    "closures": ("a closure mattered",),
    "circular waits": ("waited in a circle",),
}
BRANCHES = tuple(branch for branches in RULES.values() for branch in branches)


def reached(day: Day, plan: Plan) -> tuple[Log, set[str]]:
    """The log of a day by the slow engine, and the branches of rules that mattered on it."""
    seen: Counter[str] = Counter()
    log = slow_engine.run(plan, seen)
    seen["a closure mattered"] = _closures_mattered(day, log)
    seen["waited in a circle"] = _circle(plan, log)
    return log, {branch for branch, count in seen.items() if count}


def _closures_mattered(day: Day, log: Log) -> bool:
    if not any(stage.closures for stage in day.stages.values()):
        return False
    stages = {name: replace(stage, closures=()) for name, stage in day.stages.items()}
    return simpy.run(replace(day, stages=stages).plan()) != log


def _circle(plan: Plan, log: Log) -> bool:
    """Whether a truck waits for ever which keeps something, and would fit if it were alone."""
    most = dict(enumerate(plan.resource_initial.tolist()))
    for what, value in zip(plan.change_resource.tolist(), plan.change_value.tolist(), strict=True):
        most[what] = max(most[what], value)
    circle, plan = stuck(plan, log), plan_together(plan)
    for held, visit in circle.values():
        back = dict(plan.tokens(int(plan.visit_give_in[visit])))
        if held and all(
            most[what] - held.get(what, 0) + back.get(what, 0) >= n
            for what, n in plan.tokens(int(plan.visit_take[visit]))
            if plan.resource_kind[what] == SERVERS
        ):
            return True
    return False
