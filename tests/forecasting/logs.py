"""Gate logs that a simulated port leaves, with the truth about who is inside at any minute."""

from pathlib import Path

import pandas as pd

import portsim
from portsim.gatelog import GateLog, read_log

PORT = """\
name: yard
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-04-07, warm_up: 1 week}
replications: 1
seed: 5
calendars: {day: {hours: "08:00-20:00"}}
resources: {lanes: {capacity: 2}, clerks: {capacity: 3, calendar: day}}
stages:
  gate: {takes: {lanes: 1}, time: {gamma: {mean: 6 min, cv: 0.5}}}
  papers: {takes: {clerks: 1}, hours: day, at_close: finish, time: {gamma: {mean: 14 min, cv: 0.8}}}
traffic:
  day_factor: {gamma: {mean: 1, cv: 0.3}}
  cars: {direction: import, arrivals: {rate: 90 per day, hours: {"06:00-18:00": 1}}, load: 1 t,
    route: [gate, papers]}
  vans: {direction: export, arrivals: {rate: 30 per day, hours: {"06:00-18:00": 1}}, load: 2 t,
    route: [papers, gate]}
"""
STAMPS = {"queued": "queue", "admitted": "start", "finished": "end"}


def lay_out(folder: Path) -> Path:
    file = folder / "yard.yaml"
    file.write_text(PORT, encoding="utf-8")
    return file


def table_of(scenario: Path) -> pd.DataFrame:
    """A row a truck, all stamps of both stages."""
    study = portsim.run(scenario, logs="first", jobs=1, audit="none")
    wide = study.visits.pivot_table(
        index="truck", columns="stage", values=list(STAMPS), aggfunc="first"
    )
    wide.columns = [f"{stage} {STAMPS[stamp]}" for stamp, stage in wide.columns]
    columns = ["truck", "truck_class", "direction", "arrival"]
    trucks = study.trucks[columns].set_index("truck")
    return trucks.join(wide).reset_index().rename(columns={"truck_class": "class"})


def log_of(folder: Path, table: pd.DataFrame, *, without: tuple[str, ...] = ()) -> GateLog:
    """The log of a table; `without` some kinds of stamps."""
    kept = [name for name in table.columns if not name.endswith(without or ("nothing",))]
    table[kept].to_csv(folder / "log.csv", index=False)
    return read_log([folder / "log.csv"], timezone="Asia/Shanghai")
