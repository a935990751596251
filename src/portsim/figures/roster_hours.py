"""Cost against a promise where hours are chosen with the roster; hours name the frontier.

Only the hours that were tried, and what a search for a roster says of them, enter.
"""

from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from portsim.figures import style, text_layout
from portsim.figures.panels import mark, number_point
from portsim.figures.sheet import WIDTH, Sheet
from portsim.results import Record
from portsim.results.roster_hours import hours_words
from portsim.results.sweep import measure_in
from portsim.scenario.measure_catalogue import label_of, unit_of
from portsim.wording import amounts, say

__all__ = ["PICTURE", "draw"]

PICTURE = "hours"
_LEFT, _RIGHT, _HEIGHT = 0.75, 0.25, 3.0
_ROW = 0.2


def draw(record: Record) -> Sheet | None:
    """Cost a week of the cheapest roster found against what the first promise comes to.

    None where no hours were chosen, or no roster was found under any.
    """
    tried = record.tables.get("hours")
    if tried is None or not tried["cost"].notna().any():
        return None
    rows = tried[tried["cost"].notna()]
    measure = measure_in(str(rows["promise"].iloc[0]))
    share = unit_of(measure) == "share"
    rows = rows.assign(reached=rows["reached"] * (100.0 if share else 1.0))
    best = rows[rows["frontier"].eq("yes")].sort_values("cost", kind="stable")
    # The same roster may keep several levels of the promise: it has one name.
    best = best.drop_duplicates(["cost", "reached", "hours"])
    said = [
        hours_words(record.manifest, str(hours)) or say("as they are") for hours in best["hours"]
    ]
    names = [
        text_layout.drawable(text, say("hours {number}", number=number))
        for number, text in enumerate(said, 1)
    ]
    sheet = Sheet(
        say("What the promise costs, and the hours that go with it"),
        say(
            "Each mark is the cheapest roster found under some hours, on the trucks of the search;"
            " on the frontier nothing that costs as much reaches more. Numbers name the hours."
        ),
        _HEIGHT + 0.65 + _ROW * len(best),
        [
            mark(say("tried"), "white", style.MUTED),
            mark(say("on the frontier"), style.BLUE),
            Line2D([], [], color=style.INK, lw=1.0, label=say("the best for its cost")),
        ],
    )
    ax = sheet.axes(_LEFT, 0.08, WIDTH - _LEFT - _RIGHT, _HEIGHT)
    ax.plot(rows["cost"], rows["reached"], "o", mfc="white", mec=style.MUTED, ms=5, mew=0.8)
    ax.plot(best["cost"], best["reached"], color=style.INK, lw=1.0, drawstyle="steps-post")
    ax.plot(best["cost"], best["reached"], "o", mfc=style.BLUE, mec=style.INK, ms=6, mew=0.8)
    spread = max(float(rows["reached"].max() - rows["reached"].min()), 1e-9)
    ax.margins(x=0.08)
    ax.set_ylim(
        float(rows["reached"].min()) - 0.25 * spread, float(rows["reached"].max()) + 0.15 * spread
    )
    numbers: dict[tuple[float, float], list[str]] = {}
    for number, place in enumerate(zip(best["cost"], best["reached"], strict=True), 1):
        numbers.setdefault(place, []).append(str(number))
        sheet.text(_LEFT, _HEIGHT + 0.62 + _ROW * (number - 1), f"{number}  {names[number - 1]}")
    for (cost, reached), here in numbers.items():
        number_point(ax, cost, reached, say(", ").join(here))
    ax.set_xlabel(say("{currency} a week", currency=record.manifest.scenarios[0].currency))
    ax.set_ylabel(f"{label_of(measure)}, {amounts.unit_words(unit_of(measure))}")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: amounts.plain(float(value))))
    return sheet
