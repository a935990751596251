"""Building a plan in one go, for one scenario and one set of trucks.

Whoever needs more than one plan shares drafts and timetables instead; nothing is kept here.
"""

from portsim.demand import Trucks
from portsim.plan.contract import Plan
from portsim.plan.draft import draft
from portsim.plan.site import Site
from portsim.plan.timetable import timetable
from portsim.scenario.model import Scenario

__all__ = ["build"]


def build(scenario: Scenario, trucks: Trucks) -> Plan:
    """Build the plan of one replication.

    Args:
        scenario: the port and its hours.
        trucks: those that come, as `Trucks.at` gives them.

    Returns:
        A plan with its context; seconds count from the start of the warm-up.
    """
    return Site(timetable(scenario), draft(scenario, trucks)).all()
