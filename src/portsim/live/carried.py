"""What of a scenario the live page carries, and a clear word where it cannot.

The engine in the page knows every rule; what the page does not know is how to lay some of them out
anew when something is moved. No page is made of such a scenario rather than a wrong one.
"""

from portsim.errors import InputError
from portsim.scenario.model import Scenario

__all__ = ["check_carried"]


def check_carried(scenario: Scenario) -> None:
    """Refuse a scenario with rules that the page cannot lay out anew.

    Raises:
        InputError: it has such; all of them are named.
    """
    classes = scenario.traffic.classes.items()
    found = [
        *(f"traffic.{name}.papers: papers beside the truck" for name, c in classes if c.papers),
        *(
            f"traffic.{name}.arrivals.slots: slots, whose wishes depend on the demand"
            for name, c in classes
            if c.arrivals.slots is not None
        ),
        *(
            f"traffic.{name}.arrivals.follow: arrivals that follow hours which may be moved"
            for name, c in classes
            if c.arrivals.follow is not None
        ),
        *(
            f"traffic.{name}: trucks that come again after they have left a queue"
            for name, c in classes
            if c.comes_again is not None
        ),
        *(
            f"traffic.{name}.route: trucks that choose among ways"
            for name, c in classes
            if any(step.others or scenario.stages[step.stage].swapped() for step in c.route)
        ),
        *(
            f"resources.{name}.opens: servers that the queue opens"
            for name, resource in scenario.resources.items()
            if resource.opens is not None
        ),
        *(
            f"resources.{name}.handover: shifts that overlap"
            for name, resource in scenario.resources.items()
            if resource.handover == "overlap"
        ),
        *(
            f"resources.{name}.breakdowns: breakdowns that stop the work in hand"
            for name, resource in scenario.resources.items()
            if any(words.work != "finished" for words in resource.breakdowns)
        ),
    ]
    if scenario.inside is not None:
        found.append("inside: trucks that are inside when the run begins")
    if found:
        msg = (
            f"{scenario.name}: the live page cannot lay out anew, when something is moved:\n  "
            + "\n  ".join(found)
            + "\nTake these out in an overlay, or compare policies with `portsim compare`, which "
            "knows them all"
        )
        raise InputError(msg)
