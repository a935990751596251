"""The verb `state`: who is inside at a minute, out of a run or a gate log, as a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portsim.cli.check import zone_of
from portsim.cli.options import LOG_MAP, SEED, TIMEZONE

if TYPE_CHECKING:
    from portsim.experiment import State

__all__ = ["state"]


@click.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
@click.option(
    "--at",
    required=True,
    metavar='"YYYY-MM-DD HH:MM"',
    help="The minute, local time of the port; what happens in it has not happened yet.",
)
@click.option(
    "--log",
    "logs",
    multiple=True,
    metavar="FILE",
    help="Gate log out of which the state is cut: CSV, workbook, parquet or XES; may be given "
    "again for further files of it. Without it the scenario is run.",
)
@LOG_MAP
@TIMEZONE
@click.option("--replication", type=click.IntRange(1), default=1, show_default=True)
@SEED
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file, .csv, .xlsx or .parquet, with the columns of `inside`.",
)
def state(
    scenario: str,
    at: str,
    logs: tuple[str, ...],
    mapping: Path | None,
    timezone: str | None,
    replication: int,
    seed: int | None,
    out: Path,
) -> None:
    """Say who is inside at a minute, and write it as a file with which a scenario can begin."""
    from portsim.checking import read_in  # noqa: PLC0415
    from portsim.cli.conducting import warn  # noqa: PLC0415
    from portsim.errors import InputError  # noqa: PLC0415
    from portsim.experiment import state as cut  # noqa: PLC0415
    from portsim.experiment.states import state_file  # noqa: PLC0415
    from portsim.forecasting import state_in_log  # noqa: PLC0415
    from portsim.gatelog import read_log  # noqa: PLC0415

    loaded = read_in(scenario)
    warn(loaded)
    (port,) = loaded
    if not state_file(out).resolve().parent.is_dir():
        raise InputError(f"{out.parent}: no such folder")
    if logs:
        if seed is not None or replication != 1:
            raise click.UsageError("--seed and --replication are those of a run: leave out --log")
        log = read_log(list(logs), mapping, timezone or zone_of(mapping, port.timezone))
        cut_state, forgotten = state_in_log(port, log, at)
    else:
        cut_state, forgotten = cut(port, at, replication=replication, seed=seed), 0
    written = cut_state.write(out)
    _show(cut_state, forgotten)
    click.echo(written)


def _show(cut_state: "State", forgotten: int) -> None:
    """Print how many stand where, and what is left of budgets and stores."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.cli.held import tell  # noqa: PLC0415
    from portsim.cli.table import console  # noqa: PLC0415
    from portsim.results.forecast import forgotten_sentence  # noqa: PLC0415
    from portsim.scenario.moments import spelt_moment  # noqa: PLC0415
    from portsim.wording import amounts, say  # noqa: PLC0415

    screen, trucks = console(), cut_state.trucks
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate((say("stage"), say("waiting"), say("at work"))):
        shown.add_column(Text(head), justify="right" if number else "left")
    for name, stage in cut_state.port.stages.items():
        here = trucks[trucks["stage"].eq(name)]
        counts = [int(here["status"].eq(status).sum()) for status in ("waiting", "working")]
        if any(counts):
            shown.add_row(Text(stage.label.said(name)), *map(amounts.count, counts))
    tell(
        screen,
        say(
            "{port}, {time}: {count} {count:truck|trucks} inside.",
            port=cut_state.port.name,
            time=spelt_moment(cut_state.at),
            count=amounts.count(len(trucks)),
        ),
        rest="",
    )
    if len(trucks):
        screen.print(shown)
    for name, level in cut_state.left.items():
        label = cut_state.port.resources[name].label.said(name)
        tell(
            screen, say("Left of {name}: {count}.", name=label, count=amounts.count(level)), rest=""
        )
    if forgotten:
        tell(screen, forgotten_sentence(forgotten), rest="")
