"""A scenario held against a log as a study, with the result folder of one.

What is measured and judged is not decided here.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from portsim.checking import Spec, read_in
from portsim.experiment.describe import entry
from portsim.experiment.study import Study
from portsim.gatelog import GateLog, read_log
from portsim.held.against import FEWEST, Held, held_against
from portsim.results import Manifest, Record, Stopwatch, digest, versions
from portsim.scenario.identity import identity
from portsim.scenario.model import Scenario

__all__ = ["KIND", "check", "fingerprint_of", "study_of"]

KIND = "check"
REPLICATIONS = 2 * FEWEST
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Progress that nobody sees."""


def check(
    scenario: Spec,
    log: GateLog | str | Path,
    *,
    period: tuple[dt.date, dt.date] | None = None,
    replications: int = REPLICATIONS,
    seed: int | None = None,
    on_progress: Progress = _silent,
) -> Study:
    """Hold a scenario against a gate log.

    Args:
        scenario: a scenario, or its file.
        log: of the real port, or its file, see `portsim.gatelog.read_log`.
        period: first and last date of the log that are looked at; see
            `portsim.held.held_against`, as for what follows.
        replications: simulated periods, 10 or more.
        seed: root seed; the scenario's if None.
        on_progress: told how many runs of how many are done.

    Returns:
        A study: `Study.table` holds log and simulation side by side, `Study.sentences` the verdict
        and `Study.record.tables` the distances as well; `Study.write` writes all of it.

    Raises:
        ScenarioError: a file is at fault.
        InputError: log and scenario have nothing in common, see `portsim.held.held_against`.
        StuckError: trucks ended in a circular wait.
    """
    (port,) = read_in(scenario)
    records = read_log(log) if isinstance(log, str | Path) else log
    stopwatch = Stopwatch()
    held = held_against(
        port,
        records,
        period=period,
        replications=replications,
        seed=seed,
        on_progress=on_progress,
    )
    print_ = fingerprint_of(port, records, replications, held.seed, period)
    return study_of(held, print_, stopwatch)


def fingerprint_of(
    scenario: Scenario,
    log: GateLog,
    replications: int,
    seed: int,
    period: tuple[dt.date, dt.date] | None = None,
) -> str:
    """Of all that the outcome depends on: SHA-256 in hex."""
    return digest(
        {
            "kind": KIND,
            "scenario": identity(scenario),
            "log": log.sums,
            "replications": replications,
            "seed": seed,
            "period": None if period is None else [each.isoformat() for each in period],
        }
    )


def study_of(held: Held, fingerprint: str, stopwatch: Stopwatch) -> Study:
    """The study that tells what came of it.

    Args:
        held: what came of it.
        fingerprint: see `fingerprint_of`.
        stopwatch: begun before the runs.
    """
    manifest = Manifest(
        scenarios=(entry(held.scenario, (), replications=held.replications),),
        baseline=None,
        seed=held.seed,
        replications=held.replications,
        engine="compiled",
        versions=versions(),
        fingerprint=fingerprint,
        run=stopwatch.run(1),
        kind=KIND,
        study=dict(held.facts),
    )
    tables = {"check": held.table, "distances": held.distances, "curves": held.curves}
    return Study(Record(manifest, tables))
