"""The room of the report: pages of studies that try many values: sweep, sensitivity, optimise,
warm-up, worth.

    write_study_page(record, folder)   folder/report.html

In the manner of the decision: the finding in a sentence, some figures, the table, the pictures, how
sure. The finding is what the picture of the study says; nothing is found here.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from portsim.errors import InputError
from portsim.figures.measures import measure_head
from portsim.figures.pictures import pictures
from portsim.figures.style import our_style
from portsim.report.blocks import Cell, Drawing, Section, Table, Tile
from portsim.report.drawings import drawn
from portsim.report.inputs import swing_table, swings, turning
from portsim.report.page import rendered
from portsim.report.worth import worth_notes, worth_table, worth_tiles
from portsim.results import Record, atomic_write
from portsim.results.assumptions import sensitivity_sentences
from portsim.results.called import path_called
from portsim.results.cheapest import figure_parts
from portsim.results.manifest import counted
from portsim.results.requirements import requirement_text
from portsim.results.shown import lacking_sentence
from portsim.results.shown import shown as seen
from portsim.results.sweep import COST, STAFFED
from portsim.results.worth import worth_sentences
from portsim.scenario.figure_notes import AT_LEAST, OVERLOADED, noted
from portsim.scenario.measure_catalogue import label_of
from portsim.wording import amounts, decimal, later, say, speaking, tongue

__all__ = ["STUDIES", "study_page", "write_study_page"]

_NAME = "report.html"
_MOST_ROWS = 60
_TOLD = 3
"""Measures of a sweep that have a tile."""
_EMPTY = "–"


def study_page(record: Record, language: str | None = None) -> str:
    """The text of the page of a study that tries many values.

    Args:
        record: of a sweep, a sensitivity study, a search, a study of warm-ups or one of what one
            more is worth.
        language: one of `portsim.languages.LANGUAGES`; the one being spoken if None.

    Raises:
        InputError: the record is of another kind.
        KeyError: the language is not known.
    """
    made = record.manifest
    if made.kind not in STUDIES:
        raise InputError(f"there is no such page of a study of this kind: {made.kind or 'run'}")
    with speaking(language or tongue().language, on_page=True):
        lacking, record = lacking_sentence(made), seen(record)
        made = record.manifest
        title, tiles, table = STUDIES[made.kind]
        findings, drawings = [], []
        for name, draw in pictures(record):
            with our_style():
                sheet = draw()
                if sheet is None:
                    continue
                shown = drawn(sheet, name)
            findings.append(shown.finding)
            drawings.append(Drawing.of(shown, table(record)))
        # Where nothing moves the answer there is nothing to draw.
        said = [] if findings else _said(record)
        names = say(", ").join(entry.name for entry in made.scenarios)
        return rendered(
            title=say("{study}: {policies}", study=say(title), policies=names),
            when=say("simulated periods: {count}", count=counted(made)),
            headline=findings[0] if findings else next(iter(said), ""),
            tiles=list(tiles(record)),
            answer=findings[1:3] if findings else said[1:],
            notes=[*(worth_notes() if made.kind == "worth" else ()), lacking],
            sections=[
                Section("figures", say("Figures"), (), (table(record),)),
                *(
                    [Section("pictures", say("Pictures"), (), (), tuple(drawings))]
                    if drawings
                    else []
                ),
                Section("sure", say("How sure?"), (_sure(record),)),
            ],
            made=say(
                "Made by portsim {version} with the engine {engine}, seed {seed}. The figures are"
                " those of the tables beside this page; inputs {fingerprint}.",
                version=made.versions.get("portsim", ""),
                engine=made.engine,
                seed=made.seed,
                fingerprint=made.fingerprint[:12],
            ),
        )


def write_study_page(
    record: Record, folder: Path, language: str | None = None, out: Path | None = None
) -> Path:
    """Write the page whole or not at all; gives its path, `report.html` in the folder if None."""
    path = out if out is not None else folder / _NAME
    atomic_write(path, study_page(record, language).encode("utf-8"))
    return path


def _said(record: Record) -> list[str]:
    """What came of a study of which nothing is drawn."""
    study = record.manifest.study
    if record.manifest.kind == "worth":
        return worth_sentences(study, record.tables["worth"])
    if record.manifest.kind == "sensitivity":
        return sensitivity_sentences(record.tables["sensitivity"], str(study.get("method")))
    return []


def _sure(record: Record) -> str:
    if record.manifest.replications < 2:
        return say("This is one simulated period only: how sure it is cannot be said.")
    return {
        "sweep": say(
            "Every point met the same trucks; its 95 % interval holds for itself, not for all"
            " points at once."
        ),
        "sensitivity": say(
            "Each assumption is put to both ends of its range, the others as written: what two of"
            " them do together is not tried."
        ),
        "optimise": say(
            "The best points of a search flatter; what is proven was run again on fresh simulated"
            " periods, with limits that hold for all of these points together."
        ),
        "warmup": say(
            "A warm-up is long enough if no headline figure moves by more than a tenth of its"
            " half-width, begun earlier with the same trucks."
        ),
        "worth": say(
            "The same trucks came with and without each; the limits hold for all of them together"
            " (95 %). Of two whose limits overlap, which is worth more is not known."
        ),
    }[record.manifest.kind]


def _port(record: Record) -> pd.DataFrame:
    table = record.tables["sweep"]
    return table[table["truck_class"].eq("all") & table["place"].eq("")]


def _swept_tiles(record: Record) -> Iterator[Tile]:
    table, study = _port(record), record.manifest.study
    points = len(table[["policy", *study["paths"]]].drop_duplicates())
    yield Tile(decimal(points, 0), say("points tried"))
    order = ("completed_within_limit", "stay_p95_h", "throughput_per_day")
    known = list(dict.fromkeys(table["measure"]))
    told = [*(m for m in order if m in known), *(m for m in known if m not in order)]
    for measure in told[:_TOLD]:
        rows = table[table["measure"].eq(measure) & table["mean"].notna()]
        if rows.empty:
            continue
        unit = str(rows["unit"].iloc[0])
        ends = rows["mean"].min(), rows["mean"].max()
        low, high = (amounts.amount(float(end), unit) for end in ends)
        yield Tile(amounts.span(low, high), label_of(measure))


def _swept(record: Record) -> Table:
    table, paths = _port(record), list(record.manifest.study["paths"])
    measures = list(dict.fromkeys(table["measure"]))
    rows = []
    points = table.groupby(["policy", *paths], sort=False, observed=True)
    for key, some in list(points)[:_MOST_ROWS]:
        by_measure = {str(row["measure"]): row for row in some.to_dict("records")}
        over = any(noted(str(row["note"]), OVERLOADED) for row in by_measure.values())
        name = str(key[0])
        cells = [Cell(say("{policy} – overloaded", policy=name) if over else name)]
        cells += [Cell(amounts.given(value)) for value in key[1:]]
        cells += [_figure(by_measure.get(measure)) for measure in measures]
        rows.append(tuple(cells))
    called, currency = path_called(record.manifest), record.manifest.scenarios[0].currency
    heads = (measure_head(measure, currency) for measure in measures)
    head = (say("policy"), *map(called, paths), *heads)
    return Table(say("The whole port, a row a point"), head, tuple(rows), words=1)


def _figure(row: dict[Any, Any] | None) -> Cell:
    if row is None or pd.isna(row["mean"]):
        return Cell(_EMPTY)
    text = amounts.amount(float(row["mean"]), str(row["unit"]))
    if noted(str(row["note"]), AT_LEAST):
        text = amounts.at_least(text)
    low, high = row["ci_low"], row["ci_high"]
    if pd.isna(low) or low == high:
        return Cell(text)
    ends = (amounts.amount(float(end), str(row["unit"])) for end in (low, high))
    return Cell(text, amounts.span(*ends))


def _tried_tiles(record: Record) -> Iterator[Tile]:
    table = record.tables["sensitivity"]
    yield Tile(decimal(table["assumption"].nunique(), 0), say("assumptions tried"))
    if record.manifest.study.get("method") != "one-at-a-time":
        return
    turned, called = turning(table), path_called(record.manifest)
    yield Tile(
        decimal(len(turned), 0),
        say("turn the answer alone"),
        say(", ").join(map(called, turned[:_TOLD])),
    )
    first = swings(table).head(1).to_dict("records")
    for row in first:
        if not row["swing"] > 0:
            continue
        yield Tile(
            amounts.amount(float(row["swing"]), str(row["unit"]), difference=True),
            say("largest swing"),
            called(str(row["assumption"])),
        )


def _tried(record: Record) -> Table:
    table = record.tables["sensitivity"]
    if record.manifest.study.get("method") == "one-at-a-time":
        return swing_table(swings(table), path_called(record.manifest))
    rows = tuple(
        tuple(Cell(amounts.number(v) if isinstance(v, float) else str(v)) for v in row)
        for row in table.head(_MOST_ROWS).astype(object).itertuples(index=False, name=None)
    )
    return Table(say("Assumptions"), tuple(map(str, table.columns)), rows)


def _searched_tiles(record: Record) -> Iterator[Tile]:
    study, proof = record.manifest.study, record.tables["proof"]
    yield Tile(
        decimal(int(study["tried"]), 0),
        say("points tried of {count}", count=decimal(int(study["points"]), 0)),
    )
    yield Tile(decimal(int(study["feasible"]), 0), say("kept every promise in the search"))
    best = proof[proof["winner"].eq("yes")]
    if len(best):
        row = best.iloc[0]
        if pd.notna(row[COST]):
            currency = record.manifest.scenarios[0].currency
            yield Tile(
                amounts.number(float(row[COST])),
                say("cost of staff a day, {currency}", currency=currency),
            )
        else:
            yield Tile(amounts.number(float(row[STAFFED])), say("staffed hours a day"))


def _searched(record: Record) -> Table:
    proof, paths = record.tables["proof"], list(record.manifest.study["paths"])
    rows = []
    for row in proof.to_dict("records"):
        rows.append(
            (
                Cell(str(row["policy"])),
                *(Cell(amounts.given(row[path])) for path in paths),
                Cell(amounts.number(float(row[STAFFED])) if pd.notna(row[STAFFED]) else _EMPTY),
                Cell(requirement_text(str(row["requirement"]))),
                Cell(*figure_parts(row, "fresh_")),
                Cell(say("yes") if row["proven"] == "yes" else say("no")),
            )
        )
    called = path_called(record.manifest)
    head = (say("policy"), *map(called, paths), say("staffed hours a day"), say("promise"),
            say("on fresh periods"), say("proven"))  # fmt: skip
    return Table(say("The best few, proven"), head, tuple(rows), words=1)


def _begun_tiles(record: Record) -> Iterator[Tile]:
    study = record.manifest.study
    weeks = study.get("recommended_weeks")
    yield Tile(_EMPTY if weeks is None else decimal(int(weeks), 0), say("weeks are long enough"))
    own = study.get("own_weeks")
    if own is not None:
        passes = say("long enough") if study.get("own_passes") else say("too short")
        yield Tile(amounts.plain(float(own)), say("weeks are written"), passes)


def _begun(record: Record) -> Table:
    rows = []
    for row in record.tables["movements"].head(_MOST_ROWS).to_dict("records"):
        name = label_of(str(row["measure"]))
        place = "" if pd.isna(row["place"]) else str(row["place"])
        moved = row["moved_half_widths"]
        passes = {"yes": say("yes"), "no": say("no")}.get(str(row["passes"]), _EMPTY)
        rows.append(
            (
                Cell(amounts.given(row["warm_up_weeks"])),
                Cell(f"{name} ({place})" if place else name),
                Cell(_EMPTY if pd.isna(moved) else amounts.number(float(moved))),
                Cell(passes),
            )
        )
    head = (say("weeks"), say("measure"), say("moved, in half-widths"), say("long enough"))
    caption = say("How far figures move from a start four weeks earlier")
    return Table(caption, head, tuple(rows), words=2)


Maker = tuple[str, Callable[[Record], Iterator[Tile]], Callable[[Record], Table]]
STUDIES: Mapping[str, Maker] = {
    "sweep": (later("A sweep"), _swept_tiles, _swept),
    "sensitivity": (later("What assumptions can change"), _tried_tiles, _tried),
    "optimise": (later("A search for the cheapest"), _searched_tiles, _searched),
    "warmup": (later("How long a warm-up is needed"), _begun_tiles, _begun),
    "worth": (later("What one more is worth"), worth_tiles, worth_table),
}
"""Of each kind of study its name, what makes its tiles, and what makes its table."""
