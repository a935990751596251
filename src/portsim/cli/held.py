"""A scenario held against a log, on the terminal: the verdict, and both side by side."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich import box
from rich.table import Table
from rich.text import Text

from portsim.results.check import verdict_sentence
from portsim.results.check_faults import fault_sentence
from portsim.results.check_labels import measure_label, stage_label
from portsim.wording import amounts, later, say

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["distances", "show_verdict", "side_by_side", "tell"]

_INSIDE = {"yes": later("inside"), "no": later("outside")}


def tell(screen: "Console", text: str, first: str = "", rest: str = "    ") -> None:
    """Print a sentence, folded to the screen."""
    folded = textwrap.fill(
        text,
        min(screen.width, 100),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )
    screen.print(Text(folded))


def show_verdict(screen: "Console", facts: Mapping[str, Any]) -> None:
    """Print the verdict and each fault; `facts` as of `portsim.held.Held`."""
    tell(screen, verdict_sentence(facts))
    for fault in facts["faults"]:
        tell(screen, fault_sentence(fault, facts), "  - ")


def side_by_side(table: pd.DataFrame, facts: Mapping[str, Any]) -> Table:
    """Figures of all classes: log, simulated, 95 % of periods, inside. In: check.csv; `facts` as of
    `portsim.held.Held`.
    """
    shown = _titled(
        say("All classes, with the trucks of the log (arrivals: the scenario's own)"),
        (say("measure"), say("log"), say("simulated"), say("one simulated period"), say("lies")),
    )
    rows = table[table["truck_class"].eq("all")]
    own = rows["measure"].eq("arrivals_per_day")
    rows = rows[(rows["arrivals"].eq("own") & own) | (rows["arrivals"].eq("log") & ~own)]
    rows = rows.sort_values("place", key=lambda places: places.ne(""), kind="stable")
    for row in rows.to_dict("records"):
        unit = row["unit"]
        low, high = (amounts.quantity(row[end], unit) for end in ("low", "high"))
        shown.add_row(
            _named(row["place"], row["measure"], facts),
            amounts.quantity(row["log"], unit),
            amounts.quantity(row["simulated"], unit),
            amounts.span(low, high),
            say(_INSIDE[row["inside"]]) if row["inside"] else "",
        )
    return shown


def distances(table: pd.DataFrame, facts: Mapping[str, Any]) -> Table:
    """Distances as multiples of the floor. In: distances.csv; `facts` as above."""
    shown = _titled(
        say("Distance of the log, in multiples of that of two simulated periods"),
        (say("measure"), say("with its trucks"), say("with the scenario's")),
    )
    for (measure, place), rows in table.groupby(["measure", "place"], sort=False):
        by = dict(zip(rows["arrivals"], rows["multiple"], strict=True))
        cells = (
            "–" if by[kind] != by[kind] else amounts.number(by[kind]) for kind in ("log", "own")
        )
        shown.add_row(_named(str(place), str(measure), facts), *cells)
    return shown


def _titled(title: str, heads: Iterable[str]) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
    for number, head in enumerate(heads):
        shown.add_column(head, justify="right" if number else "left")
    return shown


def _named(place: str, measure: str, facts: Mapping[str, Any]) -> Text:
    label = measure_label(measure)
    return Text(f"{stage_label(facts, place)}: {label}" if place else label)
