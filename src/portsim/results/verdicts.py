"""The room of results: what each policy of a comparison is best and worst at, read and in words.

The verdicts stand in the manifest as the statistics found them; nothing is estimated here. Pictures
and the report word them in their own languages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portsim.results.called import group_called
from portsim.results.manifest import Manifest
from portsim.scenario.measure_catalogue import label_of
from portsim.wording import amounts, later, say, sentences

__all__ = [
    "NAMELESS",
    "ClassChange",
    "Verdict",
    "best_and_worst",
    "change_sentences",
    "class_changes",
    "figure_of",
    "place_phrases",
    "price_sentence",
    "some",
    "untold_sentence",
    "verdicts",
]

Called = Callable[[str], str]
"""How something is called, by its name."""
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
        told_apart: whether the leader and the last are told apart.
        alike: whether all lie within 1 % of each other, surely.
        means: by policy.
        at_least: policies whose means are bounds: the true figure may be larger.
    """

    measure: str
    unit: str
    best: tuple[str, ...]
    worst: tuple[str, ...]
    told_apart: bool
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
            verdict["measure"],
            verdict["unit"],
            tuple(verdict["best"]),
            tuple(verdict["worst"]),
            bool(verdict["told"]),
            bool(verdict["alike"]),
            {name: mean for name, mean in verdict["means"].items() if mean is not None},
            frozenset(verdict.get("at_least", ())),
        )
        for verdict in manifest.statistics.get("verdicts", ())
        if verdict["observations"] > 1
    ]


def class_changes(manifest: Manifest) -> list[ClassChange]:
    """Where classes fare differently under a policy; none where all fare alike."""

    def read(rows: Sequence[Sequence[Any]]) -> tuple[tuple[str, float], ...]:
        return tuple((str(cls), float(change)) for cls, change in rows if change is not None)

    return [
        ClassChange(
            *(change["scenario"], change["measure"], change["unit"]),
            *(read(change[part]) for part in ("better", "worse", "unclear")),
        )
        for change in manifest.statistics.get("class_changes", ())
    ]


def best_and_worst(manifest: Manifest, elsewhere: frozenset[str] = frozenset()) -> list[str]:
    """What each policy is best and worst at, in sentences, and what classes gain or lose.

    Args:
        manifest: of a comparison.
        elsewhere: measures whose differences are told to be none, or not to be told, elsewhere.
    """
    judged = verdicts(manifest)
    lines = []
    clear = [verdict for verdict in judged if verdict.told_apart]
    for entry in manifest.scenarios:
        parts = [
            phrase
            for best in (True, False)
            for phrase in place_phrases(clear, entry.name, str, best=best)
        ]
        if parts:
            phrases = say("; ").join(parts)
            lines.append(say("{policy}: {parts}.", policy=entry.name, parts=phrases))
    named = {
        name
        for verdict in clear
        for first, tied, _ in (verdict.place(best=True), verdict.place(best=False))
        for name in (first, *tied)
    }
    neither = [entry.name for entry in manifest.scenarios if entry.name not in named]
    if clear and neither:
        names = say(", ").join(neither)
        lines.append(say("Neither best nor worst at any of these: {policies}.", policies=names))
    if clear:
        lines.append(
            say("Best and worst are told one measure at a time, at 95 % for all policies at once.")
        )
    lines.append(untold_sentence(judged, elsewhere))
    return [*filter(None, lines), *change_sentences(manifest, str, group_called(manifest))]


def place_phrases(judged: Sequence[Verdict], name: str, called: Called, *, best: bool) -> list[str]:
    """Where a policy leads, or comes last: alone, with others as good, and with others near it.

    Args:
        judged: verdicts; those that tell nobody apart say nothing.
        name: of the policy.
        called: how a policy is called.
        best: where it leads, else where it comes last.
    """
    alone, phrases = [], []
    for verdict in judged:
        first, tied, near = verdict.place(best=best)
        if not verdict.told_apart or first != name:
            continue
        measure = say(
            "{measure} ({value})",
            measure=label_of(verdict.measure),
            value=figure_of(verdict, name),
        )
        if tied:
            others = some([called(other) for other in tied])
            measure = say("{what}, the same as {others}", what=measure, others=others)
        if not near:
            alone.append(measure)
            continue
        others = some([called(other) for other in near])
        phrases.append(
            say("ahead at {what}, not clearly of {others}", what=measure, others=others)
            if best
            else say("last at {what}, not clearly behind {others}", what=measure, others=others)
        )
    if alone:
        measures = say(", ").join(alone)
        phrases.append(
            say("best at {measures}", measures=measures)
            if best
            else say("worst at {measures}", measures=measures)
        )
    return phrases


def figure_of(verdict: Verdict, name: str) -> str:
    """The figure of a policy by the measure of a verdict, a bound as a bound."""
    text = amounts.quantity(verdict.means[name], verdict.unit)
    return amounts.at_least(text) if name in verdict.at_least else text


def price_sentence(manifest: Manifest, called: Called) -> str:
    """Which servers count as free in the cost of staff; empty where all have a price, or none has.

    Args:
        manifest: of a run or a comparison.
        called: how a resource is called.
    """
    free = list(dict.fromkeys(name for entry in manifest.scenarios for name in entry.unpriced))
    if not free:
        return ""
    return say(
        "Counted as free in the cost of staff, for want of a cost_per_staffed_hour: {names}.",
        names=say(", ").join(map(called, free)),
    )


def untold_sentence(judged: Sequence[Verdict], elsewhere: frozenset[str] = frozenset()) -> str:
    """By which measures policies do not differ, or are not told apart, or not ranked; or empty.

    A policy of which only a bound is known may be far better than it looks: no ranking follows,
    and neither does that nothing can be told apart.

    Args:
        judged: all verdicts.
        elsewhere: measures of which the same is told elsewhere.
    """
    rest = [
        verdict for verdict in judged if not verdict.told_apart and verdict.measure not in elsewhere
    ]
    alike, unclear, bounded = (
        say(", ").join(
            label_of(verdict.measure)
            for verdict in rest
            if (verdict.alike, bool(verdict.at_least)) == (same, some_more)
        )
        for same, some_more in ((True, False), (False, False), (False, True))
    )
    return sentences(
        say("Policies do not differ by more than 1 % in: {measures}.", measures=alike)
        if alike
        else "",
        say("Policies are not distinguishable by: {measures}.", measures=unclear)
        if unclear
        else "",
        say(
            "Policies are not ranked by these, as some figures are lower bounds: {measures}.",
            measures=bounded,
        )
        if bounded
        else "",
    )


def change_sentences(manifest: Manifest, policy: Called, kind: Called) -> list[str]:
    """Where a policy is better for some classes of trucks and not so for others.

    Args:
        manifest: of a comparison.
        policy: how a policy is called.
        kind: how a class of trucks is called.
    """
    return [
        _change(change, str(manifest.baseline), policy, kind) for change in class_changes(manifest)
    ]


def _change(fares: ClassChange, baseline: str, policy: Called, kind: Called) -> str:
    parts = []
    for rows, text in (
        (fares.better, later("better for {classes}")),
        (fares.worse, later("worse for {classes}")),
    ):
        if rows:
            named = [
                say("{measure} ({value})", measure=kind(cls), value=_signed(change, fares.unit))
                for cls, change in rows
            ]
            parts.append(say(text, classes=some(named)))
    if fares.unclear:
        classes = some([kind(cls) for cls, _ in fares.unclear])
        parts.append(say("no clear change for {classes}", classes=classes))
    return say(
        "{policy} against {base}, {measure}: {parts}.",
        policy=policy(fares.scenario),
        base=policy(baseline),
        measure=label_of(fares.measure),
        parts=say("; ").join(parts),
    )


def _signed(value: float, unit: str) -> str:
    if unit == "share":
        return say("{number} percentage points", number=amounts.signed(100 * value))
    return say("{number} h", number=amounts.signed(value))


def some(names: Sequence[str]) -> str:
    """Names in one breath: the first few, and how many more."""
    if len(names) <= _MOST_NAMED + 1:
        return say(", ").join(names)
    return say(
        "{names} and {count} more",
        names=say(", ").join(names[:_MOST_NAMED]),
        count=len(names) - _MOST_NAMED,
    )
