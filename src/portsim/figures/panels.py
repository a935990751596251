"""Panels of a sweep: how they lie on a sheet, and how points are named on them.

No figure of a sweep enters, only rows that are passed through.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from portsim.figures import style, words
from portsim.figures.sheet import WIDTH, Sheet, columns_for
from portsim.results.sweep import label

__all__ = ["Panel", "beyond", "by_values", "laid_out", "measure_name", "unit_text", "value_text"]

MOST_PANELS = 12
_LEFT, _RIGHT = 0.75, 0.25
_MEASURES = {
    "arrived": "Trucks that came",
    "released": "Trucks released",
    "diverted": "Trucks turned away",
    "given_up": "Trucks that gave up waiting",
    "throughput_per_day": "Trucks a day",
    "throughput_tonnes_per_day": "Tonnes a day",
    "throughput_cny_per_day": "Value of goods a day",
    "residents_per_day": "Residents a day",
    "throughput_per_open_hour": "Trucks an open hour",
    "completed_within_limit": "Share of trucks out within the limit",
    "stay_mean_h": "Mean stay",
    "stay_p50_h": "Median stay",
    "stay_p95_h": "95th percentile of the stay",
    "wait_open_mean_h": "Mean wait while open",
    "wait_closed_mean_h": "Mean wait while closed",
    "service_mean_h": "Mean time in service",
    "paused_mean_h": "Mean time of paused work",
    "blocked_mean_h": "Mean time blocked",
    "queue_mean": "Mean number waiting",
    "queue_max": "Most trucks waiting",
    "inside_mean": "Mean number of trucks inside",
    "inside_max": "Most trucks inside",
    "inside_at_start": "Trucks inside at the start",
    "inside_at_end": "Trucks inside at the end",
    "growth_per_day": "Growth of the stock of trucks a day",
    "overnight_mean": "Trucks inside overnight",
    "utilisation": "Utilisation",
    "overtime_h_per_day": "Overtime",
    "staffed_h_per_day": "Staffed hours",
    "load": "Offered load",
}


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


def by_values(rows: pd.DataFrame, paths: list[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows by the values of some paths, each group with its values in words."""
    if not paths:
        yield "", rows
        return
    for values, some in rows.groupby(paths, sort=False):
        yield ", ".join(value_text(p, v) for p, v in zip(paths, values, strict=True)), some


def value_text(path: str, value: object) -> str:
    """A varied value, or a policy, in words."""
    text = words.plain(value) if isinstance(value, float) else str(value)
    return text if path == "policy" else f"{label(path)} = {text}"


def unit_text(unit: str) -> str:
    """A unit as it stands beside an axis."""
    return {"share": "%", "1": "trucks", "1/d": "a day", "h/d": "h a day"}.get(unit, unit)


def beyond(count: int) -> str:
    """A sentence on panels that found no room; empty if all did."""
    left = count - MOST_PANELS
    return f" {left} more panels are not drawn; the table has all." if left > 0 else ""


def measure_name(measure: str) -> str:
    """A measure as a planner would name it, to begin a sentence with."""
    return _MEASURES.get(measure, measure)
