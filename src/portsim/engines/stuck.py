"""Stuck trucks: a circular wait, judged on the final state of a run by either engine.

The rule (design, section 4, rule 8): let all works end; then remove again and again any waiting
truck whose need fits into the largest capacity of the run minus what the unremoved hold, budgets
and stores counting as unlimited. Whoever survives waits for ever.
"""

from collections import Counter, defaultdict

import numpy as np

from portsim.engines.log import INSIDE, Log
from portsim.errors import StuckError
from portsim.plan.contract import NEVER, SERVERS, Plan

__all__ = ["check_stuck", "stuck"]

_MOST_NAMED = 8


def stuck(plan: Plan, log: Log) -> dict[int, tuple[dict[int, int], int]]:
    """Trucks in a circular wait at the end of a run.

    Returns:
        By truck: the servers it holds, by resource, and the visit it waits for.
    """
    largest = plan.resource_initial.copy()
    np.maximum.at(largest, plan.change_resource, plan.change_value)
    servers = plan.resource_kind == SERVERS
    begun = np.concatenate([[0], np.cumsum(log.admitted != NEVER)])
    inside = np.flatnonzero(log.outcome == INSIDE)
    # Works that were under way are let end: the next visit is the first that was not begun.
    first = plan.first_visit
    ahead = first[:-1] + begun[first[1:]] - begun[first[:-1]]
    waiting = inside[ahead[inside] < first[1:][inside]]
    holds: dict[int, dict[int, int]] = {}
    total = np.zeros(len(largest), dtype=np.int64)
    for truck in waiting[ahead[waiting] > first[:-1][waiting]].tolist():
        held: Counter[int] = Counter()
        for visit in range(int(first[truck]), int(ahead[truck])):
            held.update(dict(_servers(plan, int(plan.visit_take[visit]))))
            held.subtract(dict(_servers(plan, int(plan.visit_give_in[visit]))))
            held.subtract(dict(_servers(plan, int(plan.visit_give_out[visit]))))
        holds[truck] = {what: count for what, count in held.items() if count}
        for what, count in holds[truck].items():
            total[what] += count
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for truck in waiting.tolist():
        visit = int(ahead[truck])
        alike[int(plan.visit_take[visit]), int(plan.visit_give_in[visit])].append(truck)
    moved = True
    while moved:
        moved = False
        for take, give_in in list(alike):
            back = dict(plan.tokens(give_in))
            if all(
                largest[what] - total[what] + back.get(what, 0) >= count
                for what, count in plan.tokens(take)
                if servers[what]
            ):
                for truck in alike.pop((take, give_in)):
                    for what, count in holds.pop(truck, {}).items():
                        total[what] -= count
                moved = True
    return {
        truck: (holds.get(truck, {}), int(ahead[truck]))
        for trucks in alike.values()
        for truck in trucks
    }


def _servers(plan: Plan, row: int) -> list[tuple[int, int]]:
    return [(what, n) for what, n in plan.tokens(row) if plan.resource_kind[what] == SERVERS]


def check_stuck(plan: Plan, log: Log) -> None:
    """Refuse a run that ended in a circular wait.

    Raises:
        StuckError: names the trucks with what they hold and want.
    """
    found = stuck(plan, log)
    if not found:
        return
    names = plan.context.resource_names if plan.context else None
    stages = plan.context.stage_names if plan.context else None

    def words(tokens: dict[int, int]) -> str:
        parts = [f"{n} {names[what] if names else what}" for what, n in sorted(tokens.items())]
        return " and ".join(parts) or "nothing"

    lines = []
    for truck, (held, visit) in sorted(found.items()):
        stage = int(plan.visit_stage[visit])
        wants = dict(plan.tokens(int(plan.visit_take[visit])))
        place = stages[stage] if stages else str(stage)
        lines.append(f"  truck {truck} holds {words(held)} and wants {words(wants)} at {place}")
    if len(lines) > _MOST_NAMED:
        lines = [*lines[:_MOST_NAMED], f"  and {len(lines) - _MOST_NAMED} more"]
    raise StuckError(
        f"{len(found)} trucks wait for each other in a circle and will never move:\n"
        + "\n".join(lines)
        + "\ngive back servers earlier (until) or add capacity where they meet"
    )
