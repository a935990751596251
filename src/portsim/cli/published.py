"""Published figures beside the simulated ones on the terminal."""

import math
import textwrap
from collections.abc import Iterator

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from portsim.wording import amounts, decimal, later, say

__all__ = ["show_observed"]

_COLUMNS = (
    *(later("role"), later("published"), later("mark"), later("simulated"), later("one period")),
    *(later("gap"), later("gap, %"), later("inside")),
)
_UNITS = {"1": "", "1/d": later("a day"), "share": "", "t/d": "t/d"}
_WORDS = (later("input"), later("prediction"), later("yes"), later("no"))


def show_observed(screen: Console, observed: pd.DataFrame) -> None:
    """Print the columns of observed.csv, one table a scenario, and how to read them."""
    for scenario, rows in observed.groupby("scenario", sort=False):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column(say("published about {policy}", policy=scenario))
        for column in _COLUMNS:
            words = column in ("role", "mark", "inside")
            table.add_column(say(column), justify="left" if words else "right", no_wrap=True)
        for _, row in rows.iterrows():
            table.add_row(*(Text(cell) for cell in _cells(row)))
        screen.print(table)
    for line in _how_to_read(observed):
        width = min(screen.width, 100)
        screen.print(Text(textwrap.fill(line, width, subsequent_indent="    ")))


def _how_to_read(observed: pd.DataFrame) -> Iterator[str]:
    roles = set(observed["role"])
    if "input" in roles:
        yield say("input: the scenario was given this figure; that they agree proves nothing.")
    if "prediction" in roles:
        yield say("prediction: the scenario was not given this figure.")
    yield say(
        "Gap = simulated − published, reported and not closed. ± is the 95 % interval of the "
        "simulated mean; a published figure is of one real period and belongs beside one period: "
        "the limits that 95 % of such periods keep. Inside: within these."
    )
    if (observed["inside"].eq("") & observed["replications"].gt(1)).any():
        yield say("No limits: the share was the same in every replication, so none can be given.")
    few = observed[observed["mean"].notna() & (observed["ci_low"] == observed["ci_high"])]
    if len(few):
        yield say("No ±: it is the same in every replication.")


def _cells(row: pd.Series) -> list[str]:
    digits = _digits(float(row["published"]))
    mean, low, high = (float(row[name]) for name in ("mean", "ci_low", "ci_high"))
    simulated = say("undefined") if math.isnan(mean) else decimal(mean, digits)
    if low < high:
        half = max(high - mean, mean - low)
        simulated += f" ± {decimal(half, digits)}"
    first, last = float(row["period_low"]), float(row["period_high"])
    period = amounts.span(decimal(first, digits), decimal(last, digits)) if first < last else "–"
    unit = str(row["unit"])
    unit = say(_UNITS[unit]) if _UNITS.get(unit) else _UNITS.get(unit, unit)
    label = str(row["label"])
    label = say("{measure}, {unit}", measure=label, unit=unit) if unit else label
    return [
        label,
        _said(row["role"]),
        decimal(float(row["published"]), digits),
        str(row["confidence"]),
        simulated,
        period,
        amounts.gap(float(row["gap"]), digits),
        amounts.gap(float(row["gap_percent"]), 2),
        _said(row["inside"]) or "–",
    ]


def _said(word: object) -> str:
    return say(str(word)) if word in _WORDS else str(word)


def _digits(published: float) -> int:
    """As many decimals as were published, but two at least for numbers below ten."""
    written = f"{published:.10g}".partition(".")[2]
    return max(len(written), 2 if 0 < abs(published) < 10 and written else 0)
