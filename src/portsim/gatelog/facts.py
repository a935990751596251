"""The gate log's columns looked at: what a sample of their cells is, and in which order they come.

What a column is called may not enter but for the name it is known by.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]

from portsim.arrays import Reals
from portsim.gatelog.sheets import Sheet
from portsim.gatelog.stamping import orders, parts_of, stamped
from portsim.tables.parts import Parts

__all__ = ["Facts", "facts_of", "in_order", "sample_of", "seconds_of"]

_SAMPLE = 3_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sample of a column is; shares are of the cells that are written."""

    name: str
    sheets: tuple[int, ...]
    """Numbers of the tables that have it."""
    written: int
    """Cells of the sample that are not blank."""
    filled: float
    """Their share."""
    dates: float
    """Share with a date, written as one."""
    times: float
    """Share with a mere time of day."""
    mere_dates: float
    """Share with a mere date."""
    serials: float
    """Share of numbers that may be a spreadsheet's days."""
    parted: float
    """Share of numbers with a fraction."""
    epochs: float
    """Share of numbers that may be epoch seconds, or thousandths of them."""
    numbers: float
    """Share of numbers."""
    median: float
    """Of the numbers; NaN without any."""
    distinct: int
    """Different texts in the sample."""


def sample_of(sheet: Sheet, name: str) -> pa.Array:
    """Cells of a column, evenly from all of it; the same rows for each column."""
    texts = sheet.texts[sheet.names.index(name)]
    step = max(1, -(-len(texts) // _SAMPLE))
    return texts.take(pa.array(np.arange(0, len(texts), step)))


def facts_of(sheets: Sequence[Sheet]) -> dict[str, Facts]:
    """The columns of the tables by their names, in the order in which they first come."""
    names = dict.fromkeys(name for sheet in sheets for name in sheet.names)
    return {name: _facts(name, sheets) for name in names}


def _facts(name: str, sheets: Sequence[Sheet]) -> Facts:
    having = tuple(number for number, sheet in enumerate(sheets) if name in sheet.names)
    chunks = [sample_of(sheets[number], name) for number in having]
    texts = pa.chunked_array([chunk for each in chunks for chunk in each.chunks], pa.string())
    parts = parts_of(texts)
    bare = ~np.isnan(parts.number)
    some = int((~parts.blank).sum())

    def share(count: int | np.int64) -> float:
        return float(count) / max(some, 1)

    numbers = parts.number[bare]
    return Facts(
        name,
        having,
        some,
        some / max(len(texts), 1),
        share((~bare & (parts.date >= 0)).sum()),
        share(((parts.date < 0) & (parts.clock >= 0)).sum()),
        share(((parts.date >= 0) & (parts.clock < 0)).sum()),
        share((bare & (parts.date >= 0) & np.isnan(parts.offset)).sum()),
        share((numbers % 1 != 0).sum()),
        share((bare & (parts.date >= 0) & ~np.isnan(parts.offset)).sum()),
        share(len(numbers)),
        float(np.median(numbers)) if len(numbers) else np.nan,
        len(set(texts.to_pylist()) - {"", None}),
    )


def _any_order(parts: Parts) -> str:
    return next((order for order, possible in orders(parts.dates).items() if possible), "day")


def seconds_of(sheet: Sheet, name: str) -> Reals:
    """Stamps of a sample of a column as UTC epoch seconds, float64[n]; NaN where there is none.

    Of the same rows for each column, in whatever order of day and month may be.
    """
    parts = parts_of(sample_of(sheet, name))
    return np.asarray(stamped(parts, _any_order(parts), "UTC").seconds)


def in_order(sheets: Sequence[Sheet], names: Sequence[str]) -> tuple[Reals, Reals]:
    """How the stamps of a truck follow each other.

    Args:
        sheets: tables of a row a truck.
        names: k columns of stamps.

    Returns:
        Of each two columns, float64[k, k]: share of the trucks with both in which the first comes
        no later than the second, and the number of such trucks.
    """
    before, both = np.zeros((len(names), len(names))), np.zeros((len(names), len(names)))
    for sheet in sheets:
        rows = len(sample_of(sheet, sheet.names[0]))
        seconds = np.full((rows, len(names)), np.nan)
        for number, name in enumerate(names):
            if name in sheet.names:
                seconds[:, number] = seconds_of(sheet, name)
        for number in range(len(names)):
            known = ~np.isnan(seconds) & ~np.isnan(seconds[:, [number]])
            both[number] += known.sum(axis=0)
            before[number] += (known & (seconds[:, [number]] <= seconds)).sum(axis=0)
    return before / np.maximum(both, 1.0), both
