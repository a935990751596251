"""What came of each forecast of the past, kept on disk while the others go on.

How forecasts are made or judged may not enter.
"""

import io
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from portsim.arrays import Reals
from portsim.results import atomic_write, code_digest, digest, versions

__all__ = ["KeptOrigins", "Origin", "forget_origins"]

_FOLDER = ".portsim-origins-"
_MEMBERS, _SEEN = "members", "seen"


@dataclass(frozen=True, eq=False, slots=True)
class Origin:
    """One forecast of the past: k stages with the whole port first, h horizons, f futures."""

    members: list[Reals]
    """For each stage float64[h, f], the futures."""
    others: Mapping[str, list[Reals]]
    """By forecast without a model, for each stage float64[h, m]."""
    seen: Reals
    """float64[k, h]."""

    def to_bytes(self) -> bytes:
        """The same as a file of NumPy's."""
        rows = {f"{_MEMBERS} {number}": table for number, table in enumerate(self.members)}
        for name, tables in self.others.items():
            rows |= {f"{name} {number}": table for number, table in enumerate(tables)}
        data = io.BytesIO()
        np.savez_compressed(data, allow_pickle=False, **{_SEEN: self.seen, **rows})
        return data.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Origin":
        """What `to_bytes` wrote.

        Raises:
            ValueError, KeyError, OSError, zipfile.BadZipFile: the file is damaged.
        """
        with np.load(io.BytesIO(data), allow_pickle=False) as rows:
            stages = range(len(rows[_SEEN]))
            names = dict.fromkeys(row.rsplit(" ", 1)[0] for row in rows.files if row != _SEEN)
            tables = {name: [rows[f"{name} {number}"] for number in stages] for name in names}
            return cls(tables.pop(_MEMBERS), tables, rows[_SEEN])


class KeptOrigins:
    """Finished forecasts of the past in a folder of results to be: who asks again goes on there."""

    def __init__(self, folder: Path | None, fingerprint: str) -> None:
        """Forget what other inputs, or another portsim, left there.

        Args:
            folder: need not exist; None to keep nothing.
            fingerprint: of all that the forecasts depend on but the program.
        """
        mine = digest({"inputs": fingerprint, "versions": versions(), "code": code_digest()})
        self._folder = None if folder is None else folder / f"{_FOLDER}{mine[:16]}"
        if folder is not None and folder.is_dir():
            for other in folder.glob(f"{_FOLDER}*"):
                if other != self._folder:
                    shutil.rmtree(other, ignore_errors=True)

    def get(self, start: int) -> Origin | None:
        """What came of the forecast at a step of the log, if it was finished before."""
        if self._folder is None:
            return None
        try:
            return Origin.from_bytes((self._folder / f"{start}.npz").read_bytes())
        except (ValueError, KeyError, OSError, zipfile.BadZipFile):
            return None

    def add(self, start: int, origin: Origin) -> None:
        """Keep what came of the forecast at a step of the log."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            atomic_write(self._folder / f"{start}.npz", origin.to_bytes())


def forget_origins(folder: Path) -> None:
    """Remove what was kept in a folder whose results are whole."""
    for kept in folder.glob(f"{_FOLDER}*"):
        shutil.rmtree(kept, ignore_errors=True)
