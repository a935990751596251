"""Inputs that nobody knows exactly, drawn within their ranges: the scenarios of each replication.

A draw is luck like any other: addressed by seed, replication and the path of its input, so that
another input or another policy moves none. Nothing is run here.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from portsim.checking import Scenario as Checked
from portsim.demand.streams import uniforms
from portsim.errors import InputError, ScenarioError
from portsim.results.uncertainty import INPUTS
from portsim.scenario.assumptions import Assumption, assumptions
from portsim.scenario.model import Scenario
from portsim.statistics.ignorance import Inputs
from portsim.wording.amounts import four_digits

__all__ = ["Draw", "Ignorance", "refuse_none"]

_MOST_REASONS = 3
_FEWEST = 2
"""Draws without which there is no interval."""


@dataclass(frozen=True, eq=False, slots=True)
class Draw:
    """One replication of one policy with drawn inputs.

    Attributes:
        policy: its name.
        replication: from 1.
        values: by path of the input, in its unit.
        scenario: the policy with these values, under a name of its own; None if it is refused.
        refusal: why it is.
    """

    policy: str
    replication: int
    values: Mapping[str, float]
    scenario: Scenario | None
    refusal: str = ""


class Ignorance:
    """What is drawn in some policies.

    Attributes:
        drawn: the inputs that are drawn.
        left: paths of other inputs with these marks, and why they are not drawn.
    """

    def __init__(self, policies: Sequence[Scenario], marks: str) -> None:
        """Look through the inputs.

        Args:
            policies: checked, with different names.
            marks: of the inputs that are drawn, where they have a range.

        Raises:
            InputError: there is none.
        """
        self._policies, self._marks = policies, marks
        self.drawn, left = assumptions(policies, marks)
        self.left = {omitted.path: omitted.why for omitted in left}
        if not self.drawn:
            reasons = [f"{path}: {why}" for path, why in self.left.items()]
            shown = f" ({'; '.join(reasons[:_MOST_REASONS])})" if reasons else ""
            raise InputError(
                f"--uncertain: no input with a mark of {', '.join(marks)} has a range within which "
                f"it could be drawn{shown}\n    hint: write a range beside the value, e.g. "
                "{value: 4, confidence: E, range: 3..6}; portsim provenance lists the inputs with "
                "their marks"
            )

    def asked(self) -> dict[str, Any]:
        """What of it changes the outcome besides the values of the scenarios: JSON types."""
        return {"ranges": [[each.places, each.unit, each.low, each.high] for each in self.drawn]}

    def draws(self, seed: int, numbers: Iterable[int], antithetic: bool) -> list[Draw]:
        """The draws of some replications, those of one after the other.

        Args:
            seed: root seed of the study.
            numbers: the replications.
            antithetic: an even replication is the mirror of the one before it.
        """
        return [
            self._draw(policy, seed, number, antithetic)
            for number in numbers
            for policy in self._policies
            if any(policy.name in each.places for each in self.drawn)
        ]

    def _draw(self, policy: Scenario, seed: int, number: int, antithetic: bool) -> Draw:
        values: dict[str, float] = {}
        wanted: dict[str, Any] = {}
        for each in self.drawn:
            if paths := each.places.get(policy.name):
                value = _value(each, _quantile(each, seed, number, antithetic))
                values[paths[0]] = value
                wanted |= dict.fromkeys(paths, each.written(value))
        assert isinstance(policy, Checked)
        name = _name(policy.name, number, wanted)
        try:
            return Draw(policy.name, number, values, policy.replace(wanted, name=name))
        except ScenarioError as error:
            fault = error.faults[0]
            reason = ", expected ".join(filter(None, (fault.found, fault.expected)))
            where = f"{fault.path}: " if fault.path else ""
            return Draw(policy.name, number, values, None, f"{where}{reason}")

    def inputs(self, seed: int, replications: int, antithetic: bool) -> Inputs:
        """Where in its range each input stood in each replication.

        An input that some policies have with another range is one: the same path, and the same
        luck.
        """
        numbers = range(1, replications + 1)
        by_name = {_address(each): each for each in self.drawn}
        quantiles = [
            [_quantile(each, seed, number, antithetic) for number in numbers]
            for each in by_name.values()
        ]
        there = {
            policy.name: {_address(each) for each in self.drawn if policy.name in each.places}
            for policy in self._policies
        }
        return Inputs(
            list(by_name),
            np.array(quantiles, dtype=np.float64),
            {
                policy: np.array([name in names for name in by_name], dtype=bool)
                for policy, names in there.items()
            },
        )

    def table(self, draws: Sequence[Draw]) -> pd.DataFrame:
        """The columns of inputs.csv."""
        by_path = {
            (policy, paths[0]): (_address(each), each.unit, each.low, each.high)
            for each in self.drawn
            for policy, paths in each.places.items()
        }
        rows = [
            (draw.policy, draw.replication, path, *by_path[draw.policy, path], value, draw.refusal)
            for draw in draws
            for path, value in draw.values.items()
        ]
        return pd.DataFrame(rows, columns=list(INPUTS))

    def facts(self, draws: Sequence[Draw]) -> dict[str, Any]:
        """What the manifest says of it: JSON types only."""
        return {
            "marks": self._marks,
            "shape": "uniform within the range, whole numbers evenly; independent of each other",
            "inputs": [
                {
                    "path": _address(each),
                    "places": each.places,
                    "confidence": each.confidence,
                    "unit": each.unit,
                    "whole": each.whole,
                    "value": each.base,
                    "low": each.low,
                    "high": each.high,
                }
                for each in self.drawn
            ],
            "not_drawn": [{"path": path, "why": why} for path, why in self.left.items()],
            "draws": len(draws),
            "refused": [
                {"scenario": draw.policy, "replication": draw.replication, "why": draw.refusal}
                for draw in draws
                if draw.scenario is None
            ],
        }


def refuse_none(draws: Sequence[Draw]) -> None:
    """Refuse to go on where a policy has hardly a draw that can stand.

    Raises:
        InputError: of several draws of a policy fewer than two can.
    """
    for policy in dict.fromkeys(draw.policy for draw in draws):
        mine = [draw for draw in draws if draw.policy == policy]
        refused = [draw for draw in mine if draw.scenario is None]
        if refused and len(mine) - len(refused) < _FEWEST:
            shown = ", ".join(
                f"{path} = {four_digits(value)}" for path, value in refused[0].values.items()
            )
            raise InputError(
                f"--uncertain: {len(refused)} of {len(mine)} draws of {policy} are refused: "
                f"{refused[0].refusal}\n    this is with {shown}\n    hint: narrow the ranges so "
                "that values within them can stand together"
            )


def _address(assumption: Assumption) -> str:
    """The path by which an input has its luck, in whatever order policies are named."""
    return min(assumption.paths)


def _quantile(assumption: Assumption, seed: int, number: int, antithetic: bool) -> float:
    owner = f"input {_address(assumption)}"
    return float(uniforms(seed, number, owner, "value", 1, antithetic)[0])


def _value(assumption: Assumption, quantile: float) -> float:
    low, high = assumption.low, assumption.high
    if assumption.whole:
        return min(float(np.floor(low + quantile * (high - low + 1.0))), high)
    return low + quantile * (high - low)


def _name(policy: str, number: int, values: Mapping[str, Any]) -> str:
    """A name that tells the draw in a message, and that no policy and no other draw has."""
    told = f"{policy};{number};{values}"
    return f"{policy[:80]}~drawn-{number}~{hashlib.sha256(told.encode()).hexdigest()[:12]}"
