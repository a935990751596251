"""One run measured: every figure and curve of plan and log, with notes on how far they hold."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from portsim.measures.causes import CauseRow, cause_rows
from portsim.measures.curve import Curve
from portsim.measures.curves import curves, from_empty_curve
from portsim.measures.groups import Row
from portsim.measures.measurement import Measurement
from portsim.measures.paper_rows import paper_rows
from portsim.measures.port import port_rows
from portsim.measures.queues import queue_rows
from portsim.measures.resources import resource_rows
from portsim.measures.stages import stage_rows
from portsim.measures.strain import Strain, strains
from portsim.measures.wanted import Wanted
from portsim.scenario.measure_catalogue import MEASURES

__all__ = ["Measured", "figures", "frame_of", "measure"]

_COLUMNS = ["truck_class", "place", "measure", "value", "count", "note"]
_MONTHLY = Wanted(frozenset(f"{name}[" for name, known in MEASURES.items() if known.monthly))


@dataclass(frozen=True, eq=False, slots=True)
class Measured:
    """What one run came to.

    Attributes:
        rows: class, place, measure, value, count, note of each figure.
        curves: the curves of the run.
        strains: where it may be overloaded; that is judged over all runs of a scenario.
        causes: the waiting by cause, a row (class, place, measure, value) for each that occurs.
    """

    rows: list[Row]
    curves: list[Curve]
    strains: list[Strain]
    causes: list[CauseRow]

    @property
    def figures(self) -> pd.DataFrame:
        """The rows as a frame."""
        return frame_of(self.rows)


def figures(run: Measurement, wanted: Wanted = Wanted()) -> list[Row]:  # noqa: B008 - immutable
    """The figures of a run that are wanted, class by class and place by place; no others are
    worked out.

    Returns:
        class, place, measure, value, count, note of each, in the order in which all of them stand.
    """
    rows = port_rows(run, wanted)
    rows += queue_rows(run, wanted)
    rows += stage_rows(run, wanted)
    rows += paper_rows(run, wanted)
    rows += resource_rows(run, wanted)
    return wanted.of(rows)


def measure(
    run: Measurement,
    *,
    names: Collection[str] | None = None,
    with_curves: bool = True,
    from_empty: bool = False,
    with_causes: bool = True,
) -> Measured:
    """Measure a run.

    Args:
        run: the run.
        names: of the figures that are wanted; all if None.
        with_curves: work out the curves too.
        from_empty: work out the curve that begins with the warm-up too.
        with_causes: work out what trucks waited for too.

    Returns:
        Every measure that is wanted, class by class and place by place.
    """
    rows = figures(run, Wanted(None if names is None else frozenset(names)))
    drawn = []
    if with_curves:
        drawn += curves(run, rows if names is None else port_rows(run, _MONTHLY))
    if from_empty:
        drawn.append(from_empty_curve(run))
    causes = cause_rows(run) if with_causes else []
    return Measured(rows, drawn, strains(run), causes)


def frame_of(rows: Sequence[Row]) -> pd.DataFrame:
    """Rows of figures as a frame with truck_class, place, measure, value, count, note."""
    return pd.DataFrame(list(rows), columns=_COLUMNS)
