"""Pictures of a sweep: curves over a varied value, heat maps over two, cost against the promise.

Only the table of a sweep enters; what was run to fill it does not.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from portsim.figures import style, words
from portsim.figures.sheet import WIDTH, Sheet, columns_for
from portsim.results.sweep import COST, STAFFED, SweepFolder, label

_MARKS = ("o", "s", "^", "D")
_LINES = ((style.INK, "-"), *style.CURVES)
_PANELS = 12
_LEFT, _RIGHT, _GAP, _TITLE = 0.75, 0.25, 0.45, 0.30


@dataclass(frozen=True, eq=False, slots=True)
class _Panel:
    name: str
    rows: pd.DataFrame


def sheets(found: SweepFolder) -> Iterator[tuple[str, Sheet]]:
    """The pictures that the folder of a sweep has data for, each with the name of its file."""
    port = found.table[found.table["class"].eq("all") & found.table["place"].eq("")]
    paths = list(found.manifest.study["varied"])
    numeric = [path for path in paths if pd.api.types.is_float_dtype(port[path])]
    for measure, rows in port.groupby("measure", sort=False, observed=True):
        if not rows["mean"].notna().any():
            continue
        if numeric and rows[numeric[0]].nunique() > 1:
            yield f"sweep_{measure}", _curves(str(measure), rows, numeric[0], paths, found)
        if len(numeric) > 1 and all(rows[path].nunique() > 1 for path in numeric[:2]):
            yield f"sweep_{measure}_heat", _heat(str(measure), rows, numeric[:2], paths)
    if found.frontier is not None:
        yield "frontier", _frontier(found.frontier, paths)


def _curves(
    measure: str, rows: pd.DataFrame, across: str, paths: list[str], found: SweepFolder
) -> Sheet:
    """The measure over the first numeric path; policies are lines, other values are panels."""
    others = [path for path in paths if path != across]
    policies = list(dict.fromkeys(rows["policy"]))
    by = "policy" if len(policies) > 1 or not others else others[0]
    split = [path for path in others if path != by] if by != "policy" else others
    panels = [
        _Panel(f"{name}{part}", some[some[by].isin(few)])
        for name, some in _by(rows, split)
        for few, part in _fours(list(dict.fromkeys(some[by])))
    ]
    share = rows["unit"].iloc[0] == "share"
    lines = [_text(by, value) for value in dict.fromkeys(rows[by])] if len(panels) == 1 else []
    sure = rows["ci_low"].notna().any()
    sheet, axes = _laid_out(
        panels,
        f"{words.measure(measure)} by {label(across)}",
        (f"Points are means over {found.manifest.replications} replications of the same trucks")
        + (", bands their 95 % intervals." if sure else ".")
        + _beyond(len(panels)),
        height=2.9 if len(panels) == 1 else 1.9,
        right=0.3 + max((words.width(text, style.SMALL) for text in lines), default=0.0),
    )
    factor = 100.0 if share else 1.0
    for panel, ax in zip(panels, axes, strict=False):
        ends = []
        for number, (value, some) in enumerate(panel.rows.groupby(by, sort=False)):
            line = some.sort_values(across)
            colour, dashes = _LINES[number]
            x, y = line[across].to_numpy(), line["mean"].to_numpy() * factor
            ax.plot(
                x, y, color=colour, ls=dashes, marker=_MARKS[number], ms=4, label=_text(by, value)
            )
            if sure:
                ax.fill_between(
                    x, line["ci_low"] * factor, line["ci_high"] * factor, color=colour, alpha=0.18,
                    lw=0,
                )  # fmt: skip
            ends.append((float(y[-1]), _text(by, value), colour))
        ax.set_xlabel(label(across))
        ax.set_ylabel("%" if share else rows["unit"].iloc[0].replace("1/d", "a day"))
        top = float(np.nanmax(panel.rows[["mean", "ci_high"]].to_numpy())) * factor
        low = float(np.nanmin(panel.rows[["mean", "ci_low"]].to_numpy())) * factor
        ax.set_ylim(*((max(0.0, low - 4), 101) if share else (0, top * 1.08 or 1.0)))
        if len(ends) > 1:
            _name_ends(ax, ends, inside=len(panels) > 1)
    return sheet


def _name_ends(axes: Axes, ends: list[tuple[float, str, str]], *, inside: bool) -> None:
    """Name the lines at their right ends, one above the other; in small panels in a key."""
    if inside:
        axes.legend(loc="best", fontsize=style.SMALL)
        return
    low, high = axes.get_ylim()
    step, at = (high - low) * 0.055, -math.inf
    for y, text, colour in sorted(ends):
        at = max(y, at + step)
        axes.annotate(
            text,
            (1.0, at),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.SMALL,
            color=style.INK if colour == style.INK else colour,
            annotation_clip=False,
        )


def _heat(measure: str, rows: pd.DataFrame, over: list[str], paths: list[str]) -> Sheet:
    """The measure over two numeric paths, its value in every cell; one panel a policy."""
    split = [path for path in paths if path not in over]
    panels = [
        _Panel(name if len(name) > 0 else str(policy), some)
        for policy, mine in rows.groupby("policy", sort=False)
        for name, some in ((f"{policy} {part}".strip(), few) for part, few in _by(mine, split))
    ]
    share = rows["unit"].iloc[0] == "share"
    factor = 100.0 if share else 1.0
    low, high = (float(f(rows["mean"] * factor)) for f in (np.nanmin, np.nanmax))
    unit = "%" if share else rows["unit"].iloc[0]
    sheet, axes = _laid_out(
        panels,
        f"{words.measure(measure)} by {label(over[0])} and {label(over[1])}",
        f"Means in {unit}; dark is low, light is high." + _beyond(len(panels)),
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
                column, row, words.plain(value) if np.isfinite(value) else "–",
                ha="center", va="center", fontsize=size, color=style.INK if light else "white",
            )  # fmt: skip
        ax.grid(visible=False)
        ax.set_xticks(range(values.shape[1]), [words.plain(float(v)) for v in table.columns])
        ax.set_yticks(range(values.shape[0]), [words.plain(float(v)) for v in table.index])
        ax.set_xlabel(label(over[0]))
        ax.set_ylabel(label(over[1]))
    return sheet


def _frontier(table: pd.DataFrame, paths: list[str]) -> Sheet:
    """Cost, or staffed hours, against each promised measure; a line joins the best for a cost."""
    priced = table[COST].notna().any()
    spent, unit = (COST, "CNY a day") if priced else (STAFFED, "staffed hours a day")
    required = list(dict.fromkeys(table["requirement"]))
    panels = [_Panel(one, table[table["requirement"].eq(one)]) for one in required]
    kept = int((table["rank"] > 0).sum() // len(required))
    title = (
        f"{kept} of {len(table) // len(required)} points surely keep the promise"
        if kept
        else "No point surely keeps the promise"
    )
    key = [
        Line2D([], [], color=style.BLUE, marker="o", ls="", mec=style.INK, label="kept for sure"),
        Line2D([], [], color="white", marker="o", ls="", mec=style.MUTED, label="not for sure"),
        Line2D([], [], color=style.INK, lw=1.0, label="no other is better for its cost"),
    ]
    sheet, axes = _laid_out(
        panels,
        title,
        "Each mark is a point of the sweep, its bar the limits that hold for all points together "
        "(95 %). The dashed line is the promise. The cheapest that keeps it is named.",
        height=3.0 if len(panels) == 1 else 2.2,
        key=key,
    )
    for panel, ax in zip(panels, axes, strict=True):
        rows = panel.rows.sort_values([spent, "mean"])
        ax.vlines(rows[spent], rows["low"], rows["high"], color=style.FAINT, lw=1.2, zorder=1)
        best = rows[rows["frontier"].eq("yes")]
        ax.plot(best[spent], best["mean"], color=style.INK, lw=1.0, drawstyle="steps-post")
        for met, face, edge in (("no", "white", style.MUTED), ("yes", style.BLUE, style.INK)):
            some = rows[rows["met"].eq(met)]
            ax.plot(some[spent], some["mean"], "o", mfc=face, mec=edge, ms=5, mew=0.8, zorder=3)
        ax.axhline(float(panel.name.rsplit("=", 1)[1]), color=style.ALARM, ls=(0, (4, 2)), lw=1.0)
        first = rows[rows["rank"].eq(1)]
        for at, mean, values in zip(
            first[spent],
            first["mean"],
            first[["policy", *paths]].itertuples(index=False),
            strict=True,
        ):
            text = ", ".join(_text(p, v) for p, v in zip(["policy", *paths], values, strict=True))
            left = at > (rows[spent].min() + rows[spent].max()) / 2
            ax.annotate(
                words.wrap(text, 2.6, style.SMALL),
                (at, mean),
                xytext=(-8 if left else 8, -8),
                textcoords="offset points",
                ha="right" if left else "left",
                va="top",
                fontsize=style.SMALL,
                bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.85},
                zorder=4,
            )
        ax.set_xlabel(unit)
        ax.set_ylabel(panel.name.split(">=")[0].split("<=")[0])
    return sheet


def _laid_out(
    panels: list[_Panel],
    title: str,
    caption: str,
    *,
    height: float,
    right: float = _RIGHT,
    key: list[Line2D] | None = None,
) -> tuple[Sheet, list[Axes]]:
    """Panels side by side, each below its name, on one sheet."""
    count = min(len(panels), _PANELS)
    columns = columns_for(count)
    gap = _LEFT if columns > 1 else 0.0
    width = (WIDTH - _LEFT - right - gap * (columns - 1)) / columns
    names = [words.wrap(panel.name, width, style.SIZE, bold=True) for panel in panels[:count]]
    head = 0.165 * max(name.count("\n") + 1 for name in names) + 0.08 if any(names) else 0.08
    step = head + height + 0.62
    sheet = Sheet(title, caption, step * math.ceil(count / columns) - 0.1, key or [])
    axes = []
    for index, name in enumerate(names):
        row, column = divmod(index, columns)
        left = _LEFT + column * (width + gap)
        sheet.text(left, row * step, name, bold=True)
        axes.append(sheet.axes(left, row * step + head, width, height))
    return sheet, axes


def _by(rows: pd.DataFrame, paths: list[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows by the values of some paths, each group with its values in words."""
    if not paths:
        yield "", rows
        return
    for values, some in rows.groupby(paths, sort=False):
        yield ", ".join(_text(p, v) for p, v in zip(paths, values, strict=True)), some


def _fours(values: list[object]) -> Iterator[tuple[list[object], str]]:
    """Values four at a time: more lines in one panel cannot be told apart."""
    parts = math.ceil(len(values) / 4)
    for number in range(parts):
        few = values[number * len(values) // parts : (number + 1) * len(values) // parts]
        yield few, "" if parts == 1 else f" ({number + 1} of {parts})"


def _text(path: str, value: object) -> str:
    text = words.plain(value) if isinstance(value, float) else str(value)
    return text if path == "policy" else f"{label(path)} = {text}"


def _beyond(count: int) -> str:
    left = count - _PANELS
    return f" {left} more panels are not drawn; the table has all." if left > 0 else ""
