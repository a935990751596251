"""The room of results, part five: the tables of a search for the cheapest, to files and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from portsim.errors import InputError
from portsim.results import tables
from portsim.results.folder import read_manifest
from portsim.results.manifest import Manifest
from portsim.results.sweep import COST, STAFFED, point_columns
from portsim.results.tables import Schema

__all__ = ["KIND", "PROOF", "TRIED", "OptimiseFolder", "read_optimise", "to_files", "winner"]

KIND = "optimise"
TRIED: Schema = {
    COST: "number",
    STAFFED: "number",
    "requirement": "text",
    "mean": "number",
    "low": "number",
    "high": "number",
    "met": "text",
    "feasible": "text",
    "best": "text",
    "note": "text",
}
"""Columns of optimise.csv behind the number of the trial, the policy and the varied paths."""
PROOF: Schema = {
    COST: "number",
    STAFFED: "number",
    "requirement": "text",
    **{
        f"{when}_{what}": "number"
        for when in ("searched", "fresh")
        for what in ("mean", "low", "high")
    },
    "met": "text",
    "proven": "text",
    "winner": "text",
}
"""Columns of proof.csv behind the place in the search, the policy and the varied paths."""
_TRIED, _PROOF = "optimise.csv", "proof.csv"


@dataclass(frozen=True, eq=False, slots=True)
class OptimiseFolder:
    """The result folder of a search, read.

    Attributes:
        path: the folder.
        manifest: how it was made; ``study`` says what was varied, required and made small.
        tried: table of optimise.csv; varied values are float64 where all are numbers, else text.
        proof: table of proof.csv, likewise; empty if no point was worth a proof.
    """

    path: Path
    manifest: Manifest
    tried: pd.DataFrame
    proof: pd.DataFrame


def winner(study: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the ``study`` of a manifest says of the winner: its values by path; None without one."""
    found = study["winner"]
    return None if found is None else {path: found[path] for path in study["paths"]}


def to_files(
    tried: pd.DataFrame, proof: pd.DataFrame, study: Mapping[str, Any]
) -> dict[str, bytes]:
    """The files of a search by their names, given what the manifest says was varied."""
    return {
        _TRIED: tables.to_csv(tried, _schema("trial", TRIED, study), _TRIED),
        _PROOF: tables.to_csv(proof, _schema("place", PROOF, study), _PROOF),
    }


def read_optimise(path: str | Path) -> OptimiseFolder:
    """Read the result folder of a search.

    Raises:
        InputError: no such folder, not that of a search, damaged, or not finished.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    if manifest.kind != KIND:
        raise InputError(f"{folder}: holds no search")

    def read(name: str, schema: Schema) -> pd.DataFrame:
        try:
            data = (folder / name).read_bytes()
        except FileNotFoundError as error:
            raise InputError(
                f"{error.filename}: missing; the result folder is not whole, optimise again with "
                "--force"
            ) from error
        return tables.from_csv(data, schema, str(folder / name))

    return OptimiseFolder(
        folder,
        manifest,
        read(_TRIED, _schema("trial", TRIED, manifest.study)),
        read(_PROOF, _schema("place", PROOF, manifest.study)),
    )


def _schema(first: str, schema: Schema, study: Mapping[str, Any]) -> Schema:
    return {first: "integer", **point_columns(schema, study)}
