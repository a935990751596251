"""The measures room: named figures and curves, worked out from plan and log and nothing else."""

from portsim.measures.causes import CauseRow, Waits, waits
from portsim.measures.counterfactual import Tally, capacity, ceiling_rows, oversized_rows, tally
from portsim.measures.curve import Curve
from portsim.measures.loads import offered_loads
from portsim.measures.measure import Measured, measure
from portsim.measures.spans import Spans, opened, spans
from portsim.measures.strain import Strain, strains
from portsim.scenario.measured import UNITS, unit_of

__all__ = [
    "UNITS",
    "CauseRow",
    "Curve",
    "Measured",
    "Spans",
    "Strain",
    "Tally",
    "Waits",
    "capacity",
    "ceiling_rows",
    "measure",
    "offered_loads",
    "opened",
    "oversized_rows",
    "spans",
    "strains",
    "tally",
    "unit_of",
    "waits",
]
