"""The verbs and their options, exit codes, and what goes to which stream."""

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portsim.cli.check import check
from portsim.cli.conducting import conduct, warn, warn_of_letters
from portsim.cli.diff import diff
from portsim.cli.export import export
from portsim.cli.fit import fit
from portsim.cli.forecast import forecast
from portsim.cli.gantt import gantt
from portsim.cli.live import live
from portsim.cli.optimise import optimise
from portsim.cli.options import (
    BAD_INPUT,
    BEST,
    DONE,
    FAILED,
    INTERRUPTED,
    LANGUAGE,
    SELECT,
    of_a_study,
)
from portsim.cli.provenance import provenance
from portsim.cli.replay import replay
from portsim.cli.report import report
from portsim.cli.roster import roster
from portsim.cli.sensitivity import sensitivity
from portsim.cli.state import state
from portsim.cli.sweep import sweep
from portsim.cli.warmup import warmup
from portsim.cli.worth import worth
from portsim.errors import InputError, PortsimError, ScenarioError
from portsim.languages import LANGUAGES, in_english

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portsim.scenario.model import Scenario

__all__ = ["main", "program"]


def program() -> None:
    """A process that is the command line and ends with it: `portsim`, and ``python -m portsim``.

    Most of what it makes stays to the end: looking for garbage often, and once more through all of
    it at the end, takes a fifth of a small study. Runs go on side by side in threads that hold the
    interpreter for moments only: one that needs it again is not to wait for 5 ms, nor for one.
    """
    gc.set_threshold(50_000, 20, 50)
    sys.setswitchinterval(0.00005)
    try:
        main()
    finally:
        gc.freeze()


def main() -> None:
    """Run the command line for the words in `sys.argv`; ends with `SystemExit`."""
    for stream in (sys.stdout, sys.stderr):
        # A console in GBK or cp1251 must not end the program on a letter it lacks; a stream that
        # was closed is None.
        if stream is not None:
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.exit(_run())


def _run() -> int:
    """Run a verb and say what its end means as an exit code."""
    try:
        ended = cli.main(standalone_mode=False, prog_name="portsim")
        return ended if isinstance(ended, int) else DONE
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; nothing was written", err=True)
        return INTERRUPTED
    except PortsimError as error:
        _show(error)
        return BAD_INPUT if isinstance(error, InputError) else FAILED
    except BrokenPipeError:
        # Whoever read our output has gone; that is no failure of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        click.echo(f"error: {error.strerror or error}{where}", err=True)
        return FAILED
    return DONE


def _show(error: PortsimError) -> None:
    if isinstance(error, ScenarioError):
        _show_faults(error)
    else:
        click.echo(f"error: {error}", err=True)


def _show_faults(error: ScenarioError) -> None:
    from portsim.reading.text import excerpts  # noqa: PLC0415

    for fault, line in zip(error.shown, excerpts(error.shown), strict=True):
        click.echo(str(fault), err=True)
        if line:
            click.echo(line, err=True)
    if error.rest:
        click.echo(error.rest, err=True)
    count = len(error.faults)
    click.echo(f"{count:,} fault{'s' if count > 1 else ''} found; nothing was written", err=True)


_FOR_MACHINES = {"export", "schema", "new"}
"""Verbs that write nothing in the language of a reader."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="portsim", message="portsim %(version)s")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    envvar="PORTSIM_LANG",
    show_envvar=True,
    help=f"Language of findings, pictures and pages: {in_english()}.",
)
@click.pass_context
def cli(context: click.Context, lang: str) -> None:
    """Simulate customs clearance of trucks at a border port and compare policies.

    Start with:  portsim new my-port  and  portsim run my-port/port.yaml
    """
    if lang != "en":
        from portsim.wording import speaking  # noqa: PLC0415

        context.with_resource(speaking(lang))


cli.add_command(report)
cli.add_command(export)
cli.add_command(gantt)
cli.add_command(live)
cli.add_command(replay)


@cli.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
@of_a_study
def run(scenario: str, out: Path | None, force: bool, **options: Any) -> None:
    """Run one scenario and write its results.

    SCENARIO.yaml may be a stack of overlays: base.yaml+overlay.yaml.
    """
    from portsim.checking import load  # noqa: PLC0415

    loaded = load(scenario)
    _conduct([loaded], None, out or Path("results") / loaded.name, force, options)


@cli.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO.yaml SCENARIO.yaml ...")
@click.option(
    "--baseline",
    help="Scenario the others are held against; today's, see `role`, or the first if left out.",
)
@BEST
@SELECT
@of_a_study
def compare(
    scenarios: tuple[str, ...], baseline: str | None, out: Path | None, force: bool, **options: Any
) -> None:
    """Compare scenarios replication by replication, and write the results.

    Scenarios of the same traffic meet the very same trucks.
    """
    from portsim.checking import read_in  # noqa: PLC0415
    from portsim.experiment.comparable import baseline_of  # noqa: PLC0415

    if len(scenarios) < 2:
        raise click.UsageError("compare needs two scenarios or more; for one use: portsim run")
    loaded = read_in(*scenarios)
    folder = Path(scenarios[0].partition("+")[0]).resolve().parent.name
    _conduct(loaded, baseline_of(loaded, baseline), out or Path("results") / folder, force, options)


def _conduct(
    scenarios: "Sequence[Scenario]",
    baseline: str | None,
    out: Path,
    force: bool,
    options: dict[str, Any],
) -> None:
    from portsim.cli.table import show_study  # noqa: PLC0415
    from portsim.experiment import Keep  # noqa: PLC0415
    from portsim.experiment.conduct import ask  # noqa: PLC0415
    from portsim.experiment.goals import WORDS  # noqa: PLC0415

    design = ask(
        scenarios,
        baseline,
        replications=options.pop("replications"),
        seed=options.pop("seed"),
        keep=Keep(logs=options.pop("logs")),
        **{word: options.pop(word) for word in WORDS if word in options},
    )
    conduct(design, out, force, options, show_study)


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def plot(folder: Path) -> None:
    """Draw the pictures of a result folder again."""
    from portsim.figures.painters import Painters  # noqa: PLC0415

    with Painters.beside() as painters:
        from portsim.figures import draw_all  # noqa: PLC0415
        from portsim.results import read_record  # noqa: PLC0415

        record = read_record(folder)
        files = draw_all(record, folder, painters)
    for file in files:
        click.echo(file)
    warn_of_letters(record.manifest, folder)


@cli.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
def validate(scenario: str) -> None:
    """Check a scenario and print the offered load of each resource.

    Warnings name what is not wrong but perhaps not meant: words that no truck meets, a policy
    without an effect, staff and hours that do not meet. Exit code 0 if it can be run, 2 with all
    faults if not.
    """
    from portsim.checking import load  # noqa: PLC0415
    from portsim.checking.drawn_rows import drawn_rows  # noqa: PLC0415
    from portsim.cli.table import show_loads  # noqa: PLC0415
    from portsim.doubts import doubts  # noqa: PLC0415

    loaded = load(scenario)
    drawn_rows([loaded])
    warn([loaded], doubts(loaded))
    show_loads(loaded)


@cli.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the pictures; results/<name>-geometry if left out.",
)
def geometry(scenario: str, out: Path | None) -> None:
    """Print which load can use which lane, and draw what it sweeps in the bend.

    Loads that do not fit the lanes of their route are shown too, not refused.
    """
    from portsim.checking import load  # noqa: PLC0415
    from portsim.cli.geometry import show_geometry  # noqa: PLC0415

    loaded = load(scenario, misfits=True)
    warn([loaded])
    show_geometry(loaded, out or Path("results") / f"{loaded.name}-geometry")


@cli.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
def show(scenario: str) -> None:
    """Print the resolved scenario, each value with the file and line it comes from."""
    from portsim.checking import load  # noqa: PLC0415
    from portsim.cli.resolved import show_resolved  # noqa: PLC0415

    show_resolved(load(scenario))


@cli.command()
def schema() -> None:
    """Print the JSON Schema of a scenario, for editors."""
    from portsim.cli.starter import schema_text  # noqa: PLC0415

    click.echo(schema_text())


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Make a folder with a commented scenario, a policy and a gate log to start from."""
    from portsim.cli.starter import make_starter  # noqa: PLC0415

    for file in make_starter(folder):
        click.echo(file)
    click.echo(f"next: portsim run {(folder / 'port.yaml').as_posix()}", err=True)


cli.add_command(check)
cli.add_command(diff)
cli.add_command(fit)
cli.add_command(forecast)
cli.add_command(provenance)
cli.add_command(roster)
cli.add_command(sensitivity)
cli.add_command(state)
cli.add_command(sweep)
cli.add_command(optimise)
cli.add_command(warmup)
cli.add_command(worth)

for name, command in cli.commands.items():
    if name not in _FOR_MACHINES:
        LANGUAGE(command)
