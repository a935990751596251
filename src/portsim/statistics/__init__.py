"""The room of statistics: figures of many replications in, means with their uncertainty out.

No plan, no log and no file may enter; whoever calls hands over figures already measured.
"""

from portsim.statistics.comparison import compare
from portsim.statistics.curves import band
from portsim.statistics.intervals import summarise
from portsim.statistics.overloads import more_than_can_be_given

__all__ = ["band", "compare", "more_than_can_be_given", "summarise"]
