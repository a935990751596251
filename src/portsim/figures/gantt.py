"""A day at the port, truck by truck: who waited, who was served, and what was open meanwhile.

Drawn from the log of a result folder and nothing else.
"""

import datetime as dt
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from portsim.errors import InputError
from portsim.figures import style, text_layout
from portsim.figures.sheet import WIDTH, Sheet
from portsim.results.logs import PortLog
from portsim.wording import amounts, date_of_week, day_month, decimal, later, say, sentences

__all__ = ["Piece", "draw", "draw_day", "pieces"]

_ROW, _NAME, _END = 0.19, 2.25, 0.62
_KINDS = (
    ("open", later("waiting while open"), style.PALE, ""),
    ("closed", later("waiting while closed"), "#fde0b8", "//////"),
    ("paused", later("work paused while closed"), "#e6d9ea", "xxxxxx"),
)
_SHADE = "#e3f1e6"
_STAGES = 5
_GONE = {
    "inside": later("inside"),
    "diverted": later("turned away"),
    "given_up": later("gave up"),
}
_SPANS = (24, 36, 48)
Spans = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a truck's time at a stage; seconds after the midnight before."""

    truck: int
    stage: str
    kind: str
    """``open`` or ``closed`` waiting, ``service``, ``paused`` work."""
    begin: float
    end: float


def pieces(log: PortLog, trucks: pd.Series, midnight: pd.Timestamp) -> Iterator[Piece]:
    """What some trucks did, in pieces that follow each other; cut at the end of the log.

    Waiting is cut by the hours of its stage, and so is work where the stage pauses.
    """
    after = (log.end - midnight).total_seconds()
    hours: dict[tuple[str, str], Spans] = {}
    for (stage, kind), rows in log.hours.groupby(["stage", "what"]):
        begins, ends = (_seconds(rows[name], midnight) for name in ("begins", "ends"))
        hours[str(stage), str(kind)] = list(zip(begins, ends, strict=True))
    visits = log.visits[log.visits["truck"].isin(trucks) & log.visits["queued"].notna()]
    left = log.trucks.set_index("truck")["left"]
    for visit in visits.to_dict("records"):
        truck, stage = int(visit["truck"]), str(visit["stage"])
        out = _second(left[truck], midnight, after)
        queued = _second(visit["queued"], midnight, after)
        admitted = _second(visit["admitted"], midnight, out)
        yield from _cut(truck, stage, (queued, admitted), hours.get((stage, "open")), "open")
        if not pd.isna(visit["admitted"]):
            worked = admitted, _second(visit["finished"], midnight, after)
            yield from _cut(truck, stage, worked, hours.get((stage, "work")), "service")


def _seconds(instants: pd.Series, midnight: pd.Timestamp) -> list[float]:
    return [float(x) for x in (instants - midnight).dt.total_seconds()]


def _second(instant: pd.Timestamp, midnight: pd.Timestamp, otherwise: float) -> float:
    return otherwise if pd.isna(instant) else (instant - midnight).total_seconds()


def _cut(
    truck: int, stage: str, span: tuple[float, float], hours: Spans | None, kind: str
) -> Iterator[Piece]:
    """A span cut by hours: within them it is of that kind, without it is closed or paused."""
    begin, end = span
    other = "closed" if kind == "open" else "paused"
    if hours is None:
        # A stage without hours of work never pauses; one without any opening never opens.
        hours = [] if kind == "open" else [(begin, end)]
    for opens, closes in hours:
        low, high = max(opens, begin), min(closes, end)
        if high <= low:
            continue
        if low > begin:
            yield Piece(truck, stage, other, begin, low)
        yield Piece(truck, stage, kind, low, high)
        begin = high
    if end > begin:
        yield Piece(truck, stage, other, begin, end)


def draw_day(log: PortLog, day: dt.date, most: int = 30) -> list[Path]:
    """Draw a day into ``figures/gantt-<day>-<scenario>`` of the folder; return the files written.

    Raises:
        InputError: the day is not in the period, or no truck came on it.
    """
    target = log.folder / "figures"
    target.mkdir(exist_ok=True)
    with style.our_style():
        sheet = draw(log.shown, day, most)
        return style.save(sheet.figure, target, f"gantt-{day}-{log.entry.name}", sheet.title)


def draw(log: PortLog, day: dt.date, most: int = 30) -> Sheet:
    """A row a truck for some of those that came on a day, evenly taken in order of arrival."""
    begin, end = log.bounds(day)
    came = log.trucks[(log.trucks["arrival"] >= begin) & (log.trucks["arrival"] < end)]
    if came.empty:
        msg = f"--day {day}: no truck of {log.entry.name} came on that day; choose another"
        raise InputError(msg)
    chosen = np.unique(np.linspace(0, len(came) - 1, min(most, len(came))).round().astype(int))
    shown = came.iloc[chosen].reset_index(drop=True)
    done = list(pieces(log, shown["truck"], begin))
    out = [_second(left, begin, np.inf) for left in shown["left"]]
    span = next((h for h in _SPANS if np.mean(np.array(out) <= h * 3600) >= 0.9), _SPANS[-1])
    looks = _looks(log, done, span)
    name = text_layout.drawable(log.entry.name, say("this policy"))
    sheet = Sheet(
        _title(came, day, name, log),
        sentences(
            say(
                "Each row is one truck, {shown} of the {came} that came on the day, evenly taken "
                "in order of arrival; at the left when it came and what it is, at the right how "
                "long it stayed (an arrow: longer than the picture).",
                shown=len(shown),
                came=len(came),
            ),
            say(
                "Thin bars are waiting, thick bars work. Shaded: the port is open, all posts "
                "together."
            ),
            _stood_still(log, shown["truck"], done),
        ),
        _ROW * len(shown) + 0.92,
        [
            Patch(fc=colour, ec=style.INK, lw=0.5, hatch=hatch, label=say(text))
            for _, text, colour, hatch in _KINDS
        ],
    )
    axes = sheet.axes(0.14 + _NAME, 0.0, WIDTH - 0.28 - _NAME - _END, _ROW * len(shown))
    first = int(min(piece.begin for piece in done) // 7200) * 2 if done else 0
    _frame(axes, log, begin, first, span, len(shown))
    sheet.figure.legend(
        handles=[Patch(fc=c, ec=style.INK, lw=0.5, label=f"{a} {t}") for a, c, t in looks.values()],
        loc="upper left",
        bbox_to_anchor=(0.14 / WIDTH, axes.get_position().y0 - 0.48 / sheet.height),
        ncols=3,
        borderpad=0,
        borderaxespad=0,
        handlelength=2.2,
    )
    for row, truck in enumerate(shown.to_dict("records")):
        bars = [piece for piece in done if piece.truck == truck["truck"]]
        _bar(axes, row, bars, looks, span)
        _label(axes, row, log, truck, out[row], span, begin)
    return sheet


def _looks(log: PortLog, done: list[Piece], span: int) -> dict[str, tuple[str, str, str]]:
    """Letter, colour and label of each stage, from dark to light; of those with most work."""
    work: dict[str, float] = {}
    for piece in done:
        if piece.kind == "service" and piece.begin < span * 3600:
            work[piece.stage] = work.get(piece.stage, 0.0) + piece.end - piece.begin
    most = sorted(work, key=lambda stage: -work[stage])[:_STAGES]
    kept = [stage for stage in work if stage in most]
    shades = mpl.colormaps[style.HEAT](np.linspace(0.08, 0.95, max(len(kept), 2)))
    labels = log.labels("stages")
    looks = {
        stage: (
            chr(ord("A") + index),
            mpl.colors.to_hex(shades[index]),
            text_layout.drawable(labels.get(stage, stage), say("stage {number}", number=index + 1)),
        )
        for index, stage in enumerate(kept)
    }
    if len(work) > len(kept):
        looks[""] = ("", "#ffffff", say("other stages"))
    return looks


def _frame(axes: Axes, log: PortLog, begin: pd.Timestamp, first: int, span: int, rows: int) -> None:
    hours = log.hours[(log.hours["stage"] == "") & (log.hours["what"] == "open")]
    for low, high in zip(
        _seconds(hours["begins"], begin), _seconds(hours["ends"], begin), strict=True
    ):
        if high > 0 and low < span * 3600:
            axes.axvspan(
                max(low / 3600, first), min(high / 3600, span), fc=_SHADE, ec="none", zorder=0
            )
    axes.set_xlim(first, span)
    axes.set_ylim(rows - 0.4, -0.6)
    step = 2 if span == 24 else 4
    ticks = list(range(first, span + 1, step))
    nights = {24 * n: day_month((begin + pd.Timedelta(days=n)).date()) for n in (1, 2)}
    names = [nights.get(hour, f"{hour % 24:02d}") for hour in ticks]
    axes.set_xticks(ticks, names)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    clock = log.entry.period["timezone"]
    axes.set_xlabel(say("hour of the day, local time ({clock})", clock=clock))


def _bar(
    axes: Axes, row: int, bars: list[Piece], looks: dict[str, tuple[str, str, str]], span: int
) -> None:
    kinds = {kind: (colour, hatch) for kind, _, colour, hatch in _KINDS}
    for piece in bars:
        low, high = piece.begin / 3600, min(piece.end / 3600, span)
        if low >= span:
            continue
        if piece.kind == "service":
            letter, colour, _ = looks.get(piece.stage) or looks[""]
            axes.barh(row, high - low, 0.82, left=low, fc=colour, ec=style.INK, lw=0.4, zorder=3)
            if letter and high - low > span / 110:
                dark = sum(mpl.colors.to_rgb(colour)) < 1.4
                axes.text(
                    (low + high) / 2, row + 0.03, letter, ha="center", va="center", fontsize=6,
                    color="white" if dark else style.INK, zorder=4,
                )  # fmt: skip
        else:
            colour, hatch = kinds[piece.kind]
            axes.barh(
                row, high - low, 0.42, left=low, fc=colour, ec=style.INK, lw=0.3, hatch=hatch,
                zorder=2,
            )  # fmt: skip


def _stood_still(log: PortLog, trucks: pd.Series, done: list[Piece]) -> str:
    """That works stood still when their stage was not closed, if any did: no log says when."""
    visits = log.visits[log.visits["truck"].isin(trucks) & log.visits["finished"].notna()]
    stood: dict[tuple[int, str], float] = {}
    for visit in visits.to_dict("records"):
        key = int(visit["truck"]), str(visit["stage"])
        stood[key] = stood.get(key, 0.0) + float(visit["paused_s"])
    for piece in done:
        if piece.kind == "paused" and (piece.truck, piece.stage) in stood:
            stood[piece.truck, piece.stage] -= piece.end - piece.begin
    hours = sum(max(0.0, seconds) for seconds in stood.values()) / 3600
    if hours * 3600 < 1.0:
        return ""
    return say(
        "Within thick bars work stood still for {hours} in all: something broke, or nobody was on"
        " duty.",
        hours=amounts.quantity(hours, "h"),
    )


def _label(
    axes: Axes,
    row: int,
    log: PortLog,
    truck: dict[Hashable, Any],
    out: float,
    span: int,
    begin: pd.Timestamp,
) -> None:
    arrival = pd.Timestamp(str(truck["arrival"]))
    kind = str(truck["truck_class"])
    text = text_layout.drawable(log.labels("traffic").get(kind, kind), _stand_in(log, kind))
    line = f"{arrival:%H:%M}  {text}"
    while text_layout.width(line, 6.8) > _NAME - 0.12:
        line = line[:-2].rstrip() + "…"
    axes.annotate(
        line, (0, row), xycoords=("axes fraction", "data"), xytext=(-_NAME * 72, 0),
        textcoords="offset points", ha="left", va="center", fontsize=6.8, annotation_clip=False,
    )  # fmt: skip
    end = min(out / 3600, span)
    came = (arrival - begin).total_seconds() / 3600
    outcome = str(truck["outcome"])
    stay = out / 3600 - came
    if outcome in _GONE:
        end_text = say(_GONE[outcome])
    elif stay < 99.5:
        end_text = say("{hours} h", hours=decimal(stay, 1))
    else:
        end_text = say("{days} d", days=decimal(stay / 24, 1))
    arrow = "→ " if out / 3600 > span else ""
    axes.annotate(
        f"{arrow}{end_text}", (end, row), xytext=(3, 0), textcoords="offset points",
        va="center", fontsize=6.8, annotation_clip=False,
    )  # fmt: skip


def _stand_in(log: PortLog, kind: str) -> str:
    """What a class of trucks is called where no font has the letters of its name."""
    return say("class {number}", number=list(log.labels("traffic")).index(kind) + 1)


def _title(came: pd.DataFrame, day: dt.date, name: str, log: PortLog) -> str:
    limit = log.entry.limit_h
    words = {"count": len(came), "day": date_of_week(day), "policy": name}
    if limit is None:
        return say("{count} trucks came on {day} under {policy}", **words)
    stay = (came["left"] - came["arrival"]).dt.total_seconds() / 3600
    share = float(((stay <= limit) & (came["outcome"] == "released")).mean())
    return say(
        "{count} trucks came on {day} under {policy}: {share} were out within {limit} h",
        **words,
        share=amounts.percent(share),
        limit=amounts.plain(limit),
    )
