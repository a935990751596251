"""The journal: finished runs on disk as they come, so that an interrupted study loses none.

Nothing is computed here; how the file is opened, locked and checked is said in `journal_file`.
"""

import io
import json
import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.experiment.capacity import Capacity
from portsim.experiment.journal_file import (
    JournalFile,
    Transaction,
    checksum,
    label_id,
)
from portsim.experiment.tasks import RunResult
from portsim.measures import CauseRow, Curve, Strain

__all__ = ["Journal", "Kept"]

_LOGS = ("trucks", "visits", "hours")
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


class Journal(JournalFile):
    """Finished runs of one study; only one process can have a journal open.

    Use it as a context. Without a folder the runs are kept in a temporary file.
    """

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
        label = label_id(words.encode(), x)
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
            for part in (strain.demand, strain.given)
        )
        # Seven digits are more than any picture shows, and what the result folder keeps.
        curves = b"".join(curve.y.astype("<f4").tobytes() for curve in done.curves)
        logs = done.logs or {}
        trucks, visits, hours = (_parquet(logs[name]) if name in logs else None for name in _LOGS)
        row = (
            *(done.scenario, self.hashes[done.scenario], done.replication, done.audit),
            *(about, label, numbers, strains, curves, trucks, visits, hours),
        )
        try:
            with Transaction(self.base):
                self.base.execute(
                    "INSERT OR IGNORE INTO labels VALUES (?, ?, ?)", (label, words, x)
                )
                self.base.execute(
                    f"INSERT OR REPLACE INTO runs VALUES ({', '.join('?' * 13)})",
                    (*row, checksum(row)),
                )
        except sqlite3.OperationalError as error:
            raise self.trouble(error) from error

    def add_capacity(self, capacity: Capacity, replications: int) -> None:
        """Keep the capacity of a scenario; `replications`: for so many replications.

        Raises:
            JournalError: the disk is full; what was kept before is still there.
        """
        words = json.dumps([capacity.rows, capacity.facts, replications], ensure_ascii=False)
        row = (capacity.scenario, self.hashes[capacity.scenario], words)
        try:
            with Transaction(self.base):
                self.base.execute(
                    "INSERT OR REPLACE INTO capacities VALUES (?, ?, ?, ?)", (*row, checksum(row))
                )
        except sqlite3.OperationalError as error:
            raise self.trouble(error) from error

    # ---- reading -------------------------------------------------------------------------------

    def capacity(self, scenario: str, replications: int | None = None) -> Capacity | None:
        """The capacity of a scenario, if it was kept, for so many replications or for any."""
        row = self.base.execute(
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
        row = self.base.execute(
            "SELECT audit, trucks IS NOT NULL FROM runs WHERE scenario = ? AND replication = ?",
            (scenario, replication),
        ).fetchone()
        return row is not None and row[0] == audit and (bool(row[1]) or not logs)

    def audited(self, runs: Container[tuple[str, int]]) -> int:
        """Visits on which SimPy agrees, in these runs: (scenario, replication)."""
        rows = self.base.execute(
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
        for replication, about, label, numbers, strains in self.base.execute(
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
        runs = self.base.execute(
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
        with self.base.blobopen("runs", "curves", rowid, readonly=True) as blob:
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
            for row in self.base.execute(
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
        words, x = self.base.execute(
            "SELECT words, x FROM labels WHERE id = ?", (label,)
        ).fetchone()
        return json.loads(words), np.frombuffer(x, dtype="<f8")


def _strains(names: Sequence[Sequence[Any]], days: bytes) -> list[Strain]:
    rows = np.frombuffer(days, dtype="<f8").reshape(len(names), 2, -1) if names else ()
    return [
        Strain(kind, place, demand, given, grain)
        for (kind, place, grain), (demand, given) in zip(names, rows, strict=True)
    ]


def _parquet(frame: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.to_parquet(out, index=False)
    return out.getvalue()
