"""The room of results: why a scenario is overloaded, worded once for screen, workbook and page.

Only what the manifest says of a scenario is read; whether it is overloaded is judged elsewhere.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from portsim.wording import amounts, date, say

__all__ = ["overload_sentence", "overload_why"]


def overload_why(overload: Mapping[str, Any]) -> str:
    """Where and when more was asked than could be given, as the end of a sentence.

    Args:
        overload: of a `ScenarioEntry`; empty text if it is empty, or of a folder that does not say.
    """
    if "place" not in overload:
        return ""
    since, days = date(dt.date.fromisoformat(overload["from"])), int(overload["days"])
    when = (
        say("in the {days} days from {date}", days=days, date=since)
        if days > 1
        else say("on {date}", date=since)
    )
    load = overload["load"]
    facts = {"when": when, "what": overload["label"]}
    if load is None:
        return say(
            "{when} the trucks that came asked for {what}, of which there were none", **facts
        )
    facts["load"] = amounts.percent(load)
    if overload["kind"] == "stage":
        return say(
            "{when} {load} of the trucks that {what} could admit came to it, so its queue grew",
            **facts,
        )
    if overload["kind"] == "budget":
        return say("{when} the trucks that came asked for {load} of {what}", **facts)
    return say("{when} the trucks that came asked {what} for {load} of their working time", **facts)


def overload_sentence(overload: Mapping[str, Any], policy: str) -> str:
    """That a policy is overloaded, why, and what follows; empty if it is not.

    Args:
        overload: of a `ScenarioEntry`.
        policy: how it is called.
    """
    if not overload:
        return ""
    if not (why := overload_why(overload)):
        return say(
            "{policy} is overloaded; stay and completion hold for this period only.", policy=policy
        )
    return say(
        "{policy} is overloaded: {why}; stay and completion hold for this period only.",
        policy=policy,
        why=why,
    )
