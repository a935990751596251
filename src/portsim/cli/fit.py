"""The verb fit: a port told from its records, on the terminal and in a folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

    from portsim.fitting import Fit

__all__ = ["fit"]

_FILES = ("port.yaml", "fit.csv", "map.yaml", "cleaning.csv")


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
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What each column is: a map.yaml of an earlier fit, corrected.",
)
@click.option("--timezone", metavar="ZONE", help="IANA zone of stamps without an offset.")
@click.option(
    "--servers",
    default="",
    callback=_servers,
    metavar="STAGE=N,...",
    help="How many servers a stage has while it is open, where you know.",
)
@click.option("--force", is_flag=True, help="Write over the files of an earlier fit.")
def fit(
    logs: tuple[str, ...],
    out: Path,
    mapping: Path | None,
    timezone: str | None,
    servers: dict[str, int],
    force: bool,
) -> None:
    """Tell a port from its gate log: a scenario that says of each value how surely.

    LOG is a table of any common kind (CSV, xlsx, xls, ods, parquet, XES), a row a truck or a row an
    event; several are read as one. Hours, servers, work times, arrivals, shares and routes are
    estimated; what the records cannot tell is said in fit.csv.
    """
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
    found = told(log, servers=servers, name=out.resolve().name or "port")
    _write(found, out)
    _show(found, out)


def _write(found: "Fit", out: Path) -> None:
    from portsim.results import atomic_write  # noqa: PLC0415
    from portsim.results.tables import Kind, to_csv  # noqa: PLC0415

    def csv(table: "pd.DataFrame", whole: str, name: str) -> bytes:
        kinds: dict[str, Kind] = {
            str(column): "integer" if column == whole else "text" for column in table.columns
        }
        return to_csv(table, kinds, name)

    # All of them are made before the first is written.
    files = {
        "fit.csv": csv(found.table.fillna(""), "n", "fit.csv"),
        "cleaning.csv": csv(found.log.cleaning, "row", "cleaning.csv"),
        "port.yaml": found.to_yaml().encode(),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        atomic_write(out / name, data)
    found.log.write_map(out / "map.yaml")


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
    for name in _FILES:
        click.echo(out / name)
    click.echo(f"next: portsim validate {(out / 'port.yaml').as_posix()}", err=True)
