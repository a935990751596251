"""Pictures of a sweep: curves over a varied value, heat maps over two, cost against the promise.

Only the table of a sweep enters; what was run to fill it does not.
"""

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from portsim.figures import frontier, scales, style, words
from portsim.figures.panels import (
    Panel,
    beyond,
    by_values,
    laid_out,
    measure_name,
    unit_text,
    value_text,
)
from portsim.figures.sheet import Sheet, columns_for
from portsim.results.sweep import SweepFolder, label, varied

_MARKS = ("o", "s", "^", "D")
_LINES = ((style.INK, "-"), *style.CURVES)


def sheets(found: SweepFolder) -> Iterator[tuple[str, Sheet]]:
    """The pictures that the folder of a sweep has data for, each with the name of its file."""
    port = found.table[found.table["class"].eq("all") & found.table["place"].eq("")]
    paths = list(varied(found.manifest.study))
    numeric = [path for path in paths if pd.api.types.is_float_dtype(port[path])]
    for measure, rows in port.groupby("measure", sort=False, observed=True):
        if not rows["mean"].notna().any():
            continue
        if numeric and rows[numeric[0]].nunique() > 1:
            yield f"sweep_{measure}", _curves(str(measure), rows, numeric[0], paths, found)
        if len(numeric) > 1 and all(rows[path].nunique() > 1 for path in numeric[:2]):
            yield f"sweep_{measure}_heat", _heat(str(measure), rows, numeric[:2], paths)
    if found.frontier is not None:
        yield "frontier", frontier.draw(found.frontier, paths)


def _curves(
    measure: str, rows: pd.DataFrame, across: str, paths: list[str], found: SweepFolder
) -> Sheet:
    """The measure over the first numeric path; policies are lines, other values are panels."""
    others = [path for path in paths if path != across]
    policies = list(dict.fromkeys(rows["policy"]))
    by = "policy" if len(policies) > 1 or not others else others[0]
    split = [path for path in others if path != by] if by != "policy" else others
    panels = [
        Panel(f"{name}{part}", some[some[by].isin(few)])
        for name, some in by_values(rows, split)
        for few, part in _fours(list(dict.fromkeys(some[by])))
    ]
    lines = [value_text(by, value) for value in dict.fromkeys(rows[by])]
    alone, alike = len(panels) == 1, len(lines) <= len(_LINES)
    key = [
        Line2D([], [], color=colour, ls=dashes, marker=mark, ms=4, label=text)
        for text, (colour, dashes), mark in zip(lines, _LINES, _MARKS, strict=False)
    ]
    sure = rows["ci_low"].notna().any()
    hollow = rows["note"].astype(str).str.contains("overloaded").any()
    sheet, axes = laid_out(
        panels,
        f"{measure_name(measure)} by {label(across)}",
        (f"Points are means over {found.manifest.replications} replications of the same trucks")
        + (", bands their 95 % intervals." if sure else ".")
        + (" Hollow: overloaded, holds for this period only." if hollow else "")
        + ("" if alone else " Each panel has a scale of its own.")
        + beyond(len(panels)),
        height=2.9 if alone else 1.9,
        right=0.3 + max((words.width(text, style.SMALL) for text in lines if alone), default=0.0),
        key=key if alike and len(lines) > 1 and not alone else None,
    )
    for panel, ax in zip(panels, axes, strict=False):
        ends = _draw_lines(ax, panel.rows, across, by)
        if alone and len(ends) > 1:
            _name_ends(ax, ends)
        elif not alike:
            ax.legend(loc="best", fontsize=style.SMALL)
    return sheet


def _draw_lines(ax: Axes, rows: pd.DataFrame, across: str, by: str) -> list[tuple[float, str, str]]:
    """Lines with bands in one panel; the height, name and colour of their right ends."""
    share = rows["unit"].iloc[0] == "share"
    factor = 100.0 if share else 1.0
    ends = []
    for number, (value, some) in enumerate(rows.groupby(by, sort=False)):
        line = some.sort_values(across)
        colour, dashes = _LINES[number]
        x, y = line[across].to_numpy(), line["mean"].to_numpy() * factor
        low, high = line["ci_low"].to_numpy() * factor, line["ci_high"].to_numpy() * factor
        text = value_text(by, value)
        ax.plot(x, y, color=colour, ls=dashes, marker=_MARKS[number], ms=4, label=text)
        over = line["note"].astype(str).str.contains("overloaded").to_numpy()
        ax.plot(x[over], y[over], _MARKS[number], ms=4, mfc="white", mec=colour)
        ax.fill_between(x, low, high, color=colour, alpha=0.18, lw=0)
        ends.append((float(y[np.isfinite(y)][-1]) if np.isfinite(y).any() else 0.0, text, colour))
    ax.set_xlabel(label(across))
    ax.set_ylabel(unit_text(rows["unit"].iloc[0]))
    highest = float(np.nanmax(rows[["mean", "ci_high"]].to_numpy())) * factor
    lowest = float(np.nanmin(rows[["mean", "ci_low"]].to_numpy())) * factor
    if share:
        ax.set_ylim(max(0.0, lowest - 4), 101)
    else:
        ax.set_ylim(min(0.0, lowest * 1.08), highest * 1.08 if highest > 0 else 1.0)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: words.plain(float(value))))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.plain(float(value))))
    return ends


def _name_ends(axes: Axes, ends: list[tuple[float, str, str]]) -> None:
    """Name the lines at their right ends, none upon another."""
    low, high = axes.get_ylim()
    size = (high - low) * 0.055
    heights = scales.spread([y for y, _, _ in ends], [size] * len(ends), low, high)
    for at, (_, text, colour) in zip(heights, ends, strict=True):
        axes.annotate(
            text,
            (1.0, at),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.SMALL,
            color=colour,
            annotation_clip=False,
        )


def _heat(measure: str, rows: pd.DataFrame, over: list[str], paths: list[str]) -> Sheet:
    """The measure over two numeric paths, its value in every cell; one panel a policy."""
    split = [path for path in paths if path not in over]
    panels = [
        Panel(name if len(name) > 0 else str(policy), some)
        for policy, mine in rows.groupby("policy", sort=False)
        for name, some in (
            (f"{policy} {part}".strip(), few) for part, few in by_values(mine, split)
        )
    ]
    share = rows["unit"].iloc[0] == "share"
    factor = 100.0 if share else 1.0
    low, high = (float(f(rows["mean"] * factor)) for f in (np.nanmin, np.nanmax))
    unit = unit_text(rows["unit"].iloc[0])
    sheet, axes = laid_out(
        panels,
        f"{measure_name(measure)} by {label(over[0])} and {label(over[1])}",
        f"Means ({unit}); dark is low, light is high." + beyond(len(panels)),
        height=max(1.6, 0.30 * rows[over[1]].nunique() + 0.3),
    )
    for panel, ax in zip(panels, axes, strict=False):
        table = panel.rows.pivot_table(index=over[1], columns=over[0], values="mean", sort=True)
        values = table.to_numpy() * factor
        ax.imshow(
            values, cmap=style.HEAT, vmin=low, vmax=high if high > low else low + 1,
            origin="lower", aspect="auto",
        )  # fmt: skip
        size = style.SMALL if values.shape[1] <= 8 / max(1, columns_for(len(panels))) * 1.6 else 5.5
        for (row, column), value in np.ndenumerate(values):
            light = (value - low) / ((high - low) or 1.0) > 0.55
            ax.text(
                column, row, _cell(value / factor, share),
                ha="center", va="center", fontsize=size, color=style.INK if light else "white",
            )  # fmt: skip
        ax.grid(visible=False)
        ax.set_xticks(range(values.shape[1]), [words.plain(float(v)) for v in table.columns])
        ax.set_yticks(range(values.shape[0]), [words.plain(float(v)) for v in table.index])
        ax.set_xlabel(label(over[0]))
        ax.set_ylabel(label(over[1]))
    return sheet


def _fours(values: list[object]) -> Iterator[tuple[list[object], str]]:
    """Values four at a time: more lines in one panel cannot be told apart."""
    parts = math.ceil(len(values) / 4)
    for number in range(parts):
        few = values[number * len(values) // parts : (number + 1) * len(values) // parts]
        yield few, "" if parts == 1 else f" ({number + 1} of {parts})"


def _cell(value: float, share: bool) -> str:
    if not math.isfinite(value):
        return "–"
    return words.percent(value).removesuffix(" %") if share else words.plain(value)
