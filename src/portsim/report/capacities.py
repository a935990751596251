"""The room of the report: capacities in sentences, and on how many runs figures rest.

capacity_text(facts, policy)  a capacity, at least so large where no end was seen
beyond(facts)                 where fewer pass the more come, and why; what is not known
periods(facts)                on how many simulated periods the figures rest
lacking(facts)                the same by policy, where runs are missing
"""

from portsim.figures.causes import limiter_text
from portsim.figures.study import Policy
from portsim.report.facts import Facts
from portsim.results.port_remarks import fall_sentence, unmeasured_sentence
from portsim.wording import amounts, decimal, say

__all__ = ["beyond", "capacity_text", "lacking", "periods"]


def capacity_text(facts: Facts, policy: Policy) -> str:
    """A capacity in words."""
    text = amounts.number(facts.mean(policy, "capacity_per_day"))
    return say("at least {figure}", figure=text) if policy.capacity.get("at_least") else text


def lacking(facts: Facts) -> str:
    """On how many simulated periods the figures of each policy rest that lacks some."""
    parts = [
        say(
            "{policy} {there} of {all}",
            policy=policy.label,
            there=facts.simulated(policy),
            all=facts.replications,
        )
        for policy in facts.study.policies
        if policy.name in facts.study.manifest.lacking
    ]
    if not parts:
        return ""
    return say("Simulated periods that there are: {counts}.", counts=say(", ").join(parts))


def beyond(facts: Facts) -> list[str]:
    """Where fewer pass the more come, and why; and capacities that are not known."""
    study = facts.study
    falls = (
        fall_sentence(
            policy.capacity, policy.label, study.kind, lambda text: limiter_text(study, text)
        )
        for policy in study.policies
    )
    missing = (unmeasured_sentence(policy.capacity, policy.label) for policy in study.policies)
    return [*filter(None, falls), *filter(None, missing)]


def periods(facts: Facts) -> str:
    """On how many simulated periods the figures rest: ``10``, ``8 of 10``, ``7 to 9 of 10``."""
    every = decimal(facts.replications, 0)
    there = sorted({facts.simulated(policy) for policy in facts.study.policies})
    if there[0] == facts.replications:
        return every
    low, high = decimal(there[0], 0), decimal(there[-1], 0)
    return say("{low} of {all}", low=low if low == high else amounts.span(low, high), all=every)
