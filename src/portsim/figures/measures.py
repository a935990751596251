"""Names of the measures as pictures say them, in the language being spoken; no figure enters."""

from portsim.scenario.catalogue import measure_of
from portsim.wording import say

__all__ = ["measure_name"]


def measure_name(measure: str) -> str:
    """A measure as a planner would name it, to begin a sentence with."""
    label = say(measure_of(measure).label)
    return label[:1].upper() + label[1:]
