"""The verb `worth`: what one more of each thing saves trucks, and what limits next."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portsim.cli.conducting import conduct
from portsim.cli.options import REPLICATIONS, of_many_runs

if TYPE_CHECKING:
    from portsim.experiment import Study

__all__ = ["worth"]


@click.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
@REPLICATIONS
@of_many_runs
def worth(
    scenario: str,
    replications: int | None,
    seed: int | None,
    out: Path | None,
    force: bool,
    **options: Any,
) -> None:
    """Say what one more server, place, quota or hour is worth, in truck-hours a day.

    The same trucks come to the port as it is and with one more of each thing: of servers one more
    in every shift, of a calendar an hour more on every day. Ranked, with limits that hold for all
    of them together, and what waits then go back to most.
    """
    from portsim.studies.worth import ask  # noqa: PLC0415

    design = ask(scenario, replications=replications, seed=seed)

    def announce() -> None:
        click.echo(
            f"{len(design.ones)} things to have one more of, {design.replications} replications "
            "each",
            err=True,
        )

    out = out or Path("results") / f"{design.scenario.name}-worth"
    conduct(design, out, force, options, _show, announce)


def _show(done: "Study", folder: Path, written: list[Path]) -> None:
    """Print the ranked table, what is worth most, and the files written."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.cli.held import tell  # noqa: PLC0415
    from portsim.cli.table import console, show_written  # noqa: PLC0415
    from portsim.results.worth import cause_label, one_more  # noqa: PLC0415
    from portsim.wording import amounts, say  # noqa: PLC0415

    screen, study = console(), done.manifest.study
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(say("one more"))
    for head in (say("truck-hours a day"), say("from … to"), say("released a day")):
        table.add_column(head, justify="right")
    table.add_column(say("waits then go back to"))
    for row in done.table.to_dict("records"):
        low, high = (amounts.number(row[f"joint_{end}"]) for end in ("low", "high"))
        cells = [
            one_more(study, row),
            amounts.number(row["truck_hours"]),
            amounts.span(low, high),
            amounts.number(row["released"]),
            cause_label(study, str(row["next"])),
        ]
        style = "" if row["joint_low"] > 0 or row["joint_high"] < 0 else "dim"
        table.add_row(*(Text(cell) for cell in cells), style=style)
    screen.print(table)
    for text in done.sentences:
        tell(screen, text, rest="")
    show_written(screen, folder, written)
