"""The room of the report: the page of a forecast, opening with what a shift manager asks.

Its tables and facts come as the study held them; nothing is worked out here.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from portsim.figures import calibration
from portsim.figures.forecast import draw, shown_stages
from portsim.figures.style import our_style
from portsim.report.blocks import Cell, Drawing, Section, Table
from portsim.report.drawings import drawn
from portsim.report.facts import NONE
from portsim.report.forecast_opening import forecast_tiles, side_by_side
from portsim.report.told import Told, told_page, write_told
from portsim.results import Record
from portsim.results.folder import FORECAST_PAGES
from portsim.results.forecast import (
    label_of,
    moment,
    opening_sentences,
    remark_sentences,
    saving_sentence,
)
from portsim.results.scores import record_sentences
from portsim.wording import amounts, later, say

__all__ = ["forecast_page", "write_forecast_pages"]

Facts = Mapping[str, Any]
_HOUR = 4
"""Quarters of an hour between two rows of a table."""
_STATUS = {
    "waiting": later("waiting"),
    "working": later("at work"),
    "announced": later("announced"),
}


def forecast_page(record: Record, language: str = "en") -> str:
    """The text of the page.

    Args:
        record: of `portsim forecast`.
        language: one of `portsim.languages.LANGUAGES`.

    Raises:
        KeyError: the language is not known.
    """
    return told_page(_told, record, language)


def write_forecast_pages(record: Record, folder: Path) -> list[Path]:
    """Write the page in every language, each whole or not at all; gives the files."""
    return write_told(_told, record, folder, FORECAST_PAGES)


def _told(record: Record) -> Told:
    made, study = record.manifest, record.manifest.study
    first, *others = opening_sentences(study, study["policies"][0])
    return Told(
        title=say("{port} from {time} on", port=made.scenarios[0].name, time=moment(study["at"])),
        when=say(
            "The coming {hours} h. Clock of {zone}.",
            hours=amounts.plain(study["hours"]),
            zone=study["timezone"],
        ),
        headline=first,
        tiles=list(forecast_tiles(study)),
        tables=[side_by_side(study)],
        answer=[*others, *(saving_sentence(study, saved) for saved in study["saved"])],
        notes=[
            *remark_sentences(study),
            *record_sentences(study, record.tables.get("scores")),
        ],
        sections=list(_sections(record)),
        files=("forecast.csv", "trucks.csv"),
    )


def _sections(record: Record) -> Iterator[Section]:
    study, trucks = record.manifest.study, record.tables["trucks"]
    names = [facts["name"] for facts in study["policies"]]
    with our_style():
        sheet = draw(record)
        picture = drawn(sheet, "forecast")
    table = _by_hour(record, names[0])
    drawing = Drawing.of(picture, table)
    yield Section("queues", say("The coming hours"), (), (), (drawing,))
    if len(names) > 1:
        yield Section(
            "policies",
            say("What each policy saves, and whom"),
            (say("The same trucks with the same luck; hours of a truck that is inside now."),),
            (_saved(record),),
        )
    inside = trucks[trucks["status"].isin(list(_STATUS))]
    yield Section(
        "inside",
        say("The trucks inside now"),
        (say("Out: the median, and what holds 80 % of the futures."),),
        tuple(_inside(inside[inside["policy"].eq(name)], study, name) for name in names[:1]),
        (),
        tuple(_inside(inside[inside["policy"].eq(name)], study, name) for name in names[1:]),
    )
    arriving = trucks[trucks["status"].eq("arriving")]
    yield Section(
        "arriving",
        say("A truck that would come"),
        (say("When one that arrives in an hour is out."),),
        (),
        (),
        tuple(_arriving(arriving[arriving["policy"].eq(name)], study, name) for name in names),
    )
    if "scores" in record.tables:
        yield _scored(record)


def _scored(record: Record) -> Section:
    """How often earlier forecasts of this port were right."""
    with our_style():
        sheet = calibration.draw(record)
        shown = drawn(sheet, "calibration")
    scores = record.tables["scores"]
    port = scores[scores["stage"].eq("")]
    best = port[["crps_weekly_profile", "crps_last_value", "crps_fluid"]].min(axis=1)
    body = tuple(
        (
            Cell(amounts.plain(row["horizon_h"])),
            *(Cell(amounts.percent(row[f"coverage_{band}"])) for band in (50, 80, 95)),
            Cell(amounts.number(row["crps"])),
            Cell(amounts.number(without)),
        )
        for row, without in zip(port.to_dict("records"), best, strict=True)
    )
    head = (
        say("hours ahead"),
        *(say("in {share}", share=amounts.percent(band)) for band in (0.5, 0.8, 0.95)),
        say("off by, trucks"),
        say("without a model"),
    )
    table = Table(say("Inside the port: what was seen in each band, how far off"), head, body)
    drawing = Drawing.of(shown, table)
    return Section("record", say("How often such forecasts were right"), (), (), (drawing,))


def _by_hour(record: Record, policy: str) -> Table:
    study, table = record.manifest.study, record.tables["forecast"]
    rows = table[table["policy"].eq(policy)].set_index(["stage", "time"])
    times = rows.loc[""].index.tolist()[::_HOUR]
    stages = shown_stages(record)
    head = (
        say("time"),
        say("inside"),
        say("waiting"),
        *(label_of(study, stage) for stage in stages),
    )
    body = tuple(
        (
            Cell(moment(time)),
            _band(rows.loc[("", time)], "inside"),
            *(_band(rows.loc[(stage, time)], "waiting") for stage in ("", *stages)),
        )
        for time in times
    )
    return Table(say("Trucks, median and what holds 80 % of the futures"), head, body)


def _band(row: Any, quantity: str) -> Cell:
    low, middle, high = (amounts.count(row[f"{quantity}_{q}"]) for q in ("q10", "q50", "q90"))
    return Cell(middle, "" if low == high else amounts.span(low, high))


def _class_label(study: Facts, name: str) -> str:
    return say("all") if name == "all" else str(study["class_labels"].get(name, name))


def _saved(record: Record) -> Table:
    study = record.manifest.study
    body = tuple(
        (
            Cell(str(row["policy"])),
            Cell(_class_label(study, row["class"])),
            Cell(amounts.count(row["trucks"])),
            Cell(
                amounts.number(row["saved_mean_h"]),
                amounts.span(
                    amounts.number(row["saved_q10_h"]), amounts.number(row["saved_q90_h"])
                ),
            ),
            Cell(amounts.percent(row["earlier"])),
            Cell(amounts.percent(row["later"])),
        )
        for row in record.tables["saved"].to_dict("records")
    )
    head = (
        say("policy"),
        say("class"),
        say("trucks"),
        say("hours saved"),
        say("out earlier"),
        say("out later"),
    )
    return Table(say("Hours saved of each truck now inside"), head, body, words=2)


def _inside(rows: pd.DataFrame, study: Facts, policy: str) -> Table:
    body = tuple(
        (
            Cell(str(row["truck"]) or NONE),
            Cell(_class_label(study, row["class"])),
            Cell(label_of(study, row["stage"]) if row["stage"] else say(_STATUS[row["status"]])),
            Cell(moment(row["since"])),
            *_outs(row),
        )
        for row in rows.to_dict("records")
    )
    head = (say("truck"), say("class"), say("stage"), say("since"), *_heads(study))
    return Table(say("Trucks inside: {policy}", policy=policy), head, body, words=3)


def _arriving(rows: pd.DataFrame, study: Facts, policy: str) -> Table:
    body = tuple(
        (
            Cell(moment(row["since"])),
            Cell(_class_label(study, row["class"])),
            *_outs(row),
        )
        for row in rows.to_dict("records")
    )
    head = (say("hour of arrival"), say("class"), *_heads(study))
    return Table(say("One that would come: {policy}", policy=policy), head, body, words=2)


def _heads(study: Facts) -> tuple[str, ...]:
    limit = amounts.plain(study["limit_h"])
    return say("out"), say("out within {hours} h", hours=limit), say("out before closing")


def _outs(row: Mapping[Any, Any]) -> tuple[Cell, ...]:
    middle, low, high = (
        moment(row[f"out_{q}"]) if row[f"out_{q}"] else say("later") for q in ("q50", "q10", "q90")
    )
    shares = (row["within_limit"], row["before_closing"])
    return (
        Cell(middle, "" if low == high else amounts.span(low, high)),
        *(Cell(amounts.percent(share) if math.isfinite(share) else NONE) for share in shares),
    )
