"""The picture of a search: cost against each promise, the path of the best, and the proof.

Only the tables of a search enter; what was run to fill them does not.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from portsim.figures import style
from portsim.figures.measures import measure_name
from portsim.figures.panels import Panel, laid_out, mark, number_point, point_text, promise_line
from portsim.figures.sheet import Sheet
from portsim.results import Record
from portsim.results.called import path_called
from portsim.results.manifest import counted
from portsim.results.optimise import winner
from portsim.results.port_remarks import Called
from portsim.results.requirements import read_promise, requirement_text
from portsim.results.sweep import COST, LEAST, STAFFED, measure_in
from portsim.scenario.measure_catalogue import unit_of
from portsim.wording import amounts, decimal, say, sentences

__all__ = ["draw"]

_AT = "at"
"""The column that lies across."""
_MOST_NUMBERS = 8


def draw(record: Record) -> Sheet | None:
    """All points tried and proven; None if no point could be run."""
    tried, proof = record.tables["tried"], record.tables["proof"]
    tried = tried[tried["note"].eq("")]
    study = record.manifest.study
    if not len(tried):
        return None
    goals = list(dict.fromkeys(tried["requirement"]))
    required = [goal for goal in goals if not goal.startswith(LEAST)] or goals
    currency = record.manifest.scenarios[0].currency
    tried, label = _across(tried, "trial", goals, required, currency)
    proof, _ = _across(proof, "place", goals, required, currency)
    best, called = winner(study), path_called(record.manifest)
    title = (
        say("The winner, proven: {point}", point=point_text(best, called))
        if best
        else say("No winner: no point that was tried meets the promise with 95 % confidence")
        if not len(proof)
        else say("No winner: none of the best points stood the proof")
    )
    key = [
        mark(say("not for sure"), "white", style.MUTED),
        mark(say("kept, searched"), style.BLUE),
        Line2D([], [], color=style.INK, lw=1.0, label=say("the best so far (numbers: trials)")),
        mark(say("fresh"), style.ORANGE, shape="D"),
        mark(say("the winner"), "none", size=11),
        promise_line(),
    ]
    if not len(proof):
        key = [key[0], key[5]]
    elif not best:
        del key[4]
    panels = [Panel(_name(goal), tried[tried["requirement"].eq(goal)]) for goal in required]
    sheet, axes = laid_out(
        panels,
        title,
        sentences(
            say(
                "Each mark is one of the points tried ({tried} of {points}), its bar the 95 %"
                " limits ({count}).",
                tried=study["tried"],
                points=decimal(study["points"], 0),
                count=counted(record.manifest),
            ),
            say(
                "Diamonds: the best few on fresh replications ({count}), with limits that hold for"
                " all of them together.",
                count=study["fresh_replications"],
            )
            if len(proof)
            else "",
            say("Points far from the promise may lie outside."),
            _numbers(tried, ["policy", *study["paths"]], called),
        ),
        height=3.2 if len(panels) == 1 else 2.4,
        key=key,
    )
    for panel, ax in zip(panels, axes, strict=False):
        name = panel.rows["requirement"].iloc[0]
        _draw(ax, panel.rows, proof[proof["requirement"].eq(name)])
        ax.set_xlabel(label)
    return sheet


def _numbers(tried: pd.DataFrame, paths: list[str], called: Called) -> str:
    """Which points the numbers on the path of the best stand for."""
    path = tried[tried["best"].eq("yes")].drop_duplicates("trial").tail(_MOST_NUMBERS)
    named = [
        f"{row['trial']}: {point_text({each: row[each] for each in paths}, called)}"
        for row in path.to_dict("records")
    ]
    return say("The best so far: {points}.", points=say("; ").join(named)) if named else ""


def _name(goal: str) -> str:
    """A requirement, or what is to be small, as a planner reads it."""
    return measure_name(measure_in(goal)) if goal.startswith(LEAST) else requirement_text(goal)


def _across(
    table: pd.DataFrame, point: str, goals: list[str], required: list[str], currency: str
) -> tuple[pd.DataFrame, str]:
    """The table with what lies across in a column of its own, and the name of the axis."""
    small = goals[0]
    if small.startswith(LEAST) and small not in required:
        mean = "mean" if "mean" in table else "fresh_mean"
        rows = table[table["requirement"].eq(small)].set_index(point)[mean]
        unit = amounts.unit_words(unit_of(measure_in(small), currency))
        return table.assign(**{_AT: table[point].map(rows)}), f"{_name(small)} [{unit}]"
    if table[COST].notna().any():
        return table.assign(**{_AT: table[COST]}), amounts.unit_words(f"{currency}/d")
    return table.assign(**{_AT: table[STAFFED]}), say("staffed hours a day")


def _draw(ax: Axes, tried: pd.DataFrame, proof: pd.DataFrame) -> None:
    """One promise: the points tried, the path of the best so far, and the proof."""
    name = tried["requirement"].iloc[0]
    promised = None if name.startswith(LEAST) else read_promise(name)
    measure = measure_in(name)
    factor = 100.0 if unit_of(measure) == "share" else 1.0
    ax.vlines(tried[_AT], tried["low"] * factor, tried["high"] * factor,
              color=style.FAINT, lw=1.4, zorder=1)  # fmt: skip
    for feasible, face, edge in (("no", "white", style.MUTED), ("yes", style.BLUE, style.INK)):
        some = tried[tried["feasible"].eq(feasible)]
        ax.plot(some[_AT], some["mean"] * factor, "o", mfc=face, mec=edge, ms=5, mew=0.8, zorder=3)
    path = tried[tried["best"].eq("yes")]
    ax.plot(path[_AT], path["mean"] * factor, color=style.INK, lw=1.0, zorder=4)
    ax.vlines(proof[_AT], proof["fresh_low"] * factor, proof["fresh_high"] * factor,
              color=style.ORANGE, lw=1.6, zorder=4)  # fmt: skip
    ax.plot(proof[_AT], proof["fresh_mean"] * factor, "D", mfc=style.ORANGE, mec=style.INK, ms=4.5,
            mew=0.8, zorder=5)  # fmt: skip
    first = proof[proof["winner"].eq("yes")]
    ax.plot(first[_AT], first["fresh_mean"] * factor, "o", mfc="none", mec=style.INK, ms=11,
            mew=1.2, zorder=6)  # fmt: skip
    ax.set_ylabel(amounts.unit_words(unit_of(measure)))
    if promised is not None:
        _, at_least, value = promised
        ax.axhline(value * factor, color=style.ALARM, ls=(0, (4, 2)), lw=1.0)
        _zoom(ax, tried["mean"].to_numpy(np.float64) * factor, value * factor, factor == 100.0,
              at_least)  # fmt: skip
    # Which is at the bottom shows when the scale is known.
    for trial, spent, mean in (
        path[["trial", _AT, "mean"]].tail(_MOST_NUMBERS).itertuples(index=False)
    ):
        number_point(ax, spent, mean * factor, trial)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: amounts.plain(float(value))))


def _zoom(ax: Axes, means: np.ndarray, promise: float, share: bool, at_least: bool) -> None:
    """Show what lies near the promise: a point that never comes near it tells nothing more."""
    if share and at_least:
        # As far below the promise as four times the way from it to everything.
        far = promise - max(10.0, 4.0 * (100.0 - promise))
        ax.set_ylim(max(0.0, far, min(promise, float(np.nanmin(means))) - 4), 102)
    elif not at_least:
        near = [1.4 * promise, *means[means <= 3 * promise]]
        ax.set_ylim(0, 1.15 * float(np.nanmax(near)) or 1.0)
