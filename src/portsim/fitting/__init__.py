"""The fitting room: from the records of a port to a scenario that says how surely it is told.

Logs come from `portsim.gatelog`; scenarios leave as trees. No run is made here.
"""

from portsim.fitting.port import Fit, fit
from portsim.fitting.stage_values import StageTold

__all__ = ["Fit", "StageTold", "fit"]
