"""Cost against a promise: which points of a sweep keep it, and the best for each cost.

Only the ranked points of a sweep enter.
"""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from portsim.figures import style
from portsim.figures.panels import (
    Panel,
    beyond,
    by_values,
    laid_out,
    mark,
    number_point,
    point_text,
    promise_line,
)
from portsim.figures.sheet import Sheet
from portsim.results.port_remarks import Called
from portsim.results.requirements import read_promise, requirement_text
from portsim.results.sweep import COST, STAFFED, circumstances
from portsim.scenario.measure_catalogue import unit_of
from portsim.wording import amounts, say, sentences

__all__ = ["draw"]


_MOST_NUMBERS = 8


def draw(table: pd.DataFrame, paths: list[str], currency: str, called: Called) -> Sheet:
    """Cost, or staffed hours, against each promised measure; a line joins the best for a cost, and
    numbers name its points where there is one panel."""
    priced = table[COST].notna().any()
    spent, unit = (
        (COST, amounts.unit_words(f"{currency}/d"))
        if priced
        else (STAFFED, say("staffed hours a day"))
    )
    required = list(dict.fromkeys(table["requirement"]))
    given = circumstances(paths)
    chosen = ["policy", *(path for path in paths if path not in given)]
    panels = [
        Panel(
            "\n".join(
                filter(None, (name, requirement_text(promise), _named(rows, chosen, called)))
            ),
            rows,
        )
        for name, some in by_values(table, given, called)
        for promise in required
        for rows in [some[some["requirement"].eq(promise)]]
    ]
    kept = int((table["rank"] > 0).sum() // len(required))
    title = (
        say(
            "{kept} of {count} points meet the promise with 95 % confidence",
            kept=kept,
            count=len(table) // len(required),
        )
        if kept
        else say("No point meets the promise with 95 % confidence")
    )
    key = [
        mark(say("kept for sure"), style.BLUE),
        mark(say("not for sure"), "white", style.MUTED),
        mark(say("the cheapest"), "none", size=9),
        Line2D([], [], color=style.INK, lw=1.0, label=say("the best for its cost")),
        promise_line(),
    ]
    sheet, axes = laid_out(
        panels,
        title,
        sentences(
            say(
                "Each mark is a point of the sweep, its bar the limits that hold for all points"
                " together (95 %)."
            ),
            say("Points far from the promise may lie outside."),
            _numbers(_best(panels[0].rows, spent), chosen, called) if len(panels) == 1 else "",
            beyond(len(panels)),
        ),
        height=3.0 if len(panels) == 1 else 2.2,
        key=key,
        # A row for each traffic, where there is more than one promise.
        columns=len(required) if given and 1 < len(required) <= 3 else None,
    )
    for panel, ax in zip(panels, axes, strict=False):
        _draw_frontier(ax, panel.rows, spent)
        ax.set_xlabel(unit)
        for number, point in enumerate(_best(panel.rows, spent) if len(panels) == 1 else (), 1):
            factor = 100.0 if unit_of(read_promise(point["requirement"])[0]) == "share" else 1.0
            number_point(ax, point[spent], factor * point["mean"], number)
    return sheet


def _best(rows: pd.DataFrame, spent: str) -> list[dict[Any, Any]]:
    """The last points of the line that joins the best for their cost: those next to the promise."""
    best = rows[rows["frontier"].eq("yes")].sort_values(spent, kind="stable")
    return best.tail(_MOST_NUMBERS).to_dict("records")


def _numbers(best: list[dict[Any, Any]], chosen: list[str], called: Called) -> str:
    """What the numbers stand for."""
    named = [
        f"{number}: {point_text({path: point[path] for path in chosen}, called)}"
        for number, point in enumerate(best, 1)
    ]
    return say("The best for their cost: {points}.", points=say("; ").join(named)) if named else ""


def _draw_frontier(ax: Axes, points: pd.DataFrame, spent: str) -> None:
    """The points of one panel, those best for their cost joined."""
    measure, at_least, value = read_promise(points["requirement"].iloc[0])
    share = unit_of(measure) == "share"
    factor = 100.0 if share else 1.0
    rows = points.assign(**{name: points[name] * factor for name in ("mean", "low", "high")})
    rows = rows.sort_values([spent, "mean"])
    promise = value * factor
    ax.vlines(rows[spent], rows["low"], rows["high"], color=style.FAINT, lw=1.6, zorder=1)
    best = rows[rows["frontier"].eq("yes")]
    ax.plot(best[spent], best["mean"], color=style.INK, lw=1.0, drawstyle="steps-post", zorder=2)
    for met, face, edge in (("no", "white", style.MUTED), ("yes", style.BLUE, style.INK)):
        some = rows[rows["met"].eq(met)]
        ax.plot(some[spent], some["mean"], "o", mfc=face, mec=edge, ms=5, mew=0.8, zorder=3)
    first = rows[rows["rank"].eq(1)]
    ax.plot(first[spent], first["mean"], "o", mfc="none", mec=style.INK, ms=9, mew=1.0, zorder=4)
    ax.axhline(promise, color=style.ALARM, ls=(0, (4, 2)), lw=1.0)
    if share:
        ax.set_ylim(max(0.0, min(promise, float(rows["mean"].min())) - 6), 103)
    elif not at_least:
        means = rows["mean"].to_numpy(np.float64)
        near = [1.4 * promise, *means[means <= 3 * promise], *np.sort(means)[:1]]
        ax.set_ylim(0, 1.15 * float(np.nanmax(near)) or 1.0)
    ax.set_ylabel(amounts.unit_words(unit_of(measure)))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: amounts.plain(float(value))))


def _named(rows: pd.DataFrame, chosen: list[str], called: Called) -> str:
    """Which point is the cheapest that keeps every promise."""
    first = rows[rows["rank"].eq(1)]
    if not len(first):
        return say("none keeps it for sure")
    values = first.iloc[0]
    point = point_text({path: values[path] for path in chosen}, called)
    return say("cheapest: {point}", point=point)
