"""The room of the report: what each policy changes, and what its files perhaps do not mean.

Both are read from the manifest; nothing is judged here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from portsim.figures.study import Policy
from portsim.report.blocks import Cell, Table
from portsim.report.facts import NONE, Facts
from portsim.results.changes import Change, changes, idle_paths, is_idle
from portsim.wording import later, say

__all__ = ["changed", "doubted", "left_out"]

_DOUBTS = {
    "unmet": later("No truck meets this value."),
    "no-effect": later("It has no effect on any truck."),
    "lost-stages": later("The route has lost stages of its base."),
    "idle-staff": later("Staff is on duty while every stage that takes it is shut."),
    "nobody-there": later("A stage is open while too few of its staff are on duty."),
    "unattended": later("Work goes on while nobody is there."),
    "one-party": later("One party is open longer while the next stays shut."),
    "demand-replaced": later("Slots replace the trucks that came by themselves."),
    "skipped-work": later("Preferred trucks spare the staff its work, too, not only the queue."),
    "tolerance": later("Trucks turn away from a queue of one truck, or of none."),
    "breakdown": later("Breakdowns begin amid long work, which is finished first."),
    "unused": later("Nothing uses it."),
    "unvisited": later("No route passes this stage."),
    "store": later("It only ever gets emptier."),
    "total": later("Trucks are counted on dates outside the period."),
    "left-out": later("Recorded trucks outside the period are left out."),
    "warm-up-empty": later("No recorded truck comes in the warm-up."),
    "list-short": later("The recorded list is shorter than the period."),
    "day-twice": later("A day stands twice in the recorded list."),
    "row-twice": later("Rows stand twice in the recorded list."),
    "midnight": later("All recorded times are midnights."),
    "doubled-hour": later("The clock shows these times twice; the first is taken."),
    "outlier": later("A number is far from all others of its column."),
}


def changed(facts: Facts) -> Table | None:
    """Every key that a policy says otherwise than the baseline, a row each; None for none."""
    rows: list[tuple[Cell, ...]] = []
    base = facts.base.entry
    for policy in facts.others:
        differences = changes(
            facts.resolved(facts.base),
            facts.resolved(policy),
            base.get("sources") or (),
            policy.entry.get("sources") or (),
        )
        idle = idle_paths(_warnings(policy), facts.base.name)
        name = Cell(policy.label)
        if not differences:
            rows.append((name, Cell(say("nothing")), Cell(NONE), Cell(NONE), Cell("")))
        rows += [(name, *_cells(change, idle)) for change in differences]
    if not rows:
        return None
    caption = say("What each policy changes against {base}", base=facts.base.label)
    head = (
        *(say("policy"), say("what"), say("under {base}", base=facts.base.label)),
        *(say("under the policy"), say("effect")),
    )
    return Table(caption, head, tuple(rows), words=len(head))


def _cells(change: Change, idle: Iterable[str]) -> tuple[Cell, ...]:
    return (
        Cell(say("staff in all") if change.path == "staff" else change.path),
        Cell(_marked(change.was, change.was_from)),
        Cell(_marked(change.now, change.now_from)),
        Cell(say("none") if is_idle(change, idle) else ""),
    )


def _marked(value: str, source: str) -> str:
    return f"{value} [{source}]" if source else value


def doubted(facts: Facts) -> Table | None:
    """What the files say and perhaps do not mean, a row each; None for nothing."""
    policies: dict[tuple[str, str, str, str], list[str]] = {}
    for policy in facts.study.policies:
        for warning in _warnings(policy):
            place = (
                f"{warning.get('file')}:{warning.get('line')}"
                if warning.get("line")
                else warning.get("file")
            )
            row = (
                str(warning.get("path") or say("the whole file")),
                str(place or ""),
                say(_DOUBTS[code]) if (code := str(warning.get("code"))) in _DOUBTS else code,
                "; ".join(
                    filter(None, (str(warning.get("found") or ""), str(warning.get("hint") or "")))
                ),
            )
            policies.setdefault(row, []).append(policy.label)
    if not policies:
        return None
    everyone = [policy.label for policy in facts.study.policies]
    rows = tuple(
        (Cell(say("all policies") if names == everyone else say(", ").join(names)),
         *(Cell(cell) for cell in row))
        for row, names in policies.items()
    )  # fmt: skip
    head = (say("policy"), say("what"), say("where"), say("doubt"), say("in detail"))
    caption = say("What the files say and perhaps do not mean")
    return Table(caption, head, rows, words=len(head))


def left_out(facts: Facts) -> bool:
    """Whether rows of recorded lists lie outside the period of a policy."""
    return any(
        warning.get("code") == "left-out"
        for policy in facts.study.policies
        for warning in _warnings(policy)
    )


def _warnings(policy: Policy) -> list[Mapping[str, Any]]:
    return list(policy.entry.get("warnings") or [])
