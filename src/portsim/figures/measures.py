"""Names of the measures as pictures say them, in the language being spoken; no figure enters."""

from portsim.scenario.measure_catalogue import label_of, measure_of
from portsim.wording import say

__all__ = ["measure_head", "measure_name"]


def measure_name(measure: str) -> str:
    """A measure to begin a sentence with, class and place behind it: ``Mean stay (gate)``."""
    label = label_of(measure)
    return label[:1].upper() + label[1:]


def measure_head(measure: str, currency: str = "", *, difference: bool = False) -> str:
    """A measure as the head of a column, with its unit where its label does not tell it.

    Args:
        measure: which.
        currency: of amounts of money.
        difference: whether differences stand below, those of shares in percentage points.
    """
    entry = measure_of(measure)
    unit = currency if entry.money else ""
    if entry.unit == "h":
        unit = say("{number} h", number="").strip()
    elif entry.share and difference:
        unit = say("percentage points")
    label = label_of(measure)
    return say("{measure}, {unit}", measure=label, unit=unit) if unit else label
