"""The journal: finished runs on disk as they come, so that an interrupted study loses none.

SQLite keeps them: a run stands there whole or not at all, whatever kills the program. Each row
carries a checksum that is looked at when it is read. Nothing is computed here.
"""

import hashlib
import io
import json
import os
import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.errors import InputError, JournalError
from portsim.experiment.capacity import Capacity
from portsim.experiment.tasks import RunResult
from portsim.measures import CauseRow, Curve, Strain

__all__ = ["FILE", "Journal", "Kept", "remove"]

FILE = ".portsim-journal.sqlite"
"""Name of the journal in a result folder."""

_LAYOUT = 3
_TABLES = """
CREATE TABLE IF NOT EXISTS about (identity TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS labels (id TEXT PRIMARY KEY, words TEXT NOT NULL, x BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS runs (
    scenario TEXT, hash TEXT, replication INTEGER, audit TEXT, about TEXT, labels TEXT,
    numbers BLOB, strains BLOB, curves BLOB, trucks BLOB, visits BLOB, hours BLOB, checksum BLOB,
    PRIMARY KEY (scenario, replication)
);
CREATE TABLE IF NOT EXISTS capacities (
    scenario TEXT PRIMARY KEY, hash TEXT, words TEXT, checksum BLOB
);
"""
_CHECKED = (
    *("scenario", "hash", "replication", "audit", "about", "labels"),
    *("numbers", "strains", "curves", "trucks", "visits", "hours"),
)
_LOGS = ("trucks", "visits", "hours")
_OF_THE_DISK = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")
_READ_AT_ONCE = 8_000_000
"""Bytes of curves that are held in memory at a time."""


@dataclass(frozen=True, eq=False, slots=True)
class Kept:
    """What the journal says of a run besides its curves; f figures."""

    scenario: str
    replication: int
    keys: pd.DataFrame
    """class, place, measure of each figure; the same frame for all runs alike."""
    values: Reals
    counts: np.ndarray
    notes: dict[int, str]
    """By figure, where there is one."""
    strains: list[Strain]
    audited: int
    causes: list[CauseRow]
    """Waiting by cause, where it occurs."""


class Journal:
    """Finished runs of one study; only one process can have a journal open.

    Use it as a context. Without a folder the runs are kept in a temporary file.
    """

    def __init__(
        self,
        folder: Path | None,
        identity: Mapping[str, Any],
    ) -> None:
        """Open the journal of a folder, made if it is not there.

        Args:
            folder: of the results to be; None for a temporary file.
            identity: what every run depends on: seed, versions. JSON types only.

        Raises:
            InputError: another process is writing there.
            JournalError: the disk is full.
        """
        self.path = None if folder is None else folder / FILE
        self.remarks: list[str] = []
        self._scenarios: dict[str, str] = {}
        self._made = [p for p in (folder, *folder.parents) if not p.exists()] if folder else []
        fresh = self.path is not None and not self.path.exists()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        try:
            self._base = self._opened({"layout": _LAYOUT, **identity})
        except sqlite3.OperationalError as error:
            trouble = self._trouble(error)
            if fresh and isinstance(trouble, JournalError):
                self._remove()
            raise trouble from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; without a run in it nothing stays behind."""
        (runs,) = self._base.execute("SELECT count(*) FROM runs").fetchone()
        self._base.close()
        if not runs:
            self._remove()

    def _remove(self) -> None:
        """Leave nothing behind, of the folders that were made for the file neither."""
        if self.path is None:
            return
        remove(self.path)
        for folder in self._made:
            if any(folder.iterdir()):
                break
            folder.rmdir()

    # ---- opening -------------------------------------------------------------------------------

    def _opened(self, identity: Mapping[str, Any]) -> sqlite3.Connection:
        identity_text = json.dumps(identity, sort_keys=True)
        try:
            return self._prepared(identity_text)
        except (sqlite3.DatabaseError, ValueError) as error:
            if self.path is None or self._of_the_disk(error):
                raise
        self.remarks[:] = [f"{self.path} is damaged: the study starts anew"]
        remove(self.path)
        return self._prepared(identity_text)

    def _of_the_disk(self, error: Exception) -> bool:
        """Whether the disk or another process is at fault, not what stands in the file."""
        name = str(getattr(error, "sqlite_errorname", ""))
        if name.startswith("SQLITE_READONLY"):
            return not os.access(str(self.path), os.W_OK)
        return name.startswith(_OF_THE_DISK)

    def _prepared(self, identity: str) -> sqlite3.Connection:
        base = sqlite3.connect("" if self.path is None else self.path, timeout=0.0)
        try:
            self._lay_out(base)
            self._drop_strangers(base, identity)
        except BaseException:
            # Windows does not let go of a file that is open.
            base.close()
            raise
        return base

    @staticmethod
    def _lay_out(base: sqlite3.Connection) -> None:
        base.isolation_level = None
        # Whoever has written once keeps the file to itself until it closes.
        base.execute("PRAGMA locking_mode = EXCLUSIVE")
        base.execute("PRAGMA synchronous = FULL")
        base.execute("BEGIN EXCLUSIVE")
        for statement in _TABLES.split(";"):
            base.execute(statement)
        base.execute("COMMIT")
        (verdict,) = base.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)

    def _drop_strangers(self, base: sqlite3.Connection, identity: str) -> None:
        """Forget what does not belong to this study, and say so."""
        with _transaction(base):
            row = base.execute("SELECT identity FROM about").fetchone()
            if row is not None and row[0] != identity:
                (runs,) = base.execute("SELECT count(*) FROM runs").fetchone()
                if runs:
                    difference = _difference(json.loads(row[0]), json.loads(identity))
                    self.remarks.append(
                        f"{runs} runs of an unfinished study do not fit any more "
                        f"({difference} changed): the study starts anew"
                    )
                base.execute("DELETE FROM runs")
                base.execute("DELETE FROM capacities")
                base.execute("DELETE FROM about")
            if row is None or row[0] != identity:
                base.execute("INSERT INTO about VALUES (?)", (identity,))
            self._check(base)

    def expect(self, scenarios: Mapping[str, str]) -> None:
        """Make ready for runs of some scenarios, and forget those of others of their names.

        Args:
            scenarios: hash of each, by name.

        Raises:
            JournalError: the disk is full; what was kept before is still there.
        """
        self._scenarios |= scenarios
        try:
            self._forget(scenarios)
        except sqlite3.OperationalError as error:
            raise self._trouble(error) from error

    def _forget(self, scenarios: Mapping[str, str]) -> None:
        """Forget runs of others of these names."""
        with _transaction(self._base):
            kept = self._base.execute("SELECT scenario, hash, count(*) FROM runs GROUP BY 1, 2")
            for scenario, hash_, runs in kept.fetchall():
                if scenarios.get(scenario, hash_) != hash_:
                    self.remarks.append(
                        f"{scenario} has changed since {runs} of its runs were done: they are done "
                        "again"
                    )
                    self._base.execute("DELETE FROM runs WHERE scenario = ?", (scenario,))
            kept = self._base.execute("SELECT scenario, hash FROM capacities")
            for scenario, hash_ in kept.fetchall():
                if scenarios.get(scenario, hash_) != hash_:
                    self._base.execute("DELETE FROM capacities WHERE scenario = ?", (scenario,))

    def _check(self, base: sqlite3.Connection) -> None:
        """Forget what is not as it was written, and say so."""
        # As blobs: damaged texts may be no texts any more.
        words = base.execute("SELECT rowid, id, CAST(words AS BLOB), x FROM labels").fetchall()
        torn = [(row,) for row, label, text, x in words if _label_id(text, x) != label]
        base.executemany("DELETE FROM labels WHERE rowid = ?", torn)
        rows = base.execute(
            "SELECT rowid, labels IN (SELECT id FROM labels), checksum, "
            f"{', '.join(f'CAST({name} AS BLOB)' for name in _CHECKED)} FROM runs"
        )
        bad = [
            (row,)
            for row, named, checksum, *parts in rows
            if not named or _checksum(parts) != checksum
        ]
        if bad:
            self.remarks.append(f"{len(bad)} runs of the journal are damaged: they are done again")
            base.executemany("DELETE FROM runs WHERE rowid = ?", bad)
        parts = ", ".join(f"CAST({name} AS BLOB)" for name in ("scenario", "hash", "words"))
        rows = base.execute(f"SELECT rowid, checksum, {parts} FROM capacities")
        torn = [(row,) for row, checksum, *words in rows if _checksum(words) != checksum]
        base.executemany("DELETE FROM capacities WHERE rowid = ?", torn)

    def _trouble(self, error: sqlite3.OperationalError) -> Exception:
        if "locked" in str(error):
            assert self.path is not None
            return InputError(
                f"{self.path.parent}: another portsim is at work here; wait for it or choose "
                "another --out"
            )
        return JournalError(
            f"finished runs cannot be kept ({error}); make room on the disk and give the same "
            "command again: it goes on from the last run that was kept"
        )

    # ---- writing -------------------------------------------------------------------------------

    def add(self, done: RunResult) -> None:
        """Keep a run.

        Raises:
            JournalError: the disk is full; runs kept before are still there.
        """
        keys = [row[:3] for row in done.rows]
        names = [[c.cls, c.place, c.curve, c.x_unit, c.unit, len(c.x)] for c in done.curves]
        words = json.dumps({"figures": keys, "curves": names}, ensure_ascii=False)
        x = b"".join(curve.x.astype("<f8").tobytes() for curve in done.curves)
        label = _label_id(words.encode(), x)
        about = json.dumps(
            {
                "notes": {number: row[5] for number, row in enumerate(done.rows) if row[5]},
                "strains": [[strain.kind, strain.place, strain.grain] for strain in done.strains],
                "audited": done.audited,
                "causes": done.causes,
            },
            ensure_ascii=False,
        )
        numbers = np.array(
            [[row[3] for row in done.rows], [row[4] for row in done.rows]], dtype="<f8"
        ).tobytes()
        strains = b"".join(
            part.astype("<f8").tobytes()
            for strain in done.strains
            for part in (strain.asked, strain.given)
        )
        # Seven digits are more than any picture shows, and what the result folder keeps.
        curves = b"".join(curve.y.astype("<f4").tobytes() for curve in done.curves)
        logs = done.logs or {}
        trucks, visits, hours = (_parquet(logs[name]) if name in logs else None for name in _LOGS)
        row = (
            *(done.scenario, self._scenarios[done.scenario], done.replication, done.audit),
            *(about, label, numbers, strains, curves, trucks, visits, hours),
        )
        try:
            with _transaction(self._base):
                self._base.execute(
                    "INSERT OR IGNORE INTO labels VALUES (?, ?, ?)", (label, words, x)
                )
                self._base.execute(
                    f"INSERT OR REPLACE INTO runs VALUES ({', '.join('?' * 13)})",
                    (*row, _checksum(row)),
                )
        except sqlite3.OperationalError as error:
            raise self._trouble(error) from error

    def add_capacity(self, capacity: Capacity, replications: int) -> None:
        """Keep the capacity of a scenario; `replications`: for so many replications.

        Raises:
            JournalError: the disk is full; what was kept before is still there.
        """
        words = json.dumps([capacity.rows, capacity.facts, replications], ensure_ascii=False)
        row = (capacity.scenario, self._scenarios[capacity.scenario], words)
        try:
            with _transaction(self._base):
                self._base.execute(
                    "INSERT OR REPLACE INTO capacities VALUES (?, ?, ?, ?)", (*row, _checksum(row))
                )
        except sqlite3.OperationalError as error:
            raise self._trouble(error) from error

    # ---- reading -------------------------------------------------------------------------------

    def capacity(self, scenario: str, replications: int | None = None) -> Capacity | None:
        """The capacity of a scenario, if it was kept, for so many replications or for any."""
        row = self._base.execute(
            "SELECT words FROM capacities WHERE scenario = ?", (scenario,)
        ).fetchone()
        if row is None:
            return None
        rows, facts, kept_for = json.loads(row[0])
        if replications not in (None, kept_for):
            return None
        return Capacity(scenario, [tuple(cells) for cells in rows], facts)

    def has(self, scenario: str, replication: int, audit: str, logs: bool) -> bool:
        """Whether a run was kept, audited as asked, with its log if that is asked for."""
        row = self._base.execute(
            "SELECT audit, trucks IS NOT NULL FROM runs WHERE scenario = ? AND replication = ?",
            (scenario, replication),
        ).fetchone()
        return row is not None and row[0] == audit and (bool(row[1]) or not logs)

    def audited(self, runs: Container[tuple[str, int]]) -> int:
        """Visits on which SimPy agrees, in these runs: (scenario, replication)."""
        rows = self._base.execute(
            "SELECT scenario, replication, about FROM runs WHERE audit != 'none'"
        )
        return sum(
            int(json.loads(about)["audited"])
            for scenario, replication, about in rows
            if (scenario, replication) in runs
        )

    def kept(self, scenario: str, most: int) -> Iterator[Kept]:
        """The runs of a scenario up to replication `most`, in order."""
        labels: dict[str, pd.DataFrame] = {}
        for replication, about, label, numbers, strains in self._base.execute(
            "SELECT replication, about, labels, numbers, strains FROM runs "
            "WHERE scenario = ? AND replication <= ? ORDER BY replication",
            (scenario, most),
        ).fetchall():
            if label not in labels:
                words, _ = self._label(label)
                columns = ["truck_class", "place", "measure"]
                labels[label] = pd.DataFrame(words["figures"], columns=columns, dtype=str)
            details = json.loads(about)
            values, counts = np.frombuffer(numbers, dtype="<f8").reshape(2, -1)
            yield Kept(
                scenario=scenario,
                replication=replication,
                keys=labels[label],
                values=values,
                counts=counts.astype(np.int64),
                notes={int(row): note for row, note in details["notes"].items()},
                strains=_strains(details["strains"], strains),
                audited=details["audited"],
                causes=[(cls, place, name, value) for cls, place, name, value in details["causes"]],
            )

    def curves(self, scenario: str, most: int) -> Iterator[list[list[Curve]]]:
        """The curves of a scenario, some of them at a time, for each of its runs.

        So many as fit into memory together, however many runs there are.
        """
        runs = self._base.execute(
            "SELECT rowid, labels FROM runs WHERE scenario = ? AND replication <= ? "
            "ORDER BY replication",
            (scenario, most),
        ).fetchall()
        labels = {label: self._label(label) for _, label in runs}
        names: dict[tuple[str, ...], None] = {}
        where: dict[str, dict[tuple[str, ...], tuple[int, int]]] = {}
        for label, (words, _) in labels.items():
            offset = 0
            where[label] = {}
            for *name, length in words["curves"]:
                names[tuple(name)] = None
                where[label][tuple(name)] = offset, offset + length
                offset += length
        longest = max(
            (row[-1] for words, _ in labels.values() for row in words["curves"]), default=1
        )
        step = max(1, int(_READ_AT_ONCE / (4 * longest * max(1, len(runs)))))
        ordered = list(names)
        for first in range(0, len(ordered), step):
            chosen = ordered[first : first + step]
            yield [
                list(self._some(rowid, chosen, where[label], labels[label][1]))
                for rowid, label in runs
            ]

    def _some(
        self,
        rowid: int,
        names: Iterable[tuple[str, ...]],
        where: Mapping[tuple[str, ...], tuple[int, int]],
        x: Reals,
    ) -> Iterator[Curve]:
        with self._base.blobopen("runs", "curves", rowid, readonly=True) as blob:
            for name in names:
                if name in where:
                    first, beyond = where[name]
                    blob.seek(4 * first)
                    y = np.frombuffer(blob.read(4 * (beyond - first)), dtype="<f4")
                    cls, place, curve, x_unit, unit = name
                    yield Curve(
                        cls, place, curve, x_unit, unit, x[first:beyond], y.astype(np.float64)
                    )

    def logs(self, scenarios: Sequence[str], most: int) -> dict[str, pd.DataFrame]:
        """The logs that were kept, by ``trucks``, ``visits`` and ``hours``; empty if none was."""
        frames: dict[str, list[pd.DataFrame]] = {name: [] for name in _LOGS}
        for scenario in scenarios:
            for row in self._base.execute(
                "SELECT trucks, visits, hours FROM runs WHERE scenario = ? AND replication <= ? "
                "AND trucks IS NOT NULL ORDER BY replication",
                (scenario, most),
            ):
                for name, data in zip(frames, row, strict=True):
                    frames[name].append(pd.read_parquet(io.BytesIO(data)))
        return {
            name: pd.concat(parts, ignore_index=True) for name, parts in frames.items() if parts
        }

    def _label(self, label: str) -> tuple[Any, Reals]:
        words, x = self._base.execute(
            "SELECT words, x FROM labels WHERE id = ?", (label,)
        ).fetchone()
        return json.loads(words), np.frombuffer(x, dtype="<f8")


def remove(file: Path) -> None:
    """Remove a journal that nobody has open, with what SQLite noted beside it.

    A process that was killed leaves such notes, and SQLite takes them away only when it writes: a
    study whose runs were all kept goes on without writing. The notes go first, so that whoever is
    killed in between leaves a journal, by which the same command knows that it is not done; and
    SQLite must not mend a new file with the notes for an old one.
    """
    for name in (f"{file.name}-journal", file.name):
        file.with_name(name).unlink(missing_ok=True)


class _transaction:  # noqa: N801 - reads as a statement
    """Begin; commit at the end, or roll back if anything raises."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def __enter__(self) -> None:
        self._base.execute("BEGIN")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._base.in_transaction:
            self._base.execute("COMMIT" if kind is None else "ROLLBACK")


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    return ", ".join(key for key in sorted({*old, *new}) if old.get(key) != new.get(key))


def _strains(names: Sequence[Sequence[Any]], days: bytes) -> list[Strain]:
    rows = np.frombuffer(days, dtype="<f8").reshape(len(names), 2, -1) if names else ()
    return [
        Strain(kind, place, asked, given, grain)
        for (kind, place, grain), (asked, given) in zip(names, rows, strict=True)
    ]


def _label_id(words: bytes, x: bytes) -> str:
    return hashlib.sha256(words + x).hexdigest()


def _checksum(row: Iterable[str | int | bytes | None]) -> bytes:
    check = hashlib.blake2b(digest_size=16)
    for part in row:
        data = part if isinstance(part, bytes) else str(part).encode()
        check.update(b"-" if part is None else b"%d:" % len(data) + data)
    return check.digest()


def _parquet(frame: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.to_parquet(out, index=False)
    return out.getvalue()
