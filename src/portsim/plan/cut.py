"""Cutting a plan short: the same port up to an earlier end, with nothing known of what follows."""

from dataclasses import replace

import numpy as np

from portsim.arrays import Ints
from portsim.plan.beside import pick
from portsim.plan.contract import NEVER, Again, Leaving, Papers, Plan, Stops
from portsim.plan.ways import ways_of

__all__ = ["begun_papers", "cut", "left_by_cut"]


def cut(plan: Plan, end: int) -> Plan:
    """The plan with an earlier end, without a context.

    An engine never looks ahead, so its log of the cut plan is what the log of the whole one says of
    the seconds before `end`, of the trucks that are `left_by_cut`.

    Args:
        plan: any plan.
        end: second in (0, plan.end].
    """
    trucks, visits = left_by_cut(plan, end)
    arrival = plan.arrival[trucks]
    changes = int(np.searchsorted(plan.change_time, end))
    admit_start, admit = _clipped(plan.admit_start, plan.admit, end)
    work_start, work = _clipped(plan.work_start, plan.work, end)
    openings, again, beginning, stops = plan.openings, plan.again, plan.beginning, plan.stops
    if stops is not None:
        known = int(np.searchsorted(stops.time, end))
        stops = Stops(
            stops.time[:known],
            stops.resource[:known],
            stops.count[:known],
            stops.anew[:known],
            stops.fails,
        )
    if openings is not None:
        within_start, within = _clipped(openings.within_start, openings.within, end)
        openings = replace(openings, within_start=within_start, within=within)
    leaving = plan.leaving
    if leaving is not None:
        known = int(np.searchsorted(leaving.time, end))
        leaving = Leaving(
            leaving.time[:known], leaving.resource[:known], leaving.count[:known], leaving.overlaps
        )
    first_visit = plan.first_visit[: len(arrival) + 1]
    if again is not None:
        number = np.zeros(plan.trucks, dtype=np.int64)
        number[trucks] = np.arange(len(arrival))
        again = Again(_renumbered(again.next[trucks], number), again.after[trucks])
        arrival = np.minimum(arrival, end)
        first_visit = np.concatenate([[0], np.cumsum(np.diff(plan.first_visit)[trucks])])
        if beginning is not None and beginning.again is not None and beginning.coming is not None:
            beginning = replace(
                beginning,
                again=number[beginning.again],
                coming=np.column_stack([number[beginning.coming[:, 0]], beginning.coming[:, 1]]),
            )
    if beginning is not None and beginning.interrupted is not None and again is not None:
        # Without those that come again no number changes.
        place = np.searchsorted(np.arange(plan.visits)[visits], beginning.interrupted[:, 0])
        rows = np.column_stack([place, beginning.interrupted[:, 1:]])
        beginning = replace(beginning, interrupted=rows)
    ways = plan.ways
    if ways is not None:
        ways = ways_of(ways, np.arange(plan.visits)[visits])
    papers, of_papers = begun_papers(plan.papers, len(arrival), end)
    if beginning is not None and beginning.papers is not None:
        beginning = replace(beginning, papers=beginning.papers[of_papers])
    names = ("kind", "work", "patience", "tolerance")
    return replace(
        plan,
        end=end,
        arrival=arrival,
        priority=plan.priority[trucks],
        first_visit=first_visit,
        **{f"visit_{name}": getattr(plan, f"visit_{name}")[visits] for name in names},
        change_time=plan.change_time[:changes],
        change_resource=plan.change_resource[:changes],
        change_value=plan.change_value[:changes],
        admit_start=admit_start,
        admit=admit,
        work_start=work_start,
        work=work,
        openings=openings,
        stops=stops,
        leaving=leaving,
        again=again,
        papers=papers,
        ways=ways,
        beginning=beginning,
        context=None,
    )


def left_by_cut(plan: Plan, end: int) -> tuple[Ints | slice, Ints | slice]:
    """The trucks of a plan that `cut` keeps, and their visits.

    They are those that come before the end, and those that come again in their place.
    """
    came = int(np.searchsorted(plan.arrival, end))
    if plan.again is None:
        return slice(came), slice(int(plan.first_visit[came]))
    keep = np.arange(plan.trucks) < came
    beginning = plan.beginning
    if beginning is not None and beginning.again is not None and beginning.coming is not None:
        keep[beginning.again] = keep[beginning.coming[:, 0]] = True
    for truck in np.flatnonzero(plan.again.next != NEVER).tolist():
        keep[plan.again.next[truck]] |= keep[truck]
    return np.flatnonzero(keep), np.flatnonzero(np.repeat(keep, np.diff(plan.first_visit)))


def _renumbered(trucks: Ints, number: Ints) -> Ints:
    return np.where(trucks == NEVER, NEVER, number[trucks])


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
