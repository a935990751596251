"""The room of results: a record as people are shown it, its things called by their labels.

Names belong to commands and to the files that machines read; people read what a policy, a stage or
a side is called in the language being spoken. Nothing is worked out here, and no picture enters.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace
from typing import Any

import pandas as pd

from portsim.languages import FACTS
from portsim.results.manifest import Manifest, ScenarioEntry
from portsim.results.record import Record
from portsim.wording import called, say, tongue
from portsim.wording.labels import lacks

__all__ = [
    "lacking_sentence",
    "shown",
    "shown_entry",
    "shown_manifest",
    "shown_names",
    "shown_resolved",
    "shown_table",
]

_LABEL = "label"
_LABELS = ("labels", "stage_labels", "class_labels", "calendars")
"""What stands below these in a ``study`` is called so, name by name."""
_PARTS = ("calendars", "resources", "stages", "traffic", "sides")
_POLICIES = [
    *("scenario", "baseline", "policy", "policies", "against"),
    *("best", "worst", "at_least", "selected", "left", "may_be_best"),
]
"""Keys and columns whose texts are names of policies."""


def shown(record: Record) -> Record:
    """The record with everything called by its label in the language being spoken.

    Policies of like labels have their names behind them. Tables of names, and a manifest, that are
    written for machines must come from the record itself.
    """
    made = record.manifest
    names = {name: text for name, text in shown_names(made).items() if text != name}
    view = copy(record)
    view.manifest = shown_manifest(made)
    observed = {
        (entry.name, row.get("name")): row.get(_LABEL)
        for entry in made.scenarios
        for row in entry.resolved.get("observed") or ()
        if isinstance(row, Mapping) and isinstance(row.get(_LABEL), Mapping)
    }
    if names or observed:
        view.tables = _Shown(record.tables, names, observed)
    return view


def shown_table(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """A table likewise, given what the scenarios are called, by name; see `shown_names`."""
    return _Shown({"": table}, names, {})[""]


def shown_names(manifest: Manifest) -> dict[str, str]:
    """What the scenarios are called in the language being spoken, by name."""
    labels = {
        entry.name: called(entry.resolved.get(_LABEL), entry.name) for entry in manifest.scenarios
    }
    times = Counter(labels.values())
    return {
        name: label if times[label] == 1 or label == name else f"{label} ({name})"
        for name, label in labels.items()
    }


def shown_manifest(manifest: Manifest) -> Manifest:
    """The manifest likewise; see `shown`."""
    names = shown_names(manifest)
    return replace(
        manifest,
        scenarios=tuple(shown_entry(entry, names) for entry in manifest.scenarios),
        baseline=names.get(manifest.baseline or "", manifest.baseline),
        statistics=_told(manifest.statistics, names),
        study=_told(manifest.study, names),
    )


def shown_entry(entry: ScenarioEntry, names: Mapping[str, str] | None = None) -> ScenarioEntry:
    """One scenario of a manifest likewise.

    Args:
        entry: as it is kept.
        names: what the scenarios are called; its own label if None.
    """
    if names is None:
        names = {entry.name: called(entry.resolved.get(_LABEL), entry.name)}
    resolved = shown_resolved(entry.resolved)
    sides = resolved.get("sides") or {}
    timetable = dict(entry.timetable)
    if "calendars" in timetable:
        timetable["calendars"] = [
            {
                **calendar,
                _LABEL: called(calendar.get(_LABEL), str(calendar.get("name") or "")),
                "side": _side(sides, calendar.get("side")),
            }
            for calendar in timetable["calendars"]
        ]
    overload = dict(entry.overload)
    if _LABEL in overload:
        overload[_LABEL] = called(overload[_LABEL], str(overload.get("place") or ""))
    return replace(
        entry,
        name=names.get(entry.name, entry.name),
        resolved=resolved,
        overload=overload,
        timetable=timetable,
        warnings=[_told(warning, names) for warning in entry.warnings],
    )


def lacking_sentence(manifest: Manifest) -> str:
    """Which labels are not shown in the language being spoken, as it has none; empty if all are."""
    missing = dict.fromkeys(
        called(label, name)
        for entry in manifest.scenarios
        for name, label in _labels(entry)
        if lacks(label)
    )
    if not missing:
        return ""
    first = list(missing)[:_NAMED]
    more = len(missing) - len(first)
    names = say(", ").join(first)
    return say(
        "Without a label in {language}, and therefore shown in another one: {names}.",
        language=FACTS[tongue().language].own,
        names=say("{names} and {count} more", names=names, count=more) if more else names,
    )


_NAMED = 4


def _labels(entry: ScenarioEntry) -> Iterator[tuple[str, Any]]:
    yield entry.name, entry.resolved.get(_LABEL)
    for part in _PARTS:
        named = entry.resolved.get(part)
        for name, words in named.items() if isinstance(named, Mapping) else ():
            if isinstance(words, Mapping):
                yield str(name), words.get(_LABEL)


def shown_resolved(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a scenario says, as a manifest keeps it, with one text for each label."""
    said = {key: value for key, value in data.items() if key != _LABEL}
    for part in _PARTS:
        named = data.get(part)
        if isinstance(named, Mapping):
            said[part] = {name: _labelled(str(name), words) for name, words in named.items()}
    sides = said.get("sides") or {}
    if sides and isinstance(calendars := said.get("calendars"), Mapping):
        said["calendars"] = {
            name: {**words, "side": _side(sides, words["side"])}
            if isinstance(words, Mapping) and words.get("side")
            else words
            for name, words in calendars.items()
        }
    return said


def _labelled(name: str, words: Any) -> Any:
    if not isinstance(words, Mapping) or not isinstance(words.get(_LABEL), Mapping):
        return words
    return {**words, _LABEL: called(words[_LABEL], name)}


def _side(sides: Mapping[str, Any], name: object) -> str:
    text = str(name or "")
    words = sides.get(text)
    return called(words.get(_LABEL), text) if isinstance(words, Mapping) else text


def _told(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Facts of a study with policies and labels as people call them."""
    return {key: _fact(str(key), value, names) for key, value in data.items()}


def _fact(key: str, value: Any, names: Mapping[str, str]) -> Any:
    said = value
    if key in _LABELS and isinstance(value, Mapping):
        said = {
            name: called(label, str(name)) if isinstance(label, str | Mapping) else label
            for name, label in value.items()
        }
    elif key == "means" and isinstance(value, Mapping):
        said = {names.get(name, name): mean for name, mean in value.items()}
    elif isinstance(value, Mapping):
        said = _told(value, names)
        if key == "policies" and "name" in value:
            said["name"] = names.get(str(value.get("name")), value.get("name"))
    elif isinstance(value, list):
        said = [_fact(key, each, names) for each in value]
    elif key in _POLICIES and isinstance(value, str):
        said = names.get(value, value)
    return said


class _Shown(Mapping[str, pd.DataFrame]):
    """Tables whose policies are called by their labels; each is made when it is asked for."""

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        names: Mapping[str, str],
        observed: Mapping[tuple[str, Any], Any],
    ) -> None:
        self._tables, self._names, self._observed = tables, dict(names), dict(observed)
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = self._of(name, self._tables[name])
        return self._made[name]

    def _of(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        columns = {
            column: self._column(table[column])
            for column in table.columns.intersection(_POLICIES)
            if not pd.api.types.is_numeric_dtype(table[column])
        }
        if name == "observed" and self._observed:
            keys = zip(table["scenario"], table["name"], table[_LABEL], strict=True)
            columns[_LABEL] = pd.Series(
                [called(self._observed.get((who, what)), text) for who, what, text in keys],
                index=table.index,
                dtype=table[_LABEL].dtype,
            )
        return table.assign(**columns)

    def _column(self, column: pd.Series) -> pd.Series:
        if isinstance(column.dtype, pd.CategoricalDtype):
            return column.cat.rename_categories(self._names)
        return column.map(lambda name: self._names.get(name, name)).astype(column.dtype)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)
