"""The room of the report: published figures beside the simulated ones, gap and all.

They stand in observed.csv as the study held them; nothing is judged here.
"""

import math

import pandas as pd

from portsim.report.blocks import Cell, Section, Table
from portsim.report.facts import NONE, Facts
from portsim.wording import amounts, later, say

__all__ = ["published"]

_ROLES = {"input": later("given to the model"), "prediction": later("not given to it")}
_INSIDE = {"yes": later("inside"), "no": later("outside")}


def published(facts: Facts) -> Section:
    """The section; without anything if no scenario names published figures."""
    title = say("Published figures")
    observed = facts.study.observed
    if observed is None or observed.empty:
        return Section("published", title)
    labels = {policy.name: policy.label for policy in facts.study.policies}
    text = say(
        "A published figure is of one real period, so it belongs beside one simulated period: "
        "within its limits lie 95 % of the periods that the model gives. The interval of the mean,"
        " below each mean, tells how well the simulation knows its own mean. A gap is reported and"
        " not closed; where a figure was given to the model, agreement proves nothing."
    )
    tables = []
    for scenario, rows in observed.groupby("scenario", sort=False):
        head = (
            *(say("figure"), say("source"), say("published"), say("simulated, mean")),
            *(say("one simulated period"), say("gap"), say("lies")),
        )
        caption = say("Published about {policy}", policy=labels.get(str(scenario), str(scenario)))
        body = tuple(_row(row) for _, row in rows.iterrows())
        tables.append(Table(caption, head, body, words=2))
    return Section("published", title, (text,), tuple(tables))


def _row(row: pd.Series) -> tuple[Cell, ...]:
    factor, unit = (100.0, "%") if row["unit"] == "share" else (1.0, str(row["unit"]))
    mean, low, high, first, last, value, gap = (
        factor * float(row[name])
        for name in ("mean", "ci_low", "ci_high", "period_low", "period_high", "published", "gap")
    )
    label = str(row["label"])
    if unit not in {"1", "1/d"}:
        label = say("{name}, {unit}", name=label, unit=unit)
    role = str(row["role"])
    source = str(row["source"]) or NONE
    given = say(_ROLES[role]) if role in _ROLES else role
    inside = str(row["inside"])
    return (
        Cell(label),
        Cell(say("{source} ({role})", source=source, role=given)),
        Cell(amounts.number(value)),
        Cell(amounts.number(mean) if math.isfinite(mean) else NONE, _between(low, high)),
        Cell(_between(first, last) or say("no interval")),
        Cell(amounts.signed(gap) if math.isfinite(gap) else NONE),
        Cell(say(_INSIDE[inside]) if inside in _INSIDE else NONE),
    )


def _between(low: float, high: float) -> str:
    return amounts.span(amounts.number(low), amounts.number(high)) if low < high else ""
