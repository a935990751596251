"""The gate log as it leaves this room: trucks, visits, and what of the records had to go.

Nothing is read and nothing is judged here.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.calendars import to_utc, zone
from portsim.gatelog.days import BareDay
from portsim.gatelog.gaps import Blank
from portsim.gatelog.map_file import write_map
from portsim.gatelog.mapping import LogMap
from portsim.gatelog.shifts import DoubtedClock

__all__ = ["GateLog", "Lost", "Source"]

_STAMPS = ("queue", "start", "end")


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
    clocks: tuple[DoubtedClock, ...] = ()
    """Clocks that may have been off on some days, and were left as they are."""


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
    def sums(self) -> list[str]:
        """Check sums of its trucks and visits, by which it is told from other logs."""
        return [
            str(pd.util.hash_pandas_object(table, index=False).sum())
            for table in (self.trucks, self.visits)
        ]

    @property
    def counts(self) -> pd.DataFrame:
        """How often each thing was found: what, treatment, n (int64), most frequent first."""
        sizes = self.cleaning.groupby(["what", "treatment"], sort=False).size()
        table = sizes.reset_index(name="n").sort_values("n", ascending=False, kind="stable")
        return table.reset_index(drop=True)

    @property
    def firsts(self) -> Reals:
        """float64[n], UTC epoch seconds at which each truck was first seen: its arrival, else its
        earliest stamp; NaN without any."""
        first = self.trucks["arrival"].to_numpy(np.float64).copy()
        stamps = self.visits[list(_STAMPS)].min(axis=1).groupby(self.visits["truck"]).min()
        bare = np.isnan(first)
        first[bare] = stamps.reindex(self.trucks.index[bare]).to_numpy(np.float64)
        return first

    @property
    def lasts(self) -> Reals:
        """float64[n], UTC epoch seconds at which each truck was last stamped; NaN without any."""
        last = self.trucks["arrival"].to_numpy(np.float64).copy()
        stamps = self.visits[list(_STAMPS)].max(axis=1).groupby(self.visits["truck"]).max()
        return np.asarray(np.fmax(last, stamps.reindex(self.trucks.index).to_numpy(np.float64)))

    def before(self, second: float) -> "GateLog":
        """The log as it stood at a second: without what was stamped from then on.

        Trucks that were inside then are unfinished. When dropped trucks and stamps were, nobody
        knows: of `lost` their part is that of the trucks. `cleaning` and `Lost.blanks` stay those
        of the whole log.

        Args:
            second: UTC epoch second.

        Raises:
            ValueError: no truck came before it.
        """
        kept = np.flatnonzero(self.firsts < second)
        if not len(kept):
            raise ValueError("no truck came before the second")
        number = np.full(len(self.trucks), -1)
        number[kept] = np.arange(len(kept))
        visits = self.visits.assign(truck=number[self.visits["truck"].to_numpy(np.int64)])
        visits = visits[visits["truck"] >= 0]
        stamps = visits[list(_STAMPS)]
        there = stamps.where(stamps < second)
        later = (stamps >= second).any(axis=1)
        inside = np.unique(visits["truck"].to_numpy()[later.to_numpy()])
        # A stage without a stamp was passed blank, unless the truck had not come so far.
        bare = there.isna().all(axis=1) & visits["truck"].isin(inside)
        visits = visits.assign(**{name: there[name] for name in _STAMPS})[~bare]
        part = len(kept) / len(self.trucks)
        days = tuple(day for day in self.lost.days if _begin(day.date, self.timezone) < second)
        cut = [
            replace(clock, dates=tuple(
                date for date in clock.dates if _begin(date, self.timezone) < second
            ))
            for clock in self.lost.clocks
        ]  # fmt: skip
        lost = replace(
            self.lost,
            rows=round(part * self.lost.rows),
            trucks=round(part * self.lost.trucks),
            stamps=round(part * self.lost.stamps),
            days=days,
            unfinished=len(inside),
            clocks=tuple(clock for clock in cut if clock.dates),
        )
        trucks = self.trucks.iloc[kept].reset_index(drop=True)
        return replace(
            self,
            trucks=trucks,
            visits=visits.reset_index(drop=True),
            last=float(np.nanmax([there.max().max(), trucks["arrival"].max()])),
            lost=lost,
        )

    def write_map(self, path: Path | str) -> None:
        """Write what each column is, with its evidence, as YAML that `read_log` takes."""
        write_map(self.mapping, Path(path))


def _begin(date: dt.date, timezone: str) -> int:
    """UTC epoch second at which a local date begins."""
    return to_utc(date, 0, zone(timezone), later=False)
