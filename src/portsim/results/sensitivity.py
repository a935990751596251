"""The room of results, part five: the table of a sensitivity study, to its file and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from portsim.errors import InputError
from portsim.results import tables
from portsim.results.folder import read_manifest
from portsim.results.manifest import Manifest
from portsim.results.tables import Schema

__all__ = [
    "METHODS",
    "MORRIS",
    "ONE_AT_A_TIME",
    "SOBOL",
    "SensitivityFolder",
    "read_sensitivity",
    "to_files",
]

_TABLE = "sensitivity.csv"
_HEAD: Schema = {
    **dict.fromkeys(("scenario", "baseline", "class", "measure", "unit", "assumption"), "text"),
    "places": "integer",
    **dict.fromkeys(("confidence", "source", "file"), "text"),
    "line": "integer",
    "input_unit": "text",
    **dict.fromkeys(("base_input", "low_input", "high_input"), "number"),
}
ONE_AT_A_TIME: Schema = {
    **_HEAD,
    **dict.fromkeys(
        (
            f"{point}{end}"
            for point in ("base", "at_low", "at_high")
            for end in ("", "_ci_low", "_ci_high")
        ),
        "number",
    ),
    "swing": "number",
    **dict.fromkeys(("turns_low", "turns_high"), "text"),
    **dict.fromkeys(("holds_low", "turned_low", "holds_high", "turned_high"), "number"),
    "note": "text",
}
"""Each assumption at the ends of its range. ``turns_*``: what the difference becomes at that end
(unclear, clear, other sign); between ``holds_*``, where the verdict is as with all as written, and
``turned_*``, where it is not, lies the tipping point."""
MORRIS: Schema = {
    **_HEAD,
    **dict.fromkeys(("mu", "mu_star", "mu_star_conf", "sigma"), "number"),
    "note": "text",
}
"""Elementary effects over the whole range, in the unit of the measure."""
SOBOL: Schema = {
    **_HEAD,
    **dict.fromkeys(("first_order", "first_order_conf", "total", "total_conf"), "number"),
    "note": "text",
}
"""Shares of the variance of the measure."""
METHODS: Mapping[str, Schema] = MappingProxyType(
    {"one-at-a-time": ONE_AT_A_TIME, "morris": MORRIS, "sobol": SOBOL}
)


@dataclass(frozen=True, eq=False, slots=True)
class SensitivityFolder:
    """The result folder of a sensitivity study, read.

    Attributes:
        path: the folder.
        manifest: how it was made; ``study`` says what was asked.
        table: table of sensitivity.csv.
    """

    path: Path
    manifest: Manifest
    table: pd.DataFrame


def to_files(table: pd.DataFrame, method: str) -> dict[str, bytes]:
    """The files of a sensitivity study by their names."""
    return {_TABLE: tables.to_csv(table, METHODS[method], _TABLE)}


def read_sensitivity(path: str | Path) -> SensitivityFolder:
    """Read the result folder of a sensitivity study.

    Raises:
        InputError: no such folder, not that of such a study, damaged, or not finished.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    if manifest.kind != "sensitivity":
        raise InputError(f"{folder}: holds no sensitivity study")
    try:
        data = (folder / _TABLE).read_bytes()
    except FileNotFoundError as error:
        msg = f"{error.filename}: missing; the result folder is not whole, run it with --force"
        raise InputError(msg) from error
    schema = METHODS[str(manifest.study["method"])]
    return SensitivityFolder(folder, manifest, tables.from_csv(data, schema, str(folder / _TABLE)))
