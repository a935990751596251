"""The room of results: the cheapest points of a sweep and the winner of a search, in sentences.

Finished tables and the manifest are read; nothing is judged here.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from portsim.results.called import place_called
from portsim.results.manifest import Manifest
from portsim.results.optimise import winner
from portsim.results.sweep import COST, STAFFED, circumstances, label, measure_in, varied
from portsim.results.verdicts import price_sentence
from portsim.scenario.measure_catalogue import measure_of
from portsim.wording import amounts, decimal, say, sentences

__all__ = [
    "cheapest_sentences",
    "figure_parts",
    "figure_text",
    "promise_text",
    "search_sentences",
    "spent",
]

_MOST, _MOST_OF_EACH, _MOST_BLOCKS = 5, 2, 20

_Row = Mapping[Any, Any]


def cheapest_sentences(manifest: Manifest, frontier: pd.DataFrame) -> list[str]:
    """Which points of a sweep keep every promise, the cheapest first, or which came nearest.

    Args:
        manifest: of the sweep.
        frontier: columns of frontier.csv.
    """
    paths, currency = list(varied(manifest.study)), manifest.scenarios[0].currency
    given = circumstances(paths)
    chosen = ["policy", *(path for path in paths if path not in given)]
    required = list(dict.fromkeys(frontier["requirement"]))
    costly = bool(frontier[COST].notna().any())
    order = say("the cheapest first") if costly else say("the fewest staffed hours first")
    lines = [
        sentences(
            say(
                "What meets {promises} with 95 % confidence, {order}.",
                promises=say(" and ").join(required),
                order=say("{order}, for each traffic by itself", order=order) if given else order,
            ),
            say(
                "Limits in brackets hold for all {count} points together (95 %, Bonferroni).",
                count=len(frontier) // len(required),
            ),
        )
    ]
    if not costly:
        lines.append(say("No resource has a cost_per_staffed_hour; staffed hours stand for it."))
    lines += filter(None, [price_sentence(manifest, place_called(manifest))])
    blocks = list(frontier.groupby(given, sort=False)) if given else [((), frontier)]
    most = _MOST if len(blocks) == 1 else _MOST_OF_EACH
    for number, (given_values, block) in enumerate(blocks):
        if number == _MOST_BLOCKS:
            lines.append(say("{count} more: frontier.csv", count=len(blocks) - number))
            break
        facts = {"count": len(block) // len(required), "kept": int(block["rank"].max())}
        text = (
            say("{kept} of {count} points:", **facts)
            if facts["kept"]
            else say("none of {count} points; the nearest:", **facts)
        )
        traffic = _point(dict(zip(given, given_values, strict=True)))
        lines.append(say("{name}: {text}", name=traffic, text=text) if traffic else text)
        shown = block[block["rank"].gt(0)] if facts["kept"] else block
        points = list(shown.groupby(chosen, sort=False))[: most if facts["kept"] else 1]
        for place, (_, rows) in enumerate(points, 1):
            first, *_ = ordered = rows.to_dict("records")
            figures = say("; ").join(figure_text(row) for row in ordered)
            values = _point({path: first[path] for path in chosen})
            lines.append(f"  {place}. {_costs(values, first, currency)}; {figures}")
        if facts["kept"] > most:
            more = say("{count} more: frontier.csv", count=facts["kept"] - most)
            lines.append(f"  … {more}")
    return lines


def search_sentences(manifest: Manifest, tried: pd.DataFrame, proof: pd.DataFrame) -> list[str]:
    """Who wins a search, or why nobody does, and what a reader must know of it.

    Args:
        manifest: of the search.
        tried: columns of optimise.csv.
        proof: columns of proof.csv.
    """
    study = manifest.study
    facts = {
        "tried": study["tried"],
        "points": decimal(study["points"], 0),
        "kept": study["feasible"],
        "count": manifest.replications,
        "seed": manifest.seed,
    }
    how = (
        say("All {tried} points were tried.", **facts)
        if study["tried"] == study["points"]
        else say(
            "{tried} of {points} points were tried; a search cannot promise that none of the others"
            " is better.",
            **facts,
        )
    )
    kept = say("{kept} kept every promise with {count} replications, seed {seed}.", **facts)
    lines = [*_outcome(manifest, tried, proof), sentences(how, kept)]
    if len(proof):
        lines.append(
            say(
                "Searched: 95 % limits of each point for itself; the best were chosen by them, so"
                " they flatter. Fresh: {count} replications that the search has not seen; their"
                " limits hold for all finalists together (95 %, Bonferroni).",
                count=study["fresh_replications"],
            )
        )
    lines += filter(None, [price_sentence(manifest, place_called(manifest))])
    if failed := tried[tried["note"].ne("")]["trial"].nunique():
        lines.append(say("{count} points could not be run; optimise.csv says why.", count=failed))
    return lines


def _outcome(manifest: Manifest, tried: pd.DataFrame, proof: pd.DataFrame) -> list[str]:
    study, currency = manifest.study, manifest.scenarios[0].currency
    promise = promise_text(study)
    if (best := winner(study)) is not None:
        rows = proof[proof["winner"].eq("yes")].to_dict("records")
        figures = [
            say(
                "{promise}: {fresh}, searched {searched}",
                promise=row["requirement"],
                fresh=figure_text(row, "fresh_"),
                searched=figure_text(row, "searched_"),
            )
            for row in rows
        ]
        before = proof[proof["place"].lt(rows[0]["place"]) & proof["proven"].eq("no")]
        fell = int(before["place"].nunique())
        return [
            sentences(
                say("The winner is {point}.", point=_costs(_point(best), rows[0], currency)),
                say("On fresh replications {figures}.", figures=say("; ").join(figures)),
                say("{count} that the search put before it did not stand the proof.", count=fell)
                if fell
                else "",
            )
        ]
    if len(proof):
        return [
            say(
                "No winner: {kept} points kept {promise} in the search, but on fresh replications"
                " none of the {count} best of them surely does. Try more --replications, so that"
                " luck counts for less in the search, more --fresh ones, so that the proof is"
                " sharper, or more --finalists.",
                kept=study["feasible"],
                promise=promise,
                count=proof["place"].nunique(),
            )
        ]
    lines = [
        say(
            "No winner: none of the {count} points tried meets {promise} with 95 % confidence.",
            count=study["tried"],
            promise=promise,
        )
    ]
    rows = tried[tried["trial"].eq(study["nearest"] or 0)].to_dict("records")
    if rows:
        values = _point({path: rows[0][path] for path in study["paths"]})
        figures = [
            say("{name}: {text}", name=row["requirement"], text=figure_text(row)) for row in rows
        ]
        lines.append(
            say(
                "The nearest is {point}; {figures}.",
                point=_costs(values, rows[0], currency),
                figures=say("; ").join(figures),
            )
        )
    return lines


def promise_text(study: Mapping[str, Any]) -> str:
    """What a search is for, in words; of the ``study`` of its manifest."""
    aim = str(study["minimise"])
    return say(" and ").join(study["required"]) or say("the least {aim}", aim=aim)


def spent(row: _Row) -> str:
    """Cost a day of a point, or staffed hours where nothing has a cost."""
    return amounts.number(row[STAFFED]) if pd.isna(row[COST]) else amounts.money(row[COST])


def _costs(point: str, row: _Row, currency: str) -> str:
    facts = {"point": point, "number": spent(row), "unit": currency}
    if pd.isna(row[COST]):
        return say("{point}: {number} staffed hours a day", **facts)
    return say("{point}: {number} {unit} a day", **facts)


def _point(values: Mapping[str, Any]) -> str:
    texts = (
        amounts.given(value) if path == "policy" else f"{label(path)} {amounts.given(value)}"
        for path, value in values.items()
    )
    return say(", ").join(texts)


def figure_text(row: _Row, when: str = "") -> str:
    """Mean and limits of what is required."""
    mean, limits = figure_parts(row, when)
    return say("{mean} ({interval})", mean=mean, interval=limits) if limits else mean


def figure_parts(row: _Row, when: str = "") -> tuple[str, str]:
    """Mean of what is required, and its limits; these are empty where it is undefined."""
    # A promise of 95 % is kept or not by tenths.
    share = measure_of(measure_in(row["requirement"])).share

    def write(value: float) -> str:
        return amounts.percent(value, 1) if share else amounts.number(value)

    mean, low, high = (row[f"{when}{word}"] for word in ("mean", "low", "high"))
    if pd.isna(mean):
        return say("undefined"), ""
    if pd.isna(low) or pd.isna(high):
        return write(mean), say("no interval")
    limits = say("in every replication") if low == high else amounts.span(write(low), write(high))
    return write(mean), limits
