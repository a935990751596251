"""Rounds of runs: variants of some policies are asked for, and one measure of each comes back.

What the variants mean may not enter.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from portsim import experiment
from portsim.arrays import Reals
from portsim.errors import InputError
from portsim.results import Manifest
from portsim.scenario.model import Scenario
from portsim.studies.varied import Variants

__all__ = ["Rounds"]


class Rounds:
    """One measure of any number of variants, all on the same trucks.

    Attributes:
        manifest: of the first round, with the audit and the failures of all; None before it.
        journal: where the finished runs are kept.
        say: tells a person what goes on.
    """

    def __init__(
        self, policies: Sequence[Variants], measure: str, cls: str, options: Mapping[str, Any]
    ) -> None:
        """Prepare to ask.

        Args:
            policies: with different names; each may be asked for as it stands, too.
            measure: name of a measure of the whole port.
            cls: class of trucks, a direction, or ``all``.
            options: see `portsim.experiment.conduct.Options`.
        """
        self._policies = {one.base.name: one for one in policies}
        self._measure, self._class = measure, cls
        self._options = dict(options)
        self.say = self._options.get("say", lambda text: None)
        self._progress = self._options.pop("on_progress", lambda done, total: None)
        self._values: dict[str, Reals] = {}
        self._asked: dict[str, Scenario] = {}
        self._runs = 0
        self.manifest: Manifest | None = None
        self.journal: Path | None = None

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
            one = self._policies[policy]
            self._asked[name] = one.at(values, name=name) if values else one.base
        return name

    def run(self) -> None:
        """Run all variants on the list that were not run before.

        Raises:
            InputError: there is no such class, or as `portsim.experiment.many`.
            PortsimError: a variant has no replication that could be run to its end.
        """
        if not self._asked:
            return
        before = self._runs
        # The policies as they stand lead: seed and replications are theirs in every round.
        first = next(iter(self._policies.values())).base
        told = {"replications": first.replications, "seed": first.seed} | {
            key: value for key, value in self._options.items() if value is not None
        }

        def on_progress(done: int, total: int) -> None:
            self._runs = before + total
            self._progress(before + done, before + total)

        study = experiment.many(
            list(self._asked.values()),
            **told,
            counterfactuals=False,
            curves=False,
            measures=frozenset({self._measure}),
            audited=frozenset(self._policies),
            in_rounds=True,
            on_progress=on_progress,
        )
        rows = study.replications
        rows = rows[rows["class"].eq(self._class) & rows["place"].eq("")]
        rows = rows[rows["measure"].eq(self._measure)]
        many = study.manifest.replications
        for name, mine in rows.groupby("scenario", observed=True, sort=False):
            values = np.full(many, np.nan)
            values[mine["replication"].to_numpy(np.int64) - 1] = mine["value"].to_numpy(np.float64)
            self._values[str(name)] = values
        if missing := [name for name in self._asked if name not in self._values]:
            classes = study.replications["class"].astype(str).unique().tolist()
            if self._class not in classes:
                raise InputError(
                    f"no class is called {self._class}\n    hint: there are {', '.join(classes)}"
                )
            raise InputError(f"{self._measure} is no measure of the whole port ({missing[0]})")
        self._asked.clear()
        self.journal = study.journal
        self.manifest = self._told(study.manifest)

    def _told(self, new: Manifest) -> Manifest:
        old = self.manifest
        if old is None:
            return new
        audit = replace(old.audit, visits=old.audit.visits + new.audit.visits)
        return replace(old, audit=audit, failures=(*old.failures, *new.failures), run=new.run)

    def values(self, name: str, against: str | None = None) -> Reals:
        """The measure of a variant by replication, or its differences to another variant.

        Returns:
            float64[r], NaN where it is undefined or the run failed.
        """
        mine = self._values[name]
        return mine if against is None else mine - self._values[against]


def _name(policy: str, values: Mapping[str, Any]) -> str:
    """A name that tells the variant in a message, and is the same in every round."""
    said = ";".join(f"{path}={value}" for path, value in values.items())
    tidy = re.sub(r'[\s/\\:*?"<>|]', "_", f"{policy[:80]};{said[:80]}")
    return f"{tidy}~{hashlib.sha256(f'{policy};{said}'.encode()).hexdigest()[:12]}"
