"""How good forecasts were: a log's past replayed, at each origin with only what was known then.

Scores are worked out elsewhere; what comes of one port at one minute is asked of the other corners.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from portsim.arrays import Ints, Reals
from portsim.checking import Spec, read_in
from portsim.demand import uniforms
from portsim.errors import InputError
from portsim.experiment.describe import entry
from portsim.experiment.study import Study
from portsim.forecasting.beginning import ends_twice, local_minute, second_of
from portsim.forecasting.counts import QUARTER_S
from portsim.forecasting.earlier import KIND
from portsim.forecasting.futures import run_futures
from portsim.forecasting.known import known_of
from portsim.forecasting.origins import KeptOrigins, Origin
from portsim.forecasting.seen_in_log import Present, present
from portsim.gatelog import GateLog, read_log
from portsim.results import Manifest, Record, Stopwatch, digest, versions
from portsim.scenario.identity import identity
from portsim.scenario.model import Scenario
from portsim.statistics.baselines import fluid, last_value, weekly_profile
from portsim.statistics.scores import below, crps, pinball, within

__all__ = ["fingerprint_of", "score_forecasts"]


_HORIZONS_H = (1, 2, 4, 8, 12, 24)
_INSIDE = 1
"""Row of the counts of a future: who is inside."""
_WEEK = 7 * 86_400 // QUARTER_S
_FIRST_S = 14 * 86_400
"""So much of the log is known at the first origin."""
_LEVELS = (0.1, 0.5, 0.9)
_BANDS = (0.5, 0.8, 0.95)
_CUTS = np.linspace(0.05, 0.95, 19)
_OTHERS = ("weekly_profile", "last_value", "fluid")


def score_forecasts(
    scenario: Spec,
    log: GateLog | str | Path,
    *,
    origins: int = 200,
    hours: float = 24.0,
    futures: int = 100,
    seed: int | None = None,
    jobs: int = 1,
    journal: str | Path | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Study:
    """Replay the past of a log, and say how often the bands were right and how near they were.

    Origins are spread over the log from its third week on, at all times of the day. What is
    forecast is the number of trucks inside the port, and at each stage that the log stamps.

    Args:
        scenario: the port, or its file.
        log: its records, or their file; at each origin nothing later is looked at.
        origins: how many forecasts.
        hours: how far they look ahead, 1 or more.
        futures: of each forecast.
        seed: root seed; the scenario's if None.
        jobs: futures run side by side.
        journal: a folder that keeps finished forecasts: the same call goes on from them.
        on_progress: told how many origins of how many are done.

    Returns:
        A study: `Study.table` has a row a stage (empty: the whole port) and horizon: ``stage``,
        ``horizon_h``, ``n``; shares ``coverage_50``, ``coverage_80``, ``coverage_95`` of what was
        seen that lies in the band, of counts as `portsim.statistics.scores.within` takes them;
        ``crps`` and ``pinball`` (mean of the levels 0.1, 0.5, 0.9) in trucks;
        ``crps_weekly_profile``, ``crps_last_value``, ``crps_fluid`` of forecasts without a model;
        ``skill``: 1 − crps / the least of these. Its table ``calibration`` has the ``share`` of
        what was seen that lay below the quantile of each ``level``.

    Raises:
        InputError: the log is too short, or as `portsim.forecast`.
    """
    (port,) = read_in(scenario)
    if isinstance(log, str | Path):
        log = read_log(log, timezone=port.timezone)
    if hours < _HORIZONS_H[0]:
        raise InputError(f"hours: found {hours:g}; expected 1 or more to be scored")
    stopwatch = Stopwatch()
    root = port.seed if seed is None else seed
    horizons = np.array([h for h in _HORIZONS_H if h <= hours], dtype=np.int64)
    there = present(log, port)
    steps = horizons * 3600 // QUARTER_S
    starts = _origins(there, int(steps[-1]), origins, root)
    # Of hours that the clock shows twice it cannot be said which is meant.
    ahead = float(horizons[-1])
    starts = np.array([at for at in starts.tolist() if _told(port, there, at, ahead)], np.int64)
    fingerprint = fingerprint_of(port, log, origins, hours, futures, root)
    kept = KeptOrigins(None if journal is None else Path(journal), fingerprint)
    replayed = []
    for number, start in enumerate(starts.tolist(), 1):
        origin = kept.get(start)
        if origin is None:
            origin = _forecast(port, log, there, start, steps, futures, root, jobs)
            kept.add(start, origin)
        replayed.append(origin)
        on_progress(number, len(starts))
    scores, calibration = _tables(replayed, there.stages, horizons)
    manifest = Manifest(
        scenarios=(entry(port, (), replications=futures),),
        baseline=None,
        seed=root,
        replications=futures,
        engine="compiled",
        versions=versions(),
        fingerprint=fingerprint,
        run=stopwatch.run(jobs),
        kind=KIND,
        study={
            "origins": len(starts),
            "futures": futures,
            "hours": hours,
            "scenario": identity(port),
            "stage_labels": {
                name: stage.label.or_name(name) for name, stage in port.stages.items()
            },
        },
    )
    return Study(Record(manifest, {"scores": scores, "calibration": calibration}))


def fingerprint_of(
    port: Scenario, log: GateLog, origins: int, hours: float, futures: int, seed: int
) -> str:
    """Of all that the scores depend on: SHA-256 in hex."""
    return digest(
        {
            "kind": KIND,
            "scenario": identity(port),
            "log": log.sums,
            "origins": origins,
            "hours": hours,
            "futures": futures,
            "seed": seed,
        }
    )


def _origins(there: Present, ahead: int, count: int, seed: int) -> Ints:
    """Steps of the log at which forecasts begin, rising and each once."""
    first, beyond = _FIRST_S // QUARTER_S, there.inside.shape[1] - ahead
    if beyond <= first:
        raise InputError(
            "the log is too short to be scored: expected two weeks before the first forecast and "
            "the hours after the last"
        )
    luck = uniforms(seed, 1, "forecast", "origin", count)
    at = first + (np.arange(count) + luck) / count * (beyond - first)
    return np.unique(at.astype(np.int64))


def _forecast(
    port: Scenario,
    log: GateLog,
    there: Present,
    start: int,
    steps: Ints,
    futures: int,
    seed: int,
    jobs: int,
) -> Origin:
    minute = local_minute(port, there.begin + start * QUARTER_S)
    hours = float(steps[-1]) * QUARTER_S / 3600.0
    known = known_of([port], minute, log=log, hours=hours)
    seen = run_futures(known.policies[0], seed + start, futures, known.level, jobs, _nobody_asks)
    rows = [0, *(1 + list(port.stages).index(stage) for stage in there.stages[1:])]
    members: list[Reals] = []
    others: dict[str, list[Reals]] = {name: [] for name in _OTHERS}
    for number, row in enumerate(rows):
        past = there.inside[number, : start + 1]
        members.append(seen.table[:, _INSIDE, row, :][:, steps].T.astype(np.float64))
        others["weekly_profile"].append(weekly_profile(past, _WEEK, steps))
        others["last_value"].append(last_value(past, _WEEK, steps))
        others["fluid"].append(_fluid(there, number, start, steps))
    return Origin(members, others, there.inside[:, start + steps])


def _told(port: Scenario, there: Present, start: int, hours: float) -> bool:
    """Whether the clock of the port names beginning and end of a forecast."""
    second = there.begin + start * QUARTER_S
    minute = local_minute(port, second)
    return second_of(port, minute) == second and not ends_twice(port, minute, hours)


def _nobody_asks(count: int) -> None:
    """Progress goes by origins."""


def _fluid(there: Present, number: int, start: int, steps: Ints) -> Reals:
    """The fluid model: usual arrivals, and the most that ever left in that hour of the week."""
    ahead = np.arange(1, int(steps[-1]) + 1)
    came = weekly_profile(there.came[number, : start + 1], _WEEK, ahead).mean(axis=1)
    left = weekly_profile(there.left_an_hour[number, : start + 1], _WEEK, ahead).max(axis=1)
    length = fluid(float(there.inside[number, start]), came, left)
    return length[steps - 1][:, None]


def _tables(
    replayed: Sequence[Origin], stages: Sequence[str], horizons: Ints
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of scores.csv and of calibration.csv."""
    scores, calibration = [], []
    for number, stage in enumerate(stages):
        for place, horizon in enumerate(horizons.tolist()):
            where = {"stage": stage, "horizon_h": horizon}
            seen = np.array([origin.seen[number, place] for origin in replayed])
            members = np.stack([origin.members[number][place] for origin in replayed])
            others = {
                name: [origin.others[name][number][place] for origin in replayed]
                for name in _OTHERS
            }
            scores.append({**where, **_row(members, others, seen)})
            shares = below(members, seen, _CUTS).tolist()
            calibration += [
                {**where, "level": level, "share": share}
                for level, share in zip(_CUTS.round(2).tolist(), shares, strict=True)
            ]
    return pd.DataFrame(scores), pd.DataFrame(calibration)


def _row(members: Reals, others: Mapping[str, list[Reals]], seen: Reals) -> dict[str, float]:
    """Scores of the futures of k origins at one place, float64[k, f], and of the others' there."""
    losses = [pinball(np.quantile(members, level, axis=1), level, seen).mean() for level in _LEVELS]
    mean_of = {
        f"crps_{name}": float(
            np.nanmean([crps(m[None, :], s[None])[0] for m, s in zip(each, seen, strict=True)])
        )
        for name, each in others.items()
    }
    own, best = float(np.nanmean(crps(members, seen))), min(mean_of.values())
    return {
        "n": len(seen),
        **{f"coverage_{100 * band:.0f}": within(members, band, seen) for band in _BANDS},
        "crps": own,
        "pinball": float(np.mean(losses)),
        **mean_of,
        "skill": 1.0 - own / best if best > 0 else np.nan,
    }
