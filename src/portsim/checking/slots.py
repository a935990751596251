"""Checks of slots: those that classes ask for are there, somebody asks for them, and they exist."""

from portsim.checking.findings import Findings, Path
from portsim.scenario.model import Scenario

__all__ = ["check_slots"]


def check_slots(findings: Findings, scenario: Scenario) -> None:
    """Kinds of slots that classes name, and those that nobody does."""
    used: set[str] = set()
    for name, cls in scenario.traffic.classes.items():
        words = cls.arrivals.slots
        if words is None:
            continue
        path: Path = ("traffic", name, "arrivals", "slots")
        used.add(words.of)
        where = (*path, "of") if findings.written(*path, "of") else path
        if findings.known(where, words.of, scenario.slots, "set of slots"):
            slots = scenario.slots[words.of]
            if words.at_most < slots.every and findings.written(*path, "at_most"):
                findings.warn(
                    (*path, "at_most"),
                    "slots",
                    "a time that is no shorter than a slot",
                    "it looks for a slot that begins in this time after the one it wanted",
                    f"less than the {slots.every / 60:g} min of a slot",
                )
    for name in scenario.slots:
        if name not in used:
            findings.warn(("slots", name), "unused", "slots that some class asks for")
