"""The gate log's map: what each column and each activity of a log is, and how that is known.

Nothing is guessed and nothing is read here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["ROLES", "STAMPS", "Activity", "Column", "LogMap"]

STAMPS = ("queue", "start", "end")
"""What a stage stamps: the truck joins its queue, its work begins, its work ends."""
ROLES = (
    "truck",
    "truck_class",
    "direction",
    "load",
    "value",
    "resource",
    "activity",
    "lifecycle",
    "time",
    "date",
    "arrival",
    "ignore",
)
"""What a column may be that is no stamp of a stage. ``date`` is the day of times without one."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is."""

    role: str
    """One of `ROLES`, or ``stamp``."""
    stage: str = ""
    """Of a stamp or a resource; empty for those of the activity in the row."""
    stamp: str = ""
    """One of `STAMPS`, of a stamp; of a date the stamp that has it, or ``arrival``, or empty for
    all times of the row without a date."""
    timezone: str = ""
    """IANA zone of its clock, if that is another than that of the log."""
    unit: str = ""
    """``t`` or ``kg``, of a load."""
    evidence: str = ""
    """How it is known."""

    @property
    def timed(self) -> bool:
        """Whether it holds instants."""
        return self.role in ("stamp", "arrival", "time")


@dataclass(frozen=True, slots=True)
class Activity:
    """What an activity of an event log stamps."""

    stage: str = ""
    """Empty for the arrival at the port, and for what is ignored."""
    stamp: str = ""
    """One of `STAMPS`, ``arrival`` or ``ignore``; empty for what the lifecycle says, else end."""
    evidence: str = ""
    """How it is known."""


def _empty() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LogMap:
    """How a log is read."""

    form: str
    """``trucks``, a row a truck, or ``events``, a row an event."""
    columns: Mapping[str, Column]
    """By the name in the header."""
    activities: Mapping[str, Activity] = field(default_factory=lambda: MappingProxyType({}))
    """By the name in the log; of events only."""
    stages: tuple[str, ...] = ()
    """In the order in which trucks pass them; empty if the log has to show it."""
    always: tuple[str, ...] | None = None
    """Stages that all trucks pass, so that a blank is a missing stamp; None if the log has to show
    them."""
    timezone: str = ""
    """IANA zone of stamps without an offset, and the one in which days are told."""
    dates: str = ""
    """What comes first in dates such as 5/6/24: ``day``, ``month``, ``year``; empty if shown."""
    decimal: str = ""
    """``.`` or ``,``; empty if the columns show it."""
    arrival: bool = True
    """Whether the log must stamp the arrival of a truck."""
    evidence: Mapping[str, str] = field(default_factory=_empty)
    """How ``form``, ``stages``, ``timezone`` and ``dates`` are known."""

    def of(self, role: str) -> list[str]:
        """Names of the columns of a role."""
        return [name for name, column in self.columns.items() if column.role == role]
