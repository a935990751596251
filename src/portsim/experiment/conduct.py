"""Running a scenario and comparing several: replication by replication, with enough of them.

The same trucks meet every scenario of the same traffic (common random numbers).
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portsim.checking import Spec, assured, read_in
from portsim.doubts import doubts
from portsim.errors import Fault, InputError
from portsim.experiment.capacity import replications_of
from portsim.experiment.comparable import baseline_of, check_and_fingerprint, one_promise
from portsim.experiment.drawn_inputs import Ignorance
from portsim.experiment.drawn_runs import DrawnRuns
from portsim.experiment.execution import Execution, Progress, Say, logged
from portsim.experiment.goals import WORDS, Goals, parse_goals
from portsim.experiment.precision import Precision, in_words
from portsim.experiment.runner import Keep, Runner
from portsim.experiment.stopping import StoppingRule
from portsim.experiment.study import Study
from portsim.results import Record
from portsim.scenario.measure_catalogue import CAPACITY, MEASURES, measure_of
from portsim.scenario.model import Scenario

__all__ = ["Comparison", "ask", "compare", "run", "run_all"]


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """A run of one scenario, or a comparison of several, that could begin.

    Attributes:
        policies: in the order of the tables, checked.
        baseline: name of the one the others are held against; None if they are not compared.
        goals: what is asked of precision and selection.
        replications: to begin with.
        seed: root seed.
        fingerprint: of all that the outcome depends on.
        keep: what is kept of each run.
        doubting: say what the scenarios say and perhaps do not mean.
        ignorance: the inputs that are drawn too; None if none is.
    """

    policies: Sequence[Scenario]
    baseline: str | None
    goals: Goals
    replications: int
    seed: int
    fingerprint: str
    keep: Keep
    doubting: bool
    ignorance: Ignorance | None = None

    def conduct(self, how: Execution) -> Study:
        """Do all runs and put the outcome together; see `portsim.experiment.design.Design`."""
        scenarios, goals = self.policies, self.goals
        names = [scenario.name for scenario in scenarios]
        looks = StoppingRule(goals, names, self.baseline, self.replications, _currency(scenarios))
        doubted = _doubts(scenarios, self.baseline, how.say) if self.doubting else {}
        replications = looks.first
        tell = replications_of(replications, goals.antithetic) if _wants_capacity(self.keep) else 0
        # Made before anything is run: values that cannot stand together are told at once.
        drawn = DrawnRuns(self.ignorance, self.seed, replications, goals.antithetic, how.say)
        with Runner(how, self.seed, self.keep, antithetic=goals.antithetic) as runner:
            runner.expected = drawn.expected(scenarios)
            batch = runner.run(scenarios, replications, capacities=tell)
            while (following := looks.look(runner.journal, replications)) is not None:
                replications = following
                runner.say(f"not enough yet: going on to {replications} replications")
                batch = runner.run(scenarios, replications, capacities=tell)
            statistics = looks.report(runner.journal, replications)
            tables = {
                "summary": batch.summary,
                "replications": batch.figures,
                "curves": batch.curves,
                **batch.logs(self.keep.logs),
            }
            if self.baseline is not None:
                best = statistics.get("best", {}).get("measure")
                statistics = {**statistics, **batch.verdicts(self.baseline, best)}
                tables["comparison"] = batch.comparison(self.baseline)
            facts, more = drawn.outcome(runner, batch, tables.get("comparison"))
            statistics, tables = {**statistics, **facts}, {**tables, **more}
            observed = batch.observed(self.baseline)
            if observed is not None:
                tables["observed"] = observed
            manifest = runner.manifest(
                batch.entries(doubted),
                replications,
                self.fingerprint,
                baseline=self.baseline,
                statistics=statistics,
            )
            return Study(Record(manifest, tables), runner.journal.path)


def ask(
    scenarios: Sequence[Scenario],
    baseline: str | None = None,
    *,
    replications: int | None = None,
    seed: int | None = None,
    keep: Keep | None = None,
    doubting: bool = True,
    **goals: Any,
) -> Comparison:
    """Put a run or a comparison together and check it before anything is run.

    Args:
        scenarios: one or more with different names and the same period.
        baseline: name of the one the others are held against; None if they are not compared.
        replications: to begin with; the first scenario's number if None.
        seed: root seed; the first scenario's if None.
        keep: what is kept of each run.
        doubting: say what the scenarios say and perhaps do not mean.
        goals: see `portsim.experiment.goals.parse_goals`.

    Raises:
        ScenarioError: a scenario that was changed in Python is at fault.
        InputError: what is asked makes no sense, names clash, or periods differ.
    """
    # From here on nothing but checked values goes anywhere: to the runs, the journal, the folder.
    checked = [assured(scenario) for scenario in scenarios]
    wanted = {word: goals[word] for word in WORDS if word in goals}
    parsed = parse_goals(compared=baseline is not None, **wanted)
    if parsed.delta is not None and measure_of(parsed.best).of_promise:
        one_promise(checked, parsed.best)
    ignorance = None if parsed.drawn is None else Ignorance(checked, parsed.drawn)
    more = {} if ignorance is None else ignorance.conditions()
    repeated, root, print_ = check_and_fingerprint(
        checked, baseline, replications, seed, parsed, more
    )
    if repeated < 1:
        raise InputError(f"a study needs 1 replication or more, not {repeated}")
    StoppingRule(parsed, [scenario.name for scenario in checked], baseline, repeated)
    kept = keep or Keep()
    return Comparison(checked, baseline, parsed, repeated, root, print_, kept, doubting, ignorance)


def run(
    scenario: Spec,
    *,
    replications: int | None = None,
    seed: int | None = None,
    precision: str | Precision | Iterable[Precision] | None = None,
    max_replications: int | None = None,
    antithetic: bool = False,
    uncertain: bool = False,
    marks: str | None = None,
    only: Sequence[str] = (),
    but: Sequence[str] = (),
    logs: str = "none",
    engine: str = "compiled",
    jobs: int | None = None,
    executor: Executor | None = None,
    audit: str = "default",
    journal: str | Path | None = None,
    on_progress: Progress | None = None,
    say: Say = logged,
) -> Study:
    """Run one scenario.

    Args:
        scenario: from `portsim.load`, or its file.
        replications: how often; the scenario's number if None.
        seed: root seed; the scenario's if None.
        precision: goals, `portsim.Precision` or in words such as
            ``completed_within_limit=0.005,throughput_per_day=1%``; blocks of
            replications are added until all are met.
        max_replications: so many at most; 200, or `replications` if that is more, if None.
        antithetic: replication 2k mirrors the luck of 2k − 1; a pair is one observation.
        uncertain: run each replication also with the inputs that have a range drawn within it, and
            tell what they do apart from chance.
        marks: of the inputs that are drawn. None: ``DE``, and those whose shape is stated beside
            their range, as of estimates.
        only: patterns of dotted paths, such as ``resources.*``; all if empty.
        but: patterns of paths that are not drawn.
        logs: ``none``, ``first`` or ``all``: of which replications the log is kept.
        engine: ``compiled``, or ``simpy``; it never changes a figure.
        jobs: how many runs go on side by side; as many as there are cores if None.
        executor: any `concurrent.futures.Executor` to run them, with `jobs` workers.
        audit: ``default``: SimPy also runs the warm-up and two weeks of replication 1, and every
            entry of the logs is compared; ``full``: all of every replication; ``none``.
        journal: folder of the results to be, in which finished runs are kept, so that the same
            call goes on after an interruption; a temporary file if None.
        on_progress: called with the runs done and their number; if None, a bar in notebooks.
        say: called with a sentence on what else is worth knowing meanwhile; the logger ``portsim``
            if left out.

    Returns:
        A study without a comparison.

    Raises:
        ScenarioError: the file is at fault.
        InputError: a word is wrong, or another process writes to the journal.
        AuditError: the engines disagree.
        PortsimError: no replication could be run to its end, e.g. for a circular wait.
    """
    design = ask(
        read_in(scenario),
        replications=replications,
        seed=seed,
        keep=Keep(logs=logs),
        precision=in_words(precision),
        max_replications=max_replications,
        antithetic=antithetic,
        uncertain=uncertain,
        marks=marks,
        only=only,
        but=but,
    )
    return design.conduct(
        Execution(
            engine=engine,
            jobs=jobs,
            executor=executor,
            audit=audit,
            journal=journal,
            on_progress=on_progress,
            say=say,
        )
    )


def compare(
    scenarios: Sequence[Spec],
    *,
    baseline: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    precision: str | Precision | Iterable[Precision] | None = None,
    max_replications: int | None = None,
    best: str | None = None,
    select: str | float | None = None,
    antithetic: bool = False,
    uncertain: bool = False,
    marks: str | None = None,
    only: Sequence[str] = (),
    but: Sequence[str] = (),
    logs: str = "none",
    engine: str = "compiled",
    jobs: int | None = None,
    executor: Executor | None = None,
    audit: str = "default",
    journal: str | Path | None = None,
    on_progress: Progress | None = None,
    say: Say = logged,
) -> Study:
    """Compare scenarios replication by replication; of the same traffic they meet the same trucks.

    Args:
        scenarios: two or more with different names and the same period, or their files.
        baseline: name of the one the others are held against; if None the one that says
            ``role: today``, else the first.
        replications: how often; the first scenario's number if None.
        seed: root seed; the first scenario's if None.
        precision: as of `run`, and ``difference:throughput_per_day=0.5`` of the paired differences.
        max_replications: as of `run`.
        best: measure by which the best scenario is told; ``completed_within_limit`` if None.
        select: 0.01, the smallest difference worth detecting in the measure of `best`, or
            ``delta=0.01``: add replications until the best is selected.
        antithetic: as of `run`.
        uncertain: as of `run`; of the differences, too, for all policies meet the same draws.
        marks: as of `run`.
        only: as of `run`.
        but: as of `run`.
        logs: as of `run`.
        engine: as of `run`.
        jobs: as of `run`.
        executor: as of `run`.
        audit: as of `run`; of each scenario.
        journal: as of `run`.
        on_progress: as of `run`.
        say: as of `run`.

    Returns:
        A study with paired differences to the baseline.

    Raises:
        InputError: names clash, periods differ, or there is no such baseline; or as `run`.
        ScenarioError: as `run`.
        AuditError: as `run`.
        PortsimError: as `run`.
    """
    if len(scenarios) < 2:
        raise InputError("compare needs two scenarios or more; for one use run")
    read = read_in(*scenarios)
    design = ask(
        read,
        baseline_of(read, baseline),
        replications=replications,
        seed=seed,
        keep=Keep(logs=logs),
        precision=in_words(precision),
        max_replications=max_replications,
        best=best,
        select=select,
        antithetic=antithetic,
        uncertain=uncertain,
        marks=marks,
        only=only,
        but=but,
    )
    return design.conduct(
        Execution(
            engine=engine,
            jobs=jobs,
            executor=executor,
            audit=audit,
            journal=journal,
            on_progress=on_progress,
            say=say,
        )
    )


def run_all(
    scenarios: Sequence[Scenario],
    keep: Keep | None = None,
    *,
    replications: int | None = None,
    seed: int | None = None,
    how: Execution | None = None,
) -> Study:
    """Run scenarios on the very same trucks without holding one against the other.

    Args:
        scenarios: one or more with different names and the same period; their warm-ups may differ.
        keep: what is kept of each run.
        replications: how often; the first scenario's number if None.
        seed: root seed; the first scenario's if None.
        how: how runs are done.

    Returns:
        A study without a comparison.

    Raises:
        InputError: names clash or periods differ; or as `run`.
    """
    design = ask(scenarios, replications=replications, seed=seed, keep=keep, doubting=False)
    return design.conduct(how or Execution())


def _currency(scenarios: Sequence[Scenario]) -> str:
    return next((scenario.currency for scenario in scenarios if scenario.currency), "")


def _wants_capacity(keep: Keep) -> bool:
    wanted = MEASURES if keep.measures is None else keep.measures
    return keep.counterfactuals and any(measure_of(name).found_by == CAPACITY for name in wanted)


def _doubts(
    scenarios: Sequence[Scenario], baseline: str | None, say: Say
) -> dict[str, tuple[Fault, ...]]:
    """What is perhaps not meant, by scenario; what reading did not say already is said."""
    base = next((scenario for scenario in scenarios if scenario.name == baseline), None)
    doubted = {
        scenario.name: doubts(scenario, None if scenario is base else base)
        for scenario in scenarios
    }
    for fault in dict.fromkeys(fault for faults in doubted.values() for fault in faults):
        say(str(fault))
    return {
        scenario.name: (*scenario.origin.warnings, *doubted[scenario.name])
        for scenario in scenarios
    }
