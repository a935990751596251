"""The two claims as pictures; only the tables of the answers enter."""

from pathlib import Path

import pandas as pd
from answers import CLAIMED, NEW, PROMISE
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from portsim.figures import style
from portsim.figures.sheet import WIDTH, Sheet
from portsim.wording import amounts

READINGS = {"ignore": "arrivals ignore the hours", "follow": "drivers follow them"}
CLOCKS = {"arrival": "from arrival", "acceptance": "from acceptance"}
SHORT = {"ignore": "ignore hours", "follow": "follow hours"}
DASHES = {"ignore": "-", "follow": (0, (2.4, 1.2))}
COLOURS = {"arrival": style.INK, "acceptance": style.BLUE}
MARKS = {"arrival": "o", "acceptance": "s"}
TRUCKS_2024, TONNES_LABEL = "trucks arriving a day", "tonnes of 7×12, this = 100"


def draw(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Draw promise and tonnes into the folder, as SVG and PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    with style.our_style():
        for name, sheet in (
            ("promise", promise(tables["curve"], tables["promise"])),
            ("tonnes", tonnes(tables["tonnes"])),
        ):
            style.save(sheet.figure, folder, name, sheet.title)


def promise(curve: pd.DataFrame, answers: pd.DataFrame) -> Sheet:
    """Share of exports out within 24 hours over demand, a panel a schedule."""
    kept = {
        clock: _between(rows["kept_up_to_trucks_a_day"])
        for clock, rows in answers[answers["schedule"].eq(NEW)].groupby("clock_from")
    }
    at_2024 = curve[curve["traffic.scale"].eq(1.0)]["trucks_a_day"].mean()
    key = [
        Line2D([], [], color=COLOURS[c], ls=DASHES[d], marker=MARKS[c], ms=4,
               label=f"{CLOCKS[c]}, {SHORT[d]}")
        for c in CLOCKS for d in READINGS
    ]  # fmt: skip
    schedules = list(dict.fromkeys(curve["schedule"]))
    sheet, axes = _panels(
        schedules,
        "7×12 keeps 95 % of exports within 24 hours up to "
        f"{kept['acceptance']} trucks a day from acceptance on, {kept['arrival']} from arrival on",
        "Exports only. The clock starts on the road before the port, or when a desk accepts the "
        "declaration; arrivals ignore the hours, or drivers follow them. Bars: 95 % intervals that "
        "hold for all demands of a schedule together. Red: the promise of 95 %. Grey dots: the "
        f"demand of 2024, {at_2024:.0f} trucks a day; triangles at the right: the ceiling that the "
        "hours set at that demand with unlimited staff, hollow if drivers follow them.",
        key,
    )
    for schedule, ax in zip(schedules, axes, strict=True):
        mine = curve[curve["schedule"].eq(schedule)]
        for (clock, demand), points in mine.groupby(["clock", "demand"], sort=False):
            line = points.sort_values("traffic.scale")
            ax.vlines(line["trucks_a_day"], 100 * line["low"], 100 * line["high"],
                      color=COLOURS[clock], lw=0.8)  # fmt: skip
            ax.plot(line["trucks_a_day"], 100 * line["share"], color=COLOURS[clock],
                    ls=DASHES[demand], marker=MARKS[clock], ms=3, lw=1.2)  # fmt: skip
            top = answers[
                answers["schedule"].eq(schedule)
                & answers["clock_from"].eq(clock)
                & answers["demand"].eq(demand)
            ]["ceiling"]
            ax.plot([1.0], 100 * top, "<", color=COLOURS[clock], ms=5, clip_on=False,
                    transform=ax.get_yaxis_transform(),
                    mfc=COLOURS[clock] if demand == "ignore" else "white")  # fmt: skip
        _demand_2024(ax, mine)
        ax.axhline(100 * PROMISE, color=style.ALARM, lw=0.9, ls=(0, (4, 2)))
        ax.set_ylim(0, 102)
    axes[0].set_ylabel("exports out within 24 h, %")
    return sheet


def tonnes(table: pd.DataFrame) -> Sheet:
    """Tonnes of 7×12 over those of each other schedule, by demand."""
    schedules = [s for s in dict.fromkeys(table["schedule"]) if s != NEW]
    at_2024 = table[table["scale"].eq(1.0) & table["schedule"].isin(schedules)]
    most = 100 * (at_2024["ratio"].max() - 1)
    full = table[table["scale"].eq(table["scale"].max())]["ratio"].max()
    key = [
        Line2D([], [], color=style.INK, ls=DASHES[d], marker="o", ms=4, label=READINGS[d])
        for d in READINGS
    ]
    sheet, axes = _panels(
        schedules,
        f"At the demand of 2024 7×12 adds at most {amounts.plain(max(0.0, most))} % tonnes to an "
        f"older schedule; at four times that demand {amounts.plain(100 * (full - 1))} %",
        "Tonnes a day with 7×12 over those with the schedule named, on the same trucks, with 95 % "
        "intervals (Fieller). Red: the claimed +40 %. Grey dots: the demand of 2024. Right of the "
        "point where a line rises, the older schedule is saturated.",
        key,
    )
    for schedule, ax in zip(schedules, axes, strict=True):
        mine = table[table["schedule"].eq(schedule)]
        for demand, points in mine.groupby("demand", sort=False):
            line = points.sort_values("scale")
            x = line["trucks_arrive_a_day"]
            ax.vlines(x, 100 * line["ratio_low"], 100 * line["ratio_high"], color=style.INK, lw=0.8)
            ax.plot(x, 100 * line["ratio"], color=style.INK, ls=DASHES[demand], marker="o", ms=3,
                    lw=1.2)  # fmt: skip
        _demand_2024(ax, mine.rename(columns={"trucks_arrive_a_day": "trucks_a_day",
                                              "scale": "traffic.scale"}))  # fmt: skip
        ax.axhline(100 * (1 + CLAIMED), color=style.ALARM, lw=0.9, ls=(0, (4, 2)))
        ax.axhline(100, color=style.MUTED, lw=0.7)
    low = 100 * min(0.9, table["ratio_low"].min())
    high = 100 * max(1 + CLAIMED, table["ratio_high"].max())
    for ax in axes:
        ax.set_ylim(low - 3, high + 8)
    axes[0].set_ylabel(TONNES_LABEL)
    return sheet


def _demand_2024(axes: Axes, rows: pd.DataFrame) -> None:
    at = rows[rows["traffic.scale"].eq(1.0)]["trucks_a_day"].mean()
    axes.axvline(at, color=style.MUTED, lw=1.0, ls=(0, (1, 2)))
    axes.set_xlim(0, None)


def _between(kept: pd.Series) -> str:
    """The demands that are kept under the readings, in words."""
    ends = [f"{value:.0f}" if value > 0 else "none tried" for value in sorted(kept)]
    return ends[0] if ends[0] == ends[-1] else f"{ends[0]} to {ends[-1]}"


def _panels(
    names: list[str], title: str, caption: str, key: list[Line2D]
) -> tuple[Sheet, list[Axes]]:
    """Four panels a row, each below its name."""
    columns, left, gap, height = 4, 0.62, 0.36, 1.55
    width = (WIDTH - left - 0.3 - gap * (columns - 1)) / columns
    rows = -(-len(names) // columns)
    step = height + 0.80
    sheet = Sheet(title, caption, step * rows - 0.12, key)
    axes = []
    for index, name in enumerate(names):
        row, column = divmod(index, columns)
        x, y = left + column * (width + gap), row * step
        sheet.text(x, y, name.removeprefix("hours-"), bold=True)
        panel = sheet.axes(x, y + 0.22, width, height)
        if row == rows - 1 or index + columns >= len(names):
            panel.set_xlabel(TRUCKS_2024)
        axes.append(panel)
    return sheet, axes
