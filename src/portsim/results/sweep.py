"""The room of results, part four: the tables of a sweep, to files and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from portsim.errors import InputError
from portsim.results import tables
from portsim.results.folder import read_manifest
from portsim.results.manifest import Manifest
from portsim.results.tables import Schema

__all__ = [
    "COST",
    "FRONTIER",
    "REPLICATIONS",
    "STAFFED",
    "TABLE",
    "SweepFolder",
    "circumstances",
    "columns",
    "keys",
    "label",
    "point_columns",
    "read_sweep",
    "to_files",
    "varied",
]

TABLE: Schema = {name: kind for name, kind in tables.SUMMARY.items() if name != "scenario"}
REPLICATIONS: Schema = {name: k for name, k in tables.REPLICATIONS.items() if name != "scenario"}
"""Columns beside policy and varied paths."""
COST, STAFFED = "cost_per_day", "staffed_h_per_day"
FRONTIER: Schema = {
    "rank": "integer",
    COST: "number",
    STAFFED: "number",
    "requirement": "text",
    "mean": "number",
    "low": "number",
    "high": "number",
    "met": "text",
    "frontier": "text",
}
"""Columns of frontier.csv beside policy and varied paths, which stand after the rank."""
_TABLE, _REPLICATIONS = "sweep.csv", "sweep_replications.parquet"
_FRONTIER = "frontier.csv"


@dataclass(frozen=True, eq=False, slots=True)
class SweepFolder:
    """The result folder of a sweep, read.

    Attributes:
        path: the folder.
        manifest: how it was made; ``study`` says what was varied.
        table: table of sweep.csv; varied values are float64 where all are numbers, else text.
        replications: table of sweep_replications.parquet, likewise.
        frontier: table of frontier.csv, likewise; None if nothing was required.
    """

    path: Path
    manifest: Manifest
    table: pd.DataFrame
    replications: pd.DataFrame
    frontier: pd.DataFrame | None


def columns(schema: Schema, paths: Sequence[str]) -> list[str]:
    """Names of the columns of a table of a sweep over some paths, in their order."""
    return ["policy", *paths, *schema]


def varied(study: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What the ``study`` of a manifest says was varied: values by path, in the order asked for."""
    return {path: study["varied"][path] for path in study["paths"]}


def circumstances(paths: Sequence[str]) -> list[str]:
    """The varied paths that no port can choose: those of its traffic."""
    return [path for path in paths if path.partition(".")[0] == "traffic"]


def label(path: str) -> str:
    """A varied path as it is written where room is short: without the section it stands in."""
    section, _, rest = path.partition(".")
    return rest if section in ("resources", "stages", "calendars") and "." in rest else path


def keys(values: Sequence[Any], varied: Mapping[str, Sequence[Any]]) -> list[float | str]:
    """Cells of a point's values: numbers where all values of a path are numbers, else text."""
    return [
        float(value) if _numeric(all_) else _text(value)
        for value, all_ in zip(values, varied.values(), strict=True)
    ]


def to_files(
    table: pd.DataFrame,
    replications: pd.DataFrame,
    frontier: pd.DataFrame | None,
    study: Mapping[str, Any],
) -> dict[str, bytes]:
    """The files of a sweep by their names, given what the manifest says was varied."""
    files = {
        _TABLE: tables.to_csv(table, point_columns(TABLE, study), _TABLE),
        _REPLICATIONS: tables.to_parquet(replications, None, _REPLICATIONS),
    }
    if frontier is not None:
        files[_FRONTIER] = tables.to_csv(frontier, _ranked(study), _FRONTIER)
    return files


def read_sweep(path: str | Path) -> SweepFolder:
    """Read the result folder of a sweep.

    Raises:
        InputError: no such folder, not that of a sweep, damaged, or not finished.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    if manifest.kind != "sweep":
        raise InputError(f"{folder}: holds no sweep")
    try:
        data = {name: (folder / name).read_bytes() for name in (_TABLE, _REPLICATIONS)}
    except FileNotFoundError as error:
        msg = f"{error.filename}: missing; the result folder is not whole, sweep again with --force"
        raise InputError(msg) from error
    table = tables.from_csv(
        data[_TABLE], point_columns(TABLE, manifest.study), str(folder / _TABLE)
    )
    runs = tables.from_parquet(data[_REPLICATIONS], None, str(folder / _REPLICATIONS))
    frontier = None
    if manifest.study.get("required"):
        try:
            ranked = (folder / _FRONTIER).read_bytes()
        except FileNotFoundError as error:
            raise InputError(f"{error.filename}: missing; sweep again with --force") from error
        frontier = tables.from_csv(ranked, _ranked(manifest.study), str(folder / _FRONTIER))
    return SweepFolder(folder, manifest, table, runs, frontier)


def _ranked(study: Mapping[str, Any]) -> Schema:
    rank, *rest = FRONTIER.items()
    return dict([rank, *point_columns(dict(rest), study).items()])


def point_columns(schema: Schema, study: Mapping[str, Any]) -> Schema:
    """The schema of a table of points: policy and varied paths, then the columns given."""
    paths: Schema = {
        path: "number" if _numeric(values) else "text" for path, values in varied(study).items()
    }
    return {"policy": "text", **paths, **schema}


def _numeric(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
