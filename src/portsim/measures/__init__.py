"""The measures room: named figures and curves, worked out from plan and log and nothing else."""

from portsim.measures.causes import CauseRow, Waits, prepare, waits
from portsim.measures.counterfactual import (
    Tally,
    ceiling_rows,
    oversized_rows,
    released_rows,
    tally,
)
from portsim.measures.curve import Curve
from portsim.measures.loads import offered_loads
from portsim.measures.measure import Measured, measure
from portsim.measures.spans import Spans, opened, spans
from portsim.measures.strain import Strain, strains
from portsim.scenario.catalogue import Cause, unit_of

__all__ = [
    "Cause",
    "CauseRow",
    "Curve",
    "Measured",
    "Spans",
    "Strain",
    "Tally",
    "Waits",
    "ceiling_rows",
    "measure",
    "offered_loads",
    "opened",
    "oversized_rows",
    "prepare",
    "released_rows",
    "spans",
    "strains",
    "tally",
    "unit_of",
    "waits",
]
