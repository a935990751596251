"""The studies room: one scenario becomes many, and what many runs say together.

Points of a sweep are made, conducted and judged here, and the assumptions of a scenario are tried.
Each kind of study has a function ``ask``, which checks everything and gives what could be
conducted, and a function of its name, which does both. No option of the command line and no picture
may enter; how a single run is done is the experiment's business.
"""

from portsim.studies.optimise import optimise
from portsim.studies.requirement import Objective, Requirement
from portsim.studies.sensitivity import sensitivity
from portsim.studies.sweep import sweep
from portsim.studies.varied import vary
from portsim.studies.warmup import warm_up

__all__ = [
    "Objective",
    "Requirement",
    "optimise",
    "sensitivity",
    "sweep",
    "vary",
    "warm_up",
]
