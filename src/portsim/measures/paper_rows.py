"""Measures of papers: how many their desks do, how long they wait there, and how long all takes."""

import numpy as np

from portsim.arrays import Ints
from portsim.measures.groups import Row
from portsim.measures.measurement import Measurement
from portsim.measures.wanted import Wanted
from portsim.plan.contract import NEVER, Papers

__all__ = ["paper_rows"]

_HOUR = 3600.0
_TIME, _DESK = "papers_time_mean_h", ("papers_per_day", "papers_queue_mean", "papers_wait_mean_h")


def paper_rows(run: Measurement, wanted: Wanted) -> list[Row]:
    """Rows of the papers beside trucks, each counted once; class is all. None without any."""
    papers = run.plan.papers
    if papers is None or not wanted.any(_TIME, *_DESK):
        return []
    return _of_port(run, papers) + ([] if wanted.port_only else _of_desks(run, papers))


def _in(run: Measurement, seconds: Ints) -> np.ndarray:
    return (seconds >= run.context.start) & (seconds < run.plan.end)


def _of_port(run: Measurement, papers: Papers) -> list[Row]:
    """The time from handing in to the end of the last work, of those done in the period."""
    begun = run.log.papers[papers.first_visit[:-1], 0]
    done = run.log.papers[papers.first_visit[1:] - 1, 2]
    rows = np.flatnonzero(_in(run, done))
    taken = float((done - begun)[rows].mean()) / _HOUR if len(rows) else np.nan
    return [("all", "", _TIME, taken, len(rows), "")]


def _of_desks(run: Measurement, papers: Papers) -> list[Row]:
    """What each stage did for papers in the period, and who waited there."""
    context, end = run.context, run.plan.end
    queued, admitted, finished = run.log.papers.T
    until = run.with_papers.spans.until[run.plan.visits :]
    span, stage = end - context.start, run.plan.kind_stage[papers.visit_kind]
    waited = np.minimum(until, end) - np.maximum(queued, context.start)
    waited = np.where(queued == NEVER, 0, np.maximum(waited, 0))
    rows: list[Row] = []
    for number in np.unique(stage).tolist():
        here, place = stage == number, context.stage_names[number]
        done = int((here & _in(run, finished)).sum())
        begun = np.flatnonzero(here & _in(run, admitted))
        wait = float((admitted - queued)[begun].mean()) / _HOUR if len(begun) else np.nan
        rows += [
            ("all", place, _DESK[0], done / context.days, done, ""),
            ("all", place, _DESK[1], float(waited[here].sum()) / span, len(begun), ""),
            ("all", place, _DESK[2], wait, len(begun), ""),
        ]
    return rows
