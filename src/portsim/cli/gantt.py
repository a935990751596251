"""The verb that draws a day at the port truck by truck."""

import datetime as dt
from pathlib import Path

import click

from portsim.cli.conducting import warn_of_letters
from portsim.cli.options import DAY, of_a_log

__all__ = ["gantt"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@DAY
@of_a_log
@click.option(
    "--trucks",
    type=click.IntRange(1, 100),
    default=30,
    show_default=True,
    help="How many of those that came on the day.",
)
def gantt(
    folder: Path, day: dt.datetime, scenario: str | None, replication: int, trucks: int
) -> None:
    """Draw a day at the port, a row a truck, into DIR/figures.

    The study must have been run with --logs first.
    """
    from portsim.figures.gantt import draw_day  # noqa: PLC0415
    from portsim.results.logs import read_log  # noqa: PLC0415

    log = read_log(folder, scenario, replication)
    for file in draw_day(log, day.date(), trucks):
        click.echo(file)
    warn_of_letters(log.manifest, folder)
