"""The verb `warmup`: how long a scenario must run before its period, and whether that can help."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portsim.cli.conducting import conduct
from portsim.cli.options import REPLICATIONS, of_many_runs

if TYPE_CHECKING:
    from portsim.experiment import Study

__all__ = ["warmup"]


@click.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
@click.option(
    "--up-to",
    "most",
    type=click.IntRange(0, 100),
    default=26,
    show_default=True,
    metavar="WEEKS",
    help="The longest warm-up that is tried.",
)
@REPLICATIONS
@of_many_runs
def warmup(scenario: str, most: int, out: Path | None, force: bool, **options: Any) -> None:
    """Find the shortest warm-up that is long enough, and draw it.

    The same trucks from a start four weeks earlier: a warm-up is long enough if no headline measure
    moves by more than a tenth of its half-width. Says when there is no steady state.

    SCENARIO.yaml may be a stack of overlays: base.yaml+overlay.yaml.
    """
    from portsim.studies.warmup import ask  # noqa: PLC0415

    design = ask(
        scenario,
        most=most,
        replications=options.pop("replications"),
        seed=options.pop("seed"),
    )
    out = out or Path("results") / f"{design.policies[0].name}-warmup"
    conduct(design, out, force, options, _show)


def _show(done: "Study", folder: Path, written: list[Path]) -> None:
    """Print how far each measure moves at each warm-up, and what came of it in words."""
    import textwrap  # noqa: PLC0415

    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.cli.table import console, show_written  # noqa: PLC0415
    from portsim.results.manifest import counted  # noqa: PLC0415
    from portsim.wording import decimal, say  # noqa: PLC0415

    screen = console()
    rows = done.table
    weeks = list(dict.fromkeys(rows["warm_up_weeks"]))
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title=say("moved by four weeks more, in half-widths"),
        title_justify="left",
    )
    table.add_column(say("measure"))
    for week in weeks:
        own = "*" if week == done.manifest.study["own_weeks"] else ""
        table.add_column(say("{number} wk", number=f"{week}{own}"), justify="right")
    for (place, measure), shifts in rows.groupby(["place", "measure"], sort=False):
        by = {
            week: f"{moved:.2f}{' !' if passes == 'no' else ''}"
            for week, moved, passes in zip(
                shifts["warm_up_weeks"], shifts["moved_half_widths"], shifts["passes"], strict=True
            )
        }
        table.add_row(
            Text(
                say("{measure} of {place}", measure=measure, place=place) if place else str(measure)
            ),
            *(Text(by.get(week, "–")) for week in weeks),
        )
    screen.print(table)
    head = say(
        "* the scenario's own warm-up; ! more than a tenth; inside_at_start is not judged. {count},"
        " seed {seed}, paired on the same trucks.",
        count=counted(done.manifest),
        seed=done.manifest.seed,
    )
    lines = [head, *done.sentences]
    audit = done.manifest.audit
    if audit.mode != "none":
        lines.append(
            say(
                "Audit: SimPy, the engine of reference, agrees on {visits} visits.",
                visits=decimal(audit.visits, 0),
            )
        )
    for line in lines:
        screen.print(Text(textwrap.fill(line, min(screen.width, 100), subsequent_indent="    ")))
    show_written(screen, folder, written)
