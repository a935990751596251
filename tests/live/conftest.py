"""A port whose calendars have everything that calendars may have, and a browser to look at it."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from portsim.checking import load
from portsim.livepage import Contents, contents, page

PORT = """
summary: A port of two sides, <b>bold</b> & "quoted".
timezone: Europe/Warsaw
position: {latitude: 52.1, longitude: 23.6}
period: {from: %s, to: %s, warm_up: 1 week}
replications: 4
calendars:
  near:
    side: Poland
    hours: {value: {Mon-Fri: "08:00-12:30, 13:30-20:00", Sat: "01:30-02:30, 03:00-14:00"},
            confidence: E, source: assumed}
    lunch: "10:00-10:15"
    holidays: [{country: PL}]
    closed: [2024-03-27, 2024-10-29..2024-10-30]
  far:
    side: Ukraine
    timezone: Europe/Kyiv
    hours: "07:00-19:00"
    periods:
      - {valid_from: 2024-04-02, valid_to: 2024-10-31, hours: {Mon-Sun: "09:00-24:00"}}
  night: {hours: {Mon-Sun: "20:00-04:00"}}
  office: {timezone: Asia/Shanghai, hours: {Mon-Fri: round the clock}, holidays: [{country: CN}]}
  light: {daylight: {after_sunrise: 30 min, before_sunset: 10 min}}
open_hours: [near, far]
resources:
  lanes: {capacity: 3}
  officers:
    roster: [{calendar: near, count: 2}, {calendar: night, count: 1}]
    cost_per_staffed_hour: 20 EUR
  clerks: {capacity: 3, calendar: far}
  scanner:
    capacity: 2
    breakdowns: [{every: {exponential: {mean: 3 days}}, repair: {lognormal: {mean: 4 h, cv: 1}}}]
  permits: {kind: budget, level: 90, refill: {at: "06:00", days: Mon-Sat}}
stages:
  gate:
    takes: {lanes: {count: 1, until: next}, officers: 1}
    hours: near
    last_entry: 20 min
    at_close: finish
    time: {erlang: {mean: 4 min, k: 3}}
    closures: [{name: storm, every: {exponential: {mean: 5 days}}, lasts: 2 h}]
  papers:
    takes: {clerks: 1}
    spends: {permits: 1}
    hours: [near]
    attended: true
    at_close: pause
    time: {lognormal: {mean: 18 min, cv: 0.9}}
    time_by_hour: {"22:00-06:00": 1.3, "12:00-13:00": 0.85}
  scan: {takes: {scanner: 1}, share: 0.4, at_close: finish, time: 9 min}
  laboratory: {hours: office, share: 0.1, at_close: pause, time: 3 h}
  wide: {hours: [light], at_close: finish, time: 12 min}
traffic:
  cars:
    label: "=SUM(A1)"
    direction: import
    priority: 1
    tolerance: {constant: 60}
    arrivals: {rate: 45 per day, hours: {"06:00-20:00": 1}}
    load: 20 t
    route: [gate, papers, scan, laboratory]
  loads:
    direction: export
    pieces: 2
    arrivals: {rate: 6 per day}
    load: 40 t
    route: [papers, wide, gate]
value_of_time: {loads: {truck: 30 EUR, goods: 12 EUR}}
"""
RULES = """
summary: Everything that queues, shifts and breakdowns do by themselves, and drivers who choose.
timezone: Europe/Warsaw
period: {from: 2024-03-25, to: 2024-04-07, warm_up: 1 week}
replications: 4
calendars:
  near: {hours: {Mon-Fri: "07:00-21:00", Sat: "09:00-15:00"}}
  early: {hours: "06:00-14:00"}
  late: {hours: "14:00-22:00"}
  drivers: {hours: {Mon-Sat: "06:00-20:00"}}
  help: {timezone: Europe/Kyiv, hours: {Mon-Sat: "09:00-17:00"}}
resources:
  lanes: {capacity: 2, calendar: near}
  side lanes: {capacity: 1, calendar: near}
  third lanes: {capacity: 1}
  old desks: {capacity: 2}
  desks:
    capacity: 2
    calendar: near
    opens:
      {when_waiting: {desk: 5, overflow: 8}, until_waiting: 1, after: 20 min, at_most: 2,
       within: help}
  officers:
    roster: [{calendar: early, count: 3}, {calendar: late, count: 2}]
    handover: overlap
  clerks:
    capacity: 1
    calendar: early
    opens: {when_waiting: {checks: 6}, until_waiting: 0, at_most: 1}
  scanners:
    capacity: 2
    breakdowns:
      - {every: {exponential: {mean: 20 h}}, repair: {lognormal: {mean: 3 h, cv: 1}}, work: resumed}
      - {every: {exponential: {mean: 40 h}}, repair: {lognormal: {mean: 2 h, cv: 1}}, work: anew}
      - {every: {exponential: {mean: 30 h}}, repair: 1 h}
  hall:
    capacity: 2
    breakdowns: [{every: {exponential: {mean: 3 days}}, repair: 5 h}]
stages:
  gate: {hours: near, takes: {lanes: 1}, at_close: finish, time: {exponential: {mean: 12 min}}}
  side: {hours: drivers, takes: {side lanes: 1}, at_close: finish, time: 15 min}
  third: {takes: {third lanes: 1}, time: {exponential: {mean: 20 min}}}
  desk:
    takes: {desks: 1}
    instead_of: {desks: {old desks: 1.5}}
    at_close: finish
    time: {exponential: {mean: 14 min}}
    time_by_hour: {"18:00-24:00": 1.4}
  overflow: {takes: {clerks: 1}, at_close: finish, time: 25 min}
  checks: {takes: {officers: 1}, at_close: finish, time: {erlang: {mean: 20 min, k: 2}}}
  scan: {hours: near, takes: {scanners: 1, hall: 1}, share: 0.6, at_close: pause, time: 30 min}
traffic:
  cars:
    direction: import
    tolerance: {constant: 60}
    arrivals: {rate: 90 per day, hours: {"06:00-20:00": 1}}
    load: 20 t
    route: [{stage: gate, or_shorter: {of: [side, third], sight: 2}}, desk, checks, scan]
  loads:
    direction: export
    pieces: 2
    arrivals: {rate: 25 per day, follow: drivers}
    load: 40 t
    route:
      - {stage: checks, overflow: {to: overflow, when_waiting: 3}}
      - desk
      - {stage: gate, or_shorter: side}
"""
SHARED = """
summary: Trucks of which some are looked at, and some of these twice.
timezone: Europe/Warsaw
period: {from: 2024-03-25, to: 2024-04-07, warm_up: 1 week}
replications: 4
calendars: {day: {hours: "08:00-20:00"}}
channels: {risk: {green: 0.6, papers: 0.2, scan: 0.15, physical: 0.05}}
resources:
  lanes: {capacity: 6}
  officers: {capacity: 3, calendar: day}
  scanners: {capacity: 2}
stages:
  gate: {takes: {lanes: {count: 1, until: release}}, time: {exponential: {mean: 5 min}}}
  papers: {hours: day, takes: {officers: 1}, at_close: finish, time: {exponential: {mean: 20 min}}}
  scan: {takes: {scanners: 1}, share: 0.9, time: {exponential: {mean: 15 min}}}
  physical: {hours: day, takes: {officers: 1}, at_close: pause, time: {exponential: {mean: 50 min}}}
  laboratory: {share: 0.3333333, time: 2 h}
  release: {time: 3 min}
traffic:
  trailers:
    direction: import
    channels: risk
    patience: {exponential: {mean: 9 h}}
    arrivals: {rate: 60 per day}
    preferred: {share: 0.2, priority: -1, skips: [scan]}
    route:
      - gate
      - {stage: papers, channels: papers}
      - {stage: scan, channels: [scan, physical], sent_back: {share: 0.2, to: papers}}
      - {stage: physical, channels: physical}
      - {stage: laboratory, share: 0.1}
      - release
  loads:
    direction: export
    channels: risk
    pieces: 2
    arrivals: {rate: 15 per day}
    route: [gate, {stage: physical, channels: [scan, physical]}, laboratory, release]
  a few others:
    direction: import
    channels: {free: 0.5, looked at: 0.5}
    priority: 2
    arrivals: {rate: 20 per day}
    route: [gate, {stage: scan, channels: looked at}, release]
  plain: {direction: export, arrivals: {rate: 20 per day}, route: [gate, release]}
"""
SMALL = """
name: small
timezone: UTC
period: {from: 2024-03-04, to: 2024-03-10}
replications: 3
calendars: {day: {hours: "08:00-20:00"}}
resources: {clerk: {capacity: 1}}
stages: {desk: {hours: day, takes: {clerk: 1}, at_close: finish, time: 5 min}}
traffic: {lorry: {direction: import, arrivals: {rate: RATE per day}, route: [desk]}}
"""
PERIODS = {"spring": ("2024-03-25", "2024-04-07"), "autumn": ("2024-10-21", "2024-11-03")}


@pytest.fixture(scope="session")
def contents_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Contents]]:
    """The file of the port and the contents of its page, by the season, made once."""

    @cache
    def make(season: str) -> tuple[Path, Contents]:
        file = tmp_path_factory.mktemp(season) / "port.yaml"
        file.write_text(PORT % PERIODS[season], "utf-8")
        return file, contents(load(file))

    return make


# Of a module: whatever lives longer and has two values makes each module run twice, with a browser
# started for each.
@pytest.fixture(scope="module", params=sorted(PERIODS))
def season(request: pytest.FixtureRequest) -> str:
    """The weeks in which one clock or the other changes."""
    return request.param


@pytest.fixture(scope="module")
def port(season: str, contents_of: Callable[[str], tuple[Path, Contents]]) -> Path:
    return contents_of(season)[0]


@pytest.fixture(scope="module")
def made(season: str, contents_of: Callable[[str], tuple[Path, Contents]]) -> Contents:
    return contents_of(season)[1]


@pytest.fixture(scope="session")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a port with the rules that decide by queues, ends of shifts and breakdowns."""
    file = tmp_path_factory.mktemp("ruled") / "port.yaml"
    file.write_text(RULES, "utf-8")
    return file


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a port with shares of every kind that can be moved."""
    file = tmp_path_factory.mktemp("shared") / "port.yaml"
    file.write_text(SHARED, "utf-8")
    return file


@pytest.fixture
def rich(tmp_path: Path) -> Callable[[str], Path]:
    """A function that writes the file of one of the ports with everything, by name."""

    def write(name: str) -> Path:
        file = tmp_path / "port.yaml"
        file.write_text(PORT % PERIODS[name] if name in PERIODS else RULES, "utf-8")
        return file

    return write


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """A function that opens a page and waits for its answer; it fails if the page complains or
    asks anybody for anything."""
    heard: list[str] = []
    pages: list[Page] = []

    def open_page(
        made: Contents, width: int = 1280, language: str = "en", address: str = "", **context: Any
    ) -> Page:
        file = tmp_path / "live.html"
        file.write_text(page(made, language, "port.yaml"), "utf-8")
        view = browser.new_page(viewport={"width": width, "height": 900}, **context)
        view.on("console", lambda message: heard.append(f"console: {message.text}"))
        view.on("pageerror", lambda error: heard.append(f"error: {error}"))
        view.on("request", lambda request: heard.append(f"request: {request.url[:80]}"))
        view.goto(file.as_uri() + address)
        pages.append(view)
        view.wait_for_function(SETTLED, timeout=120_000)
        return view

    yield open_page
    for view in pages:
        view.close()
    own = ("request: file:", "request: blob:")
    assert [words for words in heard if not words.startswith(own)] == []


SETTLED = """() => document.getElementById("failed").textContent
  || (seen && same(seen.state, state) && workers.every((one) => !one.busy) && !resting
    && !toDraw)"""
"""All replications of all policies have been told, or the engine has stopped."""
