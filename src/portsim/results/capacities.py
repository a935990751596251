"""The room of results: what was found about capacities, in sentences.

Only the manifest is read; nothing is estimated here.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from portsim.results.manifest import Manifest
from portsim.results.port_remarks import fall_sentence, unmeasured_sentence
from portsim.wording.amounts import fixed

__all__ = ["Limit", "capacity_remarks", "limit_of"]


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
    falls = (fall_sentence(one.capacity, one.name, str, str) for one in manifest.scenarios)
    missing = (unmeasured_sentence(one.capacity, one.name) for one in manifest.scenarios)
    return [*_reached(manifest), *filter(None, falls), *filter(None, missing)]


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


def _reached(manifest: Manifest) -> Iterator[str]:
    parts = []
    for entry in manifest.scenarios:
        found = entry.capacity
        if not found.get("multiple"):
            continue
        places, gain, more = limit_of(found)
        limit = f", {' and '.join(places)}" if places else ""
        each = " of each" if len(places) > 1 else ""
        limit += f", one more{each} {'≥ ' * more}+{fixed(gain, 1)}" if gain is not None else ""
        at = "≥ " if found["at_least"] else ""
        parts.append(f"{entry.name} ({at}{found['multiple']:.3g}{limit})")
    if parts:
        yield (
            "Times the demand at which capacity is reached, what limits it, and the trucks a day "
            f"that one more of it adds: {'; '.join(parts)}."
        )
