"""The room of results: what must be known of single policies, worded once for screen and page.

Figures and facts come in; nothing is estimated here. How a policy, a group of trucks or a cause of
waiting is called is the caller's: files have names, pages have labels.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portsim.results.manifest import ScenarioEntry
from portsim.wording import amounts, later, say, sentences

__all__ = [
    "ample_sentence",
    "ceiling_sentence",
    "fall_sentence",
    "lost_sentence",
    "nobody_sentence",
    "promise_sentence",
    "promise_text",
    "slotless_sentence",
    "unmeasured_sentence",
]

Called = Callable[[str], str]
"""How something is called, by its name."""


def lost_sentence(policy: str, share: float) -> str:
    """Which share of the trucks that came turned away or gave up."""
    return say(
        "Under {policy}, {share} of the trucks that came turned away or gave up waiting; they count"
        " as not out in time, and the stays are those of the others.",
        policy=policy,
        share=amounts.percent(share, 1),
    )


def slotless_sentence(policy: str, share: float) -> str:
    """Which share of the trucks that wanted a slot stayed away without one."""
    return say(
        "Under {policy}, {share} of the trucks that wanted a slot found none and stayed away; they"
        " never came, and no stay counts them.",
        policy=policy,
        share=amounts.percent(share, 1),
    )


def nobody_sentence(policy: str) -> str:
    """That no truck came."""
    return say("Under {policy}, no truck came.", policy=policy)


def ample_sentence(capacities: Sequence[tuple[str, float, bool]]) -> str:
    """Under which policies demand was the limit; empty if under none.

    Args:
        capacities: of each of these policies its name, trucks a day that it could release, and
            whether it may be more.
    """
    if not capacities:
        return ""
    parts = []
    for policy, capacity, at_least in capacities:
        text = amounts.number(capacity)
        parts.append(
            say(
                "{policy} ({figure})",
                policy=policy,
                figure=amounts.at_least(text) if at_least else text,
            )
        )
    return say(
        "Demand was the limit, not the port, where capacity is far above what came (trucks a day it"
        " could release): {policies}.",
        policies=say(", ").join(parts),
    )


def ceiling_sentence(shares: Sequence[tuple[str, float]], limit: str, *, lost: bool) -> str:
    """What no staff could get out in time; empty if there is nothing.

    Args:
        shares: policies and the share that could be out in time at most.
        limit: the promise in words.
        lost: whether some trucks turned away or gave up.
    """
    if not shares:
        return ""
    parts = [
        say("{policy} {share}", policy=policy, share=amounts.percent(share, 1))
        for policy, share in shares
    ]
    return sentences(
        say(
            "Even with no end of staff, lanes and places, no more than this could have left within"
            " {limit}: {shares}.",
            limit=limit,
            shares=say(", ").join(parts),
        ),
        say(
            "Closed days and hours, quotas, the work itself, and that trucks turn away or give up"
            " hold the rest back."
        )
        if lost
        else say("Closed days and hours, quotas and the work itself hold the rest back."),
    )


def promise_text(hours: float | None) -> str:
    """A promise in words: ``24 h``; of none, or of several unlike ones, without a number."""
    if hours is None or not math.isfinite(hours):
        return say("the promised time")
    return say("{number} h", number=amounts.plain(hours))


def promise_sentence(entries: Sequence[ScenarioEntry], called: Called) -> str:
    """On promises that differ, or whose clock does not start at the arrival; else empty.

    Args:
        entries: the scenarios.
        called: how a scenario is called.
    """
    clocks = list(dict.fromkeys(_clock(entry.clock) for entry in entries))
    if len({entry.promise for entry in entries}) > 1:
        text = (
            later("{policy} {limit} from {clock}") if len(clocks) > 1 else later("{policy} {limit}")
        )
        parts = [
            say(
                text,
                policy=called(entry.name),
                limit=promise_text(entry.limit_h),
                clock=_clock(entry.clock),
            )
            for entry in entries
        ]
        return say(
            "The on-time shares are of different promises and are not compared: {parts}.",
            parts=say("; ").join(parts),
        )
    if entries[0].clock in {"", "arrival"}:
        return ""
    return say("The clock of the promise does not start at the arrival: {clock}.", clock=clocks[0])


def _clock(clock: str) -> str:
    if clock == "wanted":
        return say("the time that was wanted")
    stage, _, event = clock.rpartition(" ")
    if not stage:
        return say("the arrival")
    if event == "admitted":
        return say("admission to {stage}", stage=stage)
    return say("joining the queue of {stage}", stage=stage)


def fall_sentence(capacity: Mapping[str, Any], policy: str, group: Called, cause: Called) -> str:
    """That fewer pass at twice the demand of the capacity, who of them, and why; else empty.

    Args:
        capacity: what the manifest says of it.
        policy: how the policy is called.
        group: how a class or direction is called.
        cause: how a cause of waiting is called.
    """
    if not (beyond := capacity.get("beyond")):
        return ""
    facts = {
        "policy": policy,
        "twice": amounts.plain(beyond["multiple"]),
        "after": amounts.number(beyond["per_day"]),
        "multiple": amounts.plain(beyond["multiple"] / 2.0),
        "before": amounts.number(capacity["per_day"]),
        "group": group(str(beyond["group"])),
        "less": amounts.number(beyond["after"]),
        "more": amounts.number(beyond["before"]),
    }
    if not beyond["waits_for"]:
        return say(
            "{policy}: at {twice} times the demand fewer trucks pass ({after} a day) than at"
            " {multiple} ({before}): of {group} {less} instead of {more}.",
            **facts,
        )
    return say(
        "{policy}: at {twice} times the demand fewer trucks pass ({after} a day) than at {multiple}"
        " ({before}): of {group} {less} instead of {more}, for they wait for {what}.",
        **facts,
        what=cause(str(beyond["waits_for"])),
    )


def unmeasured_sentence(capacity: Mapping[str, Any], policy: str) -> str:
    """Why a capacity is not known; empty if it is."""
    if not (why := str(capacity.get("why") or "")):
        return ""
    return say("{policy}: the capacity was not measured: {why}.", policy=policy, why=why)
