"""What goes wrong between a port and its log: each kind, how much of it, and where.

Works on one wide table, a row a truck; how it is written into files does not enter.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

Rng = np.random.Generator
_WEEK_S = 7 * 86_400


def soiled(
    table: pd.DataFrame, truth: Mapping[str, Any], rng: Rng
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """A log with its dirt, and what was done to it.

    Args:
        table: ``truck``, ``plate``, ``truck_class`` and columns of stamps ``arrival``, ``<stage>
            queue|start|end`` as UTC epoch seconds, NaN where there is none.
        truth: of the port: zone and stages.
        rng: chooses the kinds (each comes in about half of all logs) and the rows.

    Returns:
        The rows as they stand in the log, some of them twice, and the amounts by kind:

        - ``lost_days``: local dates on which trucks came that stand nowhere; ``lost_trucks``;
        - ``shifted_clock``: the stage whose clock ran an hour fast or slow, ``from`` and ``to``
          (local dates, inclusive), ``hours``, ``stamps`` moved;
        - ``weeks_long``: trucks whose last stamp is weeks late;
        - ``swapped``: rows in which two stamps that follow each other changed places;
        - ``blank``: cells emptied, by column; ``blank_mostly``: the column with most of them, ""
          where they lie anywhere;
        - ``rows_twice``: rows that stand there twice, by chance;
        - ``day_twice``: the date all of whose rows stand there once more, and how ``many``.
    """
    log = _Log(
        stamps=[name for name in table.columns if name not in ("truck", "plate", "truck_class")],
        zone=ZoneInfo(truth["timezone"]),
        truth=truth,
        rng=rng,
    )
    kinds = (_lost_days, _shifted_clock, _weeks_long, _swapped, _blank, _rows_twice, _day_twice)
    chosen = rng.random(len(kinds)) < 0.55
    for kind, there in zip(kinds, chosen, strict=True):
        if there:
            table = kind(table, log)
    return table.reset_index(drop=True), log.done


@dataclass(frozen=True)
class _Log:
    """What every kind of dirt needs to know, and where it writes down what it did."""

    stamps: list[str]
    zone: ZoneInfo
    truth: Mapping[str, Any]
    rng: Rng
    done: dict[str, Any] = field(default_factory=dict)


def _dates(seconds: pd.Series, zone: ZoneInfo) -> pd.Series:
    """Local dates, "" where there is no stamp."""
    when = pd.to_datetime(seconds, unit="s", utc=True).dt.tz_convert(zone)
    return when.dt.strftime("%Y-%m-%d").fillna("")


def _some(rng: Rng, table: pd.DataFrame, low: float, high: float) -> np.ndarray:
    """Positions of a share of the rows, one at least."""
    count = max(1, round(len(table) * float(rng.uniform(low, high))))
    return np.sort(rng.choice(len(table), min(count, len(table)), replace=False))


def _lost_days(table: pd.DataFrame, log: _Log) -> pd.DataFrame:
    came = _dates(table["arrival"], log.zone)
    days = sorted(set(came) - {""})
    # Within the log: the first and last days would only make it shorter.
    lost = sorted(log.rng.choice(days[2:-2], int(log.rng.integers(1, 3)), replace=False).tolist())
    gone = came.isin(lost)
    log.done["lost_days"], log.done["lost_trucks"] = lost, int(gone.sum())
    return table[~gone].reset_index(drop=True)


def _shifted_clock(table: pd.DataFrame, log: _Log) -> pd.DataFrame:
    names = [stage["stage"] for stage in log.truth["stages"]]
    stage = str(log.rng.choice(names))
    first = dt.date.fromisoformat(log.truth["period"]["from"])
    start = first + dt.timedelta(
        days=int(log.rng.integers(1, log.truth["period"]["weeks"] * 7 - 4))
    )
    days = int(log.rng.integers(2, 1 + min(10, log.truth["period"]["weeks"] * 3)))
    dates = {(start + dt.timedelta(days=n)).isoformat() for n in range(days)}
    hours = int(log.rng.choice([-1, 1]))
    moved = 0
    table = table.copy()
    for name in log.stamps:
        if name.rpartition(" ")[0] == stage:
            wrong = _dates(table[name], log.zone).isin(dates)
            table.loc[wrong, name] += hours * 3600
            moved += int(wrong.sum())
    log.done["shifted_clock"] = {"stage": stage, "from": min(dates), "to": max(dates),
                             "hours": hours, "stamps": moved}  # fmt: skip
    return table


def _weeks_long(table: pd.DataFrame, log: _Log) -> pd.DataFrame:
    table = table.copy()
    ends = table[log.stamps].to_numpy(copy=True)
    last = np.array([np.flatnonzero(~np.isnan(row))[-1] for row in ends])
    rows = _some(log.rng, table, 0.0005, 0.002)
    rows = rows[last[rows] > 0]
    late = log.rng.uniform(2, 6, len(rows)) * _WEEK_S
    ends[rows, last[rows]] += np.floor(late / 60) * 60
    table[log.stamps] = ends
    log.done["weeks_long"] = len(rows)
    return table


def _swapped(table: pd.DataFrame, log: _Log) -> pd.DataFrame:
    table = table.copy()
    ends = table[log.stamps].to_numpy(copy=True)
    count = 0
    for row in _some(log.rng, table, 0.002, 0.01).tolist():
        there = np.flatnonzero(~np.isnan(ends[row]))
        # Two that are alike could change places and nobody would know.
        pairs = [(a, b) for a, b in pairwise(there) if ends[row, a] != ends[row, b]]
        if pairs:
            a, b = pairs[int(log.rng.integers(len(pairs)))]
            ends[row, [a, b]] = ends[row, [b, a]]
            count += 1
    table[log.stamps] = ends
    log.done["swapped"] = count
    return table


def _blank(table: pd.DataFrame, log: _Log) -> pd.DataFrame:
    table = table.copy()
    mostly = str(log.rng.choice(log.stamps)) if log.rng.random() < 0.4 else ""
    share = float(log.rng.uniform(0.003, 0.02))
    counts = {}
    for name in log.stamps:
        high = float(log.rng.uniform(0.04, 0.08)) if name == mostly else share
        empty = table[name].notna() & (log.rng.random(len(table)) < high)
        table.loc[empty, name] = np.nan
        counts[name] = int(empty.sum())
    log.done["blank"], log.done["blank_mostly"] = counts, mostly
    return table


def _rows_twice(table: pd.DataFrame, log: _Log) -> pd.DataFrame:
    rows = _some(log.rng, table, 0.002, 0.01)
    again = np.sort(np.concatenate([np.arange(len(table)), rows]))
    log.done["rows_twice"] = len(rows)
    return table.iloc[again].reset_index(drop=True)


def _day_twice(table: pd.DataFrame, log: _Log) -> pd.DataFrame:
    came = _dates(table["arrival"], log.zone)
    day = str(log.rng.choice(sorted(set(came) - {""})))
    copy = table[came == day]
    log.done["day_twice"] = {"date": day, "many": len(copy)}
    return pd.concat([table, copy], ignore_index=True)
