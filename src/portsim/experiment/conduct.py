"""Conducting a study: which runs there are, who does them, where they are kept, what they come to.

The same trucks meet every scenario of the same traffic (common random numbers). The order in which
runs finish, the number of workers and interruptions change nothing in the outcome.
"""

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from portsim.checking import assured
from portsim.doubts import doubts
from portsim.engines import ENGINES
from portsim.engines.choice import choose
from portsim.errors import Fault, InputError, PortsimError
from portsim.experiment.asked import WORDS, Asked, check_months, understood
from portsim.experiment.capacity import Capacity, CapacityTask, replications_of
from portsim.experiment.gather import gather
from portsim.experiment.journal import Journal
from portsim.experiment.looks import Looks
from portsim.experiment.shared import replications as all_runs
from portsim.experiment.study import Study
from portsim.experiment.tasks import Task
from portsim.experiment.workers import Failure, Work, performed
from portsim.measures import prepare
from portsim.results import Run, code_digest, fingerprint, versions
from portsim.scenario.identity import identity, run_identity
from portsim.scenario.measured import CAPACITY
from portsim.scenario.model import Scenario

__all__ = ["Options", "compare", "inputs", "many", "run"]

Progress = Callable[[int, int], None]
_LOGS = ("none", "first", "all")
_AUDITS = ("default", "full", "none")


@dataclass(frozen=True, slots=True)
class Options:
    """How a study is conducted; nothing here changes a figure, but for the seed, the number of
    replications and what says when there are enough, and antithetic pairs.

    Some options leave figures out.

    Attributes:
        replications: how often; the first scenario's number if None.
        seed: root seed; the first scenario's if None.
        precision: goals such as ``completed_within_limit=0.005,throughput_per_day=1%``; blocks of
            replications are added until all are met, see `portsim.experiment.asked.understood`.
        max_replications: so many at most; 200, or `replications` if that is more, if None.
        best: measure by which compare tells the best scenario; ``completed_within_limit`` if None.
        select: ``delta=0.01``: add replications until the best is selected.
        antithetic: replication 2k mirrors the luck of 2k − 1; a pair is one observation.
        engine: ``compiled``, or ``simpy``.
        jobs: how many runs go on side by side; as many as there are cores if None.
        executor: any `concurrent.futures.Executor` to run them, with `jobs` workers.
        audit: ``default``: SimPy also runs the warm-up and two weeks of replication 1 of each
            scenario, and every entry of the logs is compared; ``full``: all of every replication;
            ``none``.
        audited: names of the scenarios that ``default`` audits; all of them if None.
        counterfactuals: measure what takes runs of its own: the capacity, the ceiling with
            servers without end, the cost of oversized loads.
        curves: keep the curves of each run.
        from_empty: keep the curve `inside_from_empty` of each run, which begins with its warm-up.
        measures: names of the figures that are kept; all of them if None.
        dispensable: a scenario that cannot be run is missing from the outcome and named among its
            failures, instead of ending the study.
        logs: ``none``, ``first`` or ``all``: of which replications the log is kept, in memory.
        journal: folder of the results to be, in which finished runs are kept, so that the same
            call goes on after an interruption; a temporary file if None.
        in_rounds: this is one of several calls with the same journal: it keeps the others' runs.
        on_progress: called with the runs done and their number.
        say: called with a sentence on what else is worth knowing meanwhile.
    """

    replications: int | None = None
    seed: int | None = None
    precision: str | None = None
    max_replications: int | None = None
    best: str | None = None
    select: str | None = None
    antithetic: bool = False
    engine: str = "compiled"
    jobs: int | None = None
    executor: Executor | None = None
    audit: str = "default"
    audited: frozenset[str] | None = None
    counterfactuals: bool = True
    curves: bool = True
    from_empty: bool = False
    measures: frozenset[str] | None = None
    dispensable: bool = False
    logs: str = "none"
    journal: str | Path | None = None
    in_rounds: bool = False
    on_progress: Progress = lambda done, total: None
    say: Callable[[str], None] = lambda text: None


def run(scenario: Scenario, **options: Any) -> Study:
    """Run one scenario.

    Args:
        scenario: from `portsim.load`.
        options: see `Options`.

    Returns:
        A study without a comparison.

    Raises:
        InputError: an option is wrong, or another process writes to the journal.
        AuditError: the engines disagree.
        PortsimError: no replication could be run to its end, e.g. for a circular wait.
    """
    return _study([scenario], None, Options(**options), doubting=True)


def compare(scenarios: Sequence[Scenario], *, baseline: str | None = None, **options: Any) -> Study:
    """Compare scenarios replication by replication; of the same traffic they meet the same trucks.

    Args:
        scenarios: two or more with different names and the same period.
        baseline: name of the one the others are held against; the first if left out.
        options: see `Options`.

    Returns:
        A study with paired differences to the baseline.

    Raises:
        InputError: names clash, periods differ, or there is no such baseline; or as `run`.
    """
    if len(scenarios) < 2:
        raise InputError("compare needs two scenarios or more; for one use run")
    return _study(scenarios, baseline or scenarios[0].name, Options(**options), doubting=True)


def many(scenarios: Sequence[Scenario], **options: Any) -> Study:
    """Run scenarios on the very same trucks without holding one against the other.

    Args:
        scenarios: one or more with different names and the same period; their warm-ups may differ.
        options: see `Options`.

    Returns:
        A study without a comparison.

    Raises:
        InputError: names clash or periods differ; or as `run`.
    """
    return _study(scenarios, None, Options(**options))


def inputs(
    scenarios: Sequence[Scenario],
    baseline: str | None,
    replications: int | None,
    seed: int | None,
    asked: Asked | None = None,
) -> tuple[int, int, str]:
    """Replications to begin with and seed of a study, and the fingerprint of its inputs.

    Raises:
        InputError: the scenarios cannot be compared, there is no such baseline, or what is asked
            is not in their period.
    """
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two scenarios are called {name}; give each a name of its own")
    if baseline is not None and baseline not in names:
        raise InputError(f"no scenario is called {baseline}; there are {', '.join(names)}")
    first = scenarios[0]
    for other in scenarios[1:]:
        if _days(other, baseline) != _days(first, baseline):
            raise InputError(
                f"{other.name} and {first.name} have different periods or time zones; only the "
                "same trucks in the same days can be compared"
            )
    reckoned = {code: scenario.name for scenario in scenarios if (code := scenario.currency)}
    if len(reckoned) > 1:
        (one, first_), (two, other_) = list(reckoned.items())[:2]
        raise InputError(
            f"{first_} reckons in {one} and {other_} in {two}; write the amounts of all scenarios "
            "of a study in one currency"
        )
    many = scenarios[0].replications if replications is None else replications
    root = scenarios[0].seed if seed is None else seed
    if asked is not None:
        check_months(asked, first.period.from_, first.period.to)
    more = None if asked is None else asked.inputs()
    return many, root, fingerprint([identity(s) for s in scenarios], root, many, baseline, more)


def _days(scenario: Scenario, baseline: str | None) -> tuple[object, ...]:
    """What scenarios must have in common; policies that are compared the warm-up too."""
    period = scenario.period
    warm_up = None if baseline is None else period.warm_up
    return period.from_, period.to, warm_up, scenario.timezone


def _check(options: Options) -> None:
    if options.engine not in ENGINES:
        raise InputError(f"no engine is called {options.engine}; there are {', '.join(ENGINES)}")
    if options.logs not in _LOGS:
        raise InputError(f"logs must be one of {', '.join(_LOGS)}, not {options.logs}")
    if options.audit not in _AUDITS:
        raise InputError(f"audit must be one of {', '.join(_AUDITS)}, not {options.audit}")
    if options.jobs is not None and options.jobs < 1:
        raise InputError(f"a study needs 1 job or more, not {options.jobs}")


def _left_out(options: Options) -> dict[str, Any]:
    """What runs lack, or have besides; the journal never mixes them with ordinary ones."""
    left_out: dict[str, Any] = {}
    if not options.counterfactuals:
        left_out["counterfactuals"] = False
    if not options.curves:
        left_out["curves"] = False
    if options.from_empty:
        left_out["from_empty"] = True
    if options.measures is not None:
        left_out["measures"] = sorted(options.measures)
    return left_out


def _study(
    scenarios: Sequence[Scenario],
    baseline: str | None,
    options: Options,
    *,
    doubting: bool = False,
) -> Study:
    _check(options)
    # From here on nothing but checked values goes anywhere: to the runs, the journal, the folder.
    scenarios = [assured(scenario) for scenario in scenarios]
    wanted = {word: getattr(options, word) for word in WORDS}
    asked = understood(compared=baseline is not None, **wanted)
    many, root, print_ = inputs(scenarios, baseline, options.replications, options.seed, asked)
    if many < 1:
        raise InputError(f"a study needs 1 replication or more, not {many}")
    currency = next((one.currency for one in scenarios if one.currency), "")
    looks = Looks(asked, [scenario.name for scenario in scenarios], baseline, many, currency)
    started, clock = dt.datetime.now(dt.UTC).astimezone(), time.monotonic()
    doubted = _doubts(scenarios, baseline, options.say) if doubting else {}
    engine = choose(options.engine, options.say, prepare)
    # SimPy has nobody to be audited by.
    audit = "none" if engine == "simpy" else options.audit
    identity = {"seed": root, "versions": versions(), "code": code_digest(), **_left_out(options)}
    hashes = {scenario.name: run_identity(scenario) for scenario in scenarios}
    folder = None if options.journal is None else Path(options.journal)
    failures: list[Failure] = []
    identity["antithetic"] = asked.antithetic
    with Journal(folder, identity, hashes, in_rounds=options.in_rounds) as journal:
        for remark in journal.remarks:
            options.say(remark)
        conducted = partial(_conduct, journal, scenarios, root, engine, audit, options, failures)
        many = looks.first
        tell = replications_of(many, asked.antithetic) if _wants_capacity(options) else 0
        capacities = [
            CapacityTask(scenario, root, engine, tell, asked.antithetic)
            for scenario in scenarios
            if tell and journal.capacity(scenario.name, tell) is None
        ]
        workers = conducted(many, capacities)
        if not options.dispensable:
            _refuse_none(scenarios, many, failures, root)
        while (following := looks.look(journal, many)) is not None:
            many = following
            options.say(f"not enough yet: going on to {many} replications")
            workers = max(workers, conducted(many))
        failures.sort(key=lambda failure: (failure.scenario, failure.replication))
        return gather(
            journal,
            scenarios,
            baseline,
            many,
            root,
            engine,
            audit,
            options.logs,
            print_,
            [_named(failure, root) for failure in failures],
            Run(
                started=started.isoformat(timespec="seconds"),
                finished=dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds"),
                seconds=round(time.monotonic() - clock, 1),
                workers=workers,
            ),
            looks.said(journal, many),
            doubted,
            [found for s in scenarios if (found := journal.capacity(s.name, tell)) is not None],
        )


def _wants_capacity(options: Options) -> bool:
    asked = options.measures
    return options.counterfactuals and (asked is None or not CAPACITY.isdisjoint(asked))


def _doubts(
    scenarios: Sequence[Scenario], baseline: str | None, say: Callable[[str], None]
) -> dict[str, tuple[Fault, ...]]:
    """What is perhaps not meant, by scenario; what reading did not say already is said."""
    base = next((one for one in scenarios if one.name == baseline), None)
    found = {one.name: doubts(one, None if one is base else base) for one in scenarios}
    for fault in dict.fromkeys(fault for faults in found.values() for fault in faults):
        say(str(fault))
    return {one.name: (*one.origin.warnings, *found[one.name]) for one in scenarios}


def _conduct(
    journal: Journal,
    scenarios: Sequence[Scenario],
    seed: int,
    engine: str,
    audit: str,
    options: Options,
    failures: list[Failure],
    many: int,
    capacities: Sequence[CapacityTask] | None = None,
) -> int:
    """Do what the first `many` replications lack, and find capacities, given at the beginning.

    Failures are appended. Gives the workers it took.
    """
    failed = {(failure.scenario, failure.replication) for failure in failures}
    workers = options.jobs or os.cpu_count() or 1
    missing = [
        task
        for task in _tasks(scenarios, many, seed, engine, workers, audit, options)
        if not journal.has(task.scenario.name, task.replication, task.audit, task.logs)
        and (task.scenario.name, task.replication) not in failed
    ]
    runs = many * len(scenarios)
    done = runs - len(missing)
    if done and capacities is not None:
        options.say(f"{done} of {runs} runs were done before; going on from there")
    # Capacities are no runs to be counted; in the middle, nobody waits for them at 100 %.
    middle = len(missing) // 2
    work: list[Work] = [*missing[:middle], *(capacities or ()), *missing[middle:]]
    del missing
    options.on_progress(done, runs)
    workers = max(1, min(workers, len(work)))
    given = _handed_out(work), len(work), engine, workers, options.executor, _kept(options)
    with closing(performed(*given)) as outcomes:
        for outcome in outcomes:
            if isinstance(outcome, Failure) and not outcome.replication:
                outcome = Capacity.missing(outcome.scenario, outcome.error)  # noqa: PLW2901
            if isinstance(outcome, Capacity):
                if why := outcome.said.get("why"):
                    options.say(f"the capacity of {outcome.scenario} was not measured: {why}")
                journal.add_capacity(outcome, capacities[0].replications if capacities else 0)
                continue
            if isinstance(outcome, Failure):
                failures.append(outcome)
                options.say(f"{_named(outcome, seed)} failed: {outcome.error}")
            else:
                journal.add(outcome)
            done += 1
            options.on_progress(done, runs)
    return workers


def _tasks(
    scenarios: Sequence[Scenario],
    many: int,
    seed: int,
    engine: str,
    workers: int,
    audit: str,
    options: Options,
) -> Iterator[Task]:
    numbers, logs = range(1, many + 1), options.logs
    for scenario, number, shared in all_runs(scenarios, seed, numbers, workers, options.antithetic):
        chosen = options.audited is None or scenario.name in options.audited
        yield Task(
            scenario,
            number,
            shared,
            engine,
            logs=logs == "all" or (logs == "first" and number == 1),
            audit=audit if audit == "full" or (number == 1 and chosen) else "none",
            counterfactuals=options.counterfactuals,
            curves=options.curves,
            from_empty=options.from_empty,
            measures=options.measures,
        )


def _handed_out(tasks: list[Work]) -> Iterator[Work]:
    """Give tasks away for good: what they share goes with the last one that is done."""
    tasks.reverse()
    while tasks:
        yield tasks.pop()


def _kept(options: Options) -> str:
    """What becomes of finished runs if a study ends early."""
    if options.journal is None:
        return "Nothing is kept: give a folder as journal, and the same call goes on from there"
    return "Finished runs are kept: the same command goes on from there"


def _named(failure: Failure, seed: int) -> str:
    return f"replication {failure.replication} of {failure.scenario} (seed {seed})"


def _refuse_none(
    scenarios: Sequence[Scenario], many: int, failures: Sequence[Failure], seed: int
) -> None:
    """Raise if a scenario has no replication left to speak of."""
    for scenario in scenarios:
        mine = [failure for failure in failures if failure.scenario == scenario.name]
        if len(mine) == many:
            first = mine[0].error
            if isinstance(first, PortsimError):
                raise first
            raise PortsimError(
                f"{_named(mine[0], seed)} failed: {type(first).__name__}: {first}"
            ) from first
