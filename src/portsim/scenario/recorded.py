"""The words of a record: trucks as they came, from a file, with as much of each as it tells.

Only words, and the form of what stands in the file; reading it is done elsewhere.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Field

from portsim.arrays import Ints, Reals
from portsim.scenario.base_model import Name, Part, Several
from portsim.scenario.plain import plain
from portsim.scenario.units import SECONDS, TONNES
from portsim.scenario.validation_messages import ValueFault

__all__ = ["MassColumn", "Record", "Recorded", "TimeColumn", "record_key"]


def _unit(known: Mapping[str, float]) -> AfterValidator:
    def check(unit: str) -> str:
        if unit not in known:
            names = ", ".join(f'"{name}"' for name in known)
            raise ValueFault(expected=f"the unit of the column: {names}", code="unit-unknown")
        return unit

    return AfterValidator(check)


def _column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class TimeColumn(Part):
    """A column of durations."""

    short_form: ClassVar[str] = "column"

    column: str
    """Header of the column."""
    unit: Annotated[str, _unit(SECONDS)] = "min"
    """Unit of its numbers, e.g. "min" or "s"."""


class MassColumn(Part):
    """A column of masses."""

    short_form: ClassVar[str] = "column"

    column: str
    """Header of the column."""
    unit: Annotated[str, _unit(TONNES)] = "t"
    """Unit of its numbers, "t" or "kg"."""


class Recorded(Part):
    """Trucks as they were recorded, from a CSV file: when they came and, where it says so, of which
    class they were, which way they went, with what load, where they passed and how long work took.
    """

    file: str
    """CSV file, relative to the scenario file that names it."""
    column: str = "arrival"
    """Column of date-times such as 2024-09-21T08:15:00; without an offset they are the port's local
    time. A scale below 1 leaves some of the trucks out; there are no more than were recorded."""
    truck_class: str = ""
    """Column that tells the classes: in place of this one there is one for each text in it, called
    so, and otherwise as this one says. Rows without a text are of the class that is called as this
    one is."""
    direction: str = ""
    """Column that tells the directions; rows without one go in the direction of the class. A class
    that goes both ways becomes two."""
    only: dict[str, Several[str]] = Field(default_factory=dict)
    """Which rows of the file: texts that they must have, by column. An empty text is an empty
    cell."""
    load: Annotated[MassColumn | None, BeforeValidator(_column)] = None
    """Column of the load, in tonnes unless a unit is said; a truck without one has the load of the
    class."""
    work: dict[Name, Annotated[TimeColumn, BeforeValidator(_column)]] = Field(default_factory=dict)
    """Column of the work time by stage, in minutes unless a unit is said: that of the whole truck,
    in place of the stage's own time. A truck without one draws it as others do."""
    passes: dict[Name, str] = Field(default_factory=dict)
    """Column by stage that tells who passes it: trucks with anything in it do, in place of a share.
    It may be the one of the work times, or of stamps."""
    decimal: Literal[".", ","] | None = None
    """Sign before the decimals, where the columns do not show it."""

    @property
    def mere_arrivals(self) -> bool:
        """Whether every row is a truck, and nothing but its arrival is read."""
        return not (self.only or self.load or self.work or self.passes)


def record_key(words: Recorded) -> str:
    """Of what is read from a file: equal for words that say the same."""
    return json.dumps(plain(words), ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, eq=False, slots=True)
class Record:
    """The trucks of one class as a file has them, in the order in which they came: n trucks.

    Of those of one second the one comes first whose row does.
    """

    arrival: Ints
    """int64[n], UTC epoch seconds, rising."""
    tonnes: Reals | None = None
    """float64[n], NaN where the file says nothing; None without such a column."""
    work: Mapping[str, Reals] = field(default_factory=dict)
    """By stage float64[n], seconds, NaN where the file says nothing."""
    passes: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    """By stage bool[n]."""

    @property
    def digest(self) -> str:
        """SHA-256 of all of it, in hex."""
        return hashlib.sha256(self.arrival.tobytes() + self._rest()).hexdigest()

    @property
    def way(self) -> str:
        """SHA-256 of what is told of ways and work alone; empty if nothing is."""
        if not self.work and not self.passes:
            return ""
        return hashlib.sha256(_bytes(self.work) + b"|" + _bytes(self.passes)).hexdigest()

    def _rest(self) -> bytes:
        # Mere arrivals are told by their seconds, as they always were.
        if self.tonnes is None and not self.work and not self.passes:
            return b""
        tonnes = b"" if self.tonnes is None else self.tonnes.tobytes()
        return b"|".join((b"", tonnes, _bytes(self.work), _bytes(self.passes)))


def _bytes(columns: Mapping[str, Any]) -> bytes:
    return b"".join(
        part
        for stage, column in sorted(columns.items())
        for part in (stage.encode("utf-8", "surrogatepass"), b"\0", column.tobytes())
    )
