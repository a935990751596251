"""The room of the replay, part two: the page put together and written whole; no log is read."""

import datetime as dt
import json
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from portsim.errors import InputError
from portsim.replay.day import day_data
from portsim.results.folder import atomic_write
from portsim.results.logs import PortLog

__all__ = ["write_replay"]


def write_replay(log: PortLog, day: dt.date, out: Path | None = None) -> Path:
    """Write the page that plays a day, whole or not at all; return its path.

    Args:
        log: the log.
        day: a local day of the period.
        out: the file; ``replay-<day>-<scenario>.html`` in the result folder if left out.

    Raises:
        InputError: the day is not in the period, no truck was there, or there is no such folder.
        OSError: the file cannot be written.
    """
    path = out if out is not None else log.folder / f"replay-{day}-{log.entry.name}.html"
    if not path.absolute().parent.is_dir():
        msg = f"{path.parent}: no such folder; make it first or choose another --out"
        raise InputError(msg)
    data = json.dumps(day_data(log, day), ensure_ascii=False, separators=(",", ":"))
    env = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = env.from_string(_own("page.html.j2")).render(
        scenario=log.entry.name,
        day=f"{day:%A}, {day.day} {day:%B} {day.year}",
        zone=log.entry.period["timezone"],
        replication=log.replication,
        fingerprint=log.manifest.fingerprint[:12],
        # No word of a scenario may end the script it stands in.
        data=Markup(data.replace("<", "\\u003c")),
        style=Markup(_own("page.css")),
        script=Markup(_own("page.js")),
    )
    atomic_write(path, text.encode())
    return path


def _own(name: str) -> str:
    return (resources.files("portsim.replay") / name).read_text("utf-8")
