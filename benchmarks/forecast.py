"""What a forecast costs: 200 futures of three days at Bakhtu, the first call and the next ones.

    python benchmarks/forecast.py [--futures N] [--calls K] [--jobs J]

Each call asks about another minute, so that trucks and visits are drawn anew, as they are every
quarter of an hour. The yardstick is the same machine's time for as many runs from the same
beginning that are drawn, laid out and run one by one, without any figures.
"""

import argparse
import datetime as dt
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import portsim
from portsim.demand import draw
from portsim.engines import engine
from portsim.plan import Site, draft, timetable
from report import table

SCENARIO = Path(__file__).parents[1] / "scenarios" / "bakhtu" / "hours-7x12.yaml"
BEGINS = dt.datetime(2025, 4, 14, 12)  # noqa: DTZ001 - local time of the port
HOURS, RUNS = 72.0, 8
QUARTER = dt.timedelta(minutes=15)


def section(futures: int, calls: int, jobs: int) -> str:
    port = portsim.load(SCENARIO)
    week = port.replace({"period": {"from": "2025-04-07", "to": "2025-04-20", "warm_up": "1 week"}})
    with TemporaryDirectory() as folder:
        state = portsim.state(week, BEGINS).write(Path(folder) / "inside.csv")
        seconds = []
        for call in range(calls):
            begin = perf_counter()
            at = BEGINS + call * QUARTER
            portsim.forecast(port, at, state=state, hours=HOURS, futures=futures, jobs=jobs, seed=1)
            seconds.append(perf_counter() - begin)
        alone = _one_by_one(port, state, futures)
    rows = [
        ("first call", f"{seconds[0]:.2f}", f"{seconds[0] / alone:.3f}"),
        ("fastest later call", f"{min(seconds[1:]):.2f}", f"{min(seconds[1:]) / alone:.3f}"),
        (f"{futures} runs one by one", f"{alone:.2f}", "1"),
    ]
    head = (f"{futures} futures of {HOURS:g} h, {jobs} jobs", "s", "ratio")
    return f"## A forecast\n\n{table(head, rows)}"


def _one_by_one(port: portsim.Scenario, state: Path, futures: int) -> float:
    """Seconds of as many runs that are drawn, laid out and run one by one, from a few of them."""
    ends = BEGINS + dt.timedelta(hours=HOURS)
    scenario = port.replace(
        {
            "period": {"from": f"{BEGINS:%Y-%m-%d %H:%M}", "to": f"{ends:%Y-%m-%d %H:%M}"},
            "inside": {"file": os.path.relpath(state, SCENARIO.parent)},
        }
    )
    calendars, run = timetable(scenario), engine("compiled")
    begin = perf_counter()
    for number in range(1, RUNS + 1):
        trucks = draw(scenario, 1, number).at(scenario)
        run(Site(calendars, draft(scenario, trucks)).all())
    return (perf_counter() - begin) * futures / RUNS


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--futures", type=int, default=200)
    parser.add_argument("--calls", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    print(section(asked.futures, asked.calls, asked.jobs))
