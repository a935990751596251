"""Conducting a study from the command line: progress, interruption, what is printed at the end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portsim.cli.options import FAILED, INTERRUPTED

if TYPE_CHECKING:
    from portsim.errors import Fault
    from portsim.experiment import Design, Study
    from portsim.figures.painters import Painters
    from portsim.results import Manifest
    from portsim.scenario.model import Scenario

__all__ = ["conduct", "warn", "warn_of_letters"]


def warn(scenarios: "Sequence[Scenario]", more: "Sequence[Fault]" = ()) -> None:
    """Print what the scenarios are warned of, each warning once, and of which if not of all."""
    names_by_fault: dict[Fault, list[str]] = {}
    for scenario in scenarios:
        for fault in (*scenario.origin.warnings, *more):
            names_by_fault.setdefault(fault, []).append(scenario.name)
    for fault, names in names_by_fault.items():
        of = f"\n    in: {', '.join(names)}" if len(names) < len(scenarios) else ""
        click.echo(f"{fault}{of}", err=True)


def conduct(
    design: "Design",
    out: Path,
    force: bool,
    options: dict[str, Any],
    show: "Callable[[Study, Path, list[Path]], None]",
    announce: Callable[[], None] = lambda: None,
    *,
    dispensable: bool = False,
) -> "Study":
    """Do the runs of a study with progress on stderr, write its folder, print what came of it.

    Args:
        design: what was asked, checked.
        out: the folder.
        force: also over results of other inputs.
        options: how runs are done, as the command line gave them.
        show: prints the study, given its folder and the files of it.
        announce: says how long it takes, or refuses, before anything is run.
        dispensable: runs that failed are no failure of the command.

    Raises:
        Exit: 130 after Ctrl-C, 1 if runs failed.
        InputError: the folder holds something else; nothing was written.
    """
    from portsim.figures.painters import Painters  # noqa: PLC0415
    from portsim.results import check_folder  # noqa: PLC0415

    warn(design.policies)
    # Refused before the long runs, not after them.
    check_folder(out, design.fingerprint, force)
    announce()
    # Getting ready takes painters as long as the first runs take this process.
    with Painters.beside(options["jobs"]) as painters:
        study, written = _carried_out(design, out, force, options, painters)
    warn_of_letters(study.manifest, out)
    show(study.shown, out, written)
    failures = () if dispensable else study.manifest.failures
    for failure in failures:
        click.echo(f"error: {failure} failed; the tables do without it", err=True)
    if failures:
        raise click.exceptions.Exit(FAILED)
    return study


def _carried_out(
    design: "Design", out: Path, force: bool, options: dict[str, Any], painters: "Painters"
) -> "tuple[Study, list[Path]]":
    from portsim.cli.progress import Bar  # noqa: PLC0415
    from portsim.experiment import Execution  # noqa: PLC0415
    from portsim.wording import say  # noqa: PLC0415

    with Bar() as bar, _workers(options) as workers:
        words = {**options, **workers, "journal": out, "on_progress": bar, "say": bar.say}
        try:
            study = design.conduct(Execution(**words))
        except KeyboardInterrupt:
            kept = f"{bar.done} of {bar.total} runs are kept in {out}: the same command goes on"
            click.echo(f"interrupted; {kept if bar.done else 'nothing was written'}", err=True)
            raise click.exceptions.Exit(INTERRUPTED) from None
        bar.say(say("drawing pictures"))
        try:
            written = study.write(out, force=force, figures=painters)
        except KeyboardInterrupt:
            click.echo(
                f"interrupted while writing {out}; the same command, or portsim plot if its tables "
                "are there, makes it whole",
                err=True,
            )
            raise click.exceptions.Exit(INTERRUPTED) from None
    return study, written


def warn_of_letters(manifest: "Manifest", folder: Path) -> None:
    """Say once which names of a study have no label in the language being spoken, and which the
    pictures could not write.
    """
    from portsim.figures.letters import undrawn  # noqa: PLC0415
    from portsim.results.shown import lacking_sentence, shown_manifest  # noqa: PLC0415

    if lacking := lacking_sentence(manifest):
        click.echo(lacking, err=True)
    if names := undrawn(shown_manifest(manifest)):
        click.echo(
            f"warning: no font of this machine has all letters of {', '.join(names)}; pictures "
            "call them otherwise (policy 1, stage 2, …) or draw boxes. The tables and report.html "
            f"have them; with a font such as Noto Sans CJK, portsim plot {folder} draws them",
            err=True,
        )


@contextmanager
def _workers(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The executor of a cluster and its number of workers, if one is asked for."""
    where = options.pop("cluster")
    if where is None:
        yield {}
        return
    from portsim.experiment.cluster import cluster  # noqa: PLC0415

    with cluster(where, options["jobs"]) as (executor, jobs):
        yield {"executor": executor, "jobs": jobs}
