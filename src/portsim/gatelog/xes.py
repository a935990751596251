"""The gate log's event logs in XES (IEEE 1849-2016): a stream of XML becomes a table of events.

Documents that declare types or entities are refused before anything of them is worked out.
"""

from typing import Any
from xml.parsers import expat

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]

from portsim.arrays import Ints
from portsim.gatelog.faults import refuse
from portsim.reading.text import short
from portsim.tables.columns import Columns

__all__ = ["read_xes"]

_VALUES = frozenset(("string", "date", "int", "float", "boolean", "id"))
_TRUCK, _NAME = "case:concept:name", "concept:name"
_FIRST = (_TRUCK, _NAME, "lifecycle:transition", "time:timestamp", "org:resource")
_MOST_COLUMNS = 200
_MOST_DEPTH = 50
_MOST_LETTERS = 131_072
_PIECE = 1 << 20


class _Log:
    """What the parser meets: traces of events with attributes."""

    def __init__(self, shown: str, parser: Any) -> None:
        self.shown, self.parser = shown, parser
        self.names: dict[str, int] = {name: number for number, name in enumerate(_FIRST)}
        self.trace: dict[str, str] = {}
        self.event: dict[str, str] | None = None
        self.stack: list[str] = []
        self.rows: list[tuple[int, dict[int, str]]] = []
        self.line, self.cases = 0, 0

    def refuse(self, found: str, expected: str) -> None:
        line = self.parser.CurrentLineNumber
        refuse(self.shown, "xml", found, expected, "export the log again", line)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        outer = self.stack[-1] if self.stack else ""
        if not self.stack and tag != "log":
            self.refuse(f"<{short(tag)}>", "an event log in XES, <log>")
        self.stack.append(tag)
        if len(self.stack) > _MOST_DEPTH:
            self.refuse(f"tags nested more than {_MOST_DEPTH} deep", "<trace> and <event>")
        if tag == "trace":
            self.trace = {}
            self.cases += 1
        elif tag == "event":
            self.event, self.line = {}, self.parser.CurrentLineNumber
        elif tag in _VALUES and outer in ("trace", "event"):
            name, value = attributes.get("key", ""), attributes.get("value", "")
            if len(value) > _MOST_LETTERS:
                self.refuse(f"a value of {len(value):,} letters", "values of a log of trucks")
            if outer == "event" and self.event is not None:
                self.event[name] = value.strip()
            else:
                self.trace[f"case:{name}" if not name.startswith("case:") else name] = value.strip()

    def end(self, tag: str) -> None:
        if self.stack.pop() == "event" and self.event is not None:
            # Each attribute of a trace is one of its events.
            trace = self.trace or {_TRUCK: str(self.cases)}
            self.rows.append((self.line, self._numbered({**trace, **self.event})))
            self.event = None

    def _numbered(self, values: dict[str, str]) -> dict[int, str]:
        for name in values:
            if name not in self.names:
                if len(self.names) >= _MOST_COLUMNS:
                    self.refuse(f"more than {_MOST_COLUMNS} kinds of attributes", "a log of trucks")
                self.names[name] = len(self.names)
        return {self.names[name]: value for name, value in values.items()}


def read_xes(data: bytes, shown: str) -> Columns:
    """The events of a log, with the line on which each begins.

    Returns:
        A row an event. Columns are called as in other event logs: ``case:concept:name``,
        ``concept:name``, ``lifecycle:transition``, ``time:timestamp``, ``org:resource``, and
        attributes by their keys, those of a trace with ``case:`` before them.

    Raises:
        ScenarioError: it is no XES, is damaged, or declares a document type.
    """
    parser = expat.ParserCreate()
    log = _Log(shown, parser)

    def declared(*_: object) -> None:
        log.refuse("a document type or an entity that is declared", "a plain log")

    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    parser.ExternalEntityRefHandler = declared  # type: ignore[assignment]
    parser.StartElementHandler = log.start
    parser.EndElementHandler = log.end
    parser.buffer_text = True
    packed: list[tuple[int, dict[int, pa.Array]]] = []
    lines: list[Ints] = []
    try:
        for begin in range(0, len(data), _PIECE):
            parser.Parse(data[begin : begin + _PIECE], begin + _PIECE >= len(data))
            lines.append(np.array([line for line, _ in log.rows], dtype=np.int64))
            packed.append((len(log.rows), _packed(log)))
            log.rows.clear()
    except expat.ExpatError as error:
        found = f"something that is no XML ({expat.ErrorString(error.code)})"
        refuse(shown, "xml", found, "an event log in XES", "export the log again", error.lineno)
    except (LookupError, ValueError):
        found = "a coding that XML is not read in"
        refuse(shown, "xml", found, "an event log in UTF-8", "export the log again", 1)
    columns = [
        pa.chunked_array(
            [part.get(number, pa.repeat(pa.scalar(""), rows)) for rows, part in packed],
            pa.string(),
        )
        for number in range(len(log.names))
    ]
    return Columns(tuple(log.names), 0, tuple(columns), np.concatenate(lines))


def _packed(log: _Log) -> dict[int, pa.Array]:
    """The rows so far as columns, which take less room."""
    there = {number for _, values in log.rows for number in values}
    return {
        number: pa.array([values.get(number, "") for _, values in log.rows], pa.string())
        for number in there
    }
