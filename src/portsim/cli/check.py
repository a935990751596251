"""The verb `check`: a scenario held against a gate log, and what differs in plain words."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portsim.cli.options import FORCE, INTERRUPTED, LOG_MAP, OUT, SEED, TIMEZONE

if TYPE_CHECKING:
    from portsim.experiment import Study

__all__ = ["check", "zone_of"]

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
@LOG_MAP
@TIMEZONE
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
    mapping: Path | None,
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
    records = read_log(list(logs), mapping, timezone or zone_of(mapping, loaded.timezone))
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
    _show(study.shown, folder, written)


def zone_of(mapping: Path | None, zone: str) -> str | None:
    """The scenario's zone, unless a map says another."""
    from portsim.gatelog import read_map  # noqa: PLC0415

    return None if mapping is not None and read_map(mapping).timezone else zone


def _show(done: "Study", folder: Path, written: list[Path]) -> None:
    """Print the verdict, then log and simulation side by side."""
    from portsim.cli.held import distances, show_verdict, side_by_side, tell  # noqa: PLC0415
    from portsim.cli.table import console, show_written  # noqa: PLC0415
    from portsim.results.check import remark_sentences  # noqa: PLC0415

    screen, facts = console(), done.manifest.study
    show_verdict(screen, facts)
    screen.print(side_by_side(done.table, facts))
    screen.print(distances(done.record.tables["distances"], facts))
    for text in remark_sentences(facts):
        tell(screen, text)
    show_written(screen, folder, written)
