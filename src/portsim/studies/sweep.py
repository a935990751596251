"""A sweep: the points of a grid on the very same trucks become one tidy table.

What is asked of the table may not enter, nor how it is drawn.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from portsim.checking import Spec
from portsim.errors import InputError
from portsim.experiment.comparable import check_and_fingerprint
from portsim.experiment.describe import entry
from portsim.experiment.drawn_inputs import Ignorance
from portsim.experiment.drawn_runs import DrawnRuns
from portsim.experiment.execution import Execution, Progress, Say, logged
from portsim.experiment.goals import drawn_inputs
from portsim.experiment.runner import Keep, Runner
from portsim.experiment.study import Study
from portsim.reading.text import nearest
from portsim.results import Record, digest
from portsim.results.sweep import (
    DRAWN_INPUTS,
    REPLICATIONS,
    TABLE,
    UNCERTAINTY,
    columns,
    keys,
)
from portsim.scenario import measure_catalogue
from portsim.scenario.model import Scenario
from portsim.studies.points import Grid, grid
from portsim.studies.promises import parse_require
from portsim.studies.require import rank, spent_on
from portsim.studies.requirement import Require, Requirement, several_required
from portsim.studies.varied import several

__all__ = ["MEASURES", "Sweep", "ask", "sweep"]

KIND = "sweep"
MEASURES = (
    "throughput_per_day",
    "completed_within_limit",
    "stay_mean_h",
    "stay_p95_h",
    "inside_max",
    "utilisation",
    "staffed_h_per_day",
)
"""What is kept of each run if nothing else is asked for."""


@dataclass(frozen=True, eq=False, slots=True)
class Sweep:
    """A sweep that could begin; see `portsim.experiment.design.Design`.

    Attributes:
        points: what is run.
        measures: names of the measures that are kept.
        required: promises to hold every point against.
        ignorance: the inputs that are drawn too; None if none is.
        replications: of each point.
        seed: root seed.
        fingerprint: of all that the outcome depends on.
    """

    points: Grid
    measures: tuple[str, ...]
    required: tuple[Requirement, ...]
    replications: int
    seed: int
    fingerprint: str
    ignorance: Ignorance | None = None

    @property
    def policies(self) -> Sequence[Scenario]:
        """The policies as they stand in their files."""
        return self.points.policies

    def conduct(self, how: Execution) -> Study:
        """Run all points on the very same trucks.

        With the default audit, SimPy looks over the first point of each policy.
        """
        points, paths = self.points, list(self.points.varied)
        keep = Keep(counterfactuals=False, curves=False, measures=frozenset(self.measures))
        every = [point.scenario for point in points.points]
        # Made before anything is run: values that cannot stand together are told at once.
        drawn = DrawnRuns(self.ignorance, self.seed, self.replications, False, how.say)
        with Runner(how, self.seed, keep, audited=points.first_of_each) as runner:
            runner.expected = drawn.expected(every)
            batch = runner.run(every, self.replications)
            figures = _located(batch.figures, points)
            runs = figures[columns(REPLICATIONS, paths)]
            tables = {
                "sweep": _located(batch.summary, points)[columns(TABLE, paths)],
                "replications": runs,
            }
            if self.required:
                tables["frontier"] = rank(figures, points, self.required)
            statistics, drawn_tables = drawn.outcome(runner, batch, None)
            for name, schema in (("uncertainty", UNCERTAINTY), ("drawn_inputs", DRAWN_INPUTS)):
                if name in drawn_tables:
                    tables[name] = _located(drawn_tables[name], points)[columns(schema, paths)]
            manifest = runner.manifest(
                [entry(policy, []) for policy in points.policies],
                self.replications,
                self.fingerprint,
                kind=KIND,
                statistics=statistics,
                study=_words(points, self.measures, self.required),
            )
            return Study(Record(manifest, tables), runner.journal.path)


def ask(
    scenarios: Sequence[Spec],
    vary: Mapping[str, Sequence[Any]] | None = None,
    *,
    measures: Sequence[str] = (),
    require: Require = (),
    replications: int | None = None,
    seed: int | None = None,
    uncertain: bool = False,
    marks: str | None = None,
    only: Sequence[str] = (),
    but: Sequence[str] = (),
) -> Sweep:
    """Put a sweep together and check it before anything is run.

    Args:
        scenarios: each a policy.
        vary: values to try by dotted path; what the first scenario says below ``study`` if empty.
        measures: names of the measures that are kept; those of ``study``, or the most asked for, if
            empty.
        require: promises such as ``completed_within_limit>=0.95``, or one; those of ``study`` if
            empty.
        replications: of each point; the first scenario's number if None.
        seed: root seed; the first scenario's if None.
        uncertain: run each point also with inputs drawn, see `portsim.run`, as for what follows.
        marks: of the inputs that are drawn.
        only: patterns of their paths.
        but: patterns of paths that are not drawn.

    Raises:
        ScenarioError: files at fault, unknown paths, refused values; of all points together.
        InputError: nothing is varied, too many points, no such measure, periods differ, a promise
            of which a single replication can say nothing, or nothing can be drawn.
    """
    points = grid(scenarios, vary)
    study = points.policies[0].study
    promises = several_required(require) or study.require
    required = tuple(parse_require(promise, points) for promise in promises)
    every = [point.scenario for point in points.points]
    needed = [*(promise.measure for promise in required), *spent_on(every)] if required else []
    usual = [*MEASURES, *_money(every)]
    names = _known([*(measures or study.measures or usual), *needed])
    wanted = drawn_inputs(uncertain=uncertain, marks=marks, only=only, but=but)
    ignorance = None if wanted is None else Ignorance(every, wanted)
    repeated, root, print_ = check_and_fingerprint(every, None, replications, seed)
    if required and repeated == 1:
        raise InputError("what is required needs 2 replications or more; one gives no limits")
    inputs = {"kind": KIND, "runs": print_, **_words(points, names, required)}
    if wanted is not None and ignorance is not None:
        inputs |= {"uncertain": wanted.inputs(), **ignorance.conditions()}
    return Sweep(points, names, required, repeated, root, digest(inputs), ignorance)


def sweep(
    scenarios: Spec | Sequence[Spec],
    vary: Mapping[str, Sequence[Any]] | None = None,
    *,
    measures: Sequence[str] = (),
    require: Require = (),
    replications: int | None = None,
    seed: int | None = None,
    uncertain: bool = False,
    marks: str | None = None,
    only: Sequence[str] = (),
    but: Sequence[str] = (),
    engine: str = "compiled",
    jobs: int | None = None,
    executor: Executor | None = None,
    audit: str = "default",
    journal: str | Path | None = None,
    on_progress: Progress | None = None,
    say: Say = logged,
) -> Study:
    """Try many values on the very same trucks: every policy with every combination.

    Args:
        scenarios: one policy or more, as scenarios or files.
        vary: values to try by dotted path, ``{"traffic.scale": [1, 1.5, 2]}``; what the first
            policy says below ``study`` if empty.
        measures: names of the measures that are kept; the most asked for if empty.
        require: promises to hold every point against, one or more, `portsim.Requirement` or in
            words such as ``completed_within_limit>=0.95``.
        replications: of each point; the first policy's number if None.
        seed: root seed; the first policy's if None.
        uncertain: run each point also with inputs drawn, and tell what they do apart from chance;
            all points meet the same draws, and what is varied is not drawn.
        marks: as of `portsim.run`.
        only: as of `portsim.run`.
        but: as of `portsim.run`.
        engine: as of `portsim.run`.
        jobs: as of `portsim.run`.
        executor: as of `portsim.run`.
        audit: as of `portsim.run`; by default of the first point of each policy.
        journal: as of `portsim.run`.
        on_progress: as of `portsim.run`.
        say: as of `portsim.run`.

    Returns:
        A study; its `table` has a row a point, class, place and measure.

    Raises:
        ScenarioError: files at fault, unknown paths, refused values; of all points together.
        InputError: what is asked makes no sense.
        AuditError: the engines disagree.
        PortsimError: a point has no replication that could be run to its end.
    """
    design = ask(
        several(scenarios),
        vary,
        measures=measures,
        require=require,
        replications=replications,
        seed=seed,
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


def _money(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Measures of money that some of the scenarios have prices for."""
    paid = any(words.priced for port in scenarios for words in port.resources.values())
    timed = any(port.value_of_time for port in scenarios)
    named = measure_catalogue
    return (
        *((named.STAFF_COST,) if paid else ()),
        *((named.TIME_COST,) if timed else ()),
        *((named.TOTAL_COST,) if paid and timed else ()),
    )


def _known(names: Sequence[str]) -> tuple[str, ...]:
    """The names of measures, each once.

    Raises:
        InputError: there is no such measure in a sweep.
    """
    for name in names:
        known = measure_catalogue.MEASURES.get(name)
        if known is not None and not known.of_a_run:
            raise InputError(f"a sweep does not measure {name}; portsim run does")
        if known is None:
            like = nearest(name, measure_catalogue.MEASURES)
            there = ", ".join(measure_catalogue.MEASURES)
            hint = f"did you mean {like}?" if like else f"there are {there}"
            raise InputError(f"no measure is called {name}\n    hint: {hint}")
    return tuple(dict.fromkeys(names))


def _words(
    points: Grid, measures: Sequence[str], required: Sequence[Requirement]
) -> dict[str, Any]:
    return {
        # A manifest keeps its names in the order of the alphabet, not in that asked for.
        "paths": list(points.varied),
        "varied": {path: list(values) for path, values in points.varied.items()},
        "measures": list(measures),
        "required": [str(promise) for promise in required],
    }


def _located(figures: pd.DataFrame, points: Grid) -> pd.DataFrame:
    """Figures of scenarios, with policy and varied values in place of the scenario's name."""
    by_name = {point.scenario.name: point for point in points.points}
    names = figures["scenario"].astype(str)
    point_keys = {name: keys(by_name[name].values, points.varied) for name in names.unique()}
    where: dict[str, Any] = {"policy": names.map({n: by_name[n].policy for n in point_keys})}
    for number, path in enumerate(points.varied):
        where[path] = names.map({name: cells[number] for name, cells in point_keys.items()})
    return pd.concat(
        [pd.DataFrame(where, index=figures.index), figures.drop(columns="scenario")], axis=1
    )
