"""How the port fills from earlier and earlier starts, and how far each measure still notices.

Only the tables of a warm-up study enter.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from portsim.figures import scales, style, text_layout
from portsim.figures.measures import measure_name
from portsim.figures.sheet import WIDTH, Sheet
from portsim.results import Record
from portsim.results.manifest import counted
from portsim.results.warmup import enough_sentence, unsteady_sentence, weeks_text
from portsim.wording import amounts, say, sentences

_LEFT, _RIGHT, _HEIGHT, _STEP = 0.75, 0.25, 2.3, 3.15
_BAND = "#dbe6fe"
_DAY_H, _WEEK_H = 24, 168
_FLOOR, _LIMIT = 0.001, 0.1
_MARKS = ("o", "s", "^", "D", "v", "P", "X")
_LINES = ((style.INK, "-"), *style.CURVES, (style.PURPLE, "-"), (style.MUTED, (0, (3, 1))))
_USE = (style.ALARM, (0, (9, 2, 1.2, 2, 1.2, 2)))


def draw(record: Record) -> Sheet:
    """Trucks inside by start above, movement in half-widths by warm-up below."""
    facts, inside = record.manifest.study, record.tables["inside"]
    best = facts["recommended_weeks"]
    starts = sorted(int(w) for w in inside["warm_up_weeks"].unique())
    shown = _chosen(starts, best)
    key: list[Line2D | Patch] = [
        Line2D([], [], color=colour, ls=dashes, lw=1.4, label=weeks_text(start))
        for start, (colour, dashes) in zip(shown, _LINES, strict=False)
    ]
    key.append(Patch(fc=_BAND, label=say("{weeks}: 90 % of the runs", weeks=weeks_text(shown[0]))))
    sheet = Sheet(
        enough_sentence(facts, record.tables["movements"]),
        sentences(
            say(
                "Above: trucks inside, mean of each day with the same trucks ({count}); the band is"
                " the mean over each day of the hourly 5 % and 95 % quantiles.",
                count=counted(record.manifest),
            ),
            say(
                "Below: how far a measure moves with four weeks more, in half-widths of its 95 %"
                " interval; above the dashed line it is more than a tenth. What moves by {least} or"
                " less stands at {least}.",
                least=amounts.given(_FLOOR),
            ),
            unsteady_sentence(facts, record.manifest.scenarios[0].overload),
        ),
        2 * _STEP - 0.1,
        key,
    )
    width = WIDTH - _LEFT - _RIGHT
    _inside(sheet.axes(_LEFT, 0.12, width, _HEIGHT), inside, shown, best)
    _moved(sheet.axes(_LEFT, _STEP + 0.12, width - 2.3, _HEIGHT), record.tables["movements"])
    return sheet


def _chosen(starts: list[int], best: int | None) -> list[int]:
    """At most six starts, the longest first, the recommended one and none among them."""
    longest, shortest = starts[-1], starts[0]
    wanted = [longest, shortest, *([best] if best is not None else [])]
    others = [start for start in starts if start not in wanted]
    room = len(_LINES) - len(set(wanted))
    if len(others) > room:
        picks = np.linspace(0, len(others) - 1, room).round().astype(int)
        others = [others[pick] for pick in picks]
    return sorted({*wanted, *others}, reverse=True)


def _inside(axes: Axes, inside: pd.DataFrame, shown: list[int], best: int | None) -> None:
    top = 0.0
    for start, (colour, dashes) in zip(shown, _LINES, strict=False):
        rows = inside[inside["warm_up_weeks"].eq(start)]
        by_day = rows.groupby(np.floor(rows["hour"] / _DAY_H))[["mean", "q05", "q95"]].mean()
        week = (by_day.index.to_numpy(np.float64) + 0.5) * _DAY_H / _WEEK_H
        if start == shown[0]:
            axes.fill_between(week, by_day["q05"], by_day["q95"], color=_BAND, lw=0)
        axes.plot(week, by_day["mean"], color=colour, ls=dashes, lw=1.2)
        top = max(top, float(by_day[["mean", "q95"]].max().max()))
    scales.count_axis(axes, top, headroom=1.25)
    low = -float(max(shown))
    high = float(inside["hour"].max() / _WEEK_H)
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.axvline(0.0, color=style.INK, lw=0.9)
    _name(axes, 0.0, say("period"), "left")
    if best is not None:
        axes.axvline(-float(best), color=style.ALARM, lw=1.2, ls=(0, (4, 2)))
        if best or low < -4:
            text = (
                say("recommended: {weeks}", weeks=weeks_text(best))
                if best
                else say("no warm-up needed")
            )
            _name(axes, -float(best), text, "right" if -best - low > (high - low) / 4 else "left")
    axes.set_xlabel(say("weeks from the start of the period"))
    axes.set_ylabel(say("trucks inside"))


def _name(axes: Axes, x: float, text: str, align: str) -> None:
    axes.annotate(
        text,
        (x, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(4 if align == "left" else -4, -2),
        textcoords="offset points",
        ha=align,
        va="top",
        fontsize=style.SMALL,
        bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.85},
        zorder=6,
    )


def _moved(axes: Axes, table: pd.DataFrame) -> None:
    """A line a measure of the port, and one for the resource whose utilisation moves most."""
    judged = table[table["passes"].ne("")]
    port = judged[judged["place"].eq("")]
    use = judged[judged["place"].ne("")].groupby("warm_up_weeks")["moved_half_widths"].max()
    lines = [
        (measure_name(str(name)), rows["warm_up_weeks"].to_numpy(), rows["moved_half_widths"])
        for name, rows in port.groupby("measure", sort=False)
    ]
    if len(use):
        lines.append((say("Utilisation, the most of all"), use.index.to_numpy(), use))
    finite = judged["moved_half_widths"].replace(np.inf, np.nan)
    top = max(1.0, 2.0 * float(finite.max())) if finite.notna().any() else 1.0

    for number, (_, weeks, by) in enumerate(lines):
        colour, dashes = (*_LINES, _USE)[number]
        y = np.clip(np.asarray(by, dtype=np.float64), _FLOOR, top)
        x = np.asarray(weeks, dtype=np.float64)
        axes.plot(
            x, y, color=colour, ls=dashes, lw=1.1, marker=_MARKS[number % len(_MARKS)], ms=4,
            clip_on=False,
        )  # fmt: skip
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amounts.given(float(value))))
    axes.set_ylim(_FLOOR, top)
    axes.axhline(_LIMIT, color=style.ALARM, ls=(0, (4, 2)), lw=1.2)
    ticks = sorted({int(w) for w in judged["warm_up_weeks"]})
    axes.set_xticks(ticks, [str(w) for w in ticks])
    axes.set_xlim(-0.5, max(ticks) + 0.5)
    axes.set_xlabel(say("warm-up, weeks"))
    axes.set_ylabel(say("moved, in half-widths"))
    axes.minorticks_off()
    handles = [
        Line2D(
            [], [], color=(*_LINES, _USE)[n][0], ls=(*_LINES, _USE)[n][1], lw=1.1,
            marker=_MARKS[n % len(_MARKS)], ms=4, label=text_layout.wrap(name, 1.6, style.SMALL),
        )
        for n, (name, *_) in enumerate(lines)
    ]  # fmt: skip
    axes.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0,
        fontsize=style.SMALL,
    )  # fmt: skip
