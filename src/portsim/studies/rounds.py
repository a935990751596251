"""Rounds of runs: variants of some policies are asked for, and one measure of each comes back.

What the variants mean may not enter.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from portsim.arrays import Reals
from portsim.errors import InputError
from portsim.experiment.runner import Runner
from portsim.scenario.model import Scenario
from portsim.studies.varied import Variants

__all__ = ["Rounds"]


class Rounds:
    """One measure of any number of variants, all on the same trucks."""

    def __init__(
        self,
        runner: Runner,
        policies: Sequence[Variants],
        measure: str,
        cls: str,
        replications: int,
    ) -> None:
        """Prepare to ask.

        Args:
            runner: does the runs.
            policies: with different names; each may be asked for as it stands, too.
            measure: name of a measure of the whole port.
            cls: class of trucks, a direction, or ``all``.
            replications: of each variant.
        """
        self._runner, self._replications = runner, replications
        self._policies = {policy.base.name: policy for policy in policies}
        self._measure, self._class = measure, cls
        self._values: dict[str, Reals] = {}
        self._asked: dict[str, Scenario] = {}
        self.say = runner.say

    @property
    def policies(self) -> list[str]:
        """Names of the policies."""
        return list(self._policies)

    def want(self, policy: str, values: Mapping[str, Any]) -> str:
        """Put a variant on the list of the next round.

        Args:
            policy: its name.
            values: by dotted path; empty for the policy as it stands.

        Returns:
            The name under which `values` knows it.

        Raises:
            ScenarioError: the values are refused.
        """
        name = _name(policy, values) if values else policy
        if name not in self._values and name not in self._asked:
            variants = self._policies[policy]
            self._asked[name] = variants.at(values, name=name) if values else variants.base
        return name

    def run(self) -> None:
        """Run all variants on the list that were not run before.

        Raises:
            InputError: there is no such class.
            PortsimError: a variant has no replication that could be run to its end.
        """
        if not self._asked:
            return
        batch = self._runner.run(list(self._asked.values()), self._replications)
        for name, values in batch.values(self._class).items():
            if ("", self._measure) not in values:
                classes = batch.figures["truck_class"].astype(str).unique().tolist()
                if self._class not in classes:
                    raise InputError(
                        f"no class is called {self._class}\n    hint: there are "
                        f"{', '.join(classes)}"
                    )
                raise InputError(f"{self._measure} is no measure of the whole port ({name})")
            self._values[name] = values["", self._measure]
        self._asked.clear()

    def values(self, name: str, against: str | None = None) -> Reals:
        """The measure of a variant by replication, or its differences to another variant.

        Returns:
            float64[r], NaN where it is undefined or the run failed.
        """
        figures = self._values[name]
        return figures if against is None else figures - self._values[against]


def _name(policy: str, values: Mapping[str, Any]) -> str:
    """A name that tells the variant in a message, and is the same in every round."""
    shown = ";".join(f"{path}={value}" for path, value in values.items())
    tidy = re.sub(r'[\s/\\:*?"<>|]', "_", f"{policy[:80]};{shown[:80]}")
    return f"{tidy}~{hashlib.sha256(f'{policy};{shown}'.encode()).hexdigest()[:12]}"
