"""Inputs that nobody knows exactly, drawn as their ranges say: the scenarios of each replication.

A draw is luck like any other: addressed by seed, replication and the path of its input, so that
another input or another policy moves none. What is drawn together is a row of a file, the same for
all policies. Nothing is run here.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.checking import Scenario as Checked
from portsim.checking.drawn_rows import drawn_rows
from portsim.demand.streams import uniforms
from portsim.errors import InputError, ScenarioError
from portsim.experiment.goals import Drawn
from portsim.results.uncertainty import DRAWN_INPUTS, JOINT
from portsim.scenario.assumptions import Assumption, assumptions
from portsim.scenario.model import Scenario
from portsim.statistics.ignorance import Inputs

__all__ = ["Draw", "Ignorance", "refuse_none"]

_MOST_REASONS = 3
_FEWEST = 2
"""Draws without which there is no interval."""
_MOST_ATTEMPTS = 20
"""So often a replication is drawn before it is left out."""
_TOGETHER = "drawn together"


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

    def __init__(self, policies: Sequence[Scenario], which: Drawn) -> None:
        """Look through the inputs.

        Args:
            policies: checked, with different names.
            which: inputs are drawn, where they have a range.

        Raises:
            ScenarioError: the file of what is drawn together is at fault.
            InputError: there is none.
        """
        self._policies, self._marks = policies, which.marks
        self._rows = drawn_rows(policies)
        self.drawn, left = assumptions(
            policies, which.marks, which.only, which.but, estimates=which.estimates
        )
        self.left = {omitted.path: omitted.why for omitted in left}
        marks = which.marks
        if not self.drawn:
            reasons = [f"{path}: {why}" for path, why in self.left.items()]
            shown = f" ({'; '.join(reasons[:_MOST_REASONS])})" if reasons else ""
            raise InputError(
                f"--uncertain: no input with a mark of {', '.join(marks)} has a range within which "
                f"it could be drawn{shown}\n    hint: write a range beside the value, e.g. "
                "{value: 4, confidence: E, range: 3..6}; portsim provenance lists the inputs with "
                "their marks"
            )

    def conditions(self) -> dict[str, Any]:
        """What of it changes the outcome besides the values of the scenarios: JSON types."""
        conditions: dict[str, Any] = {
            "ranges": [
                [each.places, each.unit, each.low, each.high, *([each.shape] * each.stated)]
                for each in self.drawn
            ]
        }
        if self._rows:
            conditions["rows"] = sorted({rows.digest for rows in self._rows.values()})
        return conditions

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
        own = [
            (each, each.places[policy.name]) for each in self.drawn if policy.name in each.places
        ]
        places = [self._places(each, policy.name, seed, number, antithetic) for each, _ in own]
        values: dict[str, float] = {}
        refusal = ""
        for attempt in range(_MOST_ATTEMPTS):
            wanted: dict[str, Any] = {}
            for (each, paths), drawn in zip(own, places, strict=True):
                values[paths[0]], _ = drawn(attempt)
                wanted |= dict.fromkeys(paths, each.written(values[paths[0]]))
            try:
                scenario = policy.replace(wanted, name=_name(policy.name, number, wanted))
            except ScenarioError as error:
                refusal = refusal or _reason(error)
                continue
            return Draw(policy.name, number, attempt + 1, values, scenario, refusal)
        return Draw(policy.name, number, _MOST_ATTEMPTS, values, None, refusal)

    def _places(
        self, each: Assumption, policy: str, seed: int, number: int, antithetic: bool
    ) -> Callable[[int], tuple[float, float]]:
        """Of a replication, the value of an input and its quantile, by number of the attempt."""
        rows = self._rows.get(policy)
        path = None if rows is None else rows.path_of(each, policy)
        if rows is None or path is None:
            luck = _luck(_address(each), seed, number, antithetic)
            return lambda attempt: (each.at(float(luck[attempt])), float(luck[attempt]))

        def drawn(attempt: int) -> tuple[float, float]:
            row = number - 1
            if attempt:
                # Instead of a row whose values cannot stand in a policy, any of them.
                row = int(_luck(_TOGETHER, seed, number, False)[attempt] * rows.count)
            return rows.draw(each, path, row)

        return drawn

    def _shape(self, each: Assumption) -> str:
        """How an input is drawn: its shape, or `JOINT` if together with others in some policy."""
        joint = any(
            policy in self._rows and self._rows[policy].path_of(each, policy) is not None
            for policy in each.places
        )
        return JOINT if joint else each.shape

    def _files(self) -> list[str]:
        """Names of the files of what is drawn together."""
        return list(dict.fromkeys(Path(rows.file).name for rows in self._rows.values()))

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
            if draw.scenario is None:
                continue
            for each in self.drawn:
                if draw.policy in each.places:
                    drawn = self._places(each, draw.policy, seed, draw.replication, antithetic)
                    row = names.index(_address(each))
                    quantiles[draw.policy][row, draw.replication - 1] = drawn(draw.attempt - 1)[1]
        return Inputs(names, quantiles)

    def table(self, draws: Sequence[Draw]) -> pd.DataFrame:
        """The columns of drawn_inputs.csv."""
        by_path = {
            (policy, paths[0]): (
                *(_address(each), each.unit, each.low, each.high),
                self._shape(each),
            )
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
            **({"files": self._files()} if self._rows else {}),
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
                    **({"shape": shape} if (shape := self._shape(each)) != "uniform" else {}),
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
        own = [draw for draw in draws if draw.policy == policy]
        missed = [draw for draw in own if draw.scenario is None]
        if missed and len(own) - len(missed) < _FEWEST:
            raise InputError(
                f"--uncertain: inputs of {policy} were drawn {_MOST_ATTEMPTS} times for each "
                f"replication, and for {len(missed)} of {len(own)} no draw can stand: "
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


def _name(policy: str, number: int, values: Mapping[str, Any]) -> str:
    """A name that tells the draw in a message, and that no policy and no other draw has."""
    identity = f"{policy};{number};{values}"
    return f"{policy[:80]}~drawn-{number}~{hashlib.sha256(identity.encode()).hexdigest()[:12]}"
