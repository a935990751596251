"""A port's past forecasts on the terminal and in a file: how often their bands were right."""

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

__all__ = ["FILE", "replay"]

FILE = "scores.csv"


def replay(
    port: "Scenario", log: "GateLog", folder: Path, force: bool, keywords: dict[str, Any]
) -> None:
    """Score forecasts from the past of a log, print them and write them to a folder.

    Args:
        port: the scenario.
        log: its records.
        folder: gets ``scores.csv``.
        force: also over an earlier one.
        keywords: keywords of `portsim.forecasting.score`.

    Raises:
        InputError: there are scores already, or as `portsim.forecasting.score`.
    """
    from portsim.cli.progress import Bar  # noqa: PLC0415
    from portsim.cli.table import console, show_written  # noqa: PLC0415
    from portsim.errors import InputError  # noqa: PLC0415
    from portsim.forecasting import SCORES, score  # noqa: PLC0415
    from portsim.results import atomic_write, check_writable  # noqa: PLC0415
    from portsim.results.tables import to_csv  # noqa: PLC0415

    check_writable(folder)
    if (folder / FILE).exists() and not force:
        raise InputError(
            f"{folder}: found {FILE} of an earlier replay; expected a new folder\n"
            "    hint: give --force to write over it"
        )
    try:
        with Bar() as bar:
            table = score(port, log, **keywords, on_progress=bar)
    except KeyboardInterrupt:
        click.echo("interrupted; nothing was written", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    folder.mkdir(parents=True, exist_ok=True)
    atomic_write(folder / FILE, to_csv(table, SCORES, FILE))
    screen = console()
    screen.print(_shown(table, ("", *_busiest(table))))
    show_written(screen, folder, [folder / FILE])


def _busiest(table: "pd.DataFrame") -> list[str]:
    """The stages of which most is at stake."""
    stages = table[table["stage"].ne("")].groupby("stage", sort=False)["crps_last_value"].max()
    return [str(name) for name in stages.nlargest(3).index]


def _shown(table: "pd.DataFrame", stages: Sequence[str]) -> Any:
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    heads = (
        "stage",
        "hours ahead",
        "in 50 %",
        "in 80 %",
        "in 95 %",
        "CRPS",
        "best without",
        "skill",
    )
    for head in heads:
        shown.add_column(head, justify="left" if head == "stage" else "right")
    best = table[["crps_weekly_profile", "crps_last_value", "crps_fluid"]].min(axis=1)
    for row, without in zip(table.to_dict("records"), best, strict=True):
        if row["stage"] in stages:
            shown.add_row(
                row["stage"] or "port",
                f"{row['horizon_h']}",
                *(f"{100 * row[f'coverage_{band}']:.0f} %" for band in (50, 80, 95)),
                f"{row['crps']:.2f}",
                f"{without:.2f}",
                "–" if math.isnan(row["skill"]) else f"{100 * row['skill']:.0f} %",
            )
    return shown
