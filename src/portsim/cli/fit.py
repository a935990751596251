"""The verb fit: a port told from its records, on the terminal and in a folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portsim.cli.options import LOG_MAP, TIMEZONE

if TYPE_CHECKING:
    from portsim.fitting import Fit, HeldOut

__all__ = ["fit"]

_MOVED = 5


def _servers(context: click.Context, parameter: click.Parameter, value: str) -> dict[str, int]:
    """``gate=2,desk=4`` as a mapping."""
    servers: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        stage, _, count = part.rpartition("=")
        if not stage or not count.strip().isdigit() or not 1 <= int(count) <= 60:
            raise click.BadParameter(
                f"found `{part}`; expected STAGE=N with N from 1 to 60, such as gate=2",
                context,
                parameter,
            )
        servers[stage.strip()] = int(count)
    return servers


@click.command()
@click.argument("logs", metavar="LOG...", nargs=-1, required=True)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for port.yaml, fit.csv, draws.csv, map.yaml, cleaning.csv and check/.",
)
@LOG_MAP
@TIMEZONE
@click.option(
    "--servers",
    default="",
    callback=_servers,
    metavar="STAGE=N,...",
    help="How many servers a stage has while it is open, where you know.",
)
@click.option(
    "--hold-out",
    type=click.IntRange(0),
    metavar="WEEKS",
    help="So many weeks at the end of the log are held against a port told from those before; the "
    "last quarter if left out, 0 for none. The scenario is told from all of them afterwards.",
)
@click.option("--force", is_flag=True, help="Write over the files of an earlier fit.")
def fit(
    logs: tuple[str, ...],
    out: Path,
    mapping: Path | None,
    timezone: str | None,
    servers: dict[str, int],
    hold_out: int | None,
    force: bool,
) -> None:
    """Tell a port from its gate log: a scenario that says of each value how surely.

    LOG is a table of any common kind (CSV, xlsx, xls, ods, parquet, XES), a row a truck or a row an
    event; several are read as one. Hours, servers, work times, arrivals, shares and routes are
    estimated; what the records cannot tell is said in fit.csv. At last the last weeks are held
    against a port told from those before, as portsim check does.
    """
    from portsim.cli.progress import Bar  # noqa: PLC0415
    from portsim.fitting.folder import refuse_older  # noqa: PLC0415
    from portsim.results import check_writable  # noqa: PLC0415

    # Refused before the long work, not after it.
    check_writable(out)
    if not force:
        refuse_older(out)
    from portsim.fitting import fit as fit_log  # noqa: PLC0415
    from portsim.gatelog import read_log  # noqa: PLC0415

    log = read_log([Path(name) for name in logs], mapping, timezone)
    with Bar() as bar:
        fitted = fit_log(
            log,
            servers=servers,
            name=out.resolve().name or "port",
            hold_out=hold_out,
            on_progress=bar,
        )
    _show(fitted, out, fitted.write(out, force=force))


def _show(fitted: "Fit", out: Path, written: list[Path]) -> None:
    log, table = fitted.log, fitted.table
    trucks = len(log.trucks)
    click.echo(
        f"{trucks:,} trucks through {', '.join(log.stages)}; {fitted.arrivals.first} to "
        f"{fitted.arrivals.last}, {log.timezone}"
    )
    for oddity, treatment, n in log.counts.to_numpy(object).tolist():
        click.echo(f"  cleaned: {n} x {oddity}: {treatment}")
    for stage in fitted.stages:
        for line in stage.sentences():
            click.echo(line)
    for each in fitted.arrivals.classes:
        rate = each.rate
        click.echo(
            f"{each.name}: {rate.value:.1f} a day ({rate.low:.1f} to {rate.high:.1f}), "
            f"{each.n:,} trucks"
        )
    open_ = table[table["identifiable"] != "yes"]
    if len(open_):
        count = "1 value" if len(open_) == 1 else f"{len(open_)} values, such as"
        click.echo(f"The records do not surely tell {count}:")
        for path, value, note in open_[["path", "value", "note"]].head(5).to_numpy(object).tolist():
            setting = f"{path} = {value}" if value else path
            click.echo(f"  {setting}" + (f" ({note})" if note else ""))
    if fitted.held_out is not None:
        _show_held(fitted, fitted.held_out)
    elif fitted.not_held:
        click.echo(fitted.not_held)
    for file in written:
        click.echo(file)
    click.echo(f"next: portsim validate {(out / 'port.yaml').as_posix()}", err=True)


def _show_held(fitted: "Fit", held_out: "HeldOut") -> None:
    from portsim.cli.held import show_verdict, tell  # noqa: PLC0415
    from portsim.cli.table import console  # noqa: PLC0415

    screen = console()
    before = held_out.earlier.arrivals
    tell(
        screen,
        f"Told from {before.first} to {before.last} and held against the last "
        f"{held_out.weeks} {'week' if held_out.weeks == 1 else 'weeks'}:",
    )
    show_verdict(screen, held_out.held.facts)
    beyond = fitted.moved[fitted.moved["beyond"] == "yes"]
    paths = ", ".join(beyond["path"].head(_MOVED))
    more = f" and {len(beyond) - _MOVED} more" if len(beyond) > _MOVED else ""
    tell(
        screen,
        "The scenario is told from all weeks"
        + (
            f"; with the last ones these lie outside what those before tell: {paths}{more}."
            if paths
            else "; none of its values lies outside what those before tell."
        ),
    )
