"""The tables of a forecast: many futures become means and quantiles, by quarter and by truck.

Only arrays of what happened come in; sentences and pictures may not.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.calendars import local_seconds, zone
from portsim.forecasting.counts import QUARTER_S
from portsim.forecasting.futures import Seen
from portsim.forecasting.probes import Asked
from portsim.results.forecast import COUNTS, FORECAST, LEVELS, TRUCKS

__all__ = ["forecast_table", "instants", "quantiles", "truck_table"]

_SHORT = 2**15
_OUT = (0.1, 0.5, 0.9)


def quantiles(values: NDArray[Any], levels: Sequence[float]) -> NDArray[Any]:
    """Quantiles of counts over the first axis: counts again, none between two of them.

    In: integers [f, …], probabilities. Out: [levels, …], the smallest count that so many futures do
    not exceed. Hyndman & Fan (1996), The American Statistician 50, 361-365, type 1.
    """
    # Short integers sort several times as fast.
    small = values.astype(np.int16) if values.size and values.max() < _SHORT else values
    rows = np.sort(np.moveaxis(small, 0, -1), axis=-1)
    count = rows.shape[-1]
    at = [min(max(math.ceil(round(level * count, 9)) - 1, 0), count - 1) for level in levels]
    return np.moveaxis(rows[..., at], -1, 0).astype(values.dtype)


def instants(seconds: Reals | Ints, timezone: str) -> list[str]:
    """Local times with their offset, to the second, as ISO 8601; empty for NaN and infinity."""
    values = np.asarray(seconds, dtype=np.float64)
    known = np.isfinite(values)
    whole = np.where(known, np.round(np.where(known, values, 0.0)), 0.0).astype(np.int64)
    shift = local_seconds(whole, zone(timezone)) - whole
    texts = np.datetime_as_string((whole + shift).astype("datetime64[s]"))
    return [
        f"{text}{_offset(int(away))}" if there else ""
        for text, away, there in zip(texts.tolist(), shift.tolist(), known.tolist(), strict=True)
    ]


def _offset(seconds: int) -> str:
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def forecast_table(seen: Seen) -> pd.DataFrame:
    """The rows of one policy in forecast.csv."""
    table, begin = seen.table, seen.timetable.run.start
    stages = ("", *seen.scenario.stages)
    edges = table.shape[-1]
    times = instants(begin + QUARTER_S * np.arange(edges), seen.scenario.timezone)
    levels = quantiles(table, [level for level, _ in LEVELS])
    means = table.mean(axis=0)
    columns: dict[str, object] = {
        "policy": seen.scenario.name,
        "stage": np.repeat(stages, edges),
        "time": np.tile(times, len(stages)),
    }
    for number, name in enumerate(COUNTS):
        columns[f"{name}_mean"] = means[number].ravel()
        for row, (_, suffix) in enumerate(LEVELS):
            columns[f"{name}_{suffix}"] = levels[row, number].ravel()
    return pd.DataFrame(columns)[list(FORECAST)]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Until when a truck should be out, UTC epoch seconds."""

    limit: int
    """Seconds after the arrival."""
    closing: float
    """NaN if the port closes at no time of the period."""
    stop: int
    """The end of the period; what happens from then on is not known."""


def deadlines_of(seen: Seen, closing: float) -> Deadlines:
    """The deadlines of a policy."""
    context = seen.timetable.context
    return Deadlines(context.limit, closing, seen.timetable.run.stop)


def truck_table(seen: Seen, asked: Sequence[Asked], closing: float) -> pd.DataFrame:
    """The rows of one policy in trucks.csv: those inside, then one that would come in each hour."""
    deadlines = deadlines_of(seen, closing)
    classes = seen.timetable.context.class_names
    timezone, m = seen.scenario.timezone, len(seen.names)
    outs = np.array([future.out[:m] for future in seen.outs]).reshape(len(seen.outs), m)
    first = seen.outs[0]
    rows: list[dict[str, object]] = []
    since = instants(seen.since, timezone)
    for truck in range(m):
        rows.append(
            {
                "truck": seen.names[truck],
                "class": classes[int(first.cls[truck])],
                "stage": seen.stages[truck],
                "status": "working" if seen.working[truck] else "waiting",
                "since": since[truck],
                **told(outs[:, truck], np.full(len(outs), first.arrival[truck]), deadlines),
            }
        )
    for row in asked:
        rows.append(
            {
                "truck": row.name,
                "class": row.cls,
                "stage": "",
                "status": row.status,
                "since": instants(np.array([row.since]), timezone)[0],
                **told(row.out, row.arrival, deadlines),
            }
        )
    frame = pd.DataFrame(rows, columns=[name for name in TRUCKS if name != "policy"])
    for name in ("out_mean", "out_q10", "out_q50", "out_q90"):
        frame[name] = instants(frame[name].to_numpy(np.float64), timezone)
    frame.insert(0, "policy", seen.scenario.name)
    return frame[list(TRUCKS)]


def told(out: Reals, arrival: Ints, deadlines: Deadlines) -> Mapping[str, float]:
    """What futures say of one truck.

    Args:
        out: float64[f], UTC epoch seconds, NaN where it is not out when the period ends.
        arrival: int64[f], UTC epoch seconds.
        deadlines: see there.

    Returns:
        A mean only where it is out in all futures, and quantiles where they lie in the period. A
        probability is NaN where it depends on what comes after the period.
    """
    known = np.isfinite(out)
    late = np.where(known, out, np.inf)
    ordered = np.sort(late)
    cuts = {f"out_q{round(100 * level)}": _cut(ordered, level) for level in _OUT}
    within = late - arrival <= deadlines.limit
    unknown = ~known & (arrival + deadlines.limit >= deadlines.stop)
    closing = deadlines.closing
    return {
        "out_mean": float(out.mean()) if known.all() else np.nan,
        **cuts,
        "within_limit": np.nan if unknown.any() else float(within.mean()),
        "before_closing": float((late < closing).mean()) if np.isfinite(closing) else np.nan,
        "out_in_period": float(known.mean()),
        "futures": len(out),
    }


def _cut(ordered: Reals, level: float) -> float:
    """A quantile of values of which the largest may be infinite; NaN if it lies there."""
    at = level * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    if not np.isfinite(ordered[high]):
        return float(ordered[low]) if at == low and np.isfinite(ordered[low]) else np.nan
    return float(ordered[low] + (at - low) * (ordered[high] - ordered[low]))
