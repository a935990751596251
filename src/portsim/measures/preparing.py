"""Compiling what measures are made with, before a study begins; nothing is measured here."""

from dataclasses import replace

import numpy as np

from portsim.engines.choice import nothing
from portsim.engines.log import Log
from portsim.measures.causes.waits import waits
from portsim.measures.measurement import Measurement
from portsim.measures.order import at_ranks
from portsim.plan.contract import Context

__all__ = ["prepare"]


def prepare() -> None:
    """Compile what must be compiled first, where it is not kept from before."""
    # Whoever only reads results need not wait until Numba is loaded.
    from portsim.measures.passes import most_present  # noqa: PLC0415
    from portsim.measures.server_course import (  # noqa: PLC0415
        Course,
        Groups,
        Standing,
        follow,
    )

    none, shares = np.zeros(0, dtype=np.int64), np.zeros(0)
    context = Context(
        origin=0,
        start=0,
        limit=0,
        clock_stage=-1,
        class_names=(),
        directions=(),
        stage_names=(),
        routes=np.zeros((0, 0), dtype=bool),
        resource_names=(),
        truck_class=none,
        pieces=none,
        tonnes=shares,
        value=shares,
        residents=none,
        day_edges=none,
        month_edges=none,
        month_names=(),
        nights=none,
        hour_of_week=none,
        open_hours=np.zeros((0, 2), dtype=np.int64),
    )
    nobody = Log(none, none, none, none, none)
    waits(Measurement(replace(nothing(), context=context), nobody))
    few, pairs = np.zeros((1, 1), dtype=np.int64), np.zeros((0, 2), dtype=np.int64)
    at_ranks(none, none, few)
    most_present(none, none, none, few, none, none)
    follow(
        Course(none, none, np.zeros(0, dtype=np.int32), pairs, none, pairs, 0),
        Groups(*[none] * len(Groups._fields)),
        Standing(none, none, none, few, none, none, none, pairs),
    )
