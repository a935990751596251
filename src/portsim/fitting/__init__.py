"""The fitting room: from the records of a port to a scenario that says how surely it is told.

Logs come from `portsim.gatelog`; scenarios leave as trees. No run is made here but of the check of
weeks that were held out, by `portsim.held`.
"""

from portsim.fitting.holding import Fit, HeldOut, fit
from portsim.fitting.port import Port
from portsim.fitting.stage_values import StageTold

__all__ = ["Fit", "HeldOut", "Port", "StageTold", "fit"]
