"""What the pictures of a sweep ask of its folder: series along a varied value, cells of a map."""

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portsim.figures import text_layout
from portsim.figures.study import Estimate, Policy
from portsim.results import Record
from portsim.results.called import path_called
from portsim.results.manifest import counted
from portsim.results.sweep import keys, varied
from portsim.wording import amounts, say

__all__ = ["Dimension", "Varied"]

_QUANTITY = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*([^\d\s].*?)\s*")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A varied path and its values."""

    path: str
    cells: tuple[float | str, ...]
    """As they stand in the table."""
    numbers: tuple[float, ...]
    """What can be laid along an axis; empty if the values are no numbers."""
    unit: str
    called: str
    """How people call what is varied."""

    @property
    def label(self) -> str:
        """What is varied, drawable, with the unit of its values."""
        text = text_layout.drawable(self.called, say("varied value"))
        return f"{text} [{self.unit}]" if self.unit else text

    def value_text(self, number: int) -> str:
        """One of the values in words."""
        cell = self.cells[number]
        name = text_layout.drawable(self.called, say("value"))
        return f"{name} {text_layout.drawable(amounts.given(cell), say('other'))}"


class Varied:
    """The record of a sweep, asked by point."""

    def __init__(self, record: Record) -> None:
        tried = varied(record.manifest.study)
        self._manifest = record.manifest
        called = path_called(record.manifest)
        self.dimensions = [_dimension(path, values, called(path)) for path, values in tried.items()]
        table = record.tables["sweep"]
        port = table[table["truck_class"].eq("all") & table["place"].eq("")]
        self.measures = [str(name) for name in port["measure"].unique()]
        self.units = dict(zip(port["measure"], port["unit"], strict=True))
        columns = ["policy", *tried, "measure", "mean", "ci_low", "ci_high", "note"]
        self._estimates: Mapping[tuple[Any, ...], Estimate] = {
            tuple(row[:-4]): Estimate(float(row[-4]), float(row[-3]), float(row[-2]), str(row[-1]))
            for row in port[columns].itertuples(index=False, name=None)
        }

        self._reach: Mapping[tuple[Any, ...], tuple[float, float]] = {}
        drawn = record.tables.get("uncertainty")
        if drawn is not None:
            rows = drawn[drawn["truck_class"].eq("all") & drawn["place"].eq("")]
            wanted = ["policy", *tried, "measure", "low", "high"]
            self._reach = {
                tuple(row[:-2]): (float(row[-2]), float(row[-1]))
                for row in rows[wanted].itertuples(index=False, name=None)
            }

    @property
    def replications(self) -> str:
        """On how many replications figures rest, in the language being spoken."""
        return counted(self._manifest)

    @property
    def policies(self) -> list[Policy]:
        """The policies, called as their names can be drawn."""
        return [
            Policy(
                name=entry.name,
                label=text_layout.drawable(entry.name, say("policy {number}", number=number)),
                overloaded=False,
                entry={},
            )
            for number, entry in enumerate(self._manifest.scenarios, start=1)
        ]

    @property
    def as_written(self) -> list[Mapping[str, Any]]:
        """What the scenarios of the policies say, before anything is varied."""
        return [entry.resolved for entry in self._manifest.scenarios]

    def estimate(self, policy: Policy, point: Sequence[int], measure: str) -> Estimate | None:
        """A measure of the whole port at a point, given by the numbers of its values."""
        estimate = self._estimates.get(self._key(policy, point, measure))
        return estimate if estimate is not None and math.isfinite(estimate.mean) else None

    def reach(
        self, policy: Policy, point: Sequence[int], measure: str
    ) -> tuple[float, float] | None:
        """The 95 % interval with what is not known too; None where no inputs were drawn."""
        low, high = self._reach.get(self._key(policy, point, measure), (math.nan, math.nan))
        return (low, high) if math.isfinite(low) and math.isfinite(high) else None

    def _key(self, policy: Policy, point: Sequence[int], measure: str) -> tuple[Any, ...]:
        cells = (
            dimension.cells[number]
            for dimension, number in zip(self.dimensions, point, strict=True)
        )
        return (policy.name, *cells, measure)

    def others(self, *taken: int) -> list[dict[int, int]]:
        """All combinations of the values of the dimensions that are not taken by an axis."""
        free = [number for number in range(len(self.dimensions)) if number not in taken]
        every = itertools.product(*(range(len(self.dimensions[n].cells)) for n in free))
        return [dict(zip(free, chosen, strict=True)) for chosen in every]

    def values_text(self, chosen: Mapping[int, int]) -> str:
        """Values of some dimensions in words."""
        return say(", ").join(
            self.dimensions[number].value_text(index) for number, index in chosen.items()
        )

    def at(self, *given: Mapping[int, int]) -> list[int]:
        """Numbers of the values of a point, put together from its dimensions."""
        place = {number: at for some in given for number, at in some.items()}
        return [place[number] for number in range(len(self.dimensions))]

    @property
    def numeric(self) -> list[int]:
        """The dimensions that can be laid along an axis."""
        return [n for n, dimension in enumerate(self.dimensions) if len(dimension.numbers) > 1]


def _dimension(path: str, values: Sequence[Any], called: str) -> Dimension:
    cells = tuple(keys([value], {path: values})[0] for value in values)
    numbers: tuple[float, ...] = ()
    unit = ""
    if all(isinstance(cell, float) for cell in cells):
        numbers = tuple(float(cell) for cell in cells)
    else:
        quantities = [_QUANTITY.fullmatch(str(cell)) for cell in cells]
        units = {match[2] for match in quantities if match}
        if (
            all(quantities)
            and len(units) == 1
            and text_layout.drawable(unit := units.pop(), "") == unit
        ):
            numbers = tuple(float(match[1]) for match in quantities if match)
        else:
            unit = ""
    return Dimension(path, cells, numbers, unit, called)
