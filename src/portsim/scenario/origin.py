"""Where a scenario comes from: the tree as people wrote it, and what stood in the files it names.

Only what was read is kept here; reading itself is done elsewhere. What a scenario says is said by
its values: a tree knows the places and sources of what was read, and nothing else is asked of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portsim.arrays import Ints, Reals
from portsim.errors import Fault
from portsim.reading.merging import Tree
from portsim.scenario.inside import TrucksInside
from portsim.scenario.recorded import Record, Recorded, record_key

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
    """Recorded arrivals of all rows in UTC epoch seconds, rising, by (file, column)."""
    records: Mapping[str, Record] = field(default_factory=dict)
    """What else was recorded, or of some rows only, by `record_key`."""
    inside: TrucksInside | None = None
    """The trucks inside at the beginning, those of a file or a list; None without any."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each attached file, by its name as written."""
    warnings: tuple[Fault, ...] = ()
    """What is not wrong but perhaps not meant."""

    def record(self, words: Recorded) -> Record | None:
        """The trucks that a class has from a file, as far as it was read; None if it was not."""
        if not words.mere_arrivals:
            return self.records.get(record_key(words))
        seconds = self.recorded.get((words.file, words.column))
        return None if seconds is None else Record(seconds)
