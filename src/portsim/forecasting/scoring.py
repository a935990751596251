"""How good forecasts were: a log's past replayed, at each origin with only what was known then.

Scores are worked out elsewhere; what comes of one port at one minute is asked of the other corners.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from portsim.arrays import Ints, Reals
from portsim.checking import Spec, read_in
from portsim.demand import uniforms
from portsim.errors import InputError
from portsim.forecasting.beginning import ends_twice, local_minute, second_of
from portsim.forecasting.counts import QUARTER_S
from portsim.forecasting.futures import run_futures
from portsim.forecasting.known import known_of
from portsim.forecasting.seen_in_log import Present, present
from portsim.gatelog import GateLog
from portsim.results.tables import Schema
from portsim.scenario.model import Scenario
from portsim.statistics.baselines import fluid, last_value, weekly_profile
from portsim.statistics.scores import crps, pinball, within

__all__ = ["SCORES", "score"]

_HORIZONS_H = (1, 2, 4, 8, 12, 24)
_INSIDE = 1
"""Row of the counts of a future: who is inside."""
_WEEK = 7 * 86_400 // QUARTER_S
_FIRST_S = 14 * 86_400
"""So much of the log is known at the first origin."""
_LEVELS = (0.1, 0.5, 0.9)
_BANDS = (0.5, 0.8, 0.95)
SCORES: Schema = {
    "stage": "text",
    "horizon_h": "integer",
    "n": "integer",
    **dict.fromkeys(
        (
            *("coverage_50", "coverage_80", "coverage_95", "crps", "pinball"),
            *("crps_weekly_profile", "crps_last_value", "crps_fluid", "skill"),
        ),
        "number",
    ),
}
"""Columns of scores.csv, see `score`."""
_FORECASTS = ("portsim", "weekly_profile", "last_value", "fluid")


@dataclass(frozen=True, eq=False, slots=True)
class _Origin:
    """One forecast: k stages with the whole port first, h horizons, f futures."""

    members: Mapping[str, list[Reals]]
    """By forecast, for each stage float64[h, m]."""
    seen: Reals
    """float64[k, h]."""


def score(
    scenario: Spec,
    log: GateLog,
    *,
    origins: int = 200,
    hours: float = 24.0,
    futures: int = 100,
    seed: int | None = None,
    jobs: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> pd.DataFrame:
    """Replay the past of a log, and say how often the bands were right and how near they were.

    Origins are spread over the log from its third week on, at all times of the day. What is
    forecast is the number of trucks inside the port, and at each stage that the log stamps.

    Args:
        scenario: the port, or its file.
        log: its records; at each origin nothing later is looked at.
        origins: how many forecasts.
        hours: how far they look ahead, 1 or more.
        futures: of each forecast.
        seed: root seed; the scenario's if None.
        jobs: futures run side by side.
        on_progress: told how many origins of how many are done.

    Returns:
        A row a stage (empty: the whole port) and horizon: ``stage``, ``horizon_h``, ``n``; shares
        ``coverage_50``, ``coverage_80``, ``coverage_95`` of what was seen that lies in the band,
        of counts as `portsim.statistics.scores.within` takes them; ``crps`` and ``pinball`` (mean
        of the levels 0.1, 0.5, 0.9) in trucks; ``crps_weekly_profile``, ``crps_last_value``,
        ``crps_fluid`` of forecasts without a model; ``skill``: 1 − crps / the least of these.

    Raises:
        InputError: the log is too short, or as `portsim.forecast`.
    """
    (port,) = read_in(scenario)
    if hours < _HORIZONS_H[0]:
        raise InputError(f"hours: found {hours:g}; expected 1 or more to be scored")
    root = port.seed if seed is None else seed
    horizons = np.array([h for h in _HORIZONS_H if h <= hours], dtype=np.int64)
    there = present(log, port)
    steps = horizons * 3600 // QUARTER_S
    starts = _origins(there, int(steps[-1]), origins, root)
    found = []
    # Of hours that the clock shows twice it cannot be said which is meant.
    ahead = float(horizons[-1])
    starts = np.array([at for at in starts.tolist() if _told(port, there, at, ahead)], np.int64)
    for number, start in enumerate(starts.tolist(), 1):
        found.append(_forecast(port, log, there, start, steps, futures, root, jobs))
        on_progress(number, len(starts))
    return _table(found, there.stages, horizons)


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
) -> _Origin:
    minute = local_minute(port, there.begin + start * QUARTER_S)
    hours = float(steps[-1]) * QUARTER_S / 3600.0
    known = known_of([port], minute, log=log, hours=hours)
    seen = run_futures(known.policies[0], seed + start, futures, known.level, jobs, _nobody_asks)
    rows = [0, *(1 + list(port.stages).index(stage) for stage in there.stages[1:])]
    members: dict[str, list[Reals]] = {name: [] for name in _FORECASTS}
    for number, row in enumerate(rows):
        past = there.inside[number, : start + 1]
        members["portsim"].append(seen.table[:, _INSIDE, row, :][:, steps].T.astype(np.float64))
        members["weekly_profile"].append(weekly_profile(past, _WEEK, steps))
        members["last_value"].append(last_value(past, _WEEK, steps))
        members["fluid"].append(_fluid(there, number, start, steps))
    return _Origin(members, there.inside[:, start + steps])


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


def _table(found: list[_Origin], stages: tuple[str, ...], horizons: Ints) -> pd.DataFrame:
    rows = []
    for number, stage in enumerate(stages):
        for place, horizon in enumerate(horizons.tolist()):
            seen = np.array([one.seen[number, place] for one in found])
            members = {
                name: [one.members[name][number][place] for one in found] for name in _FORECASTS
            }
            mine = np.stack(members["portsim"])
            losses = [
                pinball(np.quantile(mine, level, axis=1), level, seen).mean() for level in _LEVELS
            ]
            score_of = {
                name: float(np.nanmean([crps(m[None, :], s[None])[0] for m, s in pairs]))
                for name, pairs in (
                    (name, zip(each, seen, strict=True)) for name, each in members.items()
                )
            }
            best = min(score_of[name] for name in _FORECASTS[1:])
            rows.append(
                {
                    "stage": stage,
                    "horizon_h": horizon,
                    "n": len(seen),
                    **{f"coverage_{100 * band:.0f}": within(mine, band, seen) for band in _BANDS},
                    "crps": score_of["portsim"],
                    "pinball": float(np.mean(losses)),
                    **{f"crps_{name}": score_of[name] for name in _FORECASTS[1:]},
                    "skill": 1.0 - score_of["portsim"] / best if best > 0 else np.nan,
                }
            )
    return pd.DataFrame(rows)
