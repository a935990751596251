"""The room of the report: what each policy is best and worst at, and what happens to the mean stay.

Worded from the verdicts of the manifest and from joint intervals; nothing is judged here.
"""

from portsim.figures.verdicts import changes, place_texts, untold, verdict_of, verdicts_told
from portsim.report.blocks import Cell, Table
from portsim.report.facts import NONE, Facts, between
from portsim.results.money import free_sentences, worth_sentences
from portsim.wording import amounts, say

__all__ = ["class_notes", "staying", "verdict_notes", "verdict_table"]

_STAY = "stay_mean_h"


def staying(facts: Facts) -> list[str]:
    """What happens to the mean stay, where policies are told apart by it."""
    verdict = verdict_of(facts.study, _STAY)
    if verdict is None or not verdict.told_apart:
        return []
    labels = {policy.name: policy for policy in facts.study.policies}
    best, worst, base = labels[verdict.best[0]], labels[verdict.worst[0]], facts.base
    means = {name: amounts.number(mean) for name, mean in verdict.means.items()}
    means |= {name: amounts.at_least(means[name]) for name in verdict.at_least}
    change = facts.difference(best, _STAY)
    if best is not base and change is not None and change.fewer:
        if base.name in verdict.at_least or best.name in verdict.at_least:
            # Of a figure that is only a bound the interval is none of the true change.
            return [
                say(
                    "The mean stay falls from {before} h under {base} to {after} h under {policy}.",
                    before=means[base.name],
                    base=base.label,
                    after=means[best.name],
                    policy=best.label,
                )
            ]
        return [
            say(
                "The mean stay falls from {before} h under {base} to {after} h under {policy}"
                " (change: {interval} h).",
                before=means[base.name],
                base=base.label,
                after=means[best.name],
                policy=best.label,
                interval=between(change, amounts.signed),
            )
        ]
    return [
        say(
            "The mean stay is {least} h under {best} and {most} h under {worst}.",
            least=means[best.name],
            best=best.label,
            most=means[worst.name],
            worst=worst.label,
        )
    ]


def verdict_table(facts: Facts) -> Table | None:
    """A row a policy: what it is best at, and what worst; None if nothing is told apart."""
    if not verdicts_told(facts.study):
        return None
    rows = []
    for policy in facts.study.policies:
        cells = (
            Cell(say("; ").join(place_texts(facts.study, policy, best=best)) or NONE)
            for best in (True, False)
        )
        rows.append((Cell(policy.label), *cells))
    head = (say("policy"), say("where it leads"), say("where it comes last"))
    caption = say("What each policy is best and worst at, at 95 % for all policies at once")
    return Table(caption, head, tuple(rows), words=len(head))


def verdict_notes(facts: Facts) -> list[str]:
    """By what policies are not told apart, what they cost and save, and what counts as free."""
    study = facts.study
    notes = [untold(study)]
    if study.comparison is not None:
        notes += worth_sentences(study.manifest, study.comparison, study.policy)
    lost = any(facts.lost(policy) > 0 or facts.slotless(policy) > 0 for policy in study.policies)
    notes += free_sentences(study.manifest, study.place, study.kind, lost=lost)
    return [text for text in notes if text]


def class_notes(facts: Facts) -> list[str]:
    """Where a policy is better for some classes of trucks and not so for others."""
    return changes(facts.study)
