"""The gate log's pairs of names: `inspection in` and `inspection out` stamp one stage twice.

Alone neither word says what it stamps, and a gate that trucks come in by is not the one by which
they leave. Cells are looked at only to tell a queue that is joined from a work that begins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from portsim.gatelog.facts import seconds_of
from portsim.gatelog.sheets import Sheet
from portsim.gatelog.words import Saying, key_of, way_of

__all__ = ["in_and_out", "joined"]

_CLOSELY_S = 120.0
"""Between two posts a truck drives no longer than so."""
_MOSTLY = 0.9


def in_and_out(says: Mapping[str, Saying]) -> dict[str, Saying]:
    """What names say, with pairs of a stage's in and out as its start and its end.

    Args:
        says: what each says by itself.
    """
    ways: dict[tuple[str, str], str] = {}
    for name, say in says.items():
        stage, way = way_of(say.stage)
        if way and not say.stamp:
            ways.setdefault((key_of(stage), way), name)
    sayings = dict(says)
    for (key, way), name in ways.items():
        other = ways.get((key, "out" if way == "in" else "in"))
        if other is not None:
            stage, _ = way_of(says[name].stage)
            stamp = "start" if way == "in" else "end"
            sayings[name] = replace(
                says[name], role="", stamp=stamp, stage=stage, entry=False, timed=True
            )
    return sayings


def joined(
    sheets: Sequence[Sheet], says: Mapping[str, Saying], stamps: Sequence[str]
) -> dict[str, Saying]:
    """The same of columns of a row a truck: who comes in right after the post before has only
    joined a queue; the work of those who come in later began then.

    Args:
        sheets: tables of a row a truck.
        says: what the name of each column says.
        stamps: the columns of stamps.
    """
    sayings = in_and_out({name: says[name] for name in stamps})
    for name in stamps:
        if sayings[name] == says[name] or sayings[name].stamp != "start":
            continue
        others = [other for other in stamps if sayings[other].stage != sayings[name].stage]
        if any(_follows(sheets, other, name) for other in others):
            sayings[name] = replace(sayings[name], stamp="queue")
    return {**says, **sayings}


def _follows(sheets: Sequence[Sheet], first: str, second: str) -> bool:
    """Whether nearly all trucks come to the second within two minutes of the first."""
    passed = [
        seconds_of(sheet, second) - seconds_of(sheet, first)
        for sheet in sheets
        if first in sheet.names and second in sheet.names
    ]
    known = np.concatenate(passed) if passed else np.zeros(0)
    known = known[~np.isnan(known)]
    return bool(len(known)) and float(((known >= 0) & (known <= _CLOSELY_S)).mean()) >= _MOSTLY
