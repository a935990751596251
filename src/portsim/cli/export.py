"""The verb that gives the log to process-mining tools."""

import datetime as dt
from pathlib import Path

import click

from portsim.cli.options import of_a_log

__all__ = ["export"]

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(["xes", "csv", "parquet"]),
    default="xes",
    show_default=True,
    help="XES is IEEE 1849-2016; the columns of the others bear the same names.",
)
@of_a_log
@click.option("--from", "first", type=_DAY, help="First local day of arrival.")
@click.option("--to", "last", type=_DAY, help="Last local day of arrival, inclusive.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file; DIR/events-<scenario>.<format> if left out. A name ending in .gz is packed.",
)
def export(
    folder: Path,
    kind: str,
    scenario: str | None,
    replication: int,
    first: dt.datetime | None,
    last: dt.datetime | None,
    out: Path | None,
) -> None:
    """Write the log as events, a truck a case, for process-mining tools.

    The study must have been run with --logs first.
    """
    from typing import cast  # noqa: PLC0415

    from portsim.results.events import Format, export_events  # noqa: PLC0415
    from portsim.results.logs import read_log  # noqa: PLC0415

    days = (None if day is None else day.date() for day in (first, last))
    log = read_log(folder, scenario, replication)
    path, trucks, events = export_events(log, cast("Format", kind), out, *days)
    click.echo(f"{log.entry.name}: {events:,} events of {trucks:,} trucks", err=True)
    click.echo(path)
