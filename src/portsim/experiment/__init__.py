"""The experiment room: scenarios times replications, run side by side, become one study.

Engines, measures and statistics are called here and nowhere above; nothing is drawn on paper here.
"""

from portsim.experiment.conduct import compare, many, run
from portsim.experiment.draws import Draws
from portsim.experiment.study import Study

__all__ = ["Draws", "Study", "compare", "many", "run"]
