"""The verb `roster`: who should work when, so that a promise is kept for the least money."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portsim.cli.conducting import conduct
from portsim.cli.options import FORCE, JOBS, OUT, REPLICATIONS, SEED, UNKEPT

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from portsim.experiment import Study
    from portsim.results.manifest import Manifest

__all__ = ["roster"]


@click.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
@click.option(
    "--require",
    "required",
    multiple=True,
    metavar='"MEASURE>=NUMBER"',
    help='A promise to be kept, such as "completed_within_limit>=0.95"; may be given again.',
)
@click.option(
    "--shifts",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with a section shifts, laid over the scenario; that of the scenario if left out.",
)
@click.option(
    "--vary-hours",
    "vary_hours",
    multiple=True,
    metavar="CALENDAR=OPENS,CLOSES",
    help="When a calendar may open and close, such as gate=08:00..12:00,18:00..24:00, in steps of "
    "an hour or 08:00..12:00:30 min: hours are chosen with the roster; once for each calendar.",
)
@click.option(
    "--levels",
    default="",
    metavar="VALUE,VALUE",
    help="Other values of the first promise, for the frontier of cost against it: 0.8,0.9. With "
    "--vary-hours.",
)
@REPLICATIONS
@click.option(
    "--fresh",
    type=click.IntRange(2, 100_000),
    help="Further replications on which the roster is proven; three times as many if left out.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(1.0, 1_000_000.0),
    default=600.0,
    show_default=True,
    help="So long the search goes on at most; then it tells how far from the bound it is.",
)
@SEED
@JOBS
@OUT
@FORCE
def roster(
    scenario: str,
    required: tuple[str, ...],
    shifts: Path | None,
    vary_hours: tuple[str, ...],
    levels: str,
    replications: int | None,
    fresh: int | None,
    seconds: float,
    seed: int | None,
    jobs: int | None,
    out: Path | None,
    force: bool,
) -> None:
    """Find the cheapest roster that keeps a promise, and prove it.

    \b
    Example:  portsim roster port.yaml --require "completed_within_limit>=0.95"

    Below `shifts` the scenario says who may work when and what it costs. The answer is a table for
    each post, on the terminal, on a page, in a workbook to print and as an overlay that portsim run
    takes, with people's weeks, the cost, and the bound: no roster of these shifts costs less. Exit
    code 3 if no roster keeps the promise, or fresh replications do not prove it.
    """
    from portsim.rostering.study import ask  # noqa: PLC0415

    spec = scenario if shifts is None else f"{scenario}+{shifts}"
    design = ask(
        spec,
        required=required,
        replications=replications,
        fresh=fresh,
        seed=seed,
        seconds=seconds,
        vary_hours=vary_hours,
        levels=levels,
    )

    def announce() -> None:
        words = design.words
        click.echo(
            f"{len(words.tours):,} turns of shifts for {', '.join(words.posts)}; each roster is "
            f"tried on {design.replications} replications, the last one proven on {design.fresh}",
            err=True,
        )

    out = out or Path("results") / f"{design.scenario.name}-roster"
    options: dict[str, Any] = {"jobs": jobs, "cluster": None, "engine": "compiled"}
    done = conduct(design, out, force, options, _show, announce, dispensable=True)
    if not (done.manifest.study["found"] and done.record.tables["promise"]["met"].eq("yes").all()):
        raise click.exceptions.Exit(UNKEPT)


def _show(done: "Study", folder: Path, written: list[Path]) -> None:
    """Print the sentences, a table for each post, the first weeks of people, and the files."""
    from portsim.cli.held import tell  # noqa: PLC0415
    from portsim.cli.table import console, show_written  # noqa: PLC0415

    screen = console()
    for text in done.sentences:
        tell(screen, text, rest="")
    if (hours := done.record.tables.get("hours")) is not None:
        screen.print()
        screen.print(_hours(hours, done.manifest))
    labels = done.manifest.study.get("labels", {})
    for post, rows in done.table.groupby("post", sort=False):
        screen.print()
        screen.print(_post(str(labels.get(post, post)), rows, labels))
    show_written(screen, folder, written)


def _hours(tried: "pd.DataFrame", made: "Manifest") -> "Table":
    """The hours on the frontier of cost against the promise, and those that there are."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.results.roster_hours import hours_cells, shown_hours  # noqa: PLC0415
    from portsim.wording import say  # noqa: PLC0415

    title = say("Hours and what the cheapest roster under them costs")
    table = Table(title=Text(title), box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left")
    table.add_column(say("promise"))
    table.add_column(say("hours"))
    currency = made.scenarios[0].currency
    for head in (say("{currency} a week", currency=currency), say("people"), say("reached")):
        table.add_column(head, justify="right")
    for row in shown_hours(tried):
        style = "bold" if row["best"] == "yes" else ""
        table.add_row(*(Text(cell) for cell in hours_cells(row, made)), style=style)
    return table


def _post(title: str, rows: "pd.DataFrame", labels: dict[str, str]) -> "Table":
    """How many begin each shift on each weekday."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.results.roster_tables import DAY_NAMES  # noqa: PLC0415
    from portsim.results.roster_words import shift_text  # noqa: PLC0415
    from portsim.wording import amounts, days, say  # noqa: PLC0415

    table = Table(title=Text(title), box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left")
    table.add_column(say("shift"))
    table.add_column(say("people"))
    for day in days():
        table.add_column(day, justify="right")
    table.add_column(say("hours"), justify="right")
    for row in rows.to_dict("records"):
        cells = [shift_text(row), labels.get(row["people"], row["people"])]
        cells += [str(row[day]) if row[day] else "·" for day in DAY_NAMES]
        table.add_row(*(Text(str(cell)) for cell in cells), Text(amounts.number(row["hours"])))
    return table
