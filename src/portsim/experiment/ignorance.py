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

from portsim.arrays import Reals
from portsim.checking import Scenario as Checked
from portsim.demand.streams import uniforms
from portsim.errors import InputError, ScenarioError
from portsim.results.uncertainty import DRAWN_INPUTS
from portsim.scenario.assumptions import Assumption, assumptions
from portsim.scenario.model import Scenario
from portsim.statistics.ignorance import Inputs

__all__ = ["Draw", "Ignorance", "refuse_none"]

_MOST_REASONS = 3
_FEWEST = 2
"""Draws without which there is no interval."""
_MOST_ATTEMPTS = 20
"""So often a replication is drawn before it is left out."""


@dataclass(frozen=True, eq=False, slots=True)
class Draw:
    """One replication of one policy with drawn inputs.

    Attributes:
        policy: its name.
        replication: from 1.
        attempt: which draw it is, from 1: values that cannot stand together are drawn again.
        values: by path of the input, in its unit.
        scenario: the policy with these values, under a name of its own; None if the last draw is
            refused too.
        refusal: why the first draw is refused; empty if it is not.
    """

    policy: str
    replication: int
    attempt: int
    values: Mapping[str, float]
    scenario: Scenario | None
    refusal: str = ""

    @property
    def refused(self) -> int:
        """How many draws were refused."""
        return self.attempt - (self.scenario is not None)


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
        """The first draw of a replication whose values can stand together."""
        assert isinstance(policy, Checked)
        mine = [
            (each, each.places[policy.name]) for each in self.drawn if policy.name in each.places
        ]
        luck = [_luck(_address(each), seed, number, antithetic) for each, _ in mine]
        values: dict[str, float] = {}
        refusal = ""
        for attempt in range(_MOST_ATTEMPTS):
            wanted: dict[str, Any] = {}
            for (each, paths), quantiles in zip(mine, luck, strict=True):
                values[paths[0]] = _value(each, float(quantiles[attempt]))
                wanted |= dict.fromkeys(paths, each.written(values[paths[0]]))
            try:
                scenario = policy.replace(wanted, name=_name(policy.name, number, wanted))
            except ScenarioError as error:
                refusal = refusal or _reason(error)
                continue
            return Draw(policy.name, number, attempt + 1, values, scenario, refusal)
        return Draw(policy.name, number, _MOST_ATTEMPTS, values, None, refusal)

    def inputs(self, draws: Sequence[Draw], seed: int, antithetic: bool) -> Inputs:
        """Where in its range each input stood in each replication of each policy.

        An input that some policies have with another range is one: the same path, and the same
        luck.

        Args:
            draws: of the study.
            seed: root seed.
            antithetic: an even replication is the mirror of the one before it.
        """
        names = list(dict.fromkeys(map(_address, self.drawn)))
        most = max(draw.replication for draw in draws)
        quantiles = {policy.name: np.full((len(names), most), np.nan) for policy in self._policies}
        for draw in draws:
            there = {_address(each) for each in self.drawn if draw.policy in each.places}
            for row, name in enumerate(names):
                if name in there and draw.scenario is not None:
                    luck = _luck(name, seed, draw.replication, antithetic)
                    quantiles[draw.policy][row, draw.replication - 1] = luck[draw.attempt - 1]
        return Inputs(names, quantiles)

    def table(self, draws: Sequence[Draw]) -> pd.DataFrame:
        """The columns of drawn_inputs.csv."""
        by_path = {
            (policy, paths[0]): (_address(each), each.unit, each.low, each.high)
            for each in self.drawn
            for policy, paths in each.places.items()
        }
        rows = [
            (
                *(draw.policy, draw.replication, path, *by_path[draw.policy, path], value),
                *(draw.attempt, "refused" if draw.scenario is None else ""),
            )
            for draw in draws
            for path, value in draw.values.items()
        ]
        return pd.DataFrame(rows, columns=list(DRAWN_INPUTS))

    def facts(self, draws: Sequence[Draw]) -> dict[str, Any]:
        """What the manifest says of it: JSON types only."""
        refused: dict[str, list[Draw]] = {}
        for draw in draws:
            if draw.refused:
                refused.setdefault(draw.policy, []).append(draw)
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
            "draws": sum(draw.attempt for draw in draws),
            "refused": [
                {
                    "scenario": policy,
                    "draws": sum(draw.refused for draw in some),
                    "left_out": sum(draw.scenario is None for draw in some),
                    "why": some[0].refusal,
                }
                for policy, some in refused.items()
            ],
        }


def refuse_none(draws: Sequence[Draw]) -> None:
    """Refuse to go on where a policy has hardly a draw that can stand.

    Raises:
        InputError: of several replications of a policy fewer than two have one.
    """
    for policy in dict.fromkeys(draw.policy for draw in draws):
        mine = [draw for draw in draws if draw.policy == policy]
        missed = [draw for draw in mine if draw.scenario is None]
        if missed and len(mine) - len(missed) < _FEWEST:
            raise InputError(
                f"--uncertain: inputs of {policy} were drawn {_MOST_ATTEMPTS} times for each "
                f"replication, and for {len(missed)} of {len(mine)} no draw can stand: "
                f"{missed[0].refusal}\n    hint: narrow the ranges so that values within them can "
                "stand together, or leave one out with its mark and --marks"
            )


def _reason(error: ScenarioError) -> str:
    fault = error.faults[0]
    reason = ", expected ".join(filter(None, (fault.found, fault.expected)))
    return f"{fault.path}: {reason}" if fault.path else reason


def _address(assumption: Assumption) -> str:
    """The path by which an input has its luck, in whatever order policies are named."""
    return min(assumption.paths)


def _luck(address: str, seed: int, number: int, antithetic: bool) -> Reals:
    """The uniforms of an input in a replication: the k-th is for the k-th draw."""
    return uniforms(seed, number, f"input {address}", "value", _MOST_ATTEMPTS, antithetic)


def _value(assumption: Assumption, quantile: float) -> float:
    low, high = assumption.low, assumption.high
    if assumption.whole:
        return min(float(np.floor(low + quantile * (high - low + 1.0))), high)
    return low + quantile * (high - low)


def _name(policy: str, number: int, values: Mapping[str, Any]) -> str:
    """A name that tells the draw in a message, and that no policy and no other draw has."""
    told = f"{policy};{number};{values}"
    return f"{policy[:80]}~drawn-{number}~{hashlib.sha256(told.encode()).hexdigest()[:12]}"
