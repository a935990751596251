"""Where a scenario comes from: the tree as people wrote it, and what stood in the files it names.

Only what was read is kept here; reading itself is done elsewhere. What a scenario says is said by
its values: a tree knows the places and sources of what was read, and nothing else is asked of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portsim.arrays import Ints, Reals
from portsim.errors import Fault
from portsim.reading.merging import Tree

__all__ = ["Origin"]


@dataclass(frozen=True, eq=False, slots=True)
class Origin:
    """The written form of a scenario and the contents of its attached files."""

    tree: Tree | None = None
    """Plain values with their places and sources; None for a scenario made in code."""
    checked: str = ""
    """Key of all values that were checked as a whole; empty if none were. See `current`."""
    observed: Mapping[tuple[str, str, str], Reals] = field(default_factory=dict)
    """Sorted values of empirical distributions, by (file, column, unit)."""
    recorded: Mapping[tuple[str, str], Ints] = field(default_factory=dict)
    """Recorded arrivals in UTC epoch seconds, by (file, column)."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each attached file, by its name as written."""
    warnings: tuple[Fault, ...] = ()
    """What is not wrong but perhaps not meant."""
