"""The room of results: what was found about capacities, in sentences.

Only the manifest is read; nothing is estimated here.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from portsim.results.called import cause_called, group_called
from portsim.results.manifest import Manifest
from portsim.results.port_remarks import Called, fall_sentence, unmeasured_sentence
from portsim.wording import amounts, say

__all__ = ["Limit", "capacity_remarks", "gain_text", "limit_of", "limit_text"]


class Limit(NamedTuple):
    """What limits a capacity."""

    places: list[str]
    """A resource, several of which more lets more pass only together, or what is waited for."""
    gain: float | None
    """Trucks a day that one more of it, or of each, adds; None where nothing can be added."""
    at_least: bool
    """Whether it may be more than that."""


def capacity_remarks(manifest: Manifest) -> list[str]:
    """At which demand each port passes most, what limits it, and what happens beyond."""
    group, cause = group_called(manifest), cause_called(manifest)
    falls = (
        fall_sentence(entry.capacity, entry.name, group, cause) for entry in manifest.scenarios
    )
    missing = (unmeasured_sentence(entry.capacity, entry.name) for entry in manifest.scenarios)
    return [*filter(None, (_reached(manifest), *falls, *missing))]


def limit_of(capacity: Mapping[str, Any]) -> Limit:
    """What limits a capacity, and how many trucks a day one more of it adds.

    In: what the manifest says of one. Out: name of the resource with its gain, or of several of
    which more lets more pass only together; if more of no resource does, what most of the waiting
    goes back to, without a gain; else nothing.
    """
    limits = capacity.get("limits") or []
    if limits:
        first = limits[0]
        return Limit(
            [str(place) for place in first["places"]],
            float(first["gain_per_day"]),
            bool(first.get("at_least")),
        )
    return Limit([str(root)] if (root := capacity.get("waits_for")) else [], None, False)


def gain_text(limit: Limit) -> str:
    """How many trucks a day one more of what limits adds; empty where nothing can be added."""
    if limit.gain is None:
        return ""
    gain = amounts.signed(limit.gain)
    gain = amounts.at_least(gain) if limit.at_least else gain
    if len(limit.places) > 1:
        return say("one more of each: {gain} a day", gain=gain)
    return say("one more: {gain} a day", gain=gain)


def limit_text(limit: Limit, cause: Called = str) -> str:
    """What limits a capacity and what one more of it adds; empty if nothing is known to.

    Args:
        limit: what limits it.
        cause: how a resource, or a cause of waiting, is called.
    """
    places = say(" and ").join(map(cause, limit.places))
    return say(", ").join(filter(None, (places, gain_text(limit))))


def _reached(manifest: Manifest) -> str:
    parts, cause = [], cause_called(manifest)
    for entry in manifest.scenarios:
        capacity = entry.capacity
        if not capacity.get("multiple"):
            continue
        limit, multiple = limit_of(capacity), amounts.plain(capacity["multiple"])
        reached = amounts.at_least(multiple) if capacity["at_least"] else multiple
        facts = filter(None, (reached, limit_text(limit, cause)))
        parts.append(say("{policy} ({figure})", policy=entry.name, figure=say(", ").join(facts)))
    if not parts:
        return ""
    return say(
        "Times the demand at which capacity is reached, and what limits it: {policies}.",
        policies=say("; ").join(parts),
    )
