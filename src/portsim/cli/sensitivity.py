"""The verb `sensitivity`: which assumption moves the answer, and which alone could turn it."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portsim.cli.conducting import conduct
from portsim.cli.options import of_many_runs

if TYPE_CHECKING:
    from portsim.experiment import Study
    from portsim.studies.sensitivity import Sensitivity

__all__ = ["sensitivity"]

_UNASKED_S = 600
_MINUTE_S = 60
_METHODS = ("one-at-a-time", "morris", "sobol")


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO.yaml [SCENARIO.yaml ...]")
@click.option(
    "--baseline",
    help="Policy the others are held against; today's, see `role`, or the first if left out.",
)
@click.option(
    "--measure",
    default="completed_within_limit",
    show_default=True,
    metavar="NAME",
    help="The answer: a measure of the whole port.",
)
@click.option(
    "--class",
    "cls",
    default="all",
    show_default=True,
    metavar="NAME",
    help="Of which trucks: all, export, import or a class.",
)
@click.option(
    "--marks", default="DE", show_default=True, help="Vary the inputs that bear these marks."
)
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    help="Vary only paths that match, e.g. 'resources.*'; may be given again.",
)
@click.option("--except", "but", multiple=True, metavar="GLOB", help="Leave out paths that match.")
@click.option(
    "--method",
    type=click.Choice(_METHODS),
    default=_METHODS[0],
    show_default=True,
    help="morris: elementary effects; sobol: shares of the variance; both vary all together.",
)
@click.option(
    "--trajectories",
    type=click.IntRange(2, 10_000),
    default=10,
    show_default=True,
    help="Of morris; each takes one run more than there are assumptions.",
)
@click.option(
    "--samples",
    type=click.IntRange(2, 2**20),
    default=64,
    show_default=True,
    help="Of sobol, a power of two; each takes two runs more than there are assumptions.",
)
@click.option(
    "--replications",
    "-n",
    type=click.IntRange(1, 100_000),
    default=5,
    show_default=True,
    help="How often the period is repeated at each point.",
)
@click.option("--yes", is_flag=True, help="Go on although it takes more than ten minutes.")
@of_many_runs
def sensitivity(
    scenarios: tuple[str, ...],
    method: str,
    trajectories: int,
    samples: int,
    yes: bool,
    out: Path | None,
    force: bool,
    baseline: str | None,
    measure: str,
    cls: str,
    marks: str,
    only: tuple[str, ...],
    but: tuple[str, ...],
    **options: Any,
) -> None:
    """Vary each assumption within its range, and see what it does to the answer.

    With one SCENARIO.yaml: how far the measure moves. With more: how far the difference to the
    baseline moves, whether an assumption alone turns it, and from which value on.
    """
    from portsim.studies.sensitivity import ask  # noqa: PLC0415

    design = ask(
        scenarios,
        baseline=baseline,
        method=method,
        size=trajectories if method == "morris" else samples,
        measure=measure,
        cls=cls,
        marks=marks.upper(),
        only=only,
        but=but,
        replications=options.pop("replications"),
        seed=options.pop("seed"),
    )
    out = out or Path("results") / f"{design.policies[0].name}-sensitivity"
    conduct(design, out, force, options, _show, partial(_announce, design, yes, options))


def _announce(design: "Sensitivity", yes: bool, options: dict[str, Any]) -> None:
    """Say how many runs there are and how long they take.

    Raises:
        InputError: it takes long, and nobody has said yes.
    """
    import os  # noqa: PLC0415

    from portsim.errors import InputError  # noqa: PLC0415

    runs = design.variants * design.replications
    each = design.seconds_per_run(options["engine"])
    seconds = runs * each / (options["jobs"] or os.cpu_count() or 1)
    last = (
        f"{seconds / _MINUTE_S:,.0f} min"
        if seconds >= 2 * _MINUTE_S
        else f"{max(1, seconds):.0f} s"
    )
    more = ", and some more for each tipping point" if len(design.policies) > 1 else ""
    click.echo(
        f"{len(design.varied)} assumptions in {design.variants} variants × "
        f"{design.replications} replications = {runs:,} runs: about {last} at {each:.2g} s a "
        f"run{more if design.points is None else ''}",
        err=True,
    )
    if seconds > _UNASKED_S and not yes:
        raise InputError(
            f"this takes about {last}; nothing was run\n    hint: --yes goes on all the same; "
            "--only 'resources.*' or fewer --replications take less"
        )


def _show(done: "Study", folder: Path, written: list[Path]) -> None:
    """Print the most important assumptions of each policy, and what follows, in sentences."""
    import textwrap  # noqa: PLC0415

    from rich.text import Text  # noqa: PLC0415

    from portsim.cli.table import console, show_written  # noqa: PLC0415
    from portsim.results.assumptions import MOST_NAMED  # noqa: PLC0415
    from portsim.results.manifest import counted  # noqa: PLC0415
    from portsim.wording import decimal, say  # noqa: PLC0415

    screen = console()
    method = str(done.manifest.study["method"])
    for (policy, baseline), rows in done.table.groupby(["scenario", "baseline"], sort=False):
        varied = rows[rows["base_input"].notna()]
        if baseline:
            against = say("{policy} against {base}", policy=policy, base=baseline)
            screen.print(Text(f"\n{against}", style="bold"))
        screen.print(_table(varied.head(MOST_NAMED).to_dict("records"), method, bool(baseline)))
        if len(varied) > MOST_NAMED:
            more = say(
                "{count} more in {file}", count=len(varied) - MOST_NAMED, file="sensitivity.csv"
            )
            screen.print(Text(f"{more}\n"))
    manifest = done.manifest
    lines = done.sentences
    lines.append(
        say(
            "{count}, seed {seed}; the same trucks at every value. An assumption that stands at"
            " several places is varied at all of them.",
            count=counted(manifest),
            seed=manifest.seed,
        )
    )
    if manifest.audit.mode != "none":
        lines.append(
            say(
                "Audit: SimPy, the engine of reference, agrees on {visits} visits.",
                visits=decimal(manifest.audit.visits, 0),
            )
        )
    for line in lines:
        folded = textwrap.fill(
            line, min(screen.width, 100), subsequent_indent="    ", break_on_hyphens=False
        )
        screen.print(Text(folded))
    show_written(screen, folder, written)


def _table(rows: list[dict[Any, Any]], method: str, compared: bool) -> Any:
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.wording import say  # noqa: PLC0415

    heads = {
        "one-at-a-time": (say("at low"), say("at high"), say("swing"), say("turns")),
        "morris": ("mu*", "±", "sigma"),
        "sobol": (say("first order"), "±", say("total"), "±"),
    }
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(say("assumption"), overflow="fold")
    table.add_column(say("mark"))
    for head in (say("low"), say("as written"), say("high"), *heads[method]):
        table.add_column(head, justify="right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in _cells(row, method, compared)))
    return table


def _cells(row: dict[Any, Any], method: str, compared: bool) -> list[str]:
    from portsim.wording import say  # noqa: PLC0415
    from portsim.wording.amounts import amount, four_digits  # noqa: PLC0415

    unit = row["unit"]
    places = f" ({say('{count} places', count=row['places'])})" if row["places"] > 1 else ""
    cells = [f"{row['assumption']}{places}", row["confidence"]]
    cells += [four_digits(row[f"{p}_input"], row["input_unit"]) for p in ("low", "base", "high")]
    if method == "sobol":
        parts = ("first_order", "first_order_conf", "total", "total_conf")
        return cells + [f"{round(row[part], 2) + 0.0:.2f}" for part in parts]

    def size(value: float) -> str:
        return amount(value, unit, difference=True, sign=False)

    if method == "morris":
        return cells + [size(row[part]) for part in ("mu_star", "mu_star_conf", "sigma")]
    refused = say("refused") if row["note"] else "–"
    for end in ("low", "high"):
        there = row[f"at_{end}"]
        cells.append(refused if there != there else amount(there, unit, difference=compared))  # noqa: PLR0124
    turns = [f"{end}: {row[f'turns_{end}']}" for end in ("low", "high") if row[f"turns_{end}"]]
    return [*cells, size(row["swing"]), "; ".join(turns)]
