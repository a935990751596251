"""The room of results, part five: the tables of a warm-up study, to files and back."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from portsim.errors import InputError
from portsim.results import tables
from portsim.results.folder import read_manifest
from portsim.results.manifest import Manifest
from portsim.results.tables import Schema

__all__ = ["CURVE", "TABLE", "WarmUpFolder", "read_warmup", "to_files"]

TABLE: Schema = {
    "warm_up_weeks": "integer",
    "longer_weeks": "integer",
    "place": "text",
    "measure": "text",
    "unit": "text",
    "mean": "number",
    "half_width": "number",
    "moved": "number",
    "moved_half_widths": "number",
    "replications": "integer",
    "passes": "text",
}
"""A row a start and measure: mean and half-width at the warm-up, how far the measure moves with the
longer one, and whether that is little enough; ``passes`` is empty for what is not judged."""
CURVE: Schema = {
    "warm_up_weeks": "integer",
    "hour": "number",
    "mean": "number",
    "q05": "number",
    "q95": "number",
}
"""Trucks inside by hours from the start of the period, for each start that was run."""
_TABLE, _CURVE = "warmup.csv", "warmup_inside.parquet"


@dataclass(frozen=True, eq=False, slots=True)
class WarmUpFolder:
    """The result folder of a warm-up study, read.

    Attributes:
        path: the folder.
        manifest: how it was made; ``study`` says what came of it.
        table: table of warmup.csv.
        inside: table of warmup_inside.parquet.
    """

    path: Path
    manifest: Manifest
    table: pd.DataFrame
    inside: pd.DataFrame


def to_files(table: pd.DataFrame, inside: pd.DataFrame) -> dict[str, bytes]:
    """The files of a warm-up study by their names."""
    return {
        _TABLE: tables.to_csv(table, TABLE, _TABLE),
        _CURVE: tables.to_parquet(inside, CURVE, _CURVE),
    }


def read_warmup(path: str | Path) -> WarmUpFolder:
    """Read the result folder of a warm-up study.

    Raises:
        InputError: no such folder, not that of a warm-up study, damaged, or not finished.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    if manifest.kind != "warmup":
        raise InputError(f"{folder}: holds no warm-up study")
    try:
        data = {name: (folder / name).read_bytes() for name in (_TABLE, _CURVE)}
    except FileNotFoundError as error:
        msg = f"{error.filename}: missing; the result folder is not whole, try again with --force"
        raise InputError(msg) from error
    return WarmUpFolder(
        folder,
        manifest,
        tables.from_csv(data[_TABLE], TABLE, str(folder / _TABLE)),
        tables.from_parquet(data[_CURVE], CURVE, str(folder / _CURVE)),
    )
