"""The gate log's map as a file: written with its evidence as comments, read back with its faults.

What it says of a log is not judged here, but for words that no map has.
"""

import io
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from portsim.calendars import UnknownZone, zone
from portsim.errors import Fault, ScenarioError
from portsim.gatelog.mapping import ROLES, STAMPS, Activity, Column, LogMap
from portsim.reading.nodes import Entry, Node, plain_scalar, read_file
from portsim.reading.text import nearest, short

__all__ = ["map_text", "read_map", "write_map"]

_HEAD = """How portsim reads this log, and how it knows. Correct what is wrong, and read the log
again with this file: what stands here holds, what is left out is guessed again. A column is one of
truck, truck_class, direction, load, value, resource, activity, lifecycle, time, date, arrival,
ignore, or {stage: NAME, stamp: queue | start | end}; timezone: beside them is that of its clock."""
_BY_LIFECYCLE = "by lifecycle"
_KEYS = (
    "form",
    "timezone",
    "dates",
    "decimal",
    "arrival",
    "stages",
    "always",
    "columns",
    "activities",
)
_FORMS = ("trucks", "events")
_ORDERS = ("day-first", "month-first", "year-first")
_PARTS = ("role", "stage", "stamp", "timezone", "unit")


def map_text(words: LogMap) -> str:
    """The map as the text of a file."""
    top = CommentedMap()
    top.yaml_set_start_comment(_HEAD)
    _put(top, "form", words.form, words.evidence.get("form", ""))
    if words.timezone:
        _put(top, "timezone", words.timezone, words.evidence.get("timezone", ""))
    if words.dates:
        _put(top, "dates", f"{words.dates}-first", words.evidence.get("dates", ""))
    if words.decimal:
        _put(top, "decimal", words.decimal, "")
    if not words.arrival:
        _put(top, "arrival", "none", words.evidence.get("arrival", ""))
    for name, listed in (("stages", words.stages or None), ("always", words.always)):
        if listed is not None:
            stages = CommentedSeq(_text(stage) for stage in listed)
            stages.fa.set_flow_style()
            _put(top, name, stages, words.evidence.get(name, ""))
    columns = CommentedMap()
    for name, column in words.columns.items():
        _put(columns, name, _column(column), column.evidence)
    top["columns"] = columns
    if words.activities:
        activities = CommentedMap()
        for name, activity in words.activities.items():
            _put(activities, name, _activity(activity), activity.evidence)
        top["activities"] = activities
    yaml = YAML()
    yaml.width = 1_000_000
    stream = io.StringIO()
    yaml.dump(top, stream)
    return stream.getvalue()


def _put(into: CommentedMap, name: str, value: Any, evidence: str) -> None:
    key = _text(name)
    into[key] = _text(value) if isinstance(value, str) else value
    if evidence:
        into.yaml_add_eol_comment(" ".join(evidence.split()), key)


def _text(text: str) -> str:
    """Text that is read back as text."""
    try:
        plain = plain_scalar(text)
    except ValueError:
        plain = None
    return text if plain == text and text.isprintable() else DoubleQuotedScalarString(text)


def _flow(parts: Iterable[tuple[str, str]]) -> CommentedMap:
    made = CommentedMap((name, _text(value)) for name, value in parts if value)
    made.fa.set_flow_style()
    return made


def _column(column: Column) -> Any:
    role = "" if column.role == "stamp" else column.role
    if role and not (column.stage or column.stamp or column.timezone or column.unit):
        return role
    values = role, column.stage, column.stamp, column.timezone, column.unit
    return _flow(zip(_PARTS, values, strict=True))


def _activity(activity: Activity) -> Any:
    if not activity.stage:
        return activity.stamp
    return _flow([("stage", activity.stage), ("stamp", activity.stamp or _BY_LIFECYCLE)])


def write_map(words: LogMap, path: Path) -> None:
    """Write the map, whole or not at all."""
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(map_text(words))
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class _Reader:
    """Reads the nodes of a map and notes their faults."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, node: Node, path: str, expected: str, hint: str = "") -> None:
        found = f"`{short(str(node.value))}`" if not isinstance(node.value, dict | list) else ""
        self.faults.append(node.place.fault(path, "map", found, expected, hint))

    def entries(self, node: Node, path: str, known: tuple[str, ...] = ()) -> dict[str, Entry]:
        if not isinstance(node.value, dict):
            self.fault(node, path, "names, each with what it is")
            return {}
        for key, entry in node.value.items():
            if known and key not in known:
                near = nearest(key, known)
                hint = f"did you mean `{near}`?" if near else ""
                where, expected = f"{path}.{key}".strip("."), f"one of {', '.join(known)}"
                words = ("map", f"`{short(key)}`", expected, hint)
                self.faults.append(entry.key_place.fault(where, *words))
        return node.value

    def word(self, entry: Entry | None, path: str, known: tuple[str, ...] = ()) -> str:
        if entry is None:
            return ""
        value = entry.node.value
        if isinstance(value, dict | list) or value is None or (known and value not in known):
            near = nearest(str(value), known)
            hint = f"did you mean `{near}`?" if near else ""
            self.fault(entry.node, path, f"one of {', '.join(known)}" if known else "a name", hint)
            return ""
        return str(value)

    def timezone(self, entry: Entry | None, path: str) -> str:
        name = self.word(entry, path)
        if entry is None or not name:
            return ""
        try:
            zone(name)
        except UnknownZone as error:
            near = " or ".join(f"`{each}`" for each in error.nearest)
            hint = f"did you mean {near}?" if near else ""
            self.fault(entry.node, path, "an IANA time zone such as Asia/Almaty", hint)
            return ""
        return name

    def listed(self, top: dict[str, Entry], name: str) -> tuple[str, ...] | None:
        if name not in top:
            return None
        node = top[name].node
        if not isinstance(node.value, list):
            self.fault(node, name, "a list of stages")
            return None
        return tuple(self.word(Entry(item.place, item), name) for item in node.value)

    def column(self, node: Node, path: str) -> Column:
        if not isinstance(node.value, dict):
            role = self.word(Entry(node.place, node), path, ROLES)
            return Column(role or "ignore", evidence="as the map says")
        parts = self.entries(node, path, _PARTS)
        role = self.word(parts.get("role"), f"{path}.role", ROLES)
        stage = self.word(parts.get("stage"), f"{path}.stage")
        stamps = (*STAMPS, "arrival") if role == "date" else STAMPS
        stamp = self.word(parts.get("stamp"), f"{path}.stamp", stamps)
        place = self.timezone(parts.get("timezone"), f"{path}.timezone")
        unit = self.word(parts.get("unit"), f"{path}.unit", ("t", "kg"))
        if not role and not stamp:
            self.fault(node, path, "a role:, or a stage: and its stamp:")
        return Column(role or "stamp", stage, stamp, place, unit, "as the map says")

    def activity(self, node: Node, path: str) -> Activity:
        if not isinstance(node.value, dict):
            stamp = self.word(Entry(node.place, node), path, ("arrival", "ignore"))
            return Activity("", stamp, "as the map says")
        parts = self.entries(node, path, ("stage", "stamp"))
        stage = self.word(parts.get("stage"), f"{path}.stage")
        stamp = self.word(parts.get("stamp"), f"{path}.stamp", (*STAMPS, _BY_LIFECYCLE))
        if not stage:
            self.fault(node, path, "the stage: that it belongs to")
        return Activity(stage, "" if stamp == _BY_LIFECYCLE else stamp, "as the map says")


def read_map(path: Path, shown: str = "") -> LogMap:
    """Read a map; what it does not say is empty.

    Raises:
        ScenarioError: all its faults, each with its line.
    """
    root = read_file(Path(path), shown or str(path))
    reader = _Reader()
    top = reader.entries(root, "", _KEYS)
    form = reader.word(top.get("form"), "form", _FORMS)
    timezone = reader.timezone(top.get("timezone"), "timezone")
    dates = reader.word(top.get("dates"), "dates", _ORDERS).removesuffix("-first")
    decimal = reader.word(top.get("decimal"), "decimal", (".", ","))
    arrival = reader.word(top.get("arrival"), "arrival", ("none", "needed")) != "none"
    columns = {
        name: reader.column(entry.node, f"columns.{name}")
        for name, entry in _under(reader, top, "columns").items()
    }
    activities = {
        name: reader.activity(entry.node, f"activities.{name}")
        for name, entry in _under(reader, top, "activities").items()
    }
    stages, always = reader.listed(top, "stages"), reader.listed(top, "always")
    if reader.faults:
        raise ScenarioError(reader.faults)
    evidence = dict.fromkeys(
        ("form", "timezone", "dates", "arrival", "stages", "always"), "as the map says"
    )
    return LogMap(
        form,
        MappingProxyType(columns),
        MappingProxyType(activities),
        stages or (),
        always,
        timezone,
        dates,
        decimal,
        arrival,
        MappingProxyType(evidence),
    )


def _under(reader: _Reader, top: dict[str, Entry], name: str) -> dict[str, Entry]:
    return reader.entries(top[name].node, name) if name in top else {}
