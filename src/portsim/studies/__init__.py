"""The studies room: one scenario becomes many, and what many runs say together.

Points of a sweep are made, conducted and judged here, and the assumptions of a scenario are tried.
No option of the command line and no picture may enter; how a single run is done is the
experiment's business.
"""

from portsim.studies.optimise import Optimisation, optimise
from portsim.studies.points import Grid, Point, grid
from portsim.studies.problem import Problem, problem
from portsim.studies.sensitivity import Sensitivity, ask, sensitivity
from portsim.studies.sweep import Sweep, sweep
from portsim.studies.varied import Variants, vary
from portsim.studies.warmup import WarmUp, warm_up

__all__ = [
    "Grid",
    "Optimisation",
    "Point",
    "Problem",
    "Sensitivity",
    "Sweep",
    "Variants",
    "WarmUp",
    "ask",
    "grid",
    "optimise",
    "problem",
    "sensitivity",
    "sweep",
    "vary",
    "warm_up",
]
