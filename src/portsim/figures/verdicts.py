"""What each policy is best and worst at, in the language being spoken: for pictures and the report.

The verdicts are those of the manifest; nothing is judged here.
"""

from collections.abc import Sequence

from portsim.figures.measures import measure_label
from portsim.figures.study import Policy, Study
from portsim.results.verdicts import ClassChange, Verdict, class_changes, verdicts
from portsim.wording import amounts, later, say, sentences

__all__ = ["changes", "judged", "place_texts", "untold", "verdict_of", "verdicts_told"]

_MOST_NAMED = 3


def verdict_of(study: Study, measure: str) -> Verdict | None:
    """The verdict on a measure; None after a single replication, or where there is none."""
    return next((one for one in verdicts(study.manifest) if one.measure == measure), None)


def verdicts_told(study: Study) -> list[Verdict]:
    """Those in which the first and the last policy are told apart."""
    return [one for one in verdicts(study.manifest) if one.told]


def judged(study: Study) -> str:
    """All verdicts in one sentence, for the caption of a picture; empty if there are none."""
    told = verdicts_told(study)
    if not told:
        return ""
    parts = [
        say(
            "{measure}: best {best}, worst {worst}",
            measure=measure_label(one.measure),
            best=_first(study, one, best=True),
            worst=_first(study, one, best=False),
        )
        for one in told
    ]
    return say(
        "Best and worst, one measure at a time, at 95 % for all policies at once: {parts}.",
        parts=say("; ").join(parts),
    )


def place_texts(study: Study, policy: Policy, *, best: bool) -> list[str]:
    """What a policy is best at, or worst at: measures with their values."""
    found = []
    for one in verdicts_told(study):
        first, tied, near = one.place(best=best)
        if first != policy.name:
            continue
        text = say(
            "{measure} ({value})",
            measure=measure_label(one.measure),
            value=_value(one, first),
        )
        if tied:
            same = _some([_policy(study, name) for name in tied])
            text = say("{what}, the same as {others}", what=text, others=same)
        if near:
            others = _some([_policy(study, name) for name in near])
            text = (
                say("{what}, not clearly ahead of {others}", what=text, others=others)
                if best
                else say("{what}, not clearly behind {others}", what=text, others=others)
            )
        found.append(text)
    return found


def untold(study: Study) -> str:
    """Which measures tell no policies apart; empty if all do."""
    rest = [one for one in verdicts(study.manifest) if not one.told]
    comma = say(", ")
    alike = comma.join(measure_label(one.measure) for one in rest if one.alike)
    open_ = comma.join(measure_label(one.measure) for one in rest if not one.alike)
    return sentences(
        say("Policies do not differ by more than 1 % in: {measures}.", measures=alike)
        if alike
        else "",
        say("Policies cannot be told apart by: {measures}.", measures=open_) if open_ else "",
    )


def changes(study: Study) -> list[str]:
    """Where a policy is better for some classes of trucks and not so for others."""
    return [_change(study, one) for one in class_changes(study.manifest)]


def _change(study: Study, one: ClassChange) -> str:
    parts = []
    for rows, text in (
        (one.better, later("better for {classes}")),
        (one.worse, later("worse for {classes}")),
    ):
        if rows:
            named = [
                say("{measure} ({value})", measure=study.kind(cls), value=_signed(change, one.unit))
                for cls, change in rows
            ]
            parts.append(say(text, classes=_some(named)))
    if one.unclear:
        named = [study.kind(cls) for cls, _ in one.unclear]
        parts.append(say("no clear change for {classes}", classes=_some(named)))
    return say(
        "{policy} against {base}, {measure}: {parts}.",
        policy=_policy(study, one.scenario),
        base=study.base.label,
        measure=measure_label(one.measure),
        parts=say("; ").join(parts),
    )


def _first(study: Study, one: Verdict, *, best: bool) -> str:
    first, tied, near = one.place(best=best)
    name, value = _policy(study, first), _value(one, first)
    if tied:
        name = say(
            "{policy} and {others}",
            policy=name,
            others=_some([_policy(study, other) for other in tied]),
        )
    if not near:
        return say("{policy} {value}", policy=name, value=value)
    others = _some([_policy(study, other) for other in near])
    return say("{policy} {value} (or {others})", policy=name, value=value, others=others)


def _signed(value: float, unit: str) -> str:
    if unit == "share":
        return say("{number} percentage points", number=amounts.signed(100 * value))
    return say("{number} h", number=amounts.signed(value))


def _value(verdict: Verdict, policy: str) -> str:
    text = amounts.quantity(verdict.means[policy], verdict.unit)
    return amounts.at_least(text) if policy in verdict.at_least else text


def _policy(study: Study, name: str) -> str:
    return next((p.label for p in study.policies if p.name == name), name)


def _some(names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMED + 1:
        return say(", ").join(names)
    return say(
        "{names} and {count} more",
        names=say(", ").join(names[:_MOST_NAMED]),
        count=len(names) - _MOST_NAMED,
    )
