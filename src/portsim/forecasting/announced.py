"""Announced trucks: a list of who will come, and when, in place of trucks that are drawn."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from portsim.arrays import Ints
from portsim.errors import Fault, InputError, ScenarioError
from portsim.forecasting.futures import Seen
from portsim.forecasting.probes import Asked
from portsim.gatelog.sheets import read_sheets
from portsim.reading.text import nearest, short
from portsim.scenario.model import Scenario
from portsim.scenario.recorded import Record, Recorded, record_key
from portsim.scenario.traffic import Arrivals
from portsim.tables.instants import read_instants

__all__ = ["Announced", "announced_in", "asked_by_name", "with_announced"]

_FILE = "the announced trucks"
_NEEDED = ("class", "arrival")


@dataclass(frozen=True, eq=False, slots=True)
class Announced:
    """Trucks that are announced: n trucks, by arrival."""

    names: tuple[str, ...]
    classes: tuple[str, ...]
    seconds: Ints
    """int64[n], UTC epoch seconds."""


def announced_in(file: Path, scenario: Scenario, begins: int) -> Announced:
    """Read a list of announced trucks: columns truck, class, arrival.

    Args:
        file: CSV, xlsx or parquet.
        scenario: its classes and its clock.
        begins: UTC epoch second of the forecast; who was announced for an earlier time is inside
            or did not come.

    Raises:
        InputError: the file cannot be read.
        ScenarioError: every row that cannot be, with its line.
    """
    if not file.is_file():
        raise InputError(f"{file}: no such file")
    sheet = read_sheets(file, str(file))[0]
    faults: list[Fault] = []
    lines = sheet.lines.tolist()

    def note(row: int, found: str, expected: str, hint: str = "") -> None:
        line = lines[row] if row >= 0 else 1
        faults.append(Fault(str(file), line, 0, "", "cell", found, expected, hint))

    names = ["class" if name == "truck_class" else name for name in sheet.names]
    cells: dict[str, list[str]] = {}
    for column in ("truck", *_NEEDED):
        if column in names:
            texts = sheet.texts[names.index(column)].to_pylist()
            cells[column] = [(text or "").strip() for text in texts]
        elif column in _NEEDED:
            note(-1, f"no column `{column}`", f"a column `{column}`", "truck, class, arrival")
    if faults:
        raise ScenarioError(faults)
    classes = list(scenario.traffic.classes)
    for row, name in enumerate(cells["class"]):
        if name not in classes:
            near = nearest(name, classes)
            hint = f"did you mean `{near}`?" if near else f"known: {', '.join(classes[:12])}"
            note(row, f"`{short(name)}` under class", "the name of a class", hint)
    instants = read_instants(list(enumerate(cells["arrival"])), scenario.timezone, note)
    seconds = np.zeros(len(lines), dtype=np.int64)
    seconds[list(instants.lines)] = instants.seconds
    for row in instants.lines:
        if seconds[row] < begins:
            found = f"`{cells['arrival'][row]}` under arrival"
            note(row, found, "a time that is not before the forecast", "who has come is inside")
    if faults:
        raise ScenarioError(faults)
    order = np.argsort(seconds, kind="stable")
    plates = cells.get("truck", [""] * len(lines))
    return Announced(
        tuple(plates[row] for row in order.tolist()),
        tuple(cells["class"][row] for row in order.tolist()),
        seconds[order],
    )


def with_announced(scenario: Scenario, announced: Announced) -> Scenario:
    """The scenario in which the classes of announced trucks come as announced, and no others."""
    updated: dict[str, Any] = {}
    records = dict(scenario.origin.records)
    scale = scenario.traffic.scale or 1.0
    for name in dict.fromkeys(announced.classes):
        words = Recorded(file=_FILE, only={"truck_class": (name,)})
        mine = np.array([other == name for other in announced.classes], dtype=bool)
        records[record_key(words)] = Record(announced.seconds[mine])
        coming = {"arrivals": Arrivals(recorded=words), "scale": 1.0 / scale}
        updated[name] = scenario.traffic.classes[name].model_copy(update=coming)
    traffic = scenario.traffic.model_copy(update={**updated, "scale": scale})
    origin = replace(scenario.origin, records=records, checked="")
    return scenario.model_copy(update={"traffic": traffic}).from_origin(origin)


def asked_by_name(seen: Seen, announced: Announced) -> list[Asked]:
    """What becomes of each announced truck that comes in the period."""
    m, run = len(seen.names), seen.timetable.run
    names = seen.timetable.context.class_names
    by_row: dict[int, Asked] = {}
    for number, name in enumerate(names):
        own = [row for row, cls in enumerate(announced.classes) if cls == name]
        own = [row for row in own if announced.seconds[row] < run.stop]
        if not own:
            continue
        # The trucks of a class come in the order of the list, in every future.
        outs = np.array([future.out[m:][future.cls[m:] == number] for future in seen.outs])
        for place, row in enumerate(own):
            second = int(announced.seconds[row])
            arrival = np.full(len(seen.outs), second)
            label = announced.names[row]
            by_row[row] = Asked(label, name, "announced", second, arrival, outs[:, place])
    return [by_row[row] for row in sorted(by_row)]
