"""What each policy is best and worst at, in the language being spoken: for pictures and the report.

The verdicts are those of the manifest; nothing is judged here.
"""

from portsim.figures.study import Policy, Study
from portsim.results.verdicts import (
    Verdict,
    change_sentences,
    figure_of,
    place_phrases,
    some,
    untold_sentence,
    verdicts,
)
from portsim.scenario.measure_catalogue import label_of
from portsim.wording import say

__all__ = ["changes", "judged", "place_texts", "untold", "verdict_of", "verdicts_told"]


def verdict_of(study: Study, measure: str) -> Verdict | None:
    """The verdict on a measure; None after a single replication, or where there is none."""
    return next(
        (verdict for verdict in verdicts(study.manifest) if verdict.measure == measure), None
    )


def verdicts_told(study: Study) -> list[Verdict]:
    """Those in which the first and the last policy are told apart."""
    return [verdict for verdict in verdicts(study.manifest) if verdict.told_apart]


def judged(study: Study) -> str:
    """All verdicts in one sentence, for the caption of a picture; empty if there are none."""
    clear = verdicts_told(study)
    if not clear:
        return ""
    parts = [
        say(
            "{measure}: best {best}, worst {worst}",
            measure=label_of(verdict.measure),
            best=_first(study, verdict, best=True),
            worst=_first(study, verdict, best=False),
        )
        for verdict in clear
    ]
    return say(
        "Best and worst, one measure at a time, at 95 % for all policies at once: {parts}.",
        parts=say("; ").join(parts),
    )


def place_texts(study: Study, policy: Policy, *, best: bool) -> list[str]:
    """Where a policy leads, or comes last, with its figures."""
    return place_phrases(verdicts(study.manifest), policy.name, study.policy, best=best)


def untold(study: Study) -> str:
    """Which measures tell no policies apart; empty if all do."""
    return untold_sentence(verdicts(study.manifest))


def changes(study: Study) -> list[str]:
    """Where a policy is better for some classes of trucks and not so for others."""
    return change_sentences(study.manifest, study.policy, study.kind)


def _first(study: Study, verdict: Verdict, *, best: bool) -> str:
    first, tied, near = verdict.place(best=best)
    name, value = study.policy(first), figure_of(verdict, first)
    if tied:
        name = say(
            "{policy} and {others}",
            policy=name,
            others=some(list(map(study.policy, tied))),
        )
    if not near:
        return say("{policy} {value}", policy=name, value=value)
    others = some(list(map(study.policy, near)))
    return say("{policy} {value} (or {others})", policy=name, value=value, others=others)
