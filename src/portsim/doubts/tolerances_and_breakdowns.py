"""Doubts about what is drawn: tolerances below one truck, breakdowns amid long work."""

import numpy as np

from portsim.arrays import Reals
from portsim.checking.findings import Findings
from portsim.demand import inverse, mean_of
from portsim.scenario.model import Scenario
from portsim.scenario.stages import WorkTime

__all__ = ["check_drawn"]

_MANY = 0.05
"""Share of draws below one truck that is worth a word."""
_LONG = 0.25
"""Work of this share of a repair is long: a breakdown that begins amid it costs much less."""
_U: Reals = (np.arange(2000) + 0.5) / 2000
_HOUR_S, _MIN_S = 3600, 60


def check_drawn(findings: Findings, scenario: Scenario) -> None:
    """Tolerances and breakdowns of a scenario."""
    observed = scenario.origin.observed
    for name, cls in scenario.traffic.classes.items():
        words = cls.tolerance
        if words is None or words.waiting.constant is not None:
            continue
        below = float(np.mean(inverse(words.waiting, _U, observed) < 1.0))
        if below >= _MANY:
            findings.warn(
                ("traffic", name, "tolerance"),
                "tolerance",
                "a tolerance that is seldom below 1",
                "these count as 1 and turn away as soon as one truck waits; nobody turns away "
                "where nobody waits",
                f"a distribution with {below:.0%} of its draws below 1",
            )
    visited = scenario.traffic.visited
    for name, resource in scenario.resources.items():
        repairs = [
            mean_of(breakdown.repair, observed)
            for breakdown in resource.breakdowns
            if breakdown.work == "finished"
        ]
        if not repairs:
            continue
        for stage, words_ in scenario.stages.items():
            if stage not in visited or name not in words_.takes or words_.attended:
                continue
            work = max(_works(scenario, stage), default=0.0)
            if work >= _LONG * min(repairs):
                findings.warn(
                    ("resources", name, "breakdowns"),
                    "breakdown",
                    f"work much shorter than a repair of {_time(min(repairs))}",
                    "what breaks finishes its truck first, so most of a repair goes by beside it; "
                    "write work: resumed beside the breakdowns, and the work waits for the "
                    "repair",
                    f"breakdowns amid the work of {stage}, {_time(work)} on average",
                )


def _works(scenario: Scenario, stage: str) -> list[float]:
    """Mean seconds of work at a stage, of each class that passes there; tonnes are not counted."""
    return [
        _mean(step.time or scenario.stages[stage].time, cls.pieces, scenario)
        for cls in scenario.traffic.classes.values()
        for step in cls.route
        if step.stage == stage
    ]


def _mean(time: WorkTime, pieces: int, scenario: Scenario) -> float:
    parts = ((time.per_truck, 1), (time.per_piece, pieces))
    observed = scenario.origin.observed
    return sum(count * mean_of(time, observed) for time, count in parts if time is not None)


def _time(seconds: float) -> str:
    if seconds >= _HOUR_S:
        return f"{seconds / _HOUR_S:.3g} h"
    return f"{seconds / _MIN_S:.3g} min"
