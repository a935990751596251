"""The verb fit: a port told from its records, on the terminal and in a folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portsim.cli.options import LOG_MAP, TIMEZONE

if TYPE_CHECKING:
    import pandas as pd

    from portsim.fitting import Fit, HeldOut
    from portsim.results.tables import Kind

__all__ = ["fit"]

_FILES = ("port.yaml", "fit.csv", "map.yaml", "cleaning.csv")
_HELD, _CHECK = "held_out.csv", "check"
_MOVED = 5


def _servers(context: click.Context, parameter: click.Parameter, value: str) -> dict[str, int]:
    """``gate=2,desk=4`` as a mapping."""
    told: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        stage, _, count = part.rpartition("=")
        if not stage or not count.strip().isdigit() or not 1 <= int(count) <= 60:
            raise click.BadParameter(
                f"found `{part}`; expected STAGE=N with N from 1 to 60, such as gate=2",
                context,
                parameter,
            )
        told[stage.strip()] = int(count)
    return told


@click.command()
@click.argument("logs", metavar="LOG...", nargs=-1, required=True)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for port.yaml, fit.csv, map.yaml and cleaning.csv.",
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
    from portsim.errors import InputError  # noqa: PLC0415

    there = [name for name in _FILES if (out / name).exists()]
    if there and not force:
        raise InputError(
            f"{out}: found {there[0]} of an earlier fit; expected a new folder\n"
            "    hint: give --force to write over it"
        )
    from portsim.fitting import fit as told  # noqa: PLC0415
    from portsim.gatelog import read_log  # noqa: PLC0415

    log = read_log([Path(name) for name in logs], mapping, timezone)
    with Bar() as bar:
        found = told(
            log,
            servers=servers,
            name=out.resolve().name or "port",
            hold_out=hold_out,
            on_progress=bar,
        )
    _write(found, out, force)
    _show(found, out)


def _write(found: "Fit", out: Path, force: bool) -> None:
    from portsim.results import atomic_write, erase  # noqa: PLC0415

    # All of them are made before the first is written.
    files = {
        "fit.csv": _csv(found.table.fillna(""), "fit.csv", "n"),
        "cleaning.csv": _csv(found.log.cleaning, "cleaning.csv", "row"),
        "port.yaml": found.to_yaml().encode(),
    }
    if found.held_out is not None:
        files[_HELD] = _csv(found.moved, _HELD)
    out.mkdir(parents=True, exist_ok=True)
    if found.held_out is None:
        # What an earlier fit was held against says nothing of this one.
        (out / _HELD).unlink(missing_ok=True)
        erase(out / _CHECK)
    else:
        found.held_out.study.write(out / _CHECK, force=force)
    for name, data in files.items():
        atomic_write(out / name, data)
    found.log.write_map(out / "map.yaml")


def _csv(table: "pd.DataFrame", name: str, whole: str = "") -> bytes:
    from portsim.results.tables import to_csv  # noqa: PLC0415

    kinds: dict[str, Kind] = {
        str(column): "integer" if column == whole else "text" for column in table.columns
    }
    return to_csv(table, kinds, name)


def _show(found: "Fit", out: Path) -> None:
    log, table = found.log, found.table
    trucks = len(log.trucks)
    click.echo(
        f"{trucks:,} trucks through {', '.join(log.stages)}; {found.arrivals.first} to "
        f"{found.arrivals.last}, {log.timezone}"
    )
    for what, treatment, n in log.counts.to_numpy(object).tolist():
        click.echo(f"  cleaned: {n} x {what}: {treatment}")
    for stage in found.stages:
        for line in stage.sentences():
            click.echo(line)
    for each in found.arrivals.classes:
        rate = each.rate
        click.echo(
            f"{each.name}: {rate.value:.1f} a day ({rate.low:.1f} to {rate.high:.1f}), "
            f"{each.n:,} trucks"
        )
    open_ = table[table["identifiable"] != "yes"]
    if len(open_):
        click.echo(f"The records do not surely tell {len(open_)} values, such as:")
        for path, value, note in open_[["path", "value", "note"]].head(5).to_numpy(object).tolist():
            click.echo(f"  {path} = {value}" + (f" ({note})" if note else ""))
    if found.held_out is not None:
        _show_held(found, found.held_out)
    elif found.not_held:
        click.echo(found.not_held)
    for name in _FILES if found.held_out is None else (*_FILES, _HELD, f"{_CHECK}/check.html"):
        click.echo(out / name)
    click.echo(f"next: portsim validate {(out / 'port.yaml').as_posix()}", err=True)


def _show_held(found: "Fit", held_out: "HeldOut") -> None:
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
    beyond = found.moved[found.moved["beyond"] == "yes"]
    told = ", ".join(beyond["path"].head(_MOVED))
    more = f" and {len(beyond) - _MOVED} more" if len(beyond) > _MOVED else ""
    tell(
        screen,
        "The scenario is told from all weeks"
        + (
            f"; with the last ones these lie outside what those before tell: {told}{more}."
            if told
            else "; none of its values lies outside what those before tell."
        ),
    )
