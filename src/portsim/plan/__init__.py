"""The plan room: a scenario and its trucks become plain integer arrays for an engine."""

from portsim.plan.build import build
from portsim.plan.contract import BUDGET, NEVER, SERVERS, STORE, Beginning, Context, Duty, Plan
from portsim.plan.cut import cut
from portsim.plan.draft import Draft, draft, draft_key
from portsim.plan.reach import Reach, Variants
from portsim.plan.site import Site, endless, more
from portsim.plan.standing import Standing, standing
from portsim.plan.timetable import Timetable, timetable

__all__ = [
    "BUDGET",
    "NEVER",
    "SERVERS",
    "STORE",
    "Beginning",
    "Context",
    "Draft",
    "Duty",
    "Plan",
    "Reach",
    "Site",
    "Standing",
    "Timetable",
    "Variants",
    "build",
    "cut",
    "draft",
    "draft_key",
    "endless",
    "more",
    "standing",
    "timetable",
]
