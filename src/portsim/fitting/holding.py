"""A fit held against weeks that it has not seen, and made again of all of them.

What is estimated and what is compared comes from elsewhere; here they follow each other.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from portsim.calendars import to_utc, zone
from portsim.checking import Scenario
from portsim.errors import InputError, StuckError
from portsim.experiment import Study
from portsim.fitting.arrivals import ArrivalsTold
from portsim.fitting.folder import write
from portsim.fitting.port import Port, port
from portsim.fitting.stage_values import StageTold
from portsim.gatelog import GateLog
from portsim.held import Held, held_against
from portsim.held.spans import whole_days
from portsim.held.study import REPLICATIONS, fingerprint_of, study_of
from portsim.results import Stopwatch
from portsim.wording import say

__all__ = ["LEAST_WEEKS", "Fit", "HeldOut", "fit"]

LEAST_WEEKS = 3
"""Weeks that a port is told from before others are held out: of fewer, weekdays and days that
differ by chance are not told apart."""
_QUARTER = 4
_WEEK = 7
_KEYS = ["path", "unit", "turn"]
_NO_VALUES = ("visits", "share that overtakes", "share of trucks", "share of the works")
"""Units of rows that say how good the records are."""
_COLUMNS = {"value": "earlier", "low": "earlier_low", "high": "earlier_high"}


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """The weeks before told a port, and it was held against the last ones."""

    weeks: int
    first: dt.date
    """First local date that was held out."""
    last: dt.date
    """Last one, inclusive."""
    earlier: Port
    """What the weeks before tell."""
    held: Held
    """That port against the held-out weeks."""
    study: Study
    """The same as a study with its folder, see `portsim.check`."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A port that was told from its records."""

    port: Port
    """What all records tell."""
    held_out: HeldOut | None
    """How a port told from the earlier weeks does in the last ones; None if none were held out."""
    not_held: str
    """Why none were, as a sentence; empty where some were, or nobody asked for it."""

    @property
    def scenario(self) -> Scenario:
        """The scenario; every fitted value says from what, and how surely."""
        return self.port.scenario

    @property
    def table(self) -> pd.DataFrame:
        """A row a value: path, value, low, high (95 %), unit, method, n, identifiable (yes, partly,
        no), note."""
        return self.port.table

    @property
    def log(self) -> GateLog:
        """The records, cleaned."""
        return self.port.log

    @property
    def stages(self) -> tuple[StageTold, ...]:
        """What is told of each stage."""
        return self.port.stages

    @property
    def arrivals(self) -> ArrivalsTold:
        """What is told of the arrivals."""
        return self.port.arrivals

    @property
    def held(self) -> Held | None:
        """The earlier weeks' port against the held-out weeks; None if none were held out."""
        return None if self.held_out is None else self.held_out.held

    @property
    def moved(self) -> pd.DataFrame:
        """What the earlier weeks tell beside what all do, without what they tell alike.

        Columns path, unit, earlier, earlier_low, earlier_high, value, low, high as in `table`;
        beyond: ``yes`` where the value of all weeks lies outside the 95 % interval of the earlier
        ones, and where only one of them tells it. No rows if none were held out.
        """
        if self.held_out is None:
            return _beside(self.table[:0], self.table[:0])
        return _beside(self.held_out.earlier.table, self.table)

    def draws(self) -> pd.DataFrame:
        """The values that have a range, drawn together from their estimated distribution.

        Column draw, then one a value, called by its dotted path and unit; see docs/how-to/fit.md.
        """
        return self.port.draws()

    def to_yaml(self) -> str:
        """The scenario as the text of a file."""
        return self.scenario.to_yaml()

    def write(self, folder: str | Path, *, force: bool = False) -> list[Path]:
        """Write the files of a fit: `FILES`, and what came of held-out weeks.

        Only the scenario in the folder draws its values together with ``--uncertain``: it names
        draws.csv.

        Args:
            folder: where to; made if it does not exist.
            force: over the files of an earlier fit.

        Returns:
            The files.

        Raises:
            InputError: there are files of an earlier fit, or a folder check/ of other origin;
                nothing was written.
        """
        return write(self, Path(folder), force)


def fit(
    log: GateLog,
    *,
    servers: Mapping[str, int] | None = None,
    name: str = "port",
    hold_out: int | None = 0,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Fit:
    """Tell a port from its records.

    Args:
        log: what `portsim.gatelog.read_log` gives.
        servers: how many servers a stage has while it is open, where somebody knows.
        name: of the scenario.
        hold_out: so many whole weeks at the end of the log are held against a port told from the
            weeks before, as by `portsim.check`; the scenario is told from all of them afterwards.
            None: the last quarter, where the log has four weeks or more. 0: none.
        on_progress: told after each run of the check how many of how many are done.

    Raises:
        InputError: a stage that the log does not have, a log from which no port can be told, or of
            which fewer than three weeks would be left.
    """
    known = dict(servers or {})
    weeks, why = _weeks(log, hold_out)
    # First of all, so that what is wrong with the whole log is not said of a part of it.
    whole = port(log, known, name)
    if not weeks:
        return Fit(whole, None, why)
    try:
        return Fit(whole, _held_out(log, weeks, known, name, on_progress), "")
    except (InputError, StuckError) as error:
        return Fit(whole, None, say("no weeks are held out: {why}", why=error))


def _weeks(log: GateLog, wanted: int | None) -> tuple[int, str]:
    """How many weeks are held out, and why none are although some should."""
    if wanted == 0:
        return 0, ""
    seen = log.firsts[np.isfinite(log.firsts)]
    if not len(seen):
        return 0, say("no weeks are held out: no truck has a stamp")
    first, last = whole_days(seen, log.timezone)
    whole = ((last - first).days + 1) // _WEEK
    if wanted is None:
        weeks = max(whole // _QUARTER, 1)
        if whole - weeks < LEAST_WEEKS:
            return 0, say(
                "no weeks are held out: the log has {whole} whole weeks, and a check needs {least}",
                whole=whole,
                least=LEAST_WEEKS + 1,
            )
        return weeks, ""
    if wanted < 0 or whole - wanted < LEAST_WEEKS:
        most = max(whole - LEAST_WEEKS, 0)
        raise InputError(
            f"--hold-out: found {wanted}; expected 0 to {most} weeks: the log has {whole} whole "
            f"weeks, and a port is told from {LEAST_WEEKS} or more"
        )
    return wanted, ""


def _held_out(
    log: GateLog,
    weeks: int,
    servers: Mapping[str, int],
    name: str,
    on_progress: Callable[[int, int], None],
) -> HeldOut:
    stopwatch = Stopwatch()
    begin, last = whole_days(log.firsts[np.isfinite(log.firsts)], log.timezone)
    first = last - dt.timedelta(days=_WEEK * weeks - 1)
    cut = to_utc(first, 0, zone(log.timezone), later=False)
    earlier = port(log.before(cut), servers, name)
    period = (first, last)
    held = held_against(
        earlier.scenario,
        log,
        period=period,
        replications=REPLICATIONS,
        told_days=(first - begin).days,
        on_progress=on_progress,
    )
    print_ = fingerprint_of(earlier.scenario, log, REPLICATIONS, held.seed, period)
    study = study_of(held, print_, stopwatch)
    return HeldOut(weeks, first, last, earlier, held, study)


def _beside(earlier: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Two tables of values side by side, without rows that are alike."""
    mine = [*_KEYS, *_COLUMNS]
    before, after = (_keyed(table)[mine] for table in (earlier, whole))
    both = before.rename(columns=_COLUMNS).merge(after, on=_KEYS, how="outer", sort=False)
    order = {key: row for row, key in enumerate([*_key(after), *_key(before)][::-1])}
    both = both.iloc[np.argsort([-order[key] for key in _key(both)], kind="stable")]
    both = both.fillna("").drop(columns="turn")
    alike = np.ones(len(both), dtype=bool)
    for now, then in _COLUMNS.items():
        alike &= (both[now].astype(str) == both[then].astype(str)).to_numpy()
    both = both[~alike].reset_index(drop=True)
    sides = both[[*_COLUMNS.values(), "value"]].astype(str)
    # How the day is cut where servers are told more or less surely is no news.
    parts = both["path"].str.contains("[servers", regex=False) | both["unit"].eq("servers")
    parts &= ~both["path"].str.contains("] from ", regex=False)
    both["beyond"] = [
        "" if part and "" in (row[0], row[-1]) else _beyond(*row)
        for part, row in zip(parts, sides.itertuples(index=False), strict=True)
    ]
    return both[["path", "unit", *_COLUMNS.values(), *_COLUMNS, "beyond"]]


def _keyed(table: pd.DataFrame) -> pd.DataFrame:
    """Values only, rows of one path numbered, hours a row a weekday: which days are alike may
    change and their hours not."""
    values = table[~table["unit"].isin(_NO_VALUES)]
    values = values.assign(path=values["path"].map(_by_day)).explode("path", ignore_index=True)
    return values.assign(turn=values.groupby(["path", "unit"]).cumcount())


def _by_day(path: str) -> list[str]:
    """The path of hours for each of its weekdays; any other path alone."""
    before, mark, rest = path.partition(".hours[")
    days, _, behind = rest.partition("]")
    return [f"{before}{mark}{day}]{behind}" for day in days.split(", ")] if mark else [path]


def _key(table: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(table[_KEYS].itertuples(index=False, name=None))


def _beyond(earlier: str, low: str, high: str, value: str) -> str:
    """Whether a value lies outside of limits; empty where nothing can be said."""
    if "" in (earlier, value):
        return "yes"
    try:
        number = float(value)
    except ValueError:
        # Times of day have two digits each; `closed` lies between no limits.
        return "no" if earlier == value or low <= value <= high else "yes"
    if low == "":
        return ""
    return "no" if float(low) <= number <= (float(high) if high else np.inf) else "yes"
