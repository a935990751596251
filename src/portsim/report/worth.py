"""The room of the report: what a page tells of what one more is worth.

Which of them is worth most, and how surely, was judged before; nothing is worked out here.
"""

from collections.abc import Iterator
from typing import Any

from portsim.report.blocks import Cell, Table, Tile
from portsim.results import Record
from portsim.results.worth import cause_label, one_more
from portsim.wording import amounts, say

__all__ = ["worth_notes", "worth_table", "worth_tiles"]


def worth_tiles(record: Record) -> Iterator[Tile]:
    """What is worth most, of how many things how many surely help, and what trucks wait for now."""
    study, rows = record.manifest.study, record.tables["worth"].to_dict("records")
    sure = [row for row in rows if row["joint_low"] > 0]
    if sure:
        best = sure[0]
        yield Tile(
            amounts.number(best["truck_hours"]),
            say("truck-hours saved a day: {one}", one=one_more(study, best)),
            say("95 %: {interval}", interval=_interval(best)),
        )
    yield Tile(
        say("{sure} of {all}", sure=len(sure), all=len(rows)),
        say("of what there could be one more of surely save trucks time"),
    )
    if study["limits"]:
        yield Tile(cause_label(study, study["limits"]), say("waits go back to most as it is"))


def worth_table(record: Record) -> Table:
    """All that there could be one more of, what is worth most first."""
    study, rows = record.manifest.study, record.tables["worth"].to_dict("records")
    longest = max((row["truck_hours"] for row in rows), default=0.0)
    body = tuple(
        (
            Cell(one_more(study, row)),
            Cell(_verdict(row)),
            Cell(cause_label(study, str(row["next"])) or "–"),
            Cell(
                amounts.number(row["truck_hours"]),
                _interval(row),
                max(row["truck_hours"], 0.0) / longest if longest > 0 else None,
            ),
            Cell(amounts.signed(row["released"])),
        )
        for row in rows
    )
    head = (
        *(say("one more"), say("Verdict"), say("waits then go back to")),
        *(say("truck-hours saved a day"), say("trucks released a day more")),
    )
    return Table(say("What one more of each is worth"), head, body, words=3)


def worth_notes() -> tuple[str, ...]:
    """What must be known beside the figures."""
    return (
        say(
            "Truck-hours a day are the mean number of trucks inside, times 24. Of servers there is"
            " one more in every shift; an hour later is one at the last closing of each day, an"
            " hour earlier one at the first opening."
        ),
        say(
            "Each is tried alone: two things that only help together are each worth little here."
            " What one more costs is not asked."
        ),
    )


def _interval(row: dict[Any, Any]) -> str:
    return amounts.span(*(amounts.number(row[f"joint_{end}"]) for end in ("low", "high")))


def _verdict(row: dict[Any, Any]) -> str:
    if row["joint_low"] > 0:
        return say("saves time")
    return say("costs time") if row["joint_high"] < 0 else say("no clear difference")
