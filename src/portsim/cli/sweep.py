"""The verb `sweep`: many values of a scenario on the same trucks, printed as a compact table."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portsim.cli.conducting import conduct
from portsim.cli.options import REPLICATIONS, of_draws, of_many_runs
from portsim.scenario.figure_notes import AT_LEAST, NO_SPREAD, OVERLOADED, noted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.table import Table

    from portsim.experiment import Study

__all__ = ["sweep"]

_MOST_ROWS = 40


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO.yaml [SCENARIO.yaml ...]")
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=VALUES",
    help="Values to try at a path: a range 2..8 or 0.5..3:0.25, or a list 2 min,4 min; once for "
    "each path. In place of what the first file says below `study: {vary: …}`.",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME",
    help="Keep this measure; once for each. The most asked for if left out.",
)
@click.option(
    "--require",
    "required",
    multiple=True,
    metavar="MEASURE>=VALUE",
    help="Rank the points that surely keep this promise, the cheapest first; once for each. E.g. "
    '"completed_within_limit>=0.95" or "stay_p95_h[export]<=24".',
)
@REPLICATIONS
@of_draws
@of_many_runs
def sweep(
    scenarios: tuple[str, ...],
    vary: tuple[str, ...],
    measures: tuple[str, ...],
    required: tuple[str, ...],
    out: Path | None,
    force: bool,
    **options: Any,
) -> None:
    """Try many values on the very same trucks: every file with every combination.

    Example:  portsim sweep port.yaml --vary traffic.scale=0.5..2:0.25

    Each SCENARIO.yaml is a policy; it may be a stack of overlays: base.yaml+overlay.yaml. The
    default audit looks over the first point of each policy.
    """
    from portsim.experiment.goals import DRAWN_WORDS  # noqa: PLC0415
    from portsim.studies.points import all_varied  # noqa: PLC0415
    from portsim.studies.sweep import ask  # noqa: PLC0415

    design = ask(
        scenarios,
        all_varied(vary),
        measures=measures,
        require=required,
        replications=options.pop("replications"),
        seed=options.pop("seed"),
        **{word: options.pop(word) for word in DRAWN_WORDS},
    )

    def announce() -> None:
        points, each = len(design.points.points), design.replications
        again = ", and once more with inputs drawn" if design.ignorance else ""
        click.echo(f"{points} points × {each} replications = {points * each} runs{again}", err=True)

    out = out or Path("results") / f"{design.policies[0].name}-sweep"
    conduct(design, out, force, options, _show, announce)


def _headed(paths: "Iterable[str]", heads: "Iterable[str]") -> "Table":
    """A table with a column for the policy, each varied path and each measure."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.results.sweep import label  # noqa: PLC0415
    from portsim.wording import say  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(say("policy"), overflow="fold")
    for head in (*map(label, paths), *heads):
        table.add_column(Text(head), justify="right", overflow="fold")
    return table


def _apart(done: "Study", named: "Mapping[str, str]") -> "Table":
    """Chance and ignorance of the whole port told apart, a row a point."""
    from rich.text import Text  # noqa: PLC0415

    from portsim.cli.told_apart import told_cell  # noqa: PLC0415
    from portsim.wording import amounts  # noqa: PLC0415

    drawn = done.uncertainty
    assert drawn is not None
    port = drawn[drawn["truck_class"].eq("all") & drawn["place"].eq("")]
    sure = [not noted(note, AT_LEAST) for note in port["note"].astype(str)]
    port = port[sure].assign(baseline="")
    table = _headed(done.paths, named.values())
    groups = list(port.groupby(["policy", *done.paths], sort=False, observed=True))
    for key, rows in groups[:_MOST_ROWS]:
        by = {str(row["measure"]): row for row in rows.to_dict("records")}
        where = [str(key[0]), *map(amounts.given, key[1:])]
        cells = (told_cell(by.get(measure), measure) for measure in named)
        table.add_row(*(Text(cell) for cell in (*where, *cells)))
    return table


def _show(done: "Study", folder: Path, written: list[Path]) -> None:
    """Print the measures of the whole port, a row a point, and the files written."""
    import textwrap  # noqa: PLC0415

    from rich.text import Text  # noqa: PLC0415

    from portsim.cli.table import console, show_written  # noqa: PLC0415
    from portsim.cli.told_apart import CAPTION  # noqa: PLC0415
    from portsim.results.manifest import counted  # noqa: PLC0415
    from portsim.scenario.measure_catalogue import headings, measure_of  # noqa: PLC0415
    from portsim.wording import amounts, decimal, say  # noqa: PLC0415

    screen = console()
    port = done.table[done.table["truck_class"].eq("all") & done.table["place"].eq("")]
    measures = list(dict.fromkeys(port["measure"]))
    units = dict(zip(port["measure"], port["unit"], strict=True))
    limits = {entry.limit_h for entry in done.manifest.scenarios}
    one_limit = len(limits) == 1 and "completion.limit" not in done.paths
    limit = limits.pop() if one_limit else None
    named = {
        measure: say(
            headings(money=False).get(
                measure,
                str(measure)
                if units[measure] in ("1", "share")
                else f"{measure} [{units[measure]}]",
            ),
            limit=say("the limit") if limit is None else say("{number} h", number=f"{limit:g}"),
        )
        for measure in measures
    }
    table = _headed(done.paths, named.values())
    groups = list(port.groupby(["policy", *done.paths], sort=False, observed=True))
    marks = set()
    for key, rows in groups[:_MOST_ROWS]:
        cells = {
            str(measure): ("≥ " if noted(note, AT_LEAST) else "")
            # Of shares all alike a width of nothing would say more than is known.
            + amounts.estimated(
                float(mean),
                math.nan if noted(note, NO_SPREAD) else float(low),
                float(high),
                share=measure_of(str(measure)).share,
                difference=False,
            )
            for measure, mean, low, high, note in rows[
                ["measure", "mean", "ci_low", "ci_high", "note"]
            ].itertuples(index=False)
        }
        notes = "; ".join(rows["note"].astype(str))
        marks |= {word for word in (OVERLOADED, AT_LEAST) if noted(notes, word)}
        over = " *" if noted(notes, OVERLOADED) else ""
        where = [f"{key[0]}{over}", *map(amounts.given, key[1:])]
        table.add_row(*(Text(cell) for cell in where),
                      *(Text(cells.get(measure, "–")) for measure in measures))  # fmt: skip
    screen.print(table, names=1 + len(done.paths))
    if done.uncertainty is not None:
        screen.print(Text(textwrap.fill(say(CAPTION), min(screen.width, 100))))
        screen.print(_apart(done, named), names=1 + len(done.paths))
    replications = done.manifest.replications
    lines = [
        say(
            "{count}, seed {seed}, the same trucks at every point; ± and (… to …) are 95 %"
            " intervals, each for itself.",
            count=counted(done.manifest),
            seed=done.manifest.seed,
        )
        if replications > 1
        else say("One replication, seed {seed}; it gives no intervals.", seed=done.manifest.seed)
    ]
    if OVERLOADED in marks:
        lines.append(say("*: overloaded; stay and completion hold for this period only."))
    if AT_LEAST in marks:
        lines.append(
            say("≥: some trucks were still inside at the end, so the true value is higher.")
        )
    if len(groups) > _MOST_ROWS:
        lines.append(
            say(
                "{count} more points, and all classes and places: {file}.",
                count=len(groups) - _MOST_ROWS,
                file="sweep.csv",
            )
        )
    audit = done.manifest.audit
    if audit.mode != "none":
        lines.append(
            say(
                "Audit: SimPy, the engine of reference, agrees on {visits} visits.",
                visits=decimal(audit.visits, 0),
            )
        )
    if done.sentences:
        lines += ["", *done.sentences]
    for line in lines:
        screen.print(Text(textwrap.fill(line, min(screen.width, 100), subsequent_indent="    ")))
    show_written(screen, folder, written)
