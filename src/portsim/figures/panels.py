"""Panels of a sweep: how they lie on a sheet, and how points are named on them.

No figure of a sweep enters, only rows that are passed through.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from portsim.figures import style, text_layout
from portsim.figures.sheet import WIDTH, Sheet, columns_for
from portsim.results.sweep import label
from portsim.wording import amounts

__all__ = ["Panel", "beyond", "by_values", "laid_out", "value_text"]

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


def by_values(rows: pd.DataFrame, paths: list[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows by the values of some paths, each group with its values in words."""
    if not paths:
        yield "", rows
        return
    for values, some in rows.groupby(paths, sort=False):
        yield ", ".join(value_text(p, v) for p, v in zip(paths, values, strict=True)), some


def value_text(path: str, value: object) -> str:
    """A varied value, or a policy, in words."""
    text = amounts.plain(value) if isinstance(value, float) else str(value)
    return text if path == "policy" else f"{label(path)} = {text}"


def beyond(count: int) -> str:
    """A sentence on panels that found no room; empty if all did."""
    left = count - MOST_PANELS
    return f" {left} more panels are not drawn; the table has all." if left > 0 else ""
