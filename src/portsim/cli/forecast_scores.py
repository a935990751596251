"""A port's past forecasts on the terminal and in a folder: how often their bands were right."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portsim.cli.options import INTERRUPTED

if TYPE_CHECKING:
    import pandas as pd

    from portsim.checking import Scenario
    from portsim.gatelog import GateLog

__all__ = ["replay"]

_MOST_STAGES = 3


def replay(
    port: "Scenario", log: "GateLog", folder: Path, force: bool, keywords: dict[str, Any]
) -> None:
    """Score forecasts from the past of a log, print them and write them to a folder.

    Args:
        port: the scenario.
        log: its records.
        folder: gets tables, picture and manifest.
        force: also over other results.
        keywords: keywords of `portsim.score_forecasts`.

    Raises:
        InputError: the folder holds something else, or as `portsim.score_forecasts`.
    """
    from portsim.cli.held import tell  # noqa: PLC0415
    from portsim.cli.progress import Bar  # noqa: PLC0415
    from portsim.cli.table import console, show_written  # noqa: PLC0415
    from portsim.forecasting import score_forecasts  # noqa: PLC0415
    from portsim.forecasting.origins import forget_origins  # noqa: PLC0415
    from portsim.forecasting.scoring import fingerprint_of  # noqa: PLC0415
    from portsim.results import check_folder  # noqa: PLC0415
    from portsim.results.scores import busiest  # noqa: PLC0415

    keywords["seed"] = port.seed if keywords["seed"] is None else keywords["seed"]
    wanted = (keywords[name] for name in ("origins", "hours", "futures", "seed"))
    check_folder(folder, fingerprint_of(port, log, *wanted), force)
    try:
        with Bar() as bar:
            study = score_forecasts(port, log, **keywords, journal=folder, on_progress=bar)
    except KeyboardInterrupt:
        kept = "finished forecasts are kept: the same command goes on from there"
        click.echo(f"interrupted; {kept if bar.done else 'nothing was written'}", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    written = study.write(folder, force=force)
    forget_origins(folder)
    screen, study = console(), study.shown
    for text in study.sentences:
        tell(screen, text, rest="")
    labels = study.manifest.study["stage_labels"]
    screen.print(_shown(study.table, ("", *busiest(study.table, _MOST_STAGES)), labels))
    show_written(screen, folder, written)


def _shown(table: "pd.DataFrame", stages: Sequence[str], labels: dict[str, str]) -> Any:
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.wording import amounts, say  # noqa: PLC0415

    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    heads = (
        say("stage"),
        say("hours ahead"),
        *(say("in {share}", share=amounts.percent(band)) for band in (0.5, 0.8, 0.95)),
        say("off by, trucks"),
        say("without a model"),
        say("nearer"),
    )
    for number, head in enumerate(heads):
        shown.add_column(Text(head), justify="right" if number else "left")
    best = table[["crps_weekly_profile", "crps_last_value", "crps_fluid"]].min(axis=1)
    for row, without in zip(table.to_dict("records"), best, strict=True):
        if row["stage"] in stages:
            name = labels.get(row["stage"], row["stage"]) or say("port")
            shown.add_row(
                Text(name),
                f"{row['horizon_h']}",
                *(amounts.percent(row[f"coverage_{band}"]) for band in (50, 80, 95)),
                amounts.number(row["crps"]),
                amounts.number(without),
                "–" if math.isnan(row["skill"]) else amounts.percent(row["skill"]),
            )
    return shown
