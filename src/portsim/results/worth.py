"""The room of results: what one more is worth, as a table and in words."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from portsim.results.tables import Schema
from portsim.scenario.measure_catalogue import WAITS, Cause
from portsim.wording import amounts, later, say

__all__ = ["KIND", "WORTH", "cause_label", "one_more", "place_label", "worth_sentences"]

KIND = "worth"
WORTH: Schema = {
    "rank": "integer",
    "kind": "text",
    "place": "text",
    "truck_hours": "number",
    "joint_low": "number",
    "joint_high": "number",
    "released": "number",
    "next": "text",
}
"""Columns of worth.csv: a row a thing, the truck-hours a day that one more saves with limits that
hold for all rows together, trucks released a day more, and what waits then go back to most."""
_HOURS = ("hour later", "hour earlier")
_KINDS = {
    "server": later("one more: {place}"),
    "quota": later("a quota larger by one: {place}"),
    "hour later": later("an hour later: {place}"),
    "hour earlier": later("an hour earlier: {place}"),
}


def cause_label(study: Mapping[str, Any], text: str) -> str:
    """What waits go back to, in words: a resource, or the hours of a stage."""
    cause = Cause.read(f"{WAITS[1]}[{text}]") if text else None
    if cause is None:
        return ""
    place = place_label(study, cause.name)
    if cause.kind == "hours":
        return say("the hours of {stage}", stage=place)
    if cause.kind == "off duty":
        return say("{resource} off duty", resource=place)
    return place


def place_label(study: Mapping[str, Any], name: str) -> str:
    """What people call a resource or a stage."""
    return str(study["labels"].get(name, name))


def one_more(study: Mapping[str, Any], row: Mapping[Any, Any]) -> str:
    """What there is one more of, in words."""
    kind, name = str(row["kind"]), str(row["place"])
    label = study["calendars"].get(name, name) if kind in _HOURS else place_label(study, name)
    return say(_KINDS[kind], place=str(label))


def worth_sentences(study: Mapping[str, Any], table: pd.DataFrame) -> list[str]:
    """What is worth most, and what cannot be told apart from nothing."""
    sure = table[table["joint_low"] > 0].to_dict("records")
    if not sure:
        return [say("Nothing of which there could be one more saves time for sure.")]
    best = sure[0]
    texts = [
        say(
            "Worth most: {one}, {hours} truck-hours a day ({low} to {high}).",
            one=one_more(study, best),
            hours=amounts.number(best["truck_hours"]),
            low=amounts.number(best["joint_low"]),
            high=amounts.number(best["joint_high"]),
        )
    ]
    if best["next"]:
        texts.append(
            say(
                "Waits then go back most to {place}.",
                place=cause_label(study, str(best["next"])),
            )
        )
    return texts
