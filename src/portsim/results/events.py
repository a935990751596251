"""The room of results: the log as events, the way process-mining tools read it.

A truck is a case. Names of columns and attributes are those of IEEE 1849-2016 (XES) and its
standard extensions; nothing is measured here.
"""

import datetime as dt
import gzip
import io
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import quoteattr

import numpy as np
import pandas as pd

from portsim.errors import InputError
from portsim.results import tables
from portsim.results.folder import atomic_write
from portsim.results.logs import PortLog

__all__ = ["FORMATS", "event_table", "export_events"]

Format = Literal["xes", "csv", "parquet"]
FORMATS: tuple[Format, ...] = ("xes", "csv", "parquet")

ARRIVAL = "port: arrival"
"""First event of every truck; no stage can be called so, for its name may hold no colon."""
_INSIDE = "inside"

_COLUMNS: tables.Schema = {
    "case:concept:name": "text",
    "case:class": "text",
    "case:direction": "text",
    "case:pieces": "integer",
    "case:tonnes": "number",
    "case:outcome": "text",
    "case:warm_up": "text",
    "concept:name": "text",
    "lifecycle:transition": "text",
    "time:timestamp": "text",
    "org:resource": "text",
    "activity_code": "text",
    "waited_s": "number",
    "waited_closed_s": "number",
}


def event_table(
    log: PortLog, first: dt.date | None = None, last: dt.date | None = None
) -> pd.DataFrame:
    """The events of the trucks that arrived on some days.

    Args:
        log: the log.
        first: first local day of arrival; from the start of the warm-up if left out.
        last: last local day, inclusive; to the end if left out.

    Returns:
        A row an event, truck by truck in the order of what happened: arrival at the port, start
        and complete of each visit, leaving by the truck's outcome. ``time:timestamp`` is an
        instant in the port's zone; ``org:resource`` the servers the stage takes (kinds of them,
        not persons), empty where none; ``waited_s`` and ``waited_closed_s`` stand at the start of
        a visit, NaN elsewhere. What did not happen before the end has no row.

    Raises:
        InputError: no truck arrived on these days.
    """
    trucks = log.trucks
    if first is not None:
        trucks = trucks[trucks["arrival"] >= pd.Timestamp(first).tz_localize(log.zone)]
    if last is not None:
        after = pd.Timestamp(last + dt.timedelta(days=1)).tz_localize(log.zone)
        trucks = trucks[trucks["arrival"] < after]
    if trucks.empty:
        msg = f"no truck arrived between {first or 'the start'} and {last or 'the end'}"
        raise InputError(f"{log.folder}: {msg}; the period begins on {log.start.date()}")
    visits = log.visits[log.visits["truck"].isin(trucks["truck"])].reset_index(drop=True)
    waited = (visits["admitted"] - visits["queued"]).dt.total_seconds()
    common = {"truck": visits["truck"], "concept:name": visits["stage"]}
    common |= {"org:resource": visits["stage"].map(_servers(log)).fillna("")}
    common |= {"activity_code": visits["activity"]}
    none = {"org:resource": "", "activity_code": "", "waited_s": np.nan, "waited_closed_s": np.nan}
    left = trucks[trucks["outcome"] != _INSIDE]
    closed = visits["wait_closed_s"].astype(np.float64)
    order = np.arange(len(visits))
    parts = [
        _part(trucks["truck"], ARRIVAL, "complete", trucks["arrival"], -1, none),
        _part(
            *(visits["truck"], visits["stage"], "start", visits["admitted"], 2 * order),
            {**common, "waited_s": waited, "waited_closed_s": closed},
        ),
        _part(
            *(visits["truck"], visits["stage"], "complete", visits["finished"], 2 * order + 1),
            {**common, "waited_s": np.nan, "waited_closed_s": np.nan},
        ),
        _part(left["truck"], "port: " + left["outcome"], "complete", left["left"], 2**62, none),
    ]
    events = pd.concat(parts, ignore_index=True).dropna(subset=["time:timestamp"])
    cases = pd.DataFrame(
        {
            "truck": trucks["truck"],
            "case:concept:name": trucks["truck"].astype(str),
            "case:class": trucks["truck_class"],
            **{f"case:{name}": trucks[name] for name in ("direction", "pieces", "tonnes")},
            "case:outcome": trucks["outcome"],
            "case:warm_up": np.where(trucks["arrival"] < log.start, "true", "false"),
        }
    )
    events = events.sort_values(["truck", "order"], kind="stable")
    return events.merge(cases, on="truck", how="left")[list(_COLUMNS)]


def _part(
    trucks: pd.Series,
    name: Any,
    transition: str,
    times: pd.Series,
    order: Any,
    others: Mapping[str, Any],
) -> pd.DataFrame:
    words = {"concept:name": name, "lifecycle:transition": transition, "time:timestamp": times}
    return pd.DataFrame({**others, "truck": trucks, "order": order, **words})


def _servers(log: PortLog) -> dict[str, str]:
    """The servers each stage takes, in words."""
    kinds = log.entry.resolved.get("resources") or {}
    return {
        name: " + ".join(
            resource
            for resource in stage.get("takes") or {}
            if (kinds.get(resource) or {}).get("kind", "servers") == "servers"
        )
        for name, stage in (log.entry.resolved.get("stages") or {}).items()
    }


def export_events(
    log: PortLog,
    kind: Format,
    out: Path | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> tuple[Path, int, int]:
    """Write the events of a log, whole or not at all.

    Args:
        log: the log.
        kind: ``xes``, ``csv`` or ``parquet``.
        out: the file; ``events-<scenario>.<kind>`` in the result folder if left out. A name that
            ends in ``.gz`` is packed (xes and csv).
        first: first local day of arrival.
        last: last local day, inclusive.

    Returns:
        The file, the number of trucks and the number of events.

    Raises:
        InputError: no truck arrived on these days, or a packed parquet file was asked for.
        OSError: the file cannot be written.
    """
    path = out if out is not None else log.folder / f"events-{log.entry.name}.{kind}"
    packed = path.suffix == ".gz"
    if packed and kind == "parquet":
        msg = f"{path}: parquet is packed already; leave the .gz away"
        raise InputError(msg)
    if not path.absolute().parent.is_dir():
        msg = f"{path.parent}: no such folder; make it first or choose another --out"
        raise InputError(msg)
    table = event_table(log, first, last)
    if kind == "parquet":
        atomic_write(path, tables.to_parquet(table, _COLUMNS, path.name))
    else:
        written = table.assign(**{"time:timestamp": _iso(table["time:timestamp"])})
        if kind == "csv":
            pieces: Iterator[bytes] = iter([tables.to_csv(written, _COLUMNS, path.name)])
        else:
            pieces = _xes(log, written)
        atomic_write(path, _packed(pieces) if packed else pieces)
    return path, table["case:concept:name"].nunique(), len(table)


def _iso(instants: pd.Series) -> np.ndarray:
    """Local times with their offset, as ISO 8601 to the second: an array of text."""
    local = instants.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    utc = instants.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    offsets, code = np.unique((local - utc).astype(np.int64), return_inverse=True)
    words = [
        f"{'-' if s < 0 else '+'}{abs(s) // 3600:02d}:{abs(s) % 3600 // 60:02d}"
        for s in offsets.tolist()
    ]
    return np.char.add(np.datetime_as_string(local, unit="s"), np.array(words)[code]).astype(object)


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    out = io.BytesIO()
    # Neither name nor time: the same log gives the same bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as file:
        for piece in pieces:
            file.write(piece)
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <string key="lifecycle:transition" value="complete"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>
"""
_AT_ONCE = 2_000


def _xes(log: PortLog, events: pd.DataFrame) -> Iterator[bytes]:
    """The text of an XES file, some trucks at a time; a year of a port does not fit in memory."""
    yield _HEAD.encode()
    about = {
        "concept:name": f"{log.entry.name}, replication {log.replication}",
        "source": f"portsim, inputs {log.manifest.fingerprint[:12]}",
        "lifecycle:model": "standard",
    }
    yield "".join(f"  {_attribute('string', *pair)}\n" for pair in about.items()).encode()
    edges = np.flatnonzero(np.diff(events["case:concept:name"].astype(np.int64), prepend=-1))
    edges = np.append(edges, len(events))
    columns = [events[name].to_numpy() for name in _COLUMNS]
    quoted: dict[str, str] = {}

    def words(text: Any) -> str:
        if text not in quoted:
            quoted[text] = quoteattr(text)
        return quoted[text]

    piece: list[str] = []
    for number, (low, high) in enumerate(pairwise(edges.tolist()), 1):
        name, kind, way, pieces, tonnes, outcome, warm = (column[low] for column in columns[:7])
        piece.append(
            f'  <trace>\n    <string key="concept:name" value="{name}"/>\n'
            f'    <string key="class" value={words(kind)}/>\n'
            f'    <string key="direction" value={words(way)}/>\n'
            f'    <int key="pieces" value="{pieces}"/>\n'
            f'    <float key="tonnes" value="{tonnes:.10g}"/>\n'
            f'    <string key="outcome" value={words(outcome)}/>\n'
            f'    <boolean key="warm_up" value="{warm}"/>\n'
        )
        for row in zip(*(column[low:high] for column in columns[7:]), strict=True):
            stage, transition, time, who, code, waited, closed = row
            text = (
                f'    <event>\n      <string key="concept:name" value={words(stage)}/>\n'
                f'      <string key="lifecycle:transition" value="{transition}"/>\n'
                f'      <date key="time:timestamp" value="{time}"/>\n'
            )
            if who:
                text += f'      <string key="org:resource" value={words(who)}/>\n'
            if code:
                text += f'      <string key="activity_code" value={words(code)}/>\n'
            if waited == waited:  # noqa: PLR0124 - NaN where nothing was waited for
                text += f'      <int key="waited_s" value="{waited:.0f}"/>\n'
                text += f'      <int key="waited_closed_s" value="{closed:.0f}"/>\n'
            piece.append(text + "    </event>\n")
        piece.append("  </trace>\n")
        if number % _AT_ONCE == 0:
            yield "".join(piece).encode()
            piece.clear()
    yield "".join([*piece, "</log>\n"]).encode()


def _attribute(kind: str, key: str, value: str) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(value)}/>"
