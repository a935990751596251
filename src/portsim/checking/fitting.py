"""Checks of loads: each fits every lane of the stages its route passes."""

import math

from portsim.checking.findings import Findings, Path
from portsim.checking.routes import step_path
from portsim.geometry import Fit, fit, lanes_at
from portsim.scenario.model import Scenario
from portsim.scenario.sizes import Envelope

__all__ = ["MISFIT", "check_loads"]

MISFIT = "does-not-fit"
"""Code of every fault noted here."""


def check_loads(findings: Findings, scenario: Scenario) -> None:
    """Sizes within the limits of the lanes, and bends that the load can take."""
    for name, cls in scenario.traffic.classes.items():
        for number, step in enumerate(cls.route):
            if cls.dimensions is None or step.papers_only:
                continue
            path = step_path(findings, ("traffic", name), number)
            lanes: dict[str, Envelope] = {}
            for stage_name in (step.stage, *step.others):
                stage = scenario.stages.get(stage_name)
                if stage is not None:
                    lanes |= lanes_at(stage_name, stage, scenario)
                    for other, _ in stage.swapped():
                        lanes |= lanes_at(stage_name, other, scenario)
            for lane, envelope in lanes.items():
                _judge(findings, path, lane, fit(cls.dimensions, envelope))


def _judge(findings: Findings, path: Path, lane: str, judged: Fit) -> None:
    for limit in judged.over:
        findings.error(
            path,
            MISFIT,
            f"a {limit.side} of at most {limit.most:g} {limit.unit} for {lane}",
            "the load fits none of them; give it a stage of its own",
            f"a load with a {limit.side} of {limit.size:g} {limit.unit}",
        )
    if judged.swept is None or judged.lane is None or judged.fits or judged.over:
        return
    radius = judged.smallest_radius()
    flatter = f"; at this width a radius of {up(radius):g} m would do" if radius is not None else ""
    if math.isinf(judged.width):
        found_words = "a load that cannot make the turn"
        hint = f"its wheels lock or its trailer folds before it is round{flatter}"
    else:
        found_words = (
            f"a load that needs a lane of {up(judged.width):g} m in the bend, "
            f"{up(-judged.clearance):g} m too much"
        )
        hint = f"widen the lane, its apron or its oversail{flatter}; portsim geometry draws it"
    lane_words = f"a load that clears the {judged.lane.width:g} m of {lane} in its bend of "
    findings.error(path, MISFIT, f"{lane_words}{judged.lane.radius:g} m", hint, found_words)


def up(metres: float) -> float:
    """Metres rounded up to a tenth: a limit that is written must clear."""
    return math.ceil(metres * 10.0 - 1e-6) / 10.0
