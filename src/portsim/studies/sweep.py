"""A sweep: the points of a grid on the very same trucks become one tidy table.

What is asked of the table may not enter, nor how it is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from portsim import experiment
from portsim.errors import InputError
from portsim.experiment.asked import WORDS
from portsim.experiment.conduct import inputs
from portsim.experiment.describe import entry
from portsim.experiment.writing import write_folder
from portsim.figures.painters import Painters
from portsim.measures import UNITS
from portsim.results import Manifest, digest, write_files
from portsim.results.sweep import REPLICATIONS, STAFFED, TABLE, columns, keys, to_files, varied
from portsim.scenario.measured import COUNTERFACTUAL
from portsim.scenario.text import nearest
from portsim.studies.points import Grid
from portsim.studies.require import Requirement, judge

__all__ = [
    "KIND",
    "MEASURES",
    "Sweep",
    "check_measures",
    "check_replications",
    "identity",
    "kept",
    "sweep",
]

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
    """The outcome of a sweep.

    Attributes:
        manifest: the policies as they stand in their files, and what was varied.
        table: the columns of sweep.csv, a row a point, class, place and measure.
        replications: the columns of sweep_replications.parquet.
        frontier: the columns of frontier.csv; None if nothing is required.
        journal: where the finished runs were kept; removed once the sweep is written beside it.
    """

    manifest: Manifest
    table: pd.DataFrame
    replications: pd.DataFrame
    frontier: pd.DataFrame | None = None
    journal: Path | None = None

    @property
    def paths(self) -> list[str]:
        """The varied paths, each a column of the tables."""
        return list(varied(self.manifest.study))

    def write(
        self, folder: str | Path, *, force: bool = False, figures: bool | Painters = True
    ) -> list[Path]:
        """Write the result folder; see `portsim.experiment.writing.write_folder`."""
        study = self.manifest.study
        files = to_files(self.table, self.replications, self.frontier, study)
        return write_folder(
            folder,
            self.manifest,
            partial(write_files, files=files, manifest=self.manifest),
            journal=self.journal,
            force=force,
            draw=figures,
        )


def check_measures(names: Sequence[str]) -> tuple[str, ...]:
    """The names of measures, each once.

    Raises:
        InputError: there is no such measure in a sweep.
    """
    for name in names:
        if name in COUNTERFACTUAL:
            raise InputError(f"a sweep does not measure {name}; portsim run does")
        if name not in UNITS:
            like = nearest(name, UNITS)
            hint = f"did you mean {like}?" if like else f"there are {', '.join(UNITS)}"
            raise InputError(f"no measure is called {name}\n    hint: {hint}")
    return tuple(dict.fromkeys(names))


def kept(measures: Sequence[str], required: Sequence[Requirement]) -> tuple[str, ...]:
    """The measures that are kept: those asked for, those required, and what costs are made of.

    Raises:
        InputError: there is no such measure in a sweep.
    """
    more = [*(one.measure for one in required), STAFFED] if required else []
    return check_measures([*measures, *more])


def check_replications(
    points: Grid, required: Sequence[Requirement], replications: int | None
) -> None:
    """Refuse a promise that nothing can be said of.

    Raises:
        InputError: something is required of a single replication, which gives no limits.
    """
    many = points.policies[0].replications if replications is None else replications
    if required and many == 1:
        raise InputError("what is required needs 2 replications or more; one gives no limits")


def identity(
    points: Grid,
    measures: Sequence[str],
    required: Sequence[Requirement],
    replications: int | None,
    seed: int | None,
) -> str:
    """The fingerprint of all that a sweep is made of.

    Raises:
        InputError: periods differ.
    """
    *_, print_ = inputs([one.scenario for one in points.points], None, replications, seed)
    said = {"kind": KIND, "runs": print_, **_asked(points, measures, required)}
    return digest(said)


def sweep(
    points: Grid,
    measures: Sequence[str] = MEASURES,
    required: Sequence[Requirement] = (),
    **options: Any,
) -> Sweep:
    """Run all points of a grid on the very same trucks.

    Args:
        points: from `portsim.studies.grid`.
        measures: names of the measures that are kept.
        required: promises to hold every point against; their measures are kept too.
        options: see `portsim.experiment.conduct.Options`, but for those that add replications or
            pair them. With the default audit, SimPy looks over
            the first point of each policy.

    Raises:
        InputError: an option is wrong, or as `portsim.run`.
        PortsimError: a point has no replication that could be run to its end.
    """
    if refused := sorted(set(options) & set(WORDS)):
        raise InputError(f"a sweep has no {refused[0]}: all its points have the same replications")
    names = kept(measures, required)
    check_replications(points, required, options.get("replications"))
    print_ = identity(points, names, required, options.get("replications"), options.get("seed"))
    study = experiment.many(
        [point.scenario for point in points.points],
        counterfactuals=False,
        curves=False,
        measures=frozenset(names),
        audited=points.first_of_each,
        **options,
    )
    manifest = replace(
        study.manifest,
        scenarios=tuple(entry(policy, []) for policy in points.policies),
        fingerprint=print_,
        kind=KIND,
        study=_asked(points, names, required),
    )
    paths = list(points.varied)
    runs = _located(study.replications, points)[columns(REPLICATIONS, paths)]
    return Sweep(
        manifest,
        _located(study.summary, points)[columns(TABLE, paths)],
        runs,
        judge(runs, points, required) if required else None,
        study.journal,
    )


def _asked(
    points: Grid, measures: Sequence[str], required: Sequence[Requirement]
) -> dict[str, Any]:
    return {
        # A manifest keeps its names in the order of the alphabet, not in that asked for.
        "paths": list(points.varied),
        "varied": {path: list(values) for path, values in points.varied.items()},
        "measures": list(measures),
        "required": [str(one) for one in required],
    }


def _located(figures: pd.DataFrame, points: Grid) -> pd.DataFrame:
    """Figures of scenarios, with policy and varied values in place of the scenario's name."""
    by_name = {point.scenario.name: point for point in points.points}
    names = figures["scenario"].astype(str)
    mine = {name: keys(by_name[name].values, points.varied) for name in names.unique()}
    where: dict[str, Any] = {"policy": names.map({n: by_name[n].policy for n in mine})}
    for number, path in enumerate(points.varied):
        where[path] = names.map({name: cells[number] for name, cells in mine.items()})
    return pd.concat(
        [pd.DataFrame(where, index=figures.index), figures.drop(columns="scenario")], axis=1
    )
