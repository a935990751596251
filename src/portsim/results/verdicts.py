"""The room of results: what each policy of a comparison is best and worst at, read and in words.

The verdicts stand in the manifest as the statistics found them; nothing is estimated here. Pictures
and the report word them in their own languages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portsim.results.manifest import Manifest
from portsim.scenario.measure_catalogue import label_of
from portsim.wording.amounts import amount

__all__ = [
    "NAMELESS",
    "ClassChange",
    "Verdict",
    "best_and_worst",
    "class_changes",
    "prices",
    "verdicts",
]

NAMELESS = 0.01
"""Differences below this share of the baseline's mean are not worth a name."""

_MOST_NAMED = 3
"""So many policies or classes are named in one breath."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which policies lead and which trail by one measure; see docs/explanation/statistics.md.

    Attributes:
        measure: which.
        unit: of the means.
        best: the leader, then those that are not clearly worse.
        worst: the last, then those that are not clearly better.
        told: whether the leader and the last are told apart.
        alike: whether all lie within 1 % of each other, surely.
        means: by policy.
        at_least: policies whose means are bounds: the true figure may be larger.
    """

    measure: str
    unit: str
    best: tuple[str, ...]
    worst: tuple[str, ...]
    told: bool
    alike: bool
    means: Mapping[str, float]
    at_least: frozenset[str] = frozenset()

    def place(self, *, best: bool) -> tuple[str, list[str], list[str]]:
        """Who leads, or comes last; those with the very same figure; those not clearly behind,
        or ahead.
        """
        first, *near = self.best if best else self.worst
        tied = [other for other in near if self.means.get(other) == self.means[first]]
        return first, tied, [other for other in near if other not in tied]


@dataclass(frozen=True, slots=True)
class ClassChange:
    """Classes of trucks that a policy serves better, and those that it does not.

    Attributes:
        scenario: the policy, held against the baseline.
        measure: by which.
        unit: of the differences.
        better: classes and their differences, the largest first.
        worse: likewise.
        unclear: likewise, those of which nothing can be told or that change by less than 1 %.
    """

    scenario: str
    measure: str
    unit: str
    better: tuple[tuple[str, float], ...]
    worse: tuple[tuple[str, float], ...]
    unclear: tuple[tuple[str, float], ...]


def verdicts(manifest: Manifest) -> list[Verdict]:
    """The verdicts of a comparison; none after a single replication, nor of older folders."""
    return [
        Verdict(
            one["measure"],
            one["unit"],
            tuple(one["best"]),
            tuple(one["worst"]),
            bool(one["told"]),
            bool(one["alike"]),
            {name: mean for name, mean in one["means"].items() if mean is not None},
            frozenset(one.get("at_least", ())),
        )
        for one in manifest.statistics.get("verdicts", ())
        if one["observations"] > 1
    ]


def class_changes(manifest: Manifest) -> list[ClassChange]:
    """Where classes fare differently under a policy; none where all fare alike."""

    def read(rows: Sequence[Sequence[Any]]) -> tuple[tuple[str, float], ...]:
        return tuple((str(cls), float(change)) for cls, change in rows if change is not None)

    return [
        ClassChange(
            *(one["scenario"], one["measure"], one["unit"]),
            *(read(one[part]) for part in ("better", "worse", "unclear")),
        )
        for one in manifest.statistics.get("class_changes", ())
    ]


def best_and_worst(manifest: Manifest, said: frozenset[str] = frozenset()) -> list[str]:
    """What each policy is best and worst at, in sentences, and what classes gain or lose.

    Args:
        manifest: of a comparison.
        said: measures whose differences are told to be none, or not to be told, elsewhere.
    """
    found = verdicts(manifest)
    lines = []
    told = [one for one in found if one.told]
    for entry in manifest.scenarios:
        parts = [*_places(entry.name, told, best=True), *_places(entry.name, told, best=False)]
        if parts:
            lines.append(f"{entry.name}: {'; '.join(parts)}.")
    named = {
        name
        for one in told
        for first, tied, _ in (one.place(best=True), one.place(best=False))
        for name in (first, *tied)
    }
    neither = [entry.name for entry in manifest.scenarios if entry.name not in named]
    if told and neither:
        lines.append(f"Neither best nor worst at any of these: {', '.join(neither)}.")
    if told:
        lines.append(
            "Best and worst are told one measure at a time, at 95 % for all policies at once."
        )
    rest = [one for one in found if not one.told and one.measure not in said]
    for alike, text in ((True, "No difference above 1 % in"), (False, "Not told apart:")):
        names = ", ".join(label_of(one.measure) for one in rest if one.alike is alike)
        if names:
            lines.append(f"{text} {names}.")
    return [*lines, *_changes(manifest)]


def prices(manifest: Manifest) -> list[str]:
    """Which servers count as free in the cost of staff, in a sentence; none where all have a price,
    or none has.
    """
    free = list(dict.fromkeys(name for entry in manifest.scenarios for name in entry.unpriced))
    if not free:
        return []
    return [f"Counted as free, for want of a cost_per_staffed_hour: {', '.join(free)}."]


def _places(name: str, told: Sequence[Verdict], *, best: bool) -> Iterator[str]:
    """Where a policy leads, or comes last: alone, and with others near it."""
    alone = []
    for one in told:
        first, tied, near = one.place(best=best)
        if first != name:
            continue
        bound = "≥ " if name in one.at_least else ""
        what = f"{label_of(one.measure)} ({bound}{amount(one.means[name], one.unit)})"
        if tied:
            what += f", as {'are' if len(tied) > 1 else 'is'} {_some(tied)}"
        if not near and tied:
            yield f"{'best' if best else 'worst'} at {what}"
        elif not near:
            alone.append(what)
        elif best:
            yield f"ahead at {what}, not clearly of {_some(near)}"
        else:
            yield f"last at {what}, not clearly behind {_some(near)}"
    if alone:
        yield f"{'best' if best else 'worst'} at {', '.join(alone)}"


def _changes(manifest: Manifest) -> Iterator[str]:
    for one in class_changes(manifest):
        parts = [
            f"{word} for {_classes(rows, one.unit)}"
            for word, rows in (("better", one.better), ("worse", one.worse))
            if rows
        ]
        if one.unclear:
            parts.append(f"no clear change for {_some([cls for cls, _ in one.unclear])}")
        yield (
            f"{one.scenario} against {manifest.baseline}, {label_of(one.measure)}: "
            f"{'; '.join(parts)}."
        )


def _classes(rows: Sequence[tuple[str, float]], unit: str) -> str:
    return _some([f"{cls} ({amount(change, unit, difference=True)})" for cls, change in rows])


def _some(names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMED + 1:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"
