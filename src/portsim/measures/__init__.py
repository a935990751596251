"""The measures room: named figures and curves, worked out from plan and log and nothing else."""

from portsim.measures.curve import Curve
from portsim.measures.loads import Overload, offered_loads
from portsim.measures.measure import Measured, measure
from portsim.measures.port import capacity
from portsim.measures.spans import Spans, opened, spans
from portsim.scenario.measured import UNITS, unit_of

__all__ = [
    "UNITS",
    "Curve",
    "Measured",
    "Overload",
    "Spans",
    "capacity",
    "measure",
    "offered_loads",
    "opened",
    "spans",
    "unit_of",
]
