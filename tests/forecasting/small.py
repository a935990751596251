"""Ports so small that what becomes of each truck is known by hand."""

from pathlib import Path

import pandas as pd

import portsim

AT = "2025-04-14 10:00"
PORT = """\
name: {name}
timezone: Asia/Shanghai
period: {{from: 2025-04-14, to: 2025-04-15}}
completion: {{limit: {limit}}}
calendars: {{day: {{hours: "{hours}"}}}}
resources: {{clerk: {{capacity: {clerks}}}}}
stages: {{desk: {{takes: {{clerk: 1}}, hours: day, at_close: finish, time: {time}}}}}
traffic:
  vans: {{direction: export, arrivals: {{rate: {rate}}}, route: [desk]}}
"""
HEAD = "truck,class,stage,status,since"
SIX = [f"T{k},vans,desk,waiting,2025-04-14 09:0{k}" for k in range(6)]
USUAL = {
    "name": "one",
    "hours": "round the clock",
    "clerks": 1,
    "time": "10 min",
    "rate": "0 per day",
    "limit": "24 h",
}


def lay_out(folder: Path, rows=(), *, port: str = PORT, **words) -> tuple[Path, Path]:
    """Scenario and state as files."""
    words = {**USUAL, **words}
    scenario, state = folder / f"{words['name']}.yaml", folder / "state.csv"
    scenario.write_text(port.format(**words), encoding="utf-8")
    state.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return scenario, state


def outs(study: portsim.Study, policy: str | None = None) -> dict[str, str]:
    """When each truck inside is out on average: clock time by name, the day before it if later."""
    trucks = study.record.tables["trucks"]
    rows = trucks[trucks["status"].isin(["waiting", "working"])]
    rows = rows[rows["policy"].eq(policy or study.manifest.scenarios[0].name)]
    return dict(zip(rows["truck"], rows["out_mean"].map(clock), strict=True))


def clock(text: str) -> str:
    """``10:10`` of an instant of the fourteenth, ``15 10:10`` of one of the fifteenth."""
    day = "" if text[8:10] in ("14", "") else f"{text[8:10]} "
    return day + text[11:16]


def at_times(study: portsim.Study, column: str, stage: str = "") -> dict[str, float]:
    table = study.table
    rows = table[table["stage"].eq(stage)]
    assert isinstance(rows, pd.DataFrame)
    return dict(zip(rows["time"].map(clock), rows[column], strict=True))
