"""The verb `provenance`: every input of a scenario, where it stands and who answers for it."""

import sys

import click

__all__ = ["provenance"]


@click.command()
@click.argument("scenario", metavar="SCENARIO.yaml")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv"]),
    default="table",
    show_default=True,
    help="csv: one row an input on stdout, for a spreadsheet.",
)
def provenance(scenario: str, form: str) -> None:
    """List every input of a scenario with its source, mark, range and line.

    Marks: A, B measured; C second-hand; D derived; E assumed; - without a mark.
    """
    from portsim.checking import load  # noqa: PLC0415
    from portsim.cli.conducting import warn  # noqa: PLC0415
    from portsim.cli.ledger import as_csv, show_inputs  # noqa: PLC0415
    from portsim.scenario.provenance import inputs  # noqa: PLC0415

    loaded = load(scenario)
    warn([loaded])
    assert loaded.origin.tree is not None
    listed = inputs(loaded.origin.tree)
    if form == "csv":
        sys.stdout.buffer.write(as_csv(listed))
    else:
        show_inputs(loaded.name, listed)
