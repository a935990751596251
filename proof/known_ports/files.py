"""Logs as files: CSV with a row a truck or a row an event, XES, xlsx; headers of four languages.

What stands in them is decided elsewhere.
"""

import csv
import gzip
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {"plate": "Plate", "truck_class": "Cargo", "arrival": "arrival", "queue": "queue",
           "start": "start", "end": "end", "gate": "gate", "weighing": "weighing",
           "declaration": "declaration", "scanner": "scanner", "inspection": "inspection",
           "release": "release"},
    "de": {"plate": "Kennzeichen", "truck_class": "Ladung", "arrival": "Ankunft",
           "queue": "Warteschlange", "start": "Beginn", "end": "Ende", "gate": "Einfahrt",
           "weighing": "Waage", "declaration": "Anmeldung", "scanner": "Röntgen",
           "inspection": "Beschau", "release": "Freigabe"},
    "ru": {"plate": "Госномер", "truck_class": "Груз", "arrival": "прибытие",
           "queue": "очередь", "start": "начало", "end": "конец", "gate": "въезд",
           "weighing": "взвешивание", "declaration": "оформление", "scanner": "рентген",
           "inspection": "досмотр", "release": "выпуск"},
    "zh": {"plate": "车牌号", "truck_class": "货物", "arrival": "到达时间", "queue": "排队",
           "start": "开始", "end": "结束", "gate": "入口", "weighing": "过磅",
           "declaration": "报关", "scanner": "扫描", "inspection": "查验", "release": "放行"},
}  # fmt: skip
CODINGS: Mapping[str, tuple[str, ...]] = {
    "en": ("utf-8", "utf-8-sig", "utf-16", "cp1252"),
    "de": ("utf-8", "cp1252"),
    "ru": ("utf-8", "cp1251", "utf-16"),
    "zh": ("utf-8-sig", "gb18030", "gbk"),
}
CLOCKS = ("%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p",
          "%Y/%m/%d %H:%M")  # fmt: skip


def form(rng: np.random.Generator) -> dict[str, Any]:
    """How a log is written: language, encoding, separator, clock. See `Port.truth`."""
    language = str(rng.choice(list(WORDS)))
    return {
        "language": language,
        "encoding": str(rng.choice(CODINGS[language])),
        "separator": str(rng.choice([",", ";", "\t", "|"])),
        "clock": str(rng.choice(CLOCKS)),
        "offset": bool(rng.random() < 0.5),
        "starts_as": str(rng.choice(["start", "START", "begin"])),
        "gzip": bool(rng.random() < 0.3),
    }


def header(name: str, language: str) -> str:
    """A column such as ``declaration end`` in a language."""
    return " ".join(WORDS[language][word] for word in name.split(" "))


def write_rows(table: pd.DataFrame, truth: Mapping[str, Any], file: Path) -> Path:
    """CSV with a row a truck, times of the local clock."""
    log = truth["log"]
    stamps = _stamps(table)
    columns = {name: table[name].to_numpy(dtype=object) for name in ("plate", "truck_class")}
    clock = log["clock"]
    if log["stamps"] == "second":
        clock = clock.replace("%M", "%M:%S")
    columns |= {name: _clock(table[name], truth, clock) for name in stamps}
    with file.open("w", encoding=log["encoding"], newline="") as text:
        write = csv.writer(text, delimiter=log["separator"])
        write.writerow([header(name, log["language"]) for name in columns])
        write.writerows(zip(*columns.values(), strict=True))
    return file


def write_sheet(table: pd.DataFrame, truth: Mapping[str, Any], file: Path) -> Path:
    """The same as a sheet, whose times are cells of date and time."""
    log = truth["log"]
    sheet = pd.DataFrame({name: table[name] for name in ("plate", "truck_class")})
    for name in _stamps(table):
        sheet[name] = _local(table[name], truth).dt.tz_localize(None)
    sheet.columns = pd.Index([header(name, log["language"]) for name in sheet.columns])
    clock = "dd.mm.yyyy hh:mm" + (":ss" if log["stamps"] == "second" else "")
    with pd.ExcelWriter(file, engine="xlsxwriter", datetime_format=clock) as book:
        sheet.to_excel(book, index=False, sheet_name="log")
    return file


def write_events(table: pd.DataFrame, truth: Mapping[str, Any], file: Path) -> Path:
    """CSV with a row an event, in the order of time: case, activity, lifecycle, timestamp, cargo.

    A queue stamp is the completion of an activity of its own, and so is the arrival.
    """
    log = truth["log"]
    events = sorted(_events(table, truth), key=lambda event: (event[0], event[1]))
    grain = "%Y-%m-%dT%H:%M:%S" if log["stamps"] == "second" else "%Y-%m-%dT%H:%M"
    clock = grain + ("%z" if log["offset"] else "")
    when = _clock(pd.Series([event[0] for event in events], dtype=float), truth, clock)
    with file.open("w", encoding=log["encoding"], newline="") as text:
        write = csv.writer(text, delimiter=log["separator"])
        write.writerow(["case", "activity", "lifecycle", "timestamp", "cargo"])
        for (_, _, plate, cls, activity, lifecycle), stamp in zip(events, when, strict=True):
            word = log["starts_as"] if lifecycle == "start" else lifecycle
            write.writerow([plate, activity, word, stamp, cls])
    return file


def write_xes(table: pd.DataFrame, truth: Mapping[str, Any], file: Path) -> Path:
    """XES, a trace a row of the log; gzipped where the name ends so."""
    traces: dict[int, list[tuple]] = {}
    for event in _events(table, truth):
        traces.setdefault(event[1], []).append(event)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<log xes.version="1849-2016">']
    for number, row in enumerate(table.itertuples(index=False)):
        events = traces.get(number, [])
        lines += ["<trace>", _attribute("string", "concept:name", row.plate)]
        lines.append(_attribute("string", "cargo", row.truck_class))
        for event in events:
            lines += [
                "<event>",
                _attribute("string", "concept:name", event[4]),
                _attribute("string", "lifecycle:transition", event[5]),
                _attribute("date", "time:timestamp", _iso(event[0], truth)),
                "</event>",
            ]
        lines.append("</trace>")
    lines.append("</log>\n")
    data = "\n".join(lines).encode("utf-8")
    # No time of making within, so that the same log is the same bytes.
    file.write_bytes(gzip.compress(data, mtime=0) if file.suffix == ".gz" else data)
    return file


def _attribute(kind: str, key: str, value: str) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(value)}/>"


def _stamps(table: pd.DataFrame) -> list[str]:
    return [name for name in table.columns if name not in ("truck", "plate", "truck_class")]


def _local(seconds: pd.Series, truth: Mapping[str, Any]) -> pd.Series:
    zone = ZoneInfo(truth["timezone"])
    return pd.to_datetime(seconds, unit="s", utc=True).dt.tz_convert(zone)


def _clock(seconds: pd.Series, truth: Mapping[str, Any], clock: str) -> np.ndarray:
    return _local(seconds, truth).dt.strftime(clock).fillna("").to_numpy(dtype=object)


def _iso(second: float, truth: Mapping[str, Any]) -> str:
    return pd.Timestamp(second, unit="s", tz="UTC").tz_convert(truth["timezone"]).isoformat()


def _events(table: pd.DataFrame, truth: Mapping[str, Any]) -> Iterator[tuple]:
    """Second, row, plate, class, activity, lifecycle of every stamp, row by row."""
    language = truth["log"]["language"]
    stamps = _stamps(table)
    words = []
    for name in stamps:
        stage, _, stamp = name.rpartition(" ")
        if stamp == "start":
            words.append((header(stage, language), "start"))
        elif stamp == "end" and stage:
            words.append((header(stage, language), "complete"))
        else:
            words.append((header(name, language), "complete"))
    values = table[stamps].to_numpy()
    plates, classes = table["plate"].tolist(), table["truck_class"].tolist()
    for row in range(len(table)):
        for column in np.flatnonzero(~np.isnan(values[row])).tolist():
            yield (float(values[row, column]), row, plates[row], classes[row], *words[column])
