"""The room of results: hours that were chosen with a roster, in cells and in words.

Which hours are better was judged before; nothing is judged here.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from portsim.results.manifest import Manifest
from portsim.results.requirements import requirement_text
from portsim.results.sweep import measure_in
from portsim.scenario.measure_catalogue import unit_of
from portsim.wording import amounts, later, say

__all__ = ["hours_cells", "hours_sentences", "hours_words", "shown_hours"]

_Row = Mapping[Any, Any]


def shown_hours(tried: pd.DataFrame) -> list[dict[Any, Any]]:
    """Rows of hours.csv that a reader sees first: the frontier, the best, and the hours there are.

    In the order of their cost; without a roster last.
    """
    seen = tried["frontier"].eq("yes") | tried["best"].eq("yes") | tried["hours"].eq("")
    return tried[seen].sort_values(["cost", "promise"], kind="stable").to_dict("records")


def hours_words(manifest: Manifest, written: str) -> str:
    """Hours as tables keep them, with calendars as they are called in the language being spoken.

    In: the manifest of a roster, with labels for people; ``Far gate 09:00-21:00; Near gate …`` in
    English. Out: empty if empty.
    """
    labels = (manifest.study.get("opening") or {}).get("calendars", {})
    parts = (part.rpartition(" ") for part in written.split("; ") if part)
    return say("; ").join(f"{labels.get(name, name)} {span}" for name, _, span in parts)


def hours_cells(row: _Row, manifest: Manifest) -> list[str]:
    """Promise, hours, cost, people, and what is reached, of a row of hours.csv."""
    there = not pd.isna(row["cost"])
    reached: str = "–" if pd.isna(row["reached"]) else _amount(row["promise"], row["reached"])
    return [
        requirement_text(str(row["promise"])),
        hours_words(manifest, str(row["hours"])) or say("as they are"),
        amounts.money(round(row["cost"])) if there else "–",
        amounts.count(row["people"]) if there else "–",
        reached if there or pd.isna(row["reached"]) else say("at most {share}", share=reached),
    ]


def _amount(promise: str, value: float) -> str:
    return amounts.quantity(value, unit_of(measure_in(promise)))


def hours_sentences(manifest: Manifest) -> list[str]:
    """What each side wins alone, what all win together, and who should open longer.

    In: the manifest of a roster of which hours were chosen too. Out: sentences; none without.
    """
    facts = manifest.study.get("opening")
    if facts is None:
        return []
    promise = str(manifest.study["required"][0])
    labels = facts.get("calendars", {})
    told = [_part(part, promise, manifest) for part in facts["parts"]]
    for key, text in (
        ("longer", later("Open longer: {names}.")),
        ("shorter", later("Open less long: {names}.")),
    ):
        names = [labels.get(name, name) for name in facts[key]]
        if names:
            told.append(say(text, names=say(", ").join(names)))
    if not (facts["longer"] or facts["shorter"]):
        told.append(say("No other hours are cheaper."))
    if facts["late"]:
        told.append(say("Time ran out before no step more or less was better."))
    return [text for text in told if text]


def _part(part: Mapping[str, Any], promise: str, manifest: Manifest) -> str:
    labels, currency = (
        manifest.study["opening"].get("calendars", {}),
        manifest.scenarios[0].currency,
    )
    words = {
        "who": say(" and ").join(labels.get(name, name) for name in part["of"]),
        "hours": hours_words(manifest, part["hours"]) or say("as they are"),
        "cost": "" if part["cost"] is None else amounts.money(round(part["cost"]), currency),
        "reached": "?" if part["reached"] is None else _amount(promise, part["reached"]),
    }
    there = part["cost"] is not None
    if not part["of"]:
        text = (
            later("With the hours as they are: {cost} a week.")
            if there
            else later(
                "With the hours as they are no roster was found that keeps it; at most {reached}"
                " can be reached."
            )
        )
    elif len(part["of"]) == 1:
        if there and not part["hours"]:
            text = later("{who} alone: no other hours are cheaper.")
        elif there:
            text = later("{hours} alone: {cost} a week.")
        else:
            text = later("{who} alone: no hours were found that keep it.")
    elif not there:
        text = later("{who} together: no hours were found that keep it.")
    else:
        text = later("Together, {hours}: {cost} a week.") if part["hours"] else ""
    return say(text, **words) if text else ""
