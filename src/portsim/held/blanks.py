"""Stamps that a log lacks here and there, taken out of simulated periods as well.

A truck of which one end is not stamped seems to wait at the next stage while it is still at this
one, and one of which the start is not stamped seems not to be at work: in a simulated period as in
the log. Nothing is judged here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.demand import uniforms
from portsim.held.seen import Form, Seen
from portsim.held.spans import Window

__all__ = ["Blanks", "blanks_of"]

_START, _END = 1, 2


@dataclass(frozen=True, eq=False, slots=True)
class Blanks:
    """Shares of the visits of each stage, float64[stages]."""

    start: Reals
    """Whose start is missing although starts are stamped."""
    end: Reals
    """Whose end is missing although ends are stamped."""
    whole: NDArray[np.bool_]
    """bool[stages], where a visit without an end leaves nothing: that some trucks leave the stage
    out, and nothing else of it is stamped."""

    def out_of(
        self, stage: Ints, stamps: list[Reals], luck: tuple[int, int]
    ) -> tuple[NDArray[np.bool_], list[Reals]]:
        """Which visits of a simulated period are left, bool[v], and their stamps without as many.

        Args:
            stage: int64[v].
            stamps: queue, start and end, float64[v] each, NaN where they are still to come.
            luck: seed and number of the period.
        """
        drawn = {
            at: uniforms(*luck, "the gate log", f"blank {at}", len(stage)) for at in (_START, _END)
        }
        no_end = ~np.isnan(stamps[_END]) & (drawn[_END] < self.end[stage])
        no_start = ~np.isnan(stamps[_START]) & (drawn[_START] < self.start[stage])
        left = [
            stamps[0],
            np.where(no_start, np.nan, stamps[_START]),
            np.where(no_end, np.nan, stamps[_END]),
        ]
        return ~(no_end & self.whole[stage]), left


def blanks_of(seen: Seen, form: Form, window: Window) -> Blanks | None:
    """How many stamps of a log are missing in the days that are looked at; None if none are."""
    count = len(form.stages)
    here = (seen.queue >= window.start) & (seen.queue < window.stop) & seen.known[seen.truck]
    over = here & ~np.isnan(seen.done)
    starts, ends = (
        np.array([stamp in there for there in form.stamped]) for stamp in ("start", "end")
    )
    bare = over & starts[seen.stage] & np.isnan(seen.start)
    lost = here & ends[seen.stage] & np.isnan(seen.done) & seen.lost
    start = _share(bare, over, seen.stage, count) * starts
    end = _share(lost, over | lost, seen.stage, count) * ends
    whole = np.array([there == {"end"} for there in form.stamped])
    whole[list(form.needed)] = False
    # A visit that leaves nothing cannot be counted: as many as elsewhere.
    told = ends & ~whole
    if told.any():
        end[whole] = end[told].mean()
    return Blanks(start, end, whole) if start.any() or end.any() else None


def _share(some: NDArray[np.bool_], of: NDArray[np.bool_], stage: Ints, count: int) -> Reals:
    sizes = [np.bincount(stage[rows], minlength=count) for rows in (some, of)]
    return np.asarray(sizes[0] / np.maximum(sizes[1], 1))
