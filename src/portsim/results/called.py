"""The room of results: how the things of a study are called, in the language being spoken.

Only the manifest is read. With labels, so for people; files have names.
"""

from collections.abc import Mapping

from portsim.results.directions import directions
from portsim.results.manifest import Manifest
from portsim.results.port_remarks import Called
from portsim.results.sweep import label, shift_of
from portsim.scenario.measure_catalogue import WAITS, Cause
from portsim.wording import called, direction, later, say

__all__ = ["cause_called", "cause_words", "group_called", "path_called", "place_called"]


def place_called(manifest: Manifest) -> Called:
    """How a stage or a resource is called: as the first scenario does that has a label for it."""
    return _labels(manifest, ("stages", "resources"))


def group_called(manifest: Manifest) -> Called:
    """How a class of trucks is called, or a direction."""
    ways: dict[str, str] = {}
    for entry in manifest.scenarios:
        ways = {**directions(entry.resolved), **ways}
    classes = _labels(manifest, ("traffic",))
    return lambda name: ways.get(name) or direction(classes(name))


_ALONE = {"completion.limit": later("the promised time")}
_WORDS = {
    "arrivals.rate": later("how many come"),
    "cost_per_overtime_hour": later("cost of an hour of overtime"),
    "cost_per_staffed_hour": later("cost of a staffed hour"),
    "hours": later("opening hours"),
    "level": later("quota"),
    "patience": later("patience"),
    "scale": later("multiple of the traffic"),
    "share": later("share"),
}
"""What may be varied of a thing, and has a word."""


def path_called(manifest: Manifest) -> Called:
    """How a value of a scenario is called, given its dotted path.

    A number of servers by its resource, ``Customs clerks``; what has no words of its own by its
    place and what is written there.
    """
    places, groups = place_called(manifest), group_called(manifest)
    calendars = _labels(manifest, ("calendars",))

    def told(path: str) -> str:
        if path == "traffic.scale":
            return say("multiple of the traffic")
        if shift := shift_of(path):
            return say("{resource}, {shift}", resource=places(shift[0]), shift=calendars(shift[1]))
        section, _, rest = path.partition(".")
        name, _, what = rest.partition(".")
        owners = {"resources": places, "stages": places, "traffic": groups, "calendars": calendars}
        if section not in owners or not what:
            return say(_ALONE[path]) if path in _ALONE else label(path)
        owner = owners[section](name)
        if section == "resources" and what == "capacity":
            return owner
        if what.startswith("time") and what.rpartition(".")[2] in ("time", "mean"):
            what = say("time of the work")
        elif what in _WORDS:
            what = say(_WORDS[what])
        return say("{name}: {what}", name=owner, what=what)

    return told


def cause_called(manifest: Manifest) -> Called:
    """How a root cause of waiting is called that the manifest names in a text."""
    place = place_called(manifest)

    def told(text: str) -> str:
        cause = Cause.read(f"{WAITS[1]}[{text}]")
        return place(text) if cause is None else cause_words(cause, place(cause.name))

    return told


def cause_words(cause: Cause, label: str) -> str:
    """A root cause of waiting as a planner would name it, given what its place is called."""
    if cause.kind == "hours":
        return say("hours of {stage}", stage=label)
    if cause.kind == "papers":
        return say("papers for {stage}", stage=label)
    if cause.kind == "convoy":
        return say("convoys of {stage}", stage=label)
    return say("{resource}, off duty", resource=label) if cause.kind == "off duty" else label


def _labels(manifest: Manifest, parts: tuple[str, ...]) -> Called:
    known: dict[str, str] = {}
    for entry in manifest.scenarios:
        for part in parts:
            named = entry.resolved.get(part)
            for name, words in named.items() if isinstance(named, Mapping) else ():
                if isinstance(words, Mapping) and words.get("label"):
                    known.setdefault(str(name), called(words["label"], str(name)))
    return lambda name: known.get(name, name)
