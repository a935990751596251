"""The file of a journal: opened by one process, checked, cleared of what does not belong to it.

SQLite keeps it: what is written stands there whole or not at all, whatever kills the program. Each
row carries a checksum that is looked at when the file is opened. What a row says of a run may not
enter.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from portsim.errors import InputError, JournalError

__all__ = ["FILE", "JournalFile", "Transaction", "checksum", "label_id", "remove"]

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
_OF_THE_DISK = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")


class JournalFile:
    """What one study keeps, in a file that only one process can have open.

    Use it as a context. Without a folder it is a temporary file.

    Attributes:
        path: of the file; None of a temporary one.
        base: the open file.
        remarks: what was found in it that does not belong to the study, or is damaged.
        hashes: hash of each scenario that is expected, by name.
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
        self.hashes: dict[str, str] = {}
        self._made = [p for p in (folder, *folder.parents) if not p.exists()] if folder else []
        fresh = self.path is not None and not self.path.exists()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        try:
            self.base = self._opened({"layout": _LAYOUT, **identity})
        except sqlite3.OperationalError as error:
            trouble = self.trouble(error)
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
        (runs,) = self.base.execute("SELECT count(*) FROM runs").fetchone()
        self.base.close()
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
        with Transaction(base):
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
        self.hashes |= scenarios
        try:
            self._forget(scenarios)
        except sqlite3.OperationalError as error:
            raise self.trouble(error) from error

    def _forget(self, scenarios: Mapping[str, str]) -> None:
        """Forget runs of others of these names."""
        with Transaction(self.base):
            kept = self.base.execute("SELECT scenario, hash, count(*) FROM runs GROUP BY 1, 2")
            for scenario, hash_, runs in kept.fetchall():
                if scenarios.get(scenario, hash_) != hash_:
                    self.remarks.append(
                        f"{scenario} has changed since {runs} of its runs were done: they are done "
                        "again"
                    )
                    self.base.execute("DELETE FROM runs WHERE scenario = ?", (scenario,))
            kept = self.base.execute("SELECT scenario, hash FROM capacities")
            for scenario, hash_ in kept.fetchall():
                if scenarios.get(scenario, hash_) != hash_:
                    self.base.execute("DELETE FROM capacities WHERE scenario = ?", (scenario,))

    def _check(self, base: sqlite3.Connection) -> None:
        """Forget what is not as it was written, and say so."""
        # As blobs: damaged texts may be no texts any more.
        words = base.execute("SELECT rowid, id, CAST(words AS BLOB), x FROM labels").fetchall()
        torn = [(row,) for row, label, text, x in words if label_id(text, x) != label]
        base.executemany("DELETE FROM labels WHERE rowid = ?", torn)
        rows = base.execute(
            "SELECT rowid, labels IN (SELECT id FROM labels), checksum, "
            f"{', '.join(f'CAST({name} AS BLOB)' for name in _CHECKED)} FROM runs"
        )
        bad = [
            (row,) for row, named, check, *parts in rows if not named or checksum(parts) != check
        ]
        if bad:
            self.remarks.append(f"{len(bad)} runs of the journal are damaged: they are done again")
            base.executemany("DELETE FROM runs WHERE rowid = ?", bad)
        parts = ", ".join(f"CAST({name} AS BLOB)" for name in ("scenario", "hash", "words"))
        rows = base.execute(f"SELECT rowid, checksum, {parts} FROM capacities")
        torn = [(row,) for row, check, *words in rows if checksum(words) != check]
        base.executemany("DELETE FROM capacities WHERE rowid = ?", torn)

    def trouble(self, error: sqlite3.OperationalError) -> Exception:
        """What to raise for a fault of SQLite: another process is there, or the disk is full."""
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


def remove(file: Path) -> None:
    """Remove a journal that nobody has open, with what SQLite noted beside it.

    A process that was killed leaves such notes, and SQLite takes them away only when it writes: a
    study whose runs were all kept goes on without writing. The notes go first, so that whoever is
    killed in between leaves a journal, by which the same command knows that it is not done; and
    SQLite must not mend a new file with the notes for an old one.
    """
    for name in (f"{file.name}-journal", file.name):
        file.with_name(name).unlink(missing_ok=True)


class Transaction:
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


def label_id(words: bytes, x: bytes) -> str:
    """By what runs name the labels of their figures and curves: SHA-256 (hex)."""
    return hashlib.sha256(words + x).hexdigest()


def checksum(row: Iterable[str | int | bytes | None]) -> bytes:
    """BLAKE2b of a row, 16 bytes; each part counts with its length."""
    check = hashlib.blake2b(digest_size=16)
    for part in row:
        data = part if isinstance(part, bytes) else str(part).encode()
        check.update(b"-" if part is None else b"%d:" % len(data) + data)
    return check.digest()
