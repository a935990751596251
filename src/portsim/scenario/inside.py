"""The words of a beginning: which trucks are inside when the period begins, and where they stand.

Only words, and the form of what was read of them; what becomes of the trucks is said elsewhere.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, model_validator

from portsim.arrays import Ints, Reals
from portsim.scenario.base_model import Count, Listed, Name, Part
from portsim.scenario.units import Duration, Mass
from portsim.scenario.validation_messages import ValueFault

__all__ = ["STATUSES", "Inside", "InsideTruck", "OpenedServers", "TrucksInside"]

STATUSES = ("waiting", "working")
"""What a truck inside may be doing."""


def _held(value: Any) -> Any:
    """Names alone hold one of each."""
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return {name: names.count(name) for name in names}
    return value


class InsideTruck(Part):
    """A truck that is inside when the period begins."""

    truck: str = ""
    """What it is called, e.g. its plate; no two are called the same."""
    class_: Annotated[Name, Field(alias="class")]
    """Name of its class."""
    stage: Name
    """The stage at which it waits or is at work."""
    status: Literal["waiting", "working"] = "waiting"
    """waiting: it stands in the queue of the stage; working: its work there is under way."""
    since: str
    """Date-time from which on it waits or is at work, such as 2025-04-14 09:40; without an offset
    it is the port's local time."""
    arrived: str = ""
    """Date-time of its arrival at the port; `since` if left out."""
    direction: str = ""
    """The direction of its class, for whoever reads the list."""
    load: Mass | None = None
    """Its load; drawn if left out."""
    holds: Annotated[dict[Name, Count] | None, BeforeValidator(_held)] = None
    """Servers that it keeps from stages before, by resource; none if empty. If left out they are
    those that its route keeps."""
    remaining: Duration | None = None
    """Work under way that is still to be done; drawn, given what has passed, if left out."""
    passing: Annotated[int, Field(ge=1)] = 1
    """The how-manieth time it is at that stage, where its route passes it more than once."""
    by: str = ""
    """Of a truck at work where others may do in place of the servers taken (`instead_of`): those
    that do. If left out, the named ones as long as there are any, in the order of `since`."""
    drawn: Annotated[int, Field(ge=0)] | None = None
    """Its number among the trucks of its class as they are drawn: it has their luck. For states
    that were cut out of a run."""


class OpenedServers(Part):
    """What the queue has opened of some servers before the period begins."""

    short_form: ClassVar[str] = "extra"

    extra: Count = 0
    """How many extra ones are there."""
    due_in: Duration | None = None
    """One more has been decided, and will be there so long after the beginning."""


def _opened(value: Any) -> Any:
    return value if isinstance(value, dict | OpenedServers) else {"extra": value}


class Inside(Part):
    """The trucks that are inside when the period begins: a list, a file of one, or counts."""

    short_form: ClassVar[str] = "trucks"

    file: str = ""
    """CSV, xlsx or parquet file with a row a truck and the columns of `trucks`, relative to the
    scenario file that names it. The load is in tonnes, remaining work in minutes."""
    trucks: Listed[InsideTruck] = ()
    """The trucks, in place of a file."""
    counts: dict[Name, Count | dict[Name, Count]] = Field(default_factory=dict)
    """How many more wait, by stage; and of which class, where it is known. Since when is assumed:
    as if they had come one by one as fast as such trucks come."""
    left: dict[Name, Count] = Field(default_factory=dict)
    """What is left of budgets and stores; their level if left out."""
    opened: dict[Name, Annotated[OpenedServers, BeforeValidator(_opened)]] = Field(
        default_factory=dict
    )
    """Servers that the queue has opened (see `opens`), by resource; none if left out."""

    @model_validator(mode="after")
    def _from_one_place(self) -> "Inside":
        if self.file and self.trucks:
            raise ValueFault(
                found="both `file` and `trucks`",
                expected="either a file of the trucks or a list of them",
                hint="put the trucks of the list into the file, or the other way round",
                code="inside",
                at=("trucks",),
                key=True,
            )
        return self


@dataclass(frozen=True, eq=False, slots=True)
class TrucksInside:
    """Trucks inside when a period begins: m trucks."""

    names: tuple[str, ...]
    """Empty where they have none."""
    classes: tuple[str, ...]
    stages: tuple[str, ...]
    working: NDArray[np.bool_]
    since: Ints
    """int64[m], UTC epoch seconds before the beginning, from which on they wait or work."""
    arrived: Ints
    """int64[m], UTC epoch seconds, not after `since`."""
    tonnes: Reals
    """float64[m], NaN where it is not known."""
    remaining: Reals
    """float64[m], seconds of work to be done, NaN where it is not known."""
    drawn: Ints
    """int64[m], number among the drawn trucks of the class, -1 of those with luck of their own."""
    holds: tuple[Mapping[str, int] | None, ...]
    """Servers kept from stages before, None where it is not known."""
    assumed: NDArray[np.bool_]
    """bool[m], since when they wait is assumed."""
    passes: Ints
    """int64[m], the how-manieth time they are at their stage, from 1."""
    by: tuple[str, ...]
    """Servers that do in place of those named, empty where none do."""

    def __len__(self) -> int:
        return len(self.since)

    def times(self, count: int) -> "TrucksInside":
        """The same trucks again and again, so many times."""
        numbers = ("since", "arrived", "tonnes", "remaining", "drawn", "passes")
        columns = ("working", "assumed", *numbers)
        return replace(
            self,
            names=self.names * count,
            classes=self.classes * count,
            stages=self.stages * count,
            holds=self.holds * count,
            by=self.by * count,
            **{name: np.tile(getattr(self, name), count) for name in columns},
        )

    @property
    def digest(self) -> str:
        """SHA-256 of all of it, in hex."""
        held = [None if some is None else sorted(some.items()) for some in self.holds]
        parts = (
            repr((self.names, self.classes, self.stages, held)).encode("utf-8", "surrogatepass"),
            *(
                column.tobytes()
                for column in (
                    *(self.working, self.since, self.arrived, self.tonnes),
                    *(self.remaining, self.drawn, self.assumed, self.passes),
                )
            ),
        )
        if any(self.by):
            parts = (*parts, repr(self.by).encode("utf-8", "surrogatepass"))
        return hashlib.sha256(b"|".join(parts)).hexdigest()
