"""The room of the report: the page of a scenario held against a gate log, opening with the verdict.

Its tables and facts come as the study held them; nothing is judged here.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from portsim.figures.check import PICTURES
from portsim.figures.style import our_style
from portsim.report.blocks import Cell, Drawing, Section, Table, Tile
from portsim.report.drawings import drawn
from portsim.report.facts import NONE
from portsim.report.told import Told, told_page, write_told
from portsim.results import Record
from portsim.results.check import remark_sentences, verdict_sentence
from portsim.results.check_faults import fault_sentence
from portsim.results.check_labels import measure_label, stage_label
from portsim.results.folder import CHECK_PAGES
from portsim.wording import amounts, later, say

__all__ = ["check_page", "write_check_pages"]

Facts = Mapping[str, Any]
_INSIDE = {"yes": later("inside"), "no": later("outside")}


def check_page(record: Record, language: str = "en") -> str:
    """The text of the page.

    Args:
        record: of `portsim check`.
        language: one of `portsim.languages.LANGUAGES`.

    Raises:
        KeyError: the language is not known.
    """
    return told_page(_told, record, language)


def write_check_pages(record: Record, folder: Path) -> list[Path]:
    """Write the page in every language, each whole or not at all; gives the files."""
    return write_told(_told, record, folder, CHECK_PAGES)


def _told(record: Record) -> Told:
    made, facts, table = record.manifest, record.manifest.study, record.tables["check"]
    told = table["truck_class"].eq("all") & table["arrivals"].eq("log")
    port = table[told & table["place"].eq("")]
    return Told(
        title=say("{scenario} held against its gate log", scenario=made.scenarios[0].name),
        when=say(
            "Trucks in the log: {count}. Clock of {zone}.",
            count=amounts.count(facts["trucks"]),
            zone=facts["timezone"],
        ),
        headline=verdict_sentence(facts, alone=True),
        tiles=list(_tiles(table[told], facts)),
        tables=[_table(port, facts, say("The whole port, with the trucks of the log"))],
        answer=[fault_sentence(fault, facts) for fault in facts["faults"]],
        notes=remark_sentences(facts),
        sections=list(_sections(record)),
        files=("check.csv", "distances.csv"),
    )


_TILES = ("throughput_per_day", "stay_p95_h")


def _tiles(rows: pd.DataFrame, facts: Facts) -> Iterator[Tile]:
    yield Tile(
        amounts.count(len(facts["faults"])),
        say("differences beyond chance"),
        say("looks taken: {count}", count=amounts.count(facts["looks"])),
    )
    judged = rows[rows["inside"].ne("")]
    yield Tile(
        say(
            "{count} of {all}",
            count=amounts.count(int(judged["inside"].eq("yes").sum())),
            all=amounts.count(len(judged)),
        ),
        say("figures of the log within the limits"),
    )
    for row in rows[rows["place"].eq("")].to_dict("records"):
        if row["measure"] in _TILES and math.isfinite(row["log"]):
            yield Tile(
                _quantity(row["log"], row["unit"]),
                say("{measure}, in the log", measure=measure_label(str(row["measure"]))),
                say("simulated: {figure}", figure=_quantity(row["simulated"], row["unit"])),
            )


def _sections(record: Record) -> Iterator[Section]:
    table, facts = record.tables["check"], record.manifest.study
    everyone = table[table["truck_class"].eq("all")]
    drawn = tuple(_drawings(record))
    yield Section("pictures", say("The log over the simulated periods"), (), (), drawn)
    # The whole port stands in the table that comes first.
    with_log = everyone[everyone["arrivals"].eq("log") & everyone["place"].ne("")]
    with_own = everyone[everyone["arrivals"].eq("own")]
    classes = table[table["truck_class"].ne("all") & table["arrivals"].eq("log")]
    folded = tuple(
        _table(rows, facts, str(facts["class_labels"].get(name, name)))
        for name, rows in classes.groupby("truck_class", sort=False)
    )
    yield Section(
        "beside",
        say("Log and simulation side by side"),
        (
            say(
                "Between the limits lie 95 % of single simulated periods: of twenty figures of a"
                " right scenario one lies outside. What is named above is far less likely."
            ),
        ),
        (
            _table(with_log, facts, say("By stage, with the trucks of the log")),
            _table(with_own, facts, say("With the trucks of the scenario")),
        ),
        (),
        folded,
    )
    yield Section(
        "distances",
        say("Distances, and what two periods differ by chance"),
        (
            say(
                "The floor is the median distance between two simulated periods. A log that the"
                " scenario could have left lies about as far from them: near 1."
            ),
        ),
        (_distances(record.tables["distances"], facts),),
    )


def _drawings(record: Record) -> Iterator[Drawing]:
    facts = record.manifest.study
    table = record.tables["curves"]
    for name, draw in PICTURES.items():
        with our_style():
            sheet = draw(record)
            if sheet is None:
                continue
            drawing = drawn(sheet, name)
        curve = _CURVES[name]
        rows = table[table["curve"].eq(curve[0]) & table["arrivals"].eq(curve[1])]
        yield Drawing.of(drawing, _points(rows, facts, name))


_CURVES = {
    "check_queue": ("queue_week", "log"),
    "check_stay": ("stay", "log"),
    "check_throughput": ("throughput", "log"),
    "check_arrivals": ("arrivals_week", "own"),
}
_AXES = {
    "check_queue": later("hour of the week"),
    "check_stay": later("share of trucks out"),
    "check_throughput": later("day"),
    "check_arrivals": later("hour of the week"),
}
_THINNED = 200


def _points(rows: pd.DataFrame, facts: Facts, name: str) -> Table:
    step = max(1, len(rows) // _THINNED)
    body = tuple(
        (
            Cell(" ".join(filter(None, (str(row["place"]), amounts.plain(row["x"]))))),
            *(Cell(amounts.number(row[key])) for key in ("log", "mean", "low", "high")),
        )
        for row in rows.iloc[::step].to_dict("records")
    )
    head = (say(_AXES[name]), say("log"), say("simulated, mean"), say("low"), say("high"))
    return Table(say("The log and the limits of 95 % of the simulated periods"), head, body)


def _table(rows: pd.DataFrame, facts: Facts, caption: str) -> Table:
    ordered = rows.sort_values("place", key=lambda places: places.ne(""), kind="stable")
    body = tuple(
        (
            Cell(_named(str(row["place"]), str(row["measure"]), facts)),
            Cell(_quantity(row["log"], row["unit"])),
            Cell(_quantity(row["simulated"], row["unit"])),
            Cell(_between(row)),
            Cell(say(_INSIDE[row["inside"]]) if row["inside"] else NONE),
        )
        for row in ordered.to_dict("records")
    )
    head = (say("measure"), say("log"), say("simulated"), say("one simulated period"), say("lies"))
    return Table(caption, head, body)


def _named(place: str, measure: str, facts: Facts) -> str:
    label = measure_label(measure)
    if not place:
        return label
    return say("{stage}: {measure}", stage=stage_label(facts, place), measure=label)


def _quantity(value: float, unit: str) -> str:
    return amounts.quantity(value, unit) if math.isfinite(value) else NONE


def _between(row: Mapping[Any, Any]) -> str:
    low, high, unit = float(row["low"]), float(row["high"]), str(row["unit"])
    if not math.isfinite(low):
        return NONE
    return amounts.span(amounts.quantity(low, unit), amounts.quantity(high, unit))


def _distances(table: pd.DataFrame, facts: Facts) -> Table:
    body = []
    for (measure, place), rows in table.groupby(["measure", "place"], sort=False):
        by = {row["arrivals"]: row for row in rows.to_dict("records")}
        cells = [
            Cell(amounts.number(by[kind]["multiple"]))
            if math.isfinite(by[kind]["multiple"])
            else Cell(NONE)
            for kind in ("log", "own")
        ]
        body.append((Cell(_named(str(place), str(measure), facts)), *cells))
    head = (
        say("distance"),
        say("with the trucks of the log, × floor"),
        say("with those of the scenario, × floor"),
    )
    return Table(say("Distance of the log in multiples of the floor"), head, tuple(body))
