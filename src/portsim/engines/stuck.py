"""Stuck trucks: a circular wait, judged on the final state of a run by either engine.

The rule (docs/explanation/rules.md): let all works end; then remove again and again any waiting
truck whose need fits into the largest capacity of the run minus what the unremoved hold, budgets
and stores counting as unlimited; papers count as trucks, and a truck that waits for papers goes
after them. Whoever survives waits for ever. A need above the largest capacity
is no circle: `validate` refuses it, unless a breakdown is drawn that lasts for the whole run.
"""

from collections import Counter

import numpy as np

from portsim.arrays import Ints
from portsim.engines.log import INSIDE, Log
from portsim.engines.together import plan_together, together
from portsim.engines.went import as_it_went
from portsim.errors import StuckError
from portsim.plan.contract import FITTING, NEVER, SERVERS, Plan

__all__ = ["check_stuck", "stuck"]

_MOST_NAMED = 8


def stuck(plan: Plan, log: Log) -> dict[int, tuple[dict[int, int], int]]:
    """Trucks in a circular wait at the end of a run.

    Returns:
        By truck: the servers it holds, by resource, and the visit it waits for. Papers and their
        visits are numbered behind all trucks and visits of these.
    """
    lacking, other_ways = _lacking(plan, log), _other_ways(plan, log)
    plan, log = together(as_it_went(plan, log), log)
    largest = plan.resource_initial.copy()
    np.maximum.at(largest, plan.change_resource, plan.change_value)
    if plan.openings is not None:
        largest[plan.openings.resource] += plan.openings.most
    servers = plan.resource_kind == SERVERS
    first = plan.first_visit
    inside = np.flatnonzero(log.outcome == INSIDE)
    length = first[inside + 1] - first[inside]
    end = np.cumsum(length)
    begin = end - length
    # The visits of those inside, truck by truck; mostly they are few.
    visits = np.arange(end[-1] if len(end) else 0) + np.repeat(first[inside] - begin, length)
    done = np.concatenate([[0], np.cumsum(log.admitted[visits] != NEVER)])
    # Works that were under way are let end: the next visit is the first that was not begun.
    begun = done[end] - done[begin]
    kept = np.concatenate([[0], np.cumsum(_kept(plan)[plan.visit_kind[visits]])])
    keeps = kept[begin + begun] - kept[begin]
    waits = begun < length
    waiting, ahead = inside[waits], (first[inside] + begun)[waits]
    keeping = keeps[waits] > 0
    if not keeping.any():
        # Who holds nothing keeps nobody waiting.
        return {}
    holds: dict[int, dict[int, int]] = {}
    total = np.zeros(len(largest), dtype=np.int64)
    by_way: dict[bytes, dict[int, int]] = {}
    for truck, before in zip(waiting[keeping].tolist(), ahead[keeping].tolist(), strict=True):
        # At the end of a crowded run thousands have passed the same kinds of visits.
        way = plan.visit_kind[first[truck] : before]
        held = by_way.get(way.tobytes())
        if held is None:
            held = by_way[way.tobytes()] = _held_after(plan, way.tolist())
        holds[truck] = held
        for resource, count in held.items():
            total[resource] += count
    lists = len(plan.list_start)
    kind = plan.visit_kind[ahead]
    code = plan.kind_take[kind] * lists + plan.kind_give_in[kind]
    apart = np.isin(waiting, list(lacking)) | np.isin(ahead, list(other_ways))
    alike = {
        (*divmod(kind, lists), NEVER): waiting[(code == kind) & ~apart]
        for kind in np.flatnonzero(np.bincount(code)).tolist()
    }
    more: dict[int, list[tuple[int, int]]] = {}
    columns = (waiting[apart], code[apart], ahead[apart])
    for truck, kind, visit in zip(*(column.tolist() for column in columns), strict=True):
        alike[*divmod(kind, lists), truck] = np.array([truck])
        more[truck] = other_ways.get(visit, [])
    moved = True
    while moved:
        moved = False
        for take, give_in, alone in list(alike):
            if alone in lacking and any(
                lacking[alone].intersection(some.tolist()) for some in alike.values()
            ):
                continue
            left = np.where(servers, largest - total, largest)
            if any(
                _goes(plan, *way, largest, left) for way in [(take, give_in), *more.get(alone, [])]
            ):
                for truck in holds.keys() & set(alike.pop((take, give_in, alone)).tolist()):
                    for resource, count in holds.pop(truck).items():
                        total[resource] -= count
                moved = True
    return {
        truck: (holds.get(truck, {}), int(ahead[np.searchsorted(waiting, truck)]))
        for trucks in alike.values()
        for truck in trucks.tolist()
    }


def _goes(plan: Plan, take: int, give_in: int, largest: Ints, left: Ints) -> bool:
    """Whether what is taken is there, of what is left beside what others hold."""
    wants, back = _servers(plan, take), dict(plan.tokens(give_in))
    # Who needs more than the run ever had, since all broke down, waits for no other truck.
    return any(count > largest[resource] for resource, count in wants) or all(
        left[resource] + back.get(resource, 0) >= count for resource, count in wants
    )


def _other_ways(plan: Plan, log: Log) -> dict[int, list[tuple[int, int]]]:
    """What else would do, in place of the first way, for visits that go in any of their ways: lists
    of what is taken and given back at the admission."""
    ways = plan.ways
    if ways is None:
        return {}
    waits = (log.queued[ways.visit] != NEVER) & (log.admitted[ways.visit] == NEVER)
    rows = np.flatnonzero((ways.rule == FITTING) & waits).tolist()
    return {
        int(ways.visit[row]): [
            (int(plan.kind_take[kind]), int(plan.kind_give_in[kind]))
            for kind, _ in ways.of(row)[1:]
        ]
        for row in rows
    }


def _lacking(plan: Plan, log: Log) -> dict[int, set[int]]:
    """Trucks with the papers, as numbered behind them, for which they wait at the end of a run."""
    papers, lacking = plan.papers, dict[int, set[int]]()
    if papers is None:
        return lacking
    done = log.papers[papers.first_visit[1:] - 1, 2] != NEVER
    needed = np.append(log.queued, NEVER)[papers.needed] != NEVER
    for row in np.flatnonzero(~done & needed & (papers.needed != NEVER)).tolist():
        if log.outcome[papers.belongs[row]] == INSIDE:
            lacking.setdefault(int(papers.belongs[row]), set()).add(plan.trucks + row)
    return lacking


def _kept(plan: Plan) -> Ints:
    """How many servers more a truck holds after a visit of each kind than before it: int64[k]."""
    per_list = np.zeros(len(plan.list_start) - 1, dtype=np.int64)
    row = np.repeat(np.arange(len(per_list)), np.diff(plan.list_start))
    servers = plan.resource_kind[plan.list_resource] == SERVERS
    np.add.at(per_list, row[servers], plan.list_count[servers])
    lists = plan.kind_take, plan.kind_give_in, plan.kind_give_out
    taken, given_in, given_out = (per_list[each] for each in lists)
    return np.asarray(taken - given_in - given_out)


def _held_after(plan: Plan, kinds: list[int]) -> dict[int, int]:
    """Servers that a truck holds after visits of these kinds, by resource."""
    held: Counter[int] = Counter()
    for kind in kinds:
        held.update(dict(_servers(plan, int(plan.kind_take[kind]))))
        held.subtract(dict(_servers(plan, int(plan.kind_give_in[kind]))))
        held.subtract(dict(_servers(plan, int(plan.kind_give_out[kind]))))
    return {resource: count for resource, count in held.items() if count}


def _servers(plan: Plan, row: int) -> list[tuple[int, int]]:
    return [
        (resource, n) for resource, n in plan.tokens(row) if plan.resource_kind[resource] == SERVERS
    ]


def check_stuck(plan: Plan, log: Log) -> None:
    """Refuse a run that ended in a circular wait.

    Raises:
        StuckError: names the trucks with what they hold and want.
    """
    # Where nobody ever holds anything while it waits, none keeps another waiting.
    circle = stuck(plan, log) if _kept(plan).any() else {}
    if not circle:
        return
    trucks, papers = plan.trucks, plan.papers
    plan = plan_together(as_it_went(plan, log))
    names = plan.context.resource_names if plan.context else None
    stages = plan.context.stage_names if plan.context else None

    def words(tokens: dict[int, int]) -> str:
        parts = [
            f"{n} {names[resource] if names else resource}"
            for resource, n in sorted(tokens.items())
        ]
        return " and ".join(parts) or "nothing"

    lines = []
    for truck, (held, visit) in sorted(circle.items()):
        kind = plan.visit_kind[visit]
        stage = int(plan.kind_stage[kind])
        wants = dict(plan.tokens(int(plan.kind_take[kind])))
        place = stages[stage] if stages else str(stage)
        who = f"truck {truck}"
        if papers is not None and truck >= trucks:
            who = f"a paper of truck {papers.belongs[truck - trucks]}"
        lines.append(f"  {who} holds {words(held)} and wants {words(wants)} at {place}")
    if len(lines) > _MOST_NAMED:
        lines = [*lines[:_MOST_NAMED], f"  and {len(lines) - _MOST_NAMED} more"]
    raise StuckError(
        f"{len(circle)} trucks wait for each other in a circle and will never move:\n"
        + "\n".join(lines)
        + "\ngive back servers earlier (until) or add capacity where they meet"
    )
