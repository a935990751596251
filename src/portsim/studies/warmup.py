"""The warm-up that is long enough: the same trucks from earlier and earlier starts.

A port with a calendar has no stationary curve to look at; so the whole study is begun four weeks
earlier, and what matters is whether its figures notice. How the starts are drawn may not enter.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.checking import Spec
from portsim.errors import InputError
from portsim.experiment.comparable import check_and_fingerprint
from portsim.experiment.execution import Execution, Progress, Say, logged
from portsim.experiment.runner import Keep, Runner
from portsim.experiment.study import Study
from portsim.results import Record, ScenarioEntry, digest
from portsim.results.warmup import weeks_text
from portsim.scenario.model import Scenario
from portsim.statistics.truncation import mser5
from portsim.studies.stationary import follows_the_clock
from portsim.studies.varied import Variants
from portsim.studies.warm_up_rule import (
    AT_START,
    keeps_moving,
    passes,
    shift_when_longer,
)

__all__ = ["LONGER", "MEASURES", "MOST", "WarmUp", "ask", "warm_up"]

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
    """A warm-up study that could begin; see `portsim.experiment.design.Design`.

    Attributes:
        port: the scenario.
        most: the longest warm-up that is tried, weeks.
        tried: the warm-ups that may be tried, weeks.
        replications: of each start.
        seed: root seed.
        fingerprint: of all that the outcome depends on.
    """

    port: Variants
    most: int
    tried: tuple[int, ...]
    replications: int
    seed: int
    fingerprint: str

    @property
    def policies(self) -> Sequence[Scenario]:
        """The scenario, with its own warm-up."""
        return [self.port.base]

    def conduct(self, how: Execution) -> Study:
        """Find the shortest warm-up that is long enough.

        The scenario's own warm-up is held against one of four weeks more, then 0, 1, 2, 4, 8 …
        weeks likewise. A warm-up is long enough if no headline measure (`MEASURES`, and the
        utilisation of each resource) moves by more than a tenth of its half-width, and this is so
        for every longer warm-up that was tried, too. The search ends with the first. With the
        default audit, SimPy looks over the scenario with its own warm-up.
        """
        base = self.port.base
        keep = Keep(
            counterfactuals=False,
            curves=False,
            from_empty=True,
            measures=frozenset({*MEASURES, _AT_RESOURCES, AT_START}),
        )
        with Runner(how, self.seed, keep, audited=[base.name]) as runner:
            starts = _Starts(runner, self.port, self.replications)
            own = starts.own
            starts.run([own, own + LONGER])
            judged = {own: shift_when_longer(starts.values, own, own + LONGER)}
            recommended = None
            for weeks in self.tried:
                starts.run([w for w in (weeks, weeks + LONGER) if w not in starts.values])
                judged[weeks] = shift_when_longer(starts.values, weeks, weeks + LONGER)
                if all(passes(rows) for w, rows in judged.items() if w >= weeks):
                    recommended = weeks
                    break
            manifest = runner.manifest(
                [replace(starts.entry, overload=starts.overloads[max(starts.values)])],
                self.replications,
                self.fingerprint,
                kind=KIND,
                study=self._facts(starts, judged, recommended),
            )
            rows = [row for weeks in sorted(judged) for row in judged[weeks]]
            tables = {"movements": pd.DataFrame(rows), "inside": starts.inside()}
            return Study(Record(manifest, tables), runner.journal.path)

    def _facts(
        self, starts: "_Starts", judged: dict[int, list[dict[str, Any]]], recommended: int | None
    ) -> dict[str, Any]:
        longest = max(starts.values)
        rising = recommended is None and keeps_moving(starts.values)
        clock = follows_the_clock(self.port.base)
        return {
            "own_weeks": starts.own,
            "most_weeks": self.most,
            "starts_weeks": sorted(starts.values),
            "recommended_weeks": recommended,
            "own_passes": passes(judged[starts.own]),
            "steady": not (starts.overloads[longest] or rising),
            "stationary": not clock,
            "clock": clock,
            "mser5_hours": None if clock else mser5(starts.curve(longest)),
        }


def ask(
    scenario: Spec,
    *,
    most: int = MOST,
    replications: int | None = None,
    seed: int | None = None,
) -> WarmUp:
    """Put a warm-up study together and check it before anything is run.

    Args:
        scenario: what is studied.
        most: the longest warm-up that is tried, weeks.
        replications: of each start; the scenario's number if None.
        seed: root seed; the scenario's if None.

    Raises:
        ScenarioError: the file is at fault.
        InputError: fewer than two replications, or a warm-up that reaches back so far that four
            weeks more are too many.
    """
    port = Variants(scenario)
    base, own = port.base, _weeks(port.base)
    repeated, root, print_ = check_and_fingerprint([base], None, replications, seed)
    if repeated < 2:
        raise InputError(
            "one replication has no half-width to hold a movement against; use --replications 2 "
            "or more"
        )
    most_of_all = (base.period.first_day - dt.date(base.period.first_day.year - 1, 1, 1)).days
    possible = most_of_all // 7 - LONGER
    if own > possible:
        raise InputError(
            f"{base.name} has a warm-up of {weeks_text(own)}; with {LONGER} more it would "
            "begin before the year before the period, from which on trucks are drawn\n"
            f"    hint: try a copy with a warm_up of {possible} weeks or less"
        )
    tried = sorted({own, *(w for w in _TRIED if w <= min(most, possible))})
    fingerprint = digest({"kind": KIND, "runs": print_, "most": most})
    return WarmUp(port, most, tuple(tried), repeated, root, fingerprint)


def warm_up(
    scenario: Spec,
    *,
    most: int = MOST,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "compiled",
    jobs: int | None = None,
    executor: Executor | None = None,
    audit: str = "default",
    journal: str | Path | None = None,
    on_progress: Progress | None = None,
    say: Say = logged,
) -> Study:
    """Find the shortest warm-up that is long enough.

    Args:
        scenario: a scenario, or its file.
        most: the longest warm-up that is tried, weeks.
        replications: of each start; the scenario's number if None.
        seed: root seed; the scenario's if None.
        engine: as of `portsim.run`.
        jobs: as of `portsim.run`.
        executor: as of `portsim.run`.
        audit: as of `portsim.run`; by default of the scenario with its own warm-up.
        journal: as of `portsim.run`.
        on_progress: as of `portsim.run`.
        say: as of `portsim.run`.

    Returns:
        A study; `recommended` is the warm-up found, `sentences` say what came of it.

    Raises:
        ScenarioError: the file is at fault.
        InputError: as `ask`, or another process writes to the journal.
        AuditError: the engines disagree.
        PortsimError: a start has no replication that could be run to its end.
    """
    return ask(scenario, most=most, replications=replications, seed=seed).conduct(
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


class _Starts:
    """A scenario from several starts, run when they are asked for, all with the same trucks."""

    def __init__(self, runner: Runner, port: Variants, replications: int) -> None:
        self._runner, self._port, self._replications = runner, port, replications
        self.own = _weeks(port.base)
        self.values: dict[int, dict[tuple[str, str], Reals]] = {}
        self.overloads: dict[int, Mapping[str, Any]] = {}
        self._curves: dict[int, pd.DataFrame] = {}
        self._entry: ScenarioEntry | None = None

    @property
    def entry(self) -> ScenarioEntry:
        """What the manifest says of the scenario with its own warm-up."""
        assert self._entry is not None
        return self._entry

    def run(self, weeks: Sequence[int]) -> None:
        if not weeks:
            return
        batch = self._runner.run([self._at(w) for w in weeks], self._replications)
        entries = dict(zip(weeks, batch.entries({}), strict=True))
        self._entry = entries.get(self.own, self._entry)
        figures, curves = batch.values(), batch.curves
        for w in weeks:
            self.overloads[w] = entries[w].overload
            self.values[w] = _judged(figures[self._name(w)])
            curve = curves[curves["scenario"].eq(self._name(w))]
            self._curves[w] = curve[["x", "mean", "q05", "q95"]]

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


def _weeks(scenario: Scenario) -> int:
    return round(scenario.period.warm_up / _WEEK_S)


def _judged(values: Mapping[tuple[str, str], Reals]) -> dict[tuple[str, str], Reals]:
    """The judged measures of a scenario, and the stock at its start, by replication."""
    return {
        (place, measure): figures
        for (place, measure), figures in values.items()
        if measure == _AT_RESOURCES or (not place and measure in (*MEASURES, AT_START))
    }
