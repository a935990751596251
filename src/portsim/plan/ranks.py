"""Ranks: who goes first by class and stage, how levels rise with the wait, and who claims.

Words become one row for each kind of visit; no truck and no calendar is looked at.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints
from portsim.plan.contract import NEVER, Ranks
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import TruckClass

__all__ = ["claiming", "first_of", "ranked", "ranks_of"]


def ranked(scenario: Scenario) -> bool:
    """Whether any class has a priority by stage, one that rises, or is urgent."""
    return any(
        cls.rises_every is not None
        or cls.urgent
        or any(step.priority is not None for step in cls.route)
        for cls in scenario.traffic.classes.values()
    )


def first_of(cls: TruckClass) -> int:
    """Priority of the preferred trucks of a class."""
    words = cls.preferred
    return cls.priority if words is None or words.priority is None else words.priority


def claiming(scenario: Scenario) -> NDArray[np.bool_]:
    """Stages at which some truck claims: bool[s]."""
    urgent = {
        stage
        for cls in scenario.traffic.classes.values()
        for step in cls.route
        for stage in (step.stage, *step.others)
        if cls.urgent and scenario.stages[stage].takes
    }
    claims = [stage.claims or name in urgent for name, stage in scenario.stages.items()]
    return np.array(claims, dtype=bool)


def ranks_of(scenario: Scenario, names: Sequence[str], stage: Ints, who: Ints) -> Ranks | None:
    """The ranks of kinds of visits, None where trucks have theirs.

    Args:
        scenario: the port.
        names: of the classes, as numbered.
        stage: int64[k], stage of each kind.
        who: int64[k, 3], class, whether the preferred of it, and step of its route.
    """
    if not ranked(scenario):
        return None
    stages = list(scenario.stages.values())
    priority, rises, claims = [], [], []
    for number, (cls, preferred, step) in zip(stage.tolist(), who.tolist(), strict=True):
        words = scenario.traffic.classes[names[cls]]
        own = words.route[step].priority
        usual = words.priority if own is None else own
        priority.append(first_of(words) if preferred else usual)
        rises.append(NEVER if words.rises_every is None else round(words.rises_every))
        claims.append(stages[number].claims or words.urgent)
    return Ranks(
        np.array(priority, dtype=np.int64),
        np.array(rises, dtype=np.int64),
        np.array(claims, dtype=bool),
    )
