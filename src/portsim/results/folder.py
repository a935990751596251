"""The room of results, part three: the result folder, written whole or not at all, and read back.

Only this part touches the disk. A folder has its manifest last, so one without it is not finished.
"""

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from filelock import FileLock, Timeout

from portsim.errors import InputError
from portsim.results import tables
from portsim.results.manifest import Manifest
from portsim.results.workbook import to_xlsx

__all__ = [
    "ResultFolder",
    "atomic_write",
    "call_unfinished",
    "check_folder",
    "read_manifest",
    "read_results",
    "write_files",
    "write_results",
]

_MANIFEST = "manifest.json"
_SUMMARY = "summary.csv"
_REPLICATIONS = "replications.parquet"
_ONCE = "replications.csv"
"""The table of replications of folders that an earlier portsim wrote."""
_COMPARISON = "comparison.csv"
_OBSERVED = "observed.csv"
_CURVES = "curves.parquet"
_WORKBOOK = "summary.xlsx"
_LOGS = {name: f"{name}.parquet" for name in ("trucks", "visits", "hours")}
_SWEEP = ("sweep.csv", "sweep_replications.parquet", "frontier.csv")
_SENSITIVITY = "sensitivity.csv"
_WARM_UP = ("warmup.csv", "warmup_inside.parquet")
_TABLES = (_SUMMARY, _REPLICATIONS, _COMPARISON, _OBSERVED, _CURVES, _WORKBOOK)
_OPTIMISE = ("optimise.csv", "proof.csv")
_CONTRACT = (*_TABLES, _ONCE, *_LOGS.values(), *_SWEEP, _SENSITIVITY, *_WARM_UP, *_OPTIMISE)
_FIGURES = "figures"
_REPORT = "report.html"

_LOCK = ".portsim.lock"
_TEMP = ".portsim-"
_LITTER = frozenset({_LOCK, ".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True, eq=False)
class ResultFolder:
    """A result folder, read.

    Attributes:
        path: the folder.
        manifest: how it was made.
        summary: table of summary.csv; text never NaN, numbers float64, counts int64.
        replications: table of replications.parquet; text columns are categoricals.
        comparison: table of comparison.csv, as summary; None if nothing was compared.
        curves: table of curves.parquet; text columns are categoricals.
        observed: table of observed.csv, published figures beside the results; None if the
            scenarios name none.
    """

    path: Path
    manifest: Manifest
    summary: pd.DataFrame
    replications: pd.DataFrame
    comparison: pd.DataFrame | None
    curves: pd.DataFrame
    observed: pd.DataFrame | None = None

    def log(self, name: str) -> pd.DataFrame | None:
        """The log ``trucks``, ``visits`` or ``hours``; None if it was not written.

        Read at each call, because it may be large. Raises InputError if the file is damaged.
        """
        file = self.path / _LOGS[name]
        return tables.from_parquet(file.read_bytes(), None, str(file)) if file.exists() else None

    def __str__(self) -> str:
        made = self.manifest
        names = ", ".join(scenario.name for scenario in made.scenarios)
        text = f"portsim results in {self.path}: {names}; {made.replications} replications"
        text += f", seed {made.seed}, engine {made.engine}, finished {made.run.finished}"
        return text + (f"; compared with {made.baseline}." if made.baseline else ".")


def _sync_folder(folder: Path) -> None:
    """Make renames in the folder outlast a power cut; Windows offers no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _staged(path: Path, data: bytes | Iterable[bytes]) -> Iterator[Path]:
    """A temporary file beside ``path`` with the data safe on disk, gone when the block ends."""
    temporary = path.with_name(f"{_TEMP}{path.name}-{secrets.token_hex(8)}.tmp")
    try:
        try:
            # Not tempfile: its files can be read by their owner only, and so could the result.
            with temporary.open("xb") as file:
                file.writelines([data] if isinstance(data, bytes) else data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            # A disk that is full says so without saying of what.
            raise OSError(error.errno, error.strerror or str(error), str(path)) from error
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def atomic_write(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file so that at every moment the old or the new one stands there whole.

    In: path in an existing folder, the bytes, or pieces of them as they come. Temporary file in
    the same folder, fsync, replace, fsync of the folder. If anything raises, the old file is
    untouched and no other one is left.
    """
    with _staged(path, data) as temporary:
        temporary.replace(path)
        _sync_folder(path.parent)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder against other writers; raises InputError if one is at work."""
    lock = FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        msg = f"{folder}: another portsim is writing here; wait for it or choose another --out"
        raise InputError(msg) from error
    try:
        yield
    finally:
        # Removed while still held: later, it might be someone else's.
        with suppress(OSError):
            (folder / _LOCK).unlink()
        lock.release()


def _refuse_no_folder(path: Path) -> None:
    # A parent that is a file answers exists() with False, so look at the nearest that is there.
    nearest = next((p for p in (path, *path.absolute().parents) if p.exists()), path)
    if nearest.exists() and not nearest.is_dir():
        msg = f"{nearest}: is a file; choose another --out"
        raise InputError(msg)


def check_folder(path: Path, fingerprint: str, force: bool) -> None:
    """Refuse, before any work is done, a folder whose content must not be overwritten.

    In: the folder, which need not exist; the fingerprint of this run's inputs; whether to
    overwrite all the same. Nothing is created or changed. Raises InputError if the path is a
    file, and without ``force`` if the folder holds results of other inputs or anything that is
    no result folder of portsim. Results that a kill left half written, with the journal or
    temporary files beside them, are no reason: whoever wrote them should go on.
    """
    _refuse_no_folder(path)
    there = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    if not os.access(there, os.W_OK):
        msg = f"{path}: cannot be written; choose another --out"
        raise InputError(msg)
    if force or not path.exists():
        return
    content = [p for p in path.iterdir() if p.name not in _LITTER]
    if all(p.name.startswith(_TEMP) for p in content):
        return
    hint = "choose another --out, or overwrite it with --force"
    manifest = path / _MANIFEST
    if not manifest.is_file():
        half = any((path / name).exists() for name in _CONTRACT)
        if half and any(p.name.startswith(_TEMP) for p in content):
            return
        what = "holds results that were not finished" if half else "holds files of other origin"
        msg = f"{path}: {what}; {hint}"
        raise InputError(msg)
    try:
        found = Manifest.from_bytes(manifest.read_bytes(), str(manifest))
    except InputError as error:
        msg = f"{error}; {hint}"
        raise InputError(msg) from error
    if found.fingerprint != fingerprint:
        names = ", ".join(scenario.name for scenario in found.scenarios)
        msg = (
            f"{path}: holds results of other inputs ({names}; replications: {found.replications}, "
            f"seed: {found.seed}); if these are the same names and numbers, a scenario has changed "
            f"since; {hint}"
        )
        raise InputError(msg)


PICTURES = (
    *("overview", "timetable", "queue", "queue_week", "inside", "cumulative", "throughput_month"),
    *("throughput_day", "completion_month", "stay_ecdf", "stay_by_stage", "causes", "comparison"),
)
"""Names of the pictures in figures/; any other file there is somebody's own."""

_FROM_LOGS = ("events-*.xes", "events-*.csv", "events-*.parquet", "replay-*.html")
"""What other verbs make of the log of a run; with the log of another run it would be false."""
_DAYS = ("gantt-*.svg", "gantt-*.png")


def _remove_stale(folder: Path, kept: Mapping[str, bytes]) -> None:
    """Remove what an earlier run left, and only what bears a name of the contract."""
    for name in _CONTRACT:
        if name not in kept:
            (folder / name).unlink(missing_ok=True)
    (folder / _REPORT).unlink(missing_ok=True)
    figures = folder / _FIGURES
    for name in (*PICTURES, "frontier", "sweep_*", "tornado*", "warmup", "optimise"):
        for ending in ("svg", "png"):
            for file in figures.glob(f"{name}.{ending}"):
                file.unlink()
    for place, patterns in ((folder, _FROM_LOGS), (figures, _DAYS)):
        for pattern in patterns:
            for file in place.glob(pattern):
                file.unlink()
    if figures.is_dir() and not any(figures.iterdir()):
        figures.rmdir()


def _observes(manifest: Manifest) -> bool:
    return any(scenario.resolved.get("observed") for scenario in manifest.scenarios)


def write_results(
    path: Path,
    manifest: Manifest,
    *,
    summary: pd.DataFrame,
    replications: pd.DataFrame,
    comparison: pd.DataFrame | None,
    curves: pd.DataFrame,
    logs: Mapping[str, pd.DataFrame] | None = None,
    observed: pd.DataFrame | None = None,
    remarks: Sequence[str] = (),
) -> ResultFolder:
    """Write a result folder; call `check_folder` before the run.

    In: the folder, made if absent; the manifest; the tables of `portsim.statistics` and the long
    table of replications (its ``note`` is not written); ``logs`` of replication 1 under the names
    ``trucks``, ``visits`` and ``hours``; ``observed``, if a scenario names published figures;
    ``remarks`` in sentences for the workbook.

    All files are laid ready on disk before the first old one goes, and the manifest goes first
    and comes last: a fault before that leaves the old folder as it was, a power cut in between
    leaves a folder that `read_results` calls unfinished. Tables, logs, pictures and the page of an
    earlier run that are no part of this one are removed.

    Out: the folder as `read_results` would read it; nothing is read back from disk.

    Raises ValueError if a table lacks a column, a log has another name or exactly one of
    comparison and ``manifest.baseline`` is None, or of observed figures in the scenarios and their
    table; InputError if the path is a file or another
    writer is at work.
    """
    if (comparison is None) != (manifest.baseline is None):
        msg = "a comparison needs a baseline in the manifest, and a baseline a comparison"
        raise ValueError(msg)
    if (observed is None) == _observes(manifest):
        msg = "observed figures of the scenarios need a table, and a table such figures"
        raise ValueError(msg)
    if unknown := set(logs or {}) - set(_LOGS):
        msg = f"logs are named {', '.join(_LOGS)}; found {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    long = tables.tidy(replications, tables.REPLICATIONS, _REPLICATIONS)
    files = {
        _SUMMARY: tables.to_csv(summary, tables.SUMMARY, _SUMMARY),
        _REPLICATIONS: tables.to_parquet(long, tables.REPLICATIONS, _REPLICATIONS),
        _CURVES: tables.to_parquet(curves, tables.CURVES, _CURVES),
        _WORKBOOK: to_xlsx(manifest, summary, comparison, remarks),
    }
    if comparison is not None:
        files[_COMPARISON] = tables.to_csv(comparison, tables.COMPARISON, _COMPARISON)
    if observed is not None:
        files[_OBSERVED] = tables.to_csv(observed, tables.OBSERVED, _OBSERVED)
    for name, log in (logs or {}).items():
        files[_LOGS[name]] = tables.to_parquet(log, None, name)
    write_files(path, files, manifest)

    def table(name: str, schema: tables.Schema) -> pd.DataFrame:
        # A CSV rounds; who goes on from here goes on from what whoever reads the file will find.
        return tables.from_csv(files[name], schema, name)

    return ResultFolder(
        path=path,
        manifest=Manifest.from_bytes(manifest.to_bytes()),
        summary=table(_SUMMARY, tables.SUMMARY),
        replications=long,
        comparison=None if comparison is None else table(_COMPARISON, tables.COMPARISON),
        curves=curves[list(tables.CURVES)].reset_index(drop=True),
        observed=None if observed is None else table(_OBSERVED, tables.OBSERVED),
    )


def write_files(path: Path, files: Mapping[str, bytes], manifest: Manifest) -> None:
    """Write the files of a result folder as `write_results` does: all of them, or none.

    In: the folder, made if absent; the bytes of each file by its name in the contract; the
    manifest. Raises InputError if the path is a file or another writer is at work.
    """
    last = manifest.to_bytes()
    _refuse_no_folder(path)
    path.mkdir(parents=True, exist_ok=True)
    with _locked(path), ExitStack() as stack:
        for orphan in path.glob(f"{_TEMP}*.tmp"):
            orphan.unlink()
        ready = {name: stack.enter_context(_staged(path / name, d)) for name, d in files.items()}
        ready_manifest = stack.enter_context(_staged(path / _MANIFEST, last))
        (path / _MANIFEST).unlink(missing_ok=True)
        _sync_folder(path)
        for name, temporary in ready.items():
            temporary.replace(path / name)
        _remove_stale(path, files)
        _sync_folder(path)
        ready_manifest.replace(path / _MANIFEST)
        _sync_folder(path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        msg = f"{path}: missing; the result folder is not whole, run portsim again with --force"
        raise InputError(msg) from error


def call_unfinished(path: Path) -> None:
    """Take the manifest out of a folder in which something is still missing: it comes last."""
    (path / _MANIFEST).unlink(missing_ok=True)
    _sync_folder(path)


def read_manifest(path: Path) -> Manifest:
    """Read the manifest of a result folder of any kind.

    Raises InputError if the folder does not exist, is no result folder, was not finished or was
    written by a newer portsim.
    """
    if not path.is_dir():
        msg = f"{path}: {'is a file, not a result folder' if path.exists() else 'no such folder'}"
        raise InputError(msg)
    if not (path / _MANIFEST).exists():
        if any((path / name).exists() for name in _CONTRACT):
            _read(path / _MANIFEST)
        msg = f"{path}: not a result folder of portsim (no {_MANIFEST})"
        raise InputError(msg)
    return Manifest.from_bytes(_read(path / _MANIFEST), str(path / _MANIFEST))


def read_results(path: str | Path) -> ResultFolder:
    """Read a result folder.

    In: the folder. Out: `ResultFolder`. Raises InputError if it does not exist, is no result
    folder, was not finished, lacks a file, is damaged or was written by a newer portsim.
    """
    path = Path(path)
    manifest = read_manifest(path)
    if manifest.kind:
        what = "a search" if manifest.kind == "optimise" else f"a {manifest.kind}"
        msg = f"{path}: holds {what}, not the results of a run or a comparison"
        raise InputError(msg)

    def table(name: str, schema: tables.Schema) -> pd.DataFrame:
        read = tables.from_csv if name.endswith(".csv") else tables.from_parquet
        return read(_read(path / name), schema, str(path / name))

    once = (path / _ONCE).exists() and not (path / _REPLICATIONS).exists()
    return ResultFolder(
        path=path,
        manifest=manifest,
        summary=table(_SUMMARY, tables.SUMMARY),
        replications=table(_ONCE if once else _REPLICATIONS, tables.REPLICATIONS),
        comparison=table(_COMPARISON, tables.COMPARISON) if manifest.baseline else None,
        curves=table(_CURVES, tables.CURVES),
        observed=table(_OBSERVED, tables.OBSERVED) if _observes(manifest) else None,
    )
