"""Conducting a study from the command line: progress, interruption, what is printed at the end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from portsim.cli.options import FAILED, INTERRUPTED

if TYPE_CHECKING:
    from portsim.errors import Fault
    from portsim.figures.painters import Painters
    from portsim.scenario.model import Scenario

__all__ = ["carry_out", "conduct", "warn", "warn_of_letters"]


def warn(scenarios: "Sequence[Scenario]", more: "Sequence[Fault]" = ()) -> None:
    """Print what the scenarios are warned of, each warning once, and of which if not of all."""
    found: dict[Fault, list[str]] = {}
    for one in scenarios:
        for fault in (*one.origin.warnings, *more):
            found.setdefault(fault, []).append(one.name)
    for fault, names in found.items():
        of = f"\n    in: {', '.join(names)}" if len(names) < len(scenarios) else ""
        click.echo(f"{fault}{of}", err=True)


T = TypeVar("T", bound="Written")


class Written(Protocol):
    """What comes of a study: it can be written into a result folder."""

    def write(self, folder: Path, *, force: bool, figures: "bool | Painters") -> list[Path]:
        """Write the folder and return its files."""
        ...


def carry_out(
    perform: Callable[..., T],
    out: Path,
    force: bool,
    options: dict[str, Any],
    painters: "Painters | None" = None,
) -> tuple[T, list[Path]]:
    """Do the runs of a study with progress on stderr, and write its folder.

    Args:
        perform: takes the options of a study as keywords.
        out: the folder, checked beforehand.
        force: also over results of other inputs.
        options: as the command line gave them.
        painters: draw along.

    Raises:
        Exit: 130 after Ctrl-C.
    """
    from portsim.cli.progress import Bar  # noqa: PLC0415

    with Bar() as bar, _workers(options) as workers:
        words = {**options, **workers, "journal": out, "on_progress": bar, "say": bar.say}
        try:
            study = perform(**words)
        except KeyboardInterrupt:
            kept = f"{bar.done} of {bar.total} runs are kept in {out}: the same command goes on"
            click.echo(f"interrupted; {kept if bar.done else 'nothing was written'}", err=True)
            raise click.exceptions.Exit(INTERRUPTED) from None
        bar.say("drawing pictures")
        try:
            written = study.write(out, force=force, figures=True if painters is None else painters)
        except KeyboardInterrupt:
            click.echo(
                f"interrupted while writing {out}; the same command, or portsim plot if its tables "
                "are there, makes it whole",
                err=True,
            )
            raise click.exceptions.Exit(INTERRUPTED) from None
    warn_of_letters(out)
    return study, written


def warn_of_letters(folder: Path) -> None:
    """Say once which names of a result folder the pictures could not write."""
    from portsim.figures.letters import undrawn  # noqa: PLC0415

    if names := undrawn(folder):
        click.echo(
            f"warning: no font of this machine has all letters of {', '.join(names)}; pictures "
            "call them otherwise (policy 1, stage 2, …) or draw boxes. The tables and report.html "
            f"have them; with a font such as Noto Sans CJK, portsim plot {folder} draws them",
            err=True,
        )


def conduct(
    scenarios: "Sequence[Scenario]",
    baseline: str | None,
    out: Path,
    force: bool,
    options: dict[str, Any],
) -> None:
    """Run a study, write its folder, print its table.

    Raises:
        Exit: 130 after Ctrl-C, 1 if some runs failed.
        InputError: the folder holds something else; nothing was written.
    """
    from portsim.figures.painters import Painters  # noqa: PLC0415

    # Getting ready takes them as long as the first runs take this process.
    with Painters.beside(options["jobs"]) as painters:
        _conduct(scenarios, baseline, out, force, options, painters)


def _conduct(
    scenarios: "Sequence[Scenario]",
    baseline: str | None,
    out: Path,
    force: bool,
    options: dict[str, Any],
    painters: "Painters",
) -> None:
    from portsim import experiment  # noqa: PLC0415
    from portsim.experiment.asked import WORDS, understood  # noqa: PLC0415
    from portsim.experiment.conduct import inputs  # noqa: PLC0415
    from portsim.results import check_folder  # noqa: PLC0415

    # Refused before the long run, not after it.
    wanted = {word: options[word] for word in WORDS if word in options}
    asked = understood(compared=baseline is not None, **wanted)
    *_, print_ = inputs(scenarios, baseline, options["replications"], options["seed"], asked)
    check_folder(out, print_, force)
    if baseline is None:
        perform = partial(experiment.run, scenarios[0])
    else:
        perform = partial(experiment.compare, scenarios, baseline=baseline)
    study, written = carry_out(perform, out, force, options, painters)
    from portsim.cli.table import show_study  # noqa: PLC0415

    show_study(study, out, written)
    for failure in study.manifest.failures:
        click.echo(f"error: {failure} failed; the tables do without it", err=True)
    if study.manifest.failures:
        raise click.exceptions.Exit(FAILED)


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
