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
from matplotlib.ticker import FuncFormatter, MaxNLocator

from portsim.figures import scales, style, words
from portsim.figures.sheet import WIDTH, Sheet, columns_for
from portsim.measures import unit_of
from portsim.results.sweep import COST, STAFFED, SweepFolder, circumstances, label, varied

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
    lines = [_text(by, value) for value in dict.fromkeys(rows[by])]
    alone, alike = len(panels) == 1, len(lines) <= len(_LINES)
    key = [
        Line2D([], [], color=colour, ls=dashes, marker=mark, ms=4, label=text)
        for text, (colour, dashes), mark in zip(lines, _LINES, _MARKS, strict=False)
    ]
    sure = rows["ci_low"].notna().any()
    hollow = rows["note"].astype(str).str.contains("overloaded").any()
    sheet, axes = _laid_out(
        panels,
        f"{words.measure(measure)} by {label(across)}",
        (f"Points are means over {found.manifest.replications} replications of the same trucks")
        + (", bands their 95 % intervals." if sure else ".")
        + (" Hollow: overloaded, holds for this period only." if hollow else "")
        + ("" if alone else " Each panel has a scale of its own.")
        + _beyond(len(panels)),
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
        text = _text(by, value)
        ax.plot(x, y, color=colour, ls=dashes, marker=_MARKS[number], ms=4, label=text)
        over = line["note"].astype(str).str.contains("overloaded").to_numpy()
        ax.plot(x[over], y[over], _MARKS[number], ms=4, mfc="white", mec=colour)
        ax.fill_between(x, low, high, color=colour, alpha=0.18, lw=0)
        ends.append((float(y[np.isfinite(y)][-1]) if np.isfinite(y).any() else 0.0, text, colour))
    ax.set_xlabel(label(across))
    ax.set_ylabel(_unit(rows["unit"].iloc[0]))
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
        _Panel(name if len(name) > 0 else str(policy), some)
        for policy, mine in rows.groupby("policy", sort=False)
        for name, some in ((f"{policy} {part}".strip(), few) for part, few in _by(mine, split))
    ]
    share = rows["unit"].iloc[0] == "share"
    factor = 100.0 if share else 1.0
    low, high = (float(f(rows["mean"] * factor)) for f in (np.nanmin, np.nanmax))
    unit = _unit(rows["unit"].iloc[0])
    sheet, axes = _laid_out(
        panels,
        f"{words.measure(measure)} by {label(over[0])} and {label(over[1])}",
        f"Means ({unit}); dark is low, light is high." + _beyond(len(panels)),
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


def _frontier(table: pd.DataFrame, paths: list[str]) -> Sheet:
    """Cost, or staffed hours, against each promised measure; a line joins the best for a cost."""
    priced = table[COST].notna().any()
    spent, unit = (COST, "CNY a day") if priced else (STAFFED, "staffed hours a day")
    required = list(dict.fromkeys(table["requirement"]))
    given = circumstances(paths)
    chosen = ["policy", *(path for path in paths if path not in given)]
    panels = [
        _Panel("\n".join(filter(None, (name, _promise(one), _named(rows, chosen)))), rows)
        for name, some in _by(table, given)
        for one in required
        for rows in [some[some["requirement"].eq(one)]]
    ]
    kept = int((table["rank"] > 0).sum() // len(required))
    title = (
        f"{kept} of {len(table) // len(required)} points surely keep the promise"
        if kept
        else "No point surely keeps the promise"
    )
    key = [
        Line2D([], [], color=style.BLUE, marker="o", ls="", mec=style.INK, label="kept for sure"),
        Line2D([], [], color="white", marker="o", ls="", mec=style.MUTED, label="not for sure"),
        Line2D([], [], color="none", marker="o", ls="", ms=9, mec=style.INK, label="the cheapest"),
        Line2D([], [], color=style.INK, lw=1.0, label="the best for its cost"),
        Line2D([], [], color=style.ALARM, ls=(0, (4, 2)), lw=1.0, label="the promise"),
    ]
    sheet, axes = _laid_out(
        panels,
        title,
        "Each mark is a point of the sweep, its bar the limits that hold for all points together "
        "(95 %). Points far from the promise may lie outside." + _beyond(len(panels)),
        height=3.0 if len(panels) == 1 else 2.2,
        key=key,
        # A row for each traffic, where there is more than one promise.
        columns=len(required) if given and 1 < len(required) <= 3 else None,
    )
    for panel, ax in zip(panels, axes, strict=False):
        _draw_frontier(ax, panel.rows, spent)
        ax.set_xlabel(unit)
    return sheet


def _draw_frontier(ax: Axes, found: pd.DataFrame, spent: str) -> None:
    """The points of one panel, those best for their cost joined."""
    measure, at_least, value = _asked(found["requirement"].iloc[0])
    share = unit_of(measure) == "share"
    factor = 100.0 if share else 1.0
    rows = found.assign(**{name: found[name] * factor for name in ("mean", "low", "high")})
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
    ax.set_ylabel(_unit(unit_of(measure)))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: words.plain(float(value))))


def _asked(requirement: str) -> tuple[str, bool, float]:
    """Measure, whether it must reach the value (or not exceed it), and the value."""
    at_least = ">=" in requirement
    where, _, value = requirement.partition(">=" if at_least else "<=")
    return where, at_least, float(value)


def _promise(requirement: str) -> str:
    """A requirement as a planner reads it."""
    where, at_least, value = _asked(requirement)
    measure, _, inside = where.rstrip("]").partition("[")
    share = unit_of(measure) == "share"
    asked = f"{words.plain(100 * value)} %" if share else words.plain(value)
    unit = "" if share else f" {_unit(unit_of(measure))}"
    of = f" ({inside})" if inside else ""
    return f"{words.measure(measure)}{of} {'≥' if at_least else '≤'} {asked}{unit}".rstrip()


def _named(rows: pd.DataFrame, chosen: list[str]) -> str:
    """Which point is the cheapest that keeps every promise."""
    first = rows[rows["rank"].eq(1)]
    if not len(first):
        return "none keeps it for sure"
    values = first.iloc[0]
    return "cheapest: " + ", ".join(_text(path, values[path]) for path in chosen)


def _laid_out(
    panels: list[_Panel],
    title: str,
    caption: str,
    *,
    height: float,
    right: float = _RIGHT,
    key: list[Line2D] | None = None,
    columns: int | None = None,
) -> tuple[Sheet, list[Axes]]:
    """Panels side by side, each below its name, on one sheet."""
    count = min(len(panels), _PANELS)
    columns = columns or columns_for(count)
    gap = _LEFT if columns > 1 else 0.0
    width = (WIDTH - _LEFT - right - gap * (columns - 1)) / columns
    names = [
        "\n".join(words.wrap(line, width, style.SIZE, bold=True) for line in panel.name.split("\n"))
        for panel in panels[:count]
    ]
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


def _unit(unit: str) -> str:
    return {"share": "%", "1": "trucks", "1/d": "a day", "h/d": "h a day"}.get(unit, unit)


def _cell(value: float, share: bool) -> str:
    if not math.isfinite(value):
        return "–"
    return words.percent(value).removesuffix(" %") if share else words.plain(value)


def _beyond(count: int) -> str:
    left = count - _PANELS
    return f" {left} more panels are not drawn; the table has all." if left > 0 else ""
