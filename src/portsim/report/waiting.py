"""The room of the report: what trucks wait for in the end, in sentences and as a table."""

from collections import defaultdict
from functools import cache

from portsim.figures.causes import cause_text
from portsim.report.blocks import Cell, Table
from portsim.report.facts import Facts
from portsim.results.waiting import waiting_for
from portsim.scenario.measure_catalogue import WAITS, Cause
from portsim.wording import amounts, say

__all__ = ["causes_table", "waiting"]

_ROOT = WAITS[1]
_LEAST = 0.01
"""Share of the waiting at a place below which a cause has no row in the table."""


def waiting(facts: Facts, *, changed: bool = False) -> list[str]:
    """What trucks wait for under the baseline; where `changed`, what policies clearly change, too.

    Nothing where they hardly wait.
    """
    study = facts.study
    compared = study.comparison if changed else None
    return waiting_for(study.summary, study.manifest, compared, study.policy)


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
