"""The measures room: named figures and curves, worked out from plan and log and nothing else."""

from portsim.measures.causes import CauseRow, Waits, prepare, waits
from portsim.measures.counterfactual import Tally, capacity, ceiling_rows, oversized_rows, tally
from portsim.measures.curve import Curve
from portsim.measures.loads import Overload, offered_loads
from portsim.measures.measure import Measured, measure
from portsim.measures.spans import Spans, opened, spans
from portsim.scenario.measured import UNITS, unit_of

__all__ = [
    "UNITS",
    "CauseRow",
    "Curve",
    "Measured",
    "Overload",
    "Spans",
    "Tally",
    "Waits",
    "capacity",
    "ceiling_rows",
    "measure",
    "offered_loads",
    "opened",
    "oversized_rows",
    "prepare",
    "spans",
    "tally",
    "unit_of",
    "waits",
]
