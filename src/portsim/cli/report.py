"""The verb that makes one page of a result folder."""

from pathlib import Path

import click

from portsim.cli.options import LANGUAGE

__all__ = ["report"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@LANGUAGE
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of the page; DIR/report.html if left out.",
)
@click.option(
    "--baseline",
    metavar="NAME",
    help="Policy that the others are held against on the page; that of the comparison if left out.",
)
def report(folder: Path, lang: str | None, out: Path | None, baseline: str | None) -> None:
    """Make one self-contained HTML page of a result folder, to read, print or mail."""
    from portsim.errors import InputError  # noqa: PLC0415

    # Before the work, and before what takes seconds to load: whoever waited for the page should not
    # hear of a folder then.
    if out is not None and not out.absolute().parent.is_dir():
        raise InputError(f"{out.parent}: no such folder; make it first or choose another --out")
    from portsim.figures.painters import Painters  # noqa: PLC0415

    with Painters.beside() as painters:
        from portsim.report import write_report  # noqa: PLC0415
        from portsim.report.against import held_against  # noqa: PLC0415
        from portsim.results import read_record  # noqa: PLC0415

        record = read_record(folder, "")
        if baseline is not None:
            record = held_against(record, baseline)
        click.echo(write_report(record, folder, lang, out, painters))
