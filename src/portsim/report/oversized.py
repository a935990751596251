"""The room of the report: what oversized loads go through, and cost the others."""

import math
from dataclasses import replace

from portsim.figures.study import Estimate, Policy
from portsim.report.blocks import Cell, Section, Table
from portsim.report.facts import NONE, Facts, between, cell, limit_text, percent
from portsim.wording import amounts, say

__all__ = ["oversized"]

_DELAY, _LATE = "oversized_delay_h", "oversized_late_per_day"


def oversized(facts: Facts) -> Section:
    """Loads with dimensions of their own beside all trucks; nothing where there are none."""
    title = say("Oversized loads")
    themselves = _themselves(facts)
    if not themselves.rows:
        return Section("oversized", title)
    text = say("Their own stay is in the table below.")
    others = _others(facts)
    if not others.rows:
        return Section("oversized", title, (text,), (themselves,))
    return Section("oversized", title, (*_cost(facts), text), (others, themselves))


def _themselves(facts: Facts) -> Table:
    classes: dict[str, str] = {}
    for policy in facts.study.policies:
        for name, kind in (facts.resolved(policy).get("traffic") or {}).items():
            if isinstance(kind, dict) and kind.get("dimensions"):
                classes.setdefault(str(name), str(kind.get("label") or name))
    rows = []
    for policy in facts.study.policies:
        for kind, label in [*classes.items(), ("all", say("all trucks"))]:
            came = facts.estimate(policy, "arrived", "", kind)
            if not classes or came is None:
                continue
            share = facts.estimate(policy, "completed_within_limit", "", kind)
            rows.append(
                (
                    Cell(policy.label),
                    Cell(label),
                    Cell(amounts.number(came.mean)),
                    Cell(percent(share.mean) if share is not None else NONE),
                    *(
                        Cell(amounts.number(facts.mean(policy, measure, "", kind)))
                        for measure in ("stay_mean_h", "wait_open_mean_h", "wait_closed_mean_h")
                    ),
                )
            )
    head = (
        *(say("policy"), say("trucks"), say("arrived in the period"), say("on-time share")),
        *(say("mean stay, h"), say("waiting while open, h"), say("waiting while closed, h")),
    )
    caption = say("Loads with dimensions of their own beside all trucks")
    return Table(caption, head, tuple(rows), words=2)


def _others(facts: Facts) -> Table:
    named = {"all": say("all trucks")}
    named |= facts.study.directions
    rows = []
    for policy in facts.study.policies:
        for kind, label in named.items():
            delay = facts.estimate(policy, _DELAY, "", kind)
            if delay is None or math.isnan(delay.mean):
                continue
            late = facts.estimate(policy, _LATE, "", kind)
            rows.append((Cell(policy.label), Cell(label), cell(_minutes(delay), amounts.signed),
                         cell(late, amounts.signed)))  # fmt: skip
    head = (
        *(say("policy"), say("trucks without oversized loads")),
        *(say("longer mean stay, minutes"), say("more of them not out in time, a day")),
    )
    caption = say(
        "What oversized loads cost the other trucks: the same trucks with and without them; below"
        " each its 95 % interval"
    )
    return Table(caption, head, tuple(rows), words=2)


def _cost(facts: Facts) -> list[str]:
    """Where they cost the others most and, of several policies, where least."""
    delays = [(p, _minutes(e)) for p in facts.study.policies if (e := facts.estimate(p, _DELAY))]
    # Where no such load came, nothing was lost and nothing is to be said.
    known = [
        (p, e) for p, e in delays if not math.isnan(e.mean) and (e.mean or (e.sure and e.high))
    ]
    known.sort(key=_size)
    if not known:
        return []
    ends = [known[-1], known[0]] if len(known) > 1 else known
    return [_delay_sentence(facts, policy, delay) for policy, delay in ends]


def _size(pair: tuple[Policy, Estimate]) -> float:
    return pair[1].mean


def _delay_sentence(facts: Facts, policy: Policy, delay: Estimate) -> str:
    words = {"policy": policy.label, "minutes": amounts.number(delay.mean)}
    if not delay.sure:
        return say(
            "Under {policy}, the oversized loads changed the mean stay of the other trucks by"
            " {minutes} minutes in the one period simulated.",
            policy=policy.label,
            minutes=amounts.signed(delay.mean),
        )
    words["interval"] = between(delay)
    if delay.high < 0:
        return say(
            "Under {policy}, the other trucks stay {minutes} minutes shorter on average with the"
            " oversized loads than without them ({interval}): it changes in which order they meet.",
            policy=policy.label,
            minutes=amounts.number(-delay.mean),
            interval=amounts.span(amounts.number(-delay.high), amounts.number(-delay.low)),
        )
    if delay.low <= 0:
        return say(
            "Under {policy}, the oversized loads do not clearly make the other trucks stay longer:"
            " {minutes} minutes on average, which may as well be none ({interval}).",
            **words,
        )
    late = facts.estimate(policy, _LATE)
    if late is None or not late.sure or late.low <= 0:
        return say(
            "Under {policy}, the oversized loads make the other trucks stay {minutes} minutes"
            " longer on average ({interval}).",
            **words,
        )
    return say(
        "Under {policy}, the oversized loads make the other trucks stay {minutes} minutes longer on"
        " average ({interval}), and {late} more of them a day are not out within {limit}"
        " ({late_interval}).",
        **words,
        late=amounts.number(late.mean),
        limit=limit_text(policy),
        late_interval=between(late),
    )


def _minutes(hours: Estimate) -> Estimate:
    return replace(hours, mean=60 * hours.mean, low=60 * hours.low, high=60 * hours.high)
