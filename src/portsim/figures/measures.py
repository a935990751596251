"""Names of the measures as pictures say them, in the language being spoken; no figure enters."""

from portsim.scenario.catalogue import measure_of, named
from portsim.wording import say

__all__ = ["measure_head", "measure_name", "measure_text"]


def measure_name(measure: str) -> str:
    """A measure as a planner would name it, to begin a sentence with."""
    label = say(measure_of(measure).label)
    return label[:1].upper() + label[1:]


def measure_head(measure: str, currency: str = "", *, difference: bool = False) -> str:
    """A measure as the head of a column, with its unit where its label does not tell it.

    Args:
        measure: which.
        currency: of amounts of money.
        difference: whether differences stand below, those of shares in percentage points.
    """
    one = measure_of(measure)
    unit = currency if one.money else ""
    if one.unit == "h":
        unit = say("{number} h", number="").strip()
    elif one.share and difference:
        unit = say("percentage points")
    label = say(one.label)
    return say("{measure}, {unit}", measure=label, unit=unit) if unit else label


def measure_text(measure: str) -> str:
    """The same with its class and place behind it: ``Mean stay (export, gate)``."""
    inside = named(measure).inside
    return f"{measure_name(measure)} ({inside})" if inside else measure_name(measure)
