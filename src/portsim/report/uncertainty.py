"""The room of the report: what chance and what inputs that nobody knows do to the figures, apart.

They stand in uncertainty.csv as the study held them; nothing is judged here.
"""

import math
from collections.abc import Mapping
from typing import Any

from portsim.figures.measures import measure_head
from portsim.report.blocks import Cell, Section, Table
from portsim.report.facts import NONE, Facts, percent
from portsim.results.uncertainty import half, port_rows, uncertainty_sentences
from portsim.scenario.measure_catalogue import headings, label_of, measure_of
from portsim.wording import amounts, say

__all__ = ["KEY", "title", "uncertainty"]

KEY = "uncertainty"
"""Anchor of the section."""

_Rows = Mapping[tuple[str, str, str], Mapping[Any, Any]]


def title() -> str:
    """The heading of the section."""
    return say("What is not known")


def uncertainty(facts: Facts) -> Section:
    """The section; without anything if no inputs were drawn."""
    table = facts.study.uncertainty
    if table is None:
        return Section(KEY, title())
    rows = port_rows(table)
    texts = tuple(uncertainty_sentences(facts.study.manifest, table, facts.study.policy))
    tables = [_table(facts, rows, compared=False)]
    if facts.others:
        tables.append(_table(facts, rows, compared=True))
    parts = _parts(facts, rows)
    return Section(KEY, title(), texts, tuple(tables), (), (parts,) if parts.rows else ())


def _table(facts: Facts, rows: _Rows, *, compared: bool) -> Table:
    measures = [name for name in headings() if any(key[2] == name for key in rows)]
    currency = str(facts.base.entry.get("currency") or "")
    base = facts.base.name if compared else ""
    body = [
        (
            Cell(policy.label),
            *(_cell(rows.get((policy.name, base, name)), name) for name in measures),
        )
        for policy in (facts.others if compared else facts.study.policies)
    ]
    caption = (
        say(
            "Differences to {base} with chance and ignorance; below, each by itself",
            base=facts.base.label,
        )
        if compared
        else say("95 % intervals with chance and ignorance; below, each by itself")
    )
    heads = (measure_head(name, currency, difference=compared) for name in measures)
    return Table(caption, (say("policy"), *heads), tuple(body))


def _cell(row: Mapping[Any, Any] | None, measure: str) -> Cell:
    if row is None or not (math.isfinite(row["low"]) and math.isfinite(row["high"])):
        return Cell(NONE)
    share, compared = measure_of(measure).share, bool(row["baseline"])
    factor = 100.0 if share and compared else 1.0
    write = amounts.signed if compared else percent if share else amounts.number
    if row["low"] == row["high"]:
        return Cell(write(factor * row["low"]))
    scale = 100.0 if share else 1.0
    return Cell(
        amounts.span(write(factor * row["low"]), write(factor * row["high"])),
        say(
            "± {chance} chance, ± {ignorance} ignorance",
            chance=amounts.number(scale * half(row, "chance_")),
            ignorance=amounts.number(scale * half(row, "ignorance_")),
        ),
    )


def _parts(facts: Facts, rows: _Rows) -> Table:
    """Which input most of the ignorance comes from, wherever one is."""
    body = []
    for (name, baseline, measure), row in rows.items():
        if row["most_of_it"] and measure in headings():
            body.append(
                (
                    Cell(_who(facts, name, baseline)),
                    Cell(label_of(measure)),
                    Cell(str(row["most_of_it"])),
                    Cell(amounts.percent(row["share"], 0)),
                )
            )
    head = (say("policy"), say("measure"), say("input"), say("share of its variance"))
    return Table(say("Where most of the ignorance comes from"), head, tuple(body), words=3)


def _who(facts: Facts, name: str, baseline: str) -> str:
    policy = facts.study.policy(name)
    if not baseline:
        return policy
    return say("{policy} against {base}", policy=policy, base=facts.study.policy(baseline))
