"""The room of the report: a sheet of `portsim.figures` as a drawing inside the page.

Its text stays text in the reader's fonts, its parts have names no other drawing in the page has,
and the curves that can be pointed at go along as data.
"""

import json
import math
import re
from functools import partial
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes

from portsim.figures import PICTURES
from portsim.figures.painters import Painters
from portsim.figures.sheet import WIDTH, Pointed, Sheet
from portsim.figures.study import Study
from portsim.figures.style import drawing_of, our_style
from portsim.report.blocks import Drawn
from portsim.report.paths import short_path

__all__ = ["drawing", "drawings", "drawn", "points"]

_BEFORE = re.compile(r"^.*?<svg [^>]*>", re.DOTALL)
_DROPPED = re.compile(
    r"<metadata>.*?</metadata>|<!--.*?-->|<style[^>]*>.*?</style>|<title>.*?</title>", re.DOTALL
)
_GROUP_NAME = re.compile(r'<g id="[^"]*"')
_NAMED = re.compile(r'id="([^"]+)"')
_COORDINATES = re.compile(r' d="([^"]*)"')
_LOOK = re.compile(r' style="([^"]*)"')
_BLANK = re.compile(r"\s*\n\s*")
_TALL = 0.8
"""Height against width from which on a drawing has a page of paper for itself."""
_FONT = "'DejaVu Sans'"
_SHOWN = (
    *("overview", "queue", "stay_by_stage", "causes", "throughput_month", "cumulative"),
    *("completion_month", "comparison", "queue_week", "stay_ecdf", "timetable"),
    *("late_days", "needed", "where_hours_go"),
)
"""Those that take longest come first, so that nobody draws alone in the end."""


def drawings(study: Study, painters: Painters) -> dict[str, Drawn]:
    """The drawings of a page by name; those the study has nothing for are left out."""
    made = painters.paint(study, [partial(drawing, name) for name in _SHOWN])
    return {name: each for name, each in zip(_SHOWN, made, strict=True) if each is not None}


def drawing(name: str, study: Study) -> Drawn | None:
    """The drawing ``name`` of a study; None if it has nothing for it."""
    with our_style():
        sheet = PICTURES[name](study)
        if sheet is None:
            return None
        return drawn(sheet, name)


def drawn(sheet: Sheet, name: str) -> Drawn:
    """A sheet as a drawing inside a page, called in while our style holds."""
    svg = inline(sheet, name.replace("_", "-"))
    tall = sheet.height > _TALL * WIDTH
    return Drawn(sheet.title, sheet.caption, svg, points(sheet), tall)


def inline(sheet: Sheet, name: str) -> Markup:
    """The sheet as an ``<svg>`` element; ``name`` is unique in the page."""
    text = drawing_of(sheet.figure, name, sheet.title).decode("utf-8")
    text = _DROPPED.sub("", _BEFORE.sub("", text))
    text = _GROUP_NAME.sub("<g", text)
    for part in set(_NAMED.findall(text)):
        short = f"{name}-{part}"
        for before, after in (('id="', '"'), ('href="#', '"'), ("url(#", ")")):
            text = text.replace(f"{before}{part}{after}", f"{before}{short}{after}")
    # A tenth of a point is less than a pixel of any screen.
    text = _COORDINATES.sub(lambda match: f' d="{short_path(match[1])}"', text)
    text = _LOOK.sub(
        lambda match: f' style="{match[1].replace("; ", ";").replace(": ", ":")}"', text
    )
    text = _BLANK.sub("\n", text).replace(_FONT, "var(--drawn)")
    size = f"0 0 {WIDTH * 72:g} {sheet.height * 72:.2f}"
    # The text is matplotlib's own drawing, which escapes what it writes.
    return Markup(f'<svg viewBox="{size}" xmlns="http://www.w3.org/2000/svg">{text}')


def points(sheet: Sheet) -> Markup:
    """The curves of the sheet as JSON for the page's script; empty without any."""
    panels = [_panel(sheet, pointed) for pointed in sheet.pointed]
    panels = [panel for panel in panels if panel["lines"]]
    if not panels:
        return Markup("")
    text = json.dumps(panels, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def _panel(sheet: Sheet, pointed: Pointed) -> dict[str, Any]:
    axes = pointed.axes
    box = axes.get_position()
    wide, tall = WIDTH * 72, sheet.height * 72
    return {
        "box": [
            round(value, 1)
            for value in (
                box.x0 * wide,
                (1 - box.y1) * tall,
                (box.x1 - box.x0) * wide,
                (box.y1 - box.y0) * tall,
            )
        ],
        "x": pointed.x,
        "y": pointed.y,
        "log": axes.get_xscale() == "log",
        "range": [float(f"{end:.6g}") for end in axes.get_xlim()],
        "names": list(pointed.names),
        "lines": _lines(axes),
    }


def _lines(axes: Axes) -> list[dict[str, Any]]:
    series = []
    for line in axes.get_lines():
        name = str(line.get_label())
        if name.startswith("_"):
            continue
        across, up = np.asarray(line.get_xdata()), np.asarray(line.get_ydata(), float)
        if np.issubdtype(across.dtype, np.datetime64):
            across = across.astype("datetime64[s]").astype(np.int64) / 86_400
        series.append(
            {
                "name": name,
                "x": [_short(float(x), 6) for x in across],
                "y": [_short(float(y), 4) for y in up],
            }
        )
    return series


def _short(value: float, digits: int) -> float | int | None:
    if not math.isfinite(value):
        return None
    kept = float(f"{value:.{digits}g}")
    return int(kept) if kept == int(kept) else kept
