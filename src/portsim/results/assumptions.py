"""The room of results: what a sensitivity table says, in sentences."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from portsim.scenario.measure_catalogue import label_of
from portsim.wording import amounts, later, say

__all__ = ["MOST_NAMED", "sensitivity_sentences"]

MOST_NAMED = 15
"""So many assumptions are shown by name; the table has them all."""
_BECOMES = {
    "unclear": later("the difference can no longer be told from none"),
    "clear": later("the difference is clear"),
    "other sign": later("the difference has the other sign"),
}
_SIDES = {
    "low": later("{assumption} turns it below {holds} ({base} as written): {when} {becomes}."),
    "high": later("{assumption} turns it above {holds} ({base} as written): {when} {becomes}."),
}

_Row = Mapping[Any, Any]


def sensitivity_sentences(table: pd.DataFrame, method: str) -> list[str]:
    """What the table says of each policy, what moves or turns its answer, and what was left out.

    Args:
        table: columns of sensitivity.csv.
        method: by which it was made.
    """
    each = method == "one-at-a-time"
    sentences: list[str] = []
    for (policy, baseline), rows in table.groupby(["scenario", "baseline"], sort=False):
        varied = [row for row in rows.to_dict("records") if not math.isnan(row["base_input"])]
        if not varied:
            continue
        name = say("{policy} against {base}", policy=policy, base=baseline) if baseline else policy
        if each:
            sentences.append(_answer(str(name), varied[0], bool(baseline)))
            sentences += _turns(varied) if baseline else [_most(varied)]
        else:
            sentences.append(_importance(str(name), varied, method))
    return sentences + _left_out(table, each=each)


def _left_out(table: pd.DataFrame, *, each: bool) -> list[str]:
    """Which marked inputs were not varied, or only in part, and why: a sentence a reason."""
    rows = table[table["note"].ne("")].drop_duplicates(["assumption", "note"])
    varied = rows["base_input"].notna()
    # Of an assumption that was varied by itself a note says which values were refused.
    partly = rows[varied].itertuples() if each else ()
    return [
        *(
            say(
                "{assumption} was varied only in part: {note}.",
                assumption=r.assumption,
                note=r.note,
            )
            for r in partly
        ),
        *(
            say(
                "{names} ({count}): {note}.",
                names=say(", ").join(some["assumption"]),
                count=len(some),
                note=note,
            )
            for note, some in rows[~varied].groupby("note", sort=False)
        ),
    ]


def _answer(name: str, row: _Row, compared: bool) -> str:
    value, low, high = (
        amounts.amount(row[f"base{end}"], row["unit"], difference=compared)
        for end in ("", "_ci_low", "_ci_high")
    )
    facts = {"name": name, "measure": label_of(row["measure"]), "value": value}
    if math.isnan(row["base_ci_low"]):
        return say("{name}: {measure} {value} as written (one replication, no interval).", **facts)
    facts["interval"] = amounts.span(low, high)
    if not compared:
        return say("{name}: {measure} {value} as written (95 % interval {interval}).", **facts)
    if row["base_ci_low"] > 0 or row["base_ci_high"] < 0:
        return say(
            "{name}: {measure} {value} as written (95 % interval {interval}): a clear difference.",
            **facts,
        )
    return say(
        "{name}: {measure} {value} as written (95 % interval {interval}): no clear difference.",
        **facts,
    )


def _most(varied: list[dict[Any, Any]]) -> str:
    known = [row for row in varied if row["swing"] > 0]
    if not known:
        return say("No assumption alone moves it within its range.")
    row = max(known, key=lambda row: row["swing"])
    ends = [
        say(
            "{figure} at {value}",
            figure=amounts.amount(row[f"at_{end}"], row["unit"]),
            value=amounts.four_digits(row[f"{end}_input"], row["input_unit"]),
        )
        for end in ("low", "high")
        if not math.isnan(row[f"at_{end}"])
    ]
    return say(
        "{assumption} moves it most: {ends}.", assumption=_marked(row), ends=say(", ").join(ends)
    )


def _marked(row: _Row) -> str:
    return f"{row['assumption']} ({row['confidence']})"


def _turns(varied: list[dict[Any, Any]]) -> list[str]:
    sentences = [text for row in varied for text in _turn(row)]
    if any("clear" in (row["turns_low"], row["turns_high"]) for row in varied):
        # Among many ends, some difference becomes clear by chance alone.
        sentences.append(
            say(
                "As written the difference is not clear, so chance may make it so at some ends;"
                " more --replications decide."
            )
        )
    if sentences:
        return sentences
    facts = {"count": len(varied), "holes": sum(bool(row["note"]) for row in varied)}
    if facts["holes"]:
        return [
            say(
                "No assumption alone turns the answer within its range ({count} tried; at {holes}"
                " of them an end was refused and is not known).",
                **facts,
            )
        ]
    return [say("No assumption alone turns the answer within its range ({count} tried).", **facts)]


def _turn(row: _Row) -> Iterator[str]:
    for end, sentence in _SIDES.items():
        if not (kind := row[f"turns_{end}"]):
            continue
        turned, holds, base, last = (
            amounts.four_digits(row[key], row["input_unit"])
            for key in (f"turned_{end}", f"holds_{end}", "base_input", f"{end}_input")
        )
        when = (
            say("at {last}", last=last)
            if turned == last
            else say("it does so by {turned}, and at {last}", turned=turned, last=last)
        )
        yield say(
            sentence,
            assumption=_marked(row),
            holds=holds,
            base=base,
            when=when,
            becomes=say(_BECOMES[kind]),
        )


def _importance(name: str, varied: list[dict[Any, Any]], method: str) -> str:
    def size(row: _Row) -> str:
        if method == "morris":
            return amounts.amount(row["mu_star"], row["unit"], difference=True, sign=False)
        return amounts.percent(row["total"], 0)

    leading = [
        say("{name} ({value})", name=row["assumption"], value=size(row)) for row in varied[:3]
    ]
    facts = {
        "name": name,
        "measure": label_of(varied[0]["measure"]),
        "assumptions": say(", ").join(leading),
    }
    if method == "morris":
        return say("{name}: the largest mean effects on {measure}: {assumptions}.", **facts)
    return say("{name}: most of the variance of {measure} involves {assumptions}.", **facts)
