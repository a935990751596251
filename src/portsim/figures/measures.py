"""Names of the measures as pictures say them, in the language being spoken; no figure enters."""

from portsim.scenario.catalogue import measure_of, named
from portsim.wording import say

__all__ = ["measure_name", "measure_text"]


def measure_name(measure: str) -> str:
    """A measure as a planner would name it, to begin a sentence with."""
    label = say(measure_of(measure).label)
    return label[:1].upper() + label[1:]


def measure_text(measure: str) -> str:
    """The same with its class and place behind it: ``Mean stay (export, gate)``."""
    inside = named(measure).inside
    return f"{measure_name(measure)} ({inside})" if inside else measure_name(measure)
