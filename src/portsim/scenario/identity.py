"""Who a scenario is: keys made of its values alone, equal where all that counts is equal.

A key counts every field but those that are named: a field that is new to the language counts
until somebody shows that it does not. Files, lines, comments and sources never count; what stood
in attached files does, and their names do not.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from portsim.scenario.labels import Label
from portsim.scenario.model import Scenario
from portsim.scenario.plain import named_files, plain
from portsim.scenario.recorded import Recorded

__all__ = ["SHOWN", "every_class", "identity", "key", "run_identity"]

Without = Mapping[str, Any]
"""Fields that do not count, as `exclude` of pydantic's ``model_dump``: True, or those inside."""

SHOWN = frozenset({"name", "label", "summary", "role", "sides", "map", "study"})
"""Sections that say what a scenario is called, how it is shown and what is asked of it: no truck is
moved by them."""
_LABELLED = MappingProxyType({"__all__": {"label": True}})
_NO_PART_OF_A_RUN: Without = MappingProxyType(
    {
        **dict.fromkeys((*SHOWN, "observed", "shifts"), True),
        # How many runs there are, and from which seed, is said by the study.
        **dict.fromkeys(("replications", "seed"), True),
        "calendars": {"__all__": {"label": True, "side": True}},
        "resources": dict(_LABELLED),
        "stages": dict(_LABELLED),
    }
)


def identity(scenario: Scenario) -> str:
    """Of all that a result folder says of a scenario: SHA-256 in hex.

    Everything counts but ``study``, ``role`` and ``map``, which no run depends on, what the
    scenario and the sides are called, and translations: names, summary, labels in English and the
    order of names too, for tables and pictures show them. A value that is written in another unit,
    or a default that is written out, makes no other scenario.
    """
    return key(scenario, dict.fromkeys(SHOWN - {"name", "summary"}, True))


def run_identity(scenario: Scenario) -> str:
    """Of all that one of its runs depends on: SHA-256 in hex.

    Not what people call things, nor the published figures beside the results.
    """
    labels = {"label": True, "papers": dict(_LABELLED)}
    return key(scenario, {**_NO_PART_OF_A_RUN, "traffic": every_class(scenario, labels)})


def every_class(scenario: Scenario, fields: Without) -> dict[str, Any]:
    """Fields left out of every class of trucks, for the key ``traffic``."""
    # Classes stand beside the scale of all traffic, so they are named one by one.
    return {name: dict(fields) for name in scenario.traffic.classes}


def key(
    scenario: Scenario, without: Without, more: Iterable[Any] = (), *, translations: bool = False
) -> str:
    """Of all values but some: SHA-256 in hex.

    Args:
        scenario: whose values count, with what stood in the files that they name.
        without: fields that do not count.
        more: what else counts; JSON types only.
        translations: whether those of labels count as well.
    """
    said = plain(scenario, dict(without))
    data = said if translations else _untranslated(said)
    for path, words in list(named_files(data)):
        if path == ("inside",):
            inside, file = scenario.origin.inside, words["file"]
            known = inside is not None and file in scenario.origin.digests
            words["file"] = inside.digest if inside and known else f"{file}, unread"
            continue
        words["file"] = _contents(scenario, path[-1] == "recorded", words)
    if (data.get("study") or {}).get("draws"):
        # Its name depends on where the scenario is written; a study that draws counts its rows.
        data["study"]["draws"] = True
    # The order of names counts: it says which luck means which channel, and how tables go.
    text = json.dumps([data, *more], ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _untranslated(data: Any) -> Any:
    """The same with one text in place of labels in several languages: a translation that somebody
    adds makes no other scenario.
    """
    if isinstance(data, list):
        return [_untranslated(each) for each in data]
    if not isinstance(data, dict):
        return data
    return {
        name: _in_english(each) if name == "label" and _is_label(each) else _untranslated(each)
        for name, each in data.items()
    }


def _is_label(data: Any) -> bool:
    return isinstance(data, dict) and bool(data) and data.keys() <= Label.model_fields.keys()


def _in_english(texts: dict[str, str]) -> str:
    return Label(**texts).in_english("")


def _contents(scenario: Scenario, recorded: bool, words: Mapping[str, Any]) -> str:
    origin, file = scenario.origin, words["file"]
    if recorded:
        try:
            record = origin.record(Recorded.model_validate(words))
        except ValidationError:
            # Values put there unread are for the reader to judge.
            record = None
        return f"{file}, unread" if record is None else record.digest
    values = origin.observed.get((file, words.get("column", ""), words.get("unit", "")))
    return f"{file}, unread" if values is None else hashlib.sha256(values.tobytes()).hexdigest()
