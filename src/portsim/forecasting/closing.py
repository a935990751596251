"""When the port closes tonight, as the calendars of a scenario foresee it."""

import numpy as np

from portsim.calendars import Intervals, merge
from portsim.plan import Timetable

__all__ = ["closed_spans", "closing_of"]


def _open(timetable: Timetable) -> Intervals:
    """When the port is open, plan seconds: as the scenario says, or else while a stage with hours
    is."""
    scenario = timetable.scenario
    if scenario.open_hours:
        return timetable.context.open_hours
    spans = [
        admits
        for stage, admits in zip(scenario.stages.values(), timetable.works, strict=True)
        if stage.hours
    ]
    if not spans:
        return np.array([[0, timetable.end]], dtype=np.int64)
    return merge(np.concatenate(spans))


def closing_of(timetable: Timetable) -> float:
    """UTC epoch second at which the port closes next while it is open; NaN if it does not."""
    begin = timetable.run.start - timetable.run.origin
    for _, ends in _open(timetable).tolist():
        if begin < ends < timetable.end:
            return float(ends + timetable.run.origin)
    return float("nan")


def closed_spans(timetable: Timetable) -> list[tuple[int, int]]:
    """UTC epoch seconds in which the port is closed in the period."""
    run = timetable.run
    at, spans = run.start, []
    for begins, ends in (_open(timetable) + run.origin).tolist():
        if begins > at and begins > run.start:
            spans.append((at, min(begins, run.stop)))
        at = max(at, ends)
    if at < run.stop:
        spans.append((at, run.stop))
    return [(first, last) for first, last in spans if last > first]
