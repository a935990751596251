"""The verb that makes one page of a result folder."""

from pathlib import Path

import click

__all__ = ["report"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of the page; DIR/report.html, DIR/brief.html or DIR/slides.pptx if left out.",
)
@click.option(
    "--brief",
    is_flag=True,
    help="One sheet of A4 instead: the decision, the hours, how sure, what is assumed.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "pptx"]),
    default="html",
    help="A page, or slides for a talk (pptx; pip install 'portsim[slides]').",
)
@click.option(
    "--baseline",
    metavar="NAME",
    help="Policy that the others are held against on the page; that of the comparison if left out.",
)
def report(
    folder: Path,
    out: Path | None,
    baseline: str | None,
    brief: bool,
    form: str,
) -> None:
    """Make one self-contained HTML page of a result folder, to read, print or mail."""
    from portsim.errors import InputError  # noqa: PLC0415

    # Before the work, and before what takes seconds to load: whoever waited for the page should not
    # hear of a folder then.
    if out is not None and not out.absolute().parent.is_dir():
        raise InputError(f"{out.parent}: no such folder; make it first or choose another --out")
    if brief and form == "pptx":
        raise click.UsageError("--brief is a sheet of paper; slides are short anyway")
    if form == "pptx":
        from portsim.report.slides import slides_wanted  # noqa: PLC0415

        slides_wanted()
    from portsim.figures.painters import Painters  # noqa: PLC0415

    # One picture is drawn by whoever asks for it.
    with Painters() if brief else Painters.beside() as painters:
        from portsim.report import (  # noqa: PLC0415
            write_brief,
            write_report,
            write_slides,
            write_study_page,
        )
        from portsim.report.against import held_against  # noqa: PLC0415
        from portsim.report.studied import STUDIES  # noqa: PLC0415
        from portsim.results import read_record  # noqa: PLC0415

        record = read_record(folder)
        if record.manifest.kind in STUDIES and not brief and form == "html" and baseline is None:
            click.echo(write_study_page(record, folder, None, out))
            return
        record = read_record(folder, "")
        if baseline is not None:
            record = held_against(record, baseline)
        if brief:
            click.echo(write_brief(record, folder, None, out))
        elif form == "pptx":
            click.echo(write_slides(record, folder, None, out, painters))
        else:
            click.echo(write_report(record, folder, None, out, painters))
