"""The room of the replay: the page put together and written whole; no log is read."""

import datetime as dt
import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from portsim.errors import InputError
from portsim.replay.day import day_data, directions
from portsim.results.directions import directions as called_directions
from portsim.results.folder import atomic_write
from portsim.results.logs import PortLog
from portsim.wording import date_of_week, say, speaking, tongue

__all__ = ["page_of", "words_of", "write_replay"]


def write_replay(
    log: PortLog, day: dt.date, out: Path | None = None, language: str | None = None
) -> Path:
    """Write the page that plays a day, whole or not at all; return its path.

    Args:
        log: the log.
        day: a local day of the period.
        out: the file; ``replay-<day>-<scenario>.html`` in the result folder if left out.
        language: one of `portsim.languages.LANGUAGES`; the one being spoken if None.

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
        atomic_write(path, _page(log.shown, day).encode())
    return path


def _page(log: PortLog, day: dt.date) -> str:
    footer = say(
        "Made by portsim from the log of replication {replication}; inputs {fingerprint}. One "
        "simulated day, not a record of the port.",
        replication=log.replication,
        fingerprint=log.manifest.fingerprint[:12],
    )
    data = json.dumps(
        {**day_data(log, day), **words_of(log.entry.resolved)},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    zone = log.entry.period["timezone"]
    return page_of(log.entry.resolved, log.entry.name, date_of_week(day), zone, footer, data)


def words_of(resolved: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a port says as its clock runs, in the language being spoken: the part
    ``words`` of its data."""
    return {"words": {**_words(), "ways": called_directions(resolved)}}


def page_of(
    resolved: Mapping[str, Any], name: str, day: str, timezone: str, footer: str, data: str
) -> str:
    """The page around the data of a day, in the language being spoken.

    Args:
        resolved: the scenario as a manifest keeps it.
        name: that of the scenario.
        day: which day it is, in words.
        timezone: name of the port's zone.
        footer: what the day was made from.
        data: the text of `day_data` and `words_of` as JSON.
    """
    ways = called_directions(resolved)
    env = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text: str = env.from_string(_own("page.html.j2")).render(
        say=say,
        language=tongue().html,
        ways=[ways.get(way, "").split(" → ") if way else [] for way in directions(resolved)],
        scenario=name,
        day=day,
        zone=timezone,
        footer=footer,
        # No word of a scenario may end the script it stands in.
        data=Markup(data.replace("<", "\\u003c")),
        style=Markup(_own("page.css")),
        script=Markup(_own("page.js")),
    )
    return text


def _words() -> dict[str, Any]:
    """What the page says as its clock runs."""
    return {
        "group": tongue().locale.number_symbols["latn"]["group"],
        "play": say("Play"),
        "stop": say("Stop"),
        "portOpen": say("port open"),
        "portClosed": say("port closed"),
        "open": say("open"),
        "closed": say("closed"),
        # The page sets the numbers in.
        "counts": say("{waiting} waiting, {served} served", waiting="{waiting}", served="{served}"),
        "most": say("most: {count}", count="{count}"),
        "inside": say("{count} trucks at the port", count="{count}"),
    }


def _own(name: str) -> str:
    return (resources.files("portsim.replay") / name).read_text("utf-8")
