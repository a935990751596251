"""A search for the cheapest: points are proposed, run and judged, and the best are proven anew.

Which points are proposed may not enter, nor how the outcome is drawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from portsim.checking import Spec
from portsim.errors import ScenarioError
from portsim.experiment.describe import entry
from portsim.experiment.execution import Execution, Progress, Say, logged
from portsim.experiment.runner import Keep, Runner
from portsim.experiment.study import Study
from portsim.results import Record
from portsim.results.optimise import PROOF, TRIED
from portsim.results.sweep import COST, LEAST, STAFFED, keys
from portsim.scenario.model import Scenario
from portsim.studies.next_points import Everything, PointIndex, Proposer, Search, Verdict
from portsim.studies.points import Point
from portsim.studies.problem import BATCH, FINALISTS, KIND, TRIALS, Problem, problem
from portsim.studies.requirement import Objective, Require

__all__ = ["Optimisation", "ask", "optimise"]

_NOTHING: Mapping[str, Any] = {
    **dict.fromkeys((COST, STAFFED, "mean", "low", "high"), float("nan")),
    "met": "no",
}


@dataclass(eq=False, slots=True)
class _Trial:
    """A point that was tried."""

    number: int
    index: PointIndex
    point: Point | None = None
    figures: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""
    value: float | None = None

    @property
    def away(self) -> float:
        return max((row["away"] for row in self.figures), default=float("inf"))

    @property
    def missed(self) -> tuple[float, float]:
        """How far the means, then their limits, are from what is required."""
        return max((row["missed"] for row in self.figures), default=float("inf")), self.away

    @property
    def feasible(self) -> bool:
        return self.value is not None and self.away <= 0.0

    @property
    def order(self) -> tuple[float, float, int]:
        """Smaller is better; of equal values the one that keeps its promises by more."""
        assert self.value is not None
        return self.value, self.away, self.number


@dataclass(frozen=True, eq=False, slots=True)
class Optimisation:
    """A search that could begin; see `portsim.experiment.design.Design`.

    Attributes:
        problem: what may be chosen, what must be kept, what is to be small.
    """

    problem: Problem

    @property
    def policies(self) -> Sequence[Scenario]:
        """The port as it stands in its file."""
        return self.problem.policies

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that the outcome depends on."""
        return self.problem.fingerprint

    def conduct(self, how: Execution) -> Study:
        """Search the points of the problem for the best that surely keeps its promises.

        The search judges each point by its own 95 % limits. Of many points that seem to do, some
        were lucky; so the best few are run again with fresh replications, and a point is proven if
        its limits there, which hold for all finalists and requirements together (95 %,
        Bonferroni), keep every promise. The winner is the proven point that is smallest in what is
        to be small. The same inputs give the same outcome for any number of workers. Source: Law
        2015, sections 9.4.1, 10.3 and 10.5 (selection and bias of the selected). With the default
        audit, SimPy looks over the first point.

        Raises:
            InputError: Optuna is not installed.
            PortsimError: as `portsim.run`; a point that cannot be run is noted, and the others go
                on.
        """
        problem = self.problem
        sizes = {path: len(values) for path, values in problem.varied.items()}
        proposer: Proposer = (
            Everything(list(sizes.values()))
            if problem.all_tried
            else Search(sizes, problem.ordered, problem.seed, problem.starts)
        )
        trials_expected = min(problem.trials, problem.size) * problem.replications
        keep = Keep(counterfactuals=False, curves=False, measures=problem.measures)
        with Runner(
            how,
            problem.seed,
            keep,
            audited=[],
            dispensable=True,
            expected=trials_expected + problem.finalists * problem.fresh,
        ) as runner:
            trials = _searched(problem, proposer, runner)
            ordered = sorted(
                (trial for trial in trials if trial.feasible), key=lambda trial: trial.order
            )
            proof, best = _proven(problem, ordered[: problem.finalists], runner)
            manifest = runner.manifest(
                [entry(problem.port.base, [])],
                problem.replications,
                self.fingerprint,
                kind=KIND,
                study=_facts(problem, trials, best),
            )
            tables = {"tried": _tried_table(problem, trials), "proof": proof}
            return Study(Record(manifest, tables), runner.journal.path)


def ask(
    scenario: Spec, vary: Mapping[str, Sequence[Any]] | None = None, **words: Any
) -> Optimisation:
    """Put a search together and check it before anything is run.

    Args:
        scenario: the port, or its file.
        vary: values to choose from by dotted path.
        words: see `portsim.studies.problem.problem`.

    Raises:
        ScenarioError: the file is at fault, there is no such path, or values are refused.
        InputError: what is asked cannot be searched for.
    """
    return Optimisation(problem(scenario, vary, **words))


def optimise(
    scenario: Spec,
    vary: Mapping[str, Sequence[Any]] | None = None,
    *,
    require: Require = (),
    minimise: str | Objective | None = None,
    trials: int = TRIALS,
    finalists: int = FINALISTS,
    replications: int | None = None,
    fresh: int | None = None,
    seed: int | None = None,
    engine: str = "compiled",
    jobs: int | None = None,
    executor: Executor | None = None,
    audit: str = "default",
    journal: str | Path | None = None,
    on_progress: Progress | None = None,
    say: Say = logged,
) -> Study:
    """Search many values for the cheapest that keeps a promise, and prove the winner.

    Args:
        scenario: the port, or its file.
        vary: values to choose from by dotted path; what the scenario says below ``study`` if empty.
        require: promises to be kept, one or more, `portsim.Requirement` or in words such as
            ``completed_within_limit>=0.95``.
        minimise: ``cost``, ``staffed_hours`` or a measure, `portsim.Objective` or in words such as
            ``stay_mean_h[export]``; the cost if servers have one, else the staffed hours, if None.
        trials: points to try at most.
        finalists: points that get a proof at most.
        replications: of each point; the scenario's number if None.
        fresh: replications for the proof; three times as many if None.
        seed: root seed; the scenario's if None.
        engine: as of `portsim.run`.
        jobs: as of `portsim.run`.
        executor: as of `portsim.run`.
        audit: as of `portsim.run`; by default of the first point.
        journal: as of `portsim.run`.
        on_progress: as of `portsim.run`.
        say: as of `portsim.run`.

    Returns:
        A study; `winner` has the values of the proven winner.

    Raises:
        ScenarioError: the file is at fault, there is no such path, or values are refused.
        InputError: what is asked cannot be searched for, or Optuna is not installed.
        AuditError: the engines disagree.
        PortsimError: as `portsim.run`; a point that cannot be run is noted, and the others go on.
    """
    design = ask(
        scenario,
        vary,
        required=require,
        minimise=minimise,
        trials=trials,
        finalists=finalists,
        replications=replications,
        fresh=fresh,
        seed=seed,
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


def _facts(problem: Problem, trials: Sequence[_Trial], best: _Trial | None) -> dict[str, Any]:
    """What was asked and what came of it, made of JSON types only."""
    sampler = "all points"
    if not problem.all_tried:
        sampler = f"optuna {metadata.version('optuna')} TPESampler"
    run = [trial for trial in trials if trial.value is not None]
    nearest = min(run, key=lambda trial: trial.missed, default=None)
    return {
        **problem.conditions(),
        "points": problem.size,
        "tried": len(trials),
        "sampler": sampler,
        "feasible": sum(trial.feasible for trial in trials),
        "nearest": None if nearest is None else nearest.number,
        "winner": None if best is None else problem.values(best.index),
    }


def _rows(
    runner: Runner, scenarios: Sequence[Scenario], first: int, last: int
) -> dict[str, pd.DataFrame]:
    """Figures of replications `first` to `last` by scenario; those that failed are missing."""
    figures = runner.run(scenarios, last).figures
    rows = figures[figures["replication"] >= first]
    return {
        str(name): some
        for name, some in rows.groupby("scenario", observed=True)
        if some["replication"].nunique() == last - first + 1
    }


def _searched(problem: Problem, proposer: Proposer, runner: Runner) -> list[_Trial]:
    """All trials in their order."""
    trials: list[_Trial] = []
    best: _Trial | None = None
    count = min(problem.trials, problem.size)
    while len(trials) < count:
        indices = proposer.ask(min(BATCH, count - len(trials)))
        batch = [_laid_out(problem, index, n) for n, index in enumerate(indices, len(trials) + 1)]
        points = [trial.point for trial in batch if trial.point is not None]
        scenarios = [point.scenario for point in points]
        if scenarios and not trials:
            runner.audit_only(scenarios[0].name)
        runs = _rows(runner, scenarios, 1, problem.replications) if points else {}
        for trial in batch:
            if trial.point is None:
                # No run is worth a point that was refused.
                runner.expected -= problem.replications
            elif (rows := runs.get(trial.point.scenario.name)) is None:
                trial.note = "a run failed"
            else:
                trial.figures = problem.figures(rows, trial.point, 1)
                value = problem.value(trial.figures)
                trial.value = value if value == value else None  # noqa: PLR0124 - not NaN
            missing = {row["requirement"]: row["away"] for row in trial.figures if row["met"]}
            proposer.tell(trial.index, Verdict(trial.value, missing))
        trials += batch
        ahead = min(
            (trial for trial in trials if trial.feasible), key=lambda t: t.order, default=None
        )
        if ahead is not None and ahead is not best:
            best = ahead
            shown = ", ".join(f"{path} = {v}" for path, v in problem.values(best.index).items())
            runner.say(
                f"{len(trials)} of {count} points: the best so far is {shown} "
                f"({problem.aim.replace('_', ' ')} {best.value:,.6g})"
            )
    return trials


def _laid_out(problem: Problem, index: PointIndex, number: int) -> _Trial:
    try:
        return _Trial(number, index, problem.point(index))
    except ScenarioError as error:
        first = error.faults[0]
        return _Trial(number, index, note=f"refused: {first.path}: expected {first.expected}")


def _proven(
    problem: Problem, finalists: Sequence[_Trial], runner: Runner
) -> tuple[pd.DataFrame, _Trial | None]:
    """The finalists on replications that the search has not seen, and which of them wins."""
    columns = ["place", "policy", *problem.varied, *PROOF]
    points = [trial.point for trial in finalists if trial.point is not None]
    if not points:
        return pd.DataFrame(columns=columns), None
    old, fresh_ones = problem.replications, problem.fresh
    runner.expected -= (problem.finalists - len(points)) * fresh_ones
    scenarios = [point.scenario for point in points]
    runs = _rows(runner, scenarios, old + 1, old + fresh_ones)
    together = sum(len(trial.figures) for trial in finalists)
    fresh: list[list[dict[str, Any]]] = []
    for point in points:
        rows = runs.get(point.scenario.name)
        fresh.append([] if rows is None else problem.figures(rows, point, together))
    proven = [bool(rows) and all(row["met"] != "no" for row in rows) for rows in fresh]
    good = [number for number, kept in enumerate(proven) if kept]
    best = min(good, key=lambda number: (problem.value(fresh[number]), number), default=-1)
    table = [
        {
            "place": number + 1,
            **_where(problem, trial),
            **new,
            **{f"searched_{word}": old[word] for word in ("mean", "low", "high")},
            **{f"fresh_{word}": new[word] for word in ("mean", "low", "high")},
            "proven": "yes" if proven[number] else "no",
            "winner": "yes" if number == best else "no",
        }
        for number, trial in enumerate(finalists)
        for old, new in zip(trial.figures, fresh[number] or _empty(trial.figures), strict=True)
    ]
    return pd.DataFrame(table)[columns], finalists[best] if best >= 0 else None


def _empty(figures: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a finalist of which a fresh run failed."""
    nothing = dict.fromkeys(("mean", "low", "high"), float("nan"))
    return [{**row, **nothing, "met": "no"} for row in figures]


def _where(problem: Problem, trial: _Trial) -> dict[str, Any]:
    """The cells that say which point it is."""
    values = keys(list(problem.values(trial.index).values()), problem.varied)
    return {"policy": problem.name, **dict(zip(problem.varied, values, strict=True))}


def _tried_table(problem: Problem, trials: Sequence[_Trial]) -> pd.DataFrame:
    requirements = [f"{LEAST}{problem.aim}"] if problem.minimise is not None else []
    requirements += [str(promise) for promise in problem.required]
    nothing = [{**_NOTHING, "requirement": name} for name in requirements]
    table, best = [], None
    for trial in trials:
        better = trial.feasible and (best is None or trial.order < best.order)
        best = trial if better else best
        table += [
            {
                "trial": trial.number,
                **_where(problem, trial),
                **row,
                "feasible": "yes" if trial.feasible else "no",
                "best": "yes" if better else "no",
                "note": trial.note,
            }
            for row in trial.figures or nothing
        ]
    return pd.DataFrame(table)[["trial", "policy", *problem.varied, *TRIED]]
