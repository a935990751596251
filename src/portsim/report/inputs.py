"""The room of the report: which inputs are measured, derived or assumed, and which
assumption could turn the answer.

Marks and ranges come from the manifest, swings from a ``sensitivity.csv`` in the folder or in one
directly below it; nothing is judged here.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from portsim.figures.study import Policy
from portsim.report.blocks import Cell, Table
from portsim.results.port_remarks import Called
from portsim.scenario.measure_catalogue import label_of
from portsim.wording import amounts, later, say

__all__ = [
    "MARKS",
    "Counts",
    "counts",
    "marked_inputs",
    "source_table",
    "swings",
    "tried_assumptions",
    "turned_tried",
    "turning",
]

MARKS = {
    "A": later("measured or published by an official body"),
    "B": later("republished"),
    "C": later("second-hand or loosely worded"),
    "D": later("derived by arithmetic"),
    "E": later("assumed"),
}
_TABLE = "sensitivity.csv"
_MOST = 15
_TURNS = {
    "unclear": later("no longer clear"),
    "clear": later("becomes clear"),
    "other sign": later("changes sign"),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many marked inputs there are, by mark."""

    by_mark: Mapping[str, int]

    @property
    def marked(self) -> int:
        """All of them."""
        return sum(self.by_mark.values())

    @property
    def assumed(self) -> int:
        """Those with the mark E."""
        return self.by_mark.get("E", 0)


def counts(policy: Policy) -> Counts:
    """Count the marks of a policy's inputs."""
    marks = Counter(str(source["confidence"]) for source in marked_inputs(policy))
    return Counts({mark: marks[mark] for mark in sorted(marks)})


def marked_inputs(policy: Policy) -> list[Mapping[str, Any]]:
    """The inputs of a policy that carry a mark of their source, as the manifest has them."""
    return [s for s in policy.entry.get("sources") or [] if s.get("confidence")]


def source_table(policy: Policy) -> Table:
    """Every marked input with its value, range and source; the assumed ones first."""
    marked = marked_inputs(policy)
    marked.sort(key=lambda s: str(s["confidence"]), reverse=True)
    rows = [
        (
            Cell(str(source.get("path") or "")),
            Cell(str(source["confidence"])),
            Cell(_written(source.get("value"))),
            Cell(_range(source.get("range"))),
            Cell(str(source.get("source") or "")),
        )
        for source in marked
    ]
    head = (say("input"), say("mark"), say("value"), say("range"), say("source"))
    caption = say("Inputs of {policy} with a mark, the assumed ones first", policy=policy.label)
    return Table(caption, head, tuple(rows), words=len(head))


def _written(value: Any) -> str:
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False).replace('"', "")
    return "" if value is None else str(value)


def _range(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return amounts.span(str(value[0]), str(value[1]))
    return _written(value)


def tried_assumptions(folder: Path) -> pd.DataFrame | None:
    """The table of a sensitivity study in the folder or directly below it, if there is one."""
    for file in (*folder.glob(_TABLE), *sorted(folder.glob(f"*/{_TABLE}"))):
        return pd.read_csv(file, encoding="utf-8-sig", keep_default_na=True)
    return None


def swings(table: pd.DataFrame) -> pd.DataFrame:
    """Assumptions varied one at a time, the largest swing first.

    Returns:
        The rows of the table that have a swing; empty if the study was of another method.
    """
    wanted = {"assumption", "confidence", "measure", "base", "at_low", "at_high", "swing"}
    if not wanted <= set(table.columns):
        return table.iloc[0:0]
    table = table[table["swing"].notna()]
    return table.sort_values("swing", ascending=False, kind="stable", key=abs)


def turned_tried(
    table: pd.DataFrame | None, baseline: str, others: Collection[str]
) -> pd.DataFrame | None:
    """Assumptions of which it was tried whether they turn a difference to this baseline.

    Returns:
        Their rows; None if nobody tried: there is no study, it was of another method, of a single
        policy, of other policies, or of trucks that pass and not of those that are late.
    """
    if table is None or not {"turns_low", "turns_high"} <= set(table.columns):
        return None
    asked = pd.Series(True, index=table.index)
    for column, names in (
        ("baseline", [baseline]),
        ("scenario", list(others)),
        ("measure", ["completed_within_limit", "late_per_day"]),
    ):
        if column in table.columns:
            asked &= table[column].astype(str).isin(names)
    return table[asked] if asked.any() else None


def turning(table: pd.DataFrame) -> list[str]:
    """Names of the assumptions that turn the answer within their range, each once."""
    ends = [column for column in ("turns_low", "turns_high") if column in table.columns]
    if not ends:
        return []
    turned = [any(str(turn) not in {"", "nan"} for turn in row) for row in table[ends].to_numpy()]
    return list(dict.fromkeys(table.loc[turned, "assumption"].astype(str)))


def swing_table(table: pd.DataFrame, called: Called) -> Table:
    """The largest swings: what the measure is at either end of an assumption's range.

    Args:
        table: of a sensitivity study.
        called: says how a value of the scenario is called, given its path.
    """
    rows = []
    for row in table.head(_MOST).to_dict("records"):
        turns = {str(row.get(end) or "") for end in ("turns_low", "turns_high")} - {"", "nan"}
        turned = [say(_TURNS[turn]) if turn in _TURNS else turn for turn in sorted(turns)]
        rows.append(
            (
                Cell(called(str(row["assumption"]))),
                Cell(str(row["confidence"])),
                Cell(label_of(str(row["measure"]))),
                *(Cell(amounts.number(float(row[key]))) for key in ("at_low", "base", "at_high")),
                Cell(say(", ").join(turned) or "–"),
            )
        )
    head = (
        *(say("assumption"), say("mark"), say("measure"), say("at the low end")),
        *(say("as assumed"), say("at the high end"), say("does the answer turn?")),
    )
    return Table(say("Assumptions with the largest swing"), head, tuple(rows), words=3)
