"""The verb that says what policies change, each beside the first."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from portsim.results.changes import Change
    from portsim.scenario.model import Scenario

__all__ = ["diff"]


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="A.yaml B.yaml ...")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
def diff(scenarios: tuple[str, ...], as_json: bool) -> None:
    """Print what each scenario changes against the first.

    Hours are those of an ordinary week on the port's clock, values are as they are written, each
    with its mark where marks differ. What has no effect on any truck is said. A scenario may be a
    stack of overlays: base.yaml+overlay.yaml.
    """
    from portsim.checking import read_in  # noqa: PLC0415
    from portsim.cli.table import console  # noqa: PLC0415

    if len(scenarios) < 2:
        raise click.UsageError("diff needs two scenarios or more")
    first, *others = read_in(*scenarios)
    compared = [(other, *_changes(first, other)) for other in others]
    if as_json:
        data = [_as_json(first, *comparison) for comparison in compared]
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    screen = console()
    for other, changed, idle in compared:
        _show(screen, first, other, changed, idle)


def _changes(first: "Scenario", other: "Scenario") -> tuple[list["Change"], list[str]]:
    """What a policy changes, and the paths of what has no effect; an empty path for all of it."""
    from portsim.doubts import idle_keys, same_plans  # noqa: PLC0415
    from portsim.experiment.describe import resolved, sources  # noqa: PLC0415
    from portsim.reading.text import dotted  # noqa: PLC0415
    from portsim.results.changes import changes  # noqa: PLC0415

    changed = changes(resolved(first), resolved(other), sources(first), sources(other))
    if changed and same_plans(other, first):
        return changed, [""]
    unmet = [fault.path for fault in other.origin.warnings if fault.code == "unmet"]
    return changed, [*map(dotted, idle_keys(other, first)), *unmet]


def _as_json(
    first: "Scenario", other: "Scenario", changed: list["Change"], idle: list[str]
) -> dict[str, Any]:
    from portsim.results.changes import is_idle  # noqa: PLC0415

    return {
        "policy": other.name,
        "against": first.name,
        "changes": [{**asdict(change), "no_effect": is_idle(change, idle)} for change in changed],
    }


def _show(
    screen: "Console",
    first: "Scenario",
    other: "Scenario",
    changed: list["Change"],
    idle: list[str],
) -> None:
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from portsim.results.changes import is_idle  # noqa: PLC0415
    from portsim.wording import say  # noqa: PLC0415

    if not changed:
        same = say("{policy} says the same as {base}", policy=other.name, base=first.name)
        screen.print(Text(f"{same}\n"))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in (say("what {policy} changes", policy=other.name), first.name, other.name, ""):
        table.add_column(head, overflow="fold")
    for change in changed:
        cells = (
            change.path,
            "\n".join(filter(None, (change.was, _in_brackets(change.was_from)))),
            "\n".join(filter(None, (change.now, _in_brackets(change.now_from)))),
            say("no effect") if is_idle(change, idle) else "",
        )
        table.add_row(*(Text(cell) for cell in cells))
    screen.print(table)
    if idle == [""]:
        none = say("No truck meets any of it: the same plan as under {base}.", base=first.name)
        screen.print(Text(f"{none}\n"))


def _in_brackets(text: str) -> str:
    return f"[{text}]" if text else ""
