"""How far each assumption moves the answer within its range, the largest on top."""

import math
import re
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from portsim.figures import style, text_layout
from portsim.figures.sheet import WIDTH, Sheet
from portsim.results import Record
from portsim.results.assumptions import MOST_NAMED
from portsim.results.port_remarks import Called
from portsim.scenario.measure_catalogue import label_of
from portsim.wording import amounts, later, say, sentences

_NAME = 2.9
_VALUES = 1.25
_ROW = 0.36
_TURNS = {
    ("low", "other sign"): later("reverses at its low end"),
    ("high", "other sign"): later("reverses at its high end"),
    ("low", "unclear"): later("no longer clear at its low end"),
    ("high", "unclear"): later("no longer clear at its high end"),
    ("low", "clear"): later("becomes clear at its low end"),
    ("high", "clear"): later("becomes clear at its high end"),
}
_MARKS = {
    "other sign": ("X", style.ALARM, later("reverses")),
    "unclear": ("o", "white", later("no longer clear")),
    "clear": ("D", style.INK, later("becomes clear")),
}
"""Shape and face of the mark at an end that turns the answer, and what it stands for."""
_REFUSED = {"low": later("its low end was refused"), "high": later("its high end was refused")}
_ASSUMED = later("assumed")
_MEANINGS = {
    **dict.fromkeys("AB", later("measured")),
    "C": later("second-hand"),
    "D": later("derived"),
}
_STRANGE = re.compile(r"[^\w.-]+")


def pictures(record: Record) -> list[tuple[str, pd.DataFrame]]:
    """Name of each picture and the rows it shows: one a policy, if anything moved."""
    if record.manifest.study["method"] != "one-at-a-time":
        return []
    table = record.tables["sensitivity"]
    moved = table[table["swing"] > 0]
    groups = list(moved.groupby("scenario", sort=False))
    if len(groups) == 1:
        return [("tornado", groups[0][1])]
    return [(f"tornado_{_STRANGE.sub('-', str(name))}", rows) for name, rows in groups]


def draw(rows: pd.DataFrame, called: Called) -> Sheet:
    """The rows of one policy that moved, the first `MOST_NAMED` of them.

    Args:
        rows: of sensitivity.csv.
        called: says how a value of the scenario is called, given its path.
    """
    rows = rows.assign(assumption=rows["assumption"].map(lambda path: called(str(path))))
    shown: list[dict[Any, Any]] = rows.head(MOST_NAMED).to_dict("records")
    first = shown[0]
    compared = bool(first["baseline"])
    labels = [_label(row) for row in shown]
    height = sum(_height(label) for label in labels)
    sheet = Sheet(
        _title(rows),
        _caption(rows, len(shown), zero=_reaches_zero(shown)),
        height + 0.66,
        [
            Patch(fc=style.BLUE, ec=style.INK, label=say("at the low end of its range")),
            Patch(fc=style.ORANGE, ec=style.INK, hatch="////", label=say("at the high end")),
            *_marks_of(shown),
        ],
    )
    left = 0.14 + _NAME + _VALUES
    width = WIDTH - left - 0.24
    sheet.text(0.14, 0.0, say("assumption and mark"), size=style.SMALL, colour=style.MUTED)
    sheet.text(
        0.14 + _NAME, 0.0, say("low … high (as written)"), size=style.SMALL, colour=style.MUTED
    )
    axes = sheet.axes(left, 0.2, width, height)
    factor = 100.0 if first["unit"] == "share" else 1.0
    y = 0.0
    for row, label in zip(shown, labels, strict=True):
        tall = _height(label)
        lines = label.count("\n") + 1
        sheet.text(0.14, 0.2 + y + (tall - 0.135 * lines) / 2, label, size=style.SMALL)
        values = _values(row)
        sheet.text(
            0.14 + _NAME,
            0.2 + y + (tall - 0.135 * (values.count("\n") + 1)) / 2,
            values,
            size=style.SMALL,
            colour=style.MUTED,
        )
        _bars(axes, row, y + tall / 2, factor)
        y += tall
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.axvline(factor * first["base"], color=style.INK, lw=1.0)
    if _reaches_zero(shown):
        axes.axvline(0, color=style.ALARM, lw=1.0, ls=(0, (4, 2)))
    axes.margins(x=0.04)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: amounts.plain(float(x))))
    axes.set_xlabel(_axis(first, compared))
    return sheet


def _marks_of(shown: list[dict[Any, Any]]) -> list[Line2D]:
    """The marks that stand in the picture, and what they stand for."""
    turns = {str(row[f"turns_{end}"]) for row in shown for end in ("low", "high")}
    return [
        Line2D([], [], ls="", marker=shape, mfc=face, mec=style.INK, ms=7, label=say(text))
        for turn, (shape, face, text) in _MARKS.items()
        if turn in turns
    ]


def _label(row: dict[Any, Any]) -> str:
    name = text_layout.drawable(row["assumption"], say("line {number}", number=row["line"]))
    marks = [row["confidence"]]
    if row["places"] > 1:
        marks.append(say("{count} places", count=row["places"]))
    # A line may break behind a point, as it may behind a hyphen.
    broken = text_layout.wrap(f"{name} ({say(', ').join(marks)})", _NAME - 0.12, style.SMALL)
    turns = [say(text) for (end, turn), text in _TURNS.items() if row[f"turns_{end}"] == turn]
    refused = [say(text) for end, text in _REFUSED.items() if math.isnan(row[f"at_{end}"])]
    return "\n".join([broken, *turns, *refused])


def _points(row: dict[Any, Any]) -> list[float]:
    return [row[column] for column in ("at_low", "base", "at_high") if math.isfinite(row[column])]


def _reaches_zero(shown: list[dict[Any, Any]]) -> bool:
    """Whether what is shown is a difference: then none at all is on its axis."""
    return bool(shown[0]["baseline"])


def _height(label: str) -> float:
    return max(_ROW, 0.135 * (label.count("\n") + 1) + 0.1)


def _values(row: dict[Any, Any]) -> str:
    low, base, high = (
        amounts.four_digits(row[f"{point}_input"]) for point in ("low", "base", "high")
    )
    text = f"{low} … {high} {row['input_unit']}".rstrip() + f" ({base})"
    return text_layout.wrap(text, _VALUES - 0.1, style.SMALL)


def _bars(axes: Axes, row: dict[Any, Any], middle: float, factor: float) -> None:
    base = factor * row["base"]
    for end, colour, hatch, y in (
        ("low", style.BLUE, "", middle - 0.06),
        ("high", style.ORANGE, "////", middle + 0.06),
    ):
        there = factor * row[f"at_{end}"]
        if math.isfinite(there) and there != base:
            axes.barh(
                y, there - base, left=base, height=0.12, color=colour, ec=style.INK, lw=0.6,
                hatch=hatch,
            )  # fmt: skip
        turn = _MARKS.get(row[f"turns_{end}"])
        if math.isfinite(there) and turn is not None:
            axes.plot(there, y, marker=turn[0], mfc=turn[1], mec=style.INK, ms=7, zorder=5)


def _axis(row: dict[Any, Any], compared: bool) -> str:
    measure = label_of(row["measure"])
    if compared:
        measure = say("difference in {measure}", measure=measure)
    if row["truck_class"] != "all":
        measure = say("{measure} ({place})", measure=measure, place=row["truck_class"])
    unit = amounts.unit_words(row["unit"])
    if row["unit"] == "share" and compared:
        unit = say("percentage points")
    return measure if row["unit"] == "1" else say("{measure}, {unit}", measure=measure, unit=unit)


def _title(rows: pd.DataFrame) -> str:
    row = rows.iloc[0].to_dict()
    facts = {"measure": label_of(row["measure"]), "assumption": row["assumption"]}
    if not row["baseline"]:
        ends = min(_points(row)), max(_points(row))
        low, high = (amounts.amount(end, row["unit"]) for end in ends)
        return say(
            "{policy}: {measure} lies between {low} and {high}, moved most by {assumption}",
            **facts,
            policy=row["scenario"],
            low=low,
            high=high,
        )
    turning = rows["assumption"][rows["turns_low"].ne("") | rows["turns_high"].ne("")]
    facts["name"] = say("{policy} against {base}", policy=row["scenario"], base=row["baseline"])
    facts |= {"count": len(turning), "assumption": next(iter(turning), "")}
    if (rows["turns_low"].eq("clear") | rows["turns_high"].eq("clear")).any():
        if len(turning) == 1:
            return say(
                "{name}: no clear difference in {measure} as written; {assumption} alone can make"
                " it clear",
                **facts,
            )
        return say(
            "{name}: no clear difference in {measure} as written; {count} assumptions can each make"
            " it clear",
            **facts,
        )
    if len(turning) == 0:
        return say("{name}: no assumption alone turns the difference in {measure}", **facts)
    if len(turning) == 1:
        return say("{name}: {assumption} alone can turn the difference in {measure}", **facts)
    return say("{name}: {count} assumptions can each turn the difference in {measure}", **facts)


def _caption(rows: pd.DataFrame, shown: int, *, zero: bool) -> str:
    row = rows.iloc[0].to_dict()
    turns = (rows["turns_low"].ne("") | rows["turns_high"].ne("")).any()
    return sentences(
        say(
            "Each assumption is put at both ends of its range, the others as written, on the same"
            " trucks; the upright line is the answer with all as written, {value}.",
            value=amounts.amount(row["base"], row["unit"], difference=bool(row["baseline"])),
        ),
        say("The dashed line is no difference.") if zero else "",
        say(
            "An end turns the answer where a clear difference becomes unclear there, an unclear one"
            " clear, or the sign is the other."
        )
        if turns
        else "",
        say("An end without a mark keeps the answer; further from no difference it is stronger.")
        if turns
        else "",
        say("Marks: {marks}.", marks=_marks(rows)),
        say("The {shown} largest of {count} that move it.", shown=shown, count=len(rows))
        if len(rows) > shown
        else "",
    )


def _marks(rows: pd.DataFrame) -> str:
    return say(", ").join(
        f"{mark} {say(_MEANINGS.get(mark, _ASSUMED))}" for mark in sorted(set(rows["confidence"]))
    )
