"""Beginnings: a run is cut at a second, and what stands there is where another run can begin.

Plan and log are all that is looked at. Rules of an engine do not enter, but for the order within
one second in which tokens are given, set and taken.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints
from portsim.engines.came import comings
from portsim.engines.log import Log
from portsim.engines.went import as_it_went, ways_left
from portsim.plan.beside import pick
from portsim.plan.contract import NEVER, SERVERS, Again, Beginning, Papers, Plan
from portsim.plan.lasting import paced, with_paces

__all__ = ["continued", "leaving_at", "levels_at", "opened_at", "papers_kept"]


def continued(plan: Plan, log: Log, second: int) -> tuple[Plan, NDArray[np.bool_]]:
    """What is left of a run at a second, as a plan that begins there.

    Its run goes on as the one it was cut from: the logs are the same from `second` on.

    Args:
        plan: a plan.
        log: what an engine made of it.
        second: in [plan.begin, plan.end); nothing that happens then has happened yet.

    Returns:
        The plan of the trucks that are inside or arrive later, in plan seconds as before, without
        a context; and which of the trucks those are, bool[n].
    """
    arrived = comings(plan, log)
    came = (arrived != NEVER) & (arrived < second)
    keep = ~(came & (log.left != NEVER) & (log.left < second))
    count = np.diff(plan.first_visit)
    visits = np.flatnonzero(np.repeat(keep, count))
    of_inside = np.flatnonzero(np.repeat(keep & came, count))

    def before(known: Ints) -> Ints:
        return np.where(known < second, known, NEVER)

    settled = as_it_went(plan, log)
    plan = ways_left(plan, log, second, visits)
    columns = ("kind", "patience", "tolerance")
    # What has begun lasts as long as it lasts, and later works depend on when they begin.
    begun = np.where(log.admitted < second, log.admitted, NEVER)
    lasting = with_paces(plan, begun).visit_work
    work = np.where(begun == NEVER, plan.visit_work, lasting)
    extra, due = opened_at(plan, log, second)
    levels, leaving = levels_at(settled, log, second), leaving_at(settled, log, second)
    inside, coming, again = _still_to_come(plan, arrived, keep, came)
    papers, of_papers = papers_kept(plan, log, second)
    return replace(
        plan,
        arrival=plan.arrival[keep],
        priority=plan.priority[keep],
        first_visit=np.concatenate([[0], np.cumsum(count[keep])]),
        **{f"visit_{name}": getattr(plan, f"visit_{name}")[visits] for name in columns},
        visit_work=work[visits],
        beginning=Beginning(
            second=second,
            queued=before(log.queued[of_inside]),
            admitted=before(log.admitted[of_inside]),
            finished=before(log.finished[of_inside]),
            level=levels,
            extra=extra,
            due=due,
            interrupted=_interrupted(plan, log, second, visits),
            leaving=leaving,
            again=inside,
            coming=coming,
            papers=None if papers is None else before(log.papers[of_papers]),
        ),
        again=again,
        papers=papers,
        context=None,
    ), keep


def _interrupted(plan: Plan, log: Log, second: int, visits: Ints) -> Ints | None:
    """Of works under way at a second that were stopped before: the visit, by its number among some
    visits, since when it goes on, NEVER where it stands still, and what is to be done."""
    if plan.stops is None:
        return None
    known: dict[int, tuple[int, int]] = {}
    if plan.beginning is not None and plan.beginning.interrupted is not None:
        known |= {
            visit: (since, left) for visit, since, left in plan.beginning.interrupted.tolist()
        }
    for when, visit, left, goes in log.stops[log.stops[:, 0] < second].tolist():
        known[visit] = (when if goes else NEVER, left)
    finished = log.finished
    rows = [
        (int(np.searchsorted(visits, visit)), *how)
        for visit, how in sorted(known.items())
        if finished[visit] == NEVER or finished[visit] >= second
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def leaving_at(plan: Plan, log: Log, second: int) -> Ints | None:
    """Servers whose shift has ended and that have a truck in hand, before anything happens at a
    second: int64[r]."""
    if plan.leaving is None:
        return None
    still_there = np.zeros(len(plan.resource_kind), dtype=np.int64)
    if plan.beginning is not None and plan.beginning.leaving is not None:
        still_there = plan.beginning.leaving.copy()
    for resource in np.flatnonzero(plan.leaving.overlaps).tolist():
        rows = (plan.leaving.resource == resource) & (plan.leaving.time < second)
        rows &= plan.leaving.time >= plan.begin
        taken = _counts(plan, resource)[plan.visit_take]
        times, values = plan.course(resource)
        known = (log.finished != NEVER) & (log.finished < plan.begin)
        columns = plan.leaving.time[rows].tolist(), plan.leaving.count[rows].tolist()
        for when, count in zip(*columns, strict=True):
            # Works that end in the second of the end of a shift end before it; those of 0 s after.
            ended = (log.finished != NEVER) & (log.finished <= when) & (log.admitted < when)
            still_there[resource] -= min(still_there[resource], int(taken[ended & ~known].sum()))
            begun = (log.admitted != NEVER) & (log.admitted < when)
            in_use = int(taken[begun & ~ended].sum()) - still_there[resource]
            there = int(values[np.searchsorted(times, when) - 1])
            still_there[resource] += max(0, count - (there - in_use))
            known = ended
        ended = (log.finished != NEVER) & (log.finished < second)
        still_there[resource] -= min(still_there[resource], int(taken[ended & ~known].sum()))
    return still_there


def _still_to_come(
    plan: Plan, arrived: Ints, keep: NDArray[np.bool_], came: NDArray[np.bool_]
) -> tuple[Ints | None, Ints | None, Again | None]:
    """Of those that come again, by their new numbers: who is inside, who will come and when, and
    who comes in whose place."""
    again = plan.again
    if again is None:
        return None, None, None
    number = np.cumsum(keep) - 1
    others = np.arange(plan.trucks) >= np.searchsorted(plan.arrival, plan.end)
    # Of those whose former coming is over by now the second of the next one is known.
    over = np.zeros(plan.trucks, dtype=bool)
    over[again.next[~keep & (again.next != NEVER)]] = True
    if plan.beginning is not None and plan.beginning.coming is not None:
        over[plan.beginning.coming[:, 0]] = True
    coming = np.flatnonzero(keep & others & ~came & over & (arrived != NEVER))
    next_ = again.next[keep]
    return (
        number[np.flatnonzero(keep & came & others)],
        np.column_stack([number[coming], arrived[coming]]),
        Again(np.where(next_ == NEVER, NEVER, number[next_]), again.after[keep]),
    )


def papers_kept(plan: Plan, log: Log, second: int) -> tuple[Papers | None, Ints]:
    """The papers of a run that go on at a second, in the numbers of the plan that begins there.

    Those of trucks that have left are kept while somebody works on them, up to that work.

    Args:
        plan, log, second: as of `continued`.

    Returns:
        The papers, None if the plan has none; and int64[k], which of the visits of the plan's
        papers are theirs.
    """
    papers = plan.papers
    if papers is None:
        return None, np.zeros(0, dtype=np.int64)
    gone = (plan.arrival < second) & (log.left != NEVER) & (log.left < second)
    length = np.diff(papers.first_visit)
    owner = np.repeat(np.arange(len(papers)), length)
    _, admitted, finished = np.where(log.papers < second, log.papers, NEVER).T
    done = np.bincount(owner[finished != NEVER], minlength=len(papers))
    at_work = np.bincount(owner[(admitted != NEVER) & (finished == NEVER)], minlength=len(papers))
    alone = papers.belongs == NEVER
    orphaned = ~alone & np.append(gone, False)[papers.belongs]
    rows = np.flatnonzero(np.where(alone, done < length, ~orphaned | (at_work > 0)))
    length = np.where(orphaned, done + 1, length)[rows]
    truck = np.append(_numbers(~gone), NEVER)[papers.belongs]
    visits = _numbers(np.repeat(~gone, np.diff(plan.first_visit)))
    if plan.paces is not None:
        begun = (admitted >= 0) & (admitted >= plan.begin)
        stage = plan.kind_stage[papers.visit_kind]
        lasting = paced(plan.paces, stage, np.maximum(admitted, 0), papers.visit_work)
        papers = replace(papers, visit_work=np.where(begun, lasting, papers.visit_work))
    return pick(papers, rows, length, truck[rows], visits)


def _numbers(keep: NDArray[np.bool_]) -> Ints:
    """New numbers of what is kept, NEVER of the rest."""
    return np.where(keep, np.cumsum(keep) - 1, NEVER)


def levels_at(plan: Plan, log: Log, second: int) -> Ints:
    """What is left of budgets and stores before anything happens at a second: int64[r].

    Of servers 0.
    """
    levels = plan.resource_initial if plan.beginning is None else plan.beginning.level
    levels = np.where(plan.resource_kind == SERVERS, 0, levels)
    for resource in np.flatnonzero(plan.resource_kind != SERVERS).tolist():
        since, refilled = plan.begin, False
        rows = np.flatnonzero(plan.change_resource == resource)
        times = plan.change_time[rows]
        set_ = rows[(times >= since) & (times < second)]
        if len(set_):
            since, refilled = int(plan.change_time[set_[-1]]), True
            levels[resource] = plan.change_value[set_[-1]]
        counts = _counts(plan, resource)
        for kind, admitted, finished in _movements(plan, log):
            taken = (admitted >= since) & (admitted < second)
            ended = (finished >= since) & (finished < second)
            if refilled:
                # Works that end in the second of a refill end before it; those of 0 s after it.
                ended &= (finished > since) | (admitted == since)
            net = counts[plan.kind_give_in] - counts[plan.kind_take]
            levels[resource] += int(
                net[kind[taken]].sum() + counts[plan.kind_give_out][kind[ended]].sum()
            )
    return levels


def _movements(plan: Plan, log: Log) -> list[tuple[NDArray[np.integer], Ints, Ints]]:
    """Kind, admission and end of work of the visits of trucks, and of those of papers."""
    moved: list[tuple[NDArray[np.integer], Ints, Ints]] = []
    moved.append((plan.visit_kind, log.admitted, log.finished))
    if plan.papers is not None:
        moved.append((plan.papers.visit_kind, log.papers[:, 1], log.papers[:, 2]))
    return moved


def opened_at(plan: Plan, log: Log, second: int) -> tuple[Ints, Ints]:
    """What queues have opened before anything happens at a second.

    Returns:
        int64[r] each: the extra servers that are there, and the second at which one more will be
        that has been decided, or NEVER.
    """
    servers, beginning = len(plan.resource_kind), plan.beginning
    extra, due = np.zeros(servers, dtype=np.int64), np.full(servers, NEVER)
    if beginning is not None and beginning.extra is not None:
        extra = beginning.extra.copy()
    if beginning is not None and beginning.due is not None:
        due = beginning.due.copy()
    before = log.openings[log.openings[:, 0] < second]
    # Of several changes of one resource the last one holds.
    extra[before[:, 1]], due[before[:, 1]] = before[:, 2], before[:, 3]
    return extra, due


def _counts(plan: Plan, resource: int) -> Ints:
    """Tokens of a resource in each token list."""
    counts = np.zeros(len(plan.list_start) - 1, dtype=np.int64)
    row = np.repeat(np.arange(len(counts)), np.diff(plan.list_start))
    chosen = plan.list_resource == resource
    np.add.at(counts, row[chosen], plan.list_count[chosen])
    return counts
