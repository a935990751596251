"""The verb that makes a page which plays a day at the port."""

import datetime as dt
from pathlib import Path

import click

from portsim.cli.options import DAY, of_a_log

__all__ = ["replay"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@DAY
@of_a_log
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The page; DIR/replay-<day>-<scenario>.html if left out.",
)
def replay(
    folder: Path,
    day: dt.datetime,
    scenario: str | None,
    replication: int,
    out: Path | None,
) -> None:
    """Make a page that plays a day at the port in any browser, without a network.

    The study must have been run with --logs first.
    """
    from portsim.replay import write_replay  # noqa: PLC0415
    from portsim.results.logs import read_log  # noqa: PLC0415

    click.echo(write_replay(read_log(folder, scenario, replication), day.date(), out))
