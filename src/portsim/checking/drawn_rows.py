"""Values that are drawn together: the file that a scenario names for it, a row a replication.

Which inputs are drawn, and by whose luck, is not decided here.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from portsim.arrays import Reals
from portsim.errors import Fault, ScenarioError
from portsim.reading.text import dotted, nearest, short
from portsim.scenario.assumptions import Assumption
from portsim.scenario.model import Scenario
from portsim.scenario.putting import ABSENT, at, locate
from portsim.scenario.units import read_in_unit
from portsim.scenario.validation_messages import ValueFault
from portsim.tables.numbers import read_numbers
from portsim.tables.separated import Note, Table, read_table

__all__ = ["DRAW", "DrawnRows", "drawn_rows", "headed"]

DRAW = "draw"
"""Header of the first column: the number of the row."""
_PATH = ("study", "draws")
_HEAD = re.compile(r"(?P<path>.+?)(?: \[(?P<unit>[^\]]*)\])?")
_MOST = 1e15


def headed(path: str, unit: str) -> str:
    """The header of the column of a value."""
    return f"{path} [{unit}]" if unit else path


@dataclass(frozen=True, eq=False, slots=True)
class DrawnRows:
    """The file of some draws; k rows.

    Attributes:
        file: as messages call it.
        named_in: the scenario file that names it; only values that stand there are drawn by it, so
            that an overlay keeps what it says itself.
        values: by dotted path float64[k], in the unit of its column.
        units: by dotted path; empty for plain numbers.
        quantiles: by dotted path float64[k], which part of its column lies below each value.
        digest: of the file, SHA-256 in hex.
    """

    file: str
    named_in: str
    values: Mapping[str, Reals]
    units: Mapping[str, str]
    quantiles: Mapping[str, Reals]
    digest: str

    @property
    def count(self) -> int:
        """How many rows there are."""
        return min(len(column) for column in self.values.values())

    def path_of(self, assumption: Assumption, policy: str) -> str | None:
        """The path of the column by which an input of a policy is drawn; None if by none."""
        file = assumption.place.file
        if file != self.named_in and os.path.realpath(file) != os.path.realpath(self.named_in):
            return None
        return next((path for path in assumption.places[policy] if path in self.values), None)

    def draw(self, assumption: Assumption, path: str, row: int) -> tuple[float, float]:
        """The value of an input in a row, in the unit of the input, and its quantile in the column.

        The rows come again after the last one.
        """
        column, unit = self.values[path], self.units[path]
        here = row % len(column)
        value = float(column[here])
        if unit != assumption.unit:
            value = read_in_unit(f"{value:.12g} {unit}", assumption.unit)
        return value, float(self.quantiles[path][here])


def drawn_rows(policies: Sequence[Scenario]) -> dict[str, DrawnRows]:
    """The files that some policies name below ``study: {draws: …}``, by name of the policy.

    Raises:
        ScenarioError: a file is missing or no such table, or has an address that no policy has.
    """
    by_policy: dict[str, DrawnRows] = {}
    of_file: dict[tuple[str, str], DrawnRows] = {}
    users: dict[tuple[str, str], list[Scenario]] = {}
    for policy in policies:
        tree = policy.origin.tree
        if tree is None or not policy.study.draws:
            continue
        named_in = tree.places[_PATH].file
        file = Path(named_in).parent / policy.study.draws
        key = (os.path.realpath(file), os.path.realpath(named_in))
        if key not in of_file:
            of_file[key] = _read(file, policy)
        by_policy[policy.name] = of_file[key]
        users.setdefault(key, []).append(policy)
    for key, rows in of_file.items():
        _refuse_strange(rows, users[key])
    return by_policy


def _read(file: Path, policy: Scenario) -> DrawnRows:
    assert policy.origin.tree is not None
    place = policy.origin.tree.places[_PATH]
    if not file.is_file():
        words = (f"`{short(file.name)}`, no such file", "a CSV file beside the scenario file")
        raise ScenarioError([place.fault("study.draws", "missing-file", *words)])
    faults: list[Fault] = []

    def note(line: int, found: str, expected: str, hint: str) -> None:
        faults.append(Fault(str(file), line, 0, "", "cell", found, expected, hint))

    data = file.read_bytes()
    table = read_table(data, DRAW, note)
    if table is not None and not faults:
        if DRAW not in table.header or not table.rows:
            found = f"no column `{DRAW}`" if DRAW not in table.header else "no rows"
            note(1, found, f"a table with a column `{DRAW}` and a row a draw", "")
        else:
            values, units = _columns(table, note)
            if not values:
                note(1, "no column of a value", "a column a value, called by its path", "")
            if not faults:
                places = {path: _quantiles(column) for path, column in values.items()}
                digest = hashlib.sha256(data).hexdigest()
                return DrawnRows(str(file), place.file, values, units, places, digest)
    raise ScenarioError(faults)


def _quantiles(column: Reals) -> Reals:
    # Half of what a command takes to start, and few scenarios have rows of draws.
    from scipy.stats import rankdata  # noqa: PLC0415

    return np.asarray((rankdata(column) - 0.5) / len(column), dtype=np.float64)


def _columns(table: Table, note: Note) -> tuple[dict[str, Reals], dict[str, str]]:
    values: dict[str, Reals] = {}
    units: dict[str, str] = {}
    for number, head in enumerate(table.header):
        match = _HEAD.fullmatch(head)
        if head == DRAW or match is None:
            continue
        path, unit = match["path"], match["unit"] or ""
        if path in values:
            note(1, f"`{short(path)}` twice", "a column a value", "")
        try:
            read_in_unit(f"1 {unit}" if unit else 1, unit)
        except ValueFault as wrong:
            note(1, f"`{short(unit)}`", wrong.expected, "write the unit in brackets, e.g. [min]")
        cells = [(row.line, row.cells[number]) for row in table.rows]
        values[path] = np.array(
            read_numbers(cells, None, table.separator, _MOST, unit, note), dtype=np.float64
        )
        units[path] = unit
    return values, units


def _refuse_strange(rows: DrawnRows, policies: Iterable[Scenario]) -> None:
    trees = [policy.origin.tree for policy in policies]
    faults = []
    for path in rows.values:
        places = ((tree, locate(tree.data, path)) for tree in trees if tree is not None)
        if any(spot and at(tree.data, spot) is not ABSENT for tree, spot in places):
            continue
        noted = [dotted(spot) for tree in trees if tree is not None for spot in tree.notes]
        near = nearest(path, noted)
        hint = f"did you mean `{near}`?" if near else "portsim provenance lists the values"
        words = (f"`{short(path, 200)}`", f"the path of a value of {rows.named_in}", hint)
        faults.append(Fault(rows.file, 1, 0, "", "unknown-path", *words))
    if faults:
        raise ScenarioError(faults)
