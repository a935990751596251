"""A search for the cheapest: points are proposed, run and judged, and the best are proven anew.

Which points are proposed may not enter, nor how the outcome is drawn.
"""

import datetime as dt
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from portsim import experiment
from portsim.errors import InputError, ScenarioError
from portsim.experiment.asked import WORDS
from portsim.experiment.describe import entry
from portsim.experiment.writing import write_folder
from portsim.figures.painters import Painters
from portsim.results import Manifest, Run, write_files
from portsim.results.optimise import KIND, PROOF, TRIED, to_files, winner
from portsim.results.sweep import COST, STAFFED, keys, varied
from portsim.scenario.model import Scenario
from portsim.studies.points import Point
from portsim.studies.problem import BATCH, Problem
from portsim.studies.search import At, Everything, Proposer, Search, Verdict

__all__ = ["Optimisation", "optimise"]

_NOTHING: Mapping[str, Any] = {
    **dict.fromkeys((COST, STAFFED, "mean", "low", "high"), float("nan")),
    "met": "no",
}
_OURS = (
    "capacity",
    "curves",
    "measures",
    "audited",
    "dispensable",
    "in_rounds",
    "logs",
    "replications",
    "seed",
)


@dataclass(frozen=True, eq=False, slots=True)
class Optimisation:
    """The outcome of a search.

    Attributes:
        manifest: the port as it stands in its file, what was asked and who won.
        tried: the columns of optimise.csv, a row a trial and requirement.
        proof: the columns of proof.csv, a row a finalist and requirement.
        nearest: the trial whose means miss the least part of what is required; None if no point
            could be run.
        journal: where the finished runs were kept; removed once the outcome is written beside it.
    """

    manifest: Manifest
    tried: pd.DataFrame
    proof: pd.DataFrame
    nearest: int | None = None
    journal: Path | None = None

    @property
    def paths(self) -> list[str]:
        """The varied paths, each a column of the tables."""
        return list(varied(self.manifest.study))

    @property
    def winner(self) -> Mapping[str, Any] | None:
        """Values of the proven winner by dotted path; None if no point was proven."""
        return winner(self.manifest.study)

    def write(
        self, folder: str | Path, *, force: bool = False, figures: bool | Painters = True
    ) -> list[Path]:
        """Write the result folder; see `portsim.experiment.writing.write_folder`."""
        files = to_files(self.tried, self.proof, self.manifest.study)
        return write_folder(
            folder,
            self.manifest,
            partial(write_files, files=files, manifest=self.manifest),
            journal=self.journal,
            force=force,
            draw=figures,
        )


@dataclass(eq=False, slots=True)
class _Trial:
    """A point that was tried."""

    number: int
    at: At
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


def optimise(problem: Problem, **options: Any) -> Optimisation:
    """Search the points of a problem for the best that surely keeps its promises, and prove it.

    The search judges each point by its own 95 % limits. Of many points that seem to do, some were
    lucky; so the best few are run again with fresh replications, and a point is proven if its
    limits there, which hold for all finalists and requirements together (95 %, Bonferroni), keep
    every promise. The winner is the proven point that is smallest in what is to be small. The same
    inputs give the same outcome for any number of workers. Source: Law 2015, sections 9.4.1, 10.3
    and 10.5 (selection and bias of the selected).

    Args:
        problem: from `portsim.studies.problem`.
        options: engine, audit, jobs, executor, journal, on_progress and say as in
            `portsim.experiment.conduct.Options`. With the default audit, SimPy looks over the
            first point.

    Raises:
        InputError: an option is wrong, Optuna is not installed, or as `portsim.run`.
        PortsimError: as `portsim.run`; a point that cannot be run is noted, and the others go on.
    """
    if refused := sorted(set(options) & {*WORDS, *_OURS}):
        raise InputError(f"a search has no option {refused[0]}; the problem says it")
    sizes = {path: len(values) for path, values in problem.varied.items()}
    proposer: Proposer = (
        Everything(list(sizes.values()))
        if problem.all_tried
        else Search(sizes, problem.ordered, problem.seed, problem.starts)
    )
    started, clock = dt.datetime.now(dt.UTC).astimezone(), time.monotonic()
    with ExitStack() as stack:
        if options.get("journal") is None:
            # The proof goes on from the replications of the search.
            options["journal"] = stack.enter_context(tempfile.TemporaryDirectory())
            kept = None
        else:
            kept = Path(options["journal"])
        runs = _Runs(problem, options)
        trials = _searched(problem, proposer, runs)
        finalists = sorted((one for one in trials if one.feasible), key=lambda one: one.order)
        proof, best = _proven(problem, finalists[: problem.finalists], runs)
    manifest = replace(
        runs.first.manifest,
        scenarios=(entry(problem.port.base, []),),
        replications=problem.replications,
        fingerprint=problem.identity(),
        failures=tuple(dict.fromkeys(runs.failures)),
        statistics={},
        run=Run(
            started=started.isoformat(timespec="seconds"),
            finished=dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - clock, 1),
            workers=runs.workers,
        ),
        kind=KIND,
        study={
            **problem.asked(),
            "points": problem.size,
            "tried": len(trials),
            "sampler": "all points"
            if problem.all_tried
            else f"optuna {metadata.version('optuna')} TPESampler",
            "feasible": sum(one.feasible for one in trials),
            "winner": None if best is None else problem.values(best.at),
        },
    )
    nearest = min(
        (one for one in trials if one.value is not None), key=lambda t: t.missed, default=None
    )
    return Optimisation(
        manifest,
        _tried_table(problem, trials),
        proof,
        None if nearest is None else nearest.number,
        kept and runs.first.journal,
    )


class _Runs:
    """Runs of points in one journal, batch after batch, with one progress for them all."""

    def __init__(self, problem: Problem, options: Mapping[str, Any]) -> None:
        self._problem, self._options = problem, dict(options)
        self._tell = self._options.pop("on_progress", lambda done, total: None)
        self._speak = self._options.pop("say", lambda text: None)
        self._told: set[str] = set()
        self._audited: frozenset[str] = frozenset()
        self._before = 0
        self._studies: list[experiment.Study] = []
        trials = min(problem.trials, problem.size)
        self.total = trials * problem.replications + problem.finalists * problem.fresh
        self.failures: list[str] = []

    @property
    def first(self) -> experiment.Study:
        return self._studies[0]

    @property
    def workers(self) -> int:
        return max(study.manifest.run.workers for study in self._studies)

    def say(self, text: str) -> None:
        """Say each thing once: batches say the same, and so do replications that fail alike."""
        what = text.partition(" failed: ")[2] or text
        if what not in self._told:
            self._told.add(what)
            self._speak(text)

    def tried(self, scenarios: Sequence[Scenario]) -> dict[str, pd.DataFrame]:
        """Figures of the first replications by name; those of scenarios that fail are missing."""
        found = self._figures(scenarios, 1, self._problem.replications)
        self._before += len(scenarios) * self._problem.replications
        return found

    def fresh(self, scenarios: Sequence[Scenario]) -> dict[str, pd.DataFrame]:
        """Figures of replications that the search has not seen, likewise."""
        old, fresh = self._problem.replications, self._problem.fresh
        self.total = self._before + len(scenarios) * fresh
        return self._figures(scenarios, old + 1, old + fresh)

    def refused(self) -> None:
        """Count a point that no run was worth."""
        self._before += self._problem.replications

    def _figures(
        self, scenarios: Sequence[Scenario], first: int, last: int
    ) -> dict[str, pd.DataFrame]:
        """Rows of replications `first` to `last`; only they are counted, the others are there."""
        counted = len(scenarios) * (first - 1)
        if not self._audited:
            self._audited = frozenset([scenarios[0].name])

        def progress(done: int, total: int) -> None:
            self._tell(self._before - counted + done, self.total)

        study = experiment.many(
            scenarios,
            replications=last,
            seed=self._problem.seed,
            counterfactuals=False,
            curves=False,
            measures=self._problem.measures,
            audited=self._audited,
            dispensable=True,
            in_rounds=True,
            on_progress=progress,
            say=self.say,
            **self._options,
        )
        self._studies.append(study)
        self.failures += study.manifest.failures
        rows = study.replications[study.replications["replication"] >= first]
        return {
            str(name): some
            for name, some in rows.groupby("scenario", observed=True)
            if some["replication"].nunique() == last - first + 1
        }


def _searched(problem: Problem, proposer: Proposer, runs: _Runs) -> list[_Trial]:
    """All trials in their order."""
    trials: list[_Trial] = []
    best: _Trial | None = None
    count = min(problem.trials, problem.size)
    while len(trials) < count:
        asked = proposer.ask(min(BATCH, count - len(trials)))
        batch = [_laid_out(problem, at, n) for n, at in enumerate(asked, len(trials) + 1)]
        points = [one.point for one in batch if one.point is not None]
        found = runs.tried([point.scenario for point in points]) if points else {}
        for one in batch:
            if one.point is None:
                runs.refused()
            elif (rows := found.get(one.point.scenario.name)) is None:
                one.note = "a run failed"
            else:
                one.figures = problem.figures(rows, one.point, 1)
                value = problem.value(one.figures)
                one.value = value if value == value else None  # noqa: PLR0124 - not NaN
            missing = {row["requirement"]: row["away"] for row in one.figures if row["met"]}
            proposer.tell(one.at, Verdict(one.value, missing))
        trials += batch
        ahead = min((one for one in trials if one.feasible), key=lambda t: t.order, default=None)
        if ahead is not None and ahead is not best:
            best = ahead
            said = ", ".join(f"{path} = {v}" for path, v in problem.values(best.at).items())
            runs.say(
                f"{len(trials)} of {count} points: the best so far is {said} "
                f"({problem.aim.replace('_', ' ')} {best.value:,.6g})"
            )
    return trials


def _laid_out(problem: Problem, at: At, number: int) -> _Trial:
    try:
        return _Trial(number, at, problem.point(at))
    except ScenarioError as error:
        first = error.faults[0]
        return _Trial(number, at, note=f"refused: {first.path}: expected {first.expected}")


def _proven(
    problem: Problem, finalists: Sequence[_Trial], runs: _Runs
) -> tuple[pd.DataFrame, _Trial | None]:
    """The finalists on replications that the search has not seen, and which of them wins."""
    columns = ["place", "policy", *problem.varied, *PROOF]
    points = [one.point for one in finalists if one.point is not None]
    if not points:
        return pd.DataFrame(columns=columns), None
    found = runs.fresh([point.scenario for point in points])
    together = sum(len(one.figures) for one in finalists)
    fresh: list[list[dict[str, Any]]] = []
    for point in points:
        rows = found.get(point.scenario.name)
        fresh.append([] if rows is None else problem.figures(rows, point, together))
    proven = [bool(rows) and all(row["met"] != "no" for row in rows) for rows in fresh]
    good = [number for number, kept in enumerate(proven) if kept]
    best = min(good, key=lambda number: (problem.value(fresh[number]), number), default=-1)
    table = [
        {
            "place": number + 1,
            **_where(problem, one),
            **new,
            **{f"searched_{word}": old[word] for word in ("mean", "low", "high")},
            **{f"fresh_{word}": new[word] for word in ("mean", "low", "high")},
            "proven": "yes" if proven[number] else "no",
            "winner": "yes" if number == best else "no",
        }
        for number, one in enumerate(finalists)
        for old, new in zip(one.figures, fresh[number] or _empty(one.figures), strict=True)
    ]
    return pd.DataFrame(table)[columns], finalists[best] if best >= 0 else None


def _empty(figures: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a finalist of which a fresh run failed."""
    nothing = dict.fromkeys(("mean", "low", "high"), float("nan"))
    return [{**row, **nothing, "met": "no"} for row in figures]


def _where(problem: Problem, one: _Trial) -> dict[str, Any]:
    """The cells that say which point it is."""
    values = keys(list(problem.values(one.at).values()), problem.varied)
    return {"policy": problem.name, **dict(zip(problem.varied, values, strict=True))}


def _tried_table(problem: Problem, trials: Sequence[_Trial]) -> pd.DataFrame:
    asked = [f"minimise {problem.aim}"] if problem.minimise is not None else []
    asked += [str(one) for one in problem.required]
    nothing = [{**_NOTHING, "requirement": name} for name in asked]
    table, best = [], None
    for one in trials:
        better = one.feasible and (best is None or one.order < best.order)
        best = one if better else best
        table += [
            {
                "trial": one.number,
                **_where(problem, one),
                **row,
                "feasible": "yes" if one.feasible else "no",
                "best": "yes" if better else "no",
                "note": one.note,
            }
            for row in one.figures or nothing
        ]
    return pd.DataFrame(table)[["trial", "policy", *problem.varied, *TRIED]]
