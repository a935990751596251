"""The experiment room: scenarios times replications, run side by side, become one study.

Engines, measures and statistics are called here and nowhere above; nothing is drawn on paper here.
"""

from portsim.experiment.conduct import compare, run, run_all
from portsim.experiment.design import Design
from portsim.experiment.execution import Execution
from portsim.experiment.precision import Precision
from portsim.experiment.quick_runs import Draws
from portsim.experiment.runner import Keep
from portsim.experiment.states import State, state
from portsim.experiment.study import Study, read

__all__ = [
    "Design",
    "Draws",
    "Execution",
    "Keep",
    "Precision",
    "State",
    "Study",
    "compare",
    "read",
    "run",
    "run_all",
    "state",
]
