"""The studies room: one scenario becomes many, and what many runs say together.

Points of a sweep are made, conducted and judged here. No option of the command line and no
picture may enter; how a single run is done is the experiment's business.
"""

from portsim.studies.points import Grid, Point, grid
from portsim.studies.sweep import Sweep, sweep
from portsim.studies.varied import Variants, vary
from portsim.studies.warmup import WarmUp, warm_up

__all__ = ["Grid", "Point", "Sweep", "Variants", "WarmUp", "grid", "sweep", "vary", "warm_up"]
