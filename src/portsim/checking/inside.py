"""The trucks inside at the beginning: rows of a list or a file, read and held against the port.

A state that cannot be is refused here, with the row that says so. What becomes of the trucks, and
who is meant by mere counts, may not enter.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from portsim.calendars import to_utc, zone
from portsim.checking.findings import Findings
from portsim.errors import Fault, ScenarioError
from portsim.gatelog.sheets import read_sheets
from portsim.reading.text import nearest, short
from portsim.scenario.inside import STATUSES, Inside, InsideTruck, TrucksInside
from portsim.scenario.legs import places_at
from portsim.scenario.model import Scenario
from portsim.scenario.stages import Stage
from portsim.scenario.traffic import TruckClass
from portsim.scenario.value_text import spelt_number
from portsim.tables.instants import read_instants
from portsim.tables.numbers import read_numbers
from portsim.tables.separated import read_table

__all__ = ["COLUMNS", "Rows", "read_inside", "rows_of_file", "rows_of_list"]

COLUMNS = (
    *("truck", "class", "stage", "status", "since", "arrived", "direction", "load", "holds"),
    *("remaining", "passing", "by", "drawn"),
)
"""Columns of a file; `truck_class` is `class` as well."""
_NEEDED = ("class", "stage", "since")
_MOST_T, _MOST_MIN, _MOST_NUMBER = 1e5, 1e7, 1e9
_COUNTED = re.compile(r"(.*?)\s*[ x×:]\s*(\d{1,6})")
_NOTHING = ("-", "nothing", "none")

Tell = Callable[[int, str, str, str, str], None]
"""Notes a fault: number of the row, column, what was found, what was expected, hint."""


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """The rows of a list of trucks: n rows, their cells as text, empty where nothing is said."""

    cells: Mapping[str, Sequence[str]]
    """n texts by column, of all `COLUMNS`."""
    tell: Tell
    count: int
    separator: str = ""
    decimal: str | None = None
    """Sign before the decimals, where it is known."""


def rows_of_list(findings: Findings, words: Inside) -> Rows:
    """The rows of a list in the scenario file itself."""

    def tell(row: int, column: str, found: str, expected: str, hint: str) -> None:
        path = ("inside", "trucks", row)
        if not findings.written(*path):
            # A list alone stands where the mapping would.
            path = ("inside", row)  # type: ignore[assignment]
        at = (*path, column) if findings.written(*path, column) else path
        findings.error(at, "inside", expected, hint, found)

    trucks = [_as_cells(truck) for truck in words.trucks]
    cells = {column: [truck.get(column, "") for truck in trucks] for column in COLUMNS}
    return Rows(cells, tell, len(trucks), decimal=".")


def _as_cells(truck: InsideTruck) -> dict[str, str]:
    holds = truck.holds
    return {
        **{name: getattr(truck, name) for name in ("truck", "stage", "status", "since", "by")},
        "class": truck.class_,
        "arrived": truck.arrived,
        "direction": truck.direction,
        "load": "" if truck.load is None else spelt_number(truck.load),
        "holds": ""
        if holds is None
        else "; ".join(f"{name} {count}" for name, count in holds.items()) or _NOTHING[0],
        "remaining": "" if truck.remaining is None else repr(truck.remaining / 60.0),
        "passing": "" if truck.passing == 1 else str(truck.passing),
        "drawn": "" if truck.drawn is None else str(truck.drawn),
    }


def rows_of_file(findings: Findings, file: Path, data: bytes) -> Rows | None:
    """The rows of a CSV, xlsx or parquet file; None after a fault."""

    def note(line: int, found: str, expected: str, hint: str) -> None:
        findings.faults.append(Fault(str(file), line, 0, "", "cell", found, expected, hint))

    separator = ""
    if data.startswith((b"PK", b"PAR1", b"\xd0\xcf\x11\xe0")):
        try:
            sheet = read_sheets(file, str(file))[0]
        except ScenarioError as error:
            findings.faults += error.faults
            return None
        header, lines = list(sheet.names), sheet.lines.tolist()
        columns = [[text or "" for text in column.to_pylist()] for column in sheet.texts]
    else:
        known = len(findings.faults)
        table = read_table(data, "stage", note)
        if table is None or len(findings.faults) > known:
            return None
        header, lines, separator = list(table.header), [r.line for r in table.rows], table.separator
        columns = [[r.cells[number] for r in table.rows] for number in range(len(header))]
    names = ["class" if name == "truck_class" else name for name in header]
    for name in _NEEDED:
        if name not in names:
            near = nearest(name, header)
            hint = f"did you mean `{near}`?" if near else f"the columns are {', '.join(COLUMNS)}"
            note(1, f"no column `{name}`", f"a column `{name}`", hint)
    if not set(_NEEDED) <= set(names):
        return None
    cells = {
        column: columns[names.index(column)] if column in names else [""] * len(lines)
        for column in COLUMNS
    }

    def tell(row: int, column: str, found: str, expected: str, hint: str) -> None:
        note(lines[row], f"{found} under {column}", expected, hint)

    return Rows(cells, tell, len(lines), separator)


def read_inside(scenario: Scenario, rows: Rows) -> TrucksInside | None:
    """Read the rows; each that cannot be is told.

    Args:
        scenario: whose classes, stages and hours the rows are held against; zones are known.
        rows: of a list or a file.

    Returns:
        The trucks; None after a fault.
    """
    return _Reader(scenario, rows).read()


class _Reader:
    def __init__(self, scenario: Scenario, rows: Rows) -> None:
        self.scenario, self.rows, self.good = scenario, rows, True
        minute = scenario.period.begins
        place = zone(scenario.timezone)
        at = minute.hour * 3600 + minute.minute * 60
        self.begins = to_utc(minute.date(), at, place, later=False)

    def fault(self, row: int, column: str, expected: str, hint: str = "", found: str = "") -> None:
        cell = self.rows.cells[column][row]
        self.good = False
        self.rows.tell(row, column, found or f"`{short(cell)}`", expected, hint)

    def read(self) -> TrucksInside | None:
        cells, n = self.rows.cells, self.rows.count
        since = self.instants("since", range(n))
        there = [row for row in range(n) if cells["arrived"][row]]
        arrived = {**since, **self.instants("arrived", there)}
        load = self.numbers("load", "t", _MOST_T)
        remaining = self.numbers("remaining", "min", _MOST_MIN)
        drawn = self.numbers("drawn", "", _MOST_NUMBER)
        passing = self.numbers("passing", "", _MOST_NUMBER)
        holds = [self.holds(row) for row in range(n)]
        self.known_names(passing)
        for row in range(n):
            self.times(row, since, arrived)
        self.once("truck", [(name,) for name in cells["truck"]])
        numbered = [
            (cells["class"][row], int(drawn[row])) if row in drawn else ("",) for row in range(n)
        ]
        self.once("drawn", numbered)
        if not self.good:
            return None

        def column(values: Mapping[int, float]) -> Any:
            return np.array([values.get(row, np.nan) for row in range(n)], dtype=np.float64)

        last = self.begins - 1
        return TrucksInside(
            names=tuple(cells["truck"]),
            classes=tuple(cells["class"]),
            stages=tuple(cells["stage"]),
            working=np.array([cells["status"][row] == STATUSES[1] for row in range(n)], dtype=bool),
            # Who came in the very second of the beginning came before it, as the last.
            since=np.array([min(since[row], last) for row in range(n)], dtype=np.int64),
            arrived=np.array([min(arrived[row], last) for row in range(n)], dtype=np.int64),
            tonnes=column(load),
            remaining=column(remaining) * 60.0,
            drawn=np.array([drawn.get(row, -1) for row in range(n)], dtype=np.int64),
            holds=tuple(holds),
            assumed=np.zeros(n, dtype=bool),
            passes=np.array([passing.get(row, 1) for row in range(n)], dtype=np.int64),
            by=tuple(cells["by"]),
        )

    # ---- cells ---------------------------------------------------------------------------------

    def instants(self, column: str, rows: Sequence[int]) -> dict[int, int]:
        """Epoch seconds by row."""
        cells = [(row, self.rows.cells[column][row]) for row in rows]

        def note(row: int, found: str, expected: str, hint: str) -> None:
            self.good = False
            self.rows.tell(row, column, found, expected, hint)

        read = read_instants(cells, self.scenario.timezone, note) if cells else None
        return {} if read is None else dict(zip(read.lines, read.seconds.tolist(), strict=True))

    def numbers(self, column: str, unit: str, most: float) -> dict[int, float]:
        """Numbers by row, where there are any."""
        cells = [(row, cell) for row, cell in enumerate(self.rows.cells[column]) if cell]
        faulty = False

        def note(row: int, found: str, expected: str, hint: str) -> None:
            nonlocal faulty
            faulty, self.good = True, False
            self.rows.tell(row, column, found, expected, hint)

        numbers = read_numbers(cells, self.rows.decimal, self.rows.separator, most, unit, note)
        if faulty:
            return {}
        return dict(zip((row for row, _ in cells), numbers, strict=True))

    def holds(self, row: int) -> dict[str, int] | None:
        """Resources that a row says the truck keeps."""
        cell = self.rows.cells["holds"][row]
        if not cell:
            return None
        if cell.lower() in _NOTHING:
            return {}
        resources, held = self.scenario.resources, Counter[str]()
        for part in (part.strip() for part in re.split(r"[;,]", cell)):
            counted = _COUNTED.fullmatch(part)
            name, count = (
                (part, 1)
                if part in resources or counted is None
                else (counted[1].strip(), int(counted[2]))
            )
            if name not in resources:
                self.unknown(row, "holds", name, list(resources), "resource")
            held[name] += count
        return dict(held)

    # ---- what can be ---------------------------------------------------------------------------

    def unknown(self, row: int, column: str, name: str, names: list[str], kind: str) -> None:
        near = nearest(name, names)
        hint = f"did you mean `{near}`?" if near else f"known: {', '.join(names[:12]) or 'none'}"
        self.fault(row, column, f"the name of a {kind}", hint, f"`{short(name)}`")

    def known_names(self, passing: Mapping[int, float]) -> None:
        cells, classes = self.rows.cells, self.scenario.traffic.classes
        for row in range(self.rows.count):
            stage, name = cells["stage"][row], cells["class"][row]
            status, way = cells["status"][row], cells["direction"][row]
            if stage not in self.scenario.stages:
                self.unknown(row, "stage", stage, list(self.scenario.stages), "stage")
            if name not in classes:
                self.unknown(row, "class", name, list(classes), "class")
            elif stage in self.scenario.stages:
                self.on_route(row, classes[name], passing.get(row, 1))
            if status not in (*STATUSES, ""):
                self.fault(row, "status", " or ".join(f"`{word}`" for word in STATUSES))
            if way and name in classes and way != classes[name].direction:
                hint = "classes have one direction each; is it another class?"
                self.fault(row, "direction", f"`{classes[name].direction}`, as {name} has", hint)
            if cells["remaining"][row] and status != STATUSES[1]:
                hint = "write `working`, or leave it out"
                self.fault(row, "remaining", "`remaining` of a truck at work alone", hint)
            if cells["by"][row] and stage in self.scenario.stages:
                self.served(row, self.scenario.stages[stage], status == STATUSES[1])

    def on_route(self, row: int, cls: TruckClass, passing: float) -> None:
        """A stage of the route of its class, so often as it may come there."""
        stage, name = self.rows.cells["stage"][row], self.rows.cells["class"][row]
        most = sum(at == stage for at, _ in places_at(cls))
        if not most:
            hint = f"the route of {name} is {', '.join(step.stage for step in cls.route)}"
            self.fault(row, "stage", f"a stage that {name} passes", hint)
            return
        if passing not in range(1, most + 1):
            expected = f"a whole number from 1 to {most}, so often {name} may pass {stage}"
            self.fault(row, "passing", expected)

    def served(self, row: int, stage: Stage, working: bool) -> None:
        """Servers that do in place of others at its stage, of a truck at work."""
        by, named = self.rows.cells["by"][row], self.rows.cells["stage"][row]
        others = stage.instead
        if by not in others:
            hint = f"`instead_of` of {named}: {', '.join(others) or 'none'}"
            expected = "servers that may do in place of others there"
            self.fault(row, "by", expected, hint)
        elif not working:
            self.fault(
                row, "by", "`by` of a truck at work alone", "write `working`, or leave it out"
            )

    def times(self, row: int, since: Mapping[int, int], arrived: Mapping[int, int]) -> None:
        if row not in since:
            return
        begins = f"the beginning, {self.scenario.period.text.split(' to ')[0]}"
        if since[row] > self.begins:
            hint = "who comes later is an arrival; or let the period begin later"
            self.fault(row, "since", f"a time that is not after {begins}", hint)
        elif since[row] < self.begins - 366 * 86_400:
            self.fault(row, "since", f"a time in the year before {begins}", "is the year right?")
        if row in arrived and arrived[row] > since[row]:
            expected = f"an arrival that is not after since, {self.rows.cells['since'][row]}"
            self.fault(row, "arrived", expected)

    def once(self, column: str, keys: Sequence[tuple[Any, ...]]) -> None:
        """No two rows of one key; an empty text is none."""
        first: dict[tuple[Any, ...], int] = {}
        for row, key in enumerate(keys):
            if key != ("",) and first.setdefault(key, row) != row:
                words = {"truck": "each truck in one row", "drawn": "each number of a class once"}
                self.fault(row, column, words[column], "a truck is at one stage at a time")
