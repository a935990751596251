"""The verb `optimise`: a search for the cheapest point, printed beside the proof of its winner."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portsim.cli.conducting import conduct
from portsim.cli.options import REPLICATIONS, of_many_runs

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

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
    replications, as those of the search picked the lucky ones.
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
    conduct(design, out, force, options, partial(_show, problem), announce, dispensable=True)


def _show(problem: "Problem", done: "Study", folder: Path, written: list[Path]) -> None:
    """Print the finalists as searched and as proven, who wins, and the files written."""
    import textwrap  # noqa: PLC0415

    from rich.text import Text  # noqa: PLC0415

    from portsim.cli.table import console, show_written  # noqa: PLC0415

    screen = console()
    if len(done.proof):
        screen.print(Text(f"The best of the search, proven: {_promise(problem)}."))
        _show_proof(problem, done.proof, screen)
    lines = [*_outcome(problem, done), *_remarks(problem, done)]
    for line in lines:
        screen.print(Text(textwrap.fill(line, min(screen.width, 100), subsequent_indent="    ")))
    show_written(screen, folder, written)


def _show_proof(problem: "Problem", proof: "pd.DataFrame", screen: "Console") -> None:
    """A row a finalist and requirement: what the search saw, and what fresh replications say."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.results.sweep import label  # noqa: PLC0415
    from portsim.wording import amounts  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for path in problem.varied:
        table.add_column(Text(label(path)), justify="right", overflow="fold")
    table.add_column(
        f"{problem.currency} a day" if problem.costly else "staffed h a day", justify="right"
    )
    several = len(proof) > proof["place"].nunique()
    if several:
        table.add_column("promise")
    for head in ("searched", "fresh", "proven"):
        table.add_column(head, justify="right", no_wrap=True)
    for _, rows in proof.groupby("place", sort=False):
        for number, row in enumerate(rows.to_dict("records")):
            point = [*(amounts.given(row[path]) for path in problem.varied), _spent(problem, row)]
            last = "" if number else "winner" if row["winner"] == "yes" else row["proven"]
            cells = [
                *(point if not number else [""] * len(point)),
                *([row["requirement"]] if several else []),
                _found(row, "searched"),
                _found(row, "fresh"),
                last,
            ]
            table.add_row(*(Text(str(cell)) for cell in cells),
                          style="bold" if row["winner"] == "yes" else "")  # fmt: skip
    screen.print(table)


def _outcome(problem: "Problem", done: "Study") -> list[str]:
    """Who wins, or why nobody does."""
    from portsim.results.sweep import label  # noqa: PLC0415
    from portsim.wording import amounts  # noqa: PLC0415

    study = done.manifest.study
    promise = _promise(problem)
    if done.winner is not None:
        named = ", ".join(f"{label(path)} {amounts.given(v)}" for path, v in done.winner.items())
        rows = done.proof[done.proof["winner"].eq("yes")].to_dict("records")
        seen = "; ".join(
            f"{row['requirement']}: {_found(row, 'fresh')}, searched {_found(row, 'searched')}"
            for row in rows
        )
        before = done.proof[done.proof["place"].lt(rows[0]["place"])]
        fell = int(before[before["proven"].eq("no")]["place"].nunique())
        sentence = (
            f"The winner is {named}: {_a_day(problem, rows[0])}. On fresh replications {seen}."
        )
        if fell:
            sentence += f" {fell} that the search put before it did not stand the proof."
        return [sentence]
    if len(done.proof):
        sentence = (
            f"No winner: {study['feasible']} points kept {promise} in the search, but on fresh "
            f"replications none of the {done.proof['place'].nunique()} best of them surely does. "
            "Try more --replications, so that luck counts for less in the search, more --fresh "
            "ones, so that the proof is sharper, or more --finalists."
        )
        return [sentence]
    lines = [f"No winner: none of the {study['tried']} points tried surely keeps {promise}."]
    rows = done.table[done.table["trial"].eq(study["nearest"] or 0)].to_dict("records")
    if rows:
        point = ", ".join(
            f"{label(path)} {amounts.given(rows[0][path])}" for path in problem.varied
        )
        seen = "; ".join(f"{row['requirement']}: {_found(row)}" for row in rows)
        lines.append(f"The nearest is {point}: {_a_day(problem, rows[0])}; {seen}.")
    return lines


def _remarks(problem: "Problem", done: "Study") -> list[str]:
    """What a reader must know of the search and its limits."""
    study = done.manifest.study
    how = (
        f"All {study['tried']} points were tried"
        if problem.all_tried
        else f"{study['tried']} of {problem.size:,} points were tried; a search cannot promise "
        "that none of the others is better"
    )
    count = f"{problem.replications} replications, seed {problem.seed}"
    lines = [f"{how}. {study['feasible']} kept every promise with {count}."]
    if len(done.proof):
        lines.append(
            "Searched: 95 % limits of each point for itself; the best were chosen by them, so they "
            f"flatter. Fresh: {problem.fresh} replications that the search has not seen; their "
            "limits hold for all finalists together (95 %, Bonferroni)."
        )
    if problem.unpriced:
        free = ", ".join(problem.unpriced)
        lines.append(f"Counted as free, for want of a cost_per_staffed_hour: {free}.")
    failed = done.table[done.table["note"].ne("")]["trial"].nunique()
    if failed:
        lines.append(f"{failed} points could not be run; optimise.csv says why.")
    audit = done.manifest.audit
    if audit.mode != "none":
        lines.append(f"Audit: SimPy, the engine of reference, agrees on {audit.visits:,} visits.")
    return lines


def _promise(problem: "Problem") -> str:
    return " and ".join(str(promise) for promise in problem.required) or f"the least {problem.aim}"


def _spent(problem: "Problem", row: dict[Any, Any]) -> str:
    """Cost a day, or staffed hours where nothing has a cost."""
    from portsim.results.sweep import COST, STAFFED  # noqa: PLC0415
    from portsim.wording import amounts  # noqa: PLC0415

    return amounts.money(row[COST]) if problem.costly else amounts.number(row[STAFFED])


def _a_day(problem: "Problem", row: dict[Any, Any]) -> str:
    return f"{_spent(problem, row)} {problem.currency if problem.costly else 'staffed hours'} a day"


def _found(row: dict[Any, Any], when: str = "") -> str:
    """Mean and limits as text."""
    from portsim.results.sweep import measure_in  # noqa: PLC0415
    from portsim.scenario.measure_catalogue import unit_of  # noqa: PLC0415
    from portsim.wording import amounts  # noqa: PLC0415

    share = unit_of(measure_in(row["requirement"])) == "share"

    def write(value: float) -> str:
        # A promise of 95 % is kept or not by tenths.
        return f"{100 * value:.1f}" if share else amounts.number(value)

    mean, low, high = (row[f"{when}_{word}" if when else word] for word in ("mean", "low", "high"))
    unit = " %" if share else ""
    limits = "in every replication" if low == high else f"{write(low)} to {write(high)}"
    return f"{write(mean)}{unit} ({limits})"
