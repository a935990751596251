"""Small ports known by hand: one stage, first come first served, and the logs they leave."""

import datetime as dt
import heapq

import numpy as np

__all__ = ["FIRST", "Row", "came", "csv", "port", "served"]

FIRST = dt.datetime(2024, 9, 2)  # noqa: DTZ001 - a log tells the clock of its place
Row = tuple[dt.datetime, dt.datetime, dt.datetime]
PORT = """
name: small
timezone: UTC
period: {from: 2024-09-09, to: 2024-09-29, warm_up: 1 week}
calendars:
  day: {hours: "HOURS"}
resources:
  servers: {capacity: SERVERS, calendar: day}
stages:
  gate: {label: Main gate, takes: {servers: 1}, hours: day, at_close: finish, time: WORK}
traffic:
  trucks:
    direction: import
    arrivals: {rate: RATE per day, hours: {"06:00-16:00": 1}}
    route: [gate]
"""


def port(
    hours: str = "08:00-18:00", servers: int = 1, work: str = "10 min", rate: float = 50
) -> str:
    """A scenario of one stage."""
    words = {"HOURS": hours, "SERVERS": servers, "WORK": work, "RATE": rate}
    text = PORT
    for name, value in words.items():
        text = text.replace(name, str(value))
    return text


def came(days: int, rate: float = 50, seed: int = 1) -> list[dt.datetime]:
    """Arrivals at random from 06:00 to 16:00 of each day, from a Monday on."""
    rng = np.random.default_rng(seed)
    return [
        FIRST + dt.timedelta(days=day, hours=6, seconds=int(second))
        for day in range(days)
        for second in np.sort(rng.integers(0, 36_000, rng.poisson(rate)))
    ]


def served(
    arrivals: list[dt.datetime],
    minutes: float = 10,
    servers: int = 1,
    opens: int = 8,
    closes: int = 18,
    shut: tuple[dt.date, ...] = (),
) -> list[Row]:
    """Arrival, start and end of each truck; nobody begins while it is closed."""
    free = [FIRST] * servers
    rows = []
    for arrival in arrivals:
        start = max(arrival, heapq.heappop(free))
        while not opens <= start.hour < closes or start.date() in shut:
            later = start.hour >= opens
            day = start.date() + dt.timedelta(days=1) if later else start.date()
            start = dt.datetime.combine(day, dt.time(opens))
        end = start + dt.timedelta(minutes=minutes)
        heapq.heappush(free, end)
        rows.append((arrival, start, end))
    return rows


def csv(rows: list[Row], starts: bool = True, name: str = "gate") -> str:
    """The log of one stage."""
    head = ["plate", "arrival", *([f"{name} start"] if starts else []), f"{name} end"]
    lines = [",".join(head)]
    for number, (arrival, start, end) in enumerate(rows):
        stamps = [arrival, *([start] if starts else []), end]
        texts = [f"{stamp:%Y-%m-%d %H:%M:%S}" for stamp in stamps]
        lines.append(",".join([f"T{number:05}", *texts]))
    return "\n".join(lines) + "\n"
