"""Trucks and the papers beside them in one numbering, as engines walk through them.

Arrays are put behind each other here, and nothing else is done; a plan without papers is as it is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints
from portsim.plan.contract import NEVER, Papers, Plan

__all__ = ["Movers", "joined", "movers", "papers_of", "pick"]


@dataclass(frozen=True, eq=False, slots=True)
class Movers:
    """All that move through the port: n trucks and p papers, with v and w visits."""

    first_visit: Ints
    """int64[n + p + 1]."""
    priority: Ints
    """int64[n + p]."""
    kind: NDArray[np.integer]
    """[v + w]."""
    work: Ints
    """int64[v + w]."""
    patience: Ints
    """int64[v + w], as the next one; papers have none."""
    tolerance: Ints


def movers(plan: Plan) -> Movers:
    """The trucks of a plan and its papers behind them, one numbering of movers and of visits."""
    papers = plan.papers
    if papers is None:
        return Movers(
            plan.first_visit,
            plan.priority,
            plan.visit_kind,
            plan.visit_work,
            plan.visit_patience,
            plan.visit_tolerance,
        )
    never = np.full(len(papers.visit_kind), NEVER, dtype=np.int64)
    return Movers(
        np.concatenate([plan.first_visit, plan.visits + papers.first_visit[1:]]),
        np.concatenate([plan.priority, papers.priority]),
        np.concatenate([plan.visit_kind, papers.visit_kind]),
        np.concatenate([plan.visit_work, papers.visit_work]),
        np.concatenate([plan.visit_patience, never]),
        np.concatenate([plan.visit_tolerance, never]),
    )


def papers_of(papers: Papers, trucks: int) -> Ints:
    """The papers of each of so many trucks: those of truck k are [first[k], first[k] + count[k]).

    Returns:
        int64[trucks, 2], first and count.
    """
    owned = np.flatnonzero(papers.belongs != NEVER)
    owner = papers.belongs[owned]
    count = np.bincount(owner, minlength=trucks)
    at = np.searchsorted(owner, np.arange(trucks))
    first = np.append(owned, 0)[np.minimum(at, len(owned))]
    return np.column_stack([first, count]).astype(np.int64)


def pick(
    papers: Papers, rows: Ints, length: Ints, truck: Ints, number: Ints
) -> tuple[Papers, Ints]:
    """Some of the papers of a plan, for a plan of some of its trucks.

    Args:
        papers: of q of which k are picked.
        rows: int64[k], which.
        length: int64[k], so many of the first visits of each.
        truck: int64[k], the new number of the truck of each, or NEVER: nobody waits for those.
        number: int64[v], new numbers of the visits of trucks, of which those that trucks keep are
            looked up.

    Returns:
        The papers; and int64[w], which visits of `papers` theirs are.
    """
    first = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    visits = np.repeat(papers.first_visit[rows] - first[:-1], length) + np.arange(first[-1])
    # Where NEVER looks, there is NEVER.
    number = np.append(number, NEVER)

    def of_truck(visit: Ints) -> Ints:
        return np.where(truck == NEVER, NEVER, number[np.where(truck == NEVER, NEVER, visit)])

    return Papers(
        belongs=truck,
        priority=papers.priority[rows],
        begins=papers.begins[rows],
        with_visit=of_truck(papers.with_visit[rows]),
        needed=of_truck(papers.needed[rows]),
        first_visit=first,
        visit_kind=papers.visit_kind[visits],
        visit_work=papers.visit_work[visits],
    ), visits


def joined(papers: Papers, more: Papers) -> Papers:
    """Papers and behind them those of trucks that are not in the plan."""
    columns = ("belongs", "priority", "begins", "with_visit", "needed", "visit_kind", "visit_work")
    return Papers(
        **{name: np.concatenate([getattr(papers, name), getattr(more, name)]) for name in columns},
        first_visit=np.concatenate(
            [papers.first_visit, papers.first_visit[-1] + more.first_visit[1:]]
        ),
    )
