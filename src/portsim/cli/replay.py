"""The verb that makes a page which plays a day at the port."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portsim.cli.check import zone_of
from portsim.cli.options import DAY, LOG_MAP, TIMEZONE
from portsim.errors import InputError

if TYPE_CHECKING:
    from portsim.results.logs import PortLog

__all__ = ["replay"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@DAY
@click.option(
    "--scenario",
    "scenarios",
    metavar="NAME",
    multiple=True,
    help="The baseline, or the first, if left out; given twice, both on one clock.",
)
@click.option("--replication", type=click.IntRange(1), default=1, show_default=True)
@click.option(
    "--log",
    "records",
    metavar="FILE",
    multiple=True,
    help="Gate log whose real day is played beside the simulated one: CSV, workbook, parquet or "
    "XES; may be given again for further files of it.",
)
@LOG_MAP
@TIMEZONE
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The page; DIR/replay-<day>-<scenario>.html if left out.",
)
def replay(
    folder: Path,
    day: dt.datetime,
    scenarios: tuple[str, ...],
    replication: int,
    records: tuple[str, ...],
    mapping: Path | None,
    timezone: str | None,
    out: Path | None,
) -> None:
    """Make a page that plays a day at the port in any browser, without a network.

    The study must have been run with --logs first. Two policies of it, or one and a real day, can
    be played on one clock.
    """
    from portsim.replay import write_replay  # noqa: PLC0415
    from portsim.results.logs import read_log  # noqa: PLC0415

    if len(scenarios) + bool(records) > 2:
        raise InputError(
            "two days fit on a page: give --scenario twice, or once with --log, or neither"
        )
    if (mapping or timezone) and not records:
        raise InputError("--map and --timezone say how a gate log is read: give its --log too")
    log = read_log(folder, scenarios[0] if scenarios else None, replication)
    beside = read_log(folder, scenarios[1], replication) if len(scenarios) > 1 else None
    if records:
        beside = _real(log, records, mapping, timezone)
    click.echo(write_replay(log, day.date(), out, beside=beside))


def _real(
    log: "PortLog", records: tuple[str, ...], mapping: Path | None, timezone: str | None
) -> "PortLog":
    from portsim.gatelog import read_log  # noqa: PLC0415
    from portsim.held.names import partners  # noqa: PLC0415
    from portsim.replay import recorded  # noqa: PLC0415
    from portsim.scenario.model import Scenario  # noqa: PLC0415
    from portsim.wording import say  # noqa: PLC0415

    # A log without a zone of its own tells the clock of the port.
    gate = read_log(list(records), mapping, timezone or zone_of(mapping, str(log.zone)))
    kinds = zip(gate.trucks["truck_class"], gate.trucks["direction"].fillna(""), strict=True)
    same = partners(Scenario.model_validate(log.entry.resolved), gate.stages, kinds)
    name = say("Gate log {file}", file=", ".join(Path(name).name for name in records))
    return recorded(log, gate, name, same.stages, same.classes)
