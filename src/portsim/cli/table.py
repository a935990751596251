"""Tables on the terminal: the headline figures of a study, the loads of a scenario."""

import textwrap
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from portsim.cli.fitted import Screen
from portsim.cli.ledger import count_sentence
from portsim.cli.published import show_observed
from portsim.cli.rules_told import rules_told
from portsim.cli.told_apart import CAPTION, told_apart
from portsim.demand import trucks_inside
from portsim.experiment import Study
from portsim.experiment.loads import Load, loads
from portsim.results import Manifest
from portsim.results.headline_table import DIFFERENCE, bounded, columns, remarks
from portsim.results.manifest import counted
from portsim.results.uncertainty import uncertainty_sentences
from portsim.scenario.model import Scenario
from portsim.wording import later, say
from portsim.wording.amounts import count

__all__ = ["console", "show_loads", "show_study", "show_written"]

_WEEKS = 28


def console() -> Screen:
    """Where tables are printed: as wide as the terminal, or wide enough for a file."""
    return Screen()


def show_study(study: Study, folder: Path, written: list[Path]) -> None:
    """Print the headline figures, what must be known of them, and the files written."""
    screen = console()
    table, manifest = study.table, study.manifest
    screen.print(_drawn(table))
    if study.uncertainty is not None:
        screen.print(Text(textwrap.fill(say(CAPTION), min(screen.width, 100))))
        screen.print(_drawn(told_apart(study.uncertainty, study.summary, manifest)))
    width = min(screen.width, 100)
    replications = manifest.replications
    antithetic = bool(manifest.statistics.get("antithetic"))
    if replications == 1:
        lines = [say("One replication, seed {seed}; it gives no intervals.", seed=manifest.seed)]
    else:
        number = counted(manifest)
        pairs = say("{count} in antithetic pairs", count=number) if antithetic else number
        lines = [
            say(
                "{count}, seed {seed}; ± and (… to …) are 95 % intervals.",
                count=pairs,
                seed=manifest.seed,
            )
        ]
    if manifest.baseline is not None:
        lines.append(_differences(manifest, antithetic=antithetic))
    cut = bounded(study.summary, manifest)
    if cut.keys() - {"capacity_per_day"}:
        lines.append(
            say("≥: some trucks were still inside at the end, so the true value is higher.")
        )
    if any(manifest.baseline in names and len(names) > 1 for names in cut.values()):
        lines.append(
            say("unknown: both stays may be longer than shown, by how much each is not known.")
        )
    if "capacity_per_day" in cut:
        lines.append(
            say(
                "≥ before a capacity: no larger demand could be tried than the largest at which"
                " more still passed, so it is this or more."
            )
        )
    if manifest.replications > 1 and _some_alike(study):
        lines.append(say("No ±: it was the same in every replication."))
    lines += remarks(study.summary, manifest, study.comparison)
    if study.uncertainty is not None:
        lines += uncertainty_sentences(manifest, study.uncertainty)
    lines += _assumed(study)
    lines += _audited(study)
    for line in lines:
        screen.print(Text(textwrap.fill(line, width, subsequent_indent="    ")))
    if study.observed is not None:
        show_observed(screen, study.observed)
    show_written(screen, folder, written)


def show_written(screen: Console, folder: Path, written: list[Path]) -> None:
    """Print the names of the files written."""
    width = min(screen.width, 100)
    screen.print(Text("\n" + say("written to {folder}:", folder=folder)))
    names = [str(file.relative_to(folder).as_posix()) for file in written]
    screen.print(
        Text(
            textwrap.fill(
                ", ".join(names),
                width,
                initial_indent="    ",
                subsequent_indent="    ",
                break_on_hyphens=False,
            )
        )
    )


def _drawn(table: pd.DataFrame) -> Table:
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    drawn.add_column(say("policy"), no_wrap=True)
    for column in table.columns:
        drawn.add_column(column, justify="right", no_wrap=True)
    for name, row in table.iterrows():
        difference = name == DIFFERENCE
        style = "dim" if difference else ""
        shown = "  " + say("difference") if difference else name
        drawn.add_row(*(Text(str(cell), style=style) for cell in (shown, *row)))
    return drawn


def _some_alike(study: Study) -> bool:
    """Whether a figure of the table never varied."""
    shown = columns(study.summary, study.manifest)
    summary = study.summary
    port = summary[(summary["truck_class"] == "all") & (summary["place"] == "")]
    return bool((port["measure"].isin(shown) & port["sd"].eq(0.0)).any())


def _differences(manifest: Manifest, *, antithetic: bool) -> str:
    """What differences are to, how they were taken, and what their intervals hold for."""
    taken = (
        say("Differences are to {policy}, taken pair by pair", policy=manifest.baseline)
        if antithetic
        else say(
            "Differences are to {policy}, paired replication by replication",
            policy=manifest.baseline,
        )
    )
    parts = [taken]
    if manifest.replications > 1 and len(manifest.scenarios) > 2:
        parts.append(say("their intervals hold for all policies at once"))
    return say("; ").join([*parts, say("pp = percentage points.")])


def _assumed(study: Study) -> list[str]:
    first = study.manifest.scenarios[0]
    if not first.inputs:
        return []
    numbers = count_sentence(first.name, first.inputs)
    return [say("{count}; portsim provenance lists them.", count=numbers)]


def _audited(study: Study) -> list[str]:
    audit = study.manifest.audit
    if audit.mode == "none":
        return []
    visits = count(audit.visits)
    if audit.mode == "full":
        return [
            say(
                "Audit: SimPy, the engine of reference, agrees on {visits} visits of all runs.",
                visits=visits,
            )
        ]
    return [
        say(
            "Audit: SimPy, the engine of reference, agrees on {visits} visits of the first weeks of"
            " replication 1.",
            visits=visits,
        )
    ]


def show_loads(scenario: Scenario) -> None:
    """Print the offered load of each resource."""
    screen = console()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(say("resource"))
    columns = [
        *(say("kind"), say("largest"), say("staffed h/day"), say("available h/day")),
        *(say("asked h/day"), say("load")),
    ]
    # A shorter period has no four weeks of which some could be the worst.
    if (scenario.period.last_day - scenario.period.first_day).days >= _WEEKS:
        columns.append(say("in the worst 4 weeks"))
    for column in columns:
        table.add_column(column, justify="right")
    offered = loads(scenario)

    def called(name: str) -> str:
        return scenario.resources[name].label.said(name)

    for load in offered:
        table.add_row(*(Text(cell) for cell in _cells(load, called)[: len(columns) + 1]))
    screen.print(Text(say("{name}: valid", name=scenario.name)))
    inside = _inside(scenario)
    if inside:
        screen.print(Text(textwrap.fill(inside, min(screen.width, 100))))
    screen.print(table)
    screen.print(
        Text(
            textwrap.fill(
                say(
                    "Load = asked / available, from the trucks of one drawn replication (seed"
                    " {seed}). Hours are server-hours; of a budget, tokens. Available are the"
                    " staffed ones while a stage that takes them is open.",
                    seed=scenario.seed,
                ),
                min(screen.width, 100),
            )
        )
    )
    for sentence in rules_told(scenario):
        screen.print(Text(textwrap.fill(sentence, min(screen.width, 100))))
    over = [called(load.resource) for load in offered if load.load >= 1 or load.worst >= 1]
    if over:
        screen.print(
            Text(
                textwrap.fill(
                    say(
                        "load 1 or more: {names} cannot keep up, for a time at least; queues will"
                        " grow",
                        names=say(", ").join(over),
                    ),
                    min(screen.width, 100),
                )
            )
        )


def _inside(scenario: Scenario) -> str:
    """Who is inside when the period begins, in a sentence; empty if the scenario has none."""
    inside = trucks_inside(scenario)
    if inside is None:
        return ""
    waiting, working = Counter[str](), Counter[str]()
    for stage, works in zip(inside.stages, inside.working.tolist(), strict=True):
        (working if works else waiting)[stage] += 1
    places = [
        f"{stage} {waiting[stage]} waiting, {working[stage]} at work"
        for stage in scenario.stages
        if waiting[stage] or working[stage]
    ]
    number = f"{len(inside)} truck{'s' if len(inside) != 1 else ''}"
    counted = int(inside.assumed.sum())
    since = f"; since when {counted} of them wait is assumed" if counted else ""
    where = f": {'; '.join(places)}" if places else ""
    return f"Inside at the beginning, {number}{where}{since}."


_KINDS = {
    "servers": later("servers"),
    "places": later("places"),
    "budget": later("budget"),
    "store": later("store"),
}


def _cells(load: Load, called: Callable[[str], str]) -> list[str]:
    def share(value: float) -> str:
        return "" if np.isnan(value) else f"{value:.2f}"

    def hours(value: float) -> str:
        return "" if np.isnan(value) else f"{value:.1f}"

    return [
        called(load.resource),
        say(_KINDS[load.kind]),
        str(load.largest),
        hours(load.staffed_h),
        hours(load.available_h),
        hours(load.asked_h),
        share(load.load),
        share(load.worst),
    ]
