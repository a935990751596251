"""The room of the report: the page of a roster, to pin on the wall.

Its tables come as the study held them; nothing is worked out here.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from portsim.figures import roster_hours
from portsim.figures.style import our_style
from portsim.report.blocks import Cell, Drawing, Section, Table, Tile
from portsim.report.drawings import drawn
from portsim.report.told import Told, told_page, write_told
from portsim.results import Record
from portsim.results.cheapest import figure_parts
from portsim.results.folder import ROSTER_PAGES
from portsim.results.requirements import requirement_text
from portsim.results.roster import money_of, promise_of, roster_sentences
from portsim.results.roster_hours import hours_cells, shown_hours
from portsim.results.roster_tables import DAY_NAMES
from portsim.results.roster_words import breaks_text, day_text, pattern_text
from portsim.wording import amounts, days, say, sentences

__all__ = ["roster_page", "write_roster_pages"]


def roster_page(record: Record, language: str = "en") -> str:
    """The text of the page.

    Args:
        record: of `portsim roster`.
        language: one of `portsim.languages.LANGUAGES`.

    Raises:
        KeyError: the language is not known.
    """
    return told_page(_told, record, language)


def write_roster_pages(record: Record, folder: Path) -> list[Path]:
    """Write the page in every language, each whole or not at all; gives the files."""
    return write_told(_told, record, folder, ROSTER_PAGES)


def _told(record: Record) -> Told:
    made = record.manifest
    first, *others = roster_sentences(made, record.tables["promise"])
    return Told(
        title=say("Roster of {port}", port=made.scenarios[0].name),
        # Whether it is kept, the finding says.
        when=say("The promise: {promise}.", promise=promise_of(made.study)),
        headline=first,
        tiles=list(_tiles(record)),
        tables=_posts(record),
        answer=others,
        notes=[],
        sections=list(_sections(record)),
        files=("roster.csv", "people.csv"),
    )


def _tiles(record: Record) -> Iterator[Tile]:
    made, study = record.manifest, record.manifest.study
    if not study["found"]:
        if study["why"] == "ceiling":
            yield Tile(
                amounts.percent(study["ceiling"], 1),
                say("are out in time with no end of staff, lanes and places"),
            )
        return
    yield Tile(amounts.count(study["persons"]), say("people"))
    yield Tile(money_of(made, study["cost"]), say("a week"))
    for row in record.tables["promise"].to_dict("records"):
        reached, limits = figure_parts(row, "fresh_")
        met = say("proven") if row["met"] == "yes" else say("not proven")
        yield Tile(reached, requirement_text(str(row["requirement"])), sentences(met, limits))
    gap = 0.0 if study["exact"] else study["gap"]
    yield Tile(amounts.percent(gap, 1), say("cheaper another such roster can be at most"))


def _sections(record: Record) -> Iterator[Section]:
    labels = record.manifest.study.get("labels", {})
    if len(record.tables["roster"]):
        yield _weeks(record, labels)
    if "hours" in record.tables:
        yield from _hours(record)


def _posts(record: Record) -> tuple[Table, ...]:
    """How many begin each shift on each weekday, a table for each post."""
    labels, roster = record.manifest.study.get("labels", {}), record.tables["roster"]
    return tuple(
        _post(str(labels.get(str(post), post)), rows, labels)
        for post, rows in roster.groupby("post", sort=False)
    )


def _weeks(record: Record, labels: Mapping[str, Any]) -> Section:
    made = record.manifest
    lines = _lines(record.tables["people"], labels)
    text = say(
        "A line is one person. In the last column stands the line that this person works the week "
        "after."
    )
    cost = say("All of them cost {cost} a week.", cost=money_of(made, made.study["cost"]))
    return Section("people", say("People's weeks"), (text, cost), (lines,))


def _hours(record: Record) -> Iterator[Section]:
    """The hours on the frontier, drawn and as a table."""
    currency = record.manifest.scenarios[0].currency
    rows = [
        tuple(Cell(text) for text in hours_cells(row, record.manifest))
        for row in shown_hours(record.tables["hours"])
    ]
    head = (say("promise"), say("hours"), say("{currency} a week", currency=currency),
            say("people"), say("reached"))  # fmt: skip
    caption = say("Hours and what the cheapest roster under them costs")
    table = Table(caption, head, tuple(rows), words=2)
    pictures: tuple[Drawing, ...] = ()
    with our_style():
        sheet = roster_hours.draw(record)
        if sheet is not None:
            pictures = (Drawing.of(drawn(sheet, roster_hours.PICTURE), table),)
    yield Section("hours", say("Opening hours"), (), () if pictures else (table,), pictures)


def _post(label: str, rows: pd.DataFrame, labels: Mapping[str, Any]) -> Table:
    body = tuple(
        (
            Cell(str(row["shift"]), breaks_text(row)),
            Cell(str(labels.get(row["people"], row["people"]))),
            *(Cell(str(row[day]) if row[day] else "") for day in DAY_NAMES),
            Cell(amounts.number(row["hours"])),
        )
        for row in rows.to_dict("records")
    )
    head = (say("shift"), say("people"), *days(), say("hours"))
    return Table(label, head, body, words=2)


def _lines(people: pd.DataFrame, labels: Mapping[str, Any]) -> Table:
    body = tuple(
        (
            Cell(str(row["line"])),
            Cell(str(labels.get(row["people"], row["people"])), pattern_text(str(row["pattern"]))),
            *(Cell(day_text(str(row[day]), labels)) for day in DAY_NAMES),
            Cell(amounts.number(row["hours"])),
            Cell(str(row["next"])),
        )
        for row in people.to_dict("records")
    )
    head = (say("line"), say("people"), *days(), say("hours"), say("next week"))
    return Table(say("People's weeks"), head, body, words=9)
