"""The verb that makes a page in which hours, staff and demand can be moved."""

from pathlib import Path

import click

__all__ = ["live"]


@click.command()
@click.argument("scenario", metavar="SCENARIO", type=click.Path(path_type=Path))
@click.argument("policies", metavar="[POLICY]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The page.",
)
@click.option(
    "--weeks",
    type=click.IntRange(1, 520),
    default=8,
    show_default=True,
    help="So many weeks of the period are shown, those in which most trucks come.",
)
@click.option("--whole-period", is_flag=True, help="Show all of the period.")
@click.option(
    "--replications",
    "-n",
    type=click.IntRange(1, 1000),
    help="How many are in the page; as many of the scenario's as go into 6 MB if left out.",
)
def live(
    scenario: Path,
    policies: tuple[Path, ...],
    out: Path,
    weeks: int,
    whole_period: bool,
    replications: int | None,
) -> None:
    """Make a page in which hours, staff and demand can be moved, and the port answers.

    The compiled engine itself runs in it, without a network, a server or Python. Up to three
    policies are pinned beside the scenario; they may differ in what can be moved.
    """
    from portsim.livepage import live as live_page  # noqa: PLC0415
    from portsim.livepage.notebook import MOST_POLICIES  # noqa: PLC0415

    if len(policies) > MOST_POLICIES:
        msg = f"found {len(policies)}, expected at most {MOST_POLICIES}"
        raise click.BadParameter(msg, param_hint="POLICY")
    made = live_page(
        *(scenario, *policies),
        weeks=None if whole_period else weeks,
        replications=replications,
    )
    click.echo(made.write(out))
