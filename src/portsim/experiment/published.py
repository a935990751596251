"""Published figures beside the results: article and simulation in one table, gap and all.

The gap is reported, not closed: nothing here reaches back into a run.
"""

import calendar
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.reading.merging import Tree
from portsim.scenario.current import current
from portsim.scenario.figure_notes import NO_SPREAD, UNDEFINED, noted
from portsim.scenario.measure_catalogue import measure_of, named, unit_of
from portsim.scenario.model import Scenario
from portsim.scenario.observed import Observed
from portsim.statistics import summarise
from portsim.statistics.intervals import prediction_half
from portsim.statistics.shares import share_limits

__all__ = ["compare_with_published"]

_NUMBERS = ("mean", "ci_low", "ci_high", "period_low", "period_high")
_SLACK = 1e-9
"""An interval without width still holds the value that it is made of, but for rounding."""


def compare_with_published(
    scenarios: Sequence[Scenario],
    figures: pd.DataFrame,
    summary: pd.DataFrame,
    baseline: str | None = None,
    antithetic: bool = False,
) -> pd.DataFrame | None:
    """Hold observed figures beside the results, each once.

    A figure that several scenarios name, as policies do that extend one base, is held beside the
    baseline, or else the first of them: it was published of a port as it was, not of every policy.

    Args:
        scenarios: in the order of the tables.
        figures: all figures of all replications, the columns of replications.parquet and note.
        summary: the columns of summary.csv, for the same scenarios.
        baseline: the scenario the others are compared with, if any.
        antithetic: whether a pair of replications is one observation.

    Returns:
        A row for each figure with the columns of observed.csv: mean, 95 % interval of the mean and
        95 % interval of one period (of the period's total where the figure is one, so times its
        days), the gap simulated − published in the unit of the figure and in percent of the
        published value, and whether that lies inside the interval of one period (``yes``, ``no``;
        empty without an interval, as of a share that was the same in every replication). A figure
        of several classes is summed in each replication first. A figure without a row in the
        results has an empty mean and the note ``undefined``. None if no scenario has any.
    """
    rows = []
    seen: set[str] = set()
    for scenario in sorted(scenarios, key=lambda scenario: scenario.name != baseline):
        tree, _ = current(scenario)
        for number, observed in enumerate(scenario.observed):
            spelt = observed.model_dump_json()
            if spelt not in seen:
                seen.add(spelt)
                estimate = _simulated(scenario.name, observed, figures, summary, antithetic)
                rows.append(_row(scenario, tree, number, observed, estimate))
    return pd.DataFrame(rows) if rows else None


def _row(
    scenario: Scenario, tree: Tree, number: int, observed: Observed, estimate: Mapping[str, Any]
) -> dict[str, Any]:
    note = tree.notes.get(("observed", number, "value"))
    unit, days = unit_of(observed.measure, scenario.currency), 1.0
    if observed.total:
        unit, days = unit.removesuffix("/d"), _days(scenario, observed.measure)
    mean, low, high, one_low, one_high = (estimate[column] * days for column in _NUMBERS)
    gap = mean - observed.value
    return {
        "scenario": scenario.name,
        "name": observed.name,
        "label": observed.label.in_english(observed.name),
        "role": observed.role,
        "truck_class": "+".join(observed.group),
        "place": observed.place,
        "measure": observed.measure,
        "total": "yes" if observed.total else "no",
        "unit": unit,
        "published": observed.value,
        "confidence": "" if note is None else note.confidence or "",
        "source": "" if note is None else note.source or "",
        "mean": mean,
        "ci_low": low,
        "ci_high": high,
        "period_low": one_low,
        "period_high": one_high,
        "replications": estimate["replications"],
        "gap": gap,
        "gap_percent": 100.0 * gap / observed.value if observed.value else math.nan,
        "inside": _inside(observed.value, one_low, one_high),
        "note": estimate["note"],
    }


def _days(scenario: Scenario, measure: str) -> float:
    """Calendar days of the period, or of the part of it that lies in the measure's month."""
    if not scenario.period.whole_days:
        return scenario.period.days
    first, last = scenario.period.first_day, scenario.period.last_day
    if year_month := named(measure).month:
        year, month = map(int, year_month.split("-"))
        first = max(first, dt.date(year, month, 1))
        last = min(last, dt.date(year, month, calendar.monthrange(year, month)[1]))
    return (last - first).days + 1


def _inside(value: float, low: float, high: float) -> str:
    if math.isnan(low):
        return ""
    slack = _SLACK * abs(value)
    return "yes" if low - slack <= value <= high + slack else "no"


def _simulated(
    scenario: str,
    observed: Observed,
    figures: pd.DataFrame,
    summary: pd.DataFrame,
    antithetic: bool,
) -> dict[str, Any]:
    """The row of the summary that the figure is about, and the limits of a single period."""
    rows = _of(figures, scenario, observed)
    if len(observed.group) > 1:
        summed = rows.groupby("replication", as_index=False, observed=True)["value"].sum()
        keys = {
            "scenario": scenario,
            "truck_class": "",
            "place": "",
            "measure": observed.measure,
            "note": "",
        }
        rows = summed.assign(**keys)
        summary = summarise(rows, unit_of, antithetic)
    else:
        summary = _of(summary, scenario, observed)
    if summary.empty:
        nothing = dict.fromkeys(
            ("mean", "ci_low", "ci_high", "period_low", "period_high"), math.nan
        )
        return {**nothing, "replications": 0, "note": UNDEFINED}
    row = dict(summary.iloc[0])
    return {**row, **_of_one_period(row, rows["value"].to_numpy(np.float64))}


def _of_one_period(row: Mapping[str, Any], singles: Reals) -> dict[str, float]:
    """Limits in which one period is expected, given the summary and the values of all periods."""
    n, mean = np.array([int(row["replications"])]), np.array([float(row["mean"])])
    error = np.array([float(row["sd"])]) / np.sqrt(np.maximum(n, 1))
    half = prediction_half(singles[None, :], n, error)
    measure = measure_of(str(row["measure"]))
    low, high = np.maximum(mean - half, measure.lowest), mean + half
    if measure.share:
        low, high = share_limits(mean, half)
        if noted(row["note"], NO_SPREAD):
            low = high = np.array([math.nan])
    return {"period_low": float(low[0]), "period_high": float(high[0])}


def _of(table: pd.DataFrame, scenario: str, observed: Observed) -> pd.DataFrame:
    return table[
        (table["scenario"] == scenario)
        & (table["place"] == observed.place)
        & (table["measure"] == observed.measure)
        & table["truck_class"].isin(observed.group)
    ]
