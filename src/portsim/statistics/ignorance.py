"""The room of statistics: how far inputs that nobody knows exactly may move a figure.

Each replication is simulated twice, with the same luck: with the inputs as written, and with values
drawn within their ranges. The difference of the two is what ignorance does; the mean as written has
what chance does. No scenario and no file enters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from portsim.arrays import Ints, Reals
from portsim.scenario.figure_notes import AT_LEAST, noted, unite_notes
from portsim.scenario.measure_catalogue import measure_of
from portsim.statistics.intervals import KEYS, LEVEL, figures, moments, t_factor

__all__ = ["FEWEST", "MOST", "Inputs", "Reach", "explained", "reach", "uncertainty"]

FEWEST = 10
"""Draws from which on it is said which input explains most."""
MOST = 0.5
"""Share of the variance above which one input is most of it: no other can have as much."""
ORDERED, NORMAL = "order statistics", "normal"
"""Methods of an interval of ignorance."""

_ROUNDING = 1e-9
"""Differences this small beside the figures themselves come from adding in another order."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Inputs:
    """What was drawn; k inputs, r replications.

    Attributes:
        names: of the inputs.
        quantiles: by scenario float64[k, r] in [0, 1): where in its range each stood in each
            replication; NaN where it was not drawn.
    """

    names: list[str]
    quantiles: Mapping[str, Reals]


@dataclass(frozen=True, eq=False, slots=True)
class Reach:
    """How far draws move some figures.

    Attributes:
        n: int64[g], draws.
        mean: float64[g], of the effects.
        low: float64[g], lower limit of the effect; NaN for fewer than two draws.
        high: float64[g].
        ordered: bool[g], whether the limits are order statistics rather than of a normal.
    """

    n: Ints
    mean: Reals
    low: Reals
    high: Reals
    ordered: Flags


def reach(effects: Reals) -> Reach:
    """The interval in which the effect of one more draw lies: of the values that are true.

    With n draws enough, (n + 1) · tail ≥ 1, the limits are the order statistics of rank
    (n + 1) · tail and (n + 1) · (1 − tail), interpolated: free of any distribution (39 draws for
    95 %). With fewer they are mean ± t · s · √(1 + 1 / n), as if effects were normal, which for
    inputs even within their ranges is rather too wide than too narrow. Neither shrinks to nothing
    with more draws.

    Args:
        effects: float64[g, r], NaN where there is none.

    Sources: Hahn and Meeker 1991, Statistical Intervals, section 5.4 (distribution-free prediction
    intervals) and section 4.7 (normal).
    """
    tail = (1.0 - LEVEL) / 2.0
    m = moments(effects)
    half = t_factor(m.n) * np.sqrt(m.n + 1.0) * m.sd
    low, high = m.mean - half, m.mean + half
    ordered = (m.n + 1) * tail >= 1.0 - _ROUNDING
    if ordered.any():
        ranked = np.sort(effects[ordered], axis=1)
        n = m.n[ordered].astype(np.float64)
        low[ordered] = _at_rank(ranked, (n + 1) * tail)
        high[ordered] = _at_rank(ranked, (n + 1) * (1.0 - tail))
    return Reach(m.n, m.mean, low, high, ordered)


def _at_rank(ranked: Reals, rank: Reals) -> Reals:
    """Values at ranks from 1 on, between two of them in proportion."""
    below = np.floor(rank + _ROUNDING).astype(np.int64)
    part = np.clip(rank - below, 0.0, 1.0)
    values = [
        np.take_along_axis(ranked, np.minimum(each, ranked.shape[1])[:, None] - 1, axis=1)[:, 0]
        for each in (below, below + 1)
    ]
    # Where nothing lies between, the next one may be missing.
    return np.where(part > _ROUNDING, (1.0 - part) * values[0] + part * values[1], values[0])


def explained(effects: Reals, quantiles: Reals) -> Reals:
    """Share of the spread of each effect that each input explains: Spearman's correlation, squared.

    Inputs are drawn independently of each other, so that shares of additive effects add up to 1 but
    for chance.

    Args:
        effects: float64[g, r], NaN where there is none.
        quantiles: float64[k, r].

    Returns:
        float64[g, k]; NaN where effects do not differ, or there are fewer than three.
    """
    shares = np.full((len(effects), len(quantiles)), np.nan)
    known = ~np.isnan(effects)
    # Half of what a command takes to start, and few studies draw their inputs.
    from scipy.stats import rankdata  # noqa: PLC0415

    for pattern in np.unique(known, axis=0) if len(effects) else ():
        rows = np.flatnonzero((known == pattern).all(axis=1))
        if pattern.sum() > 2 and len(quantiles):
            ranks = _standard(rankdata(effects[rows][:, pattern], axis=1))
            theirs = _standard(rankdata(quantiles[:, pattern], axis=1))
            shares[rows] = (ranks @ theirs.T) ** 2
    return shares


def _standard(ranks: Reals) -> Reals:
    """Rows with mean 0 and length 1; NaN where all are alike."""
    away = ranks - ranks.mean(axis=1, keepdims=True)
    length = np.sqrt((away**2).sum(axis=1, keepdims=True))
    return np.asarray(away / np.where(length > 0.0, length, np.nan))


def _most(shares: Reals, n: Ints) -> tuple[Ints, Reals]:
    """The input that explains most of each effect, −1 if none surely does; and its share."""
    if not shares.shape[1]:
        return np.full(len(shares), -1), np.full(len(shares), np.nan)
    filled = np.where(np.isnan(shares), 0.0, shares)
    best = filled.argmax(axis=1)
    share = np.minimum(filled[np.arange(len(filled)), best], 1.0)
    # Of many inputs one always looks important: all of them are judged at once (Bonferroni).
    freedom = np.maximum(n - 2, 1)
    limit = stdtrit(freedom, 1.0 - (1.0 - LEVEL) / (2.0 * shares.shape[1])) ** 2
    sure = (n >= FEWEST) & (share > MOST) & (share * freedom > limit * (1.0 - share))
    return np.where(sure, best, -1), np.where(sure, share, np.nan)


def uncertainty(
    written: pd.DataFrame,
    drawn: pd.DataFrame,
    summary: pd.DataFrame,
    comparison: pd.DataFrame | None,
    inputs: Inputs,
) -> pd.DataFrame:
    """Intervals for chance, for ignorance and for both: the table uncertainty.csv.

    The interval for both is centred on the mean with drawn inputs, and each of its sides is the
    root of the sum of the squares of the two: exact for normal and independent parts. Of
    differences chance is that of joint_low and joint_high, for all policies at once; ignorance is
    of each by itself, for they all share one world that is not known.

    Args:
        written: the long table of replications with inputs as written; see `figures`.
        drawn: the same with drawn inputs, under the names of the same scenarios.
        summary: what `portsim.statistics.summarise` made of the first.
        comparison: what `portsim.statistics.compare` made of it, or None.
        inputs: what was drawn.

    Returns:
        A row a row of summary, then of comparison, of which there is a pair of runs: scenario,
        baseline (empty: the scenario by itself), class, place, measure, unit; mean as written;
        chance_low, chance_high; shift (mean effect of the draws); ignorance_low, ignorance_high;
        low, high; draws (int64); method; most_of_it, share (which input explains most of what
        ignorance does, and how much; empty and NaN if none surely does); note.

    Raises:
        ValueError: a figure stands twice for one replication.
    """
    most = max(quantiles.shape[1] for quantiles in inputs.quantiles.values())
    keys, effects = _effects(written, drawn, most)
    row_of = {key: row for row, key in enumerate(keys.itertuples(index=False, name=None))}
    parts = [_levels(summary, row_of, effects, inputs)]
    if comparison is not None:
        parts.append(_differences(comparison, row_of, effects, inputs))
    table = pd.concat(parts, ignore_index=True)
    bounds = _bounds(written) | _bounds(drawn)
    sides = ([each, *KEYS[1:]] for each in ("scenario", "baseline"))
    pairs = [list(map(tuple, table[side].astype(str).to_numpy(object))) for side in sides]
    table["note"] = [
        unite_notes([note, AT_LEAST]) if {of, against} & bounds else note
        for of, against, note in zip(*pairs, table["note"].astype(str), strict=True)
    ]
    return table


def _bounds(table: pd.DataFrame) -> set[tuple[str, ...]]:
    """Figures that are only lower bounds in some replication."""
    noted_so = [noted(note, AT_LEAST) for note in table["note"]]
    rows = table.loc[noted_so, KEYS].astype(str).drop_duplicates()
    return set(rows.itertuples(index=False, name=None))


_Rows = Mapping[tuple[str, ...], int]


def _effects(written: pd.DataFrame, drawn: pd.DataFrame, r: int) -> tuple[pd.DataFrame, Reals]:
    """What the draws do to each figure that is there in both: keys, and float64[g, r]."""
    first, second = figures(written), figures(drawn)
    there = {key: row for row, key in enumerate(first.keys.itertuples(index=False, name=None))}
    pairs = [
        (there[key], row)
        for row, key in enumerate(second.keys.itertuples(index=False, name=None))
        if key in there
    ]
    as_written, as_drawn = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    base = _spread(first.values[as_written], written, r)
    other = _spread(second.values[as_drawn], drawn, r)
    effects = other - base
    nothing = np.abs(effects) <= _ROUNDING * np.maximum(np.abs(base), np.abs(other))
    keys = second.keys.iloc[as_drawn].reset_index(drop=True)
    return keys, np.where(nothing, 0.0, effects)


def _spread(values: Reals, table: pd.DataFrame, r: int) -> Reals:
    """Columns of the replications that a table has, as columns of all of them."""
    all_of_them = np.full((len(values), r), np.nan)
    all_of_them[:, np.unique(table["replication"].to_numpy(np.int64)) - 1] = values
    return all_of_them


def _levels(summary: pd.DataFrame, row_of: _Rows, effects: Reals, inputs: Inputs) -> pd.DataFrame:
    keys = list(summary[KEYS].astype(str).itertuples(index=False, name=None))
    there = np.array([key in row_of for key in keys], dtype=bool)
    rows = summary[there].reset_index(drop=True)
    own = effects[[row_of[key] for key in keys if key in row_of]]
    measures = [measure_of(name) for name in rows["measure"]]
    least = np.array([measure.lowest for measure in measures], dtype=np.float64)
    most = np.array([1.0 if measure.share else np.inf for measure in measures])
    estimate = rows[["mean", "ci_low", "ci_high"]].to_numpy(np.float64).T
    columns = _columns(estimate, own, rows["scenario"].tolist(), inputs)
    for name in ("ignorance_low", "ignorance_high", "low", "high"):
        columns[name] = np.clip(columns[name], least, most)
    return rows[[*KEYS, "unit", "note"]].assign(baseline="", **columns)


def _differences(
    comparison: pd.DataFrame, row_of: _Rows, effects: Reals, inputs: Inputs
) -> pd.DataFrame:
    keys = list(comparison[KEYS].astype(str).itertuples(index=False, name=None))
    bases = [(base, *key[1:]) for base, key in zip(comparison["baseline"], keys, strict=True)]
    there = np.array(
        [key in row_of and base in row_of for key, base in zip(keys, bases, strict=True)],
        dtype=bool,
    )
    rows = comparison[there].reset_index(drop=True)
    of = np.array([row_of.get(key, -1) for key in keys], dtype=np.int64)[there]
    base = np.array([row_of.get(key, -1) for key in bases], dtype=np.int64)[there]
    difference = effects[of] - effects[base]
    scale = np.maximum(np.abs(effects[of]), np.abs(effects[base]))
    difference = np.where(np.abs(difference) <= _ROUNDING * scale, 0.0, difference)
    estimate = rows[["difference", "joint_low", "joint_high"]].to_numpy(np.float64).T
    scenarios, baseline = rows["scenario"].tolist(), next(iter(rows["baseline"]), None)
    columns = _columns(estimate, difference, scenarios, inputs, baseline)
    return rows[[*KEYS, "baseline", "unit", "note"]].assign(**columns)


def _columns(
    estimate: Reals,
    effects: Reals,
    scenarios: list[str],
    inputs: Inputs,
    baseline: str | None = None,
) -> dict[str, Any]:
    names, shares = [""] * len(effects), np.full(len(effects), np.nan)
    effects = effects.copy()
    for scenario in dict.fromkeys(scenarios):
        rows = np.array([name == scenario for name in scenarios])
        quantiles = inputs.quantiles[scenario]
        if baseline is not None:
            base = inputs.quantiles[baseline]
            # Where one was drawn again and the other not, they do not stand in the same world.
            apart = (quantiles != base) & ~np.isnan(quantiles) & ~np.isnan(base)
            effects[np.ix_(rows, apart.any(axis=0))] = np.nan
            quantiles = np.where(np.isnan(quantiles), base, quantiles)
        chosen = np.flatnonzero(~np.isnan(quantiles).all(axis=1))
        n = (~np.isnan(effects[rows])).sum(axis=1)
        best, shares[rows] = _most(explained(effects[rows], quantiles[chosen]), n)
        for row, which in zip(np.flatnonzero(rows).tolist(), best.tolist(), strict=True):
            names[row] = inputs.names[chosen[which]] if which >= 0 else ""
    mean, chance_low, chance_high = estimate
    far = reach(effects)
    ignorance_low, ignorance_high = mean + far.low, mean + far.high
    centre = mean + far.mean
    below = np.hypot(mean - chance_low, np.maximum(far.mean - far.low, 0.0))
    above = np.hypot(chance_high - mean, np.maximum(far.high - far.mean, 0.0))
    return {
        "mean": mean,
        "chance_low": chance_low,
        "chance_high": chance_high,
        "shift": far.mean,
        "ignorance_low": ignorance_low,
        "ignorance_high": ignorance_high,
        "low": centre - below,
        "high": centre + above,
        "draws": far.n,
        "method": pd.Series(
            np.where(far.n < 2, "", np.where(far.ordered, ORDERED, NORMAL)).tolist(), dtype=str
        ),
        "most_of_it": pd.Series(names, dtype=str),
        "share": shares,
    }
