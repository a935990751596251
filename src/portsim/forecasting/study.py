"""A forecast as a study, with the result folder of one.

Who is inside, and how trucks come, is read elsewhere; here it is put together, run and told.
"""

import datetime as dt
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from portsim.arrays import Ints
from portsim.checking import Spec, read_in
from portsim.experiment.describe import entry
from portsim.experiment.study import Study
from portsim.forecasting.announced import asked_by_name
from portsim.forecasting.closing import closed_spans, closing_of
from portsim.forecasting.facts import facts_of
from portsim.forecasting.futures import Level, Seen, run_futures
from portsim.forecasting.known import HOURS, KIND, Known, known_of
from portsim.forecasting.probes import Asked, asked_of, sent_more
from portsim.forecasting.savings import saved_table
from portsim.forecasting.tables import forecast_table, instants, truck_table
from portsim.gatelog import GateLog, read_log
from portsim.results import Manifest, Record, Stopwatch, versions

__all__ = ["FUTURES", "forecast", "forecast_of"]

FUTURES = 200
_FEWEST_SENT = 10
"""So many futures at least are asked about an hour in which nobody would come."""
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Progress that nobody sees."""


def forecast(
    scenario: Spec,
    at: str | dt.datetime | None = None,
    *,
    state: str | Path | None = None,
    log: GateLog | str | Path | None = None,
    hours: float = HOURS,
    policies: Sequence[Spec] = (),
    arrivals: str | None = None,
    announced: str | Path | None = None,
    scores: str | Path | None = None,
    futures: int = FUTURES,
    seed: int | None = None,
    jobs: int | None = None,
    on_progress: Progress = _silent,
) -> Study:
    """Say what becomes of a port in the coming hours, and of each truck now inside.

    Args:
        scenario: the port as it is, or its file.
        at: the minute at which the forecast begins, local time of the port; that of the scenario's
            period if None.
        state: file of the trucks inside then, with the columns of `inside.trucks`; if None they
            are those that the log shows, or else that the scenario names under ``inside``.
        log: the port's own records, or their file, see `portsim.gatelog.read_log`; nothing of it
            is looked at that was stamped at `at` or later.
        hours: how long it looks ahead, 0.25 to 744.
        policies: other scenarios that meet the same trucks with the same luck.
        arrivals: ``scenario``, as that says; ``recent``, as in the recent days of the log. None
            takes the latter where the log has 14 whole days before. With a log the level of today
            is updated by what came today.
        announced: CSV, xlsx or parquet with truck, class and arrival of trucks that will come; of
            their classes no others come.
        scores: result folder of `portsim.score_forecasts`: what it says of earlier forecasts of
            this port is told with this one.
        futures: how many futures are run.
        seed: root seed; the scenario's if None.
        jobs: runs side by side; as many as there are cores if None.
        on_progress: told how many futures of how many are done.

    Returns:
        A study: `Study.table` has waiting, inside and released by quarter of an hour and stage,
        `Study.record.tables` the trucks as well; `Study.sentences` begins with how long the queue
        is at closing, when the last of those inside is out, and what is about to go wrong.

    Raises:
        InputError: the minute, the hours or the state cannot be.
        ScenarioError: a file is at fault, each fault with its line.
        StuckError: trucks ended in a circular wait.
    """
    scenarios = read_in(scenario, *policies)
    if isinstance(log, str | Path):
        log = read_log(log, timezone=scenarios[0].timezone)
    known = known_of(
        scenarios,
        at,
        state=state,
        log=log,
        hours=hours,
        arrivals=arrivals,
        announced=announced,
        scores=scores,
    )
    return forecast_of(known, futures=futures, seed=seed, jobs=jobs, on_progress=on_progress)


def forecast_of(
    known: Known,
    *,
    futures: int = FUTURES,
    seed: int | None = None,
    jobs: int | None = None,
    on_progress: Progress = _silent,
) -> Study:
    """The forecast of what is known; see `forecast`."""
    stopwatch = Stopwatch()
    workers = jobs or os.cpu_count() or 1
    root = known.policies[0].seed if seed is None else seed
    total, done = futures * len(known.policies), 0

    def on_done(count: int) -> None:
        nonlocal done
        done += count
        on_progress(done, total)

    seen = [
        run_futures(policy, root, futures, known.level, workers, on_done)
        for policy in known.policies
    ]
    tables, study = _told(known, seen, root)
    manifest = Manifest(
        scenarios=tuple(entry(policy, (), replications=futures) for policy in known.policies),
        baseline=known.policies[0].name if len(seen) > 1 else None,
        seed=root,
        replications=futures,
        engine="compiled",
        versions=versions(),
        fingerprint=known.fingerprint(futures, root),
        run=stopwatch.run(workers),
        kind=KIND,
        study=study,
    )
    return Study(Record(manifest, tables))


def _told(
    known: Known, seen: Sequence[Seen], seed: int
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """The tables of a forecast, and what the manifest says of it."""
    first, *others = seen
    closings = [closing_of(policy.timetable) for policy in seen]
    trucks = []
    for policy, closing in zip(seen, closings, strict=True):
        listed = [] if known.announced is None else asked_by_name(policy, known.announced)
        asked = asked_of(policy, partial(_send, policy, known.level, seed))
        trucks.append(truck_table(policy, [*listed, *asked], closing))
    tables = {
        "forecast": pd.concat([forecast_table(policy) for policy in seen], ignore_index=True),
        "trucks": pd.concat(trucks, ignore_index=True),
    }
    if known.earlier is not None:
        tables.update(known.earlier.tables)
    saved = [saved_table(first, other) for other in others]
    if saved:
        tables["saved"] = pd.concat(saved, ignore_index=True)
    scenario, timezone = first.scenario, first.scenario.timezone
    classes = scenario.traffic.classes.items()
    inside = scenario.origin.inside
    return tables, {
        "at": instants(np.array([first.timetable.run.start]), timezone)[0],
        "hours": known.hours,
        "futures": len(first.outs),
        "timezone": timezone,
        "limit_h": scenario.completion.limit / 3600.0,
        "arrivals": known.arrivals,
        "assumed": 0 if inside is None else int(inside.assumed.sum()),
        "forgotten": known.forgotten,
        "unsure": known.unsure,
        "stage_labels": {
            name: stage.label.or_name(name) for name, stage in scenario.stages.items()
        },
        "class_labels": {name: cls.label.or_name(name) for name, cls in classes},
        "policies": [
            {
                "name": policy.scenario.name,
                "closed": [
                    instants(np.array(span), timezone) for span in closed_spans(policy.timetable)
                ],
                **facts_of(policy, closing),
            }
            for policy, closing in zip(seen, closings, strict=True)
        ],
        # Where nobody is inside nobody saves anything, and nothing is said.
        "saved": [_saving(table) for table in saved if len(table)],
        "scored": {} if known.earlier is None else known.earlier.facts,
    }


def _send(seen: Seen, level: Level | None, seed: int, name: str, seconds: Ints) -> list[Asked]:
    """One truck more at each second, in as many futures as there is time for."""
    futures = len(seen.outs)
    count = min(futures, max(_FEWEST_SENT, futures // 24))
    return sent_more(seen.scenario, name, seconds, seed, count, level)


def _saving(table: pd.DataFrame) -> dict[str, Any]:
    """What a policy saves, for its sentence."""
    all_, classes = table.iloc[0], table.iloc[1:]
    most: dict[str, Any] = {}
    if len(classes) > 1:
        best = classes.iloc[int(classes["saved_mean_h"].to_numpy().argmax())]
        most = {"class": str(best["class"]), "hours": float(best["saved_mean_h"])}
    return {
        "policy": str(all_["policy"]),
        "hours": float(all_["saved_mean_h"]),
        "earlier": float(all_["earlier"]),
        "later": float(all_["later"]),
        "most": most,
    }
