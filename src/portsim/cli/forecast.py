"""The verb `forecast`: what becomes of the port as it stands, and of each truck inside."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portsim.cli.check import zone_of
from portsim.cli.options import FORCE, INTERRUPTED, JOBS, LOG_MAP, OUT, SEED, TIMEZONE

if TYPE_CHECKING:
    from portsim.experiment import Study

__all__ = ["forecast"]

_SHOWN = 12
"""So many trucks are shown on the terminal."""


@click.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The trucks inside now: CSV, xlsx or parquet with the columns of `inside`; what the "
    "scenario says under inside if left out.",
)
@click.option(
    "--log",
    "logs",
    multiple=True,
    metavar="FILE",
    help="Gate log: CSV, workbook, parquet or XES; may be given again for further files of it. "
    "Nothing in it is looked at that was stamped at --at or later.",
)
@LOG_MAP
@TIMEZONE
@click.option(
    "--at",
    metavar='"YYYY-MM-DD HH:MM"',
    help="The minute at which the forecast begins, local time of the port.",
)
@click.option(
    "--hours",
    type=float,
    default=48.0,
    show_default=True,
    help="How long it looks ahead, in quarters of an hour.",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="FILE",
    help="Another scenario that meets the same trucks with the same luck; may be given again.",
)
@click.option(
    "--arrivals",
    type=click.Choice(["scenario", "recent"]),
    help="How trucks come in the coming hours: as the scenario says, or as in the recent days of "
    "the log; if left out, the latter where the log has enough days.",
)
@click.option(
    "--announced",
    type=click.Path(path_type=Path, dir_okay=False),
    help="List of trucks that will come: truck, class, arrival; of their classes no others come.",
)
@click.option(
    "--futures",
    type=click.IntRange(2, 100_000),
    default=200,
    show_default=True,
    help="How many futures are run.",
)
@click.option(
    "--score",
    "past",
    multiple=True,
    metavar="LOG",
    help="Forecast nothing: replay the past of a gate log and say how often the bands were right.",
)
@click.option(
    "--origins",
    type=click.IntRange(1, 10_000),
    default=200,
    show_default=True,
    help="So many forecasts of the past are replayed with --score.",
)
@click.option(
    "--scores",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of --score: the forecast then says how often earlier ones were right; "
    "results/NAME-scores if that is there.",
)
@SEED
@JOBS
@OUT
@FORCE
def forecast(
    scenario: str,
    state: Path | None,
    logs: tuple[str, ...],
    mapping: Path | None,
    timezone: str | None,
    at: str | None,
    hours: float,
    policies: tuple[str, ...],
    arrivals: str | None,
    announced: Path | None,
    futures: int,
    past: tuple[str, ...],
    origins: int,
    scores: Path | None,
    seed: int | None,
    jobs: int | None,
    out: Path | None,
    force: bool,
) -> None:
    """Say what becomes of a port in the coming hours, and of each truck now inside.

    By quarter of an hour and stage: trucks waiting, inside and released; of each truck when it is
    out, and how surely within the limit and before the port closes.
    """
    from portsim.checking import read_in  # noqa: PLC0415
    from portsim.cli.conducting import warn, warn_of_letters  # noqa: PLC0415
    from portsim.cli.progress import Bar  # noqa: PLC0415
    from portsim.forecasting import forecast_of, known_of  # noqa: PLC0415
    from portsim.gatelog import read_log  # noqa: PLC0415
    from portsim.results import check_folder  # noqa: PLC0415

    loaded = read_in(scenario, *policies)
    warn(loaded)
    usual = Path("results") / f"{loaded[0].name}-scores"
    log = None
    if logs or past:
        # A log without a zone of its own tells the clock of the port.
        log = read_log(
            list(past or logs), mapping, timezone or zone_of(mapping, loaded[0].timezone)
        )
    if log is not None and past:
        if at or state or logs or policies or announced or arrivals or scores:
            raise click.UsageError(
                "--score replays a log by itself: leave out --at, --state, --log, --policy, "
                "--arrivals, --announced and --scores"
            )
        from portsim.cli.forecast_scores import replay  # noqa: PLC0415

        keywords = {"origins": origins, "hours": hours, "futures": futures, "seed": seed}
        folder = out or usual
        replay(loaded[0], log, folder, force, {**keywords, "jobs": jobs or os.cpu_count() or 1})
        return
    known = known_of(
        loaded,
        at,
        state=state,
        log=log,
        hours=hours,
        arrivals=arrivals,
        announced=announced,
        scores=usual if scores is None and (usual / "scores.csv").is_file() else scores,
    )
    folder = out or Path("results") / f"{loaded[0].name}-forecast"
    root = loaded[0].seed if seed is None else seed
    check_folder(folder, known.fingerprint(futures, root), force)
    try:
        with Bar() as bar:
            study = forecast_of(known, futures=futures, seed=seed, jobs=jobs, on_progress=bar)
        written = study.write(folder, force=force)
    except KeyboardInterrupt:
        click.echo("interrupted; the same command makes it whole", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    warn_of_letters(study.manifest, folder)
    _show(study.shown, folder, written)


def _show(done: "Study", folder: Path, written: list[Path]) -> None:
    """Print the sentences, then the queues by hour and the trucks that are out last."""
    from portsim.cli.forecast_tables import queues, trucks  # noqa: PLC0415
    from portsim.cli.held import tell  # noqa: PLC0415
    from portsim.cli.table import console, show_written  # noqa: PLC0415
    from portsim.wording import say  # noqa: PLC0415

    screen, study = console(), done.manifest.study
    for text in done.sentences:
        tell(screen, text, rest="")
    names = [str(facts["name"]) for facts in study["policies"]]
    for name in names:
        screen.print()
        title = say("{policy}: trucks waiting, median (10 % to 90 % of the futures)", policy=name)
        tell(screen, title, rest="")
        screen.print(queues(done.table, study, name))
    inside = any(facts["inside_now"] for facts in study["policies"])
    for name in names if inside else ():
        tell(screen, say("{policy}: the trucks inside that are out last", policy=name), rest="")
        screen.print(trucks(done.record.tables["trucks"], study, name, _SHOWN))
    show_written(screen, folder, written)
