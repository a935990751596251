"""The gate log's list of what was cleaned: each row and each stamp, and what became of it.

Nothing is found dirty here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from portsim.arrays import Ints
from portsim.gatelog.sheets import Sheet

__all__ = ["COLUMNS", "Cleaning"]

COLUMNS = ("file", "row", "truck", "stage", "what", "treatment")


@dataclass(slots=True)
class Cleaning:
    """Gathers what was cleaned; rows are numbers in the whole log, −1 for none."""

    _parts: list[tuple[Ints, str, str, str]] = field(default_factory=list)
    _words: list[tuple[str, int, str, str]] = field(default_factory=list)

    def add(self, rows: Ints, stage: str, oddity: str, treatment: str) -> None:
        """Rows, or the stamp of a stage in each of them."""
        if len(rows):
            self._parts.append((np.asarray(rows, dtype=np.int64), stage, oddity, treatment))

    def say(self, file: str, line: int, oddity: str, treatment: str) -> None:
        """What concerns a line that is no row, a whole file, or the log."""
        self._words.append((file, line, oddity, treatment))

    def count(self, oddity: str) -> int:
        """How many rows or stamps were noted as this."""
        return sum(len(rows) for rows, _, each, _ in self._parts if each == oddity)

    def frame(
        self, sheets: Sequence[Sheet], sheet: Ints, line: Ints, trucks: pd.Categorical
    ) -> pd.DataFrame:
        """The list as a table, in the order of the files.

        Args:
            sheets: the tables of the log.
            sheet: int64[n], number of the table of each row.
            line: int64[n], of each row.
            trucks: n plates.
        """
        rows = np.concatenate([part[0] for part in self._parts] or [np.zeros(0, dtype=np.int64)])
        counts = [len(part[0]) for part in self._parts]
        files = np.array([each.file for each in sheets], dtype=object)
        plates = np.append(np.asarray(trucks.categories, dtype=object), "")
        frame = pd.DataFrame(
            {
                "file": files[sheet[rows]],
                "row": line[rows],
                "truck": plates[np.asarray(trucks.codes, dtype=np.int64)[rows]],
                **{
                    name: np.repeat(
                        np.array([part[number] for part in self._parts], dtype=object), counts
                    )
                    for number, name in enumerate(("stage", "what", "treatment"), start=1)
                },
            }
        )
        order = np.lexsort((frame["row"].to_numpy(), sheet[rows]))
        words = pd.DataFrame(
            [(file, line, "", "", oddity, how) for file, line, oddity, how in self._words],
            columns=list(COLUMNS),
        )
        both = [part for part in (words, frame.iloc[order]) if len(part)] or [words]
        whole = pd.concat(both, ignore_index=True)
        whole["row"] = whole["row"].astype(np.int64)
        for name in ("file", "truck", "stage", "what", "treatment"):
            whole[name] = whole[name].astype(str)
        return whole
