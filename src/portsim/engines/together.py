"""Trucks and their papers as one run: papers become trucks behind all others, for whoever asks what
was held, wanted and waited for, by whomever.

Plan and log are put together here; nothing is worked out of them.
"""

from dataclasses import replace

import numpy as np

from portsim.arrays import Ints
from portsim.engines.log import DIVERTED, GAVE_UP, INSIDE, RELEASED, Log
from portsim.plan.beside import movers
from portsim.plan.contract import NEVER, Context, Papers, Plan

__all__ = ["plan_together", "together"]


def plan_together(plan: Plan) -> Plan:
    """The plan with its papers as trucks of no weight behind all others.

    They have the class of their truck and come at the second at which they begin, or with it. A
    plan without papers is as it is. No engine may be given the outcome: nobody begins them there.
    """
    papers = plan.papers
    if papers is None:
        return plan
    rows, lone = movers(plan), papers.belongs == NEVER
    with_truck = np.append(plan.arrival, 0)[papers.belongs]
    beginning = plan.beginning
    if beginning is not None:
        # Those of trucks that come later stand behind all of those, as nothing has begun.
        beginning = replace(beginning, papers=None)
    return replace(
        plan,
        arrival=np.concatenate([plan.arrival, _where(papers.begins, with_truck)]),
        priority=rows.priority,
        first_visit=rows.first_visit,
        visit_kind=rows.kind,
        visit_work=rows.work,
        visit_patience=rows.patience,
        visit_tolerance=rows.tolerance,
        papers=None,
        beginning=beginning,
        context=None if plan.context is None else _context(plan.context, papers, lone),
    )


def _where(known: Ints, else_: Ints) -> Ints:
    return np.where(known == NEVER, else_, known)


def _context(context: Context, papers: Papers, lone: np.ndarray) -> Context:
    owner, none = np.where(lone, 0, papers.belongs), np.zeros(len(papers))
    cls = context.truck_class[owner] if len(context.truck_class) else np.zeros_like(owner)
    nothing = np.zeros(len(papers), dtype=np.int64)
    return replace(
        context,
        truck_class=np.concatenate([context.truck_class, cls]),
        pieces=np.concatenate([context.pieces, nothing]),
        tonnes=np.concatenate([context.tonnes, none]),
        value=np.concatenate([context.value, none]),
        residents=np.concatenate([context.residents, nothing]),
    )


def together(plan: Plan, log: Log) -> tuple[Plan, Log]:
    """A run with its papers as trucks behind all others; a run without papers is as it is.

    Papers that are done are released. Those whose truck has left have given up, then or at the end
    of the work that was under way; those that have not begun count as turned away.
    """
    papers = plan.papers
    if papers is None:
        return plan, log
    first, beyond = papers.first_visit[:-1], papers.first_visit[1:]
    queued, admitted, finished = log.papers.T
    ended = np.concatenate([[0], np.cumsum(finished != NEVER)])
    done = ended[beyond] - ended[first]
    last = np.where(done > 0, finished[first + done - 1], NEVER)
    at = np.minimum(first + done, beyond - 1)
    whole = first + done == beyond
    truck_left = np.append(log.left, NEVER)[papers.belongs]
    at_work = ~whole & (admitted[at] != NEVER)
    gone = ~whole & ~at_work & (truck_left != NEVER)
    unbegun = queued[first] == NEVER
    outcome = np.select(
        [whole, unbegun, gone], [RELEASED, DIVERTED, GAVE_UP], default=INSIDE
    ).astype(np.int64)
    left = np.select(
        [whole, unbegun, gone],
        [last, _where(truck_left, np.full_like(last, plan.end - 1)), np.maximum(truck_left, last)],
        default=NEVER,
    ).astype(np.int64)
    return plan_together(plan), Log(
        queued=np.concatenate([log.queued, queued]),
        admitted=np.concatenate([log.admitted, admitted]),
        finished=np.concatenate([log.finished, finished]),
        outcome=np.concatenate([log.outcome, outcome]),
        left=np.concatenate([log.left, left]),
        openings=log.openings,
    )
