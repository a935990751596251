"""The gate log as it leaves this room: trucks, visits, and what of the records had to go.

Nothing is read and nothing is judged here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from portsim.gatelog.days import BareDay
from portsim.gatelog.gaps import Blank
from portsim.gatelog.map_file import write_map
from portsim.gatelog.mapping import LogMap

__all__ = ["GateLog", "Lost", "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """A table of the log."""

    file: str
    """Name as it was given; with that of the sheet where a workbook has several."""
    rows: int
    """Rows below its header, broken ones among them."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What the log does not tell, for whoever estimates rates from it."""

    rows: int
    """Rows that are no truck and no event of their own: copies are not among them."""
    trucks: int
    """Trucks that were dropped, so that so many more came than stand in the log."""
    stamps: int
    """Stamps that were dropped or could not be read."""
    blanks: Mapping[str, Blank]
    """By stamp, such as ``gate end`` and ``arrival``: how many of the trucks that passed lack it,
    and whether at random over time."""
    days: tuple[BareDay, ...]
    """Days without a record."""
    unfinished: int
    """Trucks inside when the log ends."""


@dataclass(frozen=True, slots=True, eq=False)
class GateLog:
    """The records of a port, cleaned: see `portsim.gatelog.read_log`."""

    trucks: pd.DataFrame
    """A row a truck, index 0 to n − 1 in order of arrival (of the first stamp, where none is
    stamped): truck (plate or case, text), truck_class (text, ``truck`` where nothing says it),
    direction (``import``, ``export``, else as written, or NA), load (float64, tonnes, NaN where not
    known), value (float64, as written, NaN), arrival (float64, UTC epoch seconds, NaN)."""
    visits: pd.DataFrame
    """A row a truck and stage that it passed, by truck and in the order of stages: truck (int64,
    index into `trucks`), stage (text), queue, start, end (float64, UTC epoch seconds, NaN where not
    stamped), resource (text or NA). The queue of the first stage is the arrival. A stage passed
    again is another row."""
    stages: tuple[str, ...]
    """In the order in which trucks pass them."""
    stamped: Mapping[str, frozenset[str]]
    """Which of queue, start and end the log stamps, by stage."""
    always: tuple[str, ...]
    """Stages that all trucks pass."""
    resolution: Mapping[str, int]
    """Step in seconds, by stamp, such as ``gate end`` and ``arrival``: 60 where all are whole
    minutes, 86,400 for mere dates."""
    timezone: str
    """IANA zone in which days and hours are told; of offsets only, one without clock changes."""
    first: float
    """UTC epoch seconds of the first stamp."""
    last: float
    """UTC epoch seconds of the last stamp."""
    sources: tuple[Source, ...]
    """The tables, in the order given."""
    mapping: LogMap
    """What each column and activity is, with evidence."""
    cleaning: pd.DataFrame
    """A row a row or stamp that was treated, and what concerns whole files or days: file, row (line
    of the file, int64, 0 for all of it), truck, stage (``arrival`` for the arrival), what,
    treatment."""
    lost: Lost
    """What the log does not tell."""

    @property
    def counts(self) -> pd.DataFrame:
        """How often each thing was found: what, treatment, n (int64), most frequent first."""
        sizes = self.cleaning.groupby(["what", "treatment"], sort=False).size()
        table = sizes.reset_index(name="n").sort_values("n", ascending=False, kind="stable")
        return table.reset_index(drop=True)

    def write_map(self, path: Path | str) -> None:
        """Write what each column is, with its evidence, as YAML that `read_log` takes."""
        write_map(self.mapping, Path(path))
