"""The room of statistics: paired differences and ratios to a baseline; no logs, no files.

Scenarios share their trucks and their luck replication by replication (common random numbers), so
replications are compared in pairs (Law 2015, section 10.2.1). Methods for independent streams
would throw that away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from portsim.scenario.figure_notes import UNDEFINED, unite_notes
from portsim.statistics.intervals import (
    KEYS,
    Floats,
    Ints,
    figures,
    moments,
    t_factor,
)

__all__ = ["Ratio", "compare", "fieller"]

COMPARISON = [
    *("baseline", "scenario", "truck_class", "place", "measure", "unit"),
    *("difference", "ci_low", "ci_high", "joint_low", "joint_high"),
    *("ratio", "ratio_low", "ratio_high", "pairs", "method", "note"),
]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ratios of means with their intervals, float64[g] each, NaN where there is none."""

    ratio: Floats
    low: Floats
    high: Floats


def fieller(y: Floats, x: Floats) -> Ratio:
    """The ratio mean(y) / mean(x) of each row with its 95 % interval on the pairs.

    In: float64[g, r] each; a pair with a NaN is left out. Out: `Ratio`; all three NaN where the
    t interval of mean(x) reaches 0, for then no bounded interval exists; with one pair the ratio
    stands without limits (NaN if x is 0).

    Source: Fieller 1954, J. R. Stat. Soc. B 16, 175-185: the limits are the ratios ρ at which the
    t test of mean(y − ρ·x) = 0 just fails to reject. Written with δ = ρ − ratio and the residuals
    e = y − ratio·x, that is (x̄² − q·s_xx) δ² + 2 q·s_ex δ − q·s_ee = 0 with q = t²/n, which loses
    no digits where y and x are nearly proportional.
    """
    lost = np.isnan(y) | np.isnan(x)
    y, x = np.where(lost, np.nan, y), np.where(lost, np.nan, x)
    my, mx = moments(y), moments(x)
    usable = (mx.n > 0) & (mx.mean != 0.0)
    ratio = np.divide(my.mean, mx.mean, out=np.full(len(y), np.nan), where=usable)

    q = t_factor(mx.n) ** 2
    a = mx.mean**2 - q * mx.sd**2
    reaches_zero = (mx.n > 1) & ~(a > 0.0)
    ratio[reaches_zero] = np.nan

    # Deviations from the means are taken before they are combined: identical policies then
    # have residuals of exactly 0 and an interval that is a point.
    dx = x - mx.mean[:, None]
    de = (y - my.mean[:, None]) - ratio[:, None] * dx
    freedom = np.maximum(mx.n - 1, 1)
    s_ex = np.where(lost, 0.0, de * dx).sum(axis=1) / freedom
    s_ee = np.where(lost, 0.0, de * de).sum(axis=1) / freedom
    root = np.sqrt((q * s_ex) ** 2 + np.where(reaches_zero, np.nan, a) * q * s_ee)
    safe = np.where(a > 0.0, a, np.nan)
    return Ratio(ratio, ratio + (-q * s_ex - root) / safe, ratio + (-q * s_ex + root) / safe)


def _partners(keys: pd.DataFrame, baseline: str) -> tuple[Ints, Ints]:
    """Rows of the other scenarios, and the baseline's row for the same figure."""
    named = keys.drop(columns="scenario").itertuples(index=False, name=None)
    figure = list(named)
    scenario = keys["scenario"].tolist()
    base = {f: row for row, f in enumerate(figure) if scenario[row] == baseline}
    pairs = [
        (row, base[f]) for row, f in enumerate(figure) if scenario[row] != baseline and f in base
    ]
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def compare(
    replications: pd.DataFrame,
    baseline: str,
    units: Callable[[str], str],
    antithetic: bool = False,
) -> pd.DataFrame:
    """Differences and ratios of every scenario to the baseline: the table comparison.csv.

    In: the long table of replications (see `portsim.statistics.intervals.figures`); the name of
    the baseline; ``units`` gives the unit of a measure; ``antithetic``: a pair of replications is
    one observation. Out: one row for every other scenario and
    every class, place and measure that both have, in the order of the scenario: baseline,
    scenario, class, place, measure, unit; difference (scenario − baseline, in that unit) with its
    own 95 % interval (ci_*) and the one that holds for all scenarios of a measure together
    (joint_*); ratio (scenario / baseline) with its own 95 % interval; pairs (int64, observations
    in which both are defined); method; note.

    With one pair difference and ratio stand without intervals; with none they are NaN and the
    note says ``undefined``, as it does where the ratio is not defined (`fieller`). Raises
    ValueError if the baseline has no figures, or as `figures` does.

    Sources: paired t, Law 2015, section 10.2.1; Bonferroni over the scenarios other than the
    baseline, section 10.3.1; ratio, Fieller 1954.
    """
    table = figures(replications, antithetic)
    scenarios = table.keys["scenario"].unique().tolist()
    if baseline not in scenarios:
        msg = f"the baseline {baseline!r} has no figures; scenarios: {', '.join(scenarios)}"
        raise ValueError(msg)
    row, base = _partners(table.keys, baseline)
    y, x = table.values[row], table.values[base]

    d = moments(y - x)
    single = t_factor(d.n) * d.sd
    joint = t_factor(d.n, comparisons=max(len(scenarios) - 1, 1)) * d.sd
    r = fieller(y, x)

    undefined = np.isnan(r.ratio)
    notes = [
        unite_notes([table.notes[i], table.notes[j], UNDEFINED if gone else ""])
        for i, j, gone in zip(row, base, undefined, strict=True)
    ]
    paired = np.where(undefined, "paired t; Bonferroni", "paired t; Bonferroni; Fieller")
    keys = table.keys.iloc[row].reset_index(drop=True)
    unit = {name: units(name) for name in keys["measure"].unique()}
    columns: dict[str, Any] = {
        "baseline": pd.Series([baseline] * len(row), dtype=str),
        "unit": keys["measure"].map(unit).astype(str),
        "difference": d.mean,
        "ci_low": d.mean - single,
        "ci_high": d.mean + single,
        "joint_low": d.mean - joint,
        "joint_high": d.mean + joint,
        "ratio": r.ratio,
        "ratio_low": r.low,
        "ratio_high": r.high,
        "pairs": d.n,
        "method": pd.Series(np.where(d.n > 1, paired, "").tolist(), dtype=str),
        "note": pd.Series(notes, dtype=str),
    }
    return keys[KEYS].assign(**columns)[COMPARISON]
