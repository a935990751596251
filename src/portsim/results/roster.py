"""The room of results: a roster as tables, and what it says in words.

Who works when, week by week, what it costs and how surely the promise is kept; how the roster was
found may not enter.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from portsim.results.cheapest import figure_text
from portsim.results.manifest import Manifest
from portsim.results.requirements import requirement_text
from portsim.results.roster_hours import hours_sentences
from portsim.scenario.measure_catalogue import label_of, unit_of
from portsim.wording import amounts, say

__all__ = [
    "money_of",
    "promise_of",
    "roster_sentences",
]


def money_of(manifest: Manifest, value: float) -> str:
    """An amount in the currency of the scenario, in whole units."""
    return amounts.money(round(value), manifest.scenarios[0].currency)


def promise_of(study: Mapping[str, Any]) -> str:
    """What was promised, as a planner reads it."""
    return say(", ").join(requirement_text(str(promise)) for promise in study["required"])


def roster_sentences(manifest: Manifest, promises: pd.DataFrame) -> list[str]:
    """What came of a search for a roster, in words."""
    study = manifest.study
    promised = promise_of(study)
    if not study["found"]:
        return [*_nobody_can(study, promised), *hours_sentences(manifest)]
    texts = [
        say(
            "{people} {people:person|people} for {cost} a week, {hours} paid hours each on the "
            "average: {promise}.",
            people=amounts.count(study["persons"]),
            cost=money_of(manifest, study["cost"]),
            hours=amounts.number(study["hours"] / max(study["persons"], 1)),
            promise=promised,
        )
    ]
    texts += [_kept(row, study) for row in promises.to_dict("records")]
    if any(study["margin"]):
        texts.append(
            say(
                "It has a margin to spare, so that fresh replications prove it; what follows holds "
                "for rosters with this margin."
            )
        )
    if study["exact"]:
        texts.append(
            say(
                "No roster of these shifts that keeps the promise is cheaper, unless more staff do "
                "harm."
            )
        )
    else:
        texts.append(
            say(
                "No roster of these shifts that keeps the promise costs less than {bound} a week, "
                "{gap} less, where each further hour helps no more than the one before.",
                bound=money_of(manifest, study["bound"]),
                gap=amounts.percent(study["gap"], 1),
            )
        )
    return [*texts, *hours_sentences(manifest)]


def _kept(row: Mapping[Any, Any], study: Mapping[str, Any]) -> str:
    reached = figure_text(row, "fresh_")
    words = {
        "promise": requirement_text(str(row["requirement"])),
        "count": study["fresh_replications"],
    }
    if row["met"] == "yes":
        return say(
            "Proven on {count} fresh replications: {reached} ({promise}).",
            reached=reached,
            **words,
        )
    return say(
        "Not proven: {count} fresh replications give {reached} ({promise}).",
        reached=reached,
        **words,
    )


def _nobody_can(study: Mapping[str, Any], promised: str) -> list[str]:
    texts = [
        say(
            "No roster of these shifts was found that keeps the promise {promise}.",
            promise=promised,
        )
    ]
    if study["why"] == "ceiling":
        texts.append(
            say(
                "No staff can: {share} is the ceiling of these hours, with no end of staff, lanes "
                "and places at all hours.",
                share=amounts.percent(study["ceiling"], 1),
            )
        )
    else:
        texts.append(
            say(
                "With all the people and places that there are, these shifts reach {reached}; "
                "more people, more places or other shifts might do.",
                reached=say(", ").join(map(_reached, study["reached"])),
            )
        )
    return texts


def _reached(text: str) -> str:
    """What can be reached at most, of a measure and its value as the manifest keeps them."""
    measure, _, value = text.rpartition(" ")
    amount = amounts.quantity(float(value), unit_of(measure))
    return f"{label_of(measure)} {amount}"
