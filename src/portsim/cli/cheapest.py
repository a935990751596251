"""The cheapest points of a sweep in words, as the verb `sweep` prints them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from portsim.results import ScenarioEntry

__all__ = ["summary_lines"]

_MOST, _MOST_OF_EACH, _MOST_BLOCKS = 5, 2, 20


def summary_lines(
    paths: list[str], frontier: "pd.DataFrame", policies: "Sequence[ScenarioEntry]"
) -> list[str]:
    """Which points keep every promise, the cheapest first, or which came nearest: in words."""
    from portsim.results.sweep import COST, circumstances, label  # noqa: PLC0415
    from portsim.wording import amounts  # noqa: PLC0415

    given, currency = circumstances(paths), policies[0].currency
    unpriced = list(dict.fromkeys(name for policy in policies for name in policy.unpriced))
    chosen = ["policy", *(path for path in paths if path not in given)]
    required = list(dict.fromkeys(frontier["requirement"]))
    costly = bool(frontier[COST].notna().any())
    first = "the cheapest first" if costly else "the fewest staffed hours first"
    lines = [
        "",
        f"What surely keeps {' and '.join(required)}, {first}"
        + (", for each traffic by itself" if given else "")
        + f". Limits in brackets hold for all {len(frontier) // len(required)} points together "
        "(95 %, Bonferroni).",
    ]
    if not costly:
        lines.append("No resource has a cost_per_staffed_hour; staffed hours stand for it.")
    if unpriced:
        lines.append(
            f"Counted as free, for want of a cost_per_staffed_hour: {', '.join(unpriced)}."
        )
    blocks = list(frontier.groupby(given, sort=False)) if given else [((), frontier)]
    most = _MOST if len(blocks) == 1 else _MOST_OF_EACH
    for number, (values, block) in enumerate(blocks):
        if number == _MOST_BLOCKS:
            lines.append(f"{len(blocks) - number} more: frontier.csv.")
            break
        traffic = ", ".join(
            f"{label(p)} {amounts.given(v)}" for p, v in zip(given, values, strict=True)
        )
        tried, kept = len(block) // len(required), int(block["rank"].max())
        verdict = f"{kept} of {tried} points" if kept else f"none of {tried} points; the nearest"
        lines.append(f"{traffic + ': ' if traffic else ''}{verdict}:")
        shown = block[block["rank"].gt(0)] if kept else block
        points = list(shown.groupby(chosen, sort=False))[: most if kept else 1]
        lines += [
            f"  {n}. {_point(rows, chosen, currency if costly else None)}"
            for n, (_, rows) in enumerate(points, 1)
        ]
        if kept > most:
            lines.append(f"  … {kept - most} more: frontier.csv")
    return lines


def _point(rows: "pd.DataFrame", chosen: list[str], currency: str | None) -> str:
    """One point in words: its values, what it costs in a currency if anything, what it keeps."""
    from portsim.results.sweep import COST, STAFFED, label, measure_in  # noqa: PLC0415
    from portsim.scenario.measure_catalogue import unit_of  # noqa: PLC0415
    from portsim.wording import amounts  # noqa: PLC0415

    first = rows.iloc[0]
    spent = f"{amounts.number(first[STAFFED])} staffed hours"
    if currency is not None:
        spent = amounts.money(first[COST], currency)
    values = [str(first["policy"]), *(f"{label(p)} {amounts.given(first[p])}" for p in chosen[1:])]
    figures = []
    for row in rows.to_dict("records"):
        share = unit_of(measure_in(row["requirement"])) == "share"
        write = amounts.percent if share else amounts.number
        limits = f"{write(row['low'])} to {write(row['high'])}"
        if row["low"] == row["high"]:
            limits = "in every replication"
        figures.append(f"{write(row['mean'])} ({limits})")
    return f"{', '.join(values)}: {spent} a day; {'; '.join(figures)}"
