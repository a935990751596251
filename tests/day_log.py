"""Three days of a tiny port as a result folder, every second of them written by hand.

Export goes check, gate, post; import goes post, gate. All is open from 10 to 18; the check stops
for lunch from 13 to 14, and its work pauses.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from folders import write_tables
from portsim.results import Manifest, Run, ScenarioEntry, digest
from portsim.results import tables as layout

ZONE = "Asia/Shanghai"
NAME = "by-hand"
RESOLVED: dict[str, Any] = {
    "name": NAME,
    "open_hours": ["day"],
    "resources": {"lanes": {"capacity": 1}, "clerks": {"capacity": 1}, "quota": {"kind": "budget"}},
    "stages": {
        "check": {"label": "Check of papers", "takes": {"clerks": 1, "quota": 1}},
        "gate": {"label": "Gate <1>", "takes": {"lanes": 1}},
        "post": {"time": "5 min"},
    },
    "traffic": {
        "scale": 1,
        "tea": {"direction": "export", "label": "Tea & more",
                "route": [{"stage": "check", "share": 0.9}, "gate", "post"]},
        "cars": {"direction": "import", "route": ["post", "gate"]},
    },
}  # fmt: skip

# truck, class, tonnes, arrival, outcome, left
_TRUCKS = (
    (0, "tea", 20.0, "04 09:00", "released", "04 10:50"),
    (1, "cars", 1.5, "04 12:00", "released", "04 12:20"),
    (2, "tea", 20.0, "04 12:30", "released", "05 10:10"),
    (3, "tea", 20.0, "04 17:50", "diverted", "04 17:50"),
    (4, "tea", 20.0, "06 17:59", "inside", ""),
)
# truck, stage, queued, admitted, finished, minutes waited closed, minutes paused
_VISITS = (
    (0, "check", "04 09:00", "04 10:00", "04 10:30", 60, 0),
    (0, "gate", "04 10:30", "04 10:40", "04 10:45", 0, 0),
    (0, "post", "04 10:45", "04 10:45", "04 10:50", 0, 0),
    (1, "post", "04 12:00", "04 12:05", "04 12:10", 0, 0),
    (1, "gate", "04 12:10", "04 12:10", "04 12:20", 0, 0),
    (2, "check", "04 12:30", "04 12:45", "04 14:15", 0, 60),
    (2, "gate", "04 14:15", "05 10:00", "05 10:05", 960, 0),
    (2, "post", "05 10:05", "05 10:05", "05 10:10", 0, 0),
    (3, "check", "", "", "", 0, 0),
    (3, "gate", "", "", "", 0, 0),
    (3, "post", "", "", "", 0, 0),
    (4, "check", "06 17:59", "", "", 360, 0),
    (4, "gate", "", "", "", 0, 0),
    (4, "post", "", "", "", 0, 0),
)


def at(text: str) -> pd.Timestamp:
    """Day of March 2024 and local time."""
    return pd.Timestamp(f"2024-03-{text}", tz=ZONE) if text else pd.NaT


def _instants(texts: list[str]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([at(text) for text in texts]).as_unit("s").tz_convert(ZONE)


def logs(name: str = NAME) -> dict[str, pd.DataFrame]:
    """The frames trucks, visits and hours."""
    named = {"scenario": name, "replication": 1}
    number, kind, tonnes, arrival, outcome, left = map(list, zip(*_TRUCKS, strict=True))
    trucks = pd.DataFrame(
        {
            **named, "truck": number, "truck_class": kind,
            "direction": ["import" if one == "cars" else "export" for one in kind],
            "pieces": 1, "tonnes": tonnes, "value": 0.0, "residents": 0,
            "arrival": _instants(arrival), "outcome": outcome, "left": _instants(left),
        }
    )  # fmt: skip
    number, stage, queued, admitted, finished, closed, paused = map(
        list, zip(*_VISITS, strict=True)
    )
    visits = pd.DataFrame(
        {
            **named, "truck": number, "stage": stage,
            "activity": ["customs" if one == "check" else "" for one in stage],
            "queued": _instants(queued), "admitted": _instants(admitted),
            "finished": _instants(finished), "work_s": 300,
            "wait_closed_s": [60 * one for one in closed], "paused_s": [60 * one for one in paused],
        }
    )  # fmt: skip
    rows = [
        (stage, what, f"0{day} {begins}", f"0{day} {ends}")
        for day in (4, 5, 6)
        for stage, what, begins, ends in (
            ("", "open", "10:00", "18:00"),
            ("check", "open", "10:00", "13:00"),
            ("check", "open", "14:00", "18:00"),
            ("check", "work", "10:00", "13:00"),
            ("check", "work", "14:00", "18:00"),
            ("gate", "open", "10:00", "18:00"),
            ("post", "open", "00:00", "23:59"),
        )
    ]
    stage, what, begins, ends = map(list, zip(*rows, strict=True))
    hours = pd.DataFrame(
        {
            **named,
            "stage": stage,
            "what": what,
            "begins": _instants(begins),
            "ends": _instants(ends),
        }
    )
    return {"trucks": trucks, "visits": visits, "hours": hours}


def write(path: Path, name: str = NAME, **without: Any) -> Path:
    """The result folder; ``logs=None`` leaves the logs away."""
    found = without.get("logs", logs(name))
    entry = ScenarioEntry(
        name,
        {**RESOLVED, "name": name},
        digest(RESOLVED),
        period={
            "from": "2024-03-04T00:00:00+08:00",
            "to": "2024-03-07T00:00:00+08:00",
            "timezone": ZONE,
        },
        limit_h=24.0,
    )
    manifest = Manifest(
        scenarios=(entry,),
        baseline=None,
        seed=1,
        replications=1,
        engine="simpy",
        versions={},
        fingerprint="f" * 64,
        run=Run("2026-11-02T09:00:00+08:00", "2026-11-02T09:00:02+08:00", 2.0, 1),
    )
    empty = {
        table: pd.DataFrame({column: pd.Series(dtype=_TYPES[kind]) for column, kind in of.items()})
        for table, of in (
            ("summary", layout.SUMMARY),
            ("replications", layout.REPLICATIONS),
            ("curves", layout.CURVES),
        )
    }
    return write_tables(path, manifest, **empty, **(found or {}))


_TYPES = {"text": str, "number": float, "integer": int}
