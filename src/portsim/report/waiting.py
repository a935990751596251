"""The room of the report: what trucks wait for in the end, in sentences and as a table."""

from collections import defaultdict
from functools import cache

from portsim.figures.causes import cause_text, hours_text
from portsim.figures.study import Policy
from portsim.report.blocks import Cell, Table
from portsim.report.facts import Facts
from portsim.results.waiting import Change, Split, changes, splits
from portsim.scenario.measure_catalogue import WAITS, Cause
from portsim.wording import amounts, say

__all__ = ["causes_table", "waiting", "waiting_changed"]

_ROOT = WAITS[1]
_LEAST = 0.01
"""Share of the waiting at a place below which a cause has no row in the table."""


def waiting(facts: Facts) -> list[str]:
    """What the trucks of the baseline wait for, in a sentence; none where they hardly wait."""
    split = _splits(facts).get(facts.base.name)
    return [_told(facts, facts.base, split)] if split is not None and split.told else []


def waiting_changed(facts: Facts) -> list[str]:
    """A sentence for each policy under which that clearly changes."""
    found, told = _splits(facts), []
    base = found.get(facts.base.name)
    if base is None or facts.study.comparison is None:
        return []
    for policy in facts.others:
        after = found.get(policy.name)
        if after is None:
            continue
        changed = changes(facts.study.comparison, policy.name, base, after)
        if changed and base.told:
            told.append(
                say(
                    "Under {policy} it is {hours} h: {changes}.",
                    policy=policy.label,
                    hours=_hours(after),
                    changes=say(", ").join(_changed(facts, policy, one) for one in changed),
                )
            )
        elif changed and after.told:
            told.append(_told(facts, policy, after))
    return told


def _splits(facts: Facts) -> dict[str, Split]:
    return splits(facts.study.summary)


def _told(facts: Facts, policy: Policy, split: Split) -> str:
    parts: list[str] = []
    for part in split.named:
        told = {"hours": amounts.number(part.hours), "cause": _words(facts, policy, part.cause)}
        parts.append(
            say("{hours} h to: {cause}", **told)
            if parts
            else say("{hours} h go back to: {cause}", **told)
        )
    return say(
        "Of {hours} h that a truck waits under {policy}, {causes}.",
        hours=_hours(split),
        policy=policy.label,
        causes=say("; ").join(parts),
    )


def _hours(split: Split) -> str:
    text = amounts.number(split.hours)
    return amounts.at_least(text) if split.at_least else text


def _changed(facts: Facts, policy: Policy, change: Change) -> str:
    whose = policy if change.hours > 0 else facts.base
    told = {
        "hours": amounts.number(abs(change.hours)),
        "cause": _words(facts, whose, change.cause),
    }
    if change.hours > 0:
        return say("{hours} h more for: {cause}", **told)
    return say("{hours} h less for: {cause}", **told)


def _words(facts: Facts, policy: Policy, cause: Cause) -> str:
    text, hours = cause_text(facts.study, cause), hours_text(policy, cause)
    return say("{cause} ({hours})", cause=text, hours=hours) if hours else text


def causes_table(facts: Facts) -> Table:
    """A row for each cause at a place: hours for want of it there, and hours that go back to it."""
    table = facts.study.summary
    chosen = table["truck_class"].eq("all") & table["measure"].str.startswith(WAITS)
    rows: dict[tuple[str, str, Cause], list[float]] = {}
    columns = (table.loc[chosen, name] for name in ("scenario", "place", "measure", "mean"))
    for scenario, place, measure, mean in zip(*columns, strict=True):
        cause = Cause.read(str(measure))
        if cause is not None and mean > 0:
            values = rows.setdefault((str(scenario), str(place), cause), [0.0, 0.0])
            values[str(measure).startswith(_ROOT)] = float(mean)
    waited: defaultdict[tuple[str, str], float] = defaultdict(float)
    for (scenario, place, _), (_, root) in rows.items():
        waited[scenario, place] += root
    labels = {policy.name: policy.label for policy in facts.study.policies}
    name = cache(facts.study.place)
    body = tuple(
        (
            Cell(labels[scenario]),
            Cell(name(place) if place else say("whole port, per truck")),
            Cell(_named(facts, cause)),
            *(Cell(amounts.number(value)) for value in values),
        )
        for (scenario, place, cause), values in rows.items()
        if scenario in labels and max(values) >= _LEAST * waited[scenario, place]
    )
    head = (
        *(say("policy"), say("stage"), say("cause")),
        *(say("missing there, h"), say("at the root, h")),
    )
    caption = say(
        "Mean hours of waiting by what was missing and by what that goes back to; per visit at a"
        " stage; below 1 % of its waiting nothing is named"
    )
    return Table(caption, head, body, words=3)


def _named(facts: Facts, cause: Cause) -> str:
    if cause.kind == "claim":
        return say("claims of {stage}", stage=facts.study.place(cause.name))
    return cause_text(facts.study, cause)
