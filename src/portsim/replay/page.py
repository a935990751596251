"""The room of the replay: the page put together and written whole; no log is read."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from portsim.errors import InputError
from portsim.replay.day import day_data
from portsim.replay.layout import port_of
from portsim.results.directions import directions as called_directions
from portsim.results.folder import atomic_write
from portsim.results.logs import PortLog
from portsim.wording import date_of_week, say, speaking, tongue

__all__ = ["page_of", "words_of", "write_replay"]


_SCRIPTS = ("marks.js", "day.js", "map.js", "board.js", "clock.js", "follow.js", "page.js")
"""One after the other; the first may not ask for what a later one says as it is read."""


def write_replay(
    log: PortLog,
    day: dt.date,
    out: Path | None = None,
    language: str | None = None,
    beside: PortLog | None = None,
) -> Path:
    """Write the page that plays a day, whole or not at all; return its path.

    Args:
        log: the log.
        day: a local day of the period.
        out: the file; ``replay-<day>-<scenario>.html`` in the result folder if left out.
        language: one of `portsim.languages.LANGUAGES`; the one being spoken if None.
        beside: another log that is played on the same clock, below the first.

    Raises:
        InputError: the day is not in the period, no truck was there, or there is no such folder.
        OSError: the file cannot be written.
        KeyError: the language is not known.
    """
    path = out if out is not None else log.folder / f"replay-{day}-{log.entry.name}.html"
    if not path.absolute().parent.is_dir():
        msg = f"{path.parent}: no such folder; make it first or choose another --out"
        raise InputError(msg)
    with speaking(language or tongue().language, on_page=True):
        logs = [one.shown for one in (log, beside) if one is not None]
        atomic_write(path, _page(logs, day).encode())
    return path


def _page(logs: list[PortLog], day: dt.date) -> str:
    log = logs[0]
    footer = say(
        "Made by portsim from the log of replication {replication}; inputs {fingerprint}. One "
        "simulated day, not a record of the port.",
        replication=log.replication,
        fingerprint=log.manifest.fingerprint[:12],
    )
    recorded = next((one.entry.name for one in logs if one.recorded), "")
    if recorded:
        footer = say(
            "A: made by portsim from the log of replication {replication}; inputs {fingerprint}; "
            "one simulated day. B: {log}, trucks as the port recorded them; the hours of its gates "
            "are those of A.",
            replication=log.replication,
            fingerprint=log.manifest.fingerprint[:12],
            log=recorded,
        )
    data = json.dumps(
        {"boards": [day_data(one, day) for one in logs], **words_of(log.entry.resolved)},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    zone = log.entry.period["timezone"]
    names = [one.entry.name for one in logs]
    return page_of(log.entry.resolved, names, date_of_week(day), zone, footer, data)


def words_of(resolved: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a port says as its clock runs, in the language being spoken: the part
    ``words`` of its data."""
    sides = port_of(resolved, ()).sides
    return {"words": {**_words(), "ways": called_directions(resolved), "sides": sides}}


def page_of(
    resolved: Mapping[str, Any],
    names: Sequence[str],
    day: str,
    timezone: str,
    footer: str,
    data: str,
) -> str:
    """The page around the data of a day, in the language being spoken.

    Args:
        resolved: the scenario as a manifest keeps it.
        names: of the scenarios, one for each day on the page.
        day: which day it is, in words.
        timezone: name of the port's zone.
        footer: what the day was made from.
        data: the text of `day_data` and `words_of` as JSON.
    """
    ways, port = called_directions(resolved), port_of(resolved, ())
    env = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text: str = env.from_string(_own("page.html.j2")).render(
        say=say,
        language=tongue().html,
        ways=[ways.get(way, "").split(" → ") if way else [] for way in (port.forward, port.back)],
        boards=names if len(names) == 1 else _lettered(names),
        metres=f"{port.map['truck']:g}".replace(".", _symbols()["decimal"]),
        filled=_filled(ways.get(port.forward, ""), ways.get(port.back, "")),
        scenario=" / ".join(names),
        day=day,
        zone=timezone,
        footer=footer,
        # No word of a scenario may end the script it stands in.
        data=Markup(data.replace("<", "\\u003c")),
        style=Markup(_own("page.css")),
        script=Markup("\n".join(_own(name) for name in _SCRIPTS)),
    )
    return text


def _lettered(names: Sequence[str]) -> list[str]:
    return [f"{letter}  {name}" for letter, name in zip("AB", names, strict=True)]


def _filled(forward: str, back: str) -> str:
    """Which marks are filled, for a port whose trucks go both ways; empty for another."""
    if not forward or not back:
        return ""
    return say("Filled: {forward}; hollow: {back}.", forward=forward, back=back)


def _words() -> dict[str, Any]:
    """What the page says as its clock runs."""
    return {
        **{name: _symbols()[name] for name in ("group", "decimal")},
        "map": say("Map of the port"),
        "places": say("Places of the port"),
        "play": say("Play"),
        "stop": say("Stop"),
        "portOpen": say("port open"),
        "portClosed": say("port closed"),
        "open": say("open"),
        "closed": say("closed"),
        # The page sets the numbers in.
        "counts": say("{waiting} waiting, {served} served", waiting="{waiting}", served="{served}"),
        "most": say("most: {count}", count="{count}"),
        "inside": say("trucks at the port: {count}", count="{count}"),
        "border": say("border"),
        "gateOf": say("{side}: gate", side="{side}"),
        "kilometres": say("{km} km", km="{km}"),
        "packed": say("1 mark = {many} trucks; {metres}", many="{many}", metres="{metres}"),
        "truck": say("Truck {truck} ({kind})", truck="{truck}", kind="{kind}"),
        "joins": say("joins the queue: {place}", place="{place}"),
        "begins": say("is served: {place}", place="{place}"),
        "beginsAfter": say(
            "is served: {place}, after {wait} of waiting", place="{place}", wait="{wait}"
        ),
        "leaves": say("leaves the port"),
        "before": say("before this day"),
        "lasting": say("{hours} h {minutes} min", hours="{hours}", minutes="{minutes}"),
        "notFound": say("No truck {truck} is at the port on this day.", truck="{truck}"),
    }


def _symbols() -> Mapping[str, str]:
    symbols: Mapping[str, str] = tongue().locale.number_symbols["latn"]
    return symbols


def _own(name: str) -> str:
    return (resources.files("portsim.replay") / name).read_text("utf-8")
