"""The room of the report: the answer in plain sentences, worded as the finding is.

    answer(facts)   two or three sentences: who is out in time, how many pass, how sure that is
    notes(facts)    what must be known beside it, each only where it is so

Whether a difference is clear is read off its joint interval and never off its size.
"""

import datetime as dt
import math
from collections.abc import Mapping

from portsim.figures.difference import Difference
from portsim.figures.study import Policy
from portsim.report.capacities import beyond, lacking, periods
from portsim.report.facts import Facts, between, limit_text, percent, with_interval
from portsim.report.inputs import counts
from portsim.report.uncertainty import title
from portsim.report.verdicts import class_notes, staying, verdict_notes
from portsim.report.waiting import waiting
from portsim.results.overloads import overload_sentence
from portsim.results.port_remarks import (
    ample_sentence,
    ceiling_sentence,
    lost_sentence,
    nobody_sentence,
    slotless_sentence,
)
from portsim.wording import amounts, period, say, sentences

__all__ = ["answer", "notes", "when"]

_TIME, _TRUCKS, _TONNES = (
    "completed_within_limit",
    "throughput_per_day",
    "throughput_tonnes_per_day",
)
_LOST = 0.001


def answer(facts: Facts) -> list[str]:
    """The answer: a list of paragraphs, each a sentence or two."""
    if not facts.others:
        return [*_alone(facts), *waiting(facts), _rests(facts)]
    return [
        *_in_time(facts),
        *staying(facts),
        *_passing(facts),
        *waiting(facts),
        _rests(facts),
    ]


def _alone(facts: Facts) -> list[str]:
    policy = facts.base
    texts = []
    share = facts.estimate(policy, _TIME)
    if share is not None:
        texts.append(
            say(
                "Under {policy}, {share} of the trucks are out within {limit}.",
                policy=policy.label,
                share=with_interval(share, percent),
                limit=limit_text(policy),
            )
        )
    trucks, tonnes = facts.estimate(policy, _TRUCKS), facts.estimate(policy, _TONNES)
    if trucks is not None:
        texts.append(
            say(
                "{trucks} trucks and {tonnes} tonnes pass a day.",
                trucks=with_interval(trucks),
                tonnes=with_interval(tonnes),
            )
            if tonnes is not None
            else say("{trucks} trucks pass a day.", trucks=with_interval(trucks))
        )
    return texts


def _known(facts: Facts, measure: str) -> list[tuple[Policy, Difference]]:
    pairs = ((policy, facts.difference(policy, measure)) for policy in facts.planned)
    return [(policy, change) for policy, change in pairs if change is not None]


def _in_time(facts: Facts) -> list[str]:
    known = _known(facts, _TIME)
    if not known:
        return []
    values = {policy.name: facts.mean(policy, _TIME) for policy in facts.study.policies}
    base, limit = facts.base, facts.study.limit_text
    best, gain = max(known, key=lambda pair: pair[1].mean)
    worst, loss = min(known, key=lambda pair: pair[1].mean)
    words = {
        "policy": best.label,
        "share": percent(values[best.name]),
        "limit": limit,
        "before": percent(values[base.name]),
        "base": base.label,
    }
    if not gain.sure:
        return [
            say(
                "In the one period simulated, {share} of the trucks are out within {limit} under"
                " {policy} instead of {before} under {base}.",
                **words,
            )
        ]
    if gain.more:
        text = say(
            "Under {policy}, {share} of the trucks are out within {limit} instead of {before} under"
            " {base}: {gain} percentage points more ({interval}).",
            **words,
            gain=amounts.number(100 * gain.mean),
            interval=_points(gain),
        )
        return [sentences(text, _others_in_time(facts, known, values))]
    if len(known) == 1:
        return [_one_in_time(gain, words)]
    text = say(
        "No policy clearly gets more trucks out within {limit} than {base}, where it is {before}.",
        limit=limit,
        base=base.label,
        before=words["before"],
    )
    if not loss.fewer:
        return [text]
    least = say(
        "Fewest are out in time under {policy}: {share}.",
        policy=worst.label,
        share=percent(values[worst.name]),
    )
    return [sentences(text, least)]


def _one_in_time(change: Difference, words: Mapping[str, str]) -> str:
    if change.fewer:
        return say(
            "Under {policy}, only {share} of the trucks are out within {limit} instead of"
            " {before} under {base}: {loss} percentage points fewer ({interval}).",
            **words,
            loss=amounts.number(-100 * change.mean),
            interval=_points(change.times(-1.0)),
        )
    return say(
        "{policy} does not clearly get more trucks out within {limit} than {base}: {share}"
        " instead of {before}, a difference of {change} percentage points that may as well"
        " be none ({interval}).",
        **words,
        change=amounts.signed(100 * change.mean),
        interval=_points(change, signed=True),
    )


def _others_in_time(
    facts: Facts, known: list[tuple[Policy, Difference]], values: dict[str, float]
) -> str:
    if len(known) < 2:
        return ""
    better = [(policy, change) for policy, change in known if change.more]
    if len(better) == 1:
        return say("It is the only one of {all} that clearly helps.", all=len(known))
    least, _ = min(better, key=lambda pair: pair[1].mean)
    words = {"policy": least.label, "share": percent(values[least.name])}
    if len(better) == len(known):
        return say(
            "All the other policies help too; the least of them, {policy}, gets {share} out in"
            " time.",
            **words,
        )
    return say(
        "Policies that clearly help: {better} of {all}; the least of these, {policy}, gets {share}"
        " out in time.",
        **words,
        better=len(better),
        all=len(known),
    )


def _points(change: Difference, *, signed: bool = False) -> str:
    return between(change.times(100.0), amounts.signed if signed else amounts.number)


def _passing(facts: Facts) -> list[str]:
    known = _known(facts, _TRUCKS)
    if not known:
        return []
    base = facts.base
    best, more = max(known, key=lambda pair: pair[1].mean)
    worst, fewer = min(known, key=lambda pair: pair[1].mean)
    if not more.sure:
        return [
            say(
                "{policy} lets {trucks} trucks a day pass, {base} {before}.",
                policy=best.label,
                trucks=amounts.number(facts.mean(best, _TRUCKS)),
                base=base.label,
                before=amounts.number(facts.mean(base, _TRUCKS)),
            )
        ]
    if more.more:
        return [_more(facts, best, more)]
    tonnes = facts.estimate(base, _TONNES)
    passing = say(
        "About {trucks} trucks and {tonnes} tonnes pass a day",
        trucks=amounts.number(facts.mean(base, _TRUCKS)),
        tonnes=amounts.number(tonnes.mean),
    ) if tonnes is not None else say(
        "About {trucks} trucks pass a day", trucks=amounts.number(facts.mean(base, _TRUCKS))
    )  # fmt: skip
    if fewer.fewer:
        return [
            say(
                "No policy lets clearly more trucks pass a day than {base}; {policy} lets {trucks}"
                " fewer pass ({interval}).",
                base=base.label,
                policy=worst.label,
                trucks=amounts.number(-fewer.mean),
                interval=between(fewer.times(-1.0)),
            )
        ]
    if all(change.low == change.high == 0 for _, change in known):
        return [
            say(
                "{passing} under {base}, and no policy changes that in any simulated period.",
                passing=passing,
                base=base.label,
            )
        ]
    most = max(max(abs(change.low), abs(change.high)) for _, change in known)
    return [
        say(
            "{passing} under {base}, and no policy clearly changes that: the largest difference the"
            " intervals allow is {most} trucks a day.",
            passing=passing,
            base=base.label,
            most=amounts.number(most),
        )
    ]


def _more(facts: Facts, best: Policy, more: Difference) -> str:
    words = {
        "policy": best.label,
        "base": facts.base.label,
        "trucks": amounts.number(more.mean),
        "trucks_interval": between(more),
    }
    tonnes = facts.difference(best, _TONNES)
    if tonnes is None:
        return say(
            "{policy} lets {trucks} more trucks a day pass than {base} ({trucks_interval}).",
            **words,
        )
    if tonnes.more:
        return say(
            "{policy} lets {trucks} more trucks ({trucks_interval}) and {tonnes} more tonnes"
            " ({tonnes_interval}) a day pass than {base}.",
            **words,
            tonnes=amounts.number(tonnes.mean),
            tonnes_interval=between(tonnes),
        )
    return say(
        "{policy} lets {trucks} more trucks a day pass than {base} ({trucks_interval}); the tonnes"
        " a day do not clearly change.",
        **words,
    )


def _rests(facts: Facts) -> str:
    replications = facts.replications
    if replications < 2:
        sure = say("This is one simulated period only: how sure it is cannot be said.")
    elif facts.others:
        sure = say(
            "This rests on {count} simulated periods; the intervals in brackets hold with 95 %"
            " confidence, those of differences for all policies at once.",
            count=periods(facts),
        )
        sure = sentences(sure, facts.study.trucks_note)
    else:
        sure = say(
            "This rests on {count} simulated periods; the intervals in brackets hold with 95 %"
            " confidence.",
            count=periods(facts),
        )
    marks = counts(facts.base)
    if not marks.marked:
        return sure
    return sentences(
        sure,
        say(
            "They do not cover wrong inputs; inputs with a mark of their source: {marked}, of"
            " these assumed: {assumed}.",
            assumed=marks.assumed,
            marked=marks.marked,
        ),
        ""
        if facts.study.uncertainty is None
        else say("How far these may move the figures stands under “{part}”.", part=title()),
    )


def notes(facts: Facts) -> list[str]:
    """What must be known beside the answer, one or two sentences each."""
    texts = []
    texts += [
        overload_sentence(policy.entry.get("overload") or {"kind": "unknown"}, policy.label)
        for policy in facts.overloaded
    ]
    texts.append(
        ample_sentence(
            [
                (
                    policy.label,
                    facts.mean(policy, "capacity_per_day"),
                    bool(policy.capacity.get("at_least")),
                )
                for policy in facts.ample
            ]
        )
    )
    texts.append(facts.study.promise_note)
    texts += [_bound(facts, policy) for policy in facts.others if policy not in facts.planned]
    texts += beyond(facts)
    texts.append(
        ceiling_sentence(
            [(policy.label, share) for policy, share in facts.capped],
            facts.study.limit_text,
            lost=any(facts.lost(policy) > 0 for policy, _ in facts.capped),
        )
    )
    texts += class_notes(facts)
    texts += verdict_notes(facts)
    for policy in facts.study.policies:
        if facts.slotless(policy) > _LOST:
            texts.append(slotless_sentence(policy.label, facts.slotless(policy)))
        if facts.lost(policy) > _LOST:
            texts.append(lost_sentence(policy.label, facts.lost(policy)))
        if not facts.mean(policy, "arrived") > 0 and math.isfinite(facts.mean(policy, "arrived")):
            texts.append(nobody_sentence(policy.label))
    failed = len(facts.study.manifest.failures)
    if failed:
        texts.append(
            sentences(
                say("Runs that failed and are missing from the figures: {count}.", count=failed),
                lacking(facts),
            )
        )
    return [text for text in texts if text]


def _bound(facts: Facts, policy: Policy) -> str:
    share = facts.estimate(policy, _TIME)
    if share is None:
        return say("{policy} is a bound that nobody plans.", policy=policy.label)
    return say(
        "{policy} is a bound that nobody plans: it gets {share} out in time.",
        policy=policy.label,
        share=percent(share.mean),
    )


def when(facts: Facts) -> str:
    """The period, and how often it was simulated."""
    policy = facts.base
    stamp = policy.entry.get("period") or {}
    parts = []
    if policy.start is not None and stamp.get("to"):
        last = dt.datetime.fromisoformat(str(stamp["to"])) - dt.timedelta(seconds=1)
        parts.append(period(policy.start.date(), last.date()))
    parts.append(say("simulated periods: {count}", count=periods(facts)))
    return " · ".join(parts)
