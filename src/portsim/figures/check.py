"""A gate log drawn over the band of simulated periods: queues, stays, trucks through, arrivals.

Only the tables of a scenario held against a log enter.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from portsim.figures import scales, style, text_layout
from portsim.figures.sheet import WIDTH, Sheet
from portsim.results import Record
from portsim.results.check_labels import stage_label
from portsim.wording import amounts, days, decimal, say, sentences

__all__ = ["PICTURES"]

_LEFT, _RIGHT, _HEIGHT = 0.78, 0.25, 1.45
_BAND = "#dbe6fe"
_LOG = "log"
_DAY_H, _WEEK_H = 24, 168
_STEPS_H = (0.1, 0.25, 0.5, 1, 2, 4, 8, 12, 24, 36, 48, 72, 96, 168, 336, 720)
_MOST_STAGES = 8
_HALF = 0.5


def _key(mean: str) -> list[Line2D | Patch]:
    return [
        Line2D([], [], color=style.INK, lw=1.5, label=say("the log")),
        Line2D([], [], color=style.BLUE, lw=1.1, ls=(0, (7, 2)), label=mean),
        Patch(fc=_BAND, label=say("95 % of the simulated periods")),
    ]


def _curve(record: Record, curve: str, arrivals: str, place: str = "") -> pd.DataFrame:
    table = record.tables["curves"]
    rows = table["curve"].eq(curve) & table["arrivals"].eq(arrivals) & table["place"].eq(place)
    return table[rows]


def _outside(rows: pd.DataFrame) -> float:
    """Share of the points at which the log lies outside of the band."""
    slack = 1e-9
    out = (rows["log"] < rows["low"] - slack) | (rows["log"] > rows["high"] + slack)
    return float(out.mean()) if len(rows) else 0.0


def _band(axes: Axes, x: np.ndarray, rows: pd.DataFrame, step: str | None = None) -> None:
    axes.fill_between(x, rows["low"], rows["high"], color=_BAND, lw=0, step=step)  # type: ignore[arg-type]
    how = "default" if step is None else f"steps-{step}"
    mean = rows["mean"].to_numpy()
    axes.plot(x, mean, color=style.BLUE, lw=1.1, ls=(0, (7, 2)), drawstyle=how)
    axes.plot(x, rows["log"].to_numpy(), color=style.INK, lw=1.5, drawstyle=how)


def _how_to_read() -> str:
    return say(
        "The band holds 95 % of single simulated periods, point by point: about one point in twenty"
        " of a right scenario lies outside."
    )


def draw_queue(record: Record) -> Sheet | None:
    """Trucks at each stage by hour of the week, the log over the band, with the log's trucks."""
    facts = record.manifest.study
    curves = {stage: _curve(record, "queue_week", _LOG, stage) for stage in facts["stages"]}
    stages = [stage for stage in facts["stages"] if curves[stage]["high"].max() > 0]
    stages = sorted(stages, key=lambda stage: -_outside(curves[stage]))[:_MOST_STAGES]
    stages = [stage for stage in facts["stages"] if stage in stages]
    if not stages:
        return None
    # Beside a log's own arrivals bands are narrow: being outside is for the verdict to judge.
    first = max(stages, key=lambda stage: abs(curves[stage]["log"] - curves[stage]["mean"]).mean())
    means = curves[first][["log", "mean"]].mean()
    title = say(
        "{stage}: {log} trucks on average in the log, {simulated} in the simulated periods",
        stage=stage_label(facts, first),
        log=decimal(float(means["log"]), 1),
        simulated=decimal(float(means["mean"]), 1),
    )
    bare = [stage_label(facts, stage) for stage in stages if stage in facts["without_starts"]]
    caption = sentences(
        say("Mean number of trucks that wait at each stage, by hour of the week ({zone}).",
            zone=facts["timezone"]),
        say("Where the log does not say when work begins, trucks in work are among them: {stages}.",
            stages=say(", ").join(bare)) if bare else "",
        say("The simulated port meets the trucks of the log."),
        _how_to_read(),
    )  # fmt: skip
    step = _HEIGHT + 0.42
    sheet = Sheet(title, caption, step * len(stages) + 0.26, _key(say("simulated, mean")))
    width = WIDTH - _LEFT - _RIGHT
    for number, stage in enumerate(stages):
        label = text_layout.drawable(
            stage_label(facts, stage), say("stage {number}", number=number + 1)
        )
        sheet.text(_LEFT, number * step, label, bold=True)
        axes = sheet.axes(_LEFT, number * step + 0.22, width, _HEIGHT)
        rows = curves[stage]
        _band(axes, np.append(rows["x"], _WEEK_H), _closed(rows), "post")
        scales.count_axis(axes, float(rows[["log", "high"]].max().max()), ticks=3)
        _week_axis(axes, named=number == len(stages) - 1)
        axes.set_ylabel(say("trucks"))
    return sheet


def _closed(rows: pd.DataFrame) -> pd.DataFrame:
    """The last step drawn to its end."""
    return pd.concat([rows, rows.tail(1)], ignore_index=True)


def _week_axis(axes: Axes, *, named: bool) -> None:
    axes.set_xlim(0, _WEEK_H)
    axes.xaxis.set_major_locator(FixedLocator(list(range(0, _WEEK_H + 1, _DAY_H))))
    axes.xaxis.set_minor_locator(FixedLocator([24 * day + 12 for day in range(7)]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: ""))
    names = days()
    axes.xaxis.set_minor_formatter(
        FuncFormatter(lambda x, _: names[int(x // _DAY_H)] if named and 0 <= x < _WEEK_H else "")
    )
    axes.tick_params(axis="x", which="minor", length=0, labelsize=style.SMALL)
    if named:
        axes.set_xlabel(say("hour of the week, each mark a midnight"))


def draw_stay(record: Record) -> Sheet | None:
    """The share of trucks that are out after so many hours."""
    rows = _curve(record, "stay", _LOG)
    if rows.empty:
        return None
    limit = float(record.manifest.study["limit_h"])
    table = record.tables["check"]
    table = table[table["arrivals"].eq(_LOG) & table["truck_class"].eq("all")]
    mean = table[table["measure"].eq("stay_mean_h") & table["place"].eq("")].iloc[0]
    title = say(
        "Trucks stay {log} h on average in the log, {low} to {high} h in 95 % of the simulated"
        " periods",
        log=amounts.number(mean["log"]),
        low=amounts.number(mean["low"]),
        high=amounts.number(mean["high"]),
    )
    caption = sentences(
        say(
            "A line shows what share of the trucks has left after so many hours: further left is"
            " quicker. The horizontal axis is logarithmic. What still lasts at the end of the"
            " period is cut there."
        ),
        say("The simulated port meets the trucks of the log."),
        _how_to_read(),
    )
    sheet = Sheet(title, caption, 3.25, _key(say("simulated, mean")))
    axes = sheet.axes(_LEFT, 0.08, WIDTH - _LEFT - _RIGHT, 2.6)
    share = rows["x"].to_numpy()
    axes.set_xscale("log")
    ends = rows[["log", "low", "high"]].clip(lower=1 / 60)
    axes.fill_betweenx(share, ends["low"], ends["high"], color=_BAND, lw=0)
    axes.plot(rows["mean"].clip(lower=1 / 60), share, color=style.BLUE, lw=1.1, ls=(0, (7, 2)))
    axes.plot(ends["log"], share, color=style.INK, lw=1.5)
    low, high = float(ends.min().min()) * 0.9, float(ends.max().max()) * 1.1
    if low < limit < high:
        # Where few are out by then, the lines are low.
        early = float(np.interp(limit, ends["log"], share)) < _HALF
        axes.axvline(limit, color=style.ALARM, lw=1.2, ls=(0, (1, 1)))
        text = say("{number} h promised", number=amounts.plain(limit))
        axes.text(
            limit, 0.97 if early else 0.03, f" {text} ", color=style.ALARM, fontsize=style.SMALL,
            va="top" if early else "bottom",
            ha="left" if early or limit < _HALF * high else "right",
        )  # fmt: skip
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(FixedLocator([s for s in _STEPS_H if low <= s <= high]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: amounts.plain(float(x))))
    scales.share_axis(axes, beyond=1.02)
    axes.set_xlabel(say("stay from arrival to release, hours"))
    axes.set_ylabel(say("share of trucks out, %"))
    return sheet


def draw_throughput(record: Record) -> Sheet | None:
    """Trucks through on each day."""
    rows = _curve(record, "throughput", _LOG)
    if len(rows) < 2:
        return None
    share = _outside(rows)
    title = say(
        "On {share} of the days the number of trucks through lies outside of the band",
        share=amounts.percent(share, 0),
    )
    caption = sentences(
        say("Trucks through on each day."),
        say("The simulated port meets the trucks of the log."),
        _how_to_read(),
    )
    sheet = Sheet(title, caption, 2.6, _key(say("simulated, mean")))
    width = WIDTH - _LEFT - _RIGHT
    axes = sheet.axes(_LEFT, 0.08, width, 2.2)
    first = np.datetime64(dt.date.fromisoformat(record.manifest.study["from"]), "s")
    edges = scales.position(first) + np.append(rows["x"], len(rows))
    _band(axes, edges, _closed(rows), "post")
    scales.count_axis(axes, float(rows[["log", "high"]].max().max()))
    last = first + np.timedelta64(len(rows), "D")
    scales.date_axis(axes, first, last, width)
    axes.set_ylabel(say("trucks through a day"))
    return sheet


def draw_arrivals(record: Record) -> Sheet | None:
    """Arrivals by hour of the week, the log over the scenario's own."""
    rows = _curve(record, "arrivals_week", "own")
    if rows.empty or not rows["high"].max() > 0:
        return None
    title = say(
        "In {share} of the hours of the week the arrivals of the log lie outside of the band",
        share=amounts.percent(_outside(rows), 0),
    )
    caption = sentences(
        say("Mean number of trucks that arrive in each hour of the week ({zone}); the simulated"
            " ones are those of the scenario.", zone=record.manifest.study["timezone"]),
        _how_to_read(),
    )  # fmt: skip
    sheet = Sheet(title, caption, 2.6, _key(say("simulated, mean")))
    axes = sheet.axes(_LEFT, 0.08, WIDTH - _LEFT - _RIGHT, 2.0)
    _band(axes, np.append(rows["x"], _WEEK_H), _closed(rows), "post")
    scales.count_axis(axes, float(rows[["log", "high"]].max().max()))
    _week_axis(axes, named=True)
    axes.set_ylabel(say("trucks an hour"))
    return sheet


PICTURES: Mapping[str, Callable[[Record], Sheet | None]] = MappingProxyType(
    {
        "check_queue": draw_queue,
        "check_stay": draw_stay,
        "check_throughput": draw_throughput,
        "check_arrivals": draw_arrivals,
    }
)
"""By the name of the file, in the order of the page."""
