"""The room of results: what a sensitivity table says, in sentences."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from portsim.wording.amounts import amount, four_digits

__all__ = ["MOST_NAMED", "answers", "left_out"]

MOST_NAMED = 15
"""So many assumptions are shown by name; the table has them all."""

_Row = Mapping[Any, Any]


def answers(table: pd.DataFrame, method: str) -> list[str]:
    """What the table says of each policy: the answer as written, and what moves or turns it."""
    said: list[str] = []
    for (policy, baseline), rows in table.groupby(["scenario", "baseline"], sort=False):
        varied = [row for row in rows.to_dict("records") if not math.isnan(row["base_input"])]
        if not varied:
            continue
        name = f"{policy} against {baseline}" if baseline else str(policy)
        if method == "one-at-a-time":
            said.append(_answer(name, varied[0], bool(baseline)))
            said += _turns(varied) if baseline else [_most(varied)]
        else:
            said.append(_importance(name, varied, method))
    return said


def left_out(table: pd.DataFrame) -> list[str]:
    """Which marked inputs were not varied, or only in part, and why: a sentence a reason."""
    rows = table[table["note"].ne("")].drop_duplicates(["assumption", "note"])
    varied = rows["base_input"].notna()
    parts = [
        f"{name} was varied only in part: {why}."
        for name, why in rows.loc[varied, ["assumption", "note"]].itertuples(index=False)
        if "refused" in why
    ]
    return parts + [
        f"Not varied, because {str(why).removeprefix('not varied: ')} ({len(some)}): "
        f"{', '.join(some['assumption'])}."
        for why, some in rows[~varied].groupby("note", sort=False)
    ]


def _answer(name: str, row: _Row, compared: bool) -> str:
    unit = row["unit"]
    base = amount(row["base"], unit, difference=compared)
    if math.isnan(row["base_ci_low"]):
        sure = "one replication, no interval"
    else:
        low, high = (
            amount(row[f"base_ci_{e}"], unit, difference=compared) for e in ("low", "high")
        )
        sure = f"95 % interval {low} to {high}"
    said = f"{name}: {row['measure']} {base} as written ({sure})"
    if not compared or math.isnan(row["base_ci_low"]):
        return f"{said}."
    clear = row["base_ci_low"] > 0 or row["base_ci_high"] < 0
    return f"{said}: {'a clear difference' if clear else 'no clear difference'}."


def _most(varied: list[dict[Any, Any]]) -> str:
    known = [row for row in varied if row["swing"] > 0]
    if not known:
        return "No assumption alone moves it within its range."
    row = max(known, key=lambda one: one["swing"])
    ends = []
    for end in ("low", "high"):
        if not math.isnan(row[f"at_{end}"]):
            value = four_digits(row[f"{end}_input"], row["input_unit"])
            ends.append(f"{amount(row[f'at_{end}'], row['unit'])} at {value}")
    return f"{row['assumption']} ({row['confidence']}) moves it most: {', '.join(ends)}."


def _turns(varied: list[dict[Any, Any]]) -> list[str]:
    found = [text for row in varied for text in _turn(row)]
    if any("clear" in (row["turns_low"], row["turns_high"]) for row in varied):
        # Among many ends, some difference becomes clear by chance alone.
        found.append(
            "As written the difference is not clear, so chance may make it so at some ends; more "
            "--replications decide."
        )
    if found:
        return found
    holes = sum(bool(row["note"]) for row in varied)
    but = f"; at {holes} of them an end was refused and is not known" if holes else ""
    return [f"No assumption alone turns the answer within its range ({len(varied)} tried{but})."]


def _turn(row: _Row) -> Iterator[str]:
    becomes = {
        "unclear": "the difference can no longer be told from none",
        "clear": "the difference is clear",
        "other sign": "the difference has the other sign",
    }
    for end, side in (("low", "below"), ("high", "above")):
        kind = row[f"turns_{end}"]
        if not kind:
            continue
        turned, holds, base, last = (
            four_digits(row[key], row["input_unit"])
            for key in (f"turned_{end}", f"holds_{end}", "base_input", f"{end}_input")
        )
        name = f"{row['assumption']} ({row['confidence']})"
        by = f"it does so by {turned}, and at {last}"
        if turned == last:
            by = f"at {last}"
        yield f"{name} turns it {side} {holds} ({base} as written): {by} {becomes[kind]}."


def _importance(name: str, varied: list[dict[Any, Any]], method: str) -> str:
    if method == "morris":
        unit = varied[0]["unit"]
        leading = [
            f"{row['assumption']} ({amount(row['mu_star'], unit, difference=True).lstrip('+')})"
            for row in varied[:3]
        ]
        return f"{name}: the largest mean effects on {varied[0]['measure']} are {_and(leading)}."
    leading = [f"{row['assumption']} ({row['total']:.0%})" for row in varied[:3]]
    return f"{name}: most of the variance of {varied[0]['measure']} involves {_and(leading)}."


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
