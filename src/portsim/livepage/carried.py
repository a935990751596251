"""What of a scenario the live page carries, and a clear word where it cannot.

The engine in the page knows every rule; what the page does not know is how to lay some of them out
anew when something is moved. No page is made of such a scenario rather than a wrong one.
"""

from portsim.errors import InputError
from portsim.scenario.model import Scenario

__all__ = ["check_carried", "followed"]


def followed(scenario: Scenario) -> list[str]:
    """Calendars over whose hours trucks are laid: who comes would be others if they were moved."""
    classes = scenario.traffic.classes.values()
    return sorted({cls.arrivals.follow for cls in classes if cls.arrivals.follow is not None})


def check_carried(scenario: Scenario) -> None:
    """Refuse a scenario with rules that the page cannot lay out anew.

    Raises:
        InputError: it has such; all of them are named.
    """
    classes = scenario.traffic.classes.items()
    lacking = [
        *(f"traffic.{name}.papers: papers beside the truck" for name, c in classes if c.papers),
        *(
            f"traffic.{name}.arrivals.slots: slots, whose wishes depend on the demand"
            for name, c in classes
            if c.arrivals.slots is not None
        ),
        *(
            f"traffic.{name}: trucks that come again after they have left a queue"
            for name, c in classes
            if c.comes_again is not None
        ),
    ]
    if scenario.inside is not None:
        lacking.append("inside: trucks that are inside when the run begins")
    if lacking:
        msg = (
            f"{scenario.name}: the live page cannot lay out anew, when something is moved:\n  "
            + "\n  ".join(lacking)
            + "\nTake these out in an overlay, or compare policies with `portsim compare`, which "
            "knows them all"
        )
        raise InputError(msg)
