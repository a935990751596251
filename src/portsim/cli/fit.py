"""The verb fit: a port told from its records, on the terminal and in a folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portsim.cli.options import LOG_MAP, TIMEZONE

if TYPE_CHECKING:
    import pandas as pd

    from portsim.fitting import Fit, HeldOut

__all__ = ["fit"]

_MOVED = _OPEN = 5


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
    help="Folder for port.yaml, fit.csv, fit.html, draws.csv, map.yaml, cleaning.csv and check/.",
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
    from portsim.results.cleaned import in_words, listed  # noqa: PLC0415
    from portsim.wording import say  # noqa: PLC0415

    log = fitted.log
    first, last = fitted.arrivals.first, fitted.arrivals.last
    click.echo(
        say(
            "{trucks} trucks through {stages}; {first} to {last}, {timezone}",
            trucks=format(len(log.trucks), ","),
            stages=", ".join(log.stages),
            first=first,
            last=last,
            timezone=log.timezone,
        )
    )
    for oddity, treatment, n in listed(log.counts):
        cleaned = say(
            "cleaned: {n} x {what}: {treatment}",
            n=n,
            what=" … ".join(map(in_words, oddity)),
            treatment=in_words(treatment),
        )
        click.echo(f"  {cleaned}")
    for stage in fitted.stages:
        for line in stage.sentences():
            click.echo(line)
    for each in fitted.arrivals.classes:
        click.echo(
            say(
                "{name}: {rate} a day ({low} to {high}), {trucks} trucks",
                name=each.name,
                rate=format(each.rate.value, ".1f"),
                low=format(each.rate.low, ".1f"),
                high=format(each.rate.high, ".1f"),
                trucks=format(each.n, ","),
            )
        )
    _show_open(fitted.table[fitted.table["identifiable"] != "yes"])
    if fitted.held_out is not None:
        _show_held(fitted, fitted.held_out)
    elif fitted.not_held:
        click.echo(fitted.not_held)
    for file in written:
        click.echo(file)
    command = f"portsim validate {(out / 'port.yaml').as_posix()}"
    click.echo(say("next: {command}", command=command), err=True)


def _show_open(rows: "pd.DataFrame") -> None:
    """What the records leave open. In: rows of fit.csv."""
    from portsim.wording import say  # noqa: PLC0415

    if not len(rows):
        return
    if len(rows) == 1:
        click.echo(say("The records do not surely tell 1 value:"))
    else:
        click.echo(say("The records do not surely tell {count} values, such as:", count=len(rows)))
    for path, value, note in rows[["path", "value", "note"]].head(_OPEN).to_numpy(object).tolist():
        setting = f"{path} = {value}" if value else path
        click.echo(f"  {setting}" + (f" ({note})" if note else ""))


def _show_held(fitted: "Fit", held_out: "HeldOut") -> None:
    from portsim.cli.held import show_verdict, tell  # noqa: PLC0415
    from portsim.cli.table import console  # noqa: PLC0415
    from portsim.wording import say  # noqa: PLC0415

    screen = console()
    before = held_out.earlier.arrivals
    days = {"first": before.first, "last": before.last}
    head = say("Told from {first} to {last} and held against the last week:", **days)
    if held_out.weeks > 1:
        head = say(
            "Told from {first} to {last} and held against the last {weeks} weeks:",
            weeks=held_out.weeks,
            **days,
        )
    tell(screen, head)
    show_verdict(screen, held_out.held.facts)
    beyond = fitted.moved[fitted.moved["beyond"] == "yes"]["path"]
    values = ", ".join(beyond.head(_MOVED))
    if len(beyond) > _MOVED:
        values = say("{values} and {count} more", values=values, count=len(beyond) - _MOVED)
    if values:
        moved = say(
            "The scenario is told from all weeks; with the last ones these lie outside what those "
            "before tell: {values}.",
            values=values,
        )
    else:
        moved = say(
            "The scenario is told from all weeks; none of its values lies outside what those before"
            " tell."
        )
    tell(screen, moved)
