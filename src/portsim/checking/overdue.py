"""Work under way at the beginning that has gone on for longer than the law of its stage allows."""

import numpy as np

from portsim.calendars import to_utc, zone
from portsim.checking.findings import Findings
from portsim.scenario.distributions import Distribution, Law
from portsim.scenario.inside import TrucksInside
from portsim.scenario.legs import legs, places_at
from portsim.scenario.model import Scenario
from portsim.scenario.origin import Origin
from portsim.scenario.stages import WorkTime

__all__ = ["check_overdue"]


def check_overdue(
    findings: Findings, scenario: Scenario, origin: Origin, inside: TrucksInside
) -> None:
    """Warn where trucks have been at work for longer than work can last there: it ends at once.

    Work that pauses has not passed all the time; it is left alone.
    """
    minute = scenario.period.begins
    at = minute.hour * 3600 + minute.minute * 60
    begins = to_utc(minute.date(), at, zone(scenario.timezone), later=False)
    late: list[int] = []
    told = inside.working & np.isnan(inside.remaining) & (inside.drawn < 0)
    for row in np.flatnonzero(told).tolist():
        cls, stage = scenario.traffic.classes[inside.classes[row]], inside.stages[row]
        place = places_at(cls)[stage, int(inside.passes[row])]
        step = cls.route[legs(cls)[place].step]
        if scenario.stages[stage].at_close != "pause":
            time = step.time or scenario.stages[stage].time
            factor = scenario.stages[stage].lasting(inside.by[row])
            longest = factor * _longest(time, cls.pieces, origin)
            if begins - int(inside.since[row]) > longest + 0.5:
                late.append(row)
    if late:
        name, stage = inside.names[late[0]] or inside.classes[late[0]], inside.stages[late[0]]
        number = f"{len(late)} truck{'s' if len(late) != 1 else ''}"
        findings.warn(
            ("inside",),
            "overdue",
            "work that can last as long",
            "it ends as the period begins; is the time of the stage right, or `since`?",
            f"{number} at work for longer than work can last there, such as {name} at {stage}",
        )


def _longest(time: WorkTime, pieces: int, origin: Origin) -> float:
    """The longest that work can last, in seconds; infinite where nothing bounds it."""
    if time.per_tonne is not None or time.per_resident is not None:
        return np.inf
    parts = ((time.per_truck, 1), (time.per_piece, pieces))
    return sum(_most(law, origin) * count for law, count in parts if law is not None)


def _most(distribution: Distribution[float], origin: Origin) -> float:
    return max(_most_of(law, origin) for _, law in distribution.parts)


def _most_of(law: Law[float], origin: Origin) -> float:
    if law.truncated_normal is not None:
        return law.truncated_normal.ends[1]
    for words in (law.uniform, law.triangular):
        if words is not None:
            return words.high
    if law.constant is not None:
        return law.constant
    if law.empirical is not None:
        return float(law.empirical.rising(origin.observed).max(initial=0.0))
    return np.inf
