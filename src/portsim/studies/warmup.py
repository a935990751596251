"""The warm-up that is long enough: the same trucks from earlier and earlier starts.

A port with a calendar has no stationary curve to look at; so the whole study is begun four weeks
earlier, and what matters is whether its figures notice. How the starts are drawn may not enter.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from portsim import experiment
from portsim.arrays import Reals
from portsim.errors import InputError
from portsim.experiment.conduct import inputs
from portsim.experiment.writing import write_folder
from portsim.figures.painters import Painters
from portsim.results import Manifest, digest, write_files
from portsim.results.warmup import TABLE, to_files
from portsim.scenario.model import Scenario
from portsim.statistics.truncation import mser5
from portsim.studies.starts import AT_START, Said, keeps_moving, moved, passes, weeks_text
from portsim.studies.stationary import moves
from portsim.studies.varied import Variants

__all__ = ["KIND", "LONGER", "MEASURES", "MOST", "WarmUp", "identity", "warm_up"]

KIND = "warmup"
MEASURES = (
    "completed_within_limit",
    "stay_mean_h",
    "stay_p95_h",
    "throughput_per_day",
    "queue_mean",
    "inside_mean",
)
"""Measures of the whole port that must not move; the utilisation of each resource besides."""
_AT_RESOURCES = "utilisation"
LONGER = 4
"""Weeks by which a start is held against an earlier one."""
MOST = 26
"""The longest warm-up that is tried, weeks, unless the scenario's own is longer."""
_TRIED = (0, 1, 2, 4, 8, 12, 16, 26, 39, 52, 78)
_WEEK_S, _WEEK_H, _SHOWN_H = 604_800, 168, 8 * 168


@dataclass(frozen=True, eq=False, slots=True)
class WarmUp:
    """The outcome of a warm-up study.

    Attributes:
        manifest: the scenario as it stands in its file; ``study`` holds what came of it.
        table: the columns of warmup.csv, a row a warm-up that was judged and measure.
        inside: the columns of warmup_inside.parquet.
        journal: where the finished runs were kept; removed once the study is written beside it.
    """

    manifest: Manifest
    table: pd.DataFrame
    inside: pd.DataFrame
    journal: Path | None = None

    @property
    def recommended(self) -> int | None:
        """The shortest warm-up that is long enough, weeks; None if none is."""
        found = self.manifest.study["recommended_weeks"]
        return None if found is None else int(found)

    @property
    def steady(self) -> bool:
        """Whether nothing speaks against a steady state."""
        return bool(self.manifest.study["steady"])

    @property
    def sentences(self) -> list[str]:
        """What came of it, in words."""
        return [str(text) for text in self.manifest.study["said"]]

    def write(
        self, folder: str | Path, *, force: bool = False, figures: bool | Painters = True
    ) -> list[Path]:
        """Write the result folder; see `portsim.experiment.writing.write_folder`."""
        files = to_files(self.table, self.inside)
        return write_folder(
            folder,
            self.manifest,
            partial(write_files, files=files, manifest=self.manifest),
            journal=self.journal,
            force=force,
            draw=figures,
        )


def identity(port: Variants, most: int, replications: int | None, seed: int | None) -> str:
    """The fingerprint of all that a warm-up study is made of."""
    *_, print_ = inputs([port.base], None, replications, seed)
    said = {"kind": KIND, "runs": print_, "most": most}
    return digest(said)


def warm_up(port: Variants, most: int = MOST, **options: Any) -> WarmUp:
    """Find the shortest warm-up that is long enough.

    Args:
        port: the file or stack.
        most: the longest warm-up that is tried, weeks.
        options: see `portsim.experiment.conduct.Options`. With the default audit, SimPy looks over
            the scenario with its own warm-up.

    The scenario's own warm-up is held against one of four weeks more, then 0, 1, 2, 4, 8 … weeks
    likewise. A warm-up is long enough if no headline measure (`MEASURES`, and the utilisation of
    each resource) moves by more than a tenth of its half-width, and this is so for every longer
    warm-up that was tried, too. The search ends with the first.

    Raises:
        InputError: an option is wrong, fewer than two replications, or a warm-up that reaches back
            so far that four weeks more are too many.
        PortsimError: a start has no replication that could be run to its end.
    """
    starts = _Starts(port, options)
    most_of_all = (port.base.period.from_ - dt.date(port.base.period.from_.year - 1, 1, 1)).days
    possible = most_of_all // 7 - LONGER
    own = starts.own
    if own > possible:
        raise InputError(
            f"{port.base.name} has a warm-up of {weeks_text(own)}; with {LONGER} more it would "
            "begin before the year before the period, from which on trucks are drawn\n"
            f"    hint: try a copy with a warm_up of {possible} weeks or less"
        )
    tried = sorted({own, *(w for w in _TRIED if w <= min(most, possible))})
    print_ = identity(port, most, options.get("replications"), options.get("seed"))
    starts.run([own, own + LONGER])
    judged = {own: moved(starts.values, own, own + LONGER)}
    recommended = None
    for weeks in tried:
        starts.run([w for w in (weeks, weeks + LONGER) if w not in starts.values])
        judged[weeks] = moved(starts.values, weeks, weeks + LONGER)
        if all(passes(rows) for w, rows in judged.items() if w >= weeks):
            recommended = weeks
            break
    longest = max(starts.values)
    said = Said(port.base, own, tried[-1], recommended, judged)
    note = starts.notes[longest]
    rising = keeps_moving(starts.values)
    unsteady = said.steady(note, rising and recommended is None)
    why_not = moves(port.base)
    cut = None if why_not else mser5(starts.curve(longest))
    manifest = replace(
        starts.manifest,
        scenarios=(replace(starts.manifest.scenarios[0], note=note),),
        fingerprint=print_,
        kind=KIND,
        study={
            "own_weeks": own,
            "most_weeks": most,
            "starts_weeks": sorted(starts.values),
            "recommended_weeks": recommended,
            "own_passes": passes(judged[own]),
            "steady": not unsteady,
            "stationary": not why_not,
            "mser5_hours": cut,
            "no_steady_state": " ".join(unsteady),
            "said": [
                *said.found(),
                *unsteady,
                said.mser5(why_not, cut),
            ],
        },
    )
    rows = [row for weeks in sorted(judged) for row in judged[weeks]]
    return WarmUp(manifest, pd.DataFrame(rows)[list(TABLE)], starts.inside(), starts.journal)


class _Starts:
    """A scenario from several starts, run when they are asked for, all with the same trucks."""

    def __init__(self, port: Variants, options: Mapping[str, Any]) -> None:
        self._port = port
        self._options = {key: value for key, value in options.items() if value is not None}
        base = port.base
        self.many = self._options.setdefault("replications", base.replications)
        self._options.setdefault("seed", base.seed)
        if self.many < 2:
            raise InputError(
                "one replication has no half-width to hold a movement against; use "
                "--replications 2 or more"
            )
        self._progress = self._options.pop("on_progress", lambda done, total: None)
        self._runs = 0
        self.own = round(base.period.warm_up / _WEEK_S)
        self.values: dict[int, dict[tuple[str, str], Reals]] = {}
        self.notes: dict[int, str] = {}
        self._curves: dict[int, pd.DataFrame] = {}
        self._manifest: Manifest | None = None
        self.journal: Path | None = None

    @property
    def manifest(self) -> Manifest:
        """Of the first round, with the audit and the failures of all."""
        assert self._manifest is not None
        return self._manifest

    def run(self, weeks: Sequence[int]) -> None:
        if not weeks:
            return
        scenarios = {self._name(w): self._at(w) for w in weeks}
        before = self._runs

        def on_progress(done: int, total: int) -> None:
            self._runs = before + total
            self._progress(before + done, before + total)

        study = experiment.many(
            list(scenarios.values()),
            **self._options,
            counterfactuals=False,
            curves=False,
            from_empty=True,
            measures=frozenset({*MEASURES, _AT_RESOURCES, AT_START}),
            audited=frozenset({self._name(self.own)}),
            in_rounds=True,
            on_progress=on_progress,
        )
        for w, entry in zip(weeks, study.manifest.scenarios, strict=True):
            self.notes[w] = entry.note
            self.values[w] = _values(study.replications, self._name(w), self.many)
            mine = study.curves[study.curves["scenario"].eq(self._name(w))]
            self._curves[w] = mine[["x", "mean", "q05", "q95"]]
        self._tell(study.manifest)
        self.journal = study.journal

    def curve(self, weeks: int) -> Reals:
        """Mean number inside, hour by hour from an empty port on."""
        return self._curves[weeks]["mean"].to_numpy(np.float64)

    def inside(self) -> pd.DataFrame:
        """The curves of all starts up to eight weeks into the period."""
        parts = [
            curve[curve["x"] < _SHOWN_H].rename(columns={"x": "hour"}).assign(warm_up_weeks=w)
            for w, curve in sorted(self._curves.items())
        ]
        table = pd.concat(parts, ignore_index=True)
        return table[["warm_up_weeks", "hour", "mean", "q05", "q95"]]

    def _name(self, weeks: int) -> str:
        name = self._port.base.name
        return name if weeks == self.own else f"{name[:180]};warm_up={weeks}w"

    def _at(self, weeks: int) -> Scenario:
        if weeks == self.own:
            return self._port.base
        return self._port.at({"period.warm_up": f"{weeks} weeks"}, name=self._name(weeks))

    def _tell(self, new: Manifest) -> None:
        old = self._manifest
        if old is None:
            self._manifest = new
            return
        audit = replace(old.audit, visits=old.audit.visits + new.audit.visits)
        run = replace(
            new.run,
            started=old.run.started,
            seconds=round(old.run.seconds + new.run.seconds, 1),
            workers=max(old.run.workers, new.run.workers),
        )
        failures = (*old.failures, *new.failures)
        self._manifest = replace(old, audit=audit, failures=failures, run=run)


def _values(rows: pd.DataFrame, name: str, many: int) -> dict[tuple[str, str], Reals]:
    """The judged measures of a scenario, and the stock at its start, by replication."""
    rows = rows[rows["scenario"].eq(name) & rows["class"].eq("all")]
    of_port = rows["place"].eq("") & rows["measure"].isin([*MEASURES, AT_START])
    rows = rows[of_port | rows["measure"].eq(_AT_RESOURCES)]
    found: dict[tuple[str, str], Reals] = {}
    for (place, measure), mine in rows.groupby(["place", "measure"], observed=True, sort=False):
        values = np.full(many, np.nan)
        values[mine["replication"].to_numpy(np.int64) - 1] = mine["value"].to_numpy(np.float64)
        found[str(place), str(measure)] = values
    return found
