"""The room of results: the record of a study of any kind, in memory or in its result folder.

A record is a manifest and named tables; what made them, and what they mean, may not enter.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from portsim.results import tables as codec
from portsim.results.folder import missing, read_manifest, write_files
from portsim.results.manifest import Manifest, counted
from portsim.results.study_kinds import KINDS, Table, kind_of

__all__ = ["Record", "read_record", "write_record"]


class Record:
    """What came of a study of any kind.

    Attributes:
        manifest: how it was made.
        tables: the tables by their names, see `portsim.results.study_kinds.KINDS`; those that a
            study need not have are read from its folder when they are asked for.
        folder: the result folder it was read from; None if it comes from memory.
    """

    def __init__(
        self,
        manifest: Manifest,
        tables: Mapping[str, pd.DataFrame],
        folder: Path | None = None,
    ) -> None:
        """Hold manifest and tables together.

        Raises:
            ValueError: a table lacks a column or has a name that the kind of study does not know,
                or one that is needed is not there, or one is there that cannot be.
        """
        self.manifest, self.folder = manifest, folder
        self.tables: Mapping[str, pd.DataFrame]
        self.tables = tables if isinstance(tables, _OnDisk) else _settled(manifest, tables)

    def __str__(self) -> str:
        made = self.manifest
        names = ", ".join(scenario.name for scenario in made.scenarios)
        where = f" in {self.folder}" if self.folder is not None else ""
        called = KINDS[made.kind].called
        text = f"{called[0].upper()}{called[1:]}{where}: {names}; {counted(made)}, "
        text += f"seed {made.seed}, engine {made.engine}, finished {made.run.finished}"
        return text + (f"; compared with {made.baseline}." if made.baseline else ".")


def write_record(folder: Path, record: Record, more: Mapping[str, bytes]) -> None:
    """Write a record into a folder, whole or not at all; call `check_folder` before the runs.

    Args:
        folder: made if absent.
        record: what is written.
        more: other files, by their names.

    Raises:
        InputError: the path is a file, or another writer is at work.
    """
    files = dict(more)
    for table in KINDS[record.manifest.kind].tables:
        if (frame := record.tables.get(table.name)) is None:
            continue
        columns = table.columns(record.manifest.study)
        if table.file.endswith(".csv"):
            assert columns is not None
            files[table.file] = codec.to_csv(frame, columns, table.file)
        else:
            if table.tidy:
                assert columns is not None
                frame = codec.tidy(frame, columns, table.file)
            files[table.file] = codec.to_parquet(frame, columns, table.file)
    write_files(folder, files, record.manifest)


def read_record(folder: str | Path, kind: str | None = None) -> Record:
    """Read a result folder.

    Args:
        folder: where it is.
        kind: of which kind the study must be; of any if None.

    Raises:
        InputError: there is no such folder, it is no result folder, was not finished, lacks a
            file, is damaged, was written by a newer portsim, or is of another kind.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    study = kind_of(manifest, str(path), kind)
    read = {t.name: _read(path, t, manifest) for t in study.tables if t.needed(manifest)}
    # A table that the manifest says is not there is a stranger's, if a file has its name.
    later = frozenset(
        t.name for t in study.tables if t.optional(manifest) and (path / t.file).exists()
    )
    return Record(manifest, _OnDisk(path, manifest, read, later), path)


class _OnDisk(Mapping[str, pd.DataFrame]):
    """Tables of a folder, some of them read when they are first asked for."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        read: dict[str, pd.DataFrame],
        later: frozenset[str],
    ) -> None:
        self._folder, self._manifest, self._read, self._later = folder, manifest, read, later

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            # By name, for a record may travel to another process.
            known = {table.name: table for table in KINDS[self._manifest.kind].tables}
            if name not in self._later:
                raise KeyError(name)
            self._read[name] = _read(self._folder, known[name], self._manifest)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._read, *sorted(self._later)]))

    def __len__(self) -> int:
        return len({*self._read, *self._later})


def _settled(manifest: Manifest, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables as they will be read back: a picture is the same from memory and from disk."""
    known = {table.name: table for table in KINDS[manifest.kind].tables}
    if unknown := set(tables) - set(known):
        msg = f"tables are named {', '.join(known)}; found {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    settled: dict[str, pd.DataFrame] = {}
    for name, table in known.items():
        needed = table.needed(manifest)
        if needed != (name in tables) and not table.optional(manifest):
            msg = f"{name}: the manifest says there is {'one' if needed else 'none'}"
            raise ValueError(msg)
        if name in tables:
            columns = table.columns(manifest.study)
            as_csv = table.file.endswith(".csv")
            settled[name] = (
                codec.settled(tables[name], columns, table.file)
                if as_csv and columns is not None
                else tables[name]
            )
    return settled


def _read(folder: Path, table: Table, manifest: Manifest) -> pd.DataFrame:
    file = folder / table.file
    if table.former and not file.exists() and (folder / table.former).exists():
        file = folder / table.former
    try:
        data = file.read_bytes()
    except FileNotFoundError as error:
        raise missing(file) from error
    columns = table.columns(manifest.study)
    if file.suffix == ".csv":
        assert columns is not None
        return codec.from_csv(data, columns, str(file))
    return codec.from_parquet(data, columns, str(file))
