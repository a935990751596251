"""A forecast on the terminal: queues by hour, and the trucks that are out last."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich import box
from rich.table import Table
from rich.text import Text

from portsim.results.forecast import label_of, moment
from portsim.wording import amounts, say

__all__ = ["queues", "trucks"]

_ROWS, _STAGES = 12, 6


def queues(table: pd.DataFrame, study: Mapping[str, Any], policy: str) -> Table:
    """Trucks waiting, whole port and the stages with the longest queues. In: forecast.csv."""
    rows = table[table["policy"].eq(policy)]
    peaks = rows[rows["stage"].ne("")].groupby("stage", sort=False)["waiting_mean"].max()
    stages = [s for s in peaks[peaks >= 0.5].nlargest(_STAGES).index if s]
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    heads = (say("time"), say("port"), *(label_of(study, stage) for stage in stages))
    for number, head in enumerate(heads):
        shown.add_column(Text(head), justify="right" if number else "left")
    times = rows.loc[rows["stage"].eq(""), "time"].tolist()
    step = max(4, -(-(len(times) - 1) // (_ROWS * 4)) * 4)
    by = rows.set_index(["stage", "time"])
    for time in times[::step]:
        cells = [_band(by.loc[(stage, time)]) for stage in ("", *stages)]
        shown.add_row(moment(time), *cells)
    return shown


def _band(row: Any) -> str:
    low, middle, high = (amounts.count(row[f"waiting_{q}"]) for q in ("q10", "q50", "q90"))
    return middle if low == high else f"{middle} ({low}–{high})"


def trucks(table: pd.DataFrame, study: Mapping[str, Any], policy: str, most: int) -> Table:
    """The trucks inside that are out last. In: trucks.csv."""
    rows = table[table["policy"].eq(policy) & table["status"].isin(["waiting", "working"])]
    # What is not out in the period has no text, and stands last.
    order = rows["out_q50"].where(rows["out_q50"].ne(""), "~")
    rows = rows.loc[order.sort_values(kind="stable").index].tail(most)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    words = say("truck"), say("class"), say("stage")
    figures = say("out"), "10 %", "90 %", say("in time"), say("before closing")
    for head in words:
        shown.add_column(Text(head))
    for head in figures:
        shown.add_column(Text(head), justify="right")
    for row in rows.to_dict("records"):
        instants = (_later(row[f"out_{q}"]) for q in ("q50", "q10", "q90"))
        shares = (_share(row[name]) for name in ("within_limit", "before_closing"))
        called = study["class_labels"].get(row["class"], row["class"])
        names = (row["truck"], called, label_of(study, row["stage"]))
        shown.add_row(*(Text(str(name)) for name in names), *instants, *shares)
    return shown


def _later(text: str) -> str:
    return moment(text) if text else say("later")


def _share(share: float) -> str:
    return amounts.percent(share) if math.isfinite(share) else "–"
