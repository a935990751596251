"""Panels of a sweep: how they lie on a sheet, and how points are named on them.

No figure of a sweep enters, only rows that are passed through.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from portsim.figures import style, text_layout
from portsim.figures.sheet import WIDTH, Sheet, columns_for
from portsim.results.port_remarks import Called
from portsim.wording import amounts, say

__all__ = [
    "Panel",
    "beyond",
    "by_values",
    "laid_out",
    "mark",
    "number_point",
    "point_text",
    "promise_line",
]

MOST_PANELS = 12
_LEFT, _RIGHT = 0.75, 0.25


@dataclass(frozen=True, eq=False, slots=True)
class Panel:
    """The rows of one panel, and what stands above it."""

    name: str
    rows: pd.DataFrame


def laid_out(
    panels: list[Panel],
    title: str,
    caption: str,
    *,
    height: float,
    right: float = _RIGHT,
    key: list[Line2D] | None = None,
    columns: int | None = None,
) -> tuple[Sheet, list[Axes]]:
    """Panels side by side, each below its name, on one sheet."""
    count = min(len(panels), MOST_PANELS)
    columns = columns or columns_for(count)
    gap = _LEFT if columns > 1 else 0.0
    width = (WIDTH - _LEFT - right - gap * (columns - 1)) / columns
    names = [
        "\n".join(
            text_layout.wrap(line, width, style.SIZE, bold=True) for line in panel.name.split("\n")
        )
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


def by_values(
    rows: pd.DataFrame, paths: list[str], called: Called
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows by the values of some paths, each group with its values in words."""
    if not paths:
        yield "", rows
        return
    for values, some in rows.groupby(paths, sort=False):
        yield point_text(dict(zip(paths, values, strict=True)), called), some


def point_text(values: Mapping[str, object], called: Called) -> str:
    """Varied values by path, and a policy, in words; `called` says how a path is called."""
    return say(", ").join(
        amounts.given(value) if path == "policy" else f"{called(path)} = {amounts.given(value)}"
        for path, value in values.items()
    )


def mark(
    text: str, face: str, edge: str = style.INK, shape: str = "o", size: float = 6.0
) -> Line2D:
    """A mark of the key, and what it stands for."""
    return Line2D([], [], color=face, marker=shape, ls="", mec=edge, ms=size, label=text)


def number_point(axes: Axes, x: float, y: float, number: object) -> None:
    """Name a point by a number beside it, above it where it lies at the bottom of the panel."""
    low, high = axes.get_ylim()
    above = y - low < 0.06 * (high - low)
    axes.annotate(
        str(number), (x, y), (6, 4 if above else -5), textcoords="offset points", ha="left",
        va="bottom" if above else "top", fontsize=style.SMALL, zorder=6,
        bbox={"fc": "white", "ec": "none", "alpha": 0.85, "pad": 0.5},
    )  # fmt: skip


def promise_line() -> Line2D:
    """What stands for the promise in the key."""
    return Line2D([], [], color=style.ALARM, ls=(0, (4, 2)), lw=1.0, label=say("the promise"))


def beyond(count: int) -> str:
    """A sentence on panels that found no room; empty if all did."""
    left = count - MOST_PANELS
    if left <= 0:
        return ""
    return say("Panels that are not drawn: {count}; the table has all.", count=left)
