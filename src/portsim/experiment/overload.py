"""Overload of a scenario: the strains of all its replications, judged together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portsim.measures import Strain
from portsim.statistics import more_than_can_be_given

__all__ = ["Overload", "overloads"]

_LEAST = {"servers": 1.0, "budget": 1.0, "stage": 1.01}
"""Asked over given from which on there is an overload; a queue that hardly grows is none."""


@dataclass(frozen=True, slots=True)
class Overload:
    """Where more was asked than could be given."""

    kind: str
    """servers or budget: more was asked of a resource than it has; stage: more trucks came to a
    stage than it could admit, and its queue grew."""
    place: str
    load: float
    """Asked over given, in the worst four weeks or in the whole period, over all replications."""
    first_day: int
    """Number of the day of the period with which this time begins."""
    days: int


def overloads(runs: Sequence[Sequence[Strain]]) -> list[Overload]:
    """Judge the replications of a scenario together.

    Args:
        runs: the strains of each replication; what is slight in one of them is no overload.

    Returns:
        The overloads beyond chance: resources first, of these the highest load.
    """
    series: dict[tuple[str, str], list[Strain]] = {}
    for run in runs:
        for strain in run:
            series.setdefault((strain.kind, strain.place), []).append(strain)
    overloaded = []
    for (kind, place), strains in series.items():
        if len(strains) < len(runs):
            continue
        verdict = more_than_can_be_given(
            np.stack([strain.demand for strain in strains]),
            np.stack([strain.given for strain in strains]),
            [strain.grain for strain in strains],
            least=_LEAST[kind],
            weeks=kind == "stage",
        )
        if verdict is not None:
            overloaded.append(Overload(kind, place, verdict.load, verdict.first_day, verdict.days))
    return sorted(overloaded, key=lambda overload: (overload.kind == "stage", -overload.load))
