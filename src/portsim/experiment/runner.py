"""The runner: whoever studies something asks it for runs; it does those that were not done before.

One journal, one seed, one progress, one list of failures and one audit for all that a study asks
for, in one round or in many. The order in which runs finish, the number of workers and
interruptions change nothing in the outcome. Why a run is asked for may not enter.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

from portsim.engines.choice import choose
from portsim.errors import InputError, PortsimError
from portsim.experiment.batch import Batch
from portsim.experiment.capacity import Capacity, CapacityTask
from portsim.experiment.common_draws import replications as all_runs
from portsim.experiment.execution import Execution
from portsim.experiment.journal import Journal
from portsim.experiment.notebook_bar import notebook_bar
from portsim.experiment.tasks import RunResult, Task
from portsim.experiment.workers import Failure, Work, performed
from portsim.measures import prepare
from portsim.results import Audit, Manifest, ScenarioEntry, Stopwatch, code_digest, versions
from portsim.scenario.identity import run_identity
from portsim.scenario.model import Scenario

__all__ = ["Keep", "Runner"]

_LOGS = ("none", "first", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """What is kept of each run.

    Attributes:
        counterfactuals: what takes runs of its own: the ceiling with servers without end, the cost
            of oversized loads.
        curves: the curves.
        from_empty: the curve `inside_from_empty`, which begins with the warm-up.
        measures: names of the figures; all of them if None.
        logs: ``none``, ``first`` or ``all``: of which replications the log is kept.

    Raises:
        InputError: logs are none of these.
    """

    counterfactuals: bool = True
    curves: bool = True
    from_empty: bool = False
    measures: frozenset[str] | None = None
    logs: str = "none"

    def __post_init__(self) -> None:
        if self.logs not in _LOGS:
            raise InputError(f"logs must be one of {', '.join(_LOGS)}, not {self.logs}")

    def log(self, replication: int) -> bool:
        """Whether the log of a replication is kept."""
        return self.logs == "all" or (self.logs == "first" and replication == 1)

    def unlike_all(self) -> dict[str, Any]:
        """What runs lack, or have besides; the journal never mixes them with ordinary ones."""
        differences: dict[str, Any] = {}
        if not self.counterfactuals:
            differences["counterfactuals"] = False
        if not self.curves:
            differences["curves"] = False
        if self.from_empty:
            differences["from_empty"] = True
        if self.measures is not None:
            differences["measures"] = sorted(self.measures)
        return differences


class Runner:
    """Runs of one study, asked for in rounds. Use it as a context.

    Attributes:
        journal: holds what was run.
        seed: root seed.
        engine: the engine that runs.
        expected: so many runs are expected in all, for the progress; more may be asked for.
    """

    def __init__(
        self,
        how: Execution,
        seed: int,
        keep: Keep,
        *,
        antithetic: bool = False,
        audited: Iterable[str] | None = None,
        dispensable: bool = False,
        expected: int = 0,
    ) -> None:
        """Open the journal.

        Args:
            how: how runs are done.
            seed: root seed.
            keep: what is kept of each.
            antithetic: an even replication is the mirror of the one before it.
            audited: names of the scenarios that the default audit looks at; all of them if None.
            dispensable: a scenario of which no run comes to its end ends the study only if False.
            expected: see above.

        Raises:
            InputError: another process writes to the journal.
            JournalError: the disk is full.
        """
        self._stopwatch = Stopwatch()
        self._how, self._keep, self.seed, self.expected = how, keep, seed, expected
        self._antithetic, self._dispensable = antithetic, dispensable
        self._audited = None if audited is None else frozenset(audited)
        self._asked: dict[tuple[str, int], None] = {}
        self._done: set[tuple[str, int]] = set()
        self._failures: list[Failure] = []
        self._remarks: set[str] = set()
        self._workers = 1
        self._told_progress = how.on_progress or notebook_bar()
        self.engine = choose(how.engine, how.say, prepare)
        # SimPy has nobody to be audited by.
        self.audit = "none" if self.engine == "simpy" else how.audit
        alike = {
            "seed": seed,
            "versions": versions(),
            "code": code_digest(),
            **keep.unlike_all(),
            "antithetic": antithetic,
        }
        folder = None if how.journal is None else Path(how.journal)
        self.journal = Journal(folder, alike)
        self._pass_on()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.journal.close()

    def say(self, text: str) -> None:
        """Tell a person something, once."""
        if text not in self._remarks:
            self._remarks.add(text)
            self._how.say(text)

    def audit_only(self, scenario: str) -> None:
        """Let the default audit look at this scenario and no other."""
        self._audited = frozenset([scenario])

    @property
    def failures(self) -> list[str]:
        """The runs that failed, in words."""
        ordered = sorted(
            self._failures, key=lambda failure: (failure.scenario, failure.replication)
        )
        return [self._named(failure) for failure in ordered]

    # ---- runs ----------------------------------------------------------------------------------

    def run(
        self, scenarios: Sequence[Scenario], replications: int, *, capacities: int = 0
    ) -> Batch:
        """Do what the replications of some scenarios lack.

        Args:
            scenarios: checked, with names that no other scenario of this study has.
            replications: how many, from the first on.
            capacities: find the capacity of each scenario too, from so many replications.

        Returns:
            These runs, with all that was done of them before.

        Raises:
            AuditError: the engines disagree.
            PortsimError: of a scenario no replication came to its end, e.g. for a circular wait.
        """
        if self._audited is None and self.audit == "default":
            chosen = {scenario.name for scenario in scenarios}
        else:
            chosen = set(self._audited or ())
        first = not self._asked
        self._asked |= {
            (s.name, number): None for s in scenarios for number in range(1, replications + 1)
        }
        self.journal.expect({scenario.name: run_identity(scenario) for scenario in scenarios})
        self._pass_on()
        missing = self._missing(scenarios, range(1, replications + 1), chosen, self._keep)
        self._progress()
        if self._done and first:
            self.say(
                f"{len(self._done)} of {replications * len(scenarios)} runs were done before; "
                "going on from there"
            )
        searches = [
            CapacityTask(scenario, self.seed, self.engine, capacities, self._antithetic)
            for scenario in scenarios
            if capacities and self.journal.capacity(scenario.name, capacities) is None
        ]
        # Capacities are no runs to be counted; in the middle, nobody waits for them at 100 %.
        middle = len(missing) // 2
        work: list[Work] = [*missing[:middle], *searches, *missing[middle:]]
        del missing
        self._perform(work, capacities)
        if not self._dispensable:
            self._refuse_none(scenarios, replications)
        return Batch(self.journal, scenarios, replications, self._antithetic, capacities)

    def run_once(self, scenarios: Mapping[int, Sequence[Scenario]]) -> None:
        """Do what is missing of some scenarios that have one replication each, figures only.

        Args:
            scenarios: by the number of their replication; checked, with names that no other
                scenario of this study has.

        Raises:
            AuditError: the engines disagree.
        """
        keep = replace(self._keep, counterfactuals=False, curves=False, logs="none")
        missing: list[Work] = []
        for number, some in scenarios.items():
            self._asked |= {(scenario.name, number): None for scenario in some}
            self.journal.expect({scenario.name: run_identity(scenario) for scenario in some})
            missing += self._missing(some, [number], set(), keep)
        self._pass_on()
        self._progress()
        self._perform(missing, 0)

    def _missing(
        self,
        scenarios: Sequence[Scenario],
        numbers: Sequence[int],
        audited: set[str],
        keep: Keep,
    ) -> list[Work]:
        failed = {(failure.scenario, failure.replication) for failure in self._failures}
        missing: list[Work] = []
        runs = all_runs(scenarios, self.seed, numbers, self._side_by_side, self._antithetic)
        for scenario, number, shared in runs:
            audit = self.audit
            if audit != "full" and (number > 1 or scenario.name not in audited):
                audit = "none"
            log, run = keep.log(number), (scenario.name, number)
            if self.journal.has(*run, audit, log) or run in failed:
                self._done.add(run)
                continue
            missing.append(
                Task(
                    scenario,
                    number,
                    shared,
                    self.engine,
                    logs=log,
                    audit=audit,
                    counterfactuals=keep.counterfactuals,
                    curves=keep.curves,
                    from_empty=keep.from_empty,
                    measures=keep.measures,
                )
            )
        return missing

    def _perform(self, work: list[Work], capacities: int) -> None:
        workers = max(1, min(self._side_by_side, len(work)))
        self._workers = max(self._workers, workers)
        how = self._how
        given = _handed_out(work), len(work), self.engine, workers, how.executor, _kept(how)
        with closing(performed(*given)) as outcomes:
            for outcome in outcomes:
                self._take(outcome, capacities)

    def _take(self, outcome: RunResult | Capacity | Failure, capacities: int) -> None:
        if isinstance(outcome, Failure) and not outcome.replication:
            outcome = Capacity.missing(outcome.scenario, outcome.error)
        if isinstance(outcome, Capacity):
            if why := outcome.facts.get("why"):
                self.say(f"the capacity of {outcome.scenario} was not measured: {why}")
            self.journal.add_capacity(outcome, capacities)
            return
        if isinstance(outcome, Failure):
            self._failures.append(outcome)
            # Replications of a point that fail alike are one piece of news.
            if not self._dispensable or str(outcome.error) not in self._remarks:
                self._remarks.add(str(outcome.error))
                self.say(f"{self._named(outcome)} failed: {outcome.error}")
        else:
            self.journal.add(outcome)
        self._done.add((outcome.scenario, outcome.replication))
        self._progress()

    def _progress(self) -> None:
        self._told_progress(len(self._done), max(self.expected, len(self._asked)))

    @property
    def _side_by_side(self) -> int:
        return self._how.jobs or os.cpu_count() or 1

    def _pass_on(self) -> None:
        for remark in self.journal.remarks:
            self.say(remark)

    def _named(self, failure: Failure) -> str:
        return f"replication {failure.replication} of {failure.scenario} (seed {self.seed})"

    def _refuse_none(self, scenarios: Sequence[Scenario], replications: int) -> None:
        """Raise if a scenario has no replication left to speak of."""
        for scenario in scenarios:
            failed = [failure for failure in self._failures if failure.scenario == scenario.name]
            if len(failed) < replications:
                continue
            first = failed[0].error
            if isinstance(first, PortsimError):
                raise first
            raise PortsimError(
                f"{self._named(failed[0])} failed: {type(first).__name__}: {first}"
            ) from first

    # ---- what it came to -----------------------------------------------------------------------

    def manifest(
        self,
        scenarios: Iterable[ScenarioEntry],
        replications: int,
        fingerprint: str,
        *,
        baseline: str | None = None,
        statistics: Mapping[str, Any] = MappingProxyType({}),
        kind: str = "",
        study: Mapping[str, Any] = MappingProxyType({}),
    ) -> Manifest:
        """The manifest of a study whose last run is done.

        Args:
            scenarios: what is said of each policy, in the order of the tables.
            replications: replications of each.
            fingerprint: of the inputs.
            baseline: the scenario the others are compared with, or None.
            statistics: see `portsim.experiment.stopping.StoppingRule.report`.
            kind: of study.
            study: what was asked, and what came of it, for kinds that keep it.
        """
        return Manifest(
            scenarios=tuple(scenarios),
            baseline=baseline,
            seed=self.seed,
            replications=replications,
            engine=self.engine,
            versions=versions(),
            fingerprint=fingerprint,
            run=self._stopwatch.run(self._workers),
            audit=Audit(self.audit, self.journal.audited(self._asked)),
            failures=tuple(self.failures),
            statistics=dict(statistics),
            kind=kind,
            study=dict(study),
        )


def _handed_out(tasks: list[Work]) -> Iterator[Work]:
    """Give tasks away for good: what they share goes with the last one that is done."""
    tasks.reverse()
    while tasks:
        yield tasks.pop()


def _kept(how: Execution) -> str:
    """What becomes of finished runs if a study ends early."""
    if how.journal is None:
        return "Nothing is kept: give a folder as journal, and the same call goes on from there"
    return "Finished runs are kept: the same command goes on from there"
