"""The room of results: the log of one scenario read back; nothing is measured here.

Whoever wants single trucks (event logs, the picture of a day, the replay) asks here.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]
import pyarrow.parquet as pq  # type: ignore[import-untyped, unused-ignore]

from portsim.errors import InputError
from portsim.results.folder import read_manifest
from portsim.results.manifest import Manifest, ScenarioEntry
from portsim.results.shown import shown_entry, shown_names
from portsim.results.study_kinds import kind_of
from portsim.wording import called

__all__ = ["PortLog", "read_log"]

_NEEDED: Mapping[str, frozenset[str]] = {
    "trucks": frozenset(
        {"truck", "truck_class", "direction", "tonnes", "arrival", "outcome", "left"}
    ),
    "visits": frozenset({"truck", "stage", "queued", "admitted", "finished", "wait_closed_s"}),
    "hours": frozenset({"stage", "what", "begins", "ends"}),
}


@dataclass(frozen=True, slots=True, eq=False)
class PortLog:
    """The log of one scenario in one replication; all instants in the port's own zone.

    Attributes:
        folder: the result folder.
        manifest: how it was made.
        entry: the scenario, as the manifest names it.
        replication: which one.
        trucks: a row a truck: truck, class, direction, pieces, tonnes, arrival, outcome, left.
        visits: a row a visit, in the order of each truck's route: truck, stage, activity, queued,
            admitted, finished, work_s, wait_closed_s, paused_s; NaT for what did not happen.
        hours: a row an interval: stage (empty for the port), what (open, work), begins, ends.
        recorded: whether its trucks are those of a real port's own records.
    """

    folder: Path
    manifest: Manifest
    entry: ScenarioEntry
    replication: int
    trucks: pd.DataFrame
    visits: pd.DataFrame
    hours: pd.DataFrame
    recorded: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The port's own zone."""
        return ZoneInfo(self.entry.period["timezone"])

    @property
    def start(self) -> pd.Timestamp:
        """First instant of the period, after the warm-up."""
        return pd.Timestamp(self.entry.period["from"]).tz_convert(self.zone)

    @property
    def end(self) -> pd.Timestamp:
        """End of the period and of the log; it is not in it."""
        return pd.Timestamp(self.entry.period["to"]).tz_convert(self.zone)

    def bounds(self, day: dt.date) -> tuple[pd.Timestamp, pd.Timestamp]:
        """The local midnights before and after a day.

        Raises:
            InputError: the day is not in the period.
        """
        first, last = self.start.date(), (self.end - pd.Timedelta(seconds=1)).date()
        if not first <= day <= last:
            msg = f"--day {day}: not in the period, which goes from {first} to {last}"
            raise InputError(msg)
        after = day + dt.timedelta(days=1)
        begin, end = (pd.Timestamp(date).tz_localize(self.zone) for date in (day, after))
        return begin, end

    @property
    def shown(self) -> Self:
        """The same with things called by their labels in the language being spoken, for people."""
        return replace(self, entry=shown_entry(self.entry, shown_names(self.manifest)))

    def labels(self, part: str) -> dict[str, str]:
        """What people call the ``stages``, or the classes (``traffic``), by name, in the language
        being spoken.
        """
        words = self.entry.resolved.get(part) or {}
        return {
            name: called(entry.get("label"), name)
            for name, entry in words.items()
            if isinstance(entry, Mapping)
        }


def read_log(folder: str | Path, scenario: str | None = None, replication: int = 1) -> PortLog:
    """Read the log of one scenario.

    Args:
        folder: a result folder.
        scenario: its name; the baseline if left out, else the first.
        replication: which one.

    Raises:
        InputError: no result folder, no log in it, or none of that scenario and replication; the
            message says how to get one.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    kind_of(manifest, str(path), "")
    names = [entry.name for entry in manifest.scenarios]
    name = scenario or manifest.baseline or names[0]
    if name not in names:
        msg = f"--scenario {name}: not in {path}, which holds {', '.join(names)}"
        raise InputError(msg)
    tables = {part: _read(path, part, name, replication) for part in _NEEDED}
    if tables["trucks"].empty:
        msg = (
            f"{path}: holds no log of replication {replication} of {name}; "
            "replication 1 is kept with --logs first, all with --logs all"
        )
        raise InputError(msg)
    entry = manifest.scenarios[names.index(name)]
    return PortLog(
        path, manifest, entry, replication, tables["trucks"], tables["visits"], tables["hours"]
    )


def _read(folder: Path, part: str, scenario: str, replication: int) -> pd.DataFrame:
    file = folder / f"{part}.parquet"
    again = "give the command that made it once more with --logs first --force"
    if not file.exists():
        msg = f"{folder}: holds no log of single trucks ({file.name}); {again}"
        raise InputError(msg)
    try:
        lacking = _NEEDED[part] - set(pq.read_schema(file).names)
        if lacking:
            msg = f"{file}: written by an older portsim ({', '.join(sorted(lacking))} missing)"
            raise InputError(f"{msg}; {again}")
        chosen = [("scenario", "=", scenario), ("replication", "=", replication)]
        table: pd.DataFrame = pq.read_table(file, filters=chosen).to_pandas()
    except (pa.ArrowException, OSError, ValueError) as error:
        msg = f"{file}: cannot be read as a parquet table: {error}"
        raise InputError(msg) from error
    return table.drop(columns=["scenario", "replication"])
