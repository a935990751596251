"""The table of a study with drawn inputs on the terminal: chance and ignorance told apart."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from portsim.results import Manifest
from portsim.results.headline_table import DIFFERENCE, columns
from portsim.results.uncertainty import half, port_rows
from portsim.scenario.measure_catalogue import measure_of
from portsim.wording import decimal, later, say
from portsim.wording.amounts import fixed

__all__ = ["CAPTION", "told_apart", "told_cell"]

CAPTION = later(
    "With inputs drawn as their ranges say: 95 % interval for chance and ignorance together, in "
    "brackets half that for ± chance and for ± ignorance alone"
)


def told_apart(
    uncertainty: pd.DataFrame, summary: pd.DataFrame, manifest: Manifest
) -> pd.DataFrame:
    """The 95 % interval for both; in brackets half that for chance, and for ignorance; as text.

    Args:
        uncertainty: columns of uncertainty.csv.
        summary: columns of summary.csv.
        manifest: names and baseline.

    Returns:
        A row a scenario and, below each but the baseline, one of its difference; the columns of
        `portsim.results.headline_table.headline` of which something can be said.
    """
    rows_by_key = port_rows(uncertainty)
    headings = {
        measure: heading
        for measure, heading in columns(summary, manifest).items()
        if any(key[2] == measure for key in rows_by_key)
    }
    rows: list[dict[str, str]] = []
    index: list[str] = []
    for entry in manifest.scenarios:
        baselines = [""] if manifest.baseline in (None, entry.name) else ["", manifest.baseline]
        for baseline in baselines:
            rows.append(
                {
                    heading: told_cell(
                        rows_by_key.get((entry.name, str(baseline), measure)), measure
                    )
                    for measure, heading in headings.items()
                }
            )
            index.append(DIFFERENCE if baseline else entry.name)
    return pd.DataFrame(rows, index=pd.Index(index, name="policy"))


def told_cell(row: Mapping[Any, Any] | None, measure: str) -> str:
    """The same of one row, with its ``baseline``; – where nothing can be said."""
    if row is None:
        return "–"
    share = measure_of(measure).share
    factor = 100.0 if share else 1.0
    low, high, *widths = (
        factor * value
        for value in (row["low"], row["high"], half(row, "chance_"), half(row, "ignorance_"))
    )
    if math.isnan(low) or math.isnan(high):
        return "–"
    mean = factor * float(row["mean"])
    digits = 1 if share or abs(mean) < 1000 else 0
    points = say("{number} pp", number="") if row["baseline"] else say("{number} %", number="")
    unit = points if share else ""
    first, last = (fixed(end, digits, sign=bool(row["baseline"])) for end in (low, high))
    ends = say("{low} to {high}", low=first, high=last)
    if low == high:
        return first + unit
    sides = " ".join(f"± {decimal(width, digits)}" for width in widths)
    return f"{ends} ({sides}){unit}"
