"""The room of statistics: means over replications with t intervals; no logs, no files.

The interval is the textbook one for independent replications of a terminating simulation
(Law 2015, Simulation Modeling and Analysis, section 9.4.1): mean ± t(n−1) · sd / √n; shares have it
on the logit scale. Of antithetic pairs the mean of the two is one observation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from portsim.scenario.figure_notes import NO_SPREAD, UNDEFINED, unite_notes
from portsim.scenario.measure_catalogue import measure_of
from portsim.statistics.shares import share_limits

__all__ = [
    "LEVEL",
    "Figures",
    "Moments",
    "figures",
    "moments",
    "paired_up",
    "prediction_half",
    "summarise",
    "t_factor",
]

LEVEL = 0.95
"""Confidence level of every interval, two-sided."""

KEYS = ["scenario", "truck_class", "place", "measure"]
SUMMARY = [*KEYS, "unit", "mean", "ci_low", "ci_high", "sd", "replications", "note"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of many replications as a matrix, one row per figure, one column per replication.

    Attributes:
        keys: DataFrame[g] of text: scenario, class, place, measure.
        values: float64[g, r], columns ascending by replication; NaN where undefined or missing.
        notes: g notes, each united over the replications.
    """

    keys: pd.DataFrame
    values: Floats
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, mean and standard deviation of each row of a matrix, NaN values left out.

    Attributes:
        n: int64[g], values that count.
        mean: float64[g], NaN for n = 0.
        sd: float64[g], with n − 1 in the denominator, NaN for n < 2.
    """

    n: Ints
    mean: Floats
    sd: Floats


def figures(replications: pd.DataFrame, antithetic: bool = False) -> Figures:
    """Arrange the long table of replications as a matrix.

    In: a DataFrame with scenario, class, place, measure (text or categoricals), replication (int),
    value (float, NaN = undefined in that replication) and note (text); whether replications 2k − 1
    and 2k are antithetic, so that a column is a pair. Out: `Figures`; scenarios in order of first
    appearance, and the figures of each in theirs. The order of rows changes no number.
    Raises ValueError if a figure stands twice for one replication.
    """
    rows = replications[KEYS].reset_index(drop=True)
    code = rows.groupby(KEYS, sort=False, observed=True).ngroup().to_numpy(np.int64)
    keys = rows.drop_duplicates().astype(str).reset_index(drop=True)
    seen, column = np.unique(replications["replication"].to_numpy(np.int64), return_inverse=True)

    cell = code * max(len(seen), 1) + column
    if np.bincount(cell).max(initial=0) > 1:
        twice = rows[pd.Series(cell).duplicated()].iloc[0].to_dict()
        msg = f"a figure stands twice for one replication: {twice}"
        raise ValueError(msg)
    values = np.full((len(keys), len(seen)), np.nan)
    values[code, column] = replications["value"].to_numpy(np.float64)

    spoken: dict[int, list[tuple[int, str]]] = {}
    note = replications["note"].to_numpy(object)
    for row in np.flatnonzero(note != ""):
        spoken.setdefault(int(code[row]), []).append((int(column[row]), str(note[row])))
    notes = [unite_notes(n for _, n in sorted(spoken.get(g, []))) for g in range(len(keys))]

    order = np.argsort(pd.factorize(keys["scenario"])[0], kind="stable")
    keys = keys.iloc[order].reset_index(drop=True)
    values, notes = values[order], [notes[g] for g in order]
    return Figures(keys, paired_up(values, seen)[0] if antithetic else values, notes)


def paired_up(values: Floats, numbers: Ints) -> tuple[Floats, Floats]:
    """Means of antithetic pairs, and the singles they are made of.

    In: float64[g, r]; int64[r], the replication of each column, rising: 2k is the mirror of
    2k − 1. Out: float64[g, p], NaN where one of the two is missing, for then the mean is no
    antithetic one; float64[g, p, 2]. Source: Law 2015, section 11.3.
    """
    pair = (numbers + 1) // 2
    pairs = np.unique(pair)
    singles = np.full((len(values), len(pairs), 2), np.nan)
    singles[:, np.searchsorted(pairs, pair), (numbers + 1) % 2] = values
    return singles.mean(axis=2), singles


def moments(values: Floats) -> Moments:
    """Count, mean and standard deviation of each row, NaN left out.

    In: float64[g, r]. Out: `Moments`. Computed on the distance to the row's first value, so that
    equal values have a standard deviation of exactly 0 and their own value as mean.
    """
    if values.shape[1] == 0:
        nothing = np.full(len(values), np.nan)
        return Moments(np.zeros(len(values), np.int64), nothing, nothing)
    known = ~np.isnan(values)
    n = known.sum(axis=1, dtype=np.int64)
    origin = np.take_along_axis(values, known.argmax(axis=1)[:, None], axis=1)
    away = np.where(known, values - origin, 0.0)
    shift = away.sum(axis=1) / np.maximum(n, 1)
    squares = (np.where(known, away - shift[:, None], 0.0) ** 2).sum(axis=1)
    sd = np.where(n > 1, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan)
    return Moments(n, origin[:, 0] + shift, sd)


def t_factor(n: Ints, level: float = LEVEL, comparisons: int = 1) -> Floats:
    """The factor t / √n that turns a standard deviation into half the width of an interval.

    In: n int64[g]; level of all comparisons together; their number (Bonferroni: each gets an
    equal part of 1 − level). Out: float64[g], NaN for n < 2. Source: Law 2015, sections 4.5 and
    9.4.1 (t interval) and 10.3 (Bonferroni).
    """
    tail = (1.0 - level) / (2.0 * comparisons)
    t = np.asarray(stdtrit(np.maximum(n - 1, 1), 1.0 - tail), dtype=np.float64)
    return np.where(n > 1, t / np.sqrt(np.maximum(n, 1)), np.nan)


def prediction_half(singles: Floats, n: Ints, error: Floats) -> Floats:
    """Half the width of the 95 % interval in which one more value is expected: of one real period
    beside simulated ones.

    t · √(s² + e²) with n − 1 degrees of freedom, s the standard deviation of single values and e
    the standard error of their mean; of independent values e = s / √n, which gives the usual
    t · s · √(1 + 1 / n).

    Args:
        singles: float64[g, r], a row a figure, a column a replication, NaN where undefined.
        n: int64[g], observations the mean is made of: replications, or antithetic pairs.
        error: float64[g], standard error of the mean over these observations.

    Returns:
        float64[g]; NaN for n < 2.

    Source: prediction interval for a normal distribution, Hahn and Meeker 1991, Statistical
    Intervals, section 4.7; Whitmore 1986, The American Statistician 40, 141-143.
    """
    t = t_factor(n) * np.sqrt(np.maximum(n, 1))
    return np.asarray(t * np.hypot(moments(singles).sd, error), dtype=np.float64)


def summarise(
    replications: pd.DataFrame, units: Callable[[str], str], antithetic: bool = False
) -> pd.DataFrame:
    """Means over replications with 95 % t intervals: the table summary.csv.

    In: the long table of replications (see `figures`); ``units`` gives the unit of a measure;
    whether a pair of replications is one observation.
    Out: one row per scenario, class, place and measure, with unit, mean, ci_low, ci_high, sd (in
    that unit), replications (int64, those in which the figure is defined; pairs, if antithetic)
    and note. Scenarios in order of first appearance, figures likewise. With one replication
    ci_low, ci_high and sd are NaN; with none the mean is NaN too and the note says ``undefined``.
    Limits are cut at the lowest value that a measure can have. Shares have their interval on the
    logit scale, see `portsim.statistics.shares`; one that was the same in every replication is a
    point with the note ``no spread``. Raises KeyError if there is no such measure, ValueError as
    `figures` does. Source: Law 2015, section 9.4.1.
    """
    table = figures(replications, antithetic)
    m = moments(table.values)
    half = t_factor(m.n) * m.sd
    low, high = m.mean - half, m.mean + half

    measure = table.keys["measure"]
    known = {name: measure_of(str(name)) for name in measure.unique()}
    unit = measure.map({name: units(name) for name in known}).astype(str)
    lowest = measure.map({name: entry.lowest for name, entry in known.items()}).to_numpy(np.float64)
    low = np.maximum(low, lowest)
    share = measure.map({name: entry.share for name, entry in known.items()}).to_numpy(bool)
    low[share], high[share] = share_limits(m.mean[share], half[share])

    notes = [
        unite_notes([note, UNDEFINED if n == 0 else "", NO_SPREAD if alike else ""])
        for note, n, alike in zip(table.notes, m.n, share & (m.sd == 0.0), strict=True)
    ]
    columns: dict[str, Any] = {
        "unit": unit,
        "mean": m.mean,
        "ci_low": low,
        "ci_high": high,
        "sd": m.sd,
        "replications": m.n,
        "note": pd.Series(notes, dtype=str),
    }
    return table.keys.assign(**columns)[SUMMARY]
