"""The measures room: named figures and curves, worked out from plan and log and nothing else."""

from portsim.measures.causes import CauseRow, Waits, waits
from portsim.measures.counterfactual import (
    Tally,
    ceiling_rows,
    oversized_rows,
    released_rows,
    tally,
)
from portsim.measures.curve import Curve
from portsim.measures.groups import Row
from portsim.measures.loads import offered_loads
from portsim.measures.measure_run import Measured, figures, frame_of, measure
from portsim.measures.measurement import Measurement
from portsim.measures.preparing import prepare
from portsim.measures.strain import Strain, strains
from portsim.measures.wanted import Wanted
from portsim.scenario.measure_catalogue import Cause, unit_of

__all__ = [
    "Cause",
    "CauseRow",
    "Curve",
    "Measured",
    "Measurement",
    "Row",
    "Strain",
    "Tally",
    "Waits",
    "Wanted",
    "ceiling_rows",
    "figures",
    "frame_of",
    "measure",
    "offered_loads",
    "oversized_rows",
    "prepare",
    "released_rows",
    "strains",
    "tally",
    "unit_of",
    "waits",
]
