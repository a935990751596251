"""The room of results: the tables of a scenario held against a gate log, and the verdict in words.

Facts come in as the manifest holds them; nothing is judged here.
"""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from portsim.results.check_faults import fault_sentence
from portsim.results.tables import Schema
from portsim.wording import amounts, later, period, say

__all__ = [
    "CHECK",
    "CURVES",
    "DISTANCES",
    "check_sentences",
    "remark_sentences",
    "verdict_sentence",
]

CHECK: Schema = {
    "arrivals": "text",
    "truck_class": "text",
    "place": "text",
    "measure": "text",
    "unit": "text",
    **dict.fromkeys(("log", "simulated", "low", "high"), "number"),
    "inside": "text",
    "n": "integer",
}
"""``arrivals``: ``log``, the scenario with the trucks of the log, or ``own``, with its own; ``low``
and ``high`` hold 95 % of single simulated periods; ``n``: trucks or visits of the log."""
DISTANCES: Schema = {
    "arrivals": "text",
    "measure": "text",
    "place": "text",
    "unit": "text",
    **dict.fromkeys(("distance", "floor", "multiple"), "number"),
}
CURVES: Schema = {
    "arrivals": "text",
    "curve": "text",
    "place": "text",
    **dict.fromkeys(("x", "log", "mean", "low", "high"), "number"),
}
"""``queue_week`` and ``arrivals_week`` by hour of the week, ``throughput`` by day of the period
from 0, ``stay`` by quantile; the band holds 95 % of single simulated periods."""


_NAMED = MappingProxyType(
    {
        "without_starts": later(
            "The log does not say when work begins at: {names}. There only whole stays, waiting and"
            " work together, are compared."
        ),
        "fuller": later(
            "As the period begins, the trucks of the log do not explain how many stand at: {names}."
            " Waits and stays there are no evidence."
        ),
        "opened": later(
            "The queue opens servers at: {names}. What the check says there of hours and servers"
            " knows the roster alone; servers that the queue brought may look like more of them."
        ),
        "lone_stages": later("Not in the log, so not compared: {names}."),
        "strange_stages": later("In the log only, so not compared: {names}."),
        "strange_classes": later(
            "Classes of the log that the scenario does not have: {names}. Their trucks come as"
            " trucks of its classes, in the proportion in which these are drawn."
        ),
    }
)
"""What is told of stages and classes with a name, by the fact that holds them."""


def check_sentences(facts: Mapping[str, Any]) -> list[str]:
    """The verdict, then what must be known beside it.

    Args:
        facts: the ``study`` of the manifest, see `portsim.held.Held.facts`.
    """
    faults = [fault_sentence(fault, facts) for fault in facts["faults"]]
    return [verdict_sentence(facts), *faults, *remark_sentences(facts)]


def verdict_sentence(facts: Mapping[str, Any], *, alone: bool = False) -> str:
    """Whether the log lies within what chance does to the scenario.

    Args:
        facts: the ``study`` of the manifest.
        alone: whether what differs does not follow at once.
    """
    days = period(_date(facts["from"]), _date(facts["to"]))
    if not facts["faults"]:
        return say(
            "The log of {days} lies within what chance does: nothing in it speaks against the"
            " scenario.",
            days=days,
        )
    if alone:
        return say("The log of {days} is not what the scenario would have left.", days=days)
    return say("The log of {days} is not what the scenario would have left:", days=days)


def remark_sentences(facts: Mapping[str, Any]) -> list[str]:
    """What was compared with what, and what could not be."""
    labels = facts["labels"]
    texts = [
        say(
            "{count} simulated periods, each once with the trucks of the log and once with those of"
            " the scenario; of a right scenario one check in {checks} says anything, all {looks}"
            " looks together.",
            count=facts["replications"],
            checks=round(1 / facts["false_alarms"]),
            looks=facts["looks"],
        ),
        say(
            "Trucks of the {days} days before fill the port and are not counted.",
            days=facts["warm_up_days"],
        )
        if facts["warm_up_days"]
        else say(
            "The log is too short for a warm-up: with its trucks the port starts empty, and its"
            " first days look better than they were."
        ),
    ]
    if facts.get("told_days"):
        texts.append(
            say(
                "The scenario was told from the {days} days before: what these leave open counts as"
                " chance too.",
                days=amounts.count(facts["told_days"]),
            )
        )
    for key, sentence in _NAMED.items():
        if facts.get(key):
            names = say(", ").join(labels.get(name, name) for name in facts[key])
            texts.append(say(sentence, names=names))
    if facts["dropped_trucks"]:
        texts.append(
            say(
                "Trucks of the log that could not be read: {count}. So many more came.",
                count=amounts.count(facts["dropped_trucks"]),
            )
        )
    if facts["clock"] != "arrival":
        texts.append(
            say(
                "The clock of the promise starts later in the scenario ({clock}); here it starts at"
                " the arrival, of log and simulation alike.",
                clock=facts["clock"],
            )
        )
    return texts


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
