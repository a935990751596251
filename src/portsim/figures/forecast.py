"""The fan of a forecast: how many trucks wait in the coming hours, with bands, closed hours shaded.

Only the tables and facts of a forecast enter.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from portsim.figures import scales, style, text_layout
from portsim.figures.sheet import WIDTH, Sheet
from portsim.results import Record
from portsim.results.forecast import closing_sentence, label_of
from portsim.wording import say, sentences

__all__ = ["PICTURE", "draw", "shown_stages"]

PICTURE = "forecast"
_LEFT, _RIGHT, _HEIGHT, _STEP = 0.78, 0.25, 1.4, 2.0
_BANDS = (("q025", "q975", "#dbe6fe"), ("q10", "q90", "#b8cffd"), ("q25", "q75", "#8fb1fb"))
_SHUT = "#ececef"
# Not blue: they lie over the bands.
_OTHERS = (
    (style.RED, (0, (7, 2))),
    (style.ORANGE, (0, (6, 2, 1.2, 2))),
    (style.PURPLE, (0, (1.2, 1.2))),
)
_MOST_STAGES, _LEAST = 6, 0.5
_HOURS = (1, 2, 3, 6, 12, 24, 48)
_TICK = 0.62
"""Inches that a label of an hour needs."""


def shown_stages(record: Record) -> list[str]:
    """The stages at which anybody may have to wait, the longest queues first; at most six."""
    table = record.tables["forecast"]
    rows = table[table["stage"].ne("")]
    peaks = rows.groupby("stage", sort=False)["waiting_q975"].max()
    peaks = peaks[peaks >= _LEAST].sort_values(ascending=False, kind="stable")
    return [str(stage) for stage in peaks.index[:_MOST_STAGES]]


def draw(record: Record) -> Sheet:
    """Trucks inside the port, and those that wait at each stage."""
    study, table = record.manifest.study, record.tables["forecast"]
    names = [facts["name"] for facts in study["policies"]]
    labels = [
        text_layout.drawable(name, say("policy {number}", number=number + 1))
        for number, name in enumerate(names)
    ]
    caption = sentences(
        say(
            "Trucks in the port and in the queue of each stage, every quarter of an hour ({zone})."
            " The bands hold 50, 80 and 95 % of the futures of {policy}; grey are the hours in"
            " which the port is closed.",
            zone=study["timezone"],
            policy=labels[0],
        ),
        say("Lines of other policies are medians, on the same luck.") if len(names) > 1 else "",
    )
    panels = [("", "inside", say("Inside the port")), ("", "waiting", say("Waiting, all stages"))]
    stages = shown_stages(record)
    panels += [
        (
            stage,
            "waiting",
            say(
                "Waiting: {stage}",
                stage=text_layout.drawable(
                    label_of(study, stage), say("stage {number}", number=number + 1)
                ),
            ),
        )
        for number, stage in enumerate(stages)
    ]
    sheet = Sheet(
        closing_sentence(study["policies"][0]),
        caption,
        _STEP * len(panels) + 0.25,
        _key(labels),
    )
    width = WIDTH - _LEFT - _RIGHT
    for number, (stage, quantity, title) in enumerate(panels):
        sheet.text(_LEFT, number * _STEP, title, bold=True)
        axes = sheet.axes(_LEFT, number * _STEP + 0.22, width, _HEIGHT)
        rows = table[table["stage"].eq(stage)]
        _panel(axes, [rows[rows["policy"].eq(name)] for name in names], quantity, labels)
        _shade(axes, study["policies"][0]["closed"])
        _hours(axes, rows["time"], width, dated=number == len(panels) - 1)
        axes.set_ylabel(say("trucks"))
        sheet.point(axes, "date", "count")
    return sheet


def _key(labels: Sequence[str]) -> list[Line2D | Patch]:
    lines = [
        Line2D([], [], color=style.INK, lw=1.4, label=say("median of {policy}", policy=labels[0]))
    ]
    for label, (colour, dashes) in zip(labels[1:], _OTHERS, strict=False):
        lines.append(Line2D([], [], color=colour, ls=dashes, lw=1.4, label=label))
    bands = (say("95 % of the futures"), say("80 %"), say("50 %"))
    return [
        *lines,
        *(
            Patch(fc=colour, ec=style.BLUE, lw=0 if number else 0.5, label=text)
            for number, ((*_, colour), text) in enumerate(zip(_BANDS, bands, strict=True))
        ),
        Patch(fc=_SHUT, label=say("closed")),
    ]


def _clock(texts: Sequence[str]) -> np.ndarray:
    """What the clock of the port shows, as instants."""
    return np.array([text[:19] for text in texts], dtype="datetime64[s]")


def _panel(
    axes: Axes, policies: Sequence[pd.DataFrame], quantity: str, labels: Sequence[str]
) -> None:
    first = policies[0]
    times = _clock(first["time"].tolist())
    for low, high, colour in _BANDS:
        # In grey the widest band is as pale as closed hours: it has an edge.
        axes.fill_between(
            times, first[f"{quantity}_{low}"], first[f"{quantity}_{high}"], fc=colour,
            ec=style.BLUE, lw=0.5 if colour == _BANDS[0][-1] else 0,
        )  # fmt: skip
    axes.plot(times, first[f"{quantity}_q50"], color=style.INK, lw=1.4, label=labels[0])
    top = float(first[f"{quantity}_q975"].max())
    others = zip(policies[1:], labels[1:], _OTHERS, strict=False)
    for rows, label, (colour, dashes) in others:
        axes.plot(times, rows[f"{quantity}_q50"], color=colour, ls=dashes, lw=1.4, label=label)
        top = max(top, float(rows[f"{quantity}_q50"].max()))
    scales.count_axis(axes, max(top, 1.0), ticks=3)
    axes.set_xlim(scales.position(times[0]), scales.position(times[-1]))


def _shade(axes: Axes, closed: Sequence[Sequence[str]]) -> None:
    for span in closed:
        first, last = (scales.position(instant) for instant in _clock(span))
        axes.axvspan(first, last, color=_SHUT, lw=0, zorder=0)


def _hours(axes: Axes, times: pd.Series, width: float, *, dated: bool) -> None:
    """Ticks at full hours, as many as there is room for; midnights with their date, if wanted."""
    clock = _clock(times.tolist())
    first, last = clock[0], clock[-1]
    hours = max(int((last - first) / np.timedelta64(1, "h")), 1)
    step = next((n for n in _HOURS if hours / n <= width / _TICK), _HOURS[-1])
    midnight = first.astype("datetime64[D]").astype("datetime64[s]")
    ticks = np.arange(midnight, last + np.timedelta64(1, "s"), np.timedelta64(step, "h"))
    ticks = ticks[ticks >= first]
    axes.set_xticks([scales.position(tick) for tick in ticks])
    axes.set_xticklabels([_tick(tick, dated, number == 0) for number, tick in enumerate(ticks)])


def _tick(tick: np.datetime64, dated: bool, first: bool) -> str:
    text = str(tick)[11:16]
    day = tick.astype("datetime64[D]")
    if dated and (first or text == "00:00"):
        return f"{text}\n{scales.day_text(day, tick, tick + np.timedelta64(1, 's'))}"
    return text
