"""The room of results: what the trucks of each policy waited for in the end, in numbers and words.

Finished tables and the manifest are read; nothing is estimated here.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from portsim.results.manifest import Manifest
from portsim.results.port_remarks import Called
from portsim.scenario.figure_notes import AT_LEAST, noted
from portsim.scenario.measure_catalogue import WAITS, Cause
from portsim.wording import amounts, called, say

__all__ = ["Change", "Part", "Split", "changes", "hours_of", "label_of", "splits", "waiting_for"]

_WAITED = ("wait_open_mean_h", "wait_closed_mean_h")
_ROOT = WAITS[1]
_WORTH_H = 0.1
"""Mean hours of waiting below which no cause is spoken of."""
_MOSTLY, _NAMED = 0.8, 3
"""Causes are named until they make up so much of the waiting, and so many at most."""
_WORTH_SHARE = 0.05
"""Share of the waiting from which on a change of a cause is worth its name."""


class Part(NamedTuple):
    """Hours that a truck waits, on average, for a root cause."""

    cause: Cause
    hours: float


class Split(NamedTuple):
    """The mean waiting of a truck in the whole port, all classes, and its roots, most first."""

    hours: float
    parts: tuple[Part, ...]
    at_least: bool = False
    """Whether some trucks were still waiting at the end, so that the hours may be more."""

    @property
    def worth_telling(self) -> bool:
        """Whether enough is waited to speak of it."""
        return self.hours >= _WORTH_H and bool(self.parts)

    @property
    def text(self) -> str:
        """The hours as they are written, a bound as a bound."""
        hours = amounts.number(self.hours)
        return amounts.at_least(hours) if self.at_least else hours

    @property
    def named(self) -> list[Part]:
        """The roots that most of the waiting goes back to."""
        roots: list[Part] = []
        for part in self.parts[:_NAMED]:
            if sum(root.hours for root in roots) >= _MOSTLY * self.hours:
                break
            roots.append(part)
        return roots


class Change(NamedTuple):
    """How much more (above 0) is waited for a root cause than under the baseline, in hours."""

    cause: Cause
    hours: float


def splits(summary: pd.DataFrame) -> dict[str, Split]:
    """The waiting by root of each scenario. In: columns of summary.csv."""
    port = summary[(summary["truck_class"] == "all") & (summary["place"] == "")]
    waited: dict[str, tuple[float, list[Part]]] = {}
    cut: set[str] = set()
    columns = (port[name].tolist() for name in ("scenario", "measure", "mean", "note"))
    for name, measure, mean, note in zip(*columns, strict=True):
        hours, parts = waited.get(str(name), (0.0, []))
        if measure in _WAITED:
            hours += float(mean)
            if noted(note, AT_LEAST):
                cut.add(str(name))
        elif str(measure).startswith(_ROOT) and float(mean) > 0:
            cause = Cause.read(str(measure))
            assert cause is not None
            parts.append(Part(cause, float(mean)))
        waited[str(name)] = hours, parts
    return {
        name: Split(hours, tuple(sorted(parts, key=lambda part: -part.hours)), name in cut)
        for name, (hours, parts) in waited.items()
    }


def changes(comparison: pd.DataFrame, scenario: str, before: Split, after: Split) -> list[Change]:
    """Roots of which clearly more or less is waited for than under the baseline, most first.

    Args:
        comparison: columns of comparison.csv.
        scenario: the one compared with the baseline.
        before, after: the waiting under the baseline and under the scenario.

    Returns:
        At most three, each at least 5 % of the longer waiting; where intervals are known only
        those whose joint interval leaves out 0.
    """
    rows = comparison[
        (comparison["truck_class"] == "all")
        & (comparison["place"] == "")
        & (comparison["scenario"] == scenario)
        & comparison["measure"].astype(str).str.startswith(_ROOT)
    ]
    if rows.empty:
        return []
    least = max(_WORTH_H, _WORTH_SHARE * max(before.hours, after.hours))
    columns = (rows[c].tolist() for c in ("measure", "difference", "joint_low", "joint_high"))
    clear = []
    for measure, difference, low, high in zip(*columns, strict=True):
        cause = Cause.read(str(measure))
        if cause is not None and abs(difference) >= least and not low <= 0.0 <= high:
            clear.append(Change(cause, float(difference)))
    return sorted(clear, key=lambda change: -abs(change.hours))[:_NAMED]


def label_of(resolved: Mapping[str, Any], name: str) -> str:
    """What a scenario calls a stage or a resource, else its name."""
    for part in ("stages", "resources"):
        words = (resolved.get(part) or {}).get(name)
        if isinstance(words, Mapping) and words.get("label"):
            return str(_plain(words["label"]))
    return name


def hours_of(resolved: Mapping[str, Any], stage: str) -> str:
    """The calendars of a stage with their hours where these are one text; empty without any."""
    words = (resolved.get("stages") or {}).get(stage)
    names = _plain(words.get("hours")) if isinstance(words, Mapping) else None
    texts = []
    for name in [names] if isinstance(names, str) else names or []:
        calendar = (resolved.get("calendars") or {}).get(str(_plain(name)))
        hours = _plain(calendar.get("hours")) if isinstance(calendar, Mapping) else None
        own = str(_plain(name))
        label = called(calendar.get("label"), own) if isinstance(calendar, Mapping) else own
        texts.append(f"{label} {hours}" if isinstance(hours, str) else label)
    return ", ".join(texts)


def _plain(value: Any) -> Any:
    return value.get("value") if isinstance(value, Mapping) and "value" in value else value


def waiting_for(
    summary: pd.DataFrame,
    manifest: Manifest,
    comparison: pd.DataFrame | None,
    policy: Called = str,
) -> list[str]:
    """A sentence on what trucks wait for under the first policy, and one for each that changes it.

    Args:
        summary: columns of summary.csv.
        manifest: names, baseline, and what scenarios call things.
        comparison: columns of comparison.csv; of the first policy only if None.
        policy: how a policy is called.
    """
    waits = splits(summary)
    resolved = {entry.name: entry.resolved for entry in manifest.scenarios}
    first = manifest.baseline or next(iter(resolved))
    base = waits.get(first)
    if base is None:
        return []
    lines = [_goes_back(policy(first), base, resolved[first])] if base.worth_telling else []
    for name, after in resolved.items():
        if name == first or name not in waits or comparison is None:
            continue
        changed = changes(comparison, name, base, waits[name])
        if changed and base.worth_telling:
            parts = [_changed(change, after, resolved[first]) for change in changed]
            lines.append(
                say(
                    "Under {policy} it is {hours} h: {changes}.",
                    policy=policy(name),
                    hours=waits[name].text,
                    changes=say(", ").join(parts),
                )
            )
        elif changed and waits[name].worth_telling:
            lines.append(_goes_back(policy(name), waits[name], after))
    return lines


def _goes_back(policy: str, split: Split, resolved: Mapping[str, Any]) -> str:
    first, *others = (
        {"hours": amounts.number(part.hours), "cause": _cause(part.cause, resolved)}
        for part in split.named
    )
    parts = [
        say("{hours} h go back to {cause}", **first),
        *(say("{hours} h to {cause}", **other) for other in others),
    ]
    return say(
        "Of {hours} h that a truck waits under {policy}, {causes}.",
        hours=split.text,
        policy=policy,
        causes=say(", ").join(parts),
    )


def _changed(change: Change, after: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    hours = amounts.number(abs(change.hours))
    if change.hours > 0:
        return say("{hours} h more for {cause}", hours=hours, cause=_cause(change.cause, after))
    return say("{hours} h less for {cause}", hours=hours, cause=_cause(change.cause, before))


def _cause(cause: Cause, resolved: Mapping[str, Any]) -> str:
    label = label_of(resolved, cause.name)
    if cause.kind == "off duty":
        return say("{resource} off duty", resource=label)
    if cause.kind == "papers":
        return say("papers for {stage}", stage=label)
    if cause.kind == "convoy":
        return say("the convoys of {stage}", stage=label)
    if cause.kind != "hours":
        return label
    hours = hours_of(resolved, cause.name)
    if not hours:
        return say("the hours of {stage}", stage=label)
    return say("the hours of {stage} ({hours})", stage=label, hours=hours)
