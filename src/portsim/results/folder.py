"""The room of results: files in a result folder, written whole or not at all, and its manifest.

A folder has its manifest last, so one without it is not finished. What is in the files may not
enter.
"""

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from portsim.errors import InputError
from portsim.languages import LANGUAGES
from portsim.results.manifest import Manifest
from portsim.results.study_kinds import files as tables_of_all_kinds

__all__ = [
    "WORKBOOK",
    "atomic_write",
    "call_unfinished",
    "check_folder",
    "check_writable",
    "erase",
    "missing",
    "read_manifest",
    "write_files",
]

_MANIFEST = "manifest.json"
_FIGURES = "figures"
_REPORT = "report.html"
WORKBOOK = "summary.xlsx"

_LOCK = ".portsim.lock"
_TEMP = ".portsim-"
_LITTER = frozenset({_LOCK, ".DS_Store", "Thumbs.db", "desktop.ini"})


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


def check_writable(path: Path) -> None:
    """Refuse, before any work is done, a folder that cannot be made or written.

    In: the folder, which need not exist. Nothing is created or changed. Raises InputError.
    """
    _refuse_no_folder(path)
    there = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    if not os.access(there, os.W_OK):
        msg = f"{path}: cannot be written; choose another --out"
        raise InputError(msg)


def check_folder(path: Path, fingerprint: str, force: bool) -> None:
    """Refuse, before any work is done, a folder whose content must not be overwritten.

    In: the folder, which need not exist; the fingerprint of this run's inputs; whether to
    overwrite all the same. Nothing is created or changed. Raises InputError if the path is a
    file, and without ``force`` if the folder holds results of other inputs or anything that is
    no result folder of portsim. Results that a kill left half written, with the journal or
    temporary files beside them, are no reason: whoever wrote them should go on.
    """
    check_writable(path)
    if force or not path.exists():
        return
    content = [p for p in path.iterdir() if p.name not in _LITTER]
    if all(p.name.startswith(_TEMP) for p in content):
        return
    hint = "choose another --out, or overwrite it with --force"
    manifest = path / _MANIFEST
    if not manifest.is_file():
        half = any((path / name).exists() for name in _contract())
        if half and any(p.name.startswith(_TEMP) for p in content):
            return
        state = "holds results that were not finished" if half else "holds files of other origin"
        msg = f"{path}: {state}; {hint}"
        raise InputError(msg)
    try:
        held = Manifest.from_bytes(manifest.read_bytes(), str(manifest))
    except InputError as error:
        msg = f"{error}; {hint}"
        raise InputError(msg) from error
    if held.fingerprint != fingerprint:
        names = ", ".join(scenario.name for scenario in held.scenarios)
        msg = (
            f"{path}: holds results of other inputs ({names}; replications: {held.replications}, "
            f"seed: {held.seed}); if these are the same names and numbers, a scenario has changed "
            f"since; {hint}"
        )
        raise InputError(msg)


def _contract() -> tuple[str, ...]:
    return (*tables_of_all_kinds(), WORKBOOK, *ROSTER_FILES)


PICTURES = (
    *("overview", "timetable", "queue", "queue_week", "inside", "cumulative", "throughput_month"),
    *("throughput_day", "completion_month", "stay_ecdf", "stay_by_stage", "causes", "comparison"),
)
"""Names of the pictures in figures/; any other file there is somebody's own."""

CHECKED = ("check_queue", "check_stay", "check_throughput", "check_arrivals")
"""Names of the pictures of a scenario held against a log."""


def _in_all_languages(stem: str) -> tuple[str, ...]:
    """The names of one page in each language, `LANGUAGES` in their order."""
    return (f"{stem}.html", *(f"{stem}.{language}.html" for language in LANGUAGES[1:]))


CHECK_PAGES = _in_all_languages("check")
ROSTER_PAGES = _in_all_languages("roster")
"""The page of a roster, in each language,"""
ROSTER_FILES = ("roster.yaml", "roster.xlsx")
"""and what it is for other programs: an overlay, and a workbook to print."""
FIT_PAGES = _in_all_languages("fit")
"""The page of a port that was told from its log,"""
FORECAST_PAGES = _in_all_languages("forecast")
"""and that of a forecast."""

_FROM_LOGS = ("events-*.xes", "events-*.csv", "events-*.parquet", "replay-*.html")
"""What other verbs make of the log of a run; with the log of another run it would be false."""
_DAYS = ("gantt-*.svg", "gantt-*.png")


def _remove_stale(folder: Path, kept: Mapping[str, bytes]) -> None:
    """Remove what an earlier run left, and only what bears a name of the contract."""
    for name in _contract():
        if name not in kept:
            (folder / name).unlink(missing_ok=True)
    for page in (
        folder / _REPORT,
        *(folder / name for name in (*CHECK_PAGES, *FORECAST_PAGES, *ROSTER_PAGES)),
    ):
        page.unlink(missing_ok=True)
    figures = folder / _FIGURES
    for name in (
        *PICTURES,
        "frontier",
        "sweep_*",
        "tornado*",
        "warmup",
        "optimise",
        "forecast",
        "calibration",
        *CHECKED,
    ):
        for ending in ("svg", "png"):
            for file in figures.glob(f"{name}.{ending}"):
                file.unlink()
    for place, patterns in ((folder, _FROM_LOGS), (figures, _DAYS)):
        for pattern in patterns:
            for file in place.glob(pattern):
                file.unlink()
    if figures.is_dir() and not any(figures.iterdir()):
        figures.rmdir()


def write_files(path: Path, files: Mapping[str, bytes], manifest: Manifest) -> None:
    """Write the files of a result folder with all files in it, or as it was.

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


def missing(file: Path) -> InputError:
    """What to say of a file that a result folder lacks."""
    return InputError(
        f"{file}: missing; the result folder is not whole, give the command that made it again "
        "with --force"
    )


def call_unfinished(path: Path) -> None:
    """Take the manifest out of a folder in which something is still missing: it comes last."""
    (path / _MANIFEST).unlink(missing_ok=True)
    _sync_folder(path)


def erase(path: Path) -> None:
    """Remove the results from a folder, and the folder if nothing else is in it.

    In: a folder, which need not exist. Files that bear no name of the contract stay.
    """
    if not (path / _MANIFEST).is_file():
        return
    call_unfinished(path)
    _remove_stale(path, {})
    if not any(path.iterdir()):
        path.rmdir()


def read_manifest(path: Path) -> Manifest:
    """Read the manifest of a result folder of any kind.

    Raises InputError if the folder does not exist, is no result folder, was not finished or was
    written by a newer portsim.
    """
    if not path.is_dir():
        msg = f"{path}: {'is a file, not a result folder' if path.exists() else 'no such folder'}"
        raise InputError(msg)
    if not (path / _MANIFEST).exists():
        if any((path / name).exists() for name in _contract()):
            raise missing(path / _MANIFEST)
        msg = f"{path}: not a result folder of portsim (no {_MANIFEST})"
        raise InputError(msg)
    return Manifest.from_bytes((path / _MANIFEST).read_bytes(), str(path / _MANIFEST))
