"""Cutting a plan short: the same port up to an earlier end, with nothing known of what follows."""

from dataclasses import replace

import numpy as np

from portsim.arrays import Ints
from portsim.plan.beside import pick
from portsim.plan.contract import NEVER, Papers, Plan

__all__ = ["begun_papers", "cut"]


def cut(plan: Plan, end: int) -> Plan:
    """The plan with an earlier end, without a context.

    An engine never looks ahead, so its log of the cut plan is what the log of the whole one says of
    the seconds before `end`.

    Args:
        plan: any plan.
        end: second in (0, plan.end].
    """
    trucks = int(np.searchsorted(plan.arrival, end))
    visits = int(plan.first_visit[trucks])
    changes = int(np.searchsorted(plan.change_time, end))
    admit_start, admit = _clipped(plan.admit_start, plan.admit, end)
    work_start, work = _clipped(plan.work_start, plan.work, end)
    openings = plan.openings
    if openings is not None:
        within_start, within = _clipped(openings.within_start, openings.within, end)
        openings = replace(openings, within_start=within_start, within=within)
    papers, of_papers = begun_papers(plan.papers, trucks, end)
    beginning = plan.beginning
    if beginning is not None and beginning.papers is not None:
        beginning = replace(beginning, papers=beginning.papers[of_papers])
    columns = ("kind", "work", "patience", "tolerance")
    return replace(
        plan,
        end=end,
        arrival=plan.arrival[:trucks],
        priority=plan.priority[:trucks],
        first_visit=plan.first_visit[: trucks + 1],
        **{f"visit_{name}": getattr(plan, f"visit_{name}")[:visits] for name in columns},
        change_time=plan.change_time[:changes],
        change_resource=plan.change_resource[:changes],
        change_value=plan.change_value[:changes],
        admit_start=admit_start,
        admit=admit,
        work_start=work_start,
        work=work,
        openings=openings,
        papers=papers,
        beginning=beginning,
        context=None,
    )


def begun_papers(papers: Papers | None, trucks: int, end: int) -> tuple[Papers | None, Ints]:
    """The papers of so many trucks, and those that others hand in before they come; and which of
    all visits of papers are theirs."""
    if papers is None:
        return None, np.zeros(0, dtype=np.int64)
    alone = (papers.belongs == NEVER) | (papers.belongs >= trucks)
    rows = np.flatnonzero(~alone | ((papers.begins != NEVER) & (papers.begins < end)))
    truck = np.where(alone, NEVER, papers.belongs)[rows]
    length = np.diff(papers.first_visit)[rows]
    visits = max(int(papers.needed.max(initial=0)), int(papers.with_visit.max(initial=0))) + 1
    return pick(papers, rows, length, truck, np.arange(visits))


def _clipped(start: Ints, intervals: Ints, end: int) -> tuple[Ints, Ints]:
    begun = intervals[:, 0] < end
    owner = np.repeat(np.arange(len(start) - 1), np.diff(start))
    counts = np.bincount(owner[begun], minlength=len(start) - 1)
    rows = np.minimum(intervals[begun], end)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), rows
