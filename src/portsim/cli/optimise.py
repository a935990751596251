"""The verb `optimise`: a search for the cheapest point, printed beside the proof of its winner."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portsim.cli.conducting import conduct
from portsim.cli.options import REPLICATIONS, UNKEPT, of_many_runs

if TYPE_CHECKING:
    import pandas as pd

    from portsim.cli.fitted import Screen
    from portsim.experiment import Study
    from portsim.studies.problem import Problem

__all__ = ["optimise"]


@click.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=VALUES",
    help="Values to choose from at a path: a range 2..8 or 0.5..3:0.25, or a list 2 min,4 min; "
    "once for each path. In place of what the file says below `study: {vary: …}`.",
)
@click.option(
    "--require",
    "required",
    multiple=True,
    metavar="MEASURE>=VALUE",
    help="A promise that must be kept; once for each. E.g. "
    '"completed_within_limit>=0.95" or "stay_p95_h[export]<=24".',
)
@click.option(
    "--minimise",
    metavar="cost|staffed_hours|MEASURE",
    help="What is to be small; the cost if servers have a cost_per_staffed_hour, else the staffed "
    "hours, if left out.",
)
@click.option(
    "--trials",
    type=click.IntRange(1, 10_000),
    default=100,
    show_default=True,
    help="Points to try at most; a space with no more points is tried in whole.",
)
@REPLICATIONS
@click.option(
    "--fresh",
    type=click.IntRange(2, 100_000),
    help="Further replications on which the best points are proven; three times as many as each "
    "point was tried with if left out.",
)
@click.option(
    "--finalists",
    type=click.IntRange(1, 100),
    default=5,
    show_default=True,
    help="How many of the best points are proven.",
)
@of_many_runs
def optimise(
    scenario: str,
    vary: tuple[str, ...],
    required: tuple[str, ...],
    minimise: str | None,
    trials: int,
    replications: int | None,
    fresh: int | None,
    finalists: int,
    seed: int | None,
    out: Path | None,
    force: bool,
    **options: Any,
) -> None:
    """Search many values for the cheapest that keeps a promise, and prove the winner.

    \b
    Example:  portsim optimise port.yaml --vary resources.lanes.capacity=1..9
                  --vary resources.clerks.capacity=1..30 --require "completed_within_limit>=0.95"

    Few points are tried in whole; of many a search tries the promising ones (Optuna, to be
    installed with: pip install 'portsim[optimise]'). The best are run again with fresh
    replications, as those of the search picked the lucky ones. Exit code 3 if none stands this
    proof.
    """
    from portsim.studies.optimise import ask  # noqa: PLC0415
    from portsim.studies.points import all_varied  # noqa: PLC0415

    design = ask(
        scenario,
        all_varied(vary),
        required=required,
        minimise=minimise,
        trials=trials,
        replications=replications,
        fresh=fresh,
        seed=seed,
        finalists=finalists,
    )
    problem = design.problem

    def announce() -> None:
        how = (
            f"all {problem.size:,} points are tried, for there are no more than {trials} (--trials)"
            if problem.all_tried
            else f"{trials} of {problem.size:,} points are searched"
        )
        click.echo(
            f"{how}, {problem.replications} replications each; then up to {finalists} are proven "
            f"with {problem.fresh} fresh ones",
            err=True,
        )

    out = out or Path("results") / f"{problem.name}-optimise"
    done = conduct(design, out, force, options, partial(_show, problem), announce, dispensable=True)
    if done.manifest.study["winner"] is None:
        raise click.exceptions.Exit(UNKEPT)


def _show(problem: "Problem", done: "Study", folder: Path, written: list[Path]) -> None:
    """Print the finalists as searched and as proven, who wins, and the files written."""
    import textwrap  # noqa: PLC0415

    from rich.text import Text  # noqa: PLC0415

    from portsim.cli.table import console, show_written  # noqa: PLC0415
    from portsim.results.cheapest import promise_text  # noqa: PLC0415
    from portsim.wording import decimal, say  # noqa: PLC0415

    screen = console()
    if len(done.proof):
        promise = promise_text(done.manifest.study)
        screen.print(Text(say("The best of the search, proven: {promise}.", promise=promise)))
        _show_proof(problem, done.proof, screen)
    lines, audit = done.sentences, done.manifest.audit
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


def _show_proof(problem: "Problem", proof: "pd.DataFrame", screen: "Screen") -> None:
    """A row a finalist and requirement: what the search saw, and what fresh replications say."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.results.cheapest import figure_text, spent  # noqa: PLC0415
    from portsim.results.sweep import label  # noqa: PLC0415
    from portsim.wording import amounts, say  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for path in problem.varied:
        table.add_column(Text(label(path)), justify="right", overflow="fold")
    table.add_column(
        say("{unit} a day", unit=problem.currency) if problem.costly else say("staffed h a day"),
        justify="right",
    )
    several = len(proof) > proof["place"].nunique()
    if several:
        table.add_column(say("promise"))
    for head in (say("searched"), say("fresh"), say("proven")):
        table.add_column(head, justify="right", no_wrap=True)
    for _, rows in proof.groupby("place", sort=False):
        for number, row in enumerate(rows.to_dict("records")):
            point = [*(amounts.given(row[path]) for path in problem.varied), spent(row)]
            proven = say("yes") if row["proven"] == "yes" else say("no")
            proven = say("winner") if row["winner"] == "yes" else proven
            last = "" if number else proven
            cells = [
                *(point if not number else [""] * len(point)),
                *([row["requirement"]] if several else []),
                figure_text(row, "searched_"),
                figure_text(row, "fresh_"),
                last,
            ]
            table.add_row(*(Text(str(cell)) for cell in cells),
                          style="bold" if row["winner"] == "yes" else "")  # fmt: skip
    screen.print(table, names=len(problem.varied))
