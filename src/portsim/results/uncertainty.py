"""The room of results: the tables of a study with drawn inputs, and what they say in sentences."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from portsim.results.manifest import Manifest
from portsim.results.tables import Schema
from portsim.scenario.figure_notes import AT_LEAST, noted
from portsim.scenario.measure_catalogue import TOTAL_COST, label_of
from portsim.wording import amounts, later, say, sentences

__all__ = [
    "DRAWN_INPUTS",
    "ENOUGH",
    "JOINT",
    "UNCERTAIN",
    "UNCERTAINTY",
    "drawing_sentences",
    "half",
    "port_rows",
    "uncertainty_sentences",
]

ENOUGH = 39
"""Draws of which 95 % intervals need suppose nothing: (39 + 1) · 2.5 % = 1."""
JOINT = "joint"
"""Shape of inputs that are drawn together, a row of a file a replication."""
UNCERTAIN = "uncertainty"
"""Key of the manifest's statistics under which it says what was drawn."""
UNCERTAINTY: Schema = {
    **dict.fromkeys(
        ("scenario", "baseline", "truck_class", "place", "measure", "unit"),
        "text",
    ),
    **dict.fromkeys(
        (
            *("mean", "chance_low", "chance_high"),
            *("shift", "ignorance_low", "ignorance_high", "low", "high"),
        ),
        "number",
    ),
    "draws": "integer",
    **dict.fromkeys(("method", "most_of_it"), "text"),
    "share": "number",
    "note": "text",
}
"""``mean`` is with inputs as written, ``shift`` what drawing them does to it on average;
``chance_*`` hold for chance alone, ``ignorance_*`` for the inputs alone, ``low`` and ``high`` for
both. Where ``baseline`` is not empty, all are of the difference to it."""
DRAWN_INPUTS: Schema = {
    "scenario": "text",
    "replication": "integer",
    "path": "text",
    "input": "text",
    "unit": "text",
    **dict.fromkeys(("low", "high"), "number"),
    "shape": "text",
    "value": "number",
    "attempt": "integer",
    "note": "text",
}
"""``path``: where the value stood in the scenario; ``input``: the path by which it was drawn, the
same for all policies that share it; ``shape``: how it lies in its range, ``joint`` where it is
drawn together with others, a row of a file a replication; ``attempt``: which draw it is, from 1,
for values that cannot stand together are drawn again; ``note``: ``refused`` where none of the draws
could stand."""

_MEASURES = ("completed_within_limit", "stay_mean_h", TOTAL_COST)
"""Measures of which there are sentences; another one of ``--best`` stands in for the first."""

_Row = Mapping[Any, Any]


def port_rows(table: pd.DataFrame) -> dict[tuple[str, str, str], dict[Any, Any]]:
    """Rows of the whole port and all trucks, by scenario, baseline (or nothing) and measure.

    Without those of which some figures are only lower bounds: nobody knows how much more they are.
    """
    rows = table[(table["truck_class"] == "all") & (table["place"] == "")]
    rows = rows[[not noted(note, AT_LEAST) for note in rows["note"]]]
    return {
        (str(row["scenario"]), str(row["baseline"]), str(row["measure"])): row
        for row in rows.to_dict("records")
    }


def half(row: _Row, part: str) -> float:
    """Half the width of an interval of a row: of ``chance_``, ``ignorance_``, or nothing."""
    return float(row[f"{part}high"] - row[f"{part}low"]) / 2.0


def uncertainty_sentences(
    manifest: Manifest, table: pd.DataFrame, label: Callable[[str], str] = str
) -> list[str]:
    """What chance and ignorance do to the answer, told apart.

    Args:
        manifest: of a study with drawn inputs.
        table: columns of uncertainty.csv.
        label: what a policy is called.
    """
    rows = port_rows(table)
    best = manifest.statistics.get("best", {}).get("measure")
    measures = list(dict.fromkeys([str(best or _MEASURES[0]), *_MEASURES[1:]]))
    base = manifest.baseline
    # Where policies are compared, their differences are the answer.
    pairs = [(entry.name, "" if entry.name == base else base or "") for entry in manifest.scenarios]
    wanted = [(*who, measure) for who in pairs for measure in measures]
    sentences = [
        _sentence(rows[key], label) for key in wanted if key in rows and _worth_telling(rows[key])
    ]
    return [*filter(None, sentences), *drawing_sentences(manifest, table)]


def drawing_sentences(manifest: Manifest, table: pd.DataFrame) -> list[str]:
    """How inputs were drawn, and what must be known of the intervals.

    Args:
        manifest: of a study with drawn inputs.
        table: of uncertainty.csv, the column draws.
    """
    facts = manifest.statistics[UNCERTAIN]
    return [*filter(None, [_rough(table), _refused(facts)]), _how(facts)]


def _worth_telling(row: _Row) -> bool:
    """Whether there is an interval: not of one replication, nor where nothing moves a figure."""
    return math.isfinite(row["low"]) and bool(row["low"] < row["high"])


def _sentence(row: _Row, label: Callable[[str], str]) -> str:
    compared = bool(row["baseline"])

    def written(value: float, *, sign: bool = True) -> str:
        return amounts.amount(value, row["unit"], difference=compared, sign=sign)

    def width(part: str) -> str:
        return amounts.amount(half(row, part), row["unit"], difference=True, sign=False)

    policy = label(row["scenario"])
    name = (
        say("{policy} against {base}", policy=policy, base=label(row["baseline"]))
        if compared
        else policy
    )
    text = say(
        "{policy}, {measure}: {low} to {high} with what is not known; ± {chance} chance,"
        " ± {ignorance} ignorance.",
        policy=name,
        measure=label_of(row["measure"]),
        low=written(row["low"]),
        high=written(row["high"]),
        chance=width("chance_"),
        ignorance=width("ignorance_"),
    )
    as_written = (
        ""
        if row["ignorance_low"] <= row["mean"] <= row["ignorance_high"]
        else say(
            "With inputs as written it is {mean}, from which nearly all draws lie to one side.",
            mean=written(row["mean"]),
        )
    )
    return sentences(text, as_written, _most(row), _verdict(row) if compared else "")


def _most(row: _Row) -> str:
    """Which input most of it comes from, if one surely is."""
    if not row["most_of_it"]:
        return ""
    return say(
        "Most of it: {input} (about {share} of its variance in {count} draws).",
        input=row["most_of_it"],
        share=amounts.percent(row["share"], 0),
        count=row["draws"],
    )


_VERDICTS = {
    (True, True): later("The difference is clear, with what is not known too."),
    (True, False): later(
        "With inputs as written the difference is clear; what is not known could undo it."
    ),
}


def _verdict(row: _Row) -> str:
    def clear(part: str) -> bool:
        return bool(row[f"{part}low"] > 0.0 or row[f"{part}high"] < 0.0)

    sentence = _VERDICTS.get((clear("chance_"), clear("")))
    return "" if sentence is None else say(sentence)


def _refused(facts: Mapping[str, Any]) -> str:
    refused = facts["refused"]
    if not refused:
        return ""
    return say(
        "Draws whose values cannot stand together: {refused} of {draws}; they were drawn again, and"
        " {left} runs are left out. The first of them: {why}.",
        refused=sum(some["draws"] for some in refused),
        draws=facts["draws"],
        left=sum(some["left_out"] for some in refused),
        why=refused[0]["why"],
    )


def _rough(table: pd.DataFrame) -> str:
    """That intervals of few draws suppose something, and how many would not."""
    if not table["draws"].between(2, ENOUGH - 1).any():
        return ""
    return say(
        "With fewer than {count} draws intervals of ignorance are those of a normal distribution,"
        " rough where effects are lopsided; with --replications {count} they suppose nothing.",
        count=ENOUGH,
    )


def _how(facts: Mapping[str, Any]) -> str:
    shapes = [each.get("shape", "uniform") for each in facts["inputs"]]
    joint = shapes.count(JOINT)
    even = shapes.count("uniform")
    if even < len(shapes):
        return sentences(
            say(
                "Each replication was run with inputs as written and, with the same luck, with"
                " inputs drawn: {even} evenly within their ranges, {estimated} as a normal or"
                " lognormal distribution of which the range holds 95 %, each by itself, and {joint}"
                " together.",
                even=even,
                estimated=len(shapes) - even - joint,
                joint=joint,
            ),
            say("What is drawn together is a row of {file} a replication.",
                file=say(", ").join(facts["files"])) if joint else "",
            say("Not drawn: {left}.", left=len(facts["not_drawn"])),
        )  # fmt: skip
    return say(
        "Each replication was run with inputs as written and, with the same luck, with inputs drawn"
        " evenly and independently within their ranges. Inputs with the marks {marks} drawn:"
        " {count}. Not drawn: {left}.",
        count=len(facts["inputs"]),
        marks=say(", ").join(facts["marks"]),
        left=len(facts["not_drawn"]),
    )
