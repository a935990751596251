"""How a port stands when its run begins: what a plan's beginning comes to for an engine.

Sums over the trucks inside only; nothing is simulated, and no calendar is read here.
"""

from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints
from portsim.plan.contract import NEVER, SERVERS, Beginning, Plan

__all__ = ["Standing", "standing"]


@dataclass(frozen=True, eq=False, slots=True)
class Standing:
    """The port before the first second of its run: m trucks inside with w visits, r resources."""

    second: int
    """The first second of the run."""
    truck: Ints
    """int64[m], the trucks inside, rising."""
    visits: Ints
    """int64[w], all their visits, done and to come."""
    visit: Ints
    """int64[m], the visit at which each of them waits or works."""
    free: Ints
    """int64[r], of servers capacity minus use; of budgets and stores what is left."""
    capacity: Ints
    """int64[r], capacity of servers, before what changes at `second`."""
    changed: int
    """So many changes of resources have happened."""
    doors: Ints
    """int64[k, 3]: stage, and the seconds from `second` on in which it begins and ceases to
    admit."""
    extra: Ints
    """int64[o], servers that each rule of the queue has opened."""
    due: Ints
    """int64[o], when one more is there that has been decided, or NEVER."""
    turns: Ints
    """int64[m, 3]: second, whether the hours of a rule begin then or end, and which rule; by time,
    ends first."""
    papers: Ints
    """int64[p], how many of their visits papers have finished."""


def standing(plan: Plan) -> Standing:
    """How the port of a plan stands when its run begins."""
    stages = np.repeat(np.arange(len(plan.admit_start) - 1), np.diff(plan.admit_start))
    doors = np.column_stack([stages, plan.admit])
    free, beginning = plan.resource_initial.copy(), plan.beginning
    if beginning is None:
        none = np.zeros(0, dtype=np.int64)
        return Standing(
            0, none, none, none, free, free.copy(), 0, doors, *_opened(plan), _finished(plan)
        )
    second = beginning.second
    doors = np.maximum(doors[doors[:, 2] > second], [0, second, second])
    changed = int(np.searchsorted(plan.change_time, second))
    capacity = plan.resource_initial.copy()
    # Of several steps of one resource the last one holds.
    capacity[plan.change_resource[:changed]] = plan.change_value[:changed]
    servers = plan.resource_kind == SERVERS
    trucks, visits = _inside(plan, beginning)
    tokens = _tokens(plan)
    used = np.zeros_like(free)
    known = [(plan.visit_kind[visits], beginning.admitted, beginning.finished)]
    if plan.papers is not None and beginning.papers is not None:
        known.append((plan.papers.visit_kind, *beginning.papers.T[1:]))
    for kind, admitted, finished in known:
        for column, seconds, sign in (
            (plan.kind_take, admitted, 1),
            (plan.kind_give_in, admitted, -1),
            (plan.kind_give_out, finished, -1),
        ):
            times = np.bincount(column[kind[seconds != NEVER]], minlength=len(tokens))
            used += sign * (times @ tokens)
    extra, due, turns = _opened(plan)
    if beginning.leaving is not None:
        used -= beginning.leaving
    if plan.openings is not None:
        # What queues have opened is free on top of the capacity, which knows nothing of it.
        used[plan.openings.resource] -= extra
    done = np.concatenate([[0], np.cumsum(beginning.finished != NEVER)])
    beyond = np.cumsum(plan.first_visit[trucks + 1] - plan.first_visit[trucks])
    before = np.concatenate([[0], beyond[:-1]]) if len(beyond) else beyond
    return Standing(
        second=second,
        truck=trucks,
        visits=visits,
        visit=plan.first_visit[trucks] + done[beyond] - done[before],
        free=np.where(servers, capacity - used, beginning.level),
        capacity=capacity,
        changed=changed,
        doors=doors,
        extra=extra,
        due=due,
        turns=turns,
        papers=_finished(plan),
    )


def _inside(plan: Plan, beginning: Beginning) -> tuple[Ints, Ints]:
    """The trucks inside at a beginning, and their visits."""
    trucks = np.arange(int(np.searchsorted(plan.arrival, beginning.second)))
    visits = np.arange(int(plan.first_visit[len(trucks)]))
    if beginning.again is None or not len(beginning.again):
        return trucks, visits
    more = [np.arange(*plan.first_visit[truck : truck + 2]) for truck in beginning.again]
    return np.concatenate([trucks, beginning.again]), np.concatenate([visits, *more])


def _finished(plan: Plan) -> Ints:
    """How many of their visits papers have finished."""
    papers, beginning = plan.papers, plan.beginning
    if papers is None:
        return np.zeros(0, dtype=np.int64)
    if beginning is None or beginning.papers is None:
        return np.zeros(len(papers), dtype=np.int64)
    done = np.concatenate([[0], np.cumsum(beginning.papers[:, 2] != NEVER)])
    return np.asarray(done[papers.first_visit[1:]] - done[papers.first_visit[:-1]])


def _tokens(plan: Plan) -> Ints:
    """Tokens of each resource in each token list: int64[l, r]."""
    tokens = np.zeros((len(plan.list_start) - 1, len(plan.resource_kind)), dtype=np.int64)
    rows = np.repeat(np.arange(len(tokens)), np.diff(plan.list_start))
    np.add.at(tokens, (rows, plan.list_resource), plan.list_count)
    return tokens


def _opened(plan: Plan) -> tuple[Ints, Ints, Ints]:
    """What queues have opened and decided, and when the hours of their rules begin and end."""
    rules, beginning = plan.openings, plan.beginning
    if rules is None:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros((0, 3), dtype=np.int64)
    extra = np.zeros(len(rules.resource), dtype=np.int64)
    due = np.full(len(rules.resource), NEVER)
    if beginning is not None and beginning.extra is not None:
        extra = beginning.extra[rules.resource]
    if beginning is not None and beginning.due is not None:
        due = beginning.due[rules.resource]
    owner = np.repeat(np.arange(len(rules.resource)), np.diff(rules.within_start))
    begins, ends = rules.within.T
    goes_on, ceases = ends > plan.begin, (ends >= plan.begin) & (ends < plan.end)
    seconds = np.concatenate([ends[ceases], np.maximum(begins[goes_on], plan.begin)])
    sort = np.repeat([0, 1], [int(ceases.sum()), int(goes_on.sum())])
    turns = np.column_stack([seconds, sort, np.concatenate([owner[ceases], owner[goes_on]])])
    return extra, due, turns[np.lexsort(turns.T[::-1])]
