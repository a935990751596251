"""Published figures beside the results: article and simulation in one table, gap and all.

The gap is reported, not closed: nothing here reaches back into a run.
"""

import calendar
import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from portsim.measures import unit_of
from portsim.scenario.model import Scenario
from portsim.scenario.observed import Observed
from portsim.statistics import summarise

__all__ = ["beside"]

_SLACK = 1e-9
"""An interval without width still holds the value that it is made of, but for rounding."""


def beside(
    scenarios: Sequence[Scenario], figures: pd.DataFrame, summary: pd.DataFrame
) -> pd.DataFrame | None:
    """Hold each scenario's observed figures beside its results.

    Args:
        scenarios: in the order of the tables.
        figures: all figures of all replications, the columns of replications.csv and note.
        summary: the columns of summary.csv, for the same scenarios.

    Returns:
        A row for each figure of each scenario with the columns of observed.csv: mean and 95 %
        interval (of the period's total where the figure is one, so times its days), the gap
        simulated − published in the unit of the figure and in percent of the published value, and
        whether that lies inside the interval (``yes``, ``no``; empty without an interval). A
        figure of several classes is summed in each replication first. A figure without a row in
        the results has an empty mean and the note ``undefined``. None if no scenario has any.
    """
    rows = [
        _row(scenario, number, one, figures, summary)
        for scenario in scenarios
        for number, one in enumerate(scenario.observed)
    ]
    return pd.DataFrame(rows) if rows else None


def _row(
    scenario: Scenario, number: int, one: Observed, figures: pd.DataFrame, summary: pd.DataFrame
) -> dict[str, Any]:
    tree = scenario.origin.tree
    note = None if tree is None else tree.notes.get(("observed", number, "value"))
    unit, days = unit_of(one.measure, scenario.currency), 1
    if one.total:
        unit, days = unit.removesuffix("/d"), _days(scenario, one.measure)
    found = _found(scenario.name, one, figures, summary)
    mean, low, high = (found[column] * days for column in ("mean", "ci_low", "ci_high"))
    gap = mean - one.value
    return {
        "scenario": scenario.name,
        "name": one.name,
        "label": one.label or one.name,
        "role": one.role,
        "class": "+".join(one.group),
        "place": one.place,
        "measure": one.measure,
        "total": "yes" if one.total else "no",
        "unit": unit,
        "published": one.value,
        "confidence": "" if note is None else note.confidence or "",
        "source": "" if note is None else note.source or "",
        "mean": mean,
        "ci_low": low,
        "ci_high": high,
        "replications": found["replications"],
        "gap": gap,
        "gap_percent": 100.0 * gap / one.value if one.value else math.nan,
        "inside": _inside(one.value, low, high),
        "note": found["note"],
    }


def _days(scenario: Scenario, measure: str) -> int:
    """Calendar days of the period, or of the part of it that lies in the measure's month."""
    first, last = scenario.period.from_, scenario.period.to
    if "[" in measure:
        year, month = map(int, measure.partition("[")[2].rstrip("]").split("-"))
        first = max(first, dt.date(year, month, 1))
        last = min(last, dt.date(year, month, calendar.monthrange(year, month)[1]))
    return (last - first).days + 1


def _inside(value: float, low: float, high: float) -> str:
    if math.isnan(low):
        return ""
    slack = _SLACK * abs(value)
    return "yes" if low - slack <= value <= high + slack else "no"


def _found(
    scenario: str, one: Observed, figures: pd.DataFrame, summary: pd.DataFrame
) -> dict[str, Any]:
    """The row of the summary that the figure is about."""
    if len(one.group) > 1:
        mine = _of(figures, scenario, one)
        summed = mine.groupby("replication", as_index=False, observed=True)["value"].sum()
        keys = {"scenario": scenario, "class": "", "place": "", "measure": one.measure, "note": ""}
        summary = summarise(summed.assign(**keys), unit_of)
    else:
        summary = _of(summary, scenario, one)
    if summary.empty:
        nothing = dict.fromkeys(("mean", "ci_low", "ci_high"), math.nan)
        return {**nothing, "replications": 0, "note": "undefined"}
    return dict(summary.iloc[0])


def _of(table: pd.DataFrame, scenario: str, one: Observed) -> pd.DataFrame:
    return table[
        (table["scenario"] == scenario)
        & (table["place"] == one.place)
        & (table["measure"] == one.measure)
        & table["class"].isin(one.group)
    ]
