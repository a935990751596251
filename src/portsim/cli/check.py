"""The verb `check`: a scenario held against a gate log, and what differs in plain words."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portsim.cli.options import FORCE, INTERRUPTED, OUT, SEED

if TYPE_CHECKING:
    import pandas as pd

    from portsim.experiment import Study

__all__ = ["check"]

_DATE = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
@click.option(
    "--log",
    "logs",
    required=True,
    multiple=True,
    metavar="FILE",
    help="Gate log: CSV, workbook, parquet or XES; may be given again for further files of it.",
)
@click.option(
    "--map",
    "map_",
    metavar="FILE",
    help="What the columns of the log are, and what its stages and classes are called.",
)
@click.option("--timezone", metavar="ZONE", help="IANA zone of stamps without an offset.")
@click.option(
    "--from",
    "first",
    type=_DATE,
    help="First date of the log that is looked at; the week before fills the port.",
)
@click.option("--to", "last", type=_DATE, help="Last date that is looked at.")
@click.option(
    "--replications",
    "-n",
    type=click.IntRange(10, 100_000),
    default=20,
    show_default=True,
    help="Simulated periods, once with the trucks of the log and once with the scenario's own.",
)
@SEED
@OUT
@FORCE
def check(
    scenario: str,
    logs: tuple[str, ...],
    map_: str | None,
    timezone: str | None,
    first: dt.datetime | None,
    last: dt.datetime | None,
    replications: int,
    seed: int | None,
    out: Path | None,
    force: bool,
) -> None:
    """Hold a scenario against a gate log, and say what it has wrong.

    The log lies beside simulated periods of the same days: figures, distances in multiples of what
    two periods differ by chance, and a verdict. Within what chance does nothing is said.
    """
    from portsim.checking import load  # noqa: PLC0415
    from portsim.cli.conducting import warn, warn_of_letters  # noqa: PLC0415
    from portsim.cli.progress import Bar  # noqa: PLC0415
    from portsim.errors import InputError  # noqa: PLC0415
    from portsim.gatelog import read_log  # noqa: PLC0415
    from portsim.held.study import check as hold  # noqa: PLC0415
    from portsim.held.study import fingerprint_of  # noqa: PLC0415
    from portsim.results import check_folder  # noqa: PLC0415

    if (first is None) != (last is None):
        raise InputError("--from and --to belong together: give both, or neither for the whole log")
    period = None if first is None or last is None else (first.date(), last.date())
    loaded = load(scenario)
    warn([loaded])
    # A log without a zone of its own tells the clock of the port.
    records = read_log(list(logs), map_, timezone or _zone_of(map_, loaded.timezone))
    folder = out or Path("results") / f"{loaded.name}-check"
    root = loaded.seed if seed is None else seed
    check_folder(folder, fingerprint_of(loaded, records, replications, root, period), force)
    try:
        with Bar() as bar:
            study = hold(
                loaded,
                records,
                period=period,
                replications=replications,
                seed=seed,
                on_progress=bar,
            )
        written = study.write(folder, force=force)
    except KeyboardInterrupt:
        click.echo("interrupted; the same command makes it whole", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    warn_of_letters(study.manifest, folder)
    _show(study, folder, written)


def _zone_of(map_: str | None, zone: str) -> str | None:
    """The scenario's zone, unless a map says another."""
    from portsim.gatelog import read_map  # noqa: PLC0415

    return None if map_ is not None and read_map(Path(map_)).timezone else zone


def _show(done: "Study", folder: Path, written: list[Path]) -> None:
    """Print the verdict, then log and simulation side by side."""
    import textwrap  # noqa: PLC0415

    from rich.text import Text  # noqa: PLC0415

    from portsim.cli.table import console, show_written  # noqa: PLC0415
    from portsim.results.check import remark_sentences, verdict_sentence  # noqa: PLC0415
    from portsim.results.check_faults import fault_sentence  # noqa: PLC0415

    screen, facts = console(), done.manifest.study
    width = min(screen.width, 100)

    def tell(text: str, first: str = "", rest: str = "    ") -> None:
        folded = textwrap.fill(
            text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
        )
        screen.print(Text(folded))

    tell(verdict_sentence(facts))
    for fault in facts["faults"]:
        tell(fault_sentence(fault, facts), "  - ")
    screen.print(_side_by_side(done.table))
    screen.print(_distances(done.record.tables["distances"]))
    for text in remark_sentences(facts):
        tell(text)
    show_written(screen, folder, written)


def _side_by_side(table: "pd.DataFrame") -> object:
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.results.check_labels import measure_label  # noqa: PLC0415
    from portsim.wording import amounts  # noqa: PLC0415

    shown = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title="all classes, with the trucks of the log (arrivals: the scenario's own)",
        title_justify="left",
    )
    shown.add_column("measure")
    for head in ("log", "simulated", "95 % of periods", "inside"):
        shown.add_column(head, justify="right")
    rows = table[table["truck_class"].eq("all")]
    own = rows["measure"].eq("arrivals_per_day")
    rows = rows[(rows["arrivals"].eq("own") & own) | (rows["arrivals"].eq("log") & ~own)]
    rows = rows.sort_values("place", key=lambda places: places.ne(""), kind="stable")
    for row in rows.to_dict("records"):
        unit = row["unit"]
        label = measure_label(row["measure"])
        low, high = (amounts.quantity(row[end], unit) for end in ("low", "high"))
        shown.add_row(
            Text(f"{row['place']}: {label}" if row["place"] else label),
            amounts.quantity(row["log"], unit),
            amounts.quantity(row["simulated"], unit),
            amounts.span(low, high),
            "NO" if row["inside"] == "no" else row["inside"],
        )
    return shown


def _distances(table: "pd.DataFrame") -> object:
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.results.check_labels import measure_label  # noqa: PLC0415
    from portsim.wording import amounts  # noqa: PLC0415

    shown = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title="distance of the log, in multiples of that of two simulated periods",
        title_justify="left",
    )
    shown.add_column("of")
    shown.add_column("with its trucks", justify="right")
    shown.add_column("with the scenario's", justify="right")
    for (measure, place), rows in table.groupby(["measure", "place"], sort=False):
        by = dict(zip(rows["arrivals"], rows["multiple"], strict=True))
        label = measure_label(str(measure))
        cells = (
            "–" if by[kind] != by[kind] else amounts.number(by[kind]) for kind in ("log", "own")
        )
        shown.add_row(Text(f"{place}: {label}" if place else label), *cells)
    return shown
