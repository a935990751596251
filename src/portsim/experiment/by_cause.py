"""Waiting by cause over many runs: a cause that a run does not name counts 0 there, not nothing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from portsim.arrays import Ints
from portsim.experiment.journal import Kept

__all__ = ["with_causes"]

_LIKE = "wait_open_mean_h"
"""Has a row wherever trucks could wait, with the count and the note of all its causes."""
_NAMES = ["truck_class", "place", "measure"]


def with_causes(kept: Sequence[Kept]) -> list[Kept]:
    """The runs with rows for the waiting by cause.

    Every cause that any run of the study names at a place, for a class, has a row there in every
    run with such a place and class: so means and differences are over all of them.
    """
    known: dict[tuple[str, str, str], int] = {}
    for run in kept:
        for cls, place, name, _ in run.causes:
            known.setdefault((cls, place, name), len(known))
    if not known:
        return list(kept)
    tables: dict[int, tuple[pd.DataFrame, Ints, Ints]] = {}
    extended = []
    for run in kept:
        if id(run.keys) not in tables:
            tables[id(run.keys)] = _extended(run.keys, known)
        keys, like, chosen = tables[id(run.keys)]
        values = np.zeros(len(known))
        for cls, place, name, value in run.causes:
            values[known[cls, place, name]] = value
        nobody = np.isnan(run.values[like])
        size = len(run.values)
        notes = {
            size + row: run.notes[source]
            for row, source in enumerate(like.tolist())
            if source in run.notes
        }
        extended.append(
            replace(
                run,
                keys=keys,
                values=np.concatenate([run.values, np.where(nobody, np.nan, values[chosen])]),
                counts=np.concatenate([run.counts, run.counts[like]]),
                notes=run.notes | notes,
            )
        )
    return extended


def _extended(
    keys: pd.DataFrame, known: dict[tuple[str, str, str], int]
) -> tuple[pd.DataFrame, Ints, Ints]:
    """The names of the rows with those by cause; the row of the waiting of each of these, and its
    number among all causes.
    """
    rows = np.flatnonzero((keys["measure"] == _LIKE).to_numpy())
    columns = (keys[name].to_numpy(object)[rows].tolist() for name in ("truck_class", "place"))
    where = dict(zip(zip(*columns, strict=True), rows.tolist(), strict=True))
    there = [(name, number) for name, number in known.items() if name[:2] in where]
    like = np.array([where[name[:2]] for name, _ in there], dtype=np.int64)
    chosen = np.array([number for _, number in there], dtype=np.int64)
    more = pd.DataFrame([name for name, _ in there], columns=_NAMES, dtype=str)
    return pd.concat([keys, more], ignore_index=True), like, chosen
